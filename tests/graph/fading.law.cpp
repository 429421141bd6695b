// SPDX-License-Identifier: MIT
// A store that forgets, against a list of links that lose their share one by one.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "graph/cases.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using namespace graph_test;
using runnel::link_id;
using runnel::link_type;
using runnel::log_weight;
using runnel::node_type;

namespace {

constexpr std::int64_t step = std::int64_t{1} << 24; // one unit of log-weight, raw
constexpr std::int64_t floor_raw = -5 * step;

struct slow_link {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint16_t type = 0;
    std::int64_t lw = 0;
    std::int64_t least = 0; ///< min(last written, -5)
    std::int64_t value = 0; ///< as if there were no floor
};

struct case_ {
    said_graph said;
    std::vector<std::uint16_t> types;
    std::vector<std::uint16_t> scopes;
    runnel::graph::built made;
    std::vector<slow_link> model; // index: link id
};

case_ any_case(law::gen& g, said_graph said, bool small) {
    law::gen draws{g.integer(std::uint64_t{0}, ~std::uint64_t{0})};
    for (said_link& l : said.links)
        if (draws.flag() || (small && l.lw > 4 << 24))
            l.lw = draws.integer(-7, 1) << 24; // about the floor
    runnel::graph::builder b;
    std::vector<std::uint16_t> node_types;
    std::vector<std::uint16_t> scopes;
    for (std::uint32_t n = 0; n < said.nodes; ++n) {
        node_types.push_back(g.one_of<std::uint16_t>({0, 3, 11, 900}, "node type"));
        scopes.push_back(g.one_of<std::uint16_t>({0, 0, 7}));
        b.node(node_type{node_types.back()});
        b.scope(node_at(n), runnel::scope_id{scopes.back()});
    }
    for (said_link const& l : said.links)
        b.log_link({node_at(l.from), node_at(l.to), log_weight::from_raw(l.lw), link_type{l.type}});
    auto made = std::move(b).build().value();
    std::vector<slow_link> links;
    for (std::uint32_t i = 0; i < made.graph.link_count(); ++i) {
        std::int64_t const lw = made.store.lw(link_id{i}).raw();
        links.push_back(
            {number(made.graph.source(link_id{i})), number(made.graph.target(link_id{i})),
             static_cast<std::uint16_t>(made.graph.type(link_id{i})), lw,
             lw < floor_raw ? lw : floor_raw, lw});
    }
    return {std::move(said), std::move(node_types), std::move(scopes), std::move(made), links};
}
case_ any_case(law::gen& g, std::size_t most_links, bool small) {
    return any_case(g, any_graph(g, most_links, g.flag() ? types::several : types::one), small);
}

/// Rates that are whole raw steps a second, up to `most`.
runnel::fall_rates whole_rates(law::gen& g, std::int64_t most) {
    runnel::fall_rates rates;
    auto const rate = [&] {
        return static_cast<double>(g.integer(std::int64_t{0}, most)) * 0x1p-24;
    };
    for (auto const t : {link_type{0}, link_type{1}, link_type{4}, link_type{5}})
        rates.of_links.set(t, g.choose(3) == 0 ? -1.0 : rate());
    for (auto const t : {node_type{0}, node_type{3}, node_type{11}})
        rates.of_sources.set(t, rate());
    return rates;
}
double rate_of(runnel::fall_rates const& rates, case_ const& c, slow_link const& l) {
    double const own = rates.of_links[link_type{l.type}];
    return own >= 0 ? own : rates.of_sources[node_type{c.types[l.from]}];
}
void lose(case_& c, runnel::fall_rates const& rates, double seconds) {
    for (slow_link& l : c.model) {
        if (l.from == l.to) continue;
        auto const loss = static_cast<std::int64_t>(rate_of(rates, c, l) * seconds * 0x1p24);
        l.value -= l.least < floor_raw ? 0 : loss;
        l.lw = l.lw - loss > l.least ? l.lw - loss : l.least;
        if (l.least < floor_raw) l.lw = l.value;
    }
}
void write(slow_link& l, std::int64_t lw) {
    if (lw == l.lw) return;
    l.lw = l.value = lw;
    l.least = lw < floor_raw ? lw : floor_raw;
}
void write_all(case_& c, std::vector<runnel::batch> const& batches) {
    std::map<std::pair<std::uint64_t, std::uint64_t>, runnel::batch const*> ordered;
    for (auto const& b : batches) ordered[{static_cast<std::uint64_t>(b.field), b.frame}] = &b;
    std::vector<std::int64_t> next;
    for (slow_link const& l : c.model) next.push_back(l.lw);
    for (auto const& [key, b] : ordered)
        for (auto const& wish : b->changes) {
            auto& lw = next[runnel::index(wish.link)];
            lw = folded(lw, wish);
        }
    for (std::size_t i = 0; i < next.size(); ++i) write(c.model[i], next[i]);
}

/// What every reader of rows says.
enum class equals { by_link, anyhow };
void compare_rows(law::gen& g, case_ const& c, equals order = equals::by_link) {
    auto const& s = c.made.store;
    for (std::uint32_t n = 0; n < c.said.nodes; ++n) {
        auto const node = node_at(n);
        std::map<std::uint32_t, std::int64_t> left; // link -> weight
        std::int64_t best = INT64_MIN;
        std::uint32_t ties = 0;
        for (std::uint32_t i = 0; i < c.model.size(); ++i) {
            slow_link const& l = c.model[i];
            if (l.from != n) continue;
            g.holds(s.lw(link_id{i}).raw() == l.lw, "lw(link)");
            g.holds(s.link(node, s.place(node, link_id{i})) == link_id{i}, "a link has its place");
            if (l.to == n) continue;
            left[i] = l.lw;
            if (l.lw > best) ties = 0;
            best = l.lw > best ? l.lw : best;
            ties += l.lw == best ? 1 : 0;
        }
        g.holds(s.degree(node) == left.size(), "degree");
        auto const head = s.best(node);
        g.holds((head.target == runnel::no_node) == left.empty(), "a head");
        g.holds(s.tied(node) == ties, "as many tie");
        if (!left.empty()) {
            g.holds(head.lw.raw() == best, "the head is the heaviest");
            g.holds(head.ties == (ties > 1), "and says whether others weigh the same");
            g.holds(s.tied(node, 0).place == head.place, "it is the first of the tied");
            g.holds(s.lw(s.link(node, head.place)).raw() == best, "it stands at its place");
        }
        std::set<std::uint32_t> tied;
        for (std::uint32_t i = 0; i < ties; ++i) {
            auto const one = s.tied(node, i);
            g.holds(one.lw.raw() == best, "a tied link weighs as much");
            g.holds(left.at(number(s.link(node, one.place))) == best, "and is one");
            tied.insert(number(one.place));
        }
        g.holds(tied.size() == ties, "each tied link once");
        auto const unread = left;
        runnel::out_link before{};
        bool first = true;
        for (runnel::out_link const l : s.links(node)) {
            auto const id = number(s.link(node, l.place));
            g.holds(left.count(id) == 1 && left.at(id) == l.lw.raw(), "links() reads");
            g.holds(c.model[id].type == static_cast<std::uint16_t>(l.type), "its type");
            left.erase(id);
            if (!first && before.type == l.type) {
                g.holds(before.lw >= l.lw, "a stretch falls");
                g.holds(
                    order == equals::anyhow || before.lw != l.lw || l.lw.raw() == floor_raw
                        || number(s.link(node, before.place)) < id,
                    "equals above the floor stand in link order");
            }
            before = l;
            first = false;
        }
        g.holds(left.empty(), "links() reads all");
        left = unread;
        runnel::run_scratch scratch;
        std::int64_t last = INT64_MAX;
        s.each_run(node, scratch, [&](runnel::equal_links const& run) {
            for (std::uint32_t i = 0; i < run.count(); ++i) {
                auto const id = number(s.link(node, run[i].place));
                g.holds(left.count(id) == 1 && left.at(id) == run[i].lw.raw(), "runs read");
                g.holds(run[i].lw == run[0].lw && run[i].lw.raw() < last, "a run is equal");
                left.erase(id);
            }
            last = run[0].lw.raw();
            return true;
        });
        g.holds(left.empty(), "runs read all");
    }
}

template <class Value> void compare_sums(law::gen& g, case_ const& c, Value value) {
    auto const recount = [&](auto keep) {
        runnel::weight_sums sums;
        for (slow_link const& l : c.model)
            if (l.from != l.to && keep(l)) {
                ++sums.count;
                sums.sum += value(l);
                sums.squares += runnel::int128{value(l)} * value(l);
            }
        return sums;
    };
    auto const& sums = c.made.store.cohorts();
    g.holds(sums.all() == recount([](slow_link const&) { return true; }), "all");
    for (slow_link const& l : c.model) {
        runnel::cohort const of{link_type{l.type}, runnel::scope_id{c.scopes[l.from]}};
        auto const type = [&](slow_link const& o) { return o.type == l.type; };
        auto const scope = [&](slow_link const& o) { return c.scopes[o.from] == c.scopes[l.from]; };
        g.holds(sums.of(of.type) == recount(type), "of a type");
        g.holds(sums.of(of.scope) == recount(scope), "of a scope");
        g.holds(
            sums.of(of) == recount([&](slow_link const& o) { return type(o) && scope(o); }),
            "of a cohort");
    }
}
bool floored(case_ const& c) {
    for (slow_link const& l : c.model)
        if (l.value != l.lw) return true;
    return false;
}

} // namespace

