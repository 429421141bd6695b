# Headers, CMake package and pkg-config files. All of it is text, so all of it goes to share/ and may be moved as a whole.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# One export set per component: find_package(runnel COMPONENTS core) must not trip over a missing Eigen.
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/runnel")
install(TARGETS runnel_core EXPORT runnel-core-targets FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(TARGETS runnel EXPORT runnel-targets FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT runnel-core-targets NAMESPACE runnel:: DESTINATION "${package_dir}")
install(EXPORT runnel-targets NAMESPACE runnel:: DESTINATION "${package_dir}")

# Before 1.0 a minor release may break, hence SameMinorVersion.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/runnel-config-version.cmake"
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_SOURCE_DIR}/cmake/runnel-config.cmake" "${PROJECT_BINARY_DIR}/runnel-config-version.cmake"
    DESTINATION "${package_dir}")

# pkg-config knows where its file lies (pcfiledir); everything else is relative to that.
set(pkgconfig_dir "${CMAKE_INSTALL_DATADIR}/pkgconfig")
file(RELATIVE_PATH pc_to_include "/${pkgconfig_dir}" "/${CMAKE_INSTALL_INCLUDEDIR}")
function(runnel_pkg_config name description requires)
    configure_file("${PROJECT_SOURCE_DIR}/cmake/pkg-config.pc.in" "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${pkgconfig_dir}")
endfunction()
runnel_pkg_config(runnel-core "${PROJECT_DESCRIPTION} (rooms on the standard library alone)" "")
runnel_pkg_config(runnel "${PROJECT_DESCRIPTION}" "runnel-core = ${PROJECT_VERSION}, eigen3 >= 3.4, fmt")

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)

# cpack -G DEB: one package for all architectures.
if(PROJECT_IS_TOP_LEVEL)
    set(CPACK_PACKAGE_CONTACT "the runnel authors")
    set(CPACK_PACKAGE_VENDOR "the runnel authors")
    set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
    set(CPACK_DEBIAN_PACKAGE_NAME librunnel-dev)
    set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
    set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
    set(CPACK_DEBIAN_PACKAGE_DEPENDS "libeigen3-dev (>= 3.4), libfmt-dev")
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    include(CPack)
endif()
