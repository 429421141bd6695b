// SPDX-License-Identifier: MIT
// room: engine. How much of a node's energy one frame sends: alpha, dt and the strength of the link.
//
// Why:  strength is read per cohort, and a cohort's figures change only when the store is written: they are
//       kept by the field and thrown away when the store or the engine is another.
// Laws: frozen in a frame; a link of strength 1 sends what a reader that is off sends.
// Cost: a look into a small table and an exponential per link that sends.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/core/versions.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/graph/cohorts.hpp>
#include <runnel/weight/baseline.hpp>
#include <runnel/weight/reader.hpp>

namespace runnel::detail {

/// The readings of the cohorts met so far, of links or of nodes.
template <class Cohort> class readings_of {
public:
    /// A frame by an averaged baseline begins; of an exact one, a frame is like any other.
    void open(
        std::uint64_t engine, version store, cohort_sums const& sums, weight::config const& how,
        std::uint64_t frame) noexcept {
        if (how.baseline == weight::baseline::exact) return open(engine, store);
        baselines_.open(sums, how, store, frame);
        forget();
        engine_ = engine;
        store_ = store;
    }
    void open(std::uint64_t engine, version store) noexcept {
        if (engine == engine_ && store == store_) return;
        engine_ = engine;
        store_ = store;
        forget();
    }
    [[nodiscard]] weight::reading const& of(
        Cohort c, cohort_sums const& sums, weight::config const& how) {
        if (!cells_.empty())
            if (cell const& there = cells_[place(c)]; there.used != 0) return there.is;
        return meet(c, sums, how);
    }
    /// What a field keeps of past frames: a part of its state, unlike the readings.
    [[nodiscard]] weight::baselines<Cohort>& baselines() noexcept { return baselines_; }
    [[nodiscard]] weight::baselines<Cohort> const& baselines() const noexcept { return baselines_; }
    /// From now on what `lead` reads, who reads for several threads at a time.
    void follow(readings_of& lead) noexcept {
        if (followed_ != lead.opened_) forget();
        followed_ = lead.opened_;
        lead_ = &lead;
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return cells_.capacity() * sizeof(cell) + baselines_.bytes();
    }

private:
    struct cell {
        Cohort of;
        std::uint32_t used = 0;
        weight::reading is;
    };
    void forget() noexcept {
        ++opened_;
        taken_ = 0;
        for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i].used = 0;
    }
    [[nodiscard]] std::size_t place(Cohort c) const noexcept {
        std::size_t const mask = cells_.size() - 1;
        std::size_t at = mix(index(c.scope) << 16 | index(c.type)) & mask;
        while (cells_[at].used != 0 && !(cells_[at].of == c)) at = (at + 1) & mask;
        return at; // ends: at most half of the cells are taken
    }
    [[gnu::noinline]] weight::reading const& meet(
        Cohort c, cohort_sums const& sums, weight::config const& how) {
        if (lead_ != nullptr) return keep(c, lead_->of_many(c, sums, how));
        return keep(
            c, how.baseline == weight::baseline::exact
                   ? weight::reading_of(sums, c, how)
                   : weight::reading_of(baselines_, c, sums, how));
    }
    weight::reading of_many(Cohort c, cohort_sums const& sums, weight::config const& how) {
        struct turn { // what is met may take memory, and throw
            bool& taken;
            explicit turn(bool& lock) noexcept : taken(lock) {
                while (__atomic_test_and_set(&taken, __ATOMIC_ACQUIRE)) {}
            }
            ~turn() { __atomic_clear(&taken, __ATOMIC_RELEASE); }
        } const mine{busy_};
        return of(c, sums, how);
    }
    weight::reading const& keep(Cohort c, weight::reading const& is) {
        if (2 * (taken_ + 1) > cells_.size()) {
            array<cell> old(cells_.empty() ? 8 : cells_.size() * 2, cell{});
            old.swap(cells_);
            for (cell const& known : old)
                if (known.used != 0) cells_[place(known.of)] = known;
        }
        cell& fresh = cells_[place(c)];
        fresh = {c, 1, is};
        ++taken_;
        return fresh.is;
    }

    array<cell> cells_;
    std::size_t taken_ = 0;
    std::uint64_t engine_ = 0;
    std::uint64_t opened_ = 0; // how often all was forgotten
    std::uint64_t followed_ = 0;
    readings_of* lead_ = nullptr;
    bool busy_ = false;
    version store_{};
    weight::baselines<Cohort> baselines_;
};
using readings = readings_of<cohort>;
using target_readings = readings_of<node_cohort>;

/// The share of its energy a node sends along a link, before the cap.
class drive {
public:
    drive(config const& c, double dt) noexcept
        : x_(math::product(c.alpha, dt)), step_(c.step), plain_(stepped(x_)) {}

    /// Along a link of strength 1.
    [[nodiscard]] double plain() const noexcept { return plain_; }
    [[nodiscard]] double along(double strength) const noexcept {
        return stepped(math::product(x_, strength));
    }

private:
    [[nodiscard]] double stepped(double x) const noexcept {
        constexpr double plenty = 1e100; // far beyond any cap, and far from infinity
        if (step_ == step_rule::exponential) return math::one_minus_exp_of_minus(x);
        return x < plenty ? x : plenty;
    }
    double x_;
    step_rule step_;
    double plain_;
};

} // namespace runnel::detail