TEST_CASE("writes and falls in any order are what each link went through", "[graph][fading]") {
    std::size_t at_floor = 0;
    law::for_all(1500, [&](law::gen& g) {
        // Small falls and weights never fill the range: what has gone is not worked in.
        bool const small = g.flag();
        case_ c = any_case(g, 30, small);
        g.assume(!c.said.links.empty());
        for (auto round = g.integer(1, 6, "rounds"); round > 0; --round) {
            switch (g.choose(2)) {
            case 0: {
                auto const rates = whole_rates(g, small ? step / 8 : 8 * step);
                double const seconds = g.integer(0, 8, "seconds");
                g.holds(c.made.store.forget(rates, seconds).has_value(), "time passes");
                lose(c, rates, seconds);
                break;
            }
            case 1: {
                auto batches = any_batches(g, c.made.graph, g.one_of<std::size_t>({3, 25}));
                if (small)
                    for (auto& b : batches)
                        for (auto& change : b.changes) {
                            change.high = std::min(change.high, log_weight::from_raw(4 << 24));
                            change.low = std::min(change.low, change.high);
                        }
                g.holds(c.made.store.apply(batches).has_value(), "batches are taken");
                write_all(c, batches);
                break;
            }
            default: {
                auto const link = g.integer(0U, c.made.graph.link_count() - 1, "link");
                auto const lw = small ? g.integer(-7, 3) << 24 : any_raw(g);
                g.show("  lw", lw);
                g.holds(
                    c.made.store.assign({{link_id{link}, log_weight::from_raw(lw)}}).has_value(),
                    "settings are taken");
                write(c.model[link], lw);
            }
            }
            compare_rows(g, c);
            if (small || !floored(c)) {
                at_floor += floored(c) ? 1U : 0U;
                compare_sums(g, c, [](slow_link const& l) { return l.value; });
            }
        }
    });
    CHECK(at_floor > 300);
}

