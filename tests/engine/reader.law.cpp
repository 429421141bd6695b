// SPDX-License-Identifier: MIT
// Strength inside a frame: what a source sends follows how its link compares with its like, also after a write.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include <runnel/runnel.hpp>

#include "engine/drawn_case.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using drawn::id_of;
using runnel::config;
using runnel::log_weight;
using runnel::node_id;
namespace event = runnel::event;
namespace weight = runnel::weight;
using real = long double;

struct road {
    std::size_t from = 0;
    std::size_t to = 0;
    unsigned type = 0;
    double lw = 0;
};
struct town {
    std::vector<unsigned> scope;
    std::vector<road> links;
    [[nodiscard]] runnel::graph::built build() const {
        runnel::graph::builder b;
        for (std::size_t n = 0; n < scope.size(); ++n) {
            b.node();
            b.scope(id_of(n), runnel::scope_id(static_cast<std::uint16_t>(scope[n])));
        }
        for (road const& l : links)
            b.log_link(
                {id_of(l.from), id_of(l.to), log_weight::from_log(l.lw).value(),
                 runnel::link_type(static_cast<std::uint16_t>(l.type))});
        return std::move(b).build().value();
    }
};
town any_town(law::gen& g) {
    town t;
    for (std::size_t n = 2 + g.choose(20); n > 0; --n)
        t.scope.push_back(static_cast<unsigned>(g.choose(2)));
    t.links = g.list(80, [&] {
        return road{
            g.choose(t.scope.size() - 1), g.choose(t.scope.size() - 1),
            static_cast<unsigned>(g.choose(3)), static_cast<double>(g.choose(1U << 12)) / 512 - 4};
    });
    return t;
}

struct spread {
    real n = 0, mean = 0, variance = 0;
};
template <class Keep> spread spread_of(town const& t, Keep keep) {
    spread s;
    for (road const& l : t.links)
        if (l.from != l.to && keep(l)) s.n += 1, s.mean += l.lw;
    if (s.n == 0) return s;
    s.mean /= s.n;
    for (road const& l : t.links)
        if (l.from != l.to && keep(l)) s.variance += (l.lw - s.mean) * (l.lw - s.mean) / s.n;
    return s;
}
spread lean(spread const& c, spread const& p, real k) {
    if (c.n + k == 0) return {0, p.mean, p.variance};
    return {
        c.n, (c.n * c.mean + k * p.mean) / (c.n + k),
        (c.n * c.variance + k * p.variance) / (c.n + k)
            + c.n * k * (c.mean - p.mean) * (c.mean - p.mean) / ((c.n + k) * (c.n + k))};
}
/// exp(z) of a link among its like, by the book.
real strength(town const& t, road const& l, weight::config const& c) {
    if (c.source == weight::source::unit) return 1;
    if (c.source == weight::source::raw) return std::exp(real(l.lw));
    auto const scope = t.scope[l.from];
    spread const all = spread_of(t, [](road const&) { return true; });
    spread const type =
        lean(spread_of(t, [&](road const& o) { return o.type == l.type; }), all, c.shrinkage);
    spread const place = lean(
        spread_of(t, [&](road const& o) { return t.scope[o.from] == scope; }), type, c.shrinkage);
    spread const both = lean(
        spread_of(t, [&](road const& o) { return t.scope[o.from] == scope && o.type == l.type; }),
        place, c.shrinkage);
    real const sigma = std::max<real>(std::sqrt(std::max<real>(0, both.variance)), c.least_spread);
    real const z = (l.lw - both.mean) / sigma;
    return std::exp(std::min<real>(c.z_limit, std::max<real>(-c.z_limit, z)));
}

/// Ticks once with all nodes at 1 unit; every stride must be alpha * f * share of it, capped together.
template <class Engine>
void judge(
    law::gen& g, Engine const& engine, std::vector<event::stride_exec>& heard, town const& t,
    runnel::graph::built const& built, config const& c) {
    auto field = engine.template make_field<double>();
    for (std::size_t n = 0; n < t.scope.size(); ++n) engine.inject(field, id_of(n), 1).value();
    heard.clear();
    auto const report = engine.tick(field).value();
    std::map<std::size_t, std::vector<event::stride_exec>> by_source;
    for (auto const& s : heard) by_source[index(s.source)].push_back(s);
    std::size_t capped = 0;
    for (auto const& [from, strides] : by_source) {
        real all = 0;
        std::vector<real> wish;
        for (auto const& s : strides) {
            road const l{
                from, index(s.target), static_cast<unsigned>(built.graph.type(s.link)),
                built.store.lw(s.link).log()};
            real const x = c.alpha * strength(t, l, c.reader);
            wish.push_back(
                (c.step == runnel::step_rule::linear ? x : 1 - std::exp(-x)) * real(s.share));
            all += wish.back();
        }
        capped += all > c.transfer_cap ? 1 : 0;
        real const scale = all > c.transfer_cap ? c.transfer_cap / all : 1;
        for (std::size_t i = 0; i < strides.size(); ++i)
            g.holds(
                std::fabs(strides[i].gross - static_cast<double>(wish[i] * scale)) < 1e-11,
                "alpha times strength times share");
    }
    g.holds(report.capped == capped, "how many the cap held back");
}

} // namespace

