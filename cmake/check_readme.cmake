# The first ```cpp block of README.md is examples/01_hello.cpp (its leading comment aside), and the fenced block after
# it is what PROGRAM, built from that file, prints.
cmake_minimum_required(VERSION 3.25)
get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)

# Cuts the next fenced block that opens with ```<language> out of `rest`.
macro(next_block out language)
    string(FIND "${rest}" "\n```${language}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "README.md has no block ```${language} where one is expected")
    endif()
    math(EXPR at "${at} + 4")
    string(SUBSTRING "${rest}" ${at} -1 rest)
    string(FIND "${rest}" "\n" at)
    math(EXPR at "${at} + 1")
    string(SUBSTRING "${rest}" ${at} -1 rest)
    string(FIND "\n${rest}" "\n```" at)
    string(SUBSTRING "${rest}" 0 ${at} ${out})
    string(SUBSTRING "${rest}" ${at} -1 rest)
    string(FIND "${rest}" "\n" at)
    string(SUBSTRING "${rest}" ${at} -1 rest)
endmacro()

file(READ "${root}/README.md" rest)
set(rest "\n${rest}")
next_block(shown "cpp")
next_block(shown_output "")

file(READ "${root}/examples/01_hello.cpp" program)
string(REGEX REPLACE "^(//[^\n]*\n|\n)+" "" program "${program}")
string(REGEX REPLACE "^(//[^\n]*\n|\n)+" "" shown "${shown}")
if(NOT shown STREQUAL program)
    message(FATAL_ERROR "README.md shows\n${shown}but examples/01_hello.cpp is\n${program}")
endif()

execute_process(COMMAND "${PROGRAM}" OUTPUT_VARIABLE output RESULT_VARIABLE exit)
if(NOT exit STREQUAL "0" OR NOT output STREQUAL shown_output)
    message(FATAL_ERROR "README.md promises\n${shown_output}but examples/01_hello.cpp prints (exit ${exit})\n${output}")
endif()
