// SPDX-License-Identifier: MIT
// What a memory refuses, with which fault, and that the memory is afterwards what it was.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <runnel/recall.hpp>

#include "support/catch.hpp"

using namespace runnel;
using recall::entry_id;
using recall::metric;
namespace refusal = recall::faults;

namespace {

using floats = std::vector<float>;
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float unending = std::numeric_limits<float>::infinity();

/// Everything that can be seen of a memory.
template <class Memory> struct seen {
    std::size_t size, bytes;
    version changes;
    std::vector<std::pair<entry_id, std::string>> payloads;
    std::vector<floats> vectors;
    std::vector<recall::tenant> facts;
    std::vector<recall::hit> hits;

    explicit seen(Memory const& m) : size(m.size()), bytes(m.bytes()), changes(m.changes()) {
        m.each([&](entry_id e, std::string const& p) { payloads.emplace_back(e, p); });
        for (auto const& [e, p] : payloads) {
            auto const v = m.vector(e).value();
            vectors.emplace_back(v.begin(), v.end());
            facts.push_back(m.facts(e).value());
        }
    }
    friend bool operator==(seen const& a, seen const& b) {
        bool same = a.size == b.size && a.bytes == b.bytes && a.changes == b.changes
                    && a.payloads == b.payloads && a.vectors == b.vectors;
        for (std::size_t i = 0; same && i < a.facts.size(); ++i) {
            auto const &x = a.facts[i], &y = b.facts[i];
            same = x.entry == y.entry && x.utility == y.utility && x.uses == y.uses
                   && x.added == y.added && x.last_used == y.last_used && x.bytes == y.bytes
                   && x.pins == y.pins;
        }
        return same;
    }
};

template <class Index>
auto filled(metric by, Index index, recall::coding coding = recall::coding::none) {
    auto m = recall::make_memory<std::string>(
        {.dimension = 3, .metric = by, .coding = coding}, std::move(index));
    REQUIRE(m);
    for (int i = 0; i < 30; ++i) {
        auto const x = float(i);
        REQUIRE(m->add(floats{1, x, x * x}, std::to_string(i), {.of_class = std::uint16_t(i % 3)}));
    }
    return std::move(*m);
}

/// The call is refused with this fault, and nothing has changed.
template <class Memory, class Call> void refused(Memory& m, fault_kind kind, Call call) {
    seen const before(m);
    auto const outcome = call();
    REQUIRE_FALSE(outcome.has_value());
    INFO(outcome.error().code());
    CHECK(outcome.error().is(kind));
    CHECK(seen(m) == before);
    CHECK(m.check().has_value());
}

template <class Index>
void refuses(metric by, Index index, recall::coding coding = recall::coding::none) {
    auto m = filled(by, std::move(index), coding);
    entry_id const first = m.search(floats{1, 0, 0}, {.k = 1})->hits.at(0).entry;
    entry_id const gone = m.add(floats{5, 5, 5}, "gone").value();
    REQUIRE(m.erase(gone));
    auto const all = [](std::string const&) { return true; };

    std::vector<std::pair<fault_kind, floats>> bad{
        {refusal::non_finite, {not_a_number, 1, 1}}, {refusal::non_finite, {1, not_a_number, 1}},
        {refusal::non_finite, {1, 1, unending}},     {refusal::non_finite, {-unending, 1, 1}},
        {refusal::dimension_mismatch, {1, 1}},       {refusal::dimension_mismatch, {1, 1, 1, 1}},
        {refusal::dimension_mismatch, {}},
    };
    if (by == metric::cosine) bad.push_back({refusal::zero_norm, {0, 0, 0}});
    if (by == metric::cosine) bad.push_back({refusal::zero_norm, {0, -0.F, 0}});
    for (auto const& [kind, v] : bad) {
        CAPTURE(v);
        refused(m, kind, [&, &v = v] { return m.add(v, "new"); });
        refused(m, kind, [&, &v = v] { return m.update(first, v); });
        refused(m, kind, [&, &v = v] { return m.search(v); });
        refused(m, kind, [&, &v = v] { return m.search(v, {}, all); });
        refused(m, kind, [&, &v = v] { return m.search(v, {.filter = 1}, all); });
        refused(m, kind, [&, &v = v] { return m.useful(v, .1); });
        refused(m, kind, [&, &v = v] { return m.diverse(v); });
        refused(m, kind, [&, &v = v] { return m.ranked(v, {}); });
        refused(m, kind, [&, &v = v] { return m.balanced(v); });
        if (v.size() != 3) continue;
        floats rows{1, 2, 3, 4, 5, 6};
        rows.insert(rows.end(), v.begin(), v.end());
        std::vector<std::string> const three{"a", "b", "c"};
        refused(m, kind, [&] { return m.add_batch(rows, three); });
    }
    std::vector<std::string> const two{"a", "b"};
    refused(m, refusal::dimension_mismatch, [&] {
        return m.add_batch(floats{1, 2, 3, 4, 5}, two);
    });
    refused(m, refusal::dimension_mismatch, [&] {
        return m.add_batch(floats{1, 2, 3, 4, 5, 6, 7, 8, 9}, two);
    });

    floats const q{1, 2, 3};
    refused(m, refusal::nothing_asked, [&] { return m.search(q, {.k = 0}); });
    refused(m, refusal::nothing_asked, [&] { return m.search(q, {.k = 0}, all); });
    refused(m, refusal::nothing_asked, [&] { return m.useful(q, .5, {.k = 0}); });
    refused(m, refusal::nothing_asked, [&] { return m.similar(first, {.k = 0}); });
    refused(m, refusal::nothing_asked, [&] { return m.diverse(q, {.k = 0}); });
    refused(m, refusal::nothing_asked, [&] { return m.ranked(q, {}, {.k = 0}); });
    refused(m, refusal::nothing_asked, [&] { return m.balanced(q, {.k = 0}); });

    for (entry_id const e :
         {gone, entry_id{}, entry_id{12345, 1}, entry_id{first.slot, first.generation + 1}}) {
        CAPTURE(e.slot, e.generation);
        REQUIRE_FALSE(m.holds(e));
        CHECK(m.payload(e) == nullptr);
        refused(m, refusal::stale_handle, [&] { return m.erase(e); });
        refused(m, refusal::stale_handle, [&] { return m.update(e, q); });
        refused(m, refusal::stale_handle, [&] { return m.replace_payload(e, "x"); });
        refused(m, refusal::stale_handle, [&] { return m.pin(e); });
        refused(m, refusal::stale_handle, [&] { return m.unpin(e); });
        refused(m, refusal::stale_handle, [&] { return m.tell(e, .5); });
        refused(m, refusal::stale_handle, [&] { return m.similar(e); });
        refused(m, refusal::stale_handle, [&] { return m.vector(e); });
        refused(m, refusal::stale_handle, [&] { return m.utility(e); });
        refused(m, refusal::stale_handle, [&] { return m.facts(e); });
    }
    for (double const outcome : {-.001, 1.001, double(not_a_number), double(unending)})
        refused(m, refusal::bad_outcome, [&] { return m.tell(first, outcome); });

    // And it goes on as before.
    CHECK(m.search(floats{1, 0, 0}, {.k = 1})->hits.at(0).entry == first);
}

recall::adaptive small() {
    return recall::adaptive{recall::adaptive_config{.walk_from = 20, .scan_below = 10}};
}

auto made(recall::memory_config c) { return recall::make_memory<int>(c, recall::flat{}); }
template <class Made> bool invalid(Made const& m) {
    return !m.has_value() && m.error().is(refusal::invalid_config);
}
recall::memory_config good() { return {.dimension = 3}; }

} // namespace

