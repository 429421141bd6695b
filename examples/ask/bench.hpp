// SPDX-License-Identifier: MIT
// Questions with known answers: how often each method finds the notes that are needed, and how fast.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <runnel/core/rng.hpp>
#include <runnel/io/json.hpp>

#include "../command/failure.hpp"
#include "asker.hpp"
#include "corpus.hpp"
#include "show.hpp"
#include "web.hpp"

namespace ask {

/// Of one question and method.
struct marks {
    static constexpr std::array<std::string_view, 4> names{
        "recall@2", "recall@5", "recall@10", "all@5"};
    std::array<double, 4> of{}; ///< 0..1, by the names above
};
inline marks mark(std::vector<std::uint32_t> const& found, std::vector<std::uint32_t> const& gold) {
    auto const in_first = [&](std::size_t k) {
        std::size_t n = 0;
        for (std::size_t i = 0; i < std::min(k, found.size()); ++i)
            n += std::find(gold.begin(), gold.end(), found[i]) != gold.end();
        return static_cast<double>(n) / static_cast<double>(gold.size());
    };
    return {{in_first(2), in_first(5), in_first(10), in_first(5) == 1 ? 1. : 0.}};
}

/// One method on all questions.
struct run_of {
    std::string_view name;
    std::vector<marks> marked;
    std::vector<std::vector<std::uint32_t>> rankings; ///< places of the first ten notes
    std::vector<double> us;                           ///< the method alone
    std::vector<double> whole_us;                     ///< from the question to the ranking
    double links_scored = 0;                          ///< mean

    [[nodiscard]] double percent(std::size_t mark) const {
        double sum = 0;
        for (marks const& m : marked) sum += m.of[mark];
        return 100 * sum / static_cast<double>(marked.size());
    }
};
inline double percentile(std::vector<double> of, double p) {
    std::sort(of.begin(), of.end());
    return of[static_cast<std::size_t>(p * static_cast<double>(of.size() - 1))];
}

struct bench_result {
    method how = method::both; ///< what is told of
    std::vector<question> questions;
    run_of plain{"bm25", {}, {}, {}, {}, 0};
    run_of stride{"stride", {}, {}, {}, {}, 0};

    [[nodiscard]] std::vector<run_of const*> told() const {
        if (how == method::bm25) return {&plain};
        if (how == method::stride) return {&stride};
        return {&plain, &stride};
    }
};

/// Every question once, after a first round that warms the caches; a share of them on each thread.
inline bench_result measure(
    web const& of, all_settings const& how, std::vector<question> questions,
    std::uint32_t threads) {
    std::unordered_map<std::string, std::uint32_t> by_id;
    for (std::uint32_t n = 0; n < of.notes.size(); ++n) by_id.emplace(of.notes[n].id, n);
    std::vector<std::vector<std::uint32_t>> gold;
    for (question const& q : questions) {
        gold.emplace_back();
        for (std::string const& id : q.gold) {
            auto const found = by_id.find(id);
            if (found == by_id.end())
                throw command::failure(
                    "question " + q.id + " needs note " + id + ", which is not among the notes");
            gold.back().push_back(found->second);
        }
    }
    std::vector<answer> answers(questions.size());
    auto const part = [&](std::size_t first) {
        asker<> mind{of, how};
        for (int round = 0; round < 2; ++round)
            for (std::size_t q = first; q < questions.size(); q += threads)
                answers[q] = mind(questions[q].text, 10);
    };
    std::vector<std::jthread> others;
    for (std::uint32_t t = 1; t < threads; ++t) others.emplace_back(part, t);
    part(0);
    others.clear();

    bench_result out;
    for (std::size_t q = 0; q < questions.size(); ++q) {
        answer const& a = answers[q];
        std::vector<std::uint32_t> plain;
        std::vector<std::uint32_t> found;
        for (auto const& h : a.plain) plain.push_back(h.note);
        for (auto const& h : a.found) found.push_back(h.note);
        out.plain.marked.push_back(mark(plain, gold[q]));
        out.stride.marked.push_back(mark(found, gold[q]));
        out.plain.rankings.push_back(std::move(plain));
        out.stride.rankings.push_back(std::move(found));
        out.plain.us.push_back(a.plain_us);
        out.plain.whole_us.push_back(a.plain_us);
        out.stride.us.push_back(a.diffusion_us);
        out.stride.whole_us.push_back(a.whole_us);
        out.stride.links_scored +=
            static_cast<double>(a.links_scored) / static_cast<double>(questions.size());
    }
    out.questions = std::move(questions);
    return out;
}

struct interval {
    double low = 0;
    double high = 0;
};
/// 95 % of what the difference could have been with other questions like these: drawn anew from them 10 000 times, both
/// methods on the same.
inline interval bootstrap(run_of const& a, run_of const& b, std::size_t mark, std::uint64_t seed) {
    constexpr std::size_t rounds = 10'000;
    std::size_t const n = a.marked.size();
    runnel::counter_rng const draw{{.seed = seed, .node = mark}};
    std::vector<double> means(rounds);
    for (std::size_t r = 0; r < rounds; ++r) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            auto const q = static_cast<std::size_t>(draw.unit(r * n + i) * static_cast<double>(n));
            sum += b.marked[q].of[mark] - a.marked[q].of[mark];
        }
        means[r] = 100 * sum / static_cast<double>(n);
    }
    std::sort(means.begin(), means.end());
    return {means[rounds / 40], means[rounds - 1 - rounds / 40]};
}

