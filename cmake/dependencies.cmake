# Eigen and fmt for runnel::runnel, Catch2 for the tests. An installed package comes first; pinned upstream sources
# only on request (RUNNEL_FETCH_DEPS=ON); otherwise two lines say what is missing and how to get it.
#
# Eigen is looked up without a version and checked afterwards: 3.4 refuses a request for 5, 5 refuses one for 3.4.
# runnel_lacks lists what runnel::runnel misses. That is an error only for builds of our own programs: a consumer of
# runnel::core needs none of it.

# SYSTEM stands first in FetchContent_Declare: after GIT_TAG it is taken for an argument of the download step.
function(runnel_fetch name)
    include(FetchContent)
    FetchContent_Declare(${name} SYSTEM ${ARGN})
    FetchContent_MakeAvailable(${name})
    set(${name}_SOURCE_DIR ${${name}_SOURCE_DIR} PARENT_SCOPE)
endfunction()

set(runnel_lacks)

if(NOT TARGET Eigen3::Eigen)
    find_package(Eigen3 CONFIG QUIET)
    if(RUNNEL_FETCH_DEPS AND NOT TARGET Eigen3::Eigen)
        # Headers alone: its own CMake project looks for a dozen things nobody here needs, so point past it.
        runnel_fetch(eigen GIT_REPOSITORY https://gitlab.com/libeigen/eigen.git
            GIT_TAG 3147391d946bb4b6c68edd901f2add6ac1f31f8c # 3.4.0
            SOURCE_SUBDIR not-its-own-build)
        add_library(Eigen3::Eigen INTERFACE IMPORTED GLOBAL)
        target_include_directories(Eigen3::Eigen SYSTEM INTERFACE "${eigen_SOURCE_DIR}")
    elseif(NOT TARGET Eigen3::Eigen OR Eigen3_VERSION VERSION_LESS 3.4)
        list(APPEND runnel_lacks Eigen)
    endif()
endif()

if(NOT TARGET fmt::fmt)
    find_package(fmt CONFIG QUIET)
    if(RUNNEL_FETCH_DEPS AND NOT TARGET fmt::fmt)
        runnel_fetch(fmt GIT_REPOSITORY https://github.com/fmtlib/fmt.git
            GIT_TAG f5e54359df4c26b6230fc61d38aa294581393084) # 10.1.1
    elseif(NOT TARGET fmt::fmt)
        list(APPEND runnel_lacks fmt)
    endif()
endif()

if(RUNNEL_BUILD_TESTS)
    find_package(Catch2 CONFIG QUIET) # 2.13 or 3: tests/support/catch.hpp hides the difference
    if(RUNNEL_FETCH_DEPS AND NOT TARGET Catch2::Catch2WithMain)
        runnel_fetch(catch2 GIT_REPOSITORY https://github.com/catchorg/Catch2.git
            GIT_TAG fa43b77429ba76c462b1898d6cd2f2d7a9416b14) # 3.7.1
    elseif(NOT TARGET Catch2::Catch2WithMain)
        list(APPEND runnel_lacks Catch2)
    endif()
endif()

# Optional, and never a part of runnel::runnel: who includes runnel/interop/zlib.hpp links it. Ours link runnel_zlib,
# which is empty where there is none.
if(RUNNEL_BUILD_TESTS OR RUNNEL_BUILD_EXAMPLES)
    find_package(ZLIB QUIET)
endif()
add_library(runnel_zlib INTERFACE)
if(ZLIB_FOUND)
    target_link_libraries(runnel_zlib INTERFACE ZLIB::ZLIB)
    target_compile_definitions(runnel_zlib INTERFACE RUNNEL_WITH_ZLIB=1)
endif()

if(runnel_lacks)
    if(RUNNEL_BUILD_TESTS OR RUNNEL_BUILD_EXAMPLES OR RUNNEL_BUILD_BENCH)
        set(severity FATAL_ERROR)
    else()
        set(severity STATUS)
    endif()
    list(JOIN runnel_lacks ", " lacks)
    message(${severity} "runnel::runnel needs Eigen 3.4 or newer and fmt, its tests Catch2 2.13 or newer; not found: ${lacks}.\n"
        "   Install them (Debian: libeigen3-dev libfmt-dev catch2), configure with -DRUNNEL_FETCH_DEPS=ON, or use runnel::core.")
endif()
