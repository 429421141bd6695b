# What the consumer scripts share. Each starts in an empty folder ${WORK}.
cmake_minimum_required(VERSION 3.25)
set(PROJECT "${CMAKE_CURRENT_LIST_DIR}/project")
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")

function(run)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${WORK}"
        OUTPUT_VARIABLE out ERROR_VARIABLE out RESULT_VARIABLE exit)
    if(NOT exit STREQUAL "0")
        list(JOIN ARGN " " command)
        message(NOTICE "${command}\n${out}")
        message(FATAL_ERROR "the command above ended with ${exit}")
    endif()
    set(out "${out}" PARENT_SCOPE)
endfunction()

# The command fails, and says why in words that match the pattern.
function(run_refused pattern)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${WORK}"
        OUTPUT_VARIABLE out ERROR_VARIABLE out RESULT_VARIABLE exit)
    if(exit STREQUAL "0")
        message(NOTICE "${out}")
        message(FATAL_ERROR "went through, and should not have")
    endif()
    string(REGEX REPLACE "[ \n]+" " " said "${out}") # CMake wraps its messages
    if(NOT said MATCHES "${pattern}")
        message(NOTICE "${out}")
        message(FATAL_ERROR "failed without the words '${pattern}'")
    endif()
endfunction()

# The program says which library it was built with: that of this tree, whatever else is installed.
function(run_program program)
    run("${program}")
    if(NOT out MATCHES "^runnel ${VERSION} ")
        message(NOTICE "${out}")
        message(FATAL_ERROR "${program} does not say that it was built with runnel ${VERSION}")
    endif()
endfunction()

set(CONFIGURE "${CMAKE_COMMAND}" -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${CXX}" -DCMAKE_BUILD_TYPE=Debug)
# A machine without Eigen and fmt.
set(BARE -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON -DCMAKE_DISABLE_FIND_PACKAGE_fmt=ON)

# Configures, builds and runs project/ in ${WORK}/<name>.
function(build_project name)
    run(${CONFIGURE} -S "${PROJECT}" -B "${WORK}/${name}" "-DRUNNEL_ROOT=${ROOT}" ${ARGN})
    run("${CMAKE_COMMAND}" --build "${WORK}/${name}")
    run_program("${WORK}/${name}/app")
endfunction()

function(refuse_project pattern name)
    run_refused("${pattern}" ${CONFIGURE} -S "${PROJECT}" -B "${WORK}/${name}" "-DRUNNEL_ROOT=${ROOT}" ${ARGN})
endfunction()

# Installs into one folder and moves it away, so that no absolute path may survive.
function(install_to prefix)
    run(${CONFIGURE} -S "${ROOT}" -B "${WORK}/library" -DRUNNEL_BUILD_TESTS=OFF -DRUNNEL_BUILD_EXAMPLES=OFF
        -DRUNNEL_BUILD_BENCH=OFF ${BARE} ${ARGN})
    run("${CMAKE_COMMAND}" --install "${WORK}/library" --prefix "${WORK}/first-prefix")
    file(RENAME "${WORK}/first-prefix" "${prefix}")
endfunction()
