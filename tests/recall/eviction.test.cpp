// SPDX-License-Identifier: MIT
// Who leaves: what the policies say, who goes first, what is refused; and the budget that asks for it.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <vector>

#include <runnel/recall/eviction.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall::budget;
using recall::entry_id;
using recall::keep_config;
using recall::keep_score;
using recall::tenant;
using recall::tick;

namespace {

using tenants = std::vector<tenant>;
using ids = std::vector<entry_id>;
using chosen = runnel::detail::array<entry_id>;

tenant of(std::uint32_t slot, tenant rest = {}) {
    rest.entry = {slot, 1};
    if (rest.bytes == 0) rest.bytes = 10;
    return rest;
}
std::vector<std::uint32_t> slots(chosen const& from) {
    std::vector<std::uint32_t> all;
    for (entry_id const e : from) all.push_back(e.slot);
    return all;
}
template <class Policy>
std::vector<std::uint32_t> choose(
    tenants const& all, std::uint64_t bytes, Policy const& policy, tick now = tick{100}) {
    chosen victims;
    auto const freed = recall::choose_victims(all, now, bytes, policy, victims);
    REQUIRE(freed);
    CHECK(*freed >= bytes);
    return slots(victims);
}
using order = std::vector<std::uint32_t>;

auto const by_utility = [](tenant const& t, tick) { return t.utility; };

} // namespace

TEST_CASE("The score for keeping is the formula", "[recall][eviction]") {
    tenant t = of(0, {.utility = .75, .uses = 9, .last_used = tick{97}});
    CHECK(keep_score{}(t, tick{100}) == Approx(.4 * .75 + .4 / 4 + .2 * std::log(10.) / 10));
    CHECK(keep_score{}(t, tick{97}) == Approx(.4 * .75 + .4 + .2 * std::log(10.) / 10));
    CHECK(keep_score{}(t, tick{90}) == keep_score{}(t, tick{97})); // not younger than just used
    t = of(0);
    CHECK(keep_score{}(t, tick{0}) == Approx(.4 * .5 + .4));
}

TEST_CASE("Each setting of the score counts; at 0 its part is not there", "[recall][eviction]") {
    tenant const t = of(0, {.utility = .75, .uses = 9, .last_used = tick{97}});
    double const whole = keep_score{}(t, tick{100});
    double const use = .2 * std::log(10.) / 10;
    CHECK(keep_score{{.utility = 0}}(t, tick{100}) == Approx(.1 + use));
    CHECK(keep_score{{.recency = 0}}(t, tick{100}) == Approx(.3 + use));
    CHECK(keep_score{{.use = 0}}(t, tick{100}) == Approx(.4));
    CHECK(keep_score{{.use_unit = 5}}(t, tick{100}) == Approx(.4 + 2 * use));
    keep_score const off{{.utility = 0, .recency = 0, .use = 0}};
    CHECK(off(t, tick{100}) == 0);
    CHECK(off.settings().use_unit == 10);
    CHECK(whole > .4);
    // Off is as if absent: what it looked at no longer matters, to the bit.
    tenant other = t;
    other.utility = .1;
    CHECK(keep_score{{.utility = 0}}(t, tick{100}) == keep_score{{.utility = 0}}(other, tick{100}));
    other = t, other.last_used = tick{5};
    CHECK(keep_score{{.recency = 0}}(t, tick{100}) == keep_score{{.recency = 0}}(other, tick{100}));
    other = t, other.uses = 5;
    CHECK(keep_score{{.use = 0}}(t, tick{100}) == keep_score{{.use = 0}}(other, tick{100}));
}

TEST_CASE("A setting of the score out of range is named", "[recall][eviction]") {
    double const nan = std::numeric_limits<double>::quiet_NaN();
    double const infinite = std::numeric_limits<double>::infinity();
    auto const told = [](keep_config c) {
        auto const ok = keep_score{c}.validate();
        REQUIRE(!ok);
        CHECK(ok.error().is(recall::faults::invalid_config));
        return ok.error().sentence();
    };
    for (double const x : {nan, infinite, -1e-9}) {
        CHECK(told({.utility = x}) == "recall.keep.utility must be finite and not negative");
        CHECK(told({.recency = x}) == "recall.keep.recency must be finite and not negative");
        CHECK(told({.use = x}) == "recall.keep.use must be finite and not negative");
        CHECK(told({.use_unit = x}) == "recall.keep.use_unit must be finite and at least 2^-100");
    }
    CHECK_FALSE(keep_config{.use_unit = 0}.validate());
    CHECK(keep_config{.utility = 0, .recency = 0, .use = 0, .use_unit = 0x1p-100}.validate());
}

TEST_CASE("The order changes as time passes", "[recall][eviction]") {
    tenants const all{
        of(0, {.utility = .2, .last_used = tick{10}}),
        of(1, {.utility = .6, .last_used = tick{8}})};
    CHECK(choose(all, 1, keep_score{}, tick{10}) == order{1}); // just used
    CHECK(choose(all, 1, keep_score{}, tick{50}) == order{0});
}

