# Names and a few cheap checks of .clang-tidy, over everything the umbrella reaches and over interop. Takes a while.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/support/lint.cmake")

lint_tool(clang_tidy clang-tidy)
if(NOT clang_tidy)
    return()
endif()
# All in one: each door by itself would read the umbrella and Eigen again, in twice the time.
lint_files(interop "include/runnel/interop/*.hpp")
list(TRANSFORM interop PREPEND "-include;" OUTPUT_VARIABLE included)
find_path(eigen Eigen/Core PATHS /usr/include /usr/local/include /opt/homebrew/include PATH_SUFFIXES eigen3 NO_CACHE)
execute_process(
    COMMAND ${clang_tidy} --quiet include/runnel/runnel.hpp -- -x c++ -std=c++20 -Iinclude -isystem "${eigen}"
        ${included} -Wno-pragma-once-outside-header
    WORKING_DIRECTORY "${ROOT}" OUTPUT_VARIABLE said ERROR_VARIABLE noise RESULT_VARIABLE code)
string(REPLACE ";" "," said "${said}")
string(REGEX MATCHALL "[^\n:]+:[0-9]+:[0-9]+: (error|warning): [^\n]*" places "${said}")
list(REMOVE_DUPLICATES places)
foreach(place IN LISTS places)
    string(REGEX MATCH "^(.*):([0-9]+):[0-9]+: [a-z]+: (.*)$" place "${place}")
    set(file "${CMAKE_MATCH_1}")
    set(line ${CMAKE_MATCH_2})
    set(finding "${CMAKE_MATCH_3}") # the next match overwrites them
    string(REGEX REPLACE "^(${ROOT}|[.])/" "" file "${file}")
    lint_say("${file}" ${line} "${finding}")
endforeach()
if(code AND NOT places)
    lint_say(.clang-tidy 1 "${noise}")
endif()
lint_done(tidy)
