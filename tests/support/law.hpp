// SPDX-License-Identifier: MIT
// Law tests: a sentence that must hold for every case a seeded generator can make.
//
//     law::for_all(1000, [](law::gen& g) {
//         auto const whole = g.integer(0, 100, "whole");
//         auto const parts = g.list(20, [&] { return g.real(0, 1); });
//         g.holds(sum(split(whole, parts)) <= whole, "parts never exceed the whole");
//     });
//
// Why:  a failing case is worth little until it is small; what is printed is the shrunk one, with the
//       names given to its draws, and the seed that makes it again.
// Laws: same seed, same cases. RUNNEL_LAW_SEED=<number> replaces the seed. A law that checked nothing
//       is red, and so is one whose `assume` refuses nearly every case. Say `g.holds`, not REQUIRE,
//       inside a law: an assertion would end the run before shrinking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "support/catch.hpp"
#include "support/gen.hpp"

namespace law {

inline constexpr std::uint64_t default_seed = 0x72'75'6E'6E'65'6CU;

/// What RUNNEL_LAW_SEED says, or the default. Tests only: the library reads no environment.
[[nodiscard]] inline std::uint64_t seed_of_run() {
    char const* said = std::getenv("RUNNEL_LAW_SEED");
    return said == nullptr || *said == '\0' ? default_seed : std::strtoull(said, nullptr, 0);
}

namespace detail {
/// The sentence that broke, if one did. Lets `refused` through.
template <class Body> std::optional<std::string> broken_by(gen& g, Body& body) {
    try {
        body(g);
    } catch (broken const& law) { return law.sentence; } catch (std::exception const& thrown) {
        return std::string("the case threw: ") + thrown.what();
    }
    return std::nullopt;
}

/// Drops and lowers choices while the case stays broken.
template <class Body> class shrinker {
public:
    shrinker(choices first, Body& body) : best_(std::move(first)), body_(body) {}

    choices smallest() {
        for (bool better = true; better;) {
            better = false;
            for (std::size_t const width : {8U, 4U, 2U, 1U})
                for (std::size_t end = best_.size(); end >= width; --end)
                    if (end <= best_.size()) better |= without(end - width, width);
            for (std::size_t i = 0; i < best_.size(); ++i) better |= lower(i);
        }
        return best_;
    }
    [[nodiscard]] std::size_t runs() const { return runs_; }

private:
    static constexpr std::size_t patience = 2000;

    bool without(std::size_t first, std::size_t width) {
        choices shorter = best_;
        auto const from = shorter.begin() + static_cast<std::ptrdiff_t>(first);
        shorter.erase(from, from + static_cast<std::ptrdiff_t>(width));
        return adopt(std::move(shorter));
    }
    bool lower(std::size_t i) {
        if (best_[i] == 0) return false;
        if (adopt(with(i, 0))) return true;
        bool lowered = false; // 0 passes, best_[i] breaks: halve the distance
        for (std::uint64_t passes = 0; i < best_.size() && passes + 1 < best_[i];) {
            std::uint64_t const middle = passes + (best_[i] - passes) / 2;
            if (adopt(with(i, middle)))
                lowered = true;
            else
                passes = middle;
        }
        return lowered;
    }
    choices with(std::size_t i, std::uint64_t choice) {
        choices other = best_;
        other[i] = choice;
        return other;
    }
    bool adopt(choices candidate) {
        if (runs_ >= patience) return false;
        ++runs_;
        gen g(std::move(candidate));
        try {
            if (!broken_by(g, body_)) return false;
        } catch (refused) { return false; }
        auto const simpler = [](choices const& a, choices const& b) {
            return a.size() != b.size() ? a.size() < b.size() : a < b;
        };
        if (!simpler(g.made(), best_)) return false;
        best_ = g.made();
        return true;
    }
    choices best_;
    Body& body_;
    std::size_t runs_ = 0;
};
} // namespace detail

/// Nothing if the law held for all cases, otherwise what to print. `for_all` is what tests call.
template <class Body>
[[nodiscard]] std::optional<std::string> check(std::size_t cases, std::uint64_t seed, Body&& body) {
    std::size_t checks = 0;
    std::size_t refusals = 0;
    for (std::size_t n = 0; n < cases; ++n) {
        gen g(seed + n * 0xD1342543DE82EF95U);
        std::optional<std::string> sentence;
        try {
            sentence = detail::broken_by(g, body);
        } catch (detail::refused) { ++refusals; }
        checks += g.checks();
        if (!sentence) continue;

        detail::shrinker shrinker(g.made(), body);
        gen smallest(shrinker.smallest());
        std::ostringstream shown;
        smallest.tell(shown);
        sentence = detail::broken_by(smallest, body);
        std::ostringstream text;
        text << "law broken: "
             << sentence.value_or("only the first time: the law is not a function of its case")
             << "\n  seed " << seed << ", case " << n << " of " << cases << "; from "
             << g.made().size() << " choices to " << smallest.made().size() << " in "
             << shrinker.runs() << " runs:\n"
             << shown.str() << "  again: RUNNEL_LAW_SEED=" << seed;
        return text.str();
    }
    if (checks == 0) return "the law checked nothing";
    if (refusals * 10 > cases * 9) return "assume() refused more than nine cases in ten";
    return std::nullopt;
}

/// Red unless `body(gen&)` holds for `cases` cases.
template <class Body> void for_all(std::size_t cases, Body&& body) {
    if (auto const said = check(cases, seed_of_run(), body))
        FAIL(*said);
    else
        SUCCEED("the law held for every case");
}

} // namespace law
