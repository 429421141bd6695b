# runnel::core, runnel::runnel and runnel::dev.

# Header sets from the table: a room without outside packages belongs to core, any other to the whole.
set(core_headers version.hpp fwd.hpp)
set(rest_headers runnel.hpp)
foreach(room IN LISTS RUNNEL_ROOMS)
    if(needs_${room})
        list(APPEND rest_headers ${room}.hpp ${room}/)
    else()
        list(APPEND core_headers ${room}.hpp ${room}/)
    endif()
endforeach()

function(runnel_headers target)
    set(found)
    foreach(entry IN LISTS ARGN)
        if(entry MATCHES "/$")
            set(entry ${entry}*.hpp)
        endif()
        file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/runnel/${entry}")
        list(APPEND found ${headers})
    endforeach()
    target_sources(${target} INTERFACE
        FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${found})
endfunction()

add_library(runnel_core INTERFACE)
add_library(runnel::core ALIAS runnel_core)
set_target_properties(runnel_core PROPERTIES EXPORT_NAME core)
target_compile_features(runnel_core INTERFACE cxx_std_20)
runnel_headers(runnel_core ${core_headers})

add_library(runnel INTERFACE)
add_library(runnel::runnel ALIAS runnel)
runnel_headers(runnel ${rest_headers})
if(runnel_lacks) # named so that CMake's own error, given to whoever links it, says what to do
    set(packages runnel::needs_Eigen_3.4_and_fmt_or_RUNNEL_FETCH_DEPS)
else()
    set(packages Eigen3::Eigen fmt::fmt)
endif()
target_link_libraries(runnel INTERFACE runnel_core
    "$<BUILD_INTERFACE:${packages}>" "$<INSTALL_INTERFACE:Eigen3::Eigen;fmt::fmt>")

# The warnings we hold ourselves to; runnel::dev adds the checks, which benchmarks leave off.
set(RUNNEL_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror)
add_library(runnel_warnings INTERFACE)
target_compile_options(runnel_warnings INTERFACE ${RUNNEL_WARNINGS})
add_library(runnel_dev INTERFACE)
add_library(runnel::dev ALIAS runnel_dev)
target_link_libraries(runnel_dev INTERFACE runnel_warnings)
target_compile_definitions(runnel_dev INTERFACE RUNNEL_CHECKED=1)

# Our own builds compile every header alone, under our warnings.
if(PROJECT_IS_TOP_LEVEL AND RUNNEL_BUILD_TESTS)
    set_target_properties(runnel_core runnel PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endif()