inline std::string as_table(bench_result const& of, std::uint64_t seed) {
    std::string out = fmt::format("{:<12}", fmt::format("{} asked", of.questions.size()));
    for (auto const name : marks::names) out += fmt::format("{:>14}", name);
    out += fmt::format(
        "{:>10}{:>10}{:>14}{:>14}\n", "p50 us", "p99 us", "whole p50 us", "links scored");
    for (run_of const* run : of.told()) {
        out += fmt::format("{:<12}", run->name);
        for (std::size_t m = 0; m < marks::names.size(); ++m)
            out += fmt::format("{:>14.1f}", run->percent(m));
        out += fmt::format(
            "{:>10.0f}{:>10.0f}{:>14.0f}{:>14.0f}\n", percentile(run->us, .5),
            percentile(run->us, .99), percentile(run->whole_us, .5), run->links_scored);
    }
    if (of.how != method::both) return out;
    out += fmt::format("{:<12}", "difference");
    for (std::size_t m = 0; m < marks::names.size(); ++m)
        out += fmt::format("{:>+14.1f}", of.stride.percent(m) - of.plain.percent(m));
    out += fmt::format("\n{:<12}", "95 % in");
    for (std::size_t m = 0; m < marks::names.size(); ++m) {
        auto const in = bootstrap(of.plain, of.stride, m, seed);
        out += fmt::format("{:>14}", fmt::format("{:+.1f}..{:+.1f}", in.low, in.high));
    }
    out += "\n\nrecall@5 by kind\n";
    std::vector<std::string> kinds;
    for (question const& q : of.questions)
        if (std::find(kinds.begin(), kinds.end(), q.kind) == kinds.end()) kinds.push_back(q.kind);
    for (std::string const& kind : kinds) {
        double plain = 0;
        double stride = 0;
        double n = 0;
        for (std::size_t q = 0; q < of.questions.size(); ++q)
            if (of.questions[q].kind == kind) {
                plain += 100 * of.plain.marked[q].of[1];
                stride += 100 * of.stride.marked[q].of[1];
                ++n;
            }
        out += fmt::format(
            "  {:<14}{:>5} asked   bm25 {:>5.1f}   stride {:>5.1f}\n", kind, n, plain / n,
            stride / n);
    }
    for (bool const won : {true, false}) {
        std::string lines;
        std::size_t n = 0;
        for (std::size_t q = 0; q < of.questions.size(); ++q) {
            double const plain = of.plain.marked[q].of[1];
            double const stride = of.stride.marked[q].of[1];
            if (won ? stride <= plain : stride >= plain) continue;
            ++n;
            lines += fmt::format(
                "  {:<26}{:>4.0f} -> {:>3.0f}  {}\n", of.questions[q].id, 100 * plain, 100 * stride,
                of.questions[q].text);
        }
        out += fmt::format(
            "\n{} of {}: recall@5 of plain search -> of diffusion\n{}", won ? "won" : "lost", n,
            lines);
    }
    return out;
}

inline std::string as_json(bench_result const& of, std::uint64_t seed) {
    std::string text;
    {
        runnel::io::json_object all{text};
        for (run_of const* run : of.told())
            all.object(run->name, [&](runnel::io::json_object& one) {
                for (std::size_t m = 0; m < marks::names.size(); ++m)
                    one.field(marks::names[m], run->percent(m));
                one.field("p50_us", percentile(run->us, .5));
                one.field("p99_us", percentile(run->us, .99));
                one.field("whole_p50_us", percentile(run->whole_us, .5));
                one.field("whole_p99_us", percentile(run->whole_us, .99));
                one.field("links_scored", run->links_scored);
                one.field("questions", of.questions.size());
            });
        if (of.how == method::both)
            all.object("difference", [&](runnel::io::json_object& one) {
                for (std::size_t m = 0; m < marks::names.size(); ++m)
                    one.object(marks::names[m], [&](runnel::io::json_object& d) {
                        auto const in = bootstrap(of.plain, of.stride, m, seed);
                        d.field("mean", of.stride.percent(m) - of.plain.percent(m));
                        d.field("low", in.low).field("high", in.high);
                    });
            });
    }
    return text + "\n";
}

/// A line per question and method: id, method, ids of the first ten notes.
inline std::string rankings(web const& notes, bench_result const& of) {
    std::string out;
    for (std::size_t q = 0; q < of.questions.size(); ++q)
        for (run_of const* run : of.told()) {
            out += fmt::format("{}\t{}\t", of.questions[q].id, run->name);
            for (std::size_t i = 0; i < run->rankings[q].size(); ++i)
                out += (i == 0 ? "" : ",") + notes.notes[run->rankings[q][i]].id;
            out += '\n';
        }
    return out;
}

} // namespace ask
