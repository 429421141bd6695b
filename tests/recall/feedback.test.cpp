// SPDX-License-Identifier: MIT
// Utility from outcomes, and what classes turned out to be worth.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>

#include <runnel/recall/feedback.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall::class_feedback;
using recall::feedback_config;
using recall::feedback_table;
using recall::outcomes;
using recall::verdict;

TEST_CASE("Utility moves from the prior to the mean", "[recall][feedback]") {
    feedback_table table;
    outcomes entry;
    CHECK(table.utility(entry) == .5);
    CHECK(entry.mean() == 0);
    CHECK(table.tell(entry, {.outcome = 1}));
    CHECK(table.utility(entry) == Approx((.5 * 4 + 1) / 5)); // one outcome does not decide
    CHECK(table.tell(entry, {.outcome = .25}));
    CHECK(table.utility(entry) == Approx((.5 * 4 + 1.25) / 6));
    CHECK(entry.mean() == .625);
    CHECK(entry.count == 2);
    for (int i = 0; i < 10000; ++i) CHECK(table.tell(entry, {.outcome = 1}));
    CHECK(table.utility(entry) > .999);
}

TEST_CASE("Each setting of feedback counts", "[recall][feedback]") {
    outcomes const entry{.sum = 3, .count = 4};
    CHECK(recall::utility({}, entry) == Approx(5. / 8));
    CHECK(recall::utility({.prior = 1}, entry) == Approx(7. / 8));
    CHECK(recall::utility({.prior = .25}, {}) == .25);
    CHECK(recall::utility({.prior_count = 12}, entry) == Approx(9. / 16));
    CHECK(recall::utility({.prior_count = 0}, entry) == entry.mean()); // off: the mean alone
    CHECK(recall::utility({.prior = .1, .prior_count = 0}, entry) == entry.mean());
    CHECK(recall::utility({.prior = .1, .prior_count = 0}, {}) == .1); // of nothing, no mean
    CHECK(feedback_table{{.prior_count = 12}}.utility(entry) == Approx(9. / 16));
    CHECK(feedback_table{{.prior = .25}}.settings().prior == .25);
    CHECK(recall::judged({}, .55) == verdict::neither);
    CHECK(recall::judged({.margin = .05}, .55) == verdict::helpful);
}

TEST_CASE("Outcomes beyond the margin are helpful or harmful", "[recall][feedback]") {
    feedback_config const c;
    CHECK(recall::judged(c, .6) == verdict::helpful);
    CHECK(recall::judged(c, std::nextafter(.6, 0.)) == verdict::neither);
    CHECK(recall::judged(c, .4) == verdict::harmful);
    CHECK(recall::judged(c, std::nextafter(.4, 1.)) == verdict::neither);
    feedback_config const none{.margin = 0};
    CHECK(recall::judged(none, .5) == verdict::neither);
    CHECK(recall::judged(none, std::nextafter(.5, 1.)) == verdict::helpful);
    CHECK(recall::judged(none, std::nextafter(.5, 0.)) == verdict::harmful);
    feedback_config const all{.margin = .5};
    CHECK(recall::judged(all, 1) == verdict::helpful);
    CHECK(recall::judged(all, 0) == verdict::harmful);
    CHECK(recall::judged(all, .99) == verdict::neither);
}

TEST_CASE("Classes add up over their entries", "[recall][feedback]") {
    feedback_table table;
    outcomes a;
    outcomes b;
    CHECK(table.tell(a, {.of = 7, .outcome = 1}));
    CHECK(table.tell(b, {.of = 7, .outcome = .5}));
    CHECK(table.tell(b, {.of = 7, .outcome = 0}));
    CHECK(table.tell(b, {.of = 2, .outcome = .75}));
    CHECK(table.of(7) == class_feedback{.told = {1.5, 3}, .helpful = 1, .harmful = 1, .of = 7});
    CHECK(table.of(7).told.mean() == .5);
    CHECK(table.of(2).told == outcomes{.75, 1});
    class_feedback nothing;
    nothing.of = 3;
    CHECK(table.of(3) == nothing);
    REQUIRE(table.classes().size() == 2);
    CHECK(table.classes()[0].of == 2);
    CHECK(table.classes()[1].of == 7);
    CHECK(a == outcomes{1, 1});
    CHECK(b == outcomes{1.25, 3});
}

TEST_CASE("What is no outcome is refused and books nothing", "[recall][feedback]") {
    feedback_table table;
    outcomes entry;
    for (double const x :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -1e-9,
          std::nextafter(1., 2.)}) {
        auto const told = table.tell(entry, {.of = 1, .outcome = x});
        REQUIRE(!told);
        CHECK(told.error().is(recall::faults::bad_outcome));
        CHECK(!told.error().offender().empty());
    }
    CHECK(entry == outcomes{});
    CHECK(table.classes().empty());
    CHECK(table.tell(entry, {.outcome = 0}));
    CHECK(table.tell(entry, {.outcome = 1}));
}

TEST_CASE("A table holds every class there is, in bytes it tells", "[recall][feedback]") {
    support::allocation_watch const watch;
    feedback_table table;
    outcomes entry;
    for (std::uint32_t i = 0; i < 65536; ++i) // far apart, each once
        if (!table.tell(entry, {.of = static_cast<std::uint16_t>(i * 40503), .outcome = 1}))
            FAIL("refused");
    CHECK(table.classes().size() == 65536);
    CHECK(table.bytes() == 65536 * sizeof(class_feedback));
    if (support::counting())
        CHECK(watch.kept_bytes() == static_cast<std::ptrdiff_t>(table.bytes()));
    std::size_t const before = watch.count();
    CHECK(table.tell(entry, {.of = 65535, .outcome = 1}));
    CHECK(table.of(65535).told.count == 2);
    if (support::counting()) CHECK(watch.count() == before);
    table.clear();
    CHECK(table.bytes() == 0);
    CHECK(table.classes().empty());
}

TEST_CASE("Feedback that finds no memory books nothing", "[recall][feedback]") {
    if (!support::counting()) return;
    feedback_table table;
    outcomes entry;
    support::failing_allocation const fail{0};
    CHECK_THROWS_AS(table.tell(entry, {.of = 1, .outcome = 1}).has_value(), std::bad_alloc);
    CHECK(fail.happened());
    CHECK(entry == outcomes{});
    CHECK(table.classes().empty());
}

TEST_CASE("A setting of feedback out of range is named", "[recall][feedback]") {
    double const nan = std::numeric_limits<double>::quiet_NaN();
    auto const told = [](feedback_config c) {
        auto const ok = c.validate();
        REQUIRE(!ok);
        CHECK(ok.error().is(recall::faults::invalid_config));
        return ok.error().sentence();
    };
    for (double const x : {nan, -1e-9, 1e300}) {
        CHECK(told({.prior = x}) == "recall.feedback.prior must lie in [0, 1]");
        CHECK(told({.prior_count = x}) == "recall.feedback.prior_count must lie in [0, 2^53]");
        CHECK(told({.margin = x}) == "recall.feedback.margin must lie in [0, .5]");
    }
    CHECK_FALSE(feedback_config{.prior = 1.01}.validate());
    CHECK_FALSE(feedback_config{.margin = .51}.validate());
    CHECK(feedback_config{.prior = 0, .prior_count = 0, .margin = 0}.validate());
    CHECK(feedback_config{.prior = 1, .prior_count = 0x1p53, .margin = .5}.validate());
}
