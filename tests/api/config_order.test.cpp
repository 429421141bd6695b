// SPDX-License-Identifier: MIT
// The settings in their order. Command lines and files name them; positional readers count them. Red is right when a
// setting was renamed or moved; a new one is added where it stands.
#include <string>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/io.hpp>
#include <runnel/recall.hpp>

#include "support/catch.hpp"

namespace {

template <class Config> std::vector<std::string> fields_of(Config config) {
    std::vector<std::string> found;
    runnel::for_each_field(config, [&](runnel::field_name at, auto&) {
        found.push_back(
            at.group.empty() ? std::string{at.name}
                             : std::string{at.group} + "." + std::string{at.name});
    });
    return found;
}
using names = std::vector<std::string>;

} // namespace

TEST_CASE("config fields keep their names and order", "[api]") {
    names const golden{
        "implementation",
        "alpha",
        "step",
        "transfer_cap",
        "min_transfer",
        "threshold",
        "hysteresis",
        "seed",
        "storage",
        "retry_budget",
        "retry_below",
        "max_strides",
        "max_costs",
        "workers_from",
        "track_shadow",
        "shadow_degree_cap",
        "track_radius",
        "visit_rate",
        "reader.source",
        "reader.shrinkage",
        "reader.least_spread",
        "reader.z_limit",
        "reader.baseline",
        "reader.ema_rate",
        "fanout.low",
        "fanout.high",
        "fanout.selective_k",
        "fanout.pressure_enabled",
        "fanout.pressure_threshold",
        "fanout.pressure_factor",
        "fanout.pressure_graded",
        "fanout.min_k",
        "fanout.task",
        "fanout.reduction",
        "fanout.certify_limit",
        "fanout.ties",
        "fanout.explore",
        "split.enabled",
        "split.k",
        "split.all_kept",
        "split.temperature",
        "by_divergence.enabled",
        "by_divergence.low",
        "by_divergence.high",
        "by_divergence.steepness",
        "by_divergence.middle",
        "by_divergence.explores",
        "by_divergence.explore_low",
        "by_divergence.explore_high",
        "stickiness.mode",
        "stickiness.of_type",
        "stickiness.consolidated",
        "stickiness.degree",
        "decay.base",
        "decay.multiplier",
        "decay.half_life",
        "decay.gain",
        "decay.flush_below",
        "decay.scope",
        "decay.clock",
        "weight_decay.base",
        "weight_decay.multiplier",
        "weight_decay.by_source",
        "weight_decay.half_life",
        "weight_decay.every",
        "weight_decay.relax",
        "consolidation.enabled",
        "consolidation.working_memory",
        "consolidation.affect",
        "consolidation.goal",
        "consolidation.most",
        "consolidation.most_nodes",
        "resistance.enabled",
        "resistance.degree",
        "resistance.groups",
        "resistance.of_type",
        "resistance.most",
        "matrix.alpha",
        "matrix.delta",
        "safe_mode.alpha_factor",
        "safe_mode.dt_cap",
        "safe_mode.tripwire",
        "safe_mode.tripwire_share",
        "safe_mode.tripwire_frames",
    };
    CHECK(fields_of(runnel::config{}) == golden);
}

TEST_CASE("settings of a memory keep their names and order", "[api]") {
    names const golden{
        "dimension",       "metric",
        "coding",          "budget.limit",
        "budget.trigger",  "budget.target",
        "cache.entries",   "cache.longest",
        "feedback.prior",  "feedback.prior_count",
        "feedback.margin", "quality.on",
        "quality.least",   "hybrid.similarity",
        "hybrid.utility",  "hybrid.agreement",
    };
    CHECK(fields_of(runnel::recall::memory_config{}) == golden);
}

TEST_CASE("each part of a memory keeps the names and order of its settings", "[api]") {
    namespace recall = runnel::recall;
    CHECK(fields_of(recall::budget{}) == names{"limit", "trigger", "target"});
    CHECK(fields_of(recall::cache_config{}) == names{"entries", "longest"});
    CHECK(fields_of(recall::feedback_config{}) == names{"prior", "prior_count", "margin"});
    CHECK(fields_of(recall::quality_gate{}) == names{"on", "least"});
    CHECK(fields_of(recall::hybrid_weights{}) == names{"similarity", "utility", "agreement"});
    CHECK(fields_of(recall::keep_config{}) == names{"utility", "recency", "use", "use_unit"});
    CHECK(fields_of(recall::diversity{}) == names{"k", "lambda", "min_dispersion"});
    CHECK(fields_of(recall::seeding{}) == names{"temperature", "energy", "grain"});
    CHECK(
        fields_of(recall::inquiry{})
        == names{
            "k", "effort", "lambda", "min_dispersion", "seeds.temperature", "seeds.energy",
            "seeds.grain"});
    CHECK(
        fields_of(recall::hnsw_config{})
        == names{"links", "build_effort", "effort", "seed", "scan_rather"});
    CHECK(
        fields_of(recall::adaptive_config{})
        == names{
            "walk.links", "walk.build_effort", "walk.effort", "walk.seed", "walk.scan_rather",
            "walk_from", "scan_below", "pace"});
}

TEST_CASE("settings of the readers keep their names and order", "[api]") {
    namespace io = runnel::io;
    CHECK(fields_of(io::edge_list_config{}) == names{"weights", "nodes", "links", "most_nodes"});
    CHECK(fields_of(io::matrix_market_config{}) == names{"weights", "links", "most_nodes"});
}
