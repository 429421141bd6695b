# ./cmake/run says what is wrong: a name that does not exist, a machine with nothing on it. Also through a link.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")

function(command_ends exit pattern)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${WORK}"
        OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE got)
    if(NOT got STREQUAL exit OR NOT said MATCHES "${pattern}")
        list(JOIN ARGN " " command)
        message(NOTICE "${command}\n${said}")
        message(FATAL_ERROR "exit ${got} instead of ${exit}, or without the words '${pattern}'")
    endif()
endfunction()

file(CREATE_LINK "${ROOT}/cmake/run" "${WORK}/first" SYMBOLIC)
file(CREATE_LINK first "${WORK}/second" SYMBOLIC)
command_ends(0 "01_hello" "${WORK}/second" names)
command_ends(2 "^[^\n]*there is no 'banana'; there are: demo test bench[^\n]*\n$" "${WORK}/second" banana)
command_ends(2 "^[^\n]*there is no benchmark 'banana'; there are: [^\n]*penalty[^\n]*\n$" "${WORK}/second" bench banana)
command_ends(0 "about 5 minutes" "${WORK}/second" bench --help)
command_ends(2 "^[^\n]*setup takes test, bench or ci, not 'banana'\n$" "${WORK}/second" setup banana)
command_ends(2 "^[^\n]*there is no leg 'banana'; there are: test lint [^\n]*\n$" "${ROOT}/.ci/run" lint banana)
command_ends(2 "usage:" "${WORK}/second")
command_ends(0 "usage:" "${WORK}/second" --help)

# A folder with the commands of any system, and neither cmake nor a compiler nor a package manager.
file(MAKE_DIRECTORY "${WORK}/bin")
foreach(tool bash env sh dirname readlink id sed tr mkdir cat uname)
    find_program(path ${tool} NO_CACHE REQUIRED)
    file(CREATE_LINK "${path}" "${WORK}/bin/${tool}" SYMBOLIC)
    unset(path)
endforeach()
set(bare env -i "PATH=${WORK}/bin" "RUNNEL_BUILD_DIR=${WORK}/build")
command_ends(1 "please install: cmake .3.25 or newer., a C..20 compiler, ninja, Eigen .3.4 or newer., fmt"
    ${bare} "${WORK}/second" demo)
command_ends(1 "Catch2 .2.13 or newer." ${bare} "${WORK}/second" test)
