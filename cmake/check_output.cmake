# Runs PROGRAM and compares its standard output with the file EXPECTED, byte for byte.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND "${PROGRAM}" OUTPUT_VARIABLE output ERROR_VARIABLE notes RESULT_VARIABLE exit)
if(NOT exit STREQUAL "0")
    message(FATAL_ERROR "${PROGRAM} ended with ${exit}\n${output}${notes}")
endif()
if(NOT EXISTS "${EXPECTED}")
    message(FATAL_ERROR "nothing to compare with: once it is right, put the output below into ${EXPECTED}\n${output}")
endif()
file(READ "${EXPECTED}" expected)
if(NOT output STREQUAL expected)
    message(FATAL_ERROR "${PROGRAM} prints\n${output}instead of ${EXPECTED}\n${expected}")
endif()
