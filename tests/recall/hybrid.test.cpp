// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <runnel/recall/hybrid.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall::agreement;
using recall::hybrid_weights;
using recall::metric;
using recall::prospect;
using recall::scored;

namespace {

recall::entry_id entry(std::uint32_t slot) { return {slot, 1}; }

std::vector<scored> ranked(
    std::vector<prospect> const& of, hybrid_weights const& by = {}, metric scale = metric::cosine) {
    std::vector<scored> out(of.size());
    recall::rank(by, scale, of, out).value();
    return out;
}

std::vector<std::uint32_t> slots(std::vector<scored> const& of) {
    std::vector<std::uint32_t> all;
    for (scored const& one : of) all.push_back(one.entry.slot);
    return all;
}

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr float no_number_f = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite_f = std::numeric_limits<float>::infinity();

} // namespace

TEST_CASE("A hybrid score is .65 similarity, .20 utility and .10 agreement", "[recall]") {
    auto const of = [](prospect const& one) { return recall::score({}, metric::cosine, one); };
    CHECK(of({entry(0), 1, 1, agreement::match}) == Approx(.95));
    CHECK(of({entry(0), 1, 0, agreement::mismatch}) == Approx(.65));
    CHECK(of({entry(0), -1, 1, agreement::mismatch}) == Approx(.20));
    CHECK(of({entry(0), -1, 0, agreement::match}) == Approx(.10));
    CHECK(of({entry(0), -1, 0, agreement::unknown}) == Approx(.05));
    CHECK(of({entry(0), 0, .5, agreement::unknown}) == Approx(.325 + .1 + .05));
}

TEST_CASE("A hybrid score weighs the similarity on the scale of its metric", "[recall]") {
    hybrid_weights const near_only{.similarity = 1, .utility = 0, .agreement = 0};
    CHECK(recall::score(near_only, metric::cosine, {.similarity = .5F}) == .75);
    CHECK(recall::score(near_only, metric::l2, {.similarity = -3}) == .25);
    CHECK(recall::score(near_only, metric::inner_product, {.similarity = 1}) == .75);
}

TEST_CASE("The weights need not sum to 1, and most() is the best score", "[recall]") {
    hybrid_weights const by{.similarity = 3, .utility = .1, .agreement = 7.3};
    CHECK(recall::score(by, metric::cosine, {entry(0), 1, 1, agreement::match}) == by.most());
    CHECK(by.most() == Approx(10.4));
}

TEST_CASE("Hybrid ranking is by score, then by the lower entry", "[recall]") {
    CHECK(
        slots(ranked({
            {entry(4), .2F, .5},
            {entry(9), .9F, 0, agreement::mismatch},
            {entry(2), .2F, .5},
            {entry(7), .6F, 1, agreement::match},
            {entry(3), .2F, .5},
        }))
        == std::vector<std::uint32_t>{7, 9, 2, 3, 4});
    CHECK(ranked({}).empty());
}

TEST_CASE("Of two tenants of a slot with one score the earlier comes first", "[recall]") {
    auto const order = ranked({{{5, 3}, .5F}, {{5, 1}, .5F}});
    CHECK(order[0].entry.generation == 1);
}

TEST_CASE("Each hybrid weight changes the order, and at 0 its figure is not there", "[recall]") {
    std::vector<prospect> const all{
        {entry(0), .9F, 0, agreement::mismatch},
        {entry(1), -.9F, 1, agreement::mismatch},
        {entry(2), -.9F, 0, agreement::match},
    };
    hybrid_weights const none{.similarity = 0, .utility = 0, .agreement = 0};
    auto const first = [&](auto set) {
        hybrid_weights by = none;
        set(by);
        return slots(ranked(all, by))[0];
    };
    CHECK(first([](auto& by) { by.similarity = 1; }) == 0);
    CHECK(first([](auto& by) { by.utility = 1; }) == 1);
    CHECK(first([](auto& by) { by.agreement = 1; }) == 2);

    std::size_t settings = 0;
    hybrid_weights base;
    for_each_field(base, [&](field_name name, double& figure) {
        CAPTURE(std::string(name.name));
        ++settings;
        double const was = figure;
        figure = 0;
        auto const off = ranked(all, base);
        figure = was;
        CHECK(off != ranked(all, base));
        auto without = all; // the figure is whatever it likes
        for (prospect& one : without) {
            if (name.name == "similarity") one.similarity = .3F;
            if (name.name == "utility") one.utility = .3;
            if (name.name == "agreement") one.agreement = agreement::unknown;
        }
        figure = 0;
        auto const other = ranked(without, base);
        for (std::size_t i = 0; i < all.size(); ++i) {
            CHECK(other[i].entry == off[i].entry);
            CHECK(other[i].score == off[i].score);
        }
        figure = was;
    });
    CHECK(settings == 3);
}