TEST_CASE("The first in and the least recently used go by their ticks", "[recall][eviction]") {
    tenants const all{
        of(0, {.added = tick{3}, .last_used = tick{9}}),
        of(1, {.added = tick{1}, .last_used = tick{8}}),
        of(2, {.added = tick{2}, .last_used = tick{4}})};
    CHECK(choose(all, 30, recall::first_in_first_out{}) == order{1, 2, 0});
    CHECK(choose(all, 30, recall::least_recently_used{}) == order{2, 1, 0});
    tenants late = all; // beyond what a double tells apart
    for (tenant& t : late)
        t.added = tick{(std::uint64_t{1} << 60) + static_cast<std::uint64_t>(t.added)};
    CHECK(choose(late, 30, recall::first_in_first_out{}) == order{1, 2, 0});
}

TEST_CASE("Ties go by age, then by entry", "[recall][eviction]") {
    tenants all{of(2, {.added = tick{5}}), of(1, {.added = tick{5}}), of(3, {.added = tick{4}})};
    all.push_back(all[1]);
    all.back().entry.generation = 0;
    CHECK(choose(all, 40, by_utility) == order{3, 1, 1, 2});
    chosen victims;
    CHECK(recall::choose_victims(all, tick{9}, 20, by_utility, victims));
    CHECK(victims[1] == entry_id{1, 0});
}

TEST_CASE("A lambda is a policy", "[recall][eviction]") {
    tenants const all{of(0, {.bytes = 5}), of(1, {.bytes = 9}), of(2, {.bytes = 7})};
    auto const large_first = [](tenant const& t, tick) { return -static_cast<double>(t.bytes); };
    CHECK(choose(all, 10, large_first) == order{1, 2});
}

TEST_CASE("Whom a large victim made needless stays", "[recall][eviction]") {
    tenants const all{
        of(0, {.utility = .1, .bytes = 10}), of(1, {.utility = .2, .bytes = 4}),
        of(2, {.utility = .3, .bytes = 100}), of(3, {.utility = .4, .bytes = 100})};
    chosen victims;
    CHECK(recall::choose_victims(all, tick{9}, 100, by_utility, victims).value() == 100);
    CHECK(slots(victims) == order{2});
    // 4 and 10 could each be spared, not both: who is worth more is.
    CHECK(recall::choose_victims(all, tick{9}, 104, by_utility, victims).value() == 110);
    CHECK(slots(victims) == order{0, 2});
}

TEST_CASE("The pinned stay, and if too little is left nobody goes", "[recall][eviction]") {
    tenants const all{of(0, {.utility = .1, .pins = 1}), of(1), of(2)};
    CHECK(choose(all, 15, by_utility) == order{1, 2});
    chosen victims(3);
    auto const told = recall::choose_victims(all, tick{9}, 21, by_utility, victims);
    REQUIRE(!told);
    CHECK(told.error().is(recall::faults::capacity_exceeded));
    CHECK(told.error().offender() == "20");
    CHECK(victims.empty());
    auto const nobody = recall::choose_victims(tenants{}, tick{9}, 1, by_utility, victims);
    CHECK(!nobody);
}

TEST_CASE("A target that pins put out of reach costs no more than needed", "[recall][eviction]") {
    tenants const all{of(0, {.bytes = 80, .pins = 2}), of(1), of(2), of(3)};
    chosen victims;
    auto const go = [&](recall::relief asked) {
        return recall::choose_victims(all, tick{9}, asked, by_utility, victims);
    };
    CHECK(go({.wanted = 30, .needed = 5}).value() == 30);
    CHECK(slots(victims) == order{1, 2, 3});
    CHECK(go({.wanted = 31, .needed = 5}).value() == 10);
    CHECK(slots(victims) == order{1});
    CHECK(go({.wanted = 31, .needed = 0}).value() == 0);
    CHECK(victims.empty());
    CHECK(go({.wanted = 31, .needed = 5, .share = .6}).value() == 20); // of the 30 there are
    CHECK(slots(victims) == order{1, 2});
    CHECK(go({.wanted = 31, .needed = 25, .share = .6}).value() == 30);
    CHECK(go({.wanted = 30, .needed = 5, .share = .6}).value() == 30); // within reach
    CHECK(!go({.wanted = 31, .needed = 31}));
    CHECK(go({.wanted = 0, .needed = 15}).value() == 20); // needed is wanted in any case
}

TEST_CASE("A score that is no number is refused, not obeyed", "[recall][eviction]") {
    tenants all{of(0), of(1), of(2)};
    auto const confused = [](tenant const& t, tick) { return t.entry.slot == 1 ? NAN : 1; };
    chosen victims(3);
    auto const told = recall::choose_victims(all, tick{9}, 1, confused, victims);
    REQUIRE(!told);
    CHECK(told.error().is(recall::faults::score_not_a_number));
    CHECK(told.error().position() == 1);
    CHECK(victims.empty());
    all[1].pins = 1; // is not asked about
    CHECK(recall::choose_victims(all, tick{9}, 1, confused, victims));
    tenants const undecided{of(0, {.utility = NAN})};
    CHECK(!recall::choose_victims(undecided, tick{9}, 1, keep_score{}, victims));
    auto const endless = [](tenant const& t, tick) {
        return t.entry.slot == 1 ? -std::numeric_limits<double>::infinity() : 0;
    };
    CHECK(choose({of(0), of(1)}, 1, endless) == order{1}); // an order all the same
}

