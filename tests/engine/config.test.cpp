// SPDX-License-Identifier: MIT
// Configs are accepted or refused with the offender named; never repaired.
#include <limits>
#include <string_view>
#include <utility>

#include <runnel/engine.hpp>

#include "support/catch.hpp"

namespace {

using runnel::config;
using runnel::node_type;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

struct refusal {
    config settings;
    std::string_view sentence;
    std::string_view offender;
};

} // namespace

TEST_CASE("the default config is valid, at compile time too", "[engine]") {
    static_assert(config{}.validate().has_value());
    CHECK(config{}.validate().has_value());
}

TEST_CASE("each setting out of range is a fault naming rule and offender", "[engine]") {
    refusal const refusals[] = {
        {{.alpha = 0}, "alpha must be finite and above 0", "0"},
        {{.alpha = -1.5}, "alpha must be finite and above 0", "-1.5"},
        {{.alpha = not_a_number}, "alpha must be finite and above 0", "nan"},
        {{.alpha = inf}, "alpha must be finite and above 0", "inf"},
        {{.step = runnel::step_rule{2}}, "step must be linear or exponential", "2"},
        {{.transfer_cap = 0}, "transfer_cap must lie in (0, 1]", "0"},
        {{.transfer_cap = 1.25}, "transfer_cap must lie in (0, 1]", "1.25"},
        {{.min_transfer = -1}, "min_transfer must lie in [0, 8388607]", "-1"},
        {{.threshold = not_a_number}, "threshold must lie in [0, 8388607]", "nan"},
        {{.storage = runnel::storage{2}}, "storage must be paged or dense", "2"},
        {{.fanout = {.ties = runnel::fanout::ties{9}}},
         "fanout.ties must be sampled, fixed or by_id",
         "9"},
        {{.fanout = {.explore = 2}}, "fanout.explore must lie in [0, 1]", "2"},
        {{.split = {.k = 0}}, "split.k must be at least 1", "0"},
        {{.split = {.temperature = 0}}, "split.temperature must be finite and above 0", "0"},
        {{.decay = {.base = -2}}, "decay.base must be finite and not negative", "-2"},
        {{.decay = {.multiplier = inf}}, "decay.multiplier must be finite and not negative", "inf"},
        {{.decay = {.gain = not_a_number}}, "decay.gain must be finite and not negative", "nan"},
        {{.decay = {.flush_below = -1}}, "decay.flush_below must lie in [0, 8388607]", "-1"},
        {{.decay = {.scope = runnel::decay_scope{7}}},
         "decay.scope must be touched or support",
         "7"},
        {{.decay = {.clock = runnel::decay_clock{7}}},
         "decay.clock must be elapsed or capped",
         "7"},
        {{.decay = {.base = 1e200, .multiplier = 1e200}},
         "decay.base * decay.multiplier * decay.gain must be finite",
         "inf"},
    };
    for (refusal const& r : refusals) {
        auto const answer = r.settings.validate();
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().code().ends_with(".bad_config"));
        CHECK(answer.error().sentence() == r.sentence);
        CHECK(answer.error().offender() == r.offender);
    }
}

TEST_CASE("a bad entry of a per-type table is named by its type's id", "[engine]") {
    config settings;
    settings.threshold.set(node_type::goal, -1);
    auto const answer = settings.validate();
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().position() == runnel::index(node_type::goal));
}

TEST_CASE("make_engine refuses a bad config and makes nothing", "[engine]") {
    runnel::graph::builder b;
    b.link({b.node(), b.node(), 1});
    auto made = std::move(b).build().value();
    CHECK_FALSE(runnel::make_engine(made.graph, made.store, {.alpha = -1}).has_value());
    CHECK(runnel::make_engine(made.graph, made.store, {}).has_value()); // the store is still free
}

TEST_CASE("one writing engine per store; reading engines are unlimited", "[engine]") {
    runnel::graph::builder b;
    b.link({b.node(), b.node(), 1});
    auto made = std::move(b).build().value();
    {
        auto const writer = runnel::make_engine(made.graph, made.store).value();
        auto const second = runnel::make_engine(made.graph, made.store);
        REQUIRE_FALSE(second.has_value());
        CHECK(second.error().is(runnel::faults::store_owned));
        CHECK(runnel::make_engine(made.graph, std::as_const(made.store)).has_value());
    }
    CHECK(runnel::make_engine(made.graph, made.store).has_value()); // given back with the engine
}
