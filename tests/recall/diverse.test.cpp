// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/core/rng.hpp>
#include <runnel/recall/diverse.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall::contender;
using recall::diverse_pick;
using recall::diversity;
using recall::fell_short;
using recall::metric;

namespace {

recall::entry_id entry(std::uint32_t slot) { return {slot, 1}; }

/// Contenders in the plane, entry i being the i-th that is added.
struct plane {
    explicit plane(metric by = metric::cosine) : compare(by, 2) { vectors.reserve(64); }
    plane& add(float x, float y, double relevance) {
        vectors.push_back({x, y});
        all.push_back(
            {entry(static_cast<std::uint32_t>(all.size())), compare.measure(vectors.back()).value(),
             relevance});
        return *this;
    }
    [[nodiscard]] std::vector<diverse_pick> picks(diversity const& how) {
        auto const found = pick(compare, all, how).value();
        why = found.fell_short;
        return {found.picks.begin(), found.picks.end()};
    }
    [[nodiscard]] std::vector<std::uint32_t> slots(diversity const& how) {
        std::vector<std::uint32_t> all_slots;
        for (diverse_pick const& one : picks(how)) all_slots.push_back(one.entry.slot);
        return all_slots;
    }
    recall::comparer compare;
    std::vector<std::vector<float>> vectors;
    std::vector<contender> all;
    recall::diverse pick;
    fell_short why = fell_short::no;
};

using list = std::vector<std::uint32_t>;

/// Two alike and near, one apart and less so, one opposite.
plane four_of_them() {
    plane p;
    p.add(1, 0, .9).add(1, 0, .89).add(0, 1, .7).add(-1, 0, .4);
    return p;
}

} // namespace

TEST_CASE("What is like a pick already made gives way to what is not", "[recall]") {
    auto p = four_of_them();
    CHECK(p.slots({.k = 3}) == list{0, 2, 1});
    CHECK(p.slots({.k = 3, .lambda = .5}) == list{0, 3, 2});
}

TEST_CASE("A pick tells its relevance, redundancy and score", "[recall]") {
    auto p = four_of_them();
    auto const picks = p.picks({.k = 3});
    REQUIRE(picks.size() == 3);
    CHECK(picks[0].relevance == .9);
    CHECK(picks[0].redundancy == 0);
    CHECK(picks[0].score == .7 * .9);
    CHECK(picks[1].relevance == .7);
    CHECK(picks[1].redundancy == .5); // at a right angle
    CHECK(picks[1].score == Approx(.7 * .7 - .3 * .5));
    CHECK(picks[2].redundancy == 1);
    CHECK(picks[2].score == Approx(.7 * .89 - .3));
}

TEST_CASE("Relevance and redundancy are on one scale under every metric", "[recall]") {
    for (metric const by : {metric::cosine, metric::inner_product, metric::l2}) {
        plane p{by};
        p.add(300, 0, .9).add(300, 1, .8).add(-300, 0, .6); // raw figures in the tens of thousands
        CHECK(p.slots({.k = 2}) == list{0, 2});
        CHECK(p.slots({.k = 2, .lambda = .9}) == list{0, 1});
        for (diverse_pick const& one : p.picks({.k = 3})) {
            CHECK(one.redundancy >= 0);
            CHECK(one.redundancy <= 1);
        }
    }
}

TEST_CASE("Redundancy is the largest similarity to any pick, not to the last", "[recall]") {
    plane p;
    p.add(1, 0, 1).add(0, 1, .9).add(1, .01F, .2);
    CHECK(p.picks({.k = 3})[2].redundancy > .99);
}

TEST_CASE("Equal scores go to the lower entry", "[recall]") {
    plane p;
    p.add(1, 0, .5).add(1, 0, .5).add(1, 0, .5).add(1, 0, .5);
    std::swap(p.all[0], p.all[3]);
    std::swap(p.all[1], p.all[2]);
    CHECK(p.slots({.k = 4}) == list{0, 1, 2, 3});
}

