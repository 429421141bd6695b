// SPDX-License-Identifier: MIT
// room: recall. An episode: a sparse pattern of energy that was once found, what came of it, and its figures.
//
// Why:  a diffusion's answer can be remembered whole and started from again. Whether it is worth it shows in
//       figures that cost a walk over the graph, so they are worked out once, when the episode is made.
// Laws: a pattern is kept by node id, once each; a node named twice has the sum, energies of 0 are left out.
//       No figure depends on the scale of the energies, nor on nodes the filters do not reach, but through
//       `lambda_max`. A pattern of no energy has all figures 0.
//       entropy       -sum p ln p / ln n over the n nodes with energy: 1 where all have the same, 0 for one
//       participation (sum x)^2 / (n sum x^2), likewise: 1 where all have the same, 1/n where one has all;
//                     times `support` it is the number of nodes that take part
//       low mid high  shares of x^T x by graph frequency, summing to 1 (recall/spectrum.hpp)
//       quality       1 - x^T L x / (lambda_max x^T x): 1 where neighbours agree, 0 where they jump
// Cost: that of `spectrum::split`, nearly all of it; 16 bytes a node and a group each.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <runnel/core/array.hpp>
#include <runnel/core/energy.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/graph/topology.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/meaning.hpp>
#include <runnel/recall/spectrum.hpp>

namespace runnel::recall {

struct features {
    double entropy = 0;
    double low = 0;
    double mid = 0;
    double high = 0;
    double participation = 0;
    double quality = 0;
    double energy = 0;         ///< of all nodes, units
    std::uint32_t support = 0; ///< nodes with energy
    friend constexpr bool operator==(features const&, features const&) noexcept = default;
};

/// How much of a pattern's energy lies in one group of nodes; all of them sum to 1.
struct group_share {
    std::uint32_t group = 0;
    double share = 0;
    friend constexpr bool operator==(group_share const&, group_share const&) noexcept = default;
};

/// Whether a pattern is smooth enough to be remembered.
struct quality_gate {
    bool on = false;    ///< off: everything is let in
    double least = .75; ///< quality below this is refused, [0, 1]

    friend bool operator==(quality_gate const&, quality_gate const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<quality_gate, 2>, "recall: a setting is missing from this walk");
        f("on", self.on);
        f("least", self.least);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        if (!(least >= 0 && least <= 1))
            return fault{
                fault_kind{faults::invalid_config.code, "recall.quality.least must lie in [0, 1]"},
                least};
        return {};
    }
    /// The refusal names the quality.
    [[nodiscard]] constexpr status operator()(features const& of) const noexcept {
        if (on && of.quality < least) return fault{faults::low_quality, of.quality};
        return {};
    }
};
static_assert(quality_gate{}.validate().has_value());

/// Made by an `imprinter`; a value like any other.
class episode {
public:
    episode() = default;

    template <class = void> [[nodiscard]] std::span<held const> pattern() const noexcept {
        return pattern_.stretch(0, pattern_.size());
    }
    /// By group; empty where nobody said what groups are.
    template <class = void> [[nodiscard]] std::span<group_share const> groups() const noexcept {
        return groups_.stretch(0, groups_.size());
    }
    [[nodiscard]] features const& figures() const noexcept { return figures_; }
    /// What came of it: 0 harmful, .5 unknown, 1 helpful.
    [[nodiscard]] double outcome() const noexcept { return outcome_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return pattern_.capacity() * sizeof(held) + groups_.capacity() * sizeof(group_share);
    }

private:
    friend class imprinter;
    runnel::detail::array<held> pattern_; // by node, energies > 0
    runnel::detail::array<group_share> groups_;
    features figures_;
    double outcome_ = .5;
};

/// Says of no node where it belongs.
struct no_groups {};

/// Makes episodes over one graph; holds the memory its products need. The spectrum must outlive it.
class imprinter {
public:
    explicit imprinter(spectrum const& of) noexcept : spectrum_(&of) {}
    imprinter(spectrum const&&) = delete;

