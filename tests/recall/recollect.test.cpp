// SPDX-License-Identifier: MIT
// From hits to ranked nodes, with a real engine as the diffuser and with diffusers of a few lines.
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/engine.hpp>
#include <runnel/recall/recollect.hpp>

#include "support/catch.hpp"

using runnel::node_id;
namespace recall = runnel::recall;

namespace {

runnel::graph::built notes() {
    runnel::graph::builder b;
    b.link({b.named("Ada"), b.named("Engine"), .9});
    b.link({b.named("Engine"), b.named("cards"), .8});
    b.link({b.named("cards"), b.named("loom"), .7});
    b.link({b.named("Byron"), b.named("Greece"), .9});
    return std::move(b).build().value();
}
recall::hit at(std::uint32_t slot, float similarity) { return {{slot, 1}, similarity}; }

struct plain {
    node_id node{};
    double energy = 0;
};
auto give_back(std::span<recall::seed const> seeds) {
    std::vector<plain> all;
    for (auto const& s : seeds) all.push_back({s.node, s.units});
    return all;
}

} // namespace

TEST_CASE("an engine's session is a diffuser", "[recall]") {
    auto const [graph, store] = notes();
    auto const engine = runnel::make_engine(graph, store, {.alpha = .5, .transfer_cap = 1}).value();
    runnel::session session{engine};
    double injected = 0;
    auto const diffuse =
        [&](std::span<runnel::stimulus const> seeds) -> runnel::result<runnel::ranking> {
        session.reset();
        if (auto const ok = session.inject(seeds); !ok) return ok.error();
        injected = session.total();
        if (auto const ran = session.run(4); !ran) return ran.error();
        return session.top(10);
    };
    auto const id = [&graph = graph](char const* name) { return graph.find(name).value(); };
    recall::held const past[] = {{id("Engine"), 1}, {id("Ada"), 3}, {node_id{99}, 5}};
    recall::meaning const hits[] = {
        {.found = at(4, .9F), .node = id("Ada")},
        {.found = at(2, .7F), .episode = past},
        {.found = at(3, .2F), .node = id("Byron")},
        {.found = at(0, .8F), .node = node_id{77}}};
    auto const answer =
        recall::recollect<runnel::stimulus>(hits, graph.node_count(), diffuse, {.energy = 4})
            .value();
    using answer_type = std::decay_t<decltype(answer)>;

    CHECK(injected == 4); // to the quantum
    CHECK(answer.what == answer_type::outcome::found);
    auto const direct = session.top(10);
    REQUIRE(answer.size() == direct.size());
    for (std::size_t i = 0; i < answer.size(); ++i) {
        CHECK(answer[i].node == direct[i].node);
        CHECK(answer[i].energy == direct[i].energy);
        CHECK(answer[i].received == direct[i].received);
    }
    REQUIRE(answer.size() == 3); // by what they received, so no node that only sent
    CHECK(answer[0].node == id("Engine"));
    CHECK(answer[1].node == id("cards"));

    CHECK(answer[0].seeded > 0); // the episode named it
    CHECK(answer[0].hits == 1);
    CHECK(answer[0].best == at(2, .7F));
    CHECK(answer[1].seeded == 0); // came by diffusion
    CHECK(answer[1].hits == 0);
    CHECK(answer.hits_of(id("cards")).empty());

    auto const ada = answer.hits_of(id("Ada"));
    REQUIRE(ada.size() == 2);
    double const other = std::exp(-2.0);
    double const byron = std::exp(-7.0);
    CHECK(ada[0].hit == 0);
    CHECK(ada[0].share == Approx(1 / (1 + other + byron)).epsilon(1e-6));
    CHECK(ada[1].hit == 1);
    CHECK(ada[1].share == Approx(.75 * other / (1 + other + byron)).epsilon(1e-6));
    CHECK(answer.from.hits()[2].share == Approx(byron / (1 + other + byron)).epsilon(1e-6));
    CHECK(answer.from.hits()[3].share == 0);
    REQUIRE(answer.from.dropped().size() == 2);
    CHECK(answer.from.dropped()[0] == node_id{77});
    CHECK(answer.from.dropped()[1] == node_id{99});
}

