// SPDX-License-Identifier: MIT
// How every benchmark here measures: candidates take turns, A B A B ..., and are judged by ratios.
//
// Why:  a shared machine changes speed from second to second. Two samples taken one after the other see
//       the same weather, so their ratio means something where the digits do not. One round runs every
//       candidate once; the ratio of a round is candidate over first candidate; what is reported is the
//       median over rounds with the tenth and the ninetieth percentile beside it. Time is that of the
//       thread on its processor, so that a neighbour's turn is not counted as ours.
// Use:  bench::suite s{argc, argv, "stride", "What does a stride cost?"};
//       s.compare({.title = "RMAT 16", .unit = "ns/node", .per = 10'000},
//                 {{"floor", [&] { ... }}, {"engine", [&] { ... }}});
//       return s.finish();
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include "support/json.hpp"

namespace bench {

/// Makes the compiler believe that somebody looks at `value` and at all memory.
template <class T> inline void do_not_optimise(T const& value) {
    asm volatile("" : : "m"(value) : "memory");
}

/// Of this thread on its processor, ns.
inline double thread_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// The middle of a sample and how far it spreads.
struct spread {
    double median = 0;
    double low = 0;  // tenth percentile
    double high = 0; // ninetieth
    double best = 0;

    static spread of(std::vector<double> sample) {
        if (sample.empty()) return {};
        std::sort(sample.begin(), sample.end());
        auto const at = [&](double share) {
            return sample[static_cast<std::size_t>(
                share * static_cast<double>(sample.size() - 1) + .5)];
        };
        return {at(.5), at(.1), at(.9), sample.front()};
    }
    /// A figure that does not spread.
    static spread exactly(double figure) { return {figure, figure, figure, figure}; }
};

/// Something to run. What is not measured by this thread's time says itself what it took, in ns.
struct candidate {
    std::string name;
    std::function<void()> run;
    std::function<double()> took = {};
};

/// What a comparison is about, in which unit, and how many things one run does.
struct question {
    std::string title;
    std::string unit = "ns";
    double per = 1;
    int rounds = 0; // 0: as many as the time allows
};

struct outcome {
    std::string name;
    spread figure; // in the question's unit
    spread ratio;  // to the first candidate, round by round
};

/// Several figures of one thing.
struct row {
    std::string name;
    std::vector<double> figures;
};

class suite {
public:
    suite(int argc, char** argv, std::string name, std::string asks) : name_(std::move(name)) {
        for (int i = 1; i < argc; ++i) {
            std::string_view const word = argv[i];
            bool const valued =
                i + 1 < argc && (argv[i + 1][0] != '-' || std::string_view{argv[i + 1]} == "-");
            if (word == "--help" || word == "-h") {
                std::cout
                    << asks << "\n\nusage: bench_" << name_ << " [OPTION...]\n"
                    << "  --json FILE     write the figures as JSON too (- for standard output)\n"
                    << "  --seconds S     time for each comparison (default .5, with --full 1.5)\n"
                    << "  --full          the large cases too\n"
                    << "  --only WORD     comparisons whose title contains WORD\n"
                    << "  --check         only what has a limit, and fail above it\n";
                std::exit(0);
            } else if (word == "--json" && valued) {
                json_to_ = argv[++i];
                if (json_to_ != "-" && !std::ofstream(json_to_, std::ios::app))
                    refuse("cannot write " + json_to_);
            } else if (word == "--seconds" && valued) {
                seconds_ = std::atof(argv[++i]);
                if (!(seconds_ > 0 && seconds_ <= 3600))
                    refuse("--seconds takes a number above 0, and 3600 at most");
            } else if (word == "--only" && valued) {
                only_ = argv[++i];
            } else if (word == "--json" || word == "--seconds" || word == "--only") {
                refuse(std::string{word} + " needs a value");
            } else if (word == "--full") {
                full_ = true;
            } else if (word == "--check") {
                check_ = true;
            } else {
                rest_.emplace_back(word);
            }
        }
        if (seconds_ == 0) seconds_ = full_ ? 1.5 : .5;
        quiet_ = json_to_ == "-";
        asks = asks.substr(0, asks.find('\n')); // the rest is about options
        out_.text("bench", name_).text("question", asks).text("machine", machine());
        if (!quiet_) std::cout << "bench_" << name_ << ": " << asks << "\n" << machine() << "\n";
    }