    /// `outcome` is what came of it: 0 harmful, .5 unknown, 1 helpful, or between. `group` is asked for each node's group: a number or an enum. Nothing changes where it is a fault.
    template <class Group = no_groups>
    [[nodiscard]] result<episode> take(
        std::span<held const> pattern, double outcome = .5, Group const& group = {}) {
        if (!(outcome >= 0 && outcome <= 1)) return fault{faults::bad_outcome, outcome};
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            held const& h = pattern[i];
            if (index(h.node) >= spectrum_->node_count())
                return fault{runnel::faults::unknown_node, index(h.node), i};
            if (auto const units = energy_traits<double>::from_units(h.energy); !units)
                return fault{
                    fault_kind{units.error().code(), units.error().sentence()}, h.energy, i};
        }
        episode made;
        made.outcome_ = outcome;
        gather(pattern, made.pattern_);
        features& f = made.figures_;
        f.support = static_cast<std::uint32_t>(made.pattern_.size());
        if (f.support == 0) return made;
        f.energy = total(made.pattern_);
        if (f.energy > energy::limit) return fault{runnel::faults::energy_over_limit, f.energy};
        if constexpr (!std::is_same_v<Group, no_groups>) divide(made, group);
        measure(made.pattern_, f);
        return made;
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return scaled_.capacity() * sizeof(held) + scratch_.bytes();
    }

private:
    using pattern_array = runnel::detail::array<held>;

    static void gather(std::span<held const> from, pattern_array& to) {
        std::size_t some = 0;
        for (held const& h : from) some += h.energy > 0 ? 1 : 0;
        to.reserve(some);
        for (held const& h : from)
            if (h.energy > 0) to.push_back(h);
        runnel::detail::sort(to.begin(), to.end(), [](held const& a, held const& b) {
            return a.node != b.node ? a.node < b.node : a.energy < b.energy;
        });
        std::size_t kept = 0;
        for (held const& h : to) {
            if (kept > 0 && to[kept - 1].node == h.node)
                to[kept - 1].energy += h.energy;
            else
                to[kept++] = h;
        }
        to.resize(kept);
    }
    [[nodiscard]] static double total(pattern_array const& of) noexcept {
        math::exact_sum sum;
        for (held const& h : of) sum.add(h.energy);
        return sum.total();
    }
    template <class Group> static void divide(episode& made, Group const& group) {
        made.groups_.reserve(made.pattern_.size());
        for (held const& h : made.pattern_)
            made.groups_.push_back({static_cast<std::uint32_t>(group(h.node)), h.energy});
        auto& all = made.groups_;
        runnel::detail::sort(
            all.begin(), all.end(), [](group_share const& a, group_share const& b) {
                return a.group != b.group ? a.group < b.group : a.share < b.share;
            });
        std::size_t kept = 0;
        for (std::size_t i = 0; i < all.size();) {
            std::uint32_t const mine = all[i].group;
            math::exact_sum sum;
            for (; i < all.size() && all[i].group == mine; ++i) sum.add(all[i].share);
            all[kept++] = {mine, sum.total() / made.figures_.energy};
        }
        all.resize(kept);
    }
    void measure(pattern_array const& pattern, features& f) {
        double largest = 0;
        for (held const& h : pattern)
            if (h.energy > largest) largest = h.energy;
        scaled_.clear();
        scaled_.reserve(pattern.size());
        math::exact_sum sum;
        math::exact_sum squares;
        math::exact_sum disorder;
        for (held const& h : pattern) { // squares of small and of large energies are numbers then
            double const x = h.energy / largest;
            scaled_.push_back({h.node, x});
            sum.add(x);
            squares.add(math::product(x, x));
            double const p = h.energy / f.energy;
            if (p > 0) disorder.add(-math::product(p, math::log(p)));
        }
        double const n = f.support;
        if (f.support > 1) f.entropy = math::clip(disorder.total() / math::log(n), 0, 1);
        f.participation = math::clip(
            math::product(sum.total(), sum.total()) / math::product(n, squares.total()), 0, 1);
        std::span<held const> const x{scaled_.begin(), scaled_.size()};
        double const bound = math::product(spectrum_->lambda_max(), squares.total());
        f.quality = bound > 0 ? math::clip(1 - spectrum_->roughness(x, scratch_) / bound, 0, 1) : 1;
        bands const shares = spectrum_->split(x, scratch_);
        f.low = shares.low;
        f.mid = shares.mid;
        f.high = shares.high;
    }

    spectrum const* spectrum_;
    pattern_array scaled_;
    spectral_scratch scratch_;
};

} // namespace runnel::recall
