# A version that does not exist is refused, and so is the next minor one: before 1.0 it may break.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
install_to("${WORK}/prefix")
foreach(version 99 0.2 1.0)
    refuse_project("version \"${version}\"" v${version}
        "-Drunnel_ROOT=${WORK}/prefix" -DWANT=core -DRUNNEL_VERSION=${version})
endforeach()
