// SPDX-License-Identifier: MIT
#include <limits>
#include <string>
#include <vector>

#include <runnel/recall/memory.hpp>

#include "recall/support.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall_test::drawn;

namespace {

recall_test::vector axis(std::size_t dimension, std::size_t i) {
    recall_test::vector v(dimension);
    v[i] = 1;
    return v;
}

/// An index of the caller's own that goes wrong on request.
class fragile {
public:
    static inline bool broken = false;
    void plan_add(recall::rows const&, std::uint32_t) {}
    void plan_erase(recall::rows const&, std::uint32_t) {}
    void apply() noexcept {}
    void clear() noexcept {}
    [[nodiscard]] fragile rebuilt(recall::rows const&) const {
        broken = false;
        return {};
    }
    template <class Admits>
    recall::search_info search(
        recall::rows const& all, recall::measured query, recall::search_wish wish,
        Admits const& admits, recall::scratch& own) const {
        if (!broken) return recall::flat{}.search(all, query, wish, admits, own);
        own.best.reset(wish.k); // it has lost everything, and does not notice
        return {.by = recall::searched::walk, .exact = false};
    }
    [[nodiscard]] status check(recall::rows const&) const {
        return broken ? status{fault{recall::faults::index_corrupt}} : status{};
    }
    [[nodiscard]] std::size_t bytes() const { return 0; }
    [[nodiscard]] std::size_t growth(recall::rows const&, std::uint32_t) const { return 0; }
};

/// Turns two numbers into two others, and learns to swap them.
struct swapping {
    std::uint64_t learned = 0;
    status operator()(std::span<float const> in, std::span<float> out) const {
        if (in.size() != 2) return fault{recall::faults::dimension_mismatch};
        out[0] = in[learned % 2];
        out[1] = in[1 - learned % 2];
        return {};
    }
    [[nodiscard]] std::size_t dimension() const { return 2; }
    [[nodiscard]] std::uint64_t version() const { return learned; }
};

} // namespace

TEST_CASE("An index that fails its check is not asked until it is rebuilt", "[recall]") {
    fragile::broken = false;
    auto m = recall::make_memory<int>({.dimension = 3}, fragile{}).value();
    auto const entry = m.add(axis(3, 1), 7).value();
    CHECK(m.search(axis(3, 1)).value().size() == 1);
    fragile::broken = true;
    CHECK(m.search(axis(3, 0)).value().empty()); // nobody knows yet
    CHECK(m.search(axis(3, 0)).value().info.truncated);
    CHECK(m.check().error().is(recall::faults::index_corrupt));
    CHECK(m.damaged());
    auto const found = m.search(axis(3, 0)).value(); // and no answer of before is believed
    REQUIRE(found.size() == 1);
    CHECK(found[0].entry == entry);
    CHECK(found.info.damaged);
    CHECK(found.info.by == recall::searched::scan);
    CHECK(found.info.exact);
    m.rebuild();
    CHECK_FALSE(m.damaged());
    CHECK_FALSE(m.search(axis(3, 0)).value().info.damaged);
    CHECK(m.check());
}

TEST_CASE(
    "An entry can be given another vector and another payload, and stays itself", "[recall]") {
    auto m = recall::make_memory<std::string>({.dimension = 4}, recall::hnsw{{.links = 4}}).value();
    std::vector<recall::entry_id> entries;
    for (std::uint64_t i = 0; i < 100; ++i)
        entries.push_back(m.add(drawn(4, i), std::to_string(i)).value());
    REQUIRE(m.pin(entries[5]));
    REQUIRE(m.tell(entries[5], 1));
    REQUIRE(m.update(entries[5], drawn(4, 1000)));
    CHECK(m.search(drawn(4, 1000)).value()[0].entry == entries[5]);
    CHECK(m.search(drawn(4, 5)).value()[0].entry != entries[5]);
    CHECK(*m.payload(entries[5]) == "5");
    CHECK(m.facts(entries[5]).value().pins == 1);
    CHECK(m.utility(entries[5]).value() == Approx(.6));
    CHECK(m.index().check(m.vectors()));
    REQUIRE(m.replace_payload(entries[5], "five"));
    CHECK(*m.payload(entries[5]) == "five");
    REQUIRE(m.erase(entries[5]));
    CHECK(m.update(entries[5], drawn(4, 1)).error().is(recall::faults::stale_handle));
    CHECK(m.replace_payload(entries[5], "").error().is(recall::faults::stale_handle));
    CHECK(m.payload(entries[5]) == nullptr);
}

