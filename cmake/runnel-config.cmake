# find_package(runnel [COMPONENTS core | runnel])
#   core    runnel::core, looks for nothing else
#   runnel  runnel::runnel, looks for Eigen and fmt; the default
set(runnel_components ${runnel_FIND_COMPONENTS})
if(NOT runnel_components)
    set(runnel_components runnel)
    set(runnel_FIND_REQUIRED_runnel TRUE)
endif()

include("${CMAKE_CURRENT_LIST_DIR}/runnel-core-targets.cmake")
set(runnel_core_FOUND TRUE)

foreach(component IN LISTS runnel_components)
    if(component STREQUAL "runnel")
        include(CMakeFindDependencyMacro)
        find_dependency(Eigen3 CONFIG) # without a version: 3.4 refuses a request for 5, 5 one for 3.4
        if(NOT TARGET Eigen3::Eigen OR Eigen3_VERSION VERSION_LESS 3.4)
            set(runnel_FOUND FALSE)
            set(runnel_NOT_FOUND_MESSAGE "runnel needs Eigen 3.4 or newer, found '${Eigen3_VERSION}'")
            return()
        endif()
        find_dependency(fmt CONFIG)
        include("${CMAKE_CURRENT_LIST_DIR}/runnel-targets.cmake")
        set(runnel_runnel_FOUND TRUE)
    elseif(NOT component STREQUAL "core" AND runnel_FIND_REQUIRED_${component})
        set(runnel_FOUND FALSE)
        set(runnel_NOT_FOUND_MESSAGE "runnel has the components core and runnel, not ${component}")
    endif()
endforeach()