TEST_CASE("tall rows forget as others do", "[graph][fading][tall]") {
    std::size_t worked_in = 0;
    law::for_all(60, [&](law::gen& g) {
        bool const relaxes =
            g.choose(2) == 0; // then equals stand in any order, and weights are not followed
        case_ c = any_case(g, tall_graph(g, g.flag() ? types::several : types::one), false);
        for (auto round = g.integer(2, 6, "rounds"); round > 0; --round) {
            if (g.flag()) {
                auto rates = whole_rates(g, g.flag() ? step / 8 : 8 * step);
                double const seconds = g.integer(1, 8, "seconds");
                worked_in += seconds * 8 > 32 ? 1U : 0U;
                g.holds(c.made.store.forget(rates, seconds).has_value(), "time passes");
                lose(c, rates, seconds);
            } else if (g.choose(3) == 0) {
                auto const batches = any_batches(g, c.made.graph, 25);
                g.holds(c.made.store.apply(batches).has_value(), "batches are taken");
                write_all(c, batches);
            } else {
                law::gen draws{g.integer(std::uint64_t{0}, ~std::uint64_t{0}, "seed")};
                auto const about = g.flag("about the floor");
                for (auto n = g.integer(1, 250, "writes"); n > 0; --n) {
                    auto const link = draws.integer(0U, c.made.graph.link_count() - 1);
                    auto const lw = about ? draws.integer(-6, -4) * step + draws.integer(0, 2)
                                          : std::int64_t{any_raw(draws)};
                    g.holds(
                        c.made.store
                            .assign(
                                {{link_id{link},
                                  log_weight::from_raw(static_cast<std::int32_t>(lw))}})
                            .has_value(),
                        "settings are taken");
                    write(c.model[link], lw);
                }
            }
            compare_rows(g, c);
        }
        if (!relaxes) return;
        runnel::fall_rates rates;
        rates.relax = true;
        rates.of_links = .2;
        for (int round = 0; round < 3; ++round) {
            g.holds(c.made.store.forget(rates, 3).has_value(), "they relax");
            for (slow_link& l : c.model) { // whatever each is now: the order is what is asked here
                auto const id = static_cast<std::uint32_t>(&l - c.model.data());
                l.lw = c.made.store.lw(link_id{id}).raw();
            }
            compare_rows(g, c, equals::anyhow);
            auto const link = g.integer(0U, c.made.graph.link_count() - 1, "link");
            auto const like = g.integer(0U, c.made.graph.link_count() - 1, "like this one");
            auto const lw = c.made.store.lw(link_id{like});
            g.holds(c.made.store.assign({{link_id{link}, lw}}).has_value(), "a setting");
            c.model[link].lw = lw.raw();
            for (slow_link& l : c.model) { // what gave room may have moved others by a step
                auto const id = static_cast<std::uint32_t>(&l - c.model.data());
                if (id != link) l.lw = c.made.store.lw(link_id{id}).raw();
            }
            compare_rows(g, c, equals::anyhow);
        }
    });
    CHECK(worked_in > 20);
}

