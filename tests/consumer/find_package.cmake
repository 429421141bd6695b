# The installed and moved package, by component.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
install_to("${WORK}/prefix")
build_project(core "-Drunnel_ROOT=${WORK}/prefix" -DWANT=core ${BARE})
build_project(whole "-Drunnel_ROOT=${WORK}/prefix" -DWANT=runnel -DRUNNEL_VERSION=0.1)
refuse_project("runnel needs Eigen 3\\.4 or newer" bare "-Drunnel_ROOT=${WORK}/prefix" -DWANT=runnel ${BARE})
refuse_project("components core and runnel, not banana" other "-Drunnel_ROOT=${WORK}/prefix" -DWANT=banana)
