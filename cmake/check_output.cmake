# Runs PROGRAM in FOLDER, with the arguments in the file ARGUMENTS (one a line) if there is such a file, and compares its
# standard output with the file EXPECTED, byte for byte.
cmake_minimum_required(VERSION 3.25)

set(arguments)
if(EXISTS "${ARGUMENTS}")
    file(STRINGS "${ARGUMENTS}" arguments)
endif()
if(NOT FOLDER)
    set(FOLDER .)
endif()

execute_process(COMMAND "${PROGRAM}" ${arguments} WORKING_DIRECTORY "${FOLDER}"
                OUTPUT_VARIABLE output ERROR_VARIABLE notes RESULT_VARIABLE exit)
if(NOT exit STREQUAL "0")
    message(NOTICE "${output}${notes}")
    message(FATAL_ERROR "${PROGRAM} ended with ${exit}")
endif()
if(NOT EXISTS "${EXPECTED}")
    message(NOTICE "${output}")
    message(FATAL_ERROR "nothing to compare with: once the output above is right, put it into ${EXPECTED}")
endif()
file(READ "${EXPECTED}" expected)
if(NOT output STREQUAL expected)
    message(NOTICE "---- printed\n${output}---- expected\n${expected}----")
    message(FATAL_ERROR "${PROGRAM} does not print what ${EXPECTED} says")
endif()
