// SPDX-License-Identifier: MIT
// room: graph. One signature of B bits per node.
//
// Why:  hashes that keep neighbourhood make signatures of a few words, whose distance is a count of bits.
// Laws: a signature never set is all zeros. What is refused changes nothing.
// Cost: B/8 bytes per node, in whole words of 64 bits; a distance is one instruction a word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/result.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind signature_bits{
    "graph.signature_bits", "a signature has between 1 and 65536 bits"};
inline constexpr fault_kind signature_length{
    "graph.signature_length",
    "a signature has another number of 64-bit words than the others (expected, got)"};
inline constexpr fault_kind signature_beyond{
    "graph.signature_beyond", "a bit is set beyond the last bit of the signatures"};
} // namespace faults

class bit_signatures {
public:
    struct shape {
        std::uint32_t nodes = 0;
        std::uint32_t bits = 64;
    };
    [[nodiscard]] static result<bit_signatures> of(shape s) {
        if (s.bits < 1 || s.bits > 65536) return fault{faults::signature_bits, s.bits};
        bit_signatures made;
        made.shape_ = s;
        made.words_.resize(std::size_t{s.nodes} * made.words_each());
        return made;
    }
    /// The first bit is the lowest of the first word.
    template <class Word = std::uint64_t>
    [[nodiscard]] status set(node_id node, std::span<std::type_identity_t<Word> const> signature) {
        std::size_t const each = words_each();
        if (index(node) >= shape_.nodes) return fault{faults::unknown_node, index(node)};
        if (signature.size() != each)
            return fault{
                faults::signature_length,
                detail::short_text::joined(each, ", ", signature.size()).view(), index(node)};
        if (shape_.bits % 64 != 0 && signature[each - 1] >> shape_.bits % 64 != 0)
            return fault{faults::signature_beyond, shape_.bits, index(node)};
        for (std::size_t w = 0; w < each; ++w) words_[index(node) * each + w] = signature[w];
        return {};
    }
    struct pair {
        node_id one{};
        node_id other{};
    };
    /// How many bits of two nodes differ.
    [[nodiscard]] std::uint32_t differing(pair p) const noexcept {
        RUNNEL_EXPECTS(
            index(p.one) < shape_.nodes && index(p.other) < shape_.nodes,
            "graph: a node of another graph");
        std::size_t const each = words_each();
        std::uint64_t const* const a = words_.data() + index(p.one) * each;
        std::uint64_t const* const b = words_.data() + index(p.other) * each;
        int count = 0;
        for (std::size_t w = 0; w < each; ++w) count += __builtin_popcountll(a[w] ^ b[w]);
        return static_cast<std::uint32_t>(count);
    }
    [[nodiscard]] std::uint32_t node_count() const noexcept { return shape_.nodes; }
    [[nodiscard]] std::uint32_t bits() const noexcept { return shape_.bits; }

private:
    bit_signatures() = default;
    [[nodiscard]] std::size_t words_each() const noexcept { return (shape_.bits + 63) / 64; }
    detail::array<std::uint64_t> words_;
    shape shape_{};
};

} // namespace runnel