    [[noreturn]] void refuse(std::string const& why) const {
        std::cerr << "bench_" << name_ << ": " << why << "\n";
        std::exit(2);
    }
    /// Words of the command line that are nobody's option; the program judges them.
    [[nodiscard]] std::vector<std::string> const& rest() const { return rest_; }
    [[nodiscard]] bool full() const { return full_; }
    /// Time for each comparison, for those who count their rounds themselves.
    [[nodiscard]] double seconds() const { return seconds_; }
    [[nodiscard]] bool check() const { return check_; }
    /// Is this comparison asked for?
    [[nodiscard]] bool wants(std::string_view title) const {
        return title.find(only_) != std::string_view::npos;
    }

    /// Runs the candidates in turns and prints a table; the first is what the others are compared to.
    std::vector<outcome> compare(question const& q, std::vector<candidate> const& candidates) {
        if (!wants(q.title)) return {};
        measured const m = measure(q, candidates);
        report(q, m.rounds, m.found);
        return m.found;
    }

    struct measured {
        int rounds = 0;
        std::vector<outcome> found;
    };
    /// The same without a table.
    measured measure(question const& q, std::vector<candidate> const& candidates) {
        auto const once = [&](candidate const& c, long times) {
            if (c.took) return c.took();
            double const from = thread_time();
            for (long i = 0; i < times; ++i) c.run();
            return (thread_time() - from) / static_cast<double>(times);
        };
        // Warm up, and find how often each has to run for a sample of a millisecond or more.
        std::vector<long> times;
        double round = 0;
        for (candidate const& c : candidates) {
            progress(q.title + ": " + c.name);
            long n = 1;
            double took = once(c, 1);
            while (!c.took && took * static_cast<double>(n) < 1e6) {
                n = std::max(n * 2, std::min(n * 100, static_cast<long>(1.2e6 / (took + .01))));
                took = once(c, n);
            }
            times.push_back(n);
            round += took * static_cast<double>(n);
        }
        int const rounds = q.rounds > 0
                               ? q.rounds
                               : static_cast<int>(std::clamp(seconds_ * 1e9 / round, 7.0, 1001.0));
        std::vector<std::vector<double>> figures(candidates.size());
        std::vector<std::vector<double>> ratios(candidates.size());
        for (int r = 0; r < rounds; ++r) {
            // Everyone comes after everyone: what the one before leaves in the cache is not one candidate's alone.
            std::size_t const count = candidates.size();
            std::size_t const start = static_cast<std::size_t>(r) % count;
            std::size_t const step = static_cast<std::size_t>(r) / count % 2 == 0 ? 1 : count - 1;
            std::vector<double> took(count);
            for (std::size_t k = 0; k < count; ++k) {
                progress(q.title, r, rounds);
                std::size_t const i = (start + k * step) % count;
                took[i] = once(candidates[i], times[i]);
            }
            for (std::size_t i = 0; i < count; ++i) {
                figures[i].push_back(took[i] / q.per);
                ratios[i].push_back(took[i] / took[0]);
            }
        }
        std::vector<outcome> found;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            found.push_back(
                {candidates[i].name, spread::of(std::move(figures[i])),
                 spread::of(std::move(ratios[i]))});
        progress("");
        return {rounds, std::move(found)};
    }

    /// A table of figures that were measured some other way; same form, same JSON.
    void report(question const& q, int rounds, std::vector<outcome> const& found) {
        json entry;
        entry.text("title", q.title).text("unit", q.unit).number("rounds", rounds);
        if (!quiet_) {
            std::printf("\n%s%s\n", q.title.c_str(), rounds_of(rounds).c_str());
            bool const spreads = rounds > 1;
            std::printf("%-26s %12s", "", q.unit.c_str());
            if (spreads) std::printf(" %10s %10s", "p10", "p90");
            std::printf(" %8s", "ratio");
            if (spreads) std::printf(" %8s %8s", "p10", "p90");
            for (outcome const& o : found) {
                std::printf("\n%-26s %12.4g", o.name.c_str(), o.figure.median);
                if (spreads) std::printf(" %10.4g %10.4g", o.figure.low, o.figure.high);
                std::printf(" %8.3f", o.ratio.median);
                if (spreads) std::printf(" %8.3f %8.3f", o.ratio.low, o.ratio.high);
            }
            std::printf("\n");
            std::fflush(stdout);
        }
        std::vector<json> rows;
        for (outcome const& o : found)
            rows.push_back(json{}
                               .text("name", o.name)
                               .object("figure", as_json(o.figure))
                               .object("ratio", as_json(o.ratio)));
        entry.list("candidates", rows);
        comparisons_.push_back(entry);
    }

