// SPDX-License-Identifier: MIT
// room: recall. A scan while there are few entries, a walk once there are many.
//
// Why:  neither is the faster one at every size, and nobody should have to know where they cross. The change is
//       spread over the additions that follow it: a memory that stops for a second to build an index is not
//       one to ask in between.
// Laws: between `scan_below` and `walk_from` it stays what it was. While the net is being built searches scan.
// Cost: an addition above `walk_from` brings up to `pace` earlier entries into the net, until all are there.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/recall/flat.hpp>
#include <runnel/recall/hnsw.hpp>

namespace runnel::recall {

struct adaptive_config {
    hnsw_config walk{};
    std::uint32_t walk_from =
        0; ///< entries; from there on a net is built; 0: by the dimension, as measured
    std::uint32_t scan_below =
        0; ///< entries; below it the net is given up, [0, walk_from); 0: half of walk_from
    std::uint32_t pace = 8; ///< earlier entries brought into the net with each addition, above 0

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<adaptive_config, 4>, "recall: a setting is missing from this walk");
        f("walk", self.walk);
        f("walk_from", self.walk_from);
        f("scan_below", self.scan_below);
        f("pace", self.pace);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        if (walk_from == 0 ? scan_below != 0 : scan_below >= walk_from)
            return fault{
                fault_kind{
                    faults::invalid_config.code,
                    "recall.adaptive.scan_below must be below recall.adaptive.walk_from, and comes "
                    "with it"},
                scan_below};
        if (pace < 1)
            return fault{
                fault_kind{faults::invalid_config.code, "recall.adaptive.pace must be above 0"},
                pace};
        return walk.validate();
    }
};
static_assert(adaptive_config{}.validate().has_value());

class adaptive {
public:
    /// Expects a valid config.
    explicit adaptive(adaptive_config config = {}) noexcept : config_(config), net_(config.walk) {}

    [[nodiscard]] adaptive_config const& settings() const noexcept { return config_; }
    [[nodiscard]] status validate() const noexcept { return config_.validate(); }
    struct sizes {
        std::uint32_t walk_from;
        std::uint32_t scan_below;
    };
    /// Where it changes its mind. A scan costs the more the longer its rows are, a walk hardly: they were measured to
    /// meet at 5200 entries of 32 numbers, 3500 of 128, 1100 of 768; at twice as many where scans read codes.
    [[nodiscard]] sizes turns(rows const& all) const noexcept {
        auto const measured = static_cast<std::uint32_t>(1'000'000 / (all.dimension() + 150))
                              * (all.coded() != nullptr ? 2U : 1U);
        std::uint32_t const from =
            config_.walk_from != 0 ? config_.walk_from : (measured < 64 ? 64 : measured);
        return {from, config_.scan_below != 0 ? config_.scan_below : from / 2};
    }
    [[nodiscard]] bool walks() const noexcept { return now_ == stage::walking; }
    [[nodiscard]] bool scans() const noexcept { return !walks(); }
    [[nodiscard]] adaptive rebuilt(rows const& all) const {
        adaptive anew{config_};
        if (all.size() < turns(all).walk_from) return anew;
        anew.net_ = net_.rebuilt(all);
        anew.now_ = stage::walking;
        anew.told_ = anew.net_.bytes();
        return anew;
    }

    void plan_add(rows const& all, std::uint32_t slot) {
        next_ = now_;
        change_ = change::none;
        if (now_ == stage::walking) {
            net_.plan_add(all, slot);
            change_ = change::net;
            return;
        }
        if (now_ == stage::scanning) {
            if (all.size() + 1 < turns(all).walk_from) return;
            next_ = stage::building; // for searches it is the same
            built_ = 0;
        }
        // Nobody searches the net yet, so it is changed at once.
        for (std::uint32_t left = config_.pace; left > 0 && built_ < all.end(); ++built_)
            if (all.live(built_) && built_ != slot) {
                net_.plan_add(all, built_);
                net_.apply();
                --left;
            }
        if (slot < built_ || built_ == all.end()) {
            net_.plan_add(all, slot);
            change_ = change::net;
            if (built_ == all.end()) next_ = stage::walking;
        }
    }
    void plan_erase(rows const& all, std::uint32_t slot) {
        next_ = now_;
        change_ = change::none;
        if (now_ != stage::scanning && all.size() <= turns(all).scan_below) {
            next_ = stage::scanning;
            change_ = change::drop;
        } else if (now_ == stage::walking || (now_ == stage::building && slot < built_)) {
            net_.plan_erase(all, slot);
            change_ = change::net;
        }
    }
    void apply() noexcept {
        if (change_ == change::net) net_.apply();
        if (change_ == change::drop) net_.clear();
        now_ = next_;
        told_ = net_.bytes();
    }
    template <class Admits>
    search_info search(
        rows const& all, measured query, search_wish wish, Admits const& admits,
        scratch& own) const {
        return walks() ? net_.search(all, query, wish, admits, own)
                       : flat{}.search(all, query, wish, admits, own);
    }
    void clear() noexcept { *this = adaptive{config_}; }
    [[nodiscard]] status check(rows const& all) const {
        return walks() ? net_.check(all) : status{};
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return told_; }
    /// Of `bytes`, what `trim` gives back.
    [[nodiscard]] std::size_t working() const noexcept { return net_.working(); }
    /// Gives back what it works with between changes.
    void trim() noexcept {
        net_.trim();
        told_ = net_.bytes();
    }
    /// Memory an update may take.
    [[nodiscard]] std::size_t margin() const noexcept { return walks() ? net_.margin() : 0; }
    [[nodiscard]] std::size_t entry_bytes() const noexcept {
        return now_ == stage::scanning ? 0 : net_.entry_bytes();
    }
    [[nodiscard]] std::size_t growth(rows const& all, std::uint32_t slot) const noexcept {
        // A net that begins takes memory for all entries at once.
        if (all.size() + 1 < turns(all).walk_from && now_ == stage::scanning) return 0;
        if (now_ == stage::walking) return net_.growth(all, slot);
        // While it is being built, of those that come in now the highest.
        std::uint32_t at = now_ == stage::building ? built_ : 0;
        for (std::uint32_t left = config_.pace; left > 0 && at < all.end(); ++at)
            if (all.live(at)) {
                slot = slot < at ? at : slot;
                --left;
            }
        return net_.growth(all, slot, config_.pace + 1);
    }

private:
    enum class stage : std::uint8_t { scanning, building, walking };
    enum class change : std::uint8_t { none, net, drop };

    adaptive_config config_;
    hnsw net_;
    std::size_t told_ = 0;    // bytes of the net, which others may ask for while it is being built
    std::uint32_t built_ = 0; // while building: slots below it are in the net
    stage now_ = stage::scanning;
    stage next_ = stage::scanning;
    change change_ = change::none;
};
static_assert(vector_index<adaptive>);

} // namespace runnel::recall
