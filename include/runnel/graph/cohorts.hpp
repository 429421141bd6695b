// SPDX-License-Identifier: MIT
// room: graph. Links that are compared with each other, and how their log-weights are spread.
//
// Why:  whether a weight is high depends on what is usual among links of its type that leave its source's
//       scope. The sums are integers over the fixed-point log-weights: a weight that changes is taken out
//       exactly, and nothing depends on the order in which weights came.
// Laws: after any sequence of adding, changing and removing, the sums are those of a recount.
// Cost: a change is two additions in each of four sums.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/core/versions.hpp>

namespace runnel {

/// Which links a link is compared with.
struct cohort {
    link_type type = link_type::relates;
    scope_id scope{}; ///< of the source
    friend constexpr bool operator==(cohort, cohort) noexcept = default;
};

/// Which nodes a node is compared with.
struct node_cohort {
    node_type type = node_type::other;
    scope_id scope{};
    friend constexpr bool operator==(node_cohort, node_cohort) noexcept = default;
};

/// How many, their sum and the sum of their squares, in raw steps of 2^-24. 128 bits hold any: fewer than 2^32 links, each
/// below 2^31.
struct weight_sums {
    std::int64_t count = 0;
    int128 sum = 0;
    int128 squares = 0;

    constexpr void add(log_weight lw) noexcept {
        ++count;
        sum += lw.raw();
        squares += int128{lw.raw()} * lw.raw();
    }
    constexpr void add(weight_sums const& others) noexcept {
        count += others.count;
        sum += others.sum;
        squares += others.squares;
    }
    constexpr void remove(log_weight lw) noexcept {
        --count;
        sum -= lw.raw();
        squares -= int128{lw.raw()} * lw.raw();
    }
    /// So many of them, of this sum, move by so much each. Exact.
    constexpr void shift(std::int64_t members, int128 their_sum, std::int64_t by) noexcept {
        adjust(int128{by} * members, 2 * by * their_sum + int128{by} * by * members);
    }
    constexpr void adjust(int128 of_sum, int128 of_squares) noexcept {
        sum += of_sum;
        squares += of_squares;
    }
    [[nodiscard]] constexpr double mean() const noexcept {
        return count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count) * 0x1p-24;
    }
    /// Of the population. The numerator is exact: no cancellation. (Sums that relaxed are as exact as a double: below 0
    /// is 0.)
    [[nodiscard]] constexpr double variance() const noexcept {
        if (count == 0) return 0;
        int128 const spread = count * squares - sum * sum;
        double const n = static_cast<double>(count);
        return spread < 0 ? 0 : static_cast<double>(spread) / n / n * 0x1p-48;
    }
    friend constexpr bool operator==(weight_sums const&, weight_sums const&) noexcept = default;
};

