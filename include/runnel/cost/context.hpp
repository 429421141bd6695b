// SPDX-License-Identifier: MIT
// room: cost. What matters right now: a goal, a mood, which groups are in favour, what the mood coloured.
//
// Why:  the same graph answers many questions; what a question adds to the cost of a link depends on its
//       target alone, so it is worked out once per target and remembered: a goal of 768 dimensions then
//       costs what one of 16 does.
// Laws: remembered and computed afresh are the same number. A missing or zero vector counts as cosine 0:
//       anything else would reward its absence. What is refused changes nothing, and nothing changes the
//       graph. A coloured affect is never longer than the longer of what it was and the mood.
// Cost: 16 bytes of address space per node, of which only what is asked is ever touched; the first question
//       about a node is O(dimensions), any further one a load. Colours: the memory of the coloured nodes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>
#include <runnel/cost/detail/colour_table.hpp>
#include <runnel/cost/gates.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel::faults {
inline constexpr fault_kind wrong_dimension{
    "cost.wrong_dimension", "the vector has another dimension than the graph's (expected, got)"};
inline constexpr fault_kind no_vectors{
    "cost.no_vectors", "the nodes of this graph have no such vectors to compare with"};
inline constexpr fault_kind not_a_vector{"cost.not_a_vector", "a vector's elements must be finite"};
/// The position is the group.
inline constexpr fault_kind overlay_range{
    "cost.overlay_range", "what a group adds to a log-weight must lie in [-2, 2]"};
inline constexpr fault_kind overlay_groups{
    "cost.overlay_groups", "there are at most 65536 groups: a group is a scope"};
} // namespace runnel::faults

namespace runnel::cost {

namespace detail {

/// One double per node, computed when first asked for. Any number of threads may ask: they compute the same.
class remembered {
public:
    remembered() = default;
    remembered(remembered&& other) noexcept : words_(std::exchange(other.words_, nullptr)) {}
    remembered& operator=(remembered&& other) noexcept {
        std::swap(words_, other.words_);
        return *this;
    }
    ~remembered() { __builtin_free(words_); }

    /// Forgets; O(1) for a large graph, whose memory comes zeroed from the system.
    void forget(std::size_t nodes) {
        auto* const fresh = static_cast<std::uint64_t*>(__builtin_calloc(nodes + 1, 8));
        if (fresh == nullptr) throw_bad_alloc();
        __builtin_free(std::exchange(words_, fresh));
    }
    template <class F> [[nodiscard]] double operator()(node_id node, F&& compute) const {
        std::uint64_t* const word = words_ + index(node);
        std::uint64_t bits = __atomic_load_n(word, __ATOMIC_RELAXED);
        if (bits == 0) [[unlikely]] { // +0.0 is remembered as -0.0
            double const fresh = compute();
            bits = fresh == 0 ? std::uint64_t{1} << 63 : std::bit_cast<std::uint64_t>(fresh);
            __atomic_store_n(word, bits, __ATOMIC_RELAXED);
        }
        return std::bit_cast<double>(bits);
    }
    /// The next question about this node computes.
    void forget_one(node_id node) noexcept {
        __atomic_store_n(words_ + index(node), std::uint64_t{0}, __ATOMIC_RELAXED);
    }

private:
    static void throw_bad_alloc() { static_cast<void>(::operator new (~std::size_t{0} / 2)); }
    std::uint64_t* words_ = nullptr;
};

} // namespace detail

/// Belongs to one line of thought: set it between frames, share it between threads only while nobody sets it.
class context {
public:
    explicit context(graph const& topology) noexcept : graph_(&topology) {}
    explicit context(graph const&&) = delete;

    /// A vector of the graph's embedding dimension; an empty one is no goal.
    [[nodiscard]] status goal(std::span<float const> vector) {
        return take(vector, graph_->embeddings(), goal_, goals_);
    }
    /// A vector of the graph's affect dimension; an empty one is no mood.
    [[nodiscard]] status affect(std::span<float const> vector) {
        auto const ok = take(vector, graph_->affects(), affect_, moods_);
        intensity_ = detail::angle_of(affect_, affect_).length;
        return ok;
    }
    [[nodiscard]] bool has_goal() const noexcept { return !goal_.empty(); }
    [[nodiscard]] bool has_affect() const noexcept { return intensity_ >= 1e-9; }
    /// Length of the mood.
    [[nodiscard]] double intensity() const noexcept { return intensity_; }

    /// Cosine between the goal and a node's embedding; expects a goal.
    [[nodiscard]] double towards_goal(node_id node) const {
        RUNNEL_EXPECTS(has_goal(), "cost: there is no goal; ask has_goal() first");
        return goals_(
            node, [&] { return detail::angle_of(goal_, graph_->embeddings()[node]).cosine; });
    }
    /// Cosine between the mood and a node's affect; expects a mood.
    [[nodiscard]] double in_mood(node_id node) const {
        RUNNEL_EXPECTS(has_affect(), "cost: there is no mood; ask has_affect() first");
        return moods_(node, [&] { return detail::angle_of(affect_, affect_of(node)).cosine; });
    }