TEST_CASE("Nothing asked, nobody goes; nothing to free, nobody goes", "[recall][eviction]") {
    tenants all{of(0), of(1)};
    CHECK(choose(all, 0, by_utility).empty());
    all[0].bytes = 0;
    CHECK(choose(all, 1, by_utility) == order{1});
}

TEST_CASE("Sizes that add up beyond a word are not lost", "[recall][eviction]") {
    std::uint64_t const most = ~std::uint64_t{0};
    tenants const all{of(0, {.bytes = most - 5}), of(1, {.bytes = most - 5})};
    chosen victims;
    CHECK(recall::choose_victims(all, tick{9}, most, by_utility, victims).value() == most);
    CHECK(victims.size() == 2);
}

TEST_CASE("A choice that finds no memory chooses nobody", "[recall][eviction]") {
    if (!support::counting()) return;
    tenants const all{of(0), of(1)};
    std::size_t failures = 0;
    for (std::size_t after = 0;; ++after) {
        chosen victims;
        bool failed = false;
        {
            support::failing_allocation const fail{after};
            try {
                (void)recall::choose_victims(all, tick{9}, 20, by_utility, victims);
            } catch (std::bad_alloc const&) { failed = true; }
        }
        if (!failed) break;
        ++failures;
        CHECK(victims.empty());
    }
    CHECK(failures == 2);
}

TEST_CASE("From the trigger down to the target", "[recall][budget]") {
    budget const b{.limit = 1000};
    using recall::relief;
    CHECK(recall::bytes_to_free(b, {.used = 800, .more = 100}) == relief{});
    CHECK_FALSE(recall::needs_eviction(b, {.used = 800, .more = 100}));
    double const share = 1 - .8 / .9;
    CHECK(
        recall::bytes_to_free(b, {.used = 800, .more = 101})
        == relief{.wanted = 101, .share = share});
    CHECK(recall::needs_eviction(b, {.used = 800, .more = 101}));
    CHECK(
        recall::bytes_to_free(b, {.used = 900, .more = 150})
        == relief{.wanted = 250, .needed = 50, .share = share});
    CHECK(
        recall::bytes_to_free(b, {.used = ~std::uint64_t{0}, .more = 5}).needed
        == ~std::uint64_t{0} - 1000);
}

TEST_CASE("Each setting of the budget counts; without a limit none does", "[recall][budget]") {
    recall::demand const d{.used = 900, .more = 50};
    auto const wanted = [&](budget b) { return recall::bytes_to_free(b, d).wanted; };
    CHECK(wanted({.limit = 1000}) == 150);
    CHECK(wanted({.limit = 1100}) == 0);
    CHECK(wanted({.limit = 1000, .trigger = .95}) == 0);
    CHECK(wanted({.limit = 1000, .target = .5}) == 450);
    CHECK(wanted({.limit = 950, .trigger = 1, .target = 1}) == 0); // full to the last byte
    CHECK(wanted({.limit = 949, .trigger = 1, .target = 1}) == 1);
    CHECK(wanted({.limit = 0}) == 0);
    CHECK(recall::check_fits({.limit = 0}, {.more = ~std::uint64_t{0}}));
}

TEST_CASE("What does not fit an empty memory is refused beforehand", "[recall][budget]") {
    budget const b{.limit = 1000};
    CHECK(recall::check_fits(b, {.used = 990, .fixed = 100, .more = 900}));
    auto const told = recall::check_fits(b, {.used = 990, .fixed = 100, .more = 901});
    REQUIRE(!told);
    CHECK(told.error().is(recall::faults::entry_too_large));
    CHECK(told.error().offender() == "901");
    CHECK(!recall::check_fits(b, {.fixed = 2, .more = ~std::uint64_t{0}}));
}

TEST_CASE("Time stands still at its end", "[recall][eviction]") {
    CHECK(recall::later(tick{7}, 5) == tick{12});
    CHECK(recall::later(tick{7}, ~std::uint64_t{0}) == tick{~std::uint64_t{0}});
    CHECK(recall::later(tick{~std::uint64_t{0}}, 1) == tick{~std::uint64_t{0}});
}

TEST_CASE("A setting of the budget out of range is named", "[recall][budget]") {
    auto const told = [](budget b) {
        auto const ok = b.validate();
        REQUIRE(!ok);
        CHECK(ok.error().is(recall::faults::invalid_config));
        return ok.error().sentence();
    };
    for (double const x : {0., -1., 1.01, static_cast<double>(NAN)})
        CHECK(told({.trigger = x}) == "recall.budget.trigger must lie in (0, 1]");
    for (double const x : {0., -1., .91, static_cast<double>(NAN)})
        CHECK(
            told({.target = x})
            == "recall.budget.target (.8 unless set) must lie in (0, recall.budget.trigger]");
    CHECK(budget{.trigger = 1, .target = 1}.validate());
}
