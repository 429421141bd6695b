# The driver refuses a case that compiles, one that fails for another reason or at length, one whose control fails, one
# without a pattern. Same arguments as check.cmake, WORK= a scratch folder in place of CASE.
cmake_minimum_required(VERSION 3.25)

function(refused because text)
    file(WRITE "${WORK}/case.cpp" "${text}")
    execute_process(COMMAND ${CMAKE_COMMAND} -DCASE=${WORK}/case.cpp -DCOMPILER=${COMPILER} -DINCLUDE=${INCLUDE}
                            -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/check.cmake"
                    OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE code)
    if(code EQUAL 0 OR NOT said MATCHES "${because}")
        message(SEND_ERROR "not refused because `${because}`:\n${text}\n${said}")
    endif()
endfunction()

refused("compiles, but must not" "// expect: x\nint a;\n")
refused("not the one expected" "// expect: lost\n#ifndef RUNNEL_CONTROL\n#error found\n#endif\n")
string(REPEAT "#warning and so on\n" 40 long)
refused("buried" "// expect: and so on\n#ifndef RUNNEL_CONTROL\n${long}#endif\n")
refused("the control does not compile" "// expect: always\n#error always\n")
refused("the first line is" "#error always\n")