TEST_CASE("At lambda 1 picks come by relevance; at 0 only distance counts", "[recall]") {
    auto p = four_of_them();
    CHECK(p.slots({.k = 4, .lambda = 1}) == list{0, 1, 2, 3});
    // Nobody differs at first, so the lower entry; then the opposite one.
    CHECK(p.slots({.k = 2, .lambda = 0}) == list{0, 3});
}

TEST_CASE("Fewer than k picks come with their reason", "[recall]") {
    auto p = four_of_them();
    CHECK(p.slots({.k = 4}).size() == 4);
    CHECK(p.why == fell_short::no);
    CHECK(p.slots({.k = 5}).size() == 4);
    CHECK(p.why == fell_short::few);
    CHECK(p.slots({.k = 4, .min_dispersion = .3}) == list{0, 2, 3});
    CHECK(p.why == fell_short::too_close);
    CHECK(p.slots({.k = 3, .min_dispersion = .3}) == list{0, 2, 3});
    CHECK(p.why == fell_short::no);
    CHECK(p.slots({.k = 0}).empty());
    CHECK(p.why == fell_short::no);
    p.all.clear();
    CHECK(p.slots({.k = 1}).empty());
    CHECK(p.why == fell_short::few);
}

TEST_CASE("A dispersion that is just kept is accepted", "[recall]") {
    auto p = four_of_them();
    CHECK(p.slots({.k = 4, .min_dispersion = .5}) == list{0, 2, 3}); // right angles: exactly .5
    CHECK(p.slots({.k = 4, .min_dispersion = .50001}) == list{0, 3});
    CHECK(p.slots({.k = 4, .min_dispersion = 1}) == list{0, 3});
}

TEST_CASE("Each setting of diversity changes the picks", "[recall]") {
    auto p = four_of_them();
    diversity base{.k = 3, .lambda = .6};
    auto const usual = p.picks(base);
    std::size_t settings = 0;
    for_each_field(base, [&](field_name name, auto& figure) {
        CAPTURE(std::string(name.name));
        ++settings;
        auto const was = figure;
        if (name.name == "k") figure = static_cast<std::remove_reference_t<decltype(figure)>>(2);
        if (name.name == "lambda") figure = 1;
        if (name.name == "min_dispersion")
            figure = static_cast<std::remove_reference_t<decltype(figure)>>(.6);
        CHECK(p.picks(base) != usual);
        figure = was;
    });
    CHECK(settings == 3);
    base.min_dispersion = 1e-300; // the least that is on: what is equal to a pick is not accepted
    base.k = 4;
    CHECK(p.picks(base).size() == 3);
    base.min_dispersion = 0;
    CHECK(p.picks(base).size() == 4);
}

TEST_CASE("Settings of diversity out of range are refused by name", "[recall]") {
    auto p = four_of_them();
    double const no_number = std::numeric_limits<double>::quiet_NaN();
    auto const refused = [&](diversity const& how) {
        auto const told = p.pick(p.compare, p.all, how);
        REQUIRE(!told);
        CHECK(told.error().is(recall::faults::invalid_config));
        return std::string(told.error().sentence());
    };
    for (double const bad : {-.01, 1.01, no_number}) {
        CHECK(refused({.lambda = bad}) == "recall.diverse.lambda must lie in [0, 1]");
        CHECK(
            refused({.min_dispersion = bad}) == "recall.diverse.min_dispersion must lie in [0, 1]");
    }
}

TEST_CASE("A relevance off the scale is refused with its position", "[recall]") {
    for (double const bad :
         {-.001, 1.001, -300., std::numeric_limits<double>::quiet_NaN(),
          std::numeric_limits<double>::infinity()}) {
        auto p = four_of_them();
        p.all[2].relevance = bad;
        auto const told = p.pick(p.compare, p.all, {});
        REQUIRE(!told);
        CHECK(told.error().is(recall::faults::off_scale));
        CHECK(told.error().position() == 2);
    }
}

