// SPDX-License-Identifier: MIT
// Compiled twice: RUNNEL_DIGEST_BUILD is `plain` with the flags of every test, and `wide` with the widest
// instructions and contraction allowed. The library's own namespace is renamed in each, since inline
// functions of one name would be merged by the linker and one build would test the other's code.
#include "core/digest/digest.hpp"

#include <bit>
#include <cstdint>

#define RUNNEL_DIGEST_JOIN_(a, b) a##b
#define RUNNEL_DIGEST_JOIN(a, b) RUNNEL_DIGEST_JOIN_(a, b)
#define runnel RUNNEL_DIGEST_JOIN(runnel_, RUNNEL_DIGEST_BUILD)

#include <runnel/core/arc.hpp>
#include <runnel/core/energy.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/rng.hpp>

namespace {

constexpr int inputs = 100'000;

class hash {
public:
    void add(std::uint64_t word) { state_ = std::rotl(state_ ^ word, 29) * 0x9FB21C651E98DF25U; }
    void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
    [[nodiscard]] std::uint64_t get() const { return state_ ^ (state_ >> 31); }

private:
    std::uint64_t state_ = 1;
};

/// Inputs from integers and powers of two alone: nothing here can be contracted.
class source {
public:
    std::uint64_t word() { return runnel::mix(state_ += 0x9E3779B97F4A7C15U); }
    /// A multiple of 2^-42 within [-most, most].
    double within(int most) {
        auto const steps = static_cast<std::uint64_t>(most) << 43;
        auto const step =
            static_cast<std::int64_t>(word() % steps) - static_cast<std::int64_t>(steps / 2);
        return static_cast<double>(step) * 0x1p-42;
    }
    /// Positive, finite, of every size.
    double positive() { return std::bit_cast<double>(word() % 0x7FF0'0000'0000'0000U); }
    double unit() { return static_cast<double>(word() >> 11) * 0x1p-53; }

private:
    std::uint64_t state_ = 0;
};

template <class Each> std::uint64_t over_all_inputs(Each each) {
    source from;
    hash all;
    for (int i = 0; i < inputs; ++i) each(from, all);
    return all.get();
}

} // namespace

digest::figures digest::RUNNEL_DIGEST_BUILD::compute() {
    namespace math = runnel::math;
    figures made;
    made.exp = over_all_inputs([](source& s, hash& h) { h.add(math::exp(s.within(746))); });
    made.log = over_all_inputs([](source& s, hash& h) { h.add(math::log(s.positive())); });
    made.loss = over_all_inputs(
        [](source& s, hash& h) { h.add(math::one_minus_exp_of_minus(s.within(3))); });
    made.arc = over_all_inputs([](source& s, hash& h) {
        h.add(math::arctangent({s.unit(), s.unit()}));
    });
    made.sum = over_all_inputs([sum = math::exact_sum{}](source& s, hash& h) mutable {
        sum.add(s.within(1 << 19));
        sum.add(s.unit());
        h.add(sum.total());
    });
    made.part = over_all_inputs([](source& s, hash& h) {
        auto const share = runnel::fraction::of(s.unit());
        auto const whole = runnel::energy::from_units(s.unit() * 0x1p22).value();
        h.add(share.raw());
        h.add(static_cast<std::uint64_t>(part(whole, share).raw()));
    });
    made.weight = over_all_inputs([](source& s, hash& h) {
        auto const lw = runnel::log_weight::from_log(s.within(127)).value();
        h.add(lw.weight());
        h.add(static_cast<std::uint64_t>(runnel::log_weight::from_weight(lw.weight())->raw()));
    });
    made.draws = over_all_inputs([](source& s, hash& h) {
        runnel::counter_rng const rng{{.seed = s.word(), .frame = s.word(), .node = s.word()}};
        h.add(rng(s.word()));
        h.add(rng.unit(0));
        h.add(rng.bounded((s.word() >> 1) + 1, 7));
    });
    made.product_and_sum = over_all_inputs([](source& s, hash& h) {
        double const a = s.unit();
        double const b = s.unit();
        h.add(a * b + .3);
    });
    made.product_then_sum = over_all_inputs([](source& s, hash& h) {
        double const a = s.unit();
        double const volatile product = a * s.unit();
        h.add(product + .3);
    });
    return made;
}
