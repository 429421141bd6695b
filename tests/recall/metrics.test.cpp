// SPDX-License-Identifier: MIT
// Counters, the histogram of latencies, and clocks that are there or are not.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <type_traits>

#include <runnel/recall/metrics.hpp>

#include "support/catch.hpp"
#include "support/stops.hpp"

using namespace runnel;
using recall::counters;
using recall::latency_histogram;
using recall::no_clock;

namespace {

constexpr std::uint64_t most = ~std::uint64_t{0};

/// Each look at it takes 100 ns more than the last.
struct slowing {
    std::uint64_t* now;
    std::uint64_t* step;
    std::uint64_t operator()() const { return *now += *step += 100; }
};

template <class Clock> struct owner {
    std::uint64_t state = 0;
    [[no_unique_address]] Clock clock{};
};

} // namespace

TEST_CASE("Counters add up, each to its own", "[recall][metrics]") {
    counters sum;
    counters one;
    std::uint64_t figure = 1;
    std::set<std::string> names;
    counters::visit(one, [&](auto name, std::uint64_t& c) {
        c = figure;
        figure *= 10;
        names.insert(std::string{name});
    });
    CHECK(names.size() == 8);
    CHECK(one.adds == 1);
    CHECK(one.walks == 10000000);
    sum += one;
    CHECK(sum == one);
    sum += one;
    counters::visit(one, [](auto, std::uint64_t& c) { c *= 2; });
    CHECK(sum == one);
}

TEST_CASE("Buckets meet without gap, four an octave", "[recall][metrics]") {
    CHECK(latency_histogram::buckets == 114);
    CHECK(latency_histogram::begin_of(0) == 0);
    CHECK(latency_histogram::begin_of(1) == 64);
    CHECK(latency_histogram::begin_of(2) == 80);
    CHECK(latency_histogram::begin_of(5) == 128);
    CHECK(latency_histogram::begin_of(113) == std::uint64_t{1} << 34);
    for (std::size_t i = 0; i < latency_histogram::buckets; ++i) {
        CHECK(latency_histogram::bucket_of(latency_histogram::begin_of(i)) == i);
        if (i != 0)
            CHECK(latency_histogram::bucket_of(latency_histogram::begin_of(i) - 1) == i - 1);
    }
    CHECK(latency_histogram::bucket_of(most) == 113);
}

TEST_CASE("An empty histogram tells 0", "[recall][metrics]") {
    latency_histogram const h;
    CHECK(h.count() == 0);
    CHECK(h.total() == 0);
    CHECK(h.shortest() == 0);
    CHECK(h.longest() == 0);
    CHECK(h.quantile(.5) == 0);
}

TEST_CASE("Quantiles stay within what was seen", "[recall][metrics]") {
    latency_histogram h;
    h.add(1000);
    for (double const p : {0., .5, 1.}) CHECK(h.quantile(p) == 1000); // one is told exactly
    for (int i = 0; i < 8; ++i) h.add(100);
    h.add(most);
    CHECK(h.count() == 10);
    CHECK(h.shortest() == 100);
    CHECK(h.longest() == most);
    CHECK(h.total() == most); // does not wrap
    CHECK(h.in_bucket(latency_histogram::bucket_of(100)) == 8);
    CHECK(h.quantile(0) == 104); // the middle of [96, 112)
    CHECK(h.quantile(.8) == 104);
    CHECK(h.quantile(.81) == 960);
    CHECK(h.quantile(.9) == 960); // of [896, 1024)
    CHECK(h.quantile(.91) == most);
    CHECK(h.quantile(1) == most);
    h.clear();
    CHECK(h.count() == 0);
    CHECK(h.quantile(1) == 0);
    CHECK(h.shortest() == 0);
}

TEST_CASE("Nothing at all took 0 ns", "[recall][metrics]") {
    latency_histogram h;
    h.add(0);
    CHECK(h.quantile(.5) == 0);
    CHECK(h.count() == 1);
}

TEST_CASE("A guard adds the time it lived", "[recall][metrics]") {
    std::uint64_t now = 0;
    std::uint64_t step = 0;
    slowing const clock{&now, &step};
    latency_histogram h;
    {
        recall::timed const guard{h, clock};
        CHECK(h.count() == 0);
    }
    CHECK(h.count() == 1);
    CHECK(h.total() == 200);
    recall::stopwatch const watch{clock};
    CHECK(watch.nanoseconds() == 400);
    h.add(watch);
    CHECK(h.total() == 200 + 900);
}

TEST_CASE("A clock that goes back measures 0", "[recall][metrics]") {
    std::uint64_t now = 5;
    auto const clock = [&now] { return now--; };
    recall::stopwatch const watch{clock};
    CHECK(watch.nanoseconds() == 0);
}

TEST_CASE("No clock costs nothing and counts nothing", "[recall][metrics]") {
    STATIC_REQUIRE(std::is_empty_v<recall::stopwatch<no_clock>>);
    STATIC_REQUIRE(std::is_empty_v<recall::timed<no_clock>>);
    STATIC_REQUIRE(sizeof(owner<no_clock>) == sizeof(std::uint64_t));
    latency_histogram h;
    no_clock const none;
    { recall::timed const guard{h, none}; }
    h.add(recall::stopwatch{none});
    CHECK(h.count() == 0);
}

#if RUNNEL_TEST_CAN_STOP
TEST_CASE("A quantile outside of [0, 1] is a mistake", "[recall][metrics]") {
    latency_histogram const h;
    CHECK(support::stops([&] { (void)h.quantile(1.5); }));
    CHECK(support::stops([&] { (void)h.quantile(std::numeric_limits<double>::quiet_NaN()); }));
}
#endif
