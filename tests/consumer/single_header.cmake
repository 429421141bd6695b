# Each single header, alone in a folder, included by two translation units of one program, under our warnings.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
set(warnings -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror)
run(${CONFIGURE} -S "${ROOT}" -B "${WORK}/library" -DRUNNEL_BUILD_TESTS=OFF -DRUNNEL_BUILD_EXAMPLES=OFF
    -DRUNNEL_BUILD_BENCH=OFF)
run("${CMAKE_COMMAND}" --build "${WORK}/library" --target single_header_core single_header)

foreach(header runnel_core.hpp runnel.hpp)
    set(folder "${WORK}/with-${header}")
    file(COPY "${WORK}/library/single/${header}" DESTINATION "${folder}")
    file(READ "${PROJECT}/core.cpp" program)
    string(REGEX REPLACE "#include <runnel/[^\n]*\n" "" program "${program}")
    file(WRITE "${folder}/one.cpp" "#include \"${header}\"\n${program}")
    file(WRITE "${folder}/two.cpp" "#include \"${header}\"\n#include \"${header}\"\n")
    run("${CXX}" -std=c++20 ${warnings} "${folder}/one.cpp" "${folder}/two.cpp" -o "${folder}/app")
    run_program("${folder}/app")
endforeach()