TEST_CASE("two spans are forgotten as one", "[graph][fading]") {
    law::for_all(300, [](law::gen& g) {
        said_graph const said = any_graph(g, 12, types::several);
        g.assume(!said.links.empty());
        auto whole = built(said);
        auto parts = built(said);
        runnel::fall_rates rates;
        rates.of_links = g.real(0, .1, "rate");
        rates.of_links.set(link_type::other, g.real(0, 3, "rate of others"));
        double all = 0;
        for (auto n = g.integer(1, 20, "parts"); n > 0; --n) {
            double const seconds = g.real(0, 10);
            all += seconds;
            g.holds(parts.store.forget(rates, seconds).has_value(), "a part");
        }
        g.holds(whole.store.forget(rates, all).has_value(), "the whole");
        for (std::uint32_t i = 0; i < whole.graph.link_count(); ++i)
            g.holds(
                std::abs(whole.store.lw(link_id{i}).raw() - parts.store.lw(link_id{i}).raw()) <= 1,
                "equal to a raw step");
    });
}

TEST_CASE("a store that forgot nothing answers as one that never did", "[graph][fading]") {
    law::for_all(300, [](law::gen& g) {
        said_graph const said = any_graph(g, 30, types::several);
        g.assume(!said.links.empty());
        auto plain = built(said);
        auto asked = built(said);
        // It holds a figure for every kind of link, and all of them are 0.
        g.holds(asked.store.forget({.of_links = 1e-12}, 1).has_value(), "less than a step");
        for (int round = 0; round < 2; ++round) {
            std::string const wrong = difference(observe(asked), observe(plain));
            g.holds(wrong.empty(), wrong);
            g.holds(asked.store.cohorts().all() == plain.store.cohorts().all(), "sums");
            auto const batches = any_batches(g, plain.graph, 25);
            g.holds(plain.store.apply(batches).has_value(), "taken");
            g.holds(asked.store.apply(batches).has_value(), "taken");
        }
    });
}

