// SPDX-License-Identifier: MIT
// Two shapes whose course can be worked out by hand: a star, which thins energy out, and a chain, which hands it on.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/sown.hpp"
#include "support/catch.hpp"

namespace {

using namespace runnel;
using sown::id_of;

constexpr std::size_t arms = 8;

sown::bed star() {
    sown::bed bed;
    bed.nodes.resize(arms + 1);
    for (std::size_t n = 1; n <= arms; ++n) bed.links.push_back({0, n, 1});
    return bed;
}
sown::bed chain() {
    sown::bed bed;
    bed.nodes.resize(arms + 1);
    for (std::size_t n = 0; n < arms; ++n) bed.links.push_back({n, n + 1, 1});
    return bed;
}
config plain() {
    config c{.alpha = .2, .transfer_cap = 1, .threshold = 0};
    c.min_transfer = 0;
    c.reader.source = weight::source::unit;
    c.fanout.reduction = fanout::reduction::none;
    c.split = {.enabled = true, .all_kept = true};
    c.decay.base = 0;
    c.decay.flush_below = 0;
    return c;
}
std::vector<double> after(sown::bed const& bed, config const& c, int frames) {
    auto const built = bed.build();
    auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
    session s{engine};
    s.inject(id_of(0), 10).value();
    s.run(static_cast<std::uint64_t>(frames)).value();
    std::vector<double> energies;
    for (std::size_t n = 0; n < bed.size(); ++n) energies.push_back(s.energy_of(id_of(n)));
    return energies;
}
double choose(int n, int k) {
    double c = 1;
    for (int i = 1; i <= k; ++i) c = c * (n - k + i) / i;
    return c;
}

} // namespace

TEST_CASE("a star parts what its middle loses equally", "[engine][shapes]") {
    for (int const frames : {1, 2, 5, 20}) {
        auto const e = after(star(), plain(), frames);
        double const left = 10 * std::pow(.8, frames);
        CHECK(e[0] == Approx(left).margin(1e-9));
        for (std::size_t n = 1; n <= arms; ++n)
            CHECK(e[n] == Approx((10 - left) / arms).margin(1e-9));
    }
}

TEST_CASE("a chain hands on by the binomial of its steps", "[engine][shapes]") {
    for (int const frames : {1, 2, 5, 8}) {
        auto const e = after(chain(), plain(), frames);
        for (int n = 0; n < static_cast<int>(arms); ++n)
            CHECK(
                e[static_cast<std::size_t>(n)]
                == Approx(
                       n > frames
                           ? 0
                           : 10 * choose(frames, n) * std::pow(.2, n) * std::pow(.8, frames - n))
                       .margin(1e-9));
    }
}

TEST_CASE(
    "one hop a frame: the end of a chain waits, every arm of a star does not", "[engine][shapes]") {
    for (int frames = 1; frames < static_cast<int>(arms); ++frames) {
        CHECK(after(chain(), plain(), frames)[arms] == 0);
        CHECK(after(star(), plain(), frames)[arms] > 0);
    }
    CHECK(after(chain(), plain(), arms)[arms] == Approx(10 * std::pow(.2, 8)).margin(1e-9));
}

TEST_CASE("a threshold stops a star that would wake nobody, not a chain", "[engine][shapes]") {
    auto c = plain();
    c.threshold = 1.5;
    auto const wakes = [&](sown::bed const& bed) {
        auto const built = bed.build();
        auto const engine = make_engine(built.graph, std::as_const(built.store), c).value();
        session s{engine};
        s.inject(id_of(0), 10).value();
        return s.run(3).value().active;
    };
    CHECK(wakes(chain()) > 1);
    CHECK(wakes(star()) == 1); // 1.25 units at most an arm
}