    /// A table of several figures each.
    void table(
        std::string const& title, std::vector<std::string> const& columns,
        std::vector<row> const& rows) {
        progress("");
        if (!quiet_) {
            std::printf("\n%s\n%-26s", title.c_str(), "");
            for (std::string const& c : columns) std::printf(" %11s", c.c_str());
            for (row const& r : rows) {
                std::printf("\n%-26s", r.name.c_str());
                for (double const f : r.figures) std::printf(" %11.5g", f);
            }
            std::printf("\n");
            std::fflush(stdout);
        }
        std::vector<json> list;
        for (row const& r : rows) {
            json entry;
            entry.text("name", r.name);
            for (std::size_t i = 0; i < columns.size(); ++i) entry.number(columns[i], r.figures[i]);
            list.push_back(entry);
        }
        comparisons_.push_back(json{}.text("title", title).list("candidates", list));
    }

    /// A figure that has a limit. Above it the program fails.
    void limit(std::string const& what, double figure, double most) {
        bool const good = figure <= most;
        (good ? passed_ : failed_) += 1;
        if (!quiet_)
            std::printf(
                "%s  %-46s %8.4g (at most %g)\n", good ? "good" : "BAD ", what.c_str(), figure,
                most);
        limits_.push_back(json{}
                              .text("what", what)
                              .number("figure", figure)
                              .number("most", most)
                              .flag("good", good));
    }
    /// Something that has to hold besides figures.
    void expect(std::string const& what, bool good) {
        (good ? passed_ : failed_) += 1;
        if (!quiet_ && (!good || check_))
            std::printf("%s  %s\n", good ? "good" : "BAD ", what.c_str());
        limits_.push_back(json{}.text("what", what).flag("good", good));
    }
    void say(std::string const& line) const {
        if (!quiet_) std::cout << line << std::endl;
    }
    /// On a terminal only, and gone when the work is done. Who runs many programs says in RUNNEL_BENCH_PLACE where this
    /// one stands among them.
    void progress(std::string const& what, int done = 0, int of = 0) const {
        static bool const seen = isatty(2) != 0;
        if (!seen) return;
        std::fprintf(stderr, "\r\033[K");
        if (what.empty()) return;
        static char const* const place = std::getenv("RUNNEL_BENCH_PLACE");
        if (place != nullptr) std::fprintf(stderr, "%s ", place);
        std::fprintf(stderr, "%s", what.c_str());
        if (of > 0) std::fprintf(stderr, " %d/%d", done, of);
    }

    /// Writes the JSON; the program's exit code.
    int finish() {
        out_.list("comparisons", comparisons_).list("limits", limits_);
        if (json_to_ == "-")
            std::cout << out_.str() << "\n";
        else if (!json_to_.empty() && !(std::ofstream(json_to_) << out_.str() << "\n")) {
            std::cerr << "bench_" << name_ << ": cannot write " << json_to_ << "\n";
            return 1;
        }
        if (!only_.empty() && comparisons_.empty() && limits_.empty()) {
            std::cerr << "bench_" << name_ << ": --only " << only_
                      << ": no comparison's title has that\n";
            return 2;
        }
        if (check_ && passed_ + failed_ == 0)
            std::printf("nothing here has a limit\n");
        else if (check_ && !quiet_)
            std::printf("%d passed, %d failed\n", passed_, failed_);
        return failed_ == 0 ? 0 : 1;
    }

private:
    static std::string rounds_of(int rounds) {
        return rounds > 1 ? " (" + std::to_string(rounds) + " rounds)" : "";
    }
    static json as_json(spread const& s) {
        return json{}
            .number("median", s.median)
            .number("p10", s.low)
            .number("p90", s.high)
            .number("best", s.best);
    }
    static std::string machine() {
        std::string model = "unknown processor";
        std::ifstream cpu("/proc/cpuinfo");
        for (std::string line; std::getline(cpu, line);)
            if (line.rfind("model name", 0) == 0) {
                model = line.substr(line.find(':') + 2);
                break;
            }
        return model + ", " + std::to_string(sysconf(_SC_NPROCESSORS_ONLN)) + " cores, "
#ifdef __clang__
               + "Clang " __clang_version__;
#else
               + "GCC " __VERSION__;
#endif
    }

    std::string name_;
    std::string json_to_;
    std::string only_;
    std::vector<std::string> rest_;
    double seconds_ = 0;
    bool full_ = false;
    bool check_ = false;
    bool quiet_ = false;
    int passed_ = 0;
    int failed_ = 0;
    json out_;
    std::vector<json> comparisons_;
    std::vector<json> limits_;
};

} // namespace bench
