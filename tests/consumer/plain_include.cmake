# A compiler and -I.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
run("${CXX}" -std=c++20 "-I${ROOT}/include" "${PROJECT}/core.cpp" -o app)
run_program("${WORK}/app")
