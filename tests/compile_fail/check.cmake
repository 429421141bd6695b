# One case: cmake -DCASE=<file> -DCOMPILER=<c++> -DINCLUDE=<folder> -P check.cmake
#
# A case is a program that must not compile. Its first line is `// expect: <pattern>`, which the first error must match;
# an optional second line is `// flags: <flags>`. With RUNNEL_CONTROL defined (the flags left out) the same file must
# compile, so that it fails for its own reason only.
cmake_minimum_required(VERSION 3.25)

function(refuse why text)
    message(NOTICE "${CASE}:1: ${why}\n${text}")
    message(FATAL_ERROR "compile_fail")
endfunction()

file(STRINGS "${CASE}" lines LIMIT_COUNT 2)
list(GET lines 0 first)
if(NOT first MATCHES "^// expect: (.+)$")
    refuse("the first line is `// expect: <pattern>`" "")
endif()
set(expect "${CMAKE_MATCH_1}")
set(flags)
if(lines MATCHES ";// flags: ([^;]+)")
    separate_arguments(flags UNIX_COMMAND "${CMAKE_MATCH_1}")
endif()

set(compile ${CMAKE_COMMAND} -E env LC_ALL=C ${COMPILER} -std=c++20 -fsyntax-only -Wall -Wextra -Werror -I${INCLUDE})
execute_process(COMMAND ${compile} ${flags} ${CASE} OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE code)
if(code EQUAL 0)
    refuse("compiles, but must not" "")
endif()
string(REGEX MATCH "[^\n]*error: [^\n]*" error "${said}")
if(NOT error MATCHES "${expect}")
    refuse("the first error is not the one expected: ${expect}" "${said}")
endif()
string(REGEX MATCHALL "\n" lines "${said}")
list(LENGTH lines count)
if(count GREATER 30)
    refuse("the sentence is buried in ${count} lines of errors" "${said}")
endif()

execute_process(COMMAND ${compile} -DRUNNEL_CONTROL ${CASE} OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE code)
if(NOT code EQUAL 0)
    refuse("the control does not compile" "${said}")
endif()
