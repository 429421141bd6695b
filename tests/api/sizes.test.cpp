// SPDX-License-Identifier: MIT
// What a user pays per thing, in bytes. Each line is a promise; it grows only with a reason beside it.
#include <cstdint>
#include <type_traits>
#include <utility>

#include <runnel/engine.hpp>

#include "support/catch.hpp"

namespace {

// Ids, amounts and weights are bare numbers.
static_assert(sizeof(runnel::node_id) == 4 && sizeof(runnel::link_id) == 4);
static_assert(sizeof(runnel::energy) == 8 && sizeof(runnel::fraction) == 8);
static_assert(sizeof(runnel::log_weight) == 4);
static_assert(sizeof(runnel::instant) == 8);

// A store reads 8 bytes a link; a field holds 32 a node, half a cache line.
static_assert(sizeof(runnel::row_entry) == 8);
static_assert(sizeof(runnel::detail::node_record<runnel::energy>) == 32);
static_assert(sizeof(runnel::detail::node_record<double>) == 32);

// A fault is small enough to return and needs no destructor.
static_assert(sizeof(runnel::fault) <= 128 && std::is_trivially_copyable_v<runnel::fault>);
static_assert(sizeof(runnel::result<int>) <= sizeof(runnel::fault) + 8);
static_assert(sizeof(runnel::status) <= sizeof(runnel::fault) + 8);

// Policies without state are free, also inside an engine; one with state costs its state.
struct stateless {
    double operator()(runnel::candidate const& c) const { return -c.lw.log(); }
};
struct stateful {
    double bias;
    double operator()(runnel::candidate const& c) const { return bias - c.lw.log(); }
};
struct listener {
    void operator()(runnel::event::frame_end const&) const {}
};
template <class Pipeline>
using engine_of = typename decltype(runnel::make_engine(
    std::declval<runnel::graph const&>(), std::declval<runnel::graph::store const&>(),
    runnel::config{}, std::declval<Pipeline>()))::value_type;
using plain = runnel::pipeline<>;
using free_policies = runnel::pipeline<stateless, listener>;
static_assert(std::is_empty_v<plain> && std::is_empty_v<free_policies>);
static_assert(sizeof(runnel::pipeline<stateful>) == sizeof(stateful));
static_assert(sizeof(engine_of<free_policies>) == sizeof(engine_of<plain>));
static_assert(
    sizeof(engine_of<runnel::pipeline<stateful>>) <= sizeof(engine_of<plain>) + sizeof(stateful));

// A named sink is one pointer.
static_assert(sizeof(runnel::event::reference<listener>) == sizeof(void*));

} // namespace

TEST_CASE("sizes are as promised", "[api]") { SUCCEED("at compile time"); }