TEST_CASE("Vectors of a lent matrix are remembered where they are", "[recall]") {
    auto const matrix = drawn(10 * 4, 8);

    auto m = recall::make_memory<int>(
                 {.dimension = 4}, recall::borrowed{matrix.data(), matrix.size()}, recall::flat{})
                 .value();
    for (int row : {3, 1, 7}) {
        std::span<float const> const at{matrix.data() + row * 4, 4};
        REQUIRE(m.add(at, row));
    }
    CHECK(m.add(drawn(4, 1), 0).error().is(recall::faults::not_a_row));
    auto const best = m.search({matrix.data() + 28, 4}).value()[0];
    CHECK(*m.payload(best.entry) == 7);
    CHECK(m.vector(best.entry).value().data() == matrix.data() + 28);
    CHECK(m.update(best.entry, drawn(4, 1)).error().is(recall::faults::not_a_row));
    CHECK(recall::make_memory<int>({.dimension = 3}, recall::borrowed{matrix.data(), 40})
              .error()
              .is(recall::faults::dimension_mismatch));
}

TEST_CASE("An encoder stands before entries and questions", "[recall]") {
    using learned = recall::memory<int, recall::flat, recall::keep_score, swapping>;
    auto m = learned::make({.dimension = 2}).value();
    auto const right = m.add(axis(2, 0), 0).value();
    REQUIRE(m.add(axis(2, 1), 1));
    CHECK(m.search(axis(2, 0)).value()[0].entry == right);
    CHECK(m.search(axis(2, 0)).value().info.cached);
    m.encode().learned =
        1; // questions are swapped now; what was kept for the old version is not used
    CHECK_FALSE(m.search(axis(2, 0)).value().info.cached);
    CHECK(m.search(axis(2, 0)).value()[0].entry != right);
    CHECK(m.search(axis(3, 0)).error().is(recall::faults::dimension_mismatch));
    CHECK(learned::make({.dimension = 3}).error().is(recall::faults::dimension_mismatch));
}

TEST_CASE("Times are those of the clock that was given", "[recall]") {
    static std::uint64_t now = 0;
    auto const clock = [] { return now += 1000; };
    auto m = recall::make_memory<int>({.dimension = 3}, recall::flat{}, clock).value();
    REQUIRE(m.add(axis(3, 0), 1));
    for (std::uint64_t i = 0; i < 5; ++i) static_cast<void>(m.search(drawn(3, i)).value());
    static_cast<void>(m.search(drawn(3, 0)).value());
    CHECK(m.times().count() == 6);
    CHECK(m.times().longest() == 1000);
    auto const counts = m.counts();
    CHECK(counts.adds == 1);
    CHECK(counts.searches == 6);
    CHECK(counts.cache_hits == 1);
    CHECK(counts.scans == 5);
    CHECK(m.cache_hit_rate() == Approx(1. / 6));
    static_cast<void>(m.search(drawn(2, 0)));
    CHECK(m.counts().refused == 1);
}

TEST_CASE("A memory that was moved from is empty, and the other is whole", "[recall]") {
    auto a = recall::make_memory<std::string>({.dimension = 3}).value();
    auto const entry = a.add(axis(3, 2), "a long text that lies somewhere else").value();
    auto b = std::move(a);
    CHECK(a.empty()); // NOLINT: that is the point
    CHECK(*b.payload(entry) == "a long text that lies somewhere else");
    a = std::move(b);
    CHECK(a.search(axis(3, 2)).value()[0].entry == entry);
    CHECK(b.empty()); // NOLINT
}

