// SPDX-License-Identifier: MIT
// room: graph. Walking one weight-ordered row.
//
// Why:  a row is a run of 8-byte {target, log-weight} entries, or blocks of them (detail/tall.hpp); the link type is a
//       property of a stretch of the row, so it costs nothing per link and nothing at all with a single type.
// Laws: within a stretch, weights fall; equal weights stand in canonical link order (those that decayed to the
//       floor in the order they came there).
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/graph/concepts.hpp>
#include <runnel/graph/detail/tall.hpp>
#include <runnel/graph/fading.hpp>
#include <runnel/graph/row_entry.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel {

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
        /// The last place of a row.
        explicit iterator(std::uint32_t place) noexcept : place_(place) {}
        iterator(
            row_entry const* rows, detail::tall_rows const* talls, std::uint32_t place,
            std::uint32_t degree, row_segments segments, link_type only,
            detail::row_fades const* fades) noexcept
            : rows_(rows), talls_(talls), fades_(fades), place_(place), type_(only) {
            if (!segments.empty()) {
                type_ = segments[0].type;
                segment_ = segments.begin();
                last_ = segments.end() - 1;
                degree = segment_->end - place;
            }
            enter(degree);
        }

        [[nodiscard]] out_link operator*() const noexcept {
            log_weight lw = at_->lw;
            if (fades_ != nullptr) [[unlikely]]
                lw = fades_->of(type_).of(lw);
            return {at_->target, lw, row_place{place_}, type_};
        }
        iterator& operator++() noexcept {
            ++place_;
            if (++at_ == stop_) *this = next_piece(*this);
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
        /// Out of the way of the loop. By value: what has its address taken does not stay in registers.
        [[gnu::noinline]] static iterator next_piece(iterator i) noexcept {
            if (i.tall_ != nullptr && i.place_ != i.tall_->first + i.tall_->length) {
                do ++i.block_;
                while (i.tall_->count[i.block_] == 0); // ends: links are left
                i.enter_block();
            } else {
                i.type_ = (++i.segment_)->type;
                i.enter(i.segment_->end - i.place_);
            }
            return i;
        }
        void enter(std::uint32_t length) noexcept {
            tall_ = talls_ == nullptr ? nullptr : talls_->at(place_, length);
            if (tall_ != nullptr) {
                block_ = tall_->spot_of(0).block;
                enter_block();
                return;
            }
            at_ = rows_ + place_;
            stop_ = segment_ == last_ ? nullptr : at_ + length;
        }
        void enter_block() noexcept {
            at_ = tall_->rows(tall_->slot_of[block_]);
            std::uint32_t const count = tall_->count[block_];
            bool const ends = place_ + count == tall_->first + tall_->length;
            stop_ = ends && segment_ == last_ ? nullptr : at_ + count;
        }

        row_entry const* at_ = nullptr;
        row_entry const* stop_ = nullptr; // of the piece that lies together; null: it is the last
        row_segment const* segment_ = nullptr; // null: one stretch covers the row
        row_segment const* last_ = nullptr;
        row_entry const* rows_ = nullptr;
        detail::tall_rows const* talls_ = nullptr; // null: there are none
        detail::tall_stretch const* tall_ = nullptr;
        detail::row_fades const* fades_ = nullptr; // null: the store never forgot
        std::uint32_t block_ = 0;
        std::uint32_t place_ = 0;
        link_type type_ = link_type::relates;
    };

    row_links(
        row_entry const* rows, std::uint32_t begin, std::uint32_t degree, row_segments segments,
        link_type only, detail::row_fades const* fades = nullptr,
        detail::tall_rows const* talls = nullptr) noexcept
        : first_(rows, talls, begin, degree, segments, only, fades),
          last_(begin + degree),
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
