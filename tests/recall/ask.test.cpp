// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <runnel/core/ticks.hpp>
#include <runnel/recall/ask.hpp>

#include "recall/support.hpp"
#include "support/catch.hpp"

using namespace runnel;

namespace {

constexpr std::uint32_t all_nodes = 100;

struct note {
    std::string text;
    node_id node{};
};
struct page {
    std::uint32_t number = 0;
};
node_id meaning_of(page const& p) { return node_id{p.number + 10}; }

struct ranked_node {
    node_id node{};
    double energy = 0;
};
/// Gives back what it was given.
auto const still = [](std::span<recall::seed const> seeds) {
    std::vector<ranked_node> out;
    for (auto const& s : seeds) out.push_back({s.node, s.units});
    return out;
};

recall_test::vector at(float x, float y) { return {x, y}; }

template <class Payload> auto filled(std::vector<Payload> payloads) {
    auto m = recall::make_memory<Payload>({.dimension = 2}, recall::flat{}).value();
    std::vector<recall_test::vector> const places{at(1, 0), at(1, .01F), at(.7F, .7F), at(0, 1)};
    for (std::size_t i = 0; i < payloads.size(); ++i)
        static_cast<void>(m.add(places[i], std::move(payloads[i])).value());
    return m;
}

} // namespace

TEST_CASE("Whatever was found can seed, by its score where it has one", "[recall]") {
    auto m = filled<node_id>({node_id{3}, node_id{5}, node_id{8}, node_id{9}});
    auto const of = [&](auto const& found) { return recall::meanings_of(m, found); };
    auto const near = m.search(at(1, 0), {.k = 2}).value();
    auto const hits = of(near);
    REQUIRE(hits.size() == 2);
    CHECK(hits[1].node == node_id{5});
    CHECK(hits[1].found == near[1]);
    // Told that the second was of use, it is ranked first and seeds the more for it.
    for (int i = 0; i < 20; ++i) {
        REQUIRE(m.tell(near[1].entry, 1));
        REQUIRE(m.tell(near[0].entry, 0));
    }
    auto const ranked = m.ranked(at(1, 0), {}, {.k = 2}).value();
    CHECK(ranked[0].entry == near[1].entry);
    CHECK(ranked[0].similarity == near[1].similarity);
    CHECK(ranked[0].utility == m.utility(near[1].entry).value());
    CHECK(ranked[0].agreement == recall::agreement::unknown);
    auto const answer = recall::recollect(of(ranked), all_nodes, still).value();
    CHECK(answer.from.units(node_id{5}) > answer.from.units(node_id{3}));
    CHECK(of(m.diverse(at(1, 0), {.k = 3}).value()).size() == 3);
    REQUIRE(m.erase(near[0].entry));
    CHECK(of(near).size() == 1); // who is gone stands for nothing
}

TEST_CASE("One call is the search, the seeds and the diffusion, one after the other", "[recall]") {
    auto const m = filled<node_id>({node_id{3}, node_id{5}, node_id{8}, node_id{9}});
    auto const answer = recall::ask(m, at(1, 0), all_nodes, still, {.nearest = {.k = 2}}).value();
    REQUIRE(answer.size() == 2);
    CHECK(answer[0].node == node_id{3});
    CHECK(answer[0].best.entry == m.search(at(1, 0)).value()[0].entry);
    CHECK(answer[0].energy + answer[1].energy == 1);
    CHECK(answer[0].seeded == answer[0].energy);
    CHECK(answer.searched.by == recall::searched::scan);
    CHECK(answer.searched.exact);
}

TEST_CASE("A payload says what it stands for", "[recall]") {
    auto const notes = filled<note>({{"one", node_id{4}}, {"two", node_id{6}}});
    CHECK(recall::ask(notes, at(1, 0), all_nodes, still).value()[0].node == node_id{4});
    auto const pages = filled<page>({{1}, {2}});
    CHECK(recall::ask(pages, at(1, 0), all_nodes, still).value()[0].node == node_id{11});
}

TEST_CASE("Each setting of an inquiry changes what can be seen", "[recall]") {
    auto const m = filled<node_id>({node_id{3}, node_id{5}, node_id{8}, node_id{9}});
    auto const seen = [&](recall::inquiry const& how) {
        std::string all;
        for (auto const& r : recall::ask(m, at(1, 0), all_nodes, still, how).value())
            all += std::to_string(index(r.node)) + "=" + std::to_string(r.energy) + " ";
        return all;
    };
    recall::inquiry const usual{.nearest = {.k = 2}};
    auto const base = seen(usual);
    CHECK(seen({.nearest = {.k = 3}}) != base);
    CHECK(seen({.nearest = {.k = 2}, .lambda = .3}) != base); // 5 says what 3 says
    CHECK(seen({.nearest = {.k = 2}, .min_dispersion = .1}) != base);
    CHECK(seen({.nearest = {.k = 2}, .seeds = {.temperature = 2}}) != base);
    CHECK(seen({.nearest = {.k = 2}, .seeds = {.energy = 3}}) != base);
    CHECK(seen({.nearest = {.k = 2, .effort = 7}}) == base); // nothing walks here
}

TEST_CASE("What is wrong on the way comes back as it is", "[recall]") {
    auto const m = filled<node_id>({node_id{3}});
    auto const refused = [&](recall_test::vector const& query, recall::inquiry const& how) {
        return recall::ask(m, query, all_nodes, still, how).error();
    };
    CHECK(refused({1}, {}).is(recall::faults::dimension_mismatch));
    CHECK(refused(at(1, 0), {.nearest = {.k = 0}}).is(recall::faults::nothing_asked));
    CHECK(refused(at(1, 0), {.lambda = 2}).is(recall::faults::invalid_config));
    CHECK(refused(at(1, 0), {.seeds = {.temperature = 0}}).is(recall::faults::invalid_config));
    CHECK(recall::ask(m, at(1, 0), 3U, still).error().is(recall::faults::empty)); // node 3 is gone
    auto const failing = [](std::span<recall::seed const>) -> result<std::vector<ranked_node>> {
        return fault{runnel::faults::duration_range};
    };
    CHECK(recall::ask(m, at(1, 0), all_nodes, failing).error().is(runnel::faults::duration_range));
}