TEST_CASE("settings of seeding reach the diffuser", "[recall]") {
    recall::meaning const hits[] = {
        {.found = at(0, .9F), .node = node_id{0}}, {.found = at(1, .5F), .node = node_id{1}}};
    auto const with = [&](recall::seeding how) {
        return recall::recollect(hits, 2U, give_back, how).value().nodes[1].energy;
    };
    CHECK(with({}) < .02);
    CHECK(with({.temperature = 1}) > .3);
    CHECK(with({.energy = 100}) == Approx(100 * with({})));
    CHECK(with({.grain = recall::grain::finest}) != with({}));
}

TEST_CASE("the most similar hit is the best, though another gave more", "[recall]") {
    recall::held const wide[] = {{node_id{0}, 1}, {node_id{1}, 99}};
    recall::meaning const hits[] = {
        {.found = at(0, .5F), .node = node_id{0}}, {.found = at(1, .6F), .episode = wide}};
    auto const answer = recall::recollect(hits, 2U, give_back).value();
    CHECK(answer.hits_of(node_id{0})[0].hit == 0);
    CHECK(answer[0].hits == 2);
    CHECK(answer[0].best == at(1, .6F));
}

TEST_CASE("a diffuser's fault is passed on as it is", "[recall]") {
    recall::meaning const hits[] = {{.found = at(0, .9F), .node = node_id{0}}};
    constexpr runnel::fault_kind mine{"mine.broken", "it broke"};
    auto const broken = [&](std::span<recall::seed const>) -> runnel::result<std::vector<plain>> {
        return runnel::fault{mine, "here", 7};
    };
    auto const answer = recall::recollect(hits, 1U, broken);
    REQUIRE(!answer);
    CHECK(answer.error().is(mine));
    CHECK(answer.error().offender() == "here");
    CHECK(answer.error().position() == 7);
}

TEST_CASE("an engine's refusal comes through", "[recall]") {
    auto const [graph, store] = notes();
    auto const engine = runnel::make_engine(graph, store, runnel::config{}).value();
    runnel::session session{engine};
    auto const diffuse =
        [&](std::span<runnel::stimulus const> seeds) -> runnel::result<runnel::ranking> {
        if (auto const ok = session.inject(seeds); !ok) return ok.error();
        return session.top(1);
    };
    recall::meaning const hits[] = {{.found = at(0, .9F), .node = node_id{42}}};
    // The caller says there are more nodes than there are: the engine knows better.
    auto const answer = recall::recollect<runnel::stimulus>(hits, 100U, diffuse);
    REQUIRE(!answer);
    CHECK(answer.error().is(runnel::faults::unknown_node));
}

TEST_CASE("faults of seeding end the call before the diffuser is asked", "[recall]") {
    int asked = 0;
    auto const count = [&](std::span<recall::seed const> seeds) {
        ++asked;
        return give_back(seeds);
    };
    recall::meaning const gone[] = {{.found = at(0, .9F), .node = node_id{5}}};
    CHECK(recall::recollect(gone, 3U, count).error().is(recall::faults::empty));
    CHECK(recall::recollect({}, 3U, count).error().is(recall::faults::empty));
    CHECK(recall::recollect(gone, 9U, count, {.temperature = -1})
              .error()
              .is(recall::faults::invalid_config));
    CHECK(asked == 0);
}

TEST_CASE("a diffuser that reaches nothing is said to", "[recall]") {
    recall::meaning const hits[] = {{.found = at(0, .9F), .node = node_id{0}}};
    auto const silent = [](std::span<recall::seed const>) { return std::vector<plain>{}; };
    auto const answer = recall::recollect(hits, 1U, silent).value();
    CHECK(answer.size() == 0);
    CHECK(answer.what == decltype(answer)::outcome::nothing_reached);
    CHECK(answer.from.seeds().size() == 1);
}

TEST_CASE("a figure that is no number is refused with its place", "[recall]") {
    recall::meaning const hits[] = {{.found = at(0, .9F), .node = node_id{0}}};
    auto const odd = [](std::span<recall::seed const>) {
        return std::vector<plain>{{node_id{0}, 1}, {node_id{1}, std::nan("")}};
    };
    auto const answer = recall::recollect(hits, 1U, odd);
    REQUIRE(!answer);
    CHECK(answer.error().is(recall::faults::non_finite));
    CHECK(answer.error().position() == 1);
}

