// SPDX-License-Identifier: MIT
// Times single calls that each need something prepared: the preparation is not measured.
//
// Why:  a frame on a new field can be run once; then the field is reset and seeded again, which is not what the
//       question is about. So each call is timed alone, and a sample is the middle of many calls.
// Cost: calls of less than 50 us are read from the clock of the wall, which takes 25 to 50 ns a reading (subtracted);
//       the thread's own takes 250. A neighbour's turn falls on few short calls, and the middle does not see those.
//       Long calls would meet it often: they are read from the thread's clock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <vector>

#include "support/harness.hpp"

namespace bench {

/// Nanoseconds since some moment.
inline double wall_time() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

inline double middle(std::vector<double>& sample) {
    auto const half = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() / 2);
    std::nth_element(sample.begin(), half, sample.end());
    return *half;
}

/// What two readings of the clock take when nothing is between them, ns.
inline double clock_cost() {
    static double const cost = [] {
        std::vector<double> sample(1001);
        for (double& took : sample) {
            double const from = wall_time();
            took = wall_time() - from;
        }
        return middle(sample);
    }();
    return cost;
}

struct call_budget {
    double ns = 2e6; // for calls and what prepares them
    std::size_t least = 3;
};
/// What a call of `run` takes after a call of `prepare`, ns: the middle of as many as the time allows.
template <class Prepare, class Run>
double time_of_call(Prepare&& prepare, Run&& run, call_budget const& budget = {}) {
    std::vector<double> by_wall;
    std::vector<double> by_thread;
    double const end = wall_time() + budget.ns;
    double now = 0;
    do {
        prepare();
        double const of_thread = thread_time();
        double const from = wall_time();
        run();
        now = wall_time();
        by_thread.push_back(thread_time() - of_thread);
        by_wall.push_back(now - from);
    } while (now < end || by_wall.size() < budget.least);
    double const took = middle(by_wall) - clock_cost();
    return took < 5e4 ? std::max(0.0, took) : std::min(took, middle(by_thread));
}

} // namespace bench
