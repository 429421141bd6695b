// A program on the whole library, with the packages runnel::runnel brings.
#include <Eigen/Core>
#include <fmt/core.h>

#include <runnel/runnel.hpp>

int main() {
    runnel::graph::builder notes;
    auto const ada = notes.node("Ada");
    auto const built = std::move(notes).build().value();
    auto const engine = runnel::make_engine(built.graph, built.store).value();
    runnel::session memory{engine};
    memory.inject(ada, 1.0).value();

    Eigen::Vector2d const both{memory.energy_of(ada), 1.0};
    fmt::print(
        "runnel {}.{}.{} holds {}\n", RUNNEL_VERSION_MAJOR, RUNNEL_VERSION_MINOR,
        RUNNEL_VERSION_PATCH, both.sum());
    return both.sum() == 2.0 ? 0 : 1;
}