TEST_CASE("a reranker may reorder, keep fewer, or refuse", "[recall]") {
    std::vector<recall::meaning> hits;
    for (std::uint32_t n = 0; n < 4; ++n)
        hits.push_back({.found = at(n, .1F * float(n)), .node = node_id{n}});
    auto const nodes = [&](auto&& rerank) {
        std::vector<std::uint32_t> all;
        for (auto const& one : recall::recollect(hits, 4U, give_back, {}, rerank).value())
            all.push_back(static_cast<std::uint32_t>(one.node));
        return all;
    };
    auto const backwards = [](auto all) {
        for (std::size_t i = 0; i < all.size() / 2; ++i) std::swap(all[i], all[all.size() - 1 - i]);
    };
    CHECK(nodes(recall::as_ranked{}) == std::vector<std::uint32_t>{0, 1, 2, 3});
    CHECK(nodes(backwards) == std::vector<std::uint32_t>{3, 2, 1, 0});
    CHECK(
        nodes([&](auto all) { return backwards(all), std::size_t{2}; })
        == std::vector<std::uint32_t>{3, 2});
    CHECK(
        nodes([](auto) { return runnel::result<std::size_t>{1}; })
        == std::vector<std::uint32_t>{0});
    CHECK(nodes([](auto) { return 100; }).size() == 4); // no more than there are
    auto const refuses = [](auto) -> runnel::status {
        return runnel::fault{recall::faults::empty};
    };
    CHECK_FALSE(recall::recollect(hits, 4U, give_back, {}, refuses));
    auto const refuses_a_count = [](auto) -> runnel::result<std::size_t> {
        return runnel::fault{recall::faults::index_corrupt};
    };
    CHECK(recall::recollect(hits, 4U, give_back, {}, refuses_a_count)
              .error()
              .is(recall::faults::index_corrupt));
}

TEST_CASE("explanations are carried from wherever they are offered", "[recall]") {
    recall::meaning const hits[] = {{.found = at(0, .9F), .node = node_id{3}}};
    SECTION("a member of the element") {
        struct told {
            node_id node{};
            double received = 0;
            std::string why;
        };
        auto const answer = recall::recollect(hits, 4U, [](std::span<recall::seed const>) {
                                return std::vector<told>{{node_id{3}, 1, "three"}};
                            }).value();
        CHECK(answer[0].why == "three");
        CHECK(answer[0].received == 1);
        CHECK(answer[0].energy == 0);
    }
    SECTION("a function of the element") {
        struct asked {
            node_id node{};
            double energy = 0;
            [[nodiscard]] int why(node_id n) const { return static_cast<int>(index(n)) * 10; }
        };
        auto const answer = recall::recollect(hits, 4U, [](std::span<recall::seed const>) {
                                return std::vector<asked>{{node_id{3}, 1}};
                            }).value();
        CHECK(answer[0].why == 30);
    }
    SECTION("a function of the range") {
        struct range : std::vector<plain> {
            [[nodiscard]] int why(node_id n) const { return static_cast<int>(index(n)) * 100; }
        };
        auto const answer =
            recall::recollect(hits, 4U, [](std::span<recall::seed const>) -> runnel::result<range> {
                return range{{{node_id{3}, 1}}};
            }).value();
        CHECK(answer[0].why == 300);
    }
    SECTION("a function of the diffuser") {
        struct diffuser {
            auto operator()(std::span<recall::seed const> seeds) const { return give_back(seeds); }
            [[nodiscard]] int why(node_id n) const { return static_cast<int>(index(n)) * 1000; }
        };
        CHECK(recall::recollect(hits, 4U, diffuser{}).value()[0].why == 3000);
    }
    SECTION("nobody") {
        auto const answer = recall::recollect(hits, 4U, give_back).value();
        STATIC_REQUIRE(std::is_same_v<std::decay_t<decltype(answer[0].why)>, recall::unexplained>);
    }
}
