// SPDX-License-Identifier: MIT
// What rows must keep: ours do, also while they learn, and each planted lie is found and named.
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/graph.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

using runnel::best_link;
using runnel::link_type;
using runnel::log_weight;
using runnel::node_id;
using runnel::out_link;
using runnel::row_place;

log_weight lw_of(double lw) { return log_weight::from_log(lw).value(); }

runnel::per_type<double, link_type> per_type_rate(double all) { return all; }

/// Three nodes; the first has links of 2, 2 and 1.
struct plain {
    std::vector<std::vector<out_link>> rows{
        {{node_id{1}, lw_of(2), row_place{0}},
         {node_id{2}, lw_of(2), row_place{1}},
         {node_id{1}, lw_of(1), row_place{2}}},
        {{node_id{0}, lw_of(0), row_place{3}}},
        {}};

    [[nodiscard]] std::uint32_t node_count() const {
        return static_cast<std::uint32_t>(rows.size());
    }
    [[nodiscard]] std::uint32_t degree(node_id n) const {
        return static_cast<std::uint32_t>(rows[index(n)].size());
    }
    [[nodiscard]] std::vector<out_link> const& links(node_id n) const { return rows[index(n)]; }
    [[nodiscard]] runnel::node_type type(node_id) const { return runnel::node_type::other; }
    [[nodiscard]] runnel::version stamp(node_id) const { return {}; }
    [[nodiscard]] bool ordered(node_id) const { return true; }
};
struct with_best : plain {
    [[nodiscard]] best_link best(node_id n) const {
        if (rows[index(n)].empty()) return {};
        auto const& first = rows[index(n)][0];
        return {first.target, first.lw, first.place, tied(n) > 1};
    }
    [[nodiscard]] std::uint32_t tied(node_id n) const {
        std::uint32_t count = 0;
        for (auto const& link : rows[index(n)]) count += link.lw == rows[index(n)][0].lw ? 1U : 0U;
        return count;
    }
    [[nodiscard]] out_link tied(node_id n, std::uint32_t i) const { return rows[index(n)][i]; }
};

struct base : runnel::graph_rows {
    using graph_rows::graph_rows;
};
struct impatient : base {
    using base::base;
    template <class F> void each_run(node_id n, runnel::run_scratch& scratch, F&& f) const {
        base::each_run(n, scratch, [&](runnel::equal_links const& run) {
            f(run);
            return false;
        });
    }
};
struct mistyped : base {
    using base::base;
    [[nodiscard]] link_type type_at(node_id, row_place) const { return link_type::relates; }
};
struct empty_cohorts : base {
    using base::base;
    runnel::cohort_sums none;
    [[nodiscard]] runnel::cohort_sums const& cohorts() const { return none; }
};
struct nameless : base {
    using base::base;
    [[nodiscard]] runnel::link_id link(node_id, row_place) const { return runnel::no_link; }
};

template <class Rows> std::string_view sentence_of(Rows const& rows) {
    auto const found = runnel::check_rows(rows);
    return found ? "none" : found.error().sentence();
}

} // namespace

TEST_CASE(
    "graph and store keep the laws of rows, before and after weights change", "[graph][law]") {
    law::for_all(100, [](law::gen& g) {
        runnel::graph::builder b;
        auto const nodes = static_cast<std::uint32_t>(1 + g.choose(12));
        for (std::uint32_t n = 0; n < nodes; ++n) b.node();
        for (std::size_t i = g.choose(60); i > 0; --i)
            b.log_link(
                {node_id(static_cast<std::uint32_t>(g.choose(nodes - 1))),
                 node_id(static_cast<std::uint32_t>(g.choose(nodes - 1))),
                 lw_of(static_cast<double>(g.choose(4))),
                 link_type(static_cast<std::uint16_t>(g.choose(2)))});
        auto built = std::move(b).build().value();
        auto& [graph, store] = built;
        runnel::graph_rows const rows{graph, store};
        g.holds(runnel::check_rows(rows).has_value(), "as built");
        for (std::size_t i = g.choose(10); i > 0 && graph.link_count() > 0; --i)
            g.holds(
                store
                    .assign(
                        {{runnel::link_id(
                              static_cast<std::uint32_t>(g.choose(graph.link_count() - 1))),
                          lw_of(static_cast<double>(g.choose(4)))}})
                    .has_value(),
                "written");
        g.holds(runnel::check_rows(rows).has_value(), "as written");
        runnel::fall_rates rates;
        rates.of_links = per_type_rate(g.real(0, .1));
        rates.of_links.set(link_type::blocks, g.real(0, .1));
        g.holds(store.forget(rates, g.real(0, 100)).has_value(), "forgets");
        g.holds(runnel::check_rows(rows).has_value(), "as forgotten");
    });
}