TEST_CASE("What is refused leaves a memory as it was", "[recall][whole]") {
    for (metric const by : {metric::cosine, metric::inner_product, metric::l2}) {
        CAPTURE(int(by));
        refuses(by, recall::flat{});
        refuses(by, recall::flat{}, recall::coding::bytes);
        refuses(by, recall::hnsw{});
        refuses(
            by, recall::hnsw{recall::hnsw_config{.links = 4, .effort = 4}}, recall::coding::bytes);
        refuses(by, small());
    }
}

TEST_CASE("A memory that is empty finds nothing and says so", "[recall][whole]") {
    auto m = recall::make_memory<std::string>({.dimension = 3});
    REQUIRE(m);
    floats const q{1, 2, 3};
    auto const nothing = [&] {
        auto const a = m->search(q);
        REQUIRE(a);
        CHECK(a->hits.empty());
        CHECK(a->info.by == recall::searched::nothing);
        auto const b = m->search(q, {}, [](std::string const&) { return true; });
        REQUIRE(b);
        CHECK(b->hits.empty());
        CHECK(b->info.by == recall::searched::nothing);
        CHECK(m->diverse(q).value().empty());
        CHECK(m->ranked(q, {}).value().empty());
        CHECK(m->balanced(q).value().empty());
        CHECK(m->search(q, {.k = 0}).error().is(refusal::nothing_asked));
        CHECK(m->search(floats{1, 2}).error().is(refusal::dimension_mismatch));
        CHECK(m->search(floats{1, not_a_number, 2}).error().is(refusal::non_finite));
        CHECK(m->search(floats{0, 0, 0}).error().is(refusal::zero_norm));
        CHECK(m->check());
    };
    nothing();
    auto const e = m->add(q, "one");
    REQUIRE(m->erase(*e));
    nothing();
    REQUIRE(m->add(q, "one"));
    m->clear();
    CHECK(m->bytes() == recall::make_memory<std::string>({.dimension = 3})->bytes());
    nothing();
}

