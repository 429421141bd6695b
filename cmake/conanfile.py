# conan create cmake: packages the clone this file lies in.
import os
import re

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain
from conan.tools.files import copy, load


class Runnel(ConanFile):
    name = "runnel"
    license = "MIT"
    description = "Energy diffusing over typed graphs: header-only C++20, exact and deterministic"
    settings = "os", "arch", "compiler", "build_type"
    package_type = "header-library"
    requires = "eigen/3.4.0", "fmt/10.1.1"

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, "../include/runnel/version.hpp"))
        self.version = ".".join(re.findall(r"#define RUNNEL_VERSION_\w+ (\d+)", header))

    def export_sources(self):
        source = os.path.join(self.recipe_folder, "..")
        for pattern in ("CMakeLists.txt", "LICENSE", "include/*", "cmake/*"):
            copy(self, pattern, source, self.export_sources_folder)

    def generate(self):
        toolchain = CMakeToolchain(self)
        for part in ("TESTS", "EXAMPLES", "BENCH"):
            toolchain.cache_variables[f"RUNNEL_BUILD_{part}"] = False
        toolchain.generate()

    def build(self):
        CMake(self).configure()

    def package(self):
        CMake(self).install()

    def package_id(self):
        self.info.clear()

    def package_info(self):
        # The package brings its own CMake files; use them rather than generated ones.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("share", "cmake", "runnel")]
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