TEST_CASE("rows of one's own that keep the laws pass", "[graph]") {
    CHECK(sentence_of(plain{}) == "none");
    CHECK(sentence_of(with_best{}) == "none");
}

TEST_CASE("a broken row is found, and where", "[graph]") {
    struct wrong_degree : plain {
        [[nodiscard]] std::uint32_t degree(node_id n) const { return plain::degree(n) + 1; }
    };
    CHECK(sentence_of(wrong_degree{}) == "degree must be the number of links");
    plain loop;
    loop.rows[1][0].target = node_id{1};
    CHECK(sentence_of(loop) == "a row has no link to its own node");
    CHECK(runnel::check_rows(loop).error().position() == 1);
    plain outside;
    outside.rows[1][0].target = node_id{3};
    CHECK(sentence_of(outside) == "a target must be a node of the graph");
    plain disordered;
    disordered.rows[0][2].lw = lw_of(3);
    CHECK(sentence_of(disordered) == "a row said to be in order must be heaviest first");
    struct restless : plain {
        std::vector<out_link> mutable now;
        [[nodiscard]] std::vector<out_link> const& links(node_id n) const {
            bool const turned = !now.empty() && now[0].place == rows[index(n)][0].place;
            now = rows[index(n)];
            if (turned) std::swap(now[0], now[1]);
            return now;
        }
    };
    restless turning;
    turning.rows = {
        {{node_id{1}, lw_of(2), row_place{0}}, {node_id{1}, lw_of(2), row_place{1}}}, {}};
    turning.rows.pop_back();
    turning.rows.push_back(turning.rows[0]);
    turning.rows[1][0].target = turning.rows[1][1].target = node_id{0};
    CHECK(sentence_of(turning) == "a row must be the same each time");
}

TEST_CASE("a head that lies is found", "[graph]") {
    struct absent : with_best {
        [[nodiscard]] best_link best(node_id) const { return {}; }
    };
    CHECK(
        sentence_of(absent{})
        == "best must name a link where there is one, no_node where there is none");
    struct light : with_best {
        [[nodiscard]] best_link best(node_id n) const {
            if (degree(n) == 0) return {};
            auto const& last = rows[index(n)].back();
            return {last.target, last.lw, last.place, false};
        }
    };
    CHECK(sentence_of(light{}) == "best must be a heaviest link");
    struct alone : with_best {
        [[nodiscard]] best_link best(node_id n) const {
            best_link head = with_best::best(n);
            head.ties = false;
            return head;
        }
    };
    CHECK(sentence_of(alone{}) == "best must say whether others weigh the same");
    struct miscounted : with_best {
        using with_best::tied;
        [[nodiscard]] std::uint32_t tied(node_id n) const { return degree(n); }
        [[nodiscard]] out_link tied(node_id n, std::uint32_t i) const {
            return with_best::tied(n, i);
        }
    };
    CHECK(sentence_of(miscounted{}) == "tied must count the heaviest links");
    struct repeating : with_best {
        [[nodiscard]] std::uint32_t tied(node_id n) const { return with_best::tied(n); }
        [[nodiscard]] out_link tied(node_id n, std::uint32_t) const {
            return with_best::tied(n, 0);
        }
    };
    CHECK(sentence_of(repeating{}) == "tied must name each of the heaviest once");
    struct bold : plain {
        [[nodiscard]] double threshold(node_id) const { return 1e9; }
    };
    CHECK(sentence_of(bold{}) == "a threshold is at most 8388607");
}

TEST_CASE("runs and cohorts that lie are found", "[graph]") {
    runnel::graph::builder b;
    for (int i = 0; i < 3; ++i) b.node();
    b.log_link({node_id{0}, node_id{1}, lw_of(2), link_type::relates});
    b.log_link({node_id{0}, node_id{2}, lw_of(1), link_type::blocks});
    auto built = std::move(b).build().value();
    auto& [graph, store] = built;
    CHECK(sentence_of(base{graph, store}) == "none");
    CHECK(sentence_of(impatient{graph, store}) == "runs must hold every link of the row once");
    CHECK(sentence_of(mistyped{graph, store}) == "type_at must be the type of the link");
    CHECK(
        sentence_of(empty_cohorts{graph, store})
        == "cohorts must count every link once, self loops left out");
    CHECK(sentence_of(nameless{graph, store}) == "link must name every link");
}