TEST_CASE("what is sent follows the strength of the link", "[engine][weight][law]") {
    law::for_all(1'500, [](law::gen& g) {
        auto t = any_town(g);
        auto built = t.build();
        config c{.alpha = g.one_of({.02, .3}), .min_transfer = 0};
        c.step = g.one_of({runnel::step_rule::linear, runnel::step_rule::exponential});
        c.reader.source =
            g.one_of({weight::source::link, weight::source::raw, weight::source::unit});
        c.reader.shrinkage = g.one_of({3.0, 0.0, 10.0});
        c.split = {.enabled = g.flag(), .all_kept = true};
        c.storage = g.one_of({runnel::storage::paged, runnel::storage::dense});
        std::vector<event::stride_exec> heard;
        auto const listen = [&heard](event::stride_exec const& e) { heard.push_back(e); };
        auto const engine =
            runnel::make_engine(
                built.graph, std::as_const(built.store), c, runnel::pipeline{}.with_sink(listen))
                .value();
        judge(g, engine, heard, t, built, c);
        if (t.links.empty()) return;
        // A write changes the comparison for all of a cohort, in the next frame.
        std::size_t const at = g.choose(t.links.size() - 1);
        double const lw = static_cast<double>(g.choose(1U << 12)) / 512 - 4;
        for (std::uint32_t id = 0; id < built.graph.link_count(); ++id) {
            runnel::link_id const name{id};
            road& l = t.links[at];
            if (index(built.graph.source(name)) != l.from || index(built.graph.target(name)) != l.to
                || index(built.graph.type(name)) != l.type || built.store.lw(name).log() != l.lw)
                continue;
            runnel::weight_setting const setting{name, log_weight::from_log(lw).value()};
            built.store.assign({&setting, 1}).value();
            l.lw = lw;
            break;
        }
        judge(g, engine, heard, t, built, c);
    });
}

TEST_CASE("by head and by choice the same energy moves", "[engine][weight][law]") {
    law::for_all(800, [](law::gen& g) {
        auto const t = any_town(g);
        auto const built = t.build();
        config const c{.alpha = g.one_of({.02, .3, 2.0})};
        auto const head = runnel::make_engine(built.graph, std::as_const(built.store), c).value();
        auto const choice = runnel::make_engine(
                                built.graph, std::as_const(built.store), c,
                                runnel::pipeline{}.with_cost(
                                    [](runnel::candidate const& k) { return -k.lw.log(); }))
                                .value();
        auto a = head.make_field();
        auto b = choice.make_field();
        for (std::size_t n = 0; n < t.scope.size(); ++n) {
            head.inject(a, id_of(n), 1).value();
            choice.inject(b, id_of(n), 1).value();
        }
        for (int i = 0; i < 5; ++i) {
            auto const x = head.tick(a).value();
            auto const y = choice.tick(b).value();
            g.holds(a.digest() == b.digest() && x.capped == y.capped, "bit for bit");
        }
    });
}

TEST_CASE("cohorts of a store are a recount after any writes", "[engine][graph][law]") {
    law::for_all(500, [](law::gen& g) {
        auto const t = any_town(g);
        auto built = t.build();
        auto const recount = [&] {
            runnel::cohort_sums sums;
            for (std::uint32_t id = 0; id < built.graph.link_count(); ++id) {
                runnel::link_id const name{id};
                node_id const from = built.graph.source(name);
                if (from == built.graph.target(name)) continue;
                sums.add(built.store.cohort_of(from, built.graph.type(name)), built.store.lw(name));
            }
            return sums;
        };
        for (int round = 0; round < 4; ++round) {
            auto const sums = recount();
            g.holds(sums.all() == built.store.cohorts().all(), "all");
            for (std::uint16_t type = 0; type < 5; ++type)
                for (std::uint16_t scope = 0; scope < 4; ++scope) {
                    runnel::cohort const c{runnel::link_type{type}, runnel::scope_id{scope}};
                    g.holds(sums.of(c) == built.store.cohorts().of(c), "of a cohort");
                }
            if (built.graph.link_count() == 0) return;
            auto const before = built.store.stamp();
            std::vector<runnel::weight_setting> settings;
            for (std::size_t n = g.choose(30); n > 0; --n)
                settings.push_back(
                    {runnel::link_id(
                         static_cast<std::uint32_t>(g.choose(built.graph.link_count() - 1))),
                     log_weight::from_raw(static_cast<std::int32_t>(g.choose(1U << 25)))});
            built.store.assign(settings).value();
            if (!settings.empty() && !(recount().all() == sums.all()))
                g.holds(built.store.stamp() != before, "a write is seen");
        }
    });
}

TEST_CASE("rows that do not compare links: all are alike", "[engine][weight]") {
    struct rows {
        std::vector<std::vector<runnel::out_link>> out;
        [[nodiscard]] std::uint32_t node_count() const { return 2; }
        [[nodiscard]] std::uint32_t degree(node_id n) const {
            return static_cast<std::uint32_t>(out[index(n)].size());
        }
        [[nodiscard]] auto const& links(node_id n) const { return out[index(n)]; }
        [[nodiscard]] runnel::node_type type(node_id) const { return runnel::node_type::other; }
        [[nodiscard]] runnel::version stamp(node_id) const { return {}; }
        [[nodiscard]] bool ordered(node_id) const { return false; }
    };
    rows const mine{{{{node_id{1}, log_weight::from_log(1).value()}}, {}}};
    auto const sent = [&](weight::source source) {
        auto const engine =
            runnel::make_engine(mine, {.alpha = .01, .reader = {.source = source}}).value();
        auto field = engine.make_field();
        engine.inject(field, node_id{0}, 1).value();
        engine.tick(field).value();
        return field.received(node_id{1});
    };
    CHECK(sent(weight::source::link) == sent(weight::source::unit));
    CHECK(sent(weight::source::raw) == Approx(.01 * std::exp(1.0)));
}
