# The tree inside another: the core without any package, the whole with Eigen and fmt, and the whole refused in words
# that name the cure when they are missing.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
build_project(core -DHOW=add_subdirectory -DWANT=core ${BARE})
build_project(whole -DHOW=add_subdirectory -DWANT=runnel)
refuse_project("needs_Eigen_3\\.4_and_fmt_or_RUNNEL_FETCH_DEPS" bare -DHOW=add_subdirectory -DWANT=runnel ${BARE})
