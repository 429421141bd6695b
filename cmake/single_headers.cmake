# Targets single_header_core and single_header: the library as one file each, in <build>/single/.
#   runnel_core.hpp   the rooms of runnel::core
#   runnel.hpp        what <runnel/runnel.hpp> includes
set(core_doors runnel/version.hpp)
foreach(room IN LISTS RUNNEL_ROOMS)
    if(NOT needs_${room})
        list(APPEND core_doors runnel/${room}.hpp)
    endif()
endforeach()

function(runnel_single_header target name)
    set(out "${PROJECT_BINARY_DIR}/single/${name}")
    set(script "${PROJECT_SOURCE_DIR}/cmake/amalgamate.cmake")
    get_target_property(core runnel_core HEADER_SET)
    get_target_property(rest runnel HEADER_SET)
    list(JOIN ARGN "," doors)
    add_custom_command(OUTPUT "${out}"
        COMMAND "${CMAKE_COMMAND}" -D "OUT=${out}" -D "HEADERS=${doors}" -P "${script}"
        DEPENDS "${script}" ${core} ${rest} COMMENT "Writing single/${name}" VERBATIM)
    add_custom_target(${target} DEPENDS "${out}")
endfunction()

runnel_single_header(single_header_core runnel_core.hpp ${core_doors})
runnel_single_header(single_header runnel.hpp runnel/version.hpp runnel/runnel.hpp)
