// SPDX-License-Identifier: MIT
// Is a memory that was changed a hundred thousand times as good as a new one?
//
// Why:  indexes that mark what is erased lose recall with every round, and places that were freed cost more to
//       fill than new ones. Copies of a few vectors crowd out all others.
// Against: a memory filled once with what the churned one holds in the end.
// Limits: recall within .002 of it; five vectors copied a thousand times cost no ordinary entry its place.
//       Goal: an addition to a freed slot costs at most 1.5 times one to a new slot.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "recall/judged.hpp"
#include "recall/tables.hpp"

namespace bench {
namespace {

enum class who_goes { anyone, oldest, drift };
constexpr std::size_t dimension = 64;
constexpr int churns = 10;

struct resident {
    recall::entry_id entry;
    std::vector<float> numbers;
};

cloud arrivals(std::size_t count, who_goes kind, int round) {
    return make_cloud(
        {.count = count,
         .dimension = dimension,
         .seed = static_cast<std::uint64_t>(100 + round),
         .drift = kind == who_goes::drift ? round * .1 : 0});
}

row one_kind(suite& out, std::string const& title, std::size_t count, who_goes kind) {
    auto memory = made_memory({.dimension = dimension}, recall::hnsw{});
    std::vector<resident> live; // oldest first
    auto const add = [&](auto& to, std::span<float const> vector) {
        double const begin = thread_time();
        auto const entry = to.add(vector, 0).value();
        double const took = thread_time() - begin;
        live.push_back({entry, {vector.begin(), vector.end()}});
        return took;
    };
    cloud const first = arrivals(count, kind, 0);
    for (std::size_t i = 0; i < count; ++i) add(memory, first[i]);
    random_words words{5};
    double erasing = 0;
    double adding = 0;
    bool whole = true;
    for (int round = 1; round <= churns; ++round) {
        out.progress(title, round, churns);
        if (kind == who_goes::anyone)
            for (std::size_t i = live.size() - 1; i > 0; --i)
                std::swap(live[i], live[words.below(static_cast<std::uint32_t>(i + 1))]);
        double const begin = thread_time();
        for (std::size_t i = 0; i < count / 2; ++i)
            whole = memory.erase(live[i].entry).has_value() && whole;
        erasing += thread_time() - begin;
        live.erase(live.begin(), live.begin() + static_cast<std::ptrdiff_t>(count / 2));
        cloud const more = arrivals(count / 2, kind, round);
        for (std::size_t i = 0; i < more.size(); ++i) adding += add(memory, more[i]);
        whole = memory.check().has_value() && whole;
    }
    out.expect("the net holds together and every entry is reached, " + title, whole);
    // What fills freed slots grew from a half to the whole each time: so does what it is held against.
    std::vector<resident> const held = live;
    auto fresh = made_memory({.dimension = dimension}, recall::hnsw{});
    double adding_fresh = 0;
    for (std::size_t i = 0; i < count; ++i) {
        double const took = add(fresh, held[i].numbers);
        if (i >= count / 2) adding_fresh += took;
    }
    cloud const queries = make_cloud(
        {.count = 1000,
         .dimension = dimension,
         .seed = 999,
         .drift = kind == who_goes::drift ? churns * .1 : 0});
    auto const in_churned = truth_of(memory.vectors(), queries, 10);
    auto const in_fresh = truth_of(fresh.vectors(), queries, 10);
    std::vector<double> figures;
    for (std::size_t const effort : {std::size_t{10}, std::size_t{20}, std::size_t{100}}) {
        double const churned = quality_of(memory, queries, in_churned, {.effort = effort}).recall;
        double const anew = quality_of(fresh, queries, in_fresh, {.effort = effort}).recall;
        figures.push_back(churned);
        figures.push_back(anew);
        if (effort > 10) // there two fresh nets differ by as much
            out.limit(
                "recall lost, effort " + std::to_string(effort) + ", " + title, anew - churned,
                .002);
    }
    double const each = static_cast<double>(count / 2);
    double const half = churns * each;
    figures.push_back(adding / half * 1e-3);
    figures.push_back(adding_fresh / each * 1e-3);
    figures.push_back(adding / half / (adding_fresh / each));
    figures.push_back(erasing / half * 1e-3);
    return {title.substr(title.find(',') + 2), figures};
}

} // namespace

void table_churn(suite& out) {
    std::size_t const count = out.full() && !out.check() ? 5'000 : 2'000;
    std::string const title = "churn " + size_text(count, dimension);
    if (!out.wants(title)) return;
    std::vector<row> rows;
    rows.push_back(one_kind(out, title + ", anyone", count, who_goes::anyone));
    rows.push_back(one_kind(out, title + ", oldest first", count, who_goes::oldest));
    rows.push_back(one_kind(out, title + ", drifting", count, who_goes::drift));
    out.table(
        title + ", half of it, ten times; recall@10 by effort, us",
        {"churned 10", "fresh 10", "churned 20", "fresh 20", "churned 100", "fresh 100", "us/added",
         "us/fresh", "ratio", "us/erased"},
        rows);
}

void table_copies(suite& out) {
    constexpr std::size_t ordinary = 2'000;
    constexpr std::size_t copied = 5;
    constexpr std::size_t times = 1'000;
    constexpr std::size_t asked = 500;
    std::string const title = "copies";
    if (!out.wants(title)) return;
    cloud const base = make_cloud({.count = ordinary + copied, .dimension = dimension});
    std::vector<row> rows;
    for (bool const copies_first : {false, true}) {
        auto memory = made_memory({.dimension = dimension}, recall::hnsw{});
        auto const copy = [&] {
            for (std::size_t t = 0; t < times; ++t)
                for (std::size_t c = 0; c < copied; ++c)
                    static_cast<void>(memory.add(base[ordinary + c], 9999).value());
        };
        if (copies_first) copy();
        fill(out, title, memory, base, 0, ordinary);
        if (!copies_first) copy();
        for (std::size_t const effort : {std::size_t{10}, std::size_t{100}}) {
            std::size_t selves = 0;
            for (std::size_t q = 0; q < asked; ++q)
                for (recall::hit const& h : memory.search(base[q], {.effort = effort}).value())
                    selves += *memory.payload(h.entry) == q ? 1U : 0U;
            std::string const name = std::string(copies_first ? "copies first" : "copies last")
                                     + ", effort " + std::to_string(effort);
            rows.push_back({name, {static_cast<double>(selves)}});
            if (effort == 100)
                out.limit(
                    "ordinary entries of 500 that do not find themselves, " + name,
                    static_cast<double>(asked - selves), 0);
        }
    }
    out.table(
        "copies: 2000 ordinary vectors, five copied a thousand times; of 500 asked for",
        {"find self"}, rows);
}

} // namespace bench
