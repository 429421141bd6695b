// SPDX-License-Identifier: MIT
// room: graph. How far a node's signature points away from an origin's, as an angle.
//
// Why:  whoever is far from where a thought began may be bolder, or shyer. Far from what must be said:
//       a table knows its origins and the version of the signatures it measured, and answers no
//       question about others. The angle is 2 atan2(|u - v|, |u + v|) of the unit vectors: the arccosine
//       of their product would miss 0 for a vector and itself by 5e-4 in floats.
// Laws: angle(u, u) = 0; angle(u, v) = angle(v, u), bit for bit; 0 <= angle <= pi. A vector shorter than
//       1e-9 has no direction: it stands at a right angle to any other, and is no origin. For bits the
//       angle is arccos(1 - 2h/B), h of B bits differing: 0 for none, pi for all.
// Cost: measuring is O(nodes * dimensions) per origin, 8 bytes per node and origin; a look is a load.
//
//   auto const table = runnel::divergence_table::of(graph.embeddings(), {home}, version).value();
//   auto const from_home = table.from({home, version}).value();
//   double const theta = from_home[node];
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <type_traits>

#include <runnel/core/arc.hpp>
#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/versions.hpp>
#include <runnel/graph/columns.hpp>
#include <runnel/graph/signatures.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind no_origin{
    "graph.no_origin", "divergence is measured from an origin: name at least one"};
/// The position is the place among the origins.
inline constexpr fault_kind origin_without_direction{
    "graph.origin_without_direction", "an origin needs a signature that is not zero"};
inline constexpr fault_kind no_signatures{
    "graph.no_signatures", "the nodes have no signatures to measure by"};
inline constexpr fault_kind other_origin{
    "graph.other_origin", "this table was not measured from that node"};
inline constexpr fault_kind other_signatures{
    "graph.other_signatures",
    "this table was measured with another version of the signatures (expected, got)"};
} // namespace faults

namespace detail {
inline constexpr double no_direction = 1e-9; // a vector shorter than this has none
inline constexpr double right_angle = 0x1.921fb54442d18p+0;
} // namespace detail

/// Between two vectors of one dimension, radians. Sums run from the first element to the last.
template <class U, class V> [[nodiscard]] double angle(U const& u, V const& v) noexcept {
    RUNNEL_EXPECTS(u.size() == v.size(), "graph: an angle is between vectors of one dimension");
    double const length_u = math::length(u);
    double const length_v = math::length(v);
    if (length_u < detail::no_direction || length_v < detail::no_direction)
        return detail::right_angle;
    double apart = 0;
    double together = 0;
    for (std::size_t i = 0; i < u.size(); ++i) {
        double const x = u[i] / length_u;
        double const y = v[i] / length_v;
        apart += math::product(x - y, x - y);
        together += math::product(x + y, x + y);
    }
    return 2 * math::arctangent({__builtin_sqrt(apart), __builtin_sqrt(together)});
}

/// The angles of B-bit signatures by how many of the bits differ: a table of B + 1.
class bit_angles {
public:
    explicit bit_angles(std::uint32_t bits) : angles_(std::size_t{bits} + 1) {
        // arccos(1 - 2h/B) = 2 arctan(sqrt(h) / sqrt(B - h)), which loses nothing at either end.
        for (std::uint32_t h = 0; h <= bits; ++h)
            angles_[h] = 2 * math::arctangent({__builtin_sqrt(h), __builtin_sqrt(bits - h)});
    }
    [[nodiscard]] double operator[](std::uint32_t differing) const noexcept {
        RUNNEL_EXPECTS(differing < angles_.size(), "graph: no more bits differ than there are");
        return angles_[differing];
    }

private:
    detail::array<double> angles_;
};