/// The sums of every cohort, of every type, of every scope, and of all: of links or of nodes, never both.
class cohort_sums {
public:
    /// A weight, or the sums of many.
    template <class Cohort, class Added> void add(Cohort of, Added const& added) {
        each(of, [&](weight_sums& sums) { sums.add(added); });
    }
    /// Expects a weight that is in it.
    template <class Cohort> void change(Cohort of, log_weight from, log_weight to) {
        each(of, [&](weight_sums& sums) {
            sums.remove(from);
            sums.add(to);
        });
    }
    /// Some of a cohort move together.
    template <class Cohort>
    void shift(Cohort of, std::int64_t members, int128 their_sum, std::int64_t by) {
        each(of, [&](weight_sums& sums) { sums.shift(members, their_sum, by); });
    }
    /// Some of a cohort have moved.
    template <class Cohort> void adjust(Cohort of, int128 of_sum, int128 of_squares) {
        each(of, [&](weight_sums& sums) { sums.adjust(of_sum, of_squares); });
    }
    [[nodiscard]] weight_sums const& all() const noexcept { return all_; }
    [[nodiscard]] weight_sums of(link_type type) const noexcept { return find(key_of(type)); }
    [[nodiscard]] weight_sums of(node_type type) const noexcept { return find(key_of(type)); }
    [[nodiscard]] weight_sums of(scope_id scope) const noexcept { return find(key_of(scope)); }
    [[nodiscard]] weight_sums of(cohort c) const noexcept { return find(key_of(c)); }
    [[nodiscard]] weight_sums of(node_cohort c) const noexcept { return find(key_of(c)); }
    [[nodiscard]] std::size_t bytes() const noexcept { return cells_.capacity() * sizeof(cell); }

private:
    struct cell {
        std::uint64_t key = 0; // 0: free
        weight_sums sums;
    };
    // The three kinds of key never meet. (Types of links and of nodes may: a table holds one of the two.)
    template <class Type> static constexpr std::uint64_t key_of(Type type) noexcept {
        return std::uint64_t{1} << 32 | index(type);
    }
    static constexpr std::uint64_t key_of(scope_id scope) noexcept {
        return std::uint64_t{2} << 32 | index(scope);
    }
    static constexpr std::uint64_t key_of(cohort c) noexcept { return key_of(c.type, c.scope); }
    static constexpr std::uint64_t key_of(node_cohort c) noexcept {
        return key_of(c.type, c.scope);
    }
    template <class Type>
    static constexpr std::uint64_t key_of(Type type, scope_id scope) noexcept {
        return std::uint64_t{3} << 32 | index(scope) << 16 | index(type);
    }

    template <class Cohort, class F> void each(Cohort of, F&& f) {
        f(all_);
        for (std::uint64_t const key : {key_of(of.type), key_of(of.scope), key_of(of)})
            f(cell_of(key).sums);
    }
    [[nodiscard]] std::size_t place(std::uint64_t key) const noexcept {
        std::size_t const mask = cells_.size() - 1;
        std::size_t at = mix(key) & mask;
        while (cells_[at].key != 0 && cells_[at].key != key) at = (at + 1) & mask;
        return at; // ends: at most half of the cells are taken
    }
    [[nodiscard]] weight_sums find(std::uint64_t key) const noexcept {
        if (cells_.empty()) return {};
        cell const& c = cells_[place(key)];
        return c.key == key ? c.sums : weight_sums{};
    }
    [[nodiscard]] cell& cell_of(std::uint64_t key) {
        // What is there is found without growing: a change allocates nothing.
        if (!cells_.empty())
            if (cell& there = cells_[place(key)]; there.key == key) return there;
        if (2 * (taken_ + 1) > cells_.size()) grow();
        cell& c = cells_[place(key)];
        c.key = key;
        ++taken_;
        return c;
    }
    void grow() {
        detail::array<cell> old(cells_.empty() ? 16 : cells_.size() * 2, cell{});
        old.swap(cells_);
        for (cell const& c : old)
            if (c.key != 0) cells_[place(c.key)] = c;
    }

    weight_sums all_;
    detail::array<cell> cells_;
    std::size_t taken_ = 0;
};

/// Rows whose weights are read in comparison with their like: `cohort_of(source, type)`, `cohorts()`, `weights_stamp()`
/// (changed with any weight) and `type_at(source, place)`. Without them every link is as strong as any other.
template <class Rows>
concept has_cohorts = requires(Rows const& rows, node_id source, link_type type, row_place place) {
    { rows.cohort_of(source, type) } -> std::same_as<cohort>;
    { rows.cohorts() } -> std::same_as<cohort_sums const&>;
    { rows.weights_stamp() } -> std::same_as<version>;
    { rows.type_at(source, place) } -> std::same_as<link_type>;
};

/// Rows whose nodes have a log-weight of their own: `log_mass(n)`, `masses()` (empty: nobody was given one) and
/// `cohort_of_target(n)`.
template <class Rows>
concept has_masses = requires(Rows const& rows, node_id node) {
    { rows.log_mass(node) } -> std::same_as<log_weight>;
    { rows.masses() } -> std::same_as<cohort_sums const&>;
    { rows.cohort_of_target(node) } -> std::same_as<node_cohort>;
};

} // namespace runnel
