# FetchContent from a local tree.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
build_project(whole -DHOW=fetch_content -DWANT=runnel)