TEST_CASE("Hybrid weights that mean nothing are refused by name", "[recall]") {
    auto const refused = [](hybrid_weights const& by) {
        std::vector<prospect> const all{{entry(0), .5F}};
        std::vector<scored> out{{entry(77), 77}};
        auto const told = recall::rank(by, metric::cosine, all, out);
        REQUIRE(!told);
        CHECK(out[0] == scored{entry(77), 77});
        CHECK(told.error().is(recall::faults::invalid_config));
        return std::string(told.error().sentence());
    };
    CHECK(
        refused({.similarity = -.1}) == "recall.hybrid.similarity must be finite and not negative");
    CHECK(
        refused({.utility = no_number}) == "recall.hybrid.utility must be finite and not negative");
    CHECK(
        refused({.agreement = std::numeric_limits<double>::infinity()})
        == "recall.hybrid.agreement must be finite and not negative");
    CHECK(
        refused({.similarity = 0, .utility = 0, .agreement = 0})
        == "recall.hybrid: one of the weights must be above 0");
    double const huge = std::numeric_limits<double>::max();
    CHECK(
        refused({.similarity = huge, .utility = huge})
        == "recall.hybrid: the weights must have a finite sum");
}

TEST_CASE("A figure off its scale is refused with its position, nothing written", "[recall]") {
    auto const refused = [](metric scale, prospect const& odd) {
        std::vector<prospect> all(3);
        if (scale == metric::l2)
            for (prospect& one : all) one.similarity = -1;
        all[2] = odd;
        std::vector<scored> out(3, scored{entry(77), 77});
        auto const told = recall::rank({}, scale, all, out);
        REQUIRE(!told);
        CHECK(told.error().is(recall::faults::off_scale));
        CHECK(told.error().position() == 2);
        CHECK(out == std::vector<scored>(3, scored{entry(77), 77}));
        return std::string(told.error().sentence());
    };
    std::string const cosine = "a cosine lies in [-1, 1]";
    CHECK(refused(metric::cosine, {.similarity = no_number_f}) == cosine);
    CHECK(refused(metric::cosine, {.similarity = 1.01F}) == cosine);
    CHECK(refused(metric::cosine, {.similarity = -1.01F}) == cosine);
    std::string const l2 = "a squared distance is given below 0";
    CHECK(refused(metric::l2, {.similarity = .5F}) == l2);
    CHECK(refused(metric::l2, {.similarity = no_number_f}) == l2);
    std::string const product = "an inner product is finite";
    CHECK(refused(metric::inner_product, {.similarity = infinite_f}) == product);
    CHECK(refused(metric::inner_product, {.similarity = no_number_f}) == product);
    std::string const utility = "a utility lies in [0, 1]";
    CHECK(refused(metric::cosine, {.utility = no_number}) == utility);
    CHECK(refused(metric::cosine, {.utility = -.001}) == utility);
    CHECK(refused(metric::cosine, {.utility = 1.001}) == utility);
    CHECK(
        refused(metric::cosine, {.agreement = static_cast<agreement>(3)})
        == "an agreement is none of its names");
}

TEST_CASE("What a metric may answer is accepted: roundings and infinite distances", "[recall]") {
    CHECK(prospect{.similarity = 1.0000002F}.validate(metric::cosine));
    CHECK(prospect{.similarity = -infinite_f}.validate(metric::l2));
    CHECK(prospect{.similarity = 1e38F}.validate(metric::inner_product));
    CHECK(
        recall::score({}, metric::cosine, {entry(0), 1.0000002F, 1, agreement::match})
        == hybrid_weights{}.most());
    CHECK(recall::score({}, metric::l2, {.similarity = -infinite_f}) == Approx(.05));
}

TEST_CASE("Hybrid ranking allocates nothing", "[recall]") {
    if (!support::counting()) return;
    std::vector<prospect> all;
    for (std::uint32_t i = 0; i < 300; ++i)
        all.push_back({entry(i), static_cast<float>(i * 37 % 100) / 100});
    std::vector<scored> out(all.size());
    support::allocation_watch const watch;
    auto const done = recall::rank({}, metric::cosine, all, out);
    auto const count = watch.count();
    CHECK(done);
    CHECK(count == 0);
}
