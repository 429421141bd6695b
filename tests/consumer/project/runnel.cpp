// A program on the whole library, with the packages runnel::runnel brings.
#include <cstdio>

#include <Eigen/Core>
#include <fmt/core.h>

#include <runnel/runnel.hpp>
#include <runnel/version.hpp>

int main() {
    auto text = fmt::format(
        "runnel {}.{}.{} with {}", RUNNEL_VERSION_MAJOR, RUNNEL_VERSION_MINOR, RUNNEL_VERSION_PATCH,
        Eigen::Vector2d{1, 2}.sum());
    std::puts(text.c_str());
}
