// SPDX-License-Identifier: MIT
// What does it cost a file to include a door header?
//
// Why:  a header-only library is paid for at every compilation of every file that includes it.
// Against: the same empty file that includes <vector> and <span>. Both are compiled by the compiler that
//       built this program, at -O0 to assembler code that goes nowhere: the cost of including is parsing
//       and what the headers instantiate by themselves; at higher levels a file that uses nothing costs
//       the same and one that does pays for its uses. (-fsyntax-only would leave out what instantiates at
//       the end of a file.)
// Judged by instructions (cachegrind, all processes of the compiler), which a busy machine does not
//       change; without valgrind by processor time. Reported: both. Counting takes minutes: without --check and --full
//       only the time is taken, of five doors.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include "support/count.hpp"
#include "support/harness.hpp"

namespace {

namespace fs = std::filesystem;

/// How many times the empty file a door may cost. A door that is not here has the limit of its kind: it is one of the
/// small rooms. (Of host, three quarters are <thread>.)
double most(std::string const& door) {
    static std::map<std::string, double> const limits{
        {"core", 1.5}, {"graph", 2.5}, {"fanout", 2.5}, {"engine", 3.5},
        {"host", 4},   {"io", 4},      {"recall", 5},   {"runnel", 12}};
    auto const found = limits.find(door);
    return found != limits.end() ? found->second : 2.5;
}

struct unit {
    std::string name;
    std::vector<std::string> command;
};

class workshop {
public:
    workshop() : folder_((fs::temp_directory_path() / "runnel-compile-XXXXXX").string()) {
        if (mkdtemp(folder_.data()) == nullptr)
            throw std::runtime_error(
                "cannot make a folder in " + fs::temp_directory_path().string());
    }
    workshop(workshop const&) = delete;
    workshop& operator=(workshop const&) = delete;
    ~workshop() { fs::remove_all(folder_); }

    unit write(std::string const& name, std::string const& text) const {
        std::string const file = folder_ + "/" + name + ".cpp";
        std::ofstream(file) << text;
        std::vector<std::string> command{RUNNEL_CXX, "-std=c++20", "-O0",      "-S",
                                         file,       "-o",         "/dev/null"};
        for (char const* folder : {RUNNEL_INCLUDES}) {
            command.emplace_back("-I");
            command.emplace_back(folder);
        }
        return {name, command};
    }

private:
    std::string folder_;
};

enum class which { all, some };

std::vector<unit> doors(workshop const& shop, which asked) {
    std::vector<std::string> names;
    if (asked == which::some) names = {"core", "engine", "graph", "recall", "runnel"};
    for (auto const& entry : fs::directory_iterator(std::string{RUNNEL_HEADERS} + "/runnel"))
        if (asked == which::all && entry.path().extension() == ".hpp")
            names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    std::erase(names, "version"); // macros only
    std::vector<unit> all{shop.write("<vector> + <span>", "#include <span>\n#include <vector>\n")};
    for (std::string const& name : names)
        all.push_back(shop.write(name, "#include <runnel/" + name + ".hpp>\n"));
    return all;
}

[[noreturn]] void does_not_compile(unit const& u) {
    throw std::runtime_error(u.name + " does not compile");
}

/// Processor time of one compilation, ns.
double compile(unit const& u) {
    auto const spent = [] {
        rusage all{};
        getrusage(RUSAGE_CHILDREN, &all);
        auto const ns = [](timeval t) {
            return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_usec) * 1e3;
        };
        return ns(all.ru_utime) + ns(all.ru_stime);
    };
    double const before = spent();
    if (bench::run_quietly(u.command) != 0) does_not_compile(u);
    return spent() - before;
}

/// Instructions of each compilation, 0 where it failed; as many run at once as there are processors.
std::vector<double> count(std::vector<unit> const& units) {
    std::vector<double> counts(units.size());
    std::atomic<std::size_t> next = 0;
    auto const work = [&] {
        for (std::size_t i; (i = next++) < units.size();)
            counts[i] = bench::instructions(units[i].command).value_or(0);
    };
    std::vector<std::thread> others;
    for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
    for (std::size_t i = 0; i < units.size(); ++i)
        if (counts[i] == 0) does_not_compile(units[i]);
    return counts;
}

} // namespace

int main(int argc, char** argv) try {
    bench::suite out{argc, argv, "compile", "What does it cost a file to include a door header?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_compile: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    workshop const shop;
    bool const all = out.full() || out.check();
    std::vector<unit> const units = doors(shop, all ? which::all : which::some);

    std::vector<bench::outcome> counted;
    if (all && bench::can_count() && out.wants("Instructions")) {
        out.progress("counting instructions");
        std::vector<double> const counts = count(units);
        for (std::size_t i = 0; i < units.size(); ++i)
            counted.push_back(
                {units[i].name, bench::spread::exactly(counts[i] / 1e6),
                 bench::spread::exactly(counts[i] / counts[0])});
        out.progress("");
        out.report({.title = "Instructions of the compiler", .unit = "million"}, 1, counted);
    }
    bool const by_count = !counted.empty();
    if (!by_count || !out.check()) {
        std::vector<bench::candidate> candidates;
        for (unit const& u : units) candidates.push_back({u.name, {}, [&u] { return compile(u); }});
        auto const timed = out.compare(
            {.title = "Processor time of the compiler",
             .unit = "ms",
             .per = 1e6,
             .rounds = out.full() ? 0 : 3},
            candidates);
        if (!by_count && all) counted = timed;
    }
    for (std::size_t i = 1; i < counted.size(); ++i)
        out.limit(
            counted[i].name + ", times <vector> + <span>", counted[i].ratio.median,
            most(counted[i].name));
    return out.finish();
} catch (std::exception const& failed) {
    std::fprintf(stderr, "bench_compile: %s\n", failed.what());
    return 1;
}
