// SPDX-License-Identifier: MIT
// room: core. Names of things: nodes, links, places in a row, types.
//
// Why:  two adjacent integers are a swapped argument waiting to happen; an enum class costs nothing
//       and makes the swap a compile error.
// Laws: an id is an index; ids of one graph are dense from 0. A type above the declared ones behaves
//       as `other`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace runnel {

/// A node of one graph: its index.
enum class node_id : std::uint32_t {};
/// A link of one graph: its position in canonical order.
enum class link_id : std::uint32_t {};
/// A place in a store's weight-ordered rows; `store.link(place)` names the link found there.
enum class row_place : std::uint32_t {};
/// A namespace or tenant a node belongs to; part of the cohort its links are compared within.
enum class scope_id : std::uint16_t {};
/// The caller's unique key of one field; orders learning batches.
enum class field_key : std::uint64_t {};

/// Preset node types have these fixed ids; a graph may declare up to 64 more.
enum class node_type : std::uint16_t {
    memory,
    episodic,
    concept_, ///< `concept` is a keyword
    task,
    goal,
    event,
    person,
    document,
    mechanism,
    principle,
    realization,
    other
};

/// Preset link types have these fixed ids; a graph may declare up to 64 more.
enum class link_type : std::uint16_t { relates, enables, blocks, remembers, other };

inline constexpr std::size_t user_types = 64;
inline constexpr std::size_t preset_node_types = 12;
inline constexpr std::size_t preset_link_types = 5;
/// Ids stop one short of the mark for "none".
inline constexpr std::uint32_t max_nodes = 0xFFFF'FFFEU;
inline constexpr std::uint32_t max_links = 0xFFFF'FFFEU;
inline constexpr node_id no_node{0xFFFF'FFFFU};
inline constexpr link_id no_link{0xFFFF'FFFFU};

template <class Id>
    requires std::is_enum_v<Id>
[[nodiscard]] constexpr std::size_t index(Id id) noexcept {
    return static_cast<std::size_t>(static_cast<std::underlying_type_t<Id>>(id));
}

namespace detail {
template <class Type> inline constexpr std::size_t preset_types = 0;
template <> inline constexpr std::size_t preset_types<node_type> = preset_node_types;
template <> inline constexpr std::size_t preset_types<link_type> = preset_link_types;
} // namespace detail

/// One figure per type: a default for all, with exceptions. `per_type<double>{.1}.with(task, .2)`. A type beyond the
/// presets that was given no figure follows `other`, in whatever order the figures are set.
template <class T, class Type = node_type> class per_type {
public:
    static constexpr std::size_t capacity = detail::preset_types<Type> + user_types;

    constexpr per_type() : per_type(T{}) {}
    constexpr per_type(
        T all) { // NOLINT(google-explicit-constructor): `.threshold = .1` must read so
        for (T& entry : entries_) entry = all;
    }

    [[nodiscard]] constexpr T const& operator[](Type type) const noexcept {
        return entries_[slot(type)];
    }
    constexpr per_type& set(Type type, T figure) {
        std::size_t const at = slot(type);
        entries_[at] = figure;
        if (at >= presets) given_ |= std::uint64_t{1} << (at - presets);
        if (at == index(Type::other))
            for (std::size_t i = 0; i < user_types; ++i)
                if ((given_ >> i & 1) == 0) entries_[presets + i] = figure;
        return *this;
    }
    [[nodiscard]] constexpr per_type with(Type type, T figure) const {
        per_type copy = *this;
        copy.set(type, figure);
        return copy;
    }
    [[nodiscard]] constexpr T const* begin() const noexcept { return entries_; }
    [[nodiscard]] constexpr T const* end() const noexcept { return entries_ + capacity; }

    friend constexpr bool operator==(per_type const& a, per_type const& b) noexcept {
        for (std::size_t i = 0; i < capacity; ++i)
            if (!(a.entries_[i] == b.entries_[i])) return false;
        return true;
    }

    /// Where a type's figure lives: unknown types share the slot of `other`.
    [[nodiscard]] static constexpr std::size_t slot(Type type) noexcept {
        return index(type) < capacity ? index(type) : index(Type::other);
    }

private:
    static constexpr std::size_t presets = detail::preset_types<Type>;
    static_assert(user_types == 64, "core: `given_` has one bit per type beyond the presets");
    T entries_[capacity]{};
    std::uint64_t given_ = 0; // types beyond the presets with a figure of their own
};

namespace detail {
inline constexpr std::size_t type_slots = per_type<int>::capacity;

/// A set of type slots, walked in order.
class slot_set {
public:
    constexpr void add(std::size_t slot) noexcept {
        words_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    }
    constexpr void clear() noexcept { words_[0] = words_[1] = 0; }
    template <class F> constexpr void each(F&& f) const {
        for (std::size_t w = 0; w < 2; ++w)
            for (std::uint64_t left = words_[w]; left != 0; left &= left - 1)
                f(w * 64 + static_cast<std::size_t>(__builtin_ctzll(left)));
    }

private:
    std::uint64_t words_[2]{};
};
static_assert(type_slots <= 128);
} // namespace detail

} // namespace runnel