TEST_CASE("Four times k, or k and 32 more, are fetched to pick from, at most all", "[recall]") {
    CHECK(recall::overfetch({.entries = 1000, .k = 1}) == 33);
    CHECK(recall::overfetch({.entries = 1000, .k = 10}) == 42);
    CHECK(recall::overfetch({.entries = 1000, .k = 11}) == 44);
    CHECK(recall::overfetch({.entries = 1000, .k = 100}) == 400);
    CHECK(recall::overfetch({.entries = 1000, .k = 250}) == 1000);
    CHECK(recall::overfetch({.entries = 1000, .k = 251}) == 1000);
    CHECK(recall::overfetch({.entries = 20, .k = 1}) == 20);
    CHECK(recall::overfetch({.entries = 0, .k = 5}) == 0);
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    CHECK(recall::overfetch({.entries = most, .k = most}) == most);
    CHECK(recall::overfetch({.entries = most, .k = most / 4}) == most / 4 * 4);
}

namespace {

struct many {
    explicit many(std::size_t count) : compare(metric::cosine, 24) {
        counter_rng const draw{{.seed = 5}};
        vectors.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            std::vector<float> v(24);
            for (std::size_t d = 0; d < 24; ++d) {
                double const centre = draw.unit(1'000'000 + i % 12 * 24 + d) - .5;
                v[d] = static_cast<float>(centre + .3 * (draw.unit(i * 24 + d) - .5));
            }
            vectors.push_back(v);
            all.push_back(
                {entry(static_cast<std::uint32_t>(i)), compare.measure(vectors.back()).value(),
                 .5 + .5 * draw.unit(9'000'000 + i)});
        }
    }
    recall::comparer compare;
    std::vector<std::vector<float>> vectors;
    std::vector<contender> all;
};

} // namespace

TEST_CASE("Most contenders are not compared with most picks", "[recall]") {
    many const m{600};
    recall::diverse pick;
    REQUIRE(pick(m.compare, m.all, {.k = 60}).has_value());
    CHECK(pick.compared() >= 599);
    CHECK(pick.compared() < 600 * 60 / 4);
    REQUIRE(pick(m.compare, m.all, {.k = 1}).has_value());
    CHECK(pick.compared() == 0);
}

TEST_CASE("Picking again allocates nothing, and bytes() is what is held", "[recall]") {
    if (!support::counting()) return;
    many const m{200};
    support::allocation_watch const kept;
    recall::diverse pick;
    CHECK(pick.bytes() == 0);
    bool good = pick(m.compare, m.all, {.k = 30}).has_value();
    auto const held = kept.kept_bytes();
    support::allocation_watch const watch;
    for (std::size_t k = 0; k <= 30; ++k) good = good && pick(m.compare, m.all, {.k = k});
    auto const count = watch.count();
    CHECK(good);
    CHECK(count == 0);
    CHECK(static_cast<std::size_t>(held) == pick.bytes());
}

TEST_CASE("A picker that ran out of memory picks as a new one does", "[recall]") {
    if (!support::counting()) return;
    many const m{50};
    recall::diverse whole;
    auto const truth = whole(m.compare, m.all, {.k = 20}).value().picks;
    std::size_t failures = 0;
    for (std::size_t after = 0;; ++after) {
        recall::diverse pick;
        {
            support::failing_allocation const fails{after};
            bool thrown = false;
            try {
                thrown = !pick(m.compare, m.all, {.k = 20});
            } catch (std::bad_alloc const&) { thrown = true; }
            if (!fails.happened()) break;
            CHECK(thrown);
            ++failures;
        }
        auto const again = pick(m.compare, m.all, {.k = 20}).value().picks;
        CHECK(std::vector(again.begin(), again.end()) == std::vector(truth.begin(), truth.end()));
    }
    CHECK(failures == 3);
}