    /// What each group adds to the log-weight of every link that leads to one of its nodes, at most 2 up or down; a
    /// node's group is its scope. Groups beyond the table add nothing; an empty table is none.
    template <class Real = double>
    [[nodiscard]] status overlay(std::span<std::type_identity_t<Real> const> of_groups) {
        if (of_groups.size() > most_groups) return fault{faults::overlay_groups, of_groups.size()};
        double greatest = 0;
        for (std::size_t g = 0; g < of_groups.size(); ++g) {
            double const x = of_groups[g];
            if (!(x >= -2 && x <= 2)) return fault{faults::overlay_range, x, g};
            if (x > greatest) greatest = x;
        }
        runnel::detail::array<double> copy;
        copy.append(of_groups.data(), of_groups.size());
        overlay_.swap(copy);
        greatest_overlay_ = greatest;
        return {};
    }
    /// What the group of a link's target adds to its log-weight.
    [[nodiscard]] double overlay_towards(node_id target) const noexcept {
        if (overlay_.empty()) return 0;
        std::size_t const group = index(graph_->scope(target));
        return group < overlay_.size() ? overlay_[group] : 0;
    }
    /// The most any group adds; 0 at least, as some group may not be in the table.
    [[nodiscard]] double greatest_overlay() const noexcept { return greatest_overlay_; }

    /// How far a visit moves an affect towards the mood, [0, 1], and how long it may be then.
    struct stroke {
        double share = 0;
        double longest = __builtin_inf();
    };
    /// Moves a node's affect towards the mood, for this line of thought; without a mood, or by nothing, nowhere.
    void colour(node_id node, stroke s) {
        RUNNEL_EXPECTS(s.share >= 0 && s.share <= 1, "cost: a colour's share lies in [0, 1]");
        RUNNEL_EXPECTS(s.longest >= 0, "cost: a length is not negative");
        if (!has_affect() || s.share == 0) return;
        std::size_t const n = affect_.size();
        std::size_t begin = colours_.find(node);
        if (begin == detail::colour_table::nowhere)
            begin = colours_.add(node, graph_->affects()[node].data(), n);
        float* const row = colours_.row(begin);
        double longest = length_of(row);
        if (longest < intensity_) longest = intensity_;
        if (longest > s.longest) longest = s.longest;
        for (std::size_t i = 0; i < n; ++i)
            row[i] = static_cast<float>(
                math::product(1 - s.share, row[i]) + math::product(s.share, affect_[i]));
        if (double const length = length_of(row); length > longest) {
            // A quarter of a millionth shorter: rounding to floats does not bring it back above.
            double const shrink = math::product(longest / length, 1 - 0x1p-22);
            for (std::size_t i = 0; i < n; ++i)
                row[i] = static_cast<float>(math::product(row[i], shrink));
        }
        moods_.forget_one(node);
    }
    /// A node's affect as this line of thought sees it.
    template <class = void> [[nodiscard]] std::span<float const> affect_of(node_id node) const {
        std::size_t const begin = colours_.find(node);
        if (begin == detail::colour_table::nowhere) return graph_->affects()[node];
        return colours_.row(begin, graph_->affects().dimension());
    }
    /// How many nodes are coloured.
    [[nodiscard]] std::size_t coloured() const noexcept { return colours_.size(); }
    /// Every affect is the graph's again.
    void forget_colours() {
        if (colours_.size() == 0) return;
        moods_.forget(graph_->node_count());
        colours_ = {};
    }

    [[nodiscard]] bool counts_links() const noexcept { return !indegrees_.empty(); }
    /// How many links lead to a node, self loops apart; 0 until `count_links` was called.
    [[nodiscard]] std::uint32_t indegree(node_id node) const noexcept {
        return indegrees_.empty() ? 0 : indegrees_[index(node)];
    }
    /// Counts them once, O(links): what a cost with a hub term needs.
    void count_links() {
        runnel::detail::array<std::uint32_t> counts(graph_->node_count());
        for (std::uint32_t n = 0; n < graph_->node_count(); ++n)
            for (node_id const target : graph_->targets(node_id{n}))
                if (target != node_id{n}) ++counts[index(target)];
        indegrees_.swap(counts);
    }
    [[nodiscard]] graph const& topology() const noexcept { return *graph_; }

private:
    static constexpr std::size_t most_groups = 65536;

    [[nodiscard]] double length_of(float const* row) const noexcept {
        return math::length(std::span<float const>{row, affect_.size()});
    }
    [[nodiscard]] status take(
        std::span<float const> vector, float_column const& column,
        runnel::detail::array<float>& into, detail::remembered& cosines) {
        if (!vector.empty() && column.dimension() == 0)
            return fault{faults::no_vectors, vector.size()};
        if (!vector.empty() && vector.size() != column.dimension())
            return fault{
                faults::wrong_dimension,
                runnel::detail::short_text::joined(column.dimension(), ", ", vector.size()).view()};
        for (std::size_t i = 0; i < vector.size(); ++i)
            if (!math::finite(static_cast<double>(vector[i])))
                return fault{faults::not_a_vector, static_cast<double>(vector[i]), i};
        runnel::detail::array<float> copy;
        copy.append(vector.data(), vector.size());
        if (!vector.empty()) cosines.forget(graph_->node_count());
        into.swap(copy);
        return {};
    }

    graph const* graph_;
    runnel::detail::array<float> goal_;
    runnel::detail::array<float> affect_;
    runnel::detail::array<std::uint32_t> indegrees_;
    runnel::detail::array<double> overlay_; // by group
    detail::colour_table colours_;
    double greatest_overlay_ = 0;
    double intensity_ = 0;
    detail::remembered goals_;
    detail::remembered moods_;
};

} // namespace runnel::cost
