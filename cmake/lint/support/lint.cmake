# What every lint shares: read a file, find a pattern in it, say where, finish.
# A lint is `cmake -P cmake/lint/<name>.cmake`: quiet when good, else `file:line: sentence` and a failing exit.
get_filename_component(ROOT "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

# Files below the repository root that match the patterns, as relative paths.
function(lint_files out)
    list(TRANSFORM ARGN PREPEND "${ROOT}/")
    file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE "${ROOT}" ${ARGN})
    set(${out} "${files}" PARENT_SCOPE)
endfunction()

# The text of a file. It starts with a newline, so that "\n" in a pattern is the start of any line.
function(lint_text out file)
    file(READ "${ROOT}/${file}" text)
    set(${out} "\n${text}" PARENT_SCOPE)
endfunction()

# The same without comments and without what stands in quotes; lines stay where they were.
function(lint_code out file)
    lint_text(text "${file}")
    string(REGEX REPLACE [["([^"\\
]|\\.)*"|'(\\.|[^'\\
])'|//[^
]*]] [[""]] text "${text}")
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

# What a file includes, each with its opening mark: `<vector`, `"support/law.hpp`.
function(lint_includes out file)
    file(STRINGS "${ROOT}/${file}" lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
    list(TRANSFORM lines REPLACE "^[ \t]*#[ \t]*include[ \t]*([<\"][^>\"]*).*" "\\1")
    set(${out} "${lines}" PARENT_SCOPE)
endfunction()

# The tool at the version the layout and the checks are written for; without it only CI must stop.
function(lint_tool out name)
    find_program(${out} NAMES ${name}-14 ${name} NO_CACHE)
    if(${out})
        execute_process(COMMAND ${${out}} --version OUTPUT_VARIABLE version)
    endif()
    if(NOT version MATCHES "version 14[.]")
        if(DEFINED ENV{CI})
            message(FATAL_ERROR "${name} 14 is not installed")
        endif()
        message(NOTICE "skipped: ${name} 14 is not installed")
        set(${out} "")
    endif()
    set(${out} "${${out}}" PARENT_SCOPE)
endfunction()

function(lint_say file line sentence)
    set_property(GLOBAL APPEND_STRING PROPERTY lint_findings "${file}:${line}: ${sentence}\n")
endfunction()

function(lint_newlines out text)
    string(REGEX MATCHALL "\n" newlines "${text}")
    list(LENGTH newlines count)
    set(${out} ${count} PARENT_SCOPE)
endfunction()

# One finding per place where the pattern occurs: at its first group, which the sentence may name as @1.
function(lint_find file text pattern sentence)
    set(line 0)
    while(text MATCHES "${pattern}")
        set(found "${CMAKE_MATCH_0}")
        set(group "${CMAKE_MATCH_1}")
        string(FIND "${text}" "${found}" at)
        string(FIND "${found}" "${group}" lead)
        math(EXPR at "${at} + ${lead}")
        string(SUBSTRING "${text}" 0 ${at} before)
        string(SUBSTRING "${text}" ${at} -1 text)
        lint_newlines(count "${before}")
        math(EXPR line "${line} + ${count}")
        string(REPLACE "@1" "${group}" said "${sentence}")
        lint_say("${file}" ${line} "${said}")
        string(LENGTH "${group}" length)
        string(SUBSTRING "${text}" ${length} -1 text)
    endwhile()
endfunction()

function(lint_done name)
    get_property(findings GLOBAL PROPERTY lint_findings)
    if(findings)
        lint_newlines(count "${findings}")
        message(NOTICE "${findings}")
        message(FATAL_ERROR "${name}: ${count} finding(s)")
    endif()
endfunction()