TEST_CASE("links relax to the mean of their kind", "[graph][fading]") {
    std::size_t moved = 0;
    std::size_t long_ways = 0;
    law::for_all(1000, [&](law::gen& g) {
        case_ c = any_case(g, 30, g.choose(3) != 0);
        g.assume(!c.said.links.empty());
        std::vector<double> should;
        std::vector<bool> member;
        for (slow_link const& l : c.model) {
            should.push_back(static_cast<double>(l.lw));
            member.push_back(l.lw >= floor_raw && l.from != l.to);
        }
        runnel::fall_rates rates;
        rates.relax = true;
        rates.of_links = g.real(0, .3, "rate");
        rates.of_links.set(link_type::other, -1);
        rates.of_sources = g.real(0, .3, "rate of sources");
        double slack = 4;
        for (auto round = g.integer(1, 8, "rounds"); round > 0; --round) {
            if (g.flag()) {
                double const seconds = g.real(0, 6, "seconds");
                auto const before = c.made.store.stamp();
                g.holds(c.made.store.forget(rates, seconds).has_value(), "time passes");
                moved += c.made.store.stamp() != before ? 1U : 0U;
                std::vector<double> next = should;
                for (std::size_t i = 0; i < next.size(); ++i) {
                    if (!member[i]) continue;
                    slow_link const& l = c.model[i];
                    double sum = 0;
                    double count = 0;
                    for (std::size_t j = 0; j < next.size(); ++j) {
                        slow_link const& o = c.model[j];
                        if (!member[j] || o.type != l.type || c.types[o.from] != c.types[l.from]
                            || c.scopes[o.from] != c.scopes[l.from])
                            continue;
                        sum += should[j];
                        count += 1;
                    }
                    double const rate = l.type == 0 || l.type == 1
                                            ? rates.of_links[link_type{l.type}]
                                            : rates.of_sources[node_type{c.types[l.from]}];
                    next[i] = sum / count + (should[i] - sum / count) * std::exp(-rate * seconds);
                    if (std::fabs(should[i] - next[i]) > 0x1p24) ++long_ways;
                }
                should = next;
                slack += 4;
            } else {
                auto const i = g.integer(0U, c.made.graph.link_count() - 1, "link");
                auto const lw = g.choose(5) == 0 ? any_raw(g) : g.integer(-7, 20) << 24;
                auto const link = link_id{i};
                g.holds(
                    c.made.store.assign({{link, log_weight::from_raw(lw)}}).has_value(), "taken");
                g.holds(c.made.store.lw(link).raw() == lw, "what is written is read, to the step");
                should[i] = lw;
                member[i] = lw >= floor_raw && c.model[i].from != c.model[i].to;
            }
            for (std::uint32_t i = 0; i < should.size(); ++i) {
                c.model[i].lw = c.made.store.lw(link_id{i}).raw();
                c.model[i].value = c.model[i].lw;
                g.holds(
                    std::fabs(static_cast<double>(c.model[i].lw) - should[i]) <= slack,
                    "each link goes its way");
            }
            compare_rows(g, c, equals::anyhow);
            runnel::weight_sums sums;
            for (slow_link const& l : c.model)
                if (l.from != l.to) sums.add(log_weight::from_raw(static_cast<std::int32_t>(l.lw)));
            auto const& all = c.made.store.cohorts().all();
            g.holds(all.count == sums.count, "as many");
            g.holds(std::fabs(all.mean() - sums.mean()) <= slack * 0x1p-24, "of this mean");
            // A link that leaves takes along what it reads, a step or two from its share in the sums.
            g.holds(
                std::fabs(all.variance() - sums.variance()) <= 300 * slack * 0x1p-24,
                "and this spread");
        }
    });
    CHECK(moved > 500);
    CHECK(long_ways > 500);
}
