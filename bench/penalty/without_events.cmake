# The library without events: a copy of runnel/event/sink.hpp in which nothing is ever heard and nothing emitted, in a
# folder of its own that is searched first. The loops and all else stay as they are.
set(without_events "${CMAKE_CURRENT_BINARY_DIR}/without_events")
set(sink "${PROJECT_SOURCE_DIR}/include/runnel/event/sink.hpp")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${sink}")
file(READ "${sink}" text)
foreach(change
    "concept hears = registered<E> && std::is_invocable_v<Sink&, E const&>|concept hears = false"
    "if constexpr (hears<Sink, E>) to(std::forward<Make>(make)())|static_cast<void>(to), static_cast<void>(make)")
    string(REPLACE "|" ";" change "${change}")
    list(GET change 0 from)
    list(GET change 1 to)
    string(FIND "${text}" "${from}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "bench/penalty: runnel/event/sink.hpp no longer says \"${from}\"")
    endif()
    string(REPLACE "${from}" "${to}" text "${text}")
endforeach()
file(CONFIGURE OUTPUT "${without_events}/runnel/event/sink.hpp" CONTENT "${text}" @ONLY)
