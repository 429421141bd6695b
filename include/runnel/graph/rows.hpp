// SPDX-License-Identifier: MIT
// room: graph. Walking one weight-ordered row.
//
// Why:  a row is a run of 8-byte {target, log-weight} entries; the link type is a property of a
//       stretch of the row, so it costs nothing per link and nothing at all with a single type.
// Laws: within a stretch, weights fall; equal weights stand in canonical link order (those that decayed to the
//       floor in the order they came there).
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/graph/concepts.hpp>
#include <runnel/graph/fading.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel {

/// What a row keeps of a link: its log-weight as it was written, and higher by what had gone before.
struct row_entry {
    node_id target{};
    log_weight lw{};
};
static_assert(sizeof(row_entry) == 8);

/// The links of one node, stretch by stretch, heaviest first within each.
class row_links {
public:
    class iterator {
    public:
        using value_type = out_link;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::forward_iterator_tag;
        using pointer = void;
        using reference = out_link;

        iterator() = default;
        iterator(
            row_entry const* rows, std::uint32_t place, row_segments segments, link_type only,
            detail::row_fades const* fades) noexcept
            : rows_(rows), fades_(fades), place_(place), type_(only) {
            if (segments.empty()) return;
            type_ = segments[0].type;
            segment_ = segments.begin();
            last_ = segments.end() - 1;
        }

        [[nodiscard]] out_link operator*() const noexcept {
            auto const& entry = rows_[place_];
            log_weight lw = entry.lw;
            if (fades_ != nullptr) [[unlikely]]
                lw = fades_->of(type_).of(lw);
            return {entry.target, lw, row_place{place_}, type_};
        }
        iterator& operator++() noexcept {
            ++place_;
            if (segment_ != last_ && place_ == segment_->end) type_ = (++segment_)->type;
            return *this;
        }
        iterator operator++(int) noexcept {
            iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(iterator const& a, iterator const& b) noexcept {
            return a.place_ == b.place_;
        }

    private:
        row_entry const* rows_ = nullptr;
        row_segment const* segment_ = nullptr; // null: one stretch covers the row
        row_segment const* last_ = nullptr;
        detail::row_fades const* fades_ = nullptr; // null: the store never forgot
        std::uint32_t place_ = 0;
        link_type type_ = link_type::relates;
    };

    row_links(
        row_entry const* rows, std::uint32_t begin, std::uint32_t degree, row_segments segments,
        link_type only, detail::row_fades const* fades = nullptr) noexcept
        : first_(rows, begin, segments, only, fades),
          last_(rows, begin + degree, {}, only, nullptr),
          degree_(degree) {}

    [[nodiscard]] iterator begin() const noexcept { return first_; }
    [[nodiscard]] iterator end() const noexcept { return last_; }
    [[nodiscard]] std::uint32_t size() const noexcept { return degree_; }

private:
    iterator first_;
    iterator last_;
    std::uint32_t degree_;
};

} // namespace runnel