/// Every node's angle from one origin; looks into its table, which outlives it.
class divergence {
public:
    /// Refuses a node the table does not know.
    [[nodiscard]] result<double> at(node_id node) const noexcept {
        if (index(node) >= count_) return fault{faults::unknown_node, index(node)};
        return first_[index(node)];
    }
    /// Expects one it knows.
    [[nodiscard]] double operator[](node_id node) const noexcept {
        RUNNEL_EXPECTS(index(node) < count_, "graph: a node of another graph");
        return first_[index(node)];
    }
    [[nodiscard]] std::uint32_t node_count() const noexcept { return count_; }
    [[nodiscard]] node_id origin() const noexcept { return origin_; }

private:
    friend class divergence_table;
    divergence(double const* first, std::uint32_t count, node_id origin) noexcept
        : first_(first), count_(count), origin_(origin) {}
    double const* first_;
    std::uint32_t count_;
    node_id origin_;
};

/// Every node's angle from each of some origins, measured once.
class divergence_table {
public:
    using origins = std::initializer_list<node_id>;

    /// By the direction of vectors, such as a graph's embeddings.
    template <class Nodes = origins>
    [[nodiscard]] static result<divergence_table> of(
        float_column const& signatures, Nodes const& from, version of_signatures) {
        if (signatures.dimension() == 0) return fault{faults::no_signatures};
        std::size_t const nodes = signatures.all().size() / signatures.dimension();
        return measured(
            static_cast<std::uint32_t>(nodes), from, of_signatures,
            [&](node_id o) { return math::length(signatures[o]) >= detail::no_direction; },
            [&](node_id o, node_id node) { return angle(signatures[o], signatures[node]); });
    }
    /// By how many bits differ.
    template <class Nodes = origins>
    [[nodiscard]] static result<divergence_table> of(
        bit_signatures const& signatures, Nodes const& from, version of_signatures) {
        bit_angles const angles{signatures.bits()};
        return measured(
            signatures.node_count(), from, of_signatures, [](node_id) { return true; },
            [&](node_id o, node_id node) {
                return angles[signatures.differing({o, node})];
            });
    }

    /// What the reader takes a table to be.
    struct key {
        node_id origin{};
        version signatures{};
    };
    /// The angles from one of the origins; refuses another node, and another version of the signatures.
    [[nodiscard]] result<divergence> from(key k) const& noexcept {
        if (k.signatures != signatures_)
            return fault{
                faults::other_signatures, detail::short_text::joined(
                                              static_cast<std::uint64_t>(signatures_), ", ",
                                              static_cast<std::uint64_t>(k.signatures))
                                              .view()};
        for (std::size_t i = 0; i < origins_.size(); ++i)
            if (origins_[i] == k.origin)
                return divergence{angles_.data() + i * nodes_, nodes_, k.origin};
        return fault{faults::other_origin, index(k.origin)};
    }
    result<divergence> from(key) const&& = delete; // it would look into a table that is gone

    [[nodiscard]] std::uint32_t node_count() const noexcept { return nodes_; }
    [[nodiscard]] std::size_t origin_count() const noexcept { return origins_.size(); }
    [[nodiscard]] version signatures() const noexcept { return signatures_; }

private:
    divergence_table() = default;

    template <class Nodes, class Fit, class Measure>
    static result<divergence_table> measured(
        std::uint32_t nodes, Nodes const& from, version of_signatures, Fit&& fit,
        Measure&& measure) {
        divergence_table made;
        made.nodes_ = nodes;
        made.signatures_ = of_signatures;
        for (node_id const o : from) {
            std::size_t const place = made.origins_.size();
            if (index(o) >= nodes) return fault{faults::unknown_node, index(o), place};
            if (!fit(o)) return fault{faults::origin_without_direction, index(o), place};
            made.origins_.push_back(o);
        }
        if (made.origins_.empty()) return fault{faults::no_origin};
        made.angles_.resize(made.origins_.size() * nodes);
        std::size_t at = 0;
        for (node_id const o : made.origins_)
            for (std::uint32_t n = 0; n < nodes; ++n) made.angles_[at++] = measure(o, node_id{n});
        return made;
    }

    detail::array<double> angles_; // of the first origin, of the second, ...
    detail::array<node_id> origins_;
    std::uint32_t nodes_ = 0;
    version signatures_{};
};

} // namespace runnel
