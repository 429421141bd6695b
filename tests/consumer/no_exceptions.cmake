# Without exceptions and run-time type information, with the checks on and off.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
foreach(checks -DNDEBUG -DRUNNEL_CHECKED=1)
    run("${CXX}" -std=c++20 -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Werror ${checks}
        "-I${ROOT}/include" "${PROJECT}/core.cpp" -o app)
    run_program("${WORK}/app")
endforeach()