TEST_CASE("Cleared, a memory is as made", "[recall]") {
    auto const filled = [](auto& m) {
        std::vector<recall::hit> hits;
        for (std::uint64_t i = 0; i < 60; ++i) static_cast<void>(m.add(drawn(3, i), 1).value());
        for (auto const& h : m.search(drawn(3, 77), {.k = 9}).value()) hits.push_back(h);
        return hits;
    };
    auto fresh = recall::make_memory<int>({.dimension = 3}, recall::hnsw{{.links = 4}}).value();
    std::size_t const nothing = fresh.bytes();
    auto const first = filled(fresh);
    static_cast<void>(fresh.tell(first[0].entry, 0));
    fresh.clear();
    CHECK(fresh.empty());
    CHECK(fresh.counts() == recall::counters{});
    CHECK(fresh.changes() == version{});
    CHECK(fresh.bytes() < nothing + 10'000); // what the index works with stays
    CHECK(filled(fresh) == first);           // the same ids, too
    CHECK(fresh.utility(first[0].entry).value() == .5);
}

TEST_CASE("bytes() is what the allocator was asked for, within a twentieth", "[recall]") {
    if (!support::counting()) return;
    auto const told = [](auto index) {
        support::allocation_watch const watch;
        auto m = recall::make_memory<std::string>({.dimension = 32}, std::move(index)).value();
        for (std::uint64_t i = 0; i < 2000; ++i)
            static_cast<void>(m.add(drawn(32, i), std::string(i % 60, 'x')).value());
        for (std::uint64_t i = 0; i < 2000; i += 3)
            static_cast<void>(m.erase(m.search(drawn(32, i)).value()[0].entry));
        return static_cast<double>(m.bytes()) / static_cast<double>(watch.kept_bytes());
    };
    for (double const ratio :
         {told(recall::flat{}), told(recall::hnsw{}), told(recall::adaptive{})}) {
        CHECK(ratio > .95);
        CHECK(ratio < 1.05);
    }
}

TEST_CASE("Room that was reserved is not taken again", "[recall]") {
    if (!support::counting()) return;
    auto const later = [](auto index, std::size_t reserved) {
        auto m = recall::make_memory({.dimension = 32, .cache = {.entries = 0}}, std::move(index))
                     .value();
        REQUIRE(m.reserve(reserved));
        std::size_t const before = m.bytes();
        for (std::uint64_t i = 0; i < 1000; ++i)
            static_cast<void>(m.add(drawn(32, i), node_id{0}).value());
        return m.bytes() - before;
    };
    CHECK(later(recall::flat{}, 1000) == 0);
    // What a net works with, and upper lists as they were drawn.
    CHECK(later(recall::hnsw{}, 1000) < 80'000);
    CHECK(later(recall::hnsw{}, 0) > 300'000);
}

TEST_CASE("Room beyond the budget, or beyond what slots can count, is refused", "[recall]") {
    auto m = recall::make_memory({.dimension = 32, .budget = {.limit = 200'000}}, recall::hnsw{})
                 .value();
    std::size_t const before = m.bytes();
    CHECK(m.reserve(100'000).error().code() == recall::faults::capacity_exceeded.code);
    CHECK(m.bytes() == before);
    REQUIRE(m.reserve(200));
    CHECK(m.bytes() > before);
    for (std::uint64_t i = 0; i < 600; ++i) {
        REQUIRE(m.add(drawn(32, i), node_id{0}));
        REQUIRE(m.bytes() <= 200'000);
    }
    CHECK(m.counts().refused == 1);
    auto all = recall::make_memory({.dimension = 2}).value();
    CHECK(
        all.reserve(std::size_t{1} << 40).error().code() == recall::faults::capacity_exceeded.code);
    CHECK(all.reserve(0));
}

TEST_CASE("A batch is refused whole for what one of it is refused for", "[recall]") {
    auto m = recall::make_memory<std::string>(
                 {.dimension = 2, .budget = {.limit = 20'000}}, recall::flat{})
                 .value();
    auto const kept = m.add(axis(2, 0), "here").value();
    auto const before = m.changes();
    std::vector<float> const three{1, 0, 0, 1, 1, 1};
    auto const refused = [&](std::vector<std::string> const& payloads, fault_kind kind) {
        auto const told = m.add_batch(three, payloads);
        REQUIRE_FALSE(told);
        CHECK(told.error().is(kind));
        CHECK(m.size() == 1);
        CHECK(m.changes() == before);
        return told.error();
    };
    std::string const large(1'000'000, 'x');
    CHECK(refused({"a", large, "c"}, recall::faults::entry_too_large).position() == 1);
    CHECK(refused({"a", "b"}, recall::faults::dimension_mismatch).offender() == "6 numbers for 2");
    CHECK(refused({}, recall::faults::dimension_mismatch).offender() == "6 numbers for 0");
    REQUIRE(m.replace_payload(kept, std::string(12'000, 'x')));
    REQUIRE(m.pin(kept));
    auto const with_pins = m.changes();
    auto const told =
        m.add_batch(three, std::vector<std::string>{"a", "b", large.substr(0, 9'000)});
    REQUIRE_FALSE(told);
    CHECK(told.error().is(recall::faults::capacity_exceeded));
    CHECK(told.error().position() == 2);
    CHECK(m.changes() == with_pins);
    CHECK(m.add_batch({}, {}).value().empty());
}

TEST_CASE("A batch goes through an encoder with vectors as long as that takes", "[recall]") {
    auto const sums = [](std::span<float const> in, std::span<float> out) -> status {
        if (in.size() != 3) return fault{recall::faults::dimension_mismatch};
        out[0] = in[0] + in[1];
        out[1] = in[2];
        return {};
    };
    auto m = recall::make_memory<int>({.dimension = 2}, recall::fixed_encoder{2, sums}).value();
    std::vector<int> const payloads{4, 5};
    auto const both = m.add_batch(std::vector<float>{1, 2, 0, 0, 1, 5}, payloads).value();
    CHECK(m.vector(both[0]).value()[0] == 3);
    CHECK(m.vector(both[1]).value()[1] == 5);
    CHECK_FALSE(m.add_batch(std::vector<float>{1, 2, 0, 1}, payloads)); // the encoder's own word
    CHECK(m.size() == 2);
}

TEST_CASE("For a larger payload others go, as for an addition", "[recall]") {
    auto m = recall::make_memory<std::string>(
                 {.dimension = 2, .budget = {.limit = 30'000}, .cache = {.entries = 0}},
                 recall::flat{}, recall::first_in_first_out{})
                 .value();
    std::vector<recall::entry_id> ids;
    for (std::uint64_t i = 0; i < 12; ++i)
        ids.push_back(m.add(drawn(2, i), std::string(2000, 'x')).value());
    REQUIRE(m.holds(ids[0]));
    REQUIRE(m.replace_payload(ids[0], std::string(9000, 'y'))); // the first in, and it stays
    CHECK(m.payload(ids[0])->size() == 9000);
    CHECK_FALSE(m.holds(ids[1]));
    CHECK(m.bytes() <= 30'000);
    CHECK(m.counts().evictions == 12 - m.size());
    std::size_t const left = m.size();
    CHECK(m.replace_payload(ids[0], std::string(40'000, 'z'))
              .error()
              .is(recall::faults::entry_too_large));
    for (recall::entry_id const id : ids)
        if (m.holds(id)) REQUIRE(m.pin(id));
    CHECK(m.replace_payload(ids[0], std::string(25'000, 'z'))
              .error()
              .is(recall::faults::capacity_exceeded));
    CHECK(m.size() == left);
    CHECK(m.payload(ids[0])->size() == 9000);
}

TEST_CASE("A target below what a memory takes when empty still goes by shares", "[recall]") {
    auto m = recall::make_memory<int>(
                 {.dimension = 32, .budget = {.limit = 100'000, .target = .02}}, recall::flat{},
                 recall::first_in_first_out{})
                 .value();
    std::size_t choices = 0;
    for (int i = 0; i < 3000; ++i) {
        std::size_t const before = m.size();
        REQUIRE(m.add(drawn(32, static_cast<std::uint64_t>(i)), i));
        choices += m.size() <= before ? 1U : 0U;
    }
    CHECK(choices > 2);
    CHECK(choices < 30);
}

namespace {
struct opaque {
    std::string text;
};
struct told {
    std::string text;
};
std::size_t held_bytes(told const& t) { return t.text.capacity(); }
} // namespace

TEST_CASE("A limit that cannot be kept is refused at once", "[recall]") {
    recall::memory_config const limited{.dimension = 2, .budget = {.limit = 50'000}};
    auto const silent = recall::make_memory<opaque>(limited);
    REQUIRE_FALSE(silent);
    CHECK(silent.error().is(recall::faults::invalid_config));
    CHECK(silent.error().sentence().find("bytes() const") != std::string_view::npos);
    CHECK(recall::make_memory<opaque>({.dimension = 2}));
    auto telling = recall::make_memory<told>(limited).value();
    std::size_t const empty = telling.bytes();
    REQUIRE(telling.add(axis(2, 0), {std::string(10'000, 'x')}));
    CHECK(telling.bytes() > empty + 10'000);
    CHECK_FALSE(recall::make_memory<std::vector<opaque>>(limited));
    auto lists = recall::make_memory<std::vector<std::string>>(limited).value();
    std::size_t const before = lists.bytes();
    REQUIRE(lists.add(axis(2, 0), {std::string(10'000, 'x')}));
    CHECK(lists.bytes() > before + 10'000);

    auto const small = recall::make_memory<int>({.dimension = 2, .budget = {.limit = 100}});
    REQUIRE_FALSE(small);
    CHECK(small.error().is(recall::faults::invalid_config));
    // The least that is accepted takes an entry.
    std::uint64_t const least = std::stoull(std::string(small.error().offender()));
    recall::memory_config of{.dimension = 2, .budget = {.limit = least}};
    of.budget.trigger = of.budget.target = 1;
    auto tight = recall::make_memory<int>(of).value();
    CHECK(tight.add(axis(2, 0), 1));
    CHECK(tight.bytes() <= least);
    of.budget.limit = least - 1;
    CHECK_FALSE(recall::make_memory<int>(of));
}

TEST_CASE("Time that is told to pass stops at its end", "[recall]") {
    auto m = recall::make_memory<int>({.dimension = 2}).value();
    m.elapse(~std::uint64_t{0} - 3);
    auto const first = m.add(axis(2, 0), 1).value();
    m.elapse(~std::uint64_t{0});
    auto const second = m.add(axis(2, 1), 2).value();
    CHECK(m.facts(first).value().added < m.facts(second).value().added);
    CHECK(m.facts(second).value().added == recall::tick{~std::uint64_t{0}});
}

TEST_CASE("What is lent is somewhere, and has whole rows", "[recall]") {
    float const seven[7]{};
    auto const told_of = [](recall::borrowed lent) {
        return recall::make_memory<int>({.dimension = 4}, lent).error();
    };
    CHECK(told_of({nullptr, 8}).is(recall::faults::not_a_row));
    CHECK(told_of({seven, 7}).is(recall::faults::dimension_mismatch));
    CHECK(told_of({seven, 7}).offender() == "7");
}

TEST_CASE("From the trigger down to the target, and not again until the trigger", "[recall]") {
    auto m = recall::make_memory<std::string>(
                 {.dimension = 16, .budget = {.limit = 200'000}, .cache = {.entries = 0}},
                 recall::flat{}, recall::first_in_first_out{})
                 .value();
    std::vector<std::size_t> sizes;
    for (std::uint64_t i = 0; i < 5000; ++i) {
        REQUIRE(m.add(drawn(16, i), std::string(40, 'x')));
        REQUIRE(m.bytes() <= 200'000);
        sizes.push_back(m.size());
    }
    std::size_t evictions = 0;
    std::size_t largest = 0;
    for (std::size_t i = 1; i < sizes.size(); ++i) {
        largest = std::max(largest, sizes[i]);
        if (sizes[i] >= sizes[i - 1]) continue;
        ++evictions;
        CHECK(sizes[i] > largest * 17 / 20); // about .8 of what there was at .9
        CHECK(sizes[i] < largest * 19 / 20);
    }
    CHECK(evictions > 5);
    CHECK(evictions < 60);
    CHECK(m.counts().evictions == 5000 - m.size());
}

TEST_CASE("What is wanted beyond the nearest", "[recall]") {
    auto m = recall::make_memory<int>({.dimension = 2}, recall::flat{}).value();
    auto const at = [&](float x, float y, std::uint16_t of) {
        return m.add(recall_test::vector{x, y}, 0, {.of_class = of}).value();
    };
    auto const a = at(1, 0, 0);
    auto const a2 = at(1, .001F, 0);
    auto const b = at(.9F, .3F, 1);
    auto const c = at(0, 1, 1);
    recall_test::vector const query{1, 0};

    auto const diverse = m.diverse(query, {.k = 2, .lambda = .3}).value();
    REQUIRE(diverse.size() == 2);
    CHECK(diverse[0].entry == a);
    CHECK(diverse[1].entry == c); // a2 says what a says

    auto const balanced = m.balanced(query, {.k = 3}).value();
    REQUIRE(balanced.size() == 3);
    CHECK(balanced[0].entry == a);
    CHECK(balanced[1].entry == b);
    CHECK(balanced[2].entry == a2);

    CHECK(m.ranked(query, 1, {.k = 1}).value()[0].entry == b); // its class outweighs .03
    CHECK(m.ranked(query, {}, {.k = 1}).value()[0].entry == a);

    CHECK(m.useful(query, .55).value().empty());
    REQUIRE(m.tell(c, 1));
    auto const useful = m.useful(query, .55).value();
    REQUIRE(useful.size() == 1);
    CHECK(useful[0].entry == c);
    CHECK(m.useful(query, 2).error().is(recall::faults::off_scale));

    auto const similar = m.similar(a, {.k = 2}).value();
    CHECK(similar[0].entry == a2);
    CHECK(similar[1].entry == b);
    CHECK(m.facts(a2).value().uses > 0);
    CHECK(m.diverse(query, {.k = 0}).error().is(recall::faults::nothing_asked));
}

TEST_CASE("Each setting of a memory changes what can be seen", "[recall]") {
    using recall::memory_config;
    auto const seen = [](memory_config config) {
        auto m = recall::make_memory<int>(config, recall::flat{}).value();
        std::string all;
        for (std::uint64_t i = 0; i < 80; ++i) {
            auto v = drawn(8, i);
            for (float& x : v) x *= static_cast<float>(1 + i % 5);
            recall::details const known{
                .of_class = static_cast<std::uint16_t>(i % 3),
                .quality = static_cast<double>(i % 10) / 10};
            auto const entry = m.add(v, 1, known);
            if (entry) static_cast<void>(m.tell(*entry, static_cast<double>(i % 7) / 6));
        }
        for (std::uint64_t q = 0; q < 3; ++q)
            for (int again = 0; again < 2; ++again) {
                auto const found = m.search(drawn(8, 500 + q), {.k = 4}).value();
                all += found.info.cached ? "c" : "-";
                for (auto const& h : found)
                    all += std::to_string(h.entry.slot) + ":" + std::to_string(h.similarity) + " ";
            }
        for (auto const& s : m.ranked(drawn(8, 600), 1, {.k = 5}).value())
            all += std::to_string(s.entry.slot) + "=" + std::to_string(s.score) + " ";
        auto const judged = m.classes().of(1);
        all += std::to_string(judged.helpful) + "/" + std::to_string(judged.harmful);
        all += " of " + std::to_string(m.size());
        all += " compared " + std::to_string(m.search(drawn(8, 900), {.k = 4})->info.compared);
        return all;
    };
    memory_config const usual{.dimension = 8};
    auto const base = seen(usual);
    CHECK(seen(usual) == base);
    auto const differs = [&](auto change) {
        memory_config config = usual;
        change(config);
        return seen(config) != base;
    };
    CHECK(differs([](auto& c) { c.metric = recall::metric::inner_product; }));
    CHECK(differs([](auto& c) { c.metric = recall::metric::l2; }));
    CHECK(differs([](auto& c) { c.coding = recall::coding::bytes; }));
    CHECK(differs([](auto& c) { c.budget.limit = 9000; }));
    CHECK(differs([](auto& c) { c.cache.entries = 0; }));
    CHECK(differs([](auto& c) { c.cache.longest = 3; }));
    CHECK(differs([](auto& c) { c.feedback.prior = .9; }));
    CHECK(differs([](auto& c) { c.feedback.prior_count = 0; }));
    CHECK(differs([](auto& c) { c.feedback.margin = .4; }));
    CHECK(differs([](auto& c) { c.quality.on = true; }));
    CHECK(differs([](auto& c) { c.hybrid.similarity = 0; }));
    CHECK(differs([](auto& c) { c.hybrid.utility = 0; }));
    CHECK(differs([](auto& c) { c.hybrid.agreement = 0; }));
    CHECK_FALSE(differs([](auto& c) { c.budget.trigger = .5, c.budget.target = .4; })); // off
    CHECK_FALSE(differs([](auto& c) { c.quality.least = .1; }));                        // off
    memory_config tight = usual;
    tight.budget.limit = 9000;
    memory_config tighter = tight;
    tighter.budget.trigger = .7;
    tighter.budget.target = .6;
    CHECK(seen(tighter) != seen(tight));
    tighter = tight;
    tighter.budget.target = .5;
    CHECK(seen(tighter) != seen(tight));
    memory_config gated = usual;
    gated.quality = {.on = true, .least = .75};
    memory_config lower = gated;
    lower.quality.least = .3;
    CHECK(seen(lower) != seen(gated));
}

TEST_CASE("Many questions at once have the answers of each alone", "[recall]") {
    auto const same = [](auto index, recall::coding coding) {
        auto m =
            recall::make_memory<int>({.dimension = 24, .coding = coding}, std::move(index)).value();
        for (std::uint64_t i = 0; i < 333; ++i) static_cast<void>(m.add(drawn(24, i), 0).value());
        for (std::uint64_t i = 0; i < 50; ++i)
            static_cast<void>(m.erase(m.search(drawn(24, i)).value()[0].entry));
        recall_test::vector queries;
        for (std::uint64_t q = 0; q < 11; ++q)
            for (float const x : drawn(24, 1000 + q)) queries.push_back(x);
        auto const all = m.search_all(queries, {.k = 7}).value();
        REQUIRE(all.size() == 11);
        for (std::size_t q = 0; q < 11; ++q)
            CHECK(all[q].hits == m.search(drawn(24, 1000 + q), {.k = 7}).value().hits);
        queries.push_back(1);
        CHECK(m.search_all(queries).error().is(recall::faults::dimension_mismatch));
        queries.resize(48);
        queries[30] = std::numeric_limits<float>::infinity();
        CHECK(m.search_all(queries).error().is(recall::faults::non_finite));
        CHECK(m.search_all(queries).error().position() == 1);
        CHECK(m.search_all({}, {.k = 0}).error().is(recall::faults::nothing_asked));
        CHECK(m.search_all({}).value().empty());
    };
    same(recall::flat{}, recall::coding::none);
    same(recall::flat{}, recall::coding::bytes);
    same(recall::hnsw{{.links = 4}}, recall::coding::none);
    same(recall::adaptive{}, recall::coding::none);
}