TEST_CASE(
    "Entries of low quality and entries larger than the budget are refused", "[recall][whole]") {
    auto m = recall::make_memory<std::string>({.dimension = 2, .quality = {.on = true}});
    REQUIRE(m);
    REQUIRE(m->add(floats{1, 0}, "good", {.quality = .8}));
    refused(*m, refusal::low_quality, [&] { return m->add(floats{1, 1}, "bad", {.quality = .7}); });
    CHECK(m->add(floats{1, 1}, "just", {.quality = .75}).has_value());

    auto b = recall::make_memory<std::string>({.dimension = 2, .budget = {.limit = 50'000}});
    REQUIRE(b);
    auto const e = b->add(floats{1, 0}, "small").value();
    refused(*b, refusal::entry_too_large, [&] {
        return b->add(floats{1, 1}, std::string(50'001, 'x'));
    });
    REQUIRE(b->pin(e));
    refused(*b, refusal::entry_too_large, [&] {
        return b->add(floats{1, 1}, std::string(50'001, 'x'));
    });
}

TEST_CASE("Every number out of its range is an invalid config", "[recall][whole]") {
    REQUIRE(made(good()));
    double const no = std::numeric_limits<double>::quiet_NaN();
    double const much = std::numeric_limits<double>::infinity();

    for (std::size_t const d :
         {std::size_t{0}, std::size_t{65537}, std::numeric_limits<std::size_t>::max()}) {
        CAPTURE(d);
        auto c = good();
        c.dimension = d;
        CHECK(invalid(made(c)));
    }
    {
        auto c = good();
        c.dimension = 65536;
        CHECK(made(c).has_value());
        c = good(), c.metric = static_cast<metric>(77);
        CHECK(invalid(made(c)));
        c = good(), c.coding = static_cast<recall::coding>(77);
        CHECK(invalid(made(c)));
    }
    for (double const x : {no, much, -much, -.1, 1.1}) {
        CAPTURE(x);
        auto c = good();
        c.budget = {.limit = 100'000, .trigger = x, .target = .5};
        CHECK(invalid(made(c)));
        c = good(), c.budget = {.limit = 100'000, .trigger = .9, .target = x};
        CHECK(invalid(made(c)));
        c = good(), c.feedback.prior = x;
        CHECK(invalid(made(c)));
        c = good(), c.feedback.margin = x;
        CHECK(invalid(made(c)));
        c = good(), c.quality = {.on = true, .least = x};
        CHECK(invalid(made(c)));
    }
    { // a target above the trigger would never be reached from it
        auto c = good();
        c.budget = {.limit = 100'000, .trigger = .5, .target = .8};
        CHECK(invalid(made(c)));
    }
    for (double const x : {no, much, -much, -.1}) {
        CAPTURE(x);
        auto c = good();
        c.feedback.prior_count = x;
        CHECK(invalid(made(c)));
        c = good(), c.hybrid.similarity = x;
        CHECK(invalid(made(c)));
        c = good(), c.hybrid.utility = x;
        CHECK(invalid(made(c)));
        c = good(), c.hybrid.agreement = x;
        CHECK(invalid(made(c)));
    }
    { // nothing would be ranked by
        auto c = good();
        c.hybrid = {.similarity = 0, .utility = 0, .agreement = 0};
        CHECK(invalid(made(c)));
    }
}

TEST_CASE("Every number of an index out of its range is an invalid config", "[recall][whole]") {
    auto const net = [](recall::hnsw_config c) {
        return recall::make_memory<int>({.dimension = 3}, recall::hnsw{c});
    };
    auto const either = [](recall::adaptive_config c) {
        return recall::make_memory<int>({.dimension = 3}, recall::adaptive{c});
    };
    REQUIRE(net({}));
    REQUIRE(either({}));
    CHECK(invalid(net({.links = 0})));
    CHECK(invalid(net({.links = 1})));
    CHECK(invalid(net({.links = 1'000'000})));
    CHECK(invalid(net({.build_effort = 0})));
    CHECK(invalid(net({.effort = 0})));
    CHECK(invalid(net({.scan_rather = 0})));
    CHECK(invalid(either({.walk = {.links = 0}})));
    CHECK(invalid(either({.walk = {.build_effort = 0}})));
    CHECK(invalid(either({.walk = {.effort = 0}})));
    CHECK(invalid(either({.walk_from = 10, .scan_below = 11})));
    CHECK(invalid(either({.pace = 0})));
}

TEST_CASE("A borrowed row is one of the lent matrix", "[recall][whole]") {
    floats const lent{1, 0, 0, 1, 1, 1};
    using memory = recall::memory<int, recall::flat>;
    auto m = memory::make({.dimension = 2}, recall::flat{}, {}, {}, {}, {lent.data(), lent.size()});
    REQUIRE(m);
    auto const row = [&](std::size_t i) { return std::span<float const>(lent).subspan(2 * i, 2); };
    REQUIRE(m->add(row(0), 0));
    auto const third = m->add(row(2), 2);
    INFO((third ? "" : third.error().text().c_str()));
    REQUIRE(third);
    auto const bytes = m->bytes();
    floats const stranger{1, 0};
    auto const no = m->add(stranger, 9);
    REQUIRE_FALSE(no);
    CHECK(no.error().is(refusal::not_a_row));
    auto const off = m->add(std::span<float const>(lent).subspan(3, 2), 9);
    REQUIRE_FALSE(off);
    CHECK(off.error().is(refusal::not_a_row));
    CHECK(m->size() == 2);
    CHECK(m->bytes() == bytes);
    auto const found = m->search(stranger, {.k = 5});
    REQUIRE(found);
    CHECK(found->hits.size() == 2);
    CHECK(m->vector(found->hits[0].entry)->data() == lent.data());
}
