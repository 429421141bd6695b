# Writes one header that holds others:
#   cmake -D OUT=runnel.hpp -D HEADERS=runnel/runnel.hpp[,more] -P cmake/amalgamate.cmake
#
# Every #include <runnel/...> is replaced by the text of that header the first time and by nothing after, which is what
# #pragma once does. Other includes stay where they are: they have their own guards, and some stand behind an #if.
cmake_minimum_required(VERSION 3.25)
get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)

# Text is split at each match and never becomes a list, so semicolons and brackets in it survive.
function(expand out header)
    set(${out} "" PARENT_SCOPE)
    get_property(seen GLOBAL PROPERTY seen)
    if(header IN_LIST seen)
        return()
    endif()
    set_property(GLOBAL APPEND PROPERTY seen ${header})

    file(READ "${root}/include/${header}" rest)
    string(REGEX REPLACE "\n#pragma once[^\n]*" "" rest "\n${rest}")
    string(REGEX REPLACE "^\n// SPDX[^\n]*" "" rest "${rest}")
    set(text "\n// ---- ${header}")
    while(rest MATCHES "\n#[ \t]*include[ \t]*[<\"](runnel/[^>\"]*)[>\"][^\n]*")
        set(line "${CMAKE_MATCH_0}")
        expand(inner "${CMAKE_MATCH_1}")
        string(FIND "${rest}" "${line}" at)
        string(SUBSTRING "${rest}" 0 ${at} before)
        string(LENGTH "${line}" length)
        math(EXPR at "${at} + ${length}")
        string(SUBSTRING "${rest}" ${at} -1 rest)
        string(APPEND text "${before}${inner}")
    endwhile()
    set(${out} "${text}${rest}" PARENT_SCOPE)
endfunction()

file(READ "${root}/include/runnel/version.hpp" version)
string(REGEX REPLACE ".*_MAJOR ([0-9]+).*_MINOR ([0-9]+).*_PATCH ([0-9]+).*" "\\1.\\2.\\3" version "${version}")
file(READ "${root}/LICENSE" license)
string(STRIP "${license}" license)
string(REPLACE "\n" "\n// " license "// ${license}")
string(REPLACE "// \n" "//\n" license "${license}")

set(body "")
string(REPLACE "," ";" headers "${HEADERS}")
foreach(header IN LISTS headers)
    expand(text "${header}")
    string(APPEND body "${text}")
endforeach()
string(REGEX REPLACE "\n\n\n+" "\n\n" body "${body}")

get_filename_component(name "${OUT}" NAME)
file(WRITE "${OUT}" "// SPDX-License-Identifier: MIT
// ${name}: runnel ${version} in one header. Generated; edit the headers it was made of.
//
${license}
#pragma once
${body}")
