# The Debian package: made, unpacked somewhere else, found there.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
run(${CONFIGURE} -S "${ROOT}" -B "${WORK}/library" -DRUNNEL_BUILD_TESTS=OFF -DRUNNEL_BUILD_EXAMPLES=OFF
    -DRUNNEL_BUILD_BENCH=OFF)
run("${CMAKE_CPACK_COMMAND}" -G DEB --config "${WORK}/library/CPackConfig.cmake" -B "${WORK}")
file(GLOB package "${WORK}/librunnel-dev_${VERSION}_all.deb")
if(NOT package)
    message(FATAL_ERROR "cpack made no librunnel-dev_${VERSION}_all.deb\n${out}")
endif()
run(dpkg-deb -x "${package}" root)
build_project(core "-Drunnel_ROOT=${WORK}/root/usr" -DWANT=core ${BARE})
