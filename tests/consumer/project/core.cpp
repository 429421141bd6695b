// A program on runnel::core alone.
#include <cstdio>

#include <runnel/core.hpp>
#include <runnel/version.hpp>

int main() {
    std::printf(
        "runnel %d.%d.%d core\n", RUNNEL_VERSION_MAJOR, RUNNEL_VERSION_MINOR, RUNNEL_VERSION_PATCH);
}
