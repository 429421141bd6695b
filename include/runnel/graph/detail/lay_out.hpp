// SPDX-License-Identifier: MIT
// room: graph. Laying links out in rows.
//
// Why:  links come in any order, and every line of memory they go to is a wait. So they are first spread over a few hundred
//       stretches of neighbouring sources, each written from its front to its end; a stretch fits a cache, and all the
//       rest happens there. The links lie in the result's own rows from the start: beside them there is the second
//       space of one stretch.
// Laws: a row's canonical order is (target, type, weight falling); its weight order is (type, weight
//       falling, link id), self loops last.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/graph/builder.hpp>
#include <runnel/graph/detail/digits.hpp>

namespace runnel {

/// `spread` and `count` read what was said; then it may be given back, and `finish` needs the node columns in their place.
template <class> class graph::builder::layout {
public:
    explicit layout(built& out) noexcept : g_(out.graph), s_(out.store) {}

    void spread(detail::pending_links const& pending, std::size_t nodes) {
        auto const bits = [](std::size_t n) { return n == 0 ? 0 : 64 - __builtin_clzll(n); };
        int const node_bits = nodes == 0 ? 0 : bits(nodes - 1);
        int stretch_bits = bits(pending.size() >> 14); // some 2^14 links each
        if (stretch_bits > 9) stretch_bits = 9;        // but a cache keeps no more lines open
        shift_ = node_bits > stretch_bits ? node_bits - stretch_bits : 0;
        if (shift_ > 16) shift_ = 16; // a source is 16 bits
        begins_.resize((nodes >> shift_) + 2);
        for (detail::pending_links::block const& block : pending)
            for (std::size_t i = 0; i < block.size; ++i)
                ++begins_[(index(block.links[i].from) >> shift_) + 1];
        for (std::size_t s = 1; s < begins_.size(); ++s) begins_[s] += begins_[s - 1];

        bool const typed = pending.typed();
        if (!typed) g_.only_link_type_ = pending.first_type(); // of several, there is no only one
        s_.rows_.resize(pending.size());
        sources_.resize(pending.size());
        if (typed) g_.link_types_.resize(pending.size());
        detail::array<std::uint32_t> next = begins_;
        std::size_t const mask = (std::size_t{1} << shift_) - 1;
        for (detail::pending_links::block const& block : pending)
            for (std::size_t i = 0; i < block.size; ++i) {
                detail::pending_link const& link = block.links[i];
                std::uint32_t const place = next[index(link.from) >> shift_]++;
                s_.rows_[place] = {link.to, link.lw};
                sources_[place] = static_cast<std::uint16_t>(index(link.from) & mask);
                if (typed)
                    g_.link_types_[place] =
                        block.types == nullptr ? pending.first_type() : block.types[i];
            }
    }
    [[nodiscard]] status count(std::size_t nodes) {
        g_.offsets_ = detail::array<std::uint32_t>(nodes + 1);
        for (std::size_t s = 0; s + 1 < begins_.size(); ++s)
            for (std::size_t i = begins_[s]; i < begins_[s + 1]; ++i)
                ++g_.offsets_[(s << shift_) + sources_[i] + 1];
        for (std::size_t n = 0; n < nodes; ++n) {
            if (g_.offsets_[n + 1] > 0x7FFF'FFFFU)
                return fault{faults::too_many_links, g_.offsets_[n + 1], n};
            g_.offsets_[n + 1] += g_.offsets_[n];
        }
        return {};
    }
    void finish() {
        std::size_t const nodes = g_.types_.size();
        bool const typed = !g_.link_types_.empty();
        std::uint32_t most = 0;
        for (std::size_t s = 0; s + 1 < begins_.size(); ++s)
            if (begins_[s + 1] - begins_[s] > most) most = begins_[s + 1] - begins_[s];
        second_links_.resize(most);
        second_sources_.resize(most);
        for (auto& types : second_types_) types.resize(typed ? most : 0);
        places_.resize((std::size_t{1} << shift_) < nodes ? std::size_t{1} << shift_ : nodes);
        g_.targets_.resize(s_.rows_.size());
        if (typed) {
            g_.segment_offsets_.reserve(nodes + 1);
            g_.segment_offsets_.push_back(0);
        }
        s_.heads_.resize(nodes);
        s_.offsets_ = g_.offsets_.data();
        s_.targets_ = g_.targets_.data();
        s_.link_types_ = typed ? g_.link_types_.data() : nullptr;
        s_.segment_offsets_ = typed ? g_.segment_offsets_.data() : nullptr;
        s_.only_type_ = g_.only_link_type_;
        s_.types_ = g_.types_.data();
        s_.scopes_ = g_.scopes_.empty() ? nullptr : g_.scopes_.data();
        for (std::size_t s = 0; s + 1 < begins_.size(); ++s) lay_out(s);
        count_members();
        g_.segments_.shrink_to_fit();
        s_.segments_ = typed ? g_.segments_.data() : nullptr;
    }

private:
    using by_target = detail::figure_of_target;
    using by_type = detail::figure_of_type;
    using by_weight = detail::figure_of_weight;

    void lay_out(std::size_t stretch) {
        bool const typed = !g_.link_types_.empty();
        begin_ = begins_[stretch];
        first_ = stretch << shift_;
        last_ = first_ + (std::size_t{1} << shift_);
        if (last_ > g_.types_.size()) last_ = g_.types_.size();
        links_.count = begins_[stretch + 1] - begin_;
        links_.now = {
            s_.rows_.data() + begin_, sources_.data() + begin_,
            typed ? g_.link_types_.data() + begin_ : nullptr};
        links_.other = {
            second_links_.data(), second_sources_.data(),
            typed ? second_types_[0].data() : nullptr};
        std::uint32_t longest = 0;
        for (std::size_t n = first_; n < last_; ++n)
            if (g_.offsets_[n + 1] - g_.offsets_[n] > longest)
                longest = g_.offsets_[n + 1] - g_.offsets_[n];
        which_ = longest > 256 ? detail::digits::all : detail::digits::leading;
        order_by_target();
        for (std::size_t i = 0; i < links_.count; ++i)
            g_.targets_[begin_ + i] = links_.now.links[i].target;
        if (typed) keep_types();
        order_by_weight();
        for (std::size_t n = first_; n < last_; ++n) finish(node_id{static_cast<std::uint32_t>(n)});
    }
    void order_by_target() {
        bool ordered = true;
        for (std::size_t i = 1; i < links_.count; ++i) ordered &= place_of(i - 1) <= place_of(i);
        if (!ordered) {
            links_.by(by_target{}, which_);
            into_rows();
        }
        if (which_ == detail::digits::all
            && has_parallels()) { // in a long row there may be any number
            links_.by(by_weight{}, which_);
            if (links_.now.types != nullptr) links_.by(by_type{}, which_);
            links_.by(by_target{}, which_);
            into_rows();
            return;
        }
        insert([&](std::size_t a, std::size_t b) {
            return place_of(a) != place_of(b) ? place_of(a) < place_of(b)
                                              : weight_of(a) < weight_of(b);
        });
    }
    [[nodiscard]] bool has_parallels() const noexcept {
        bool any = false;
        for (std::size_t i = 1; i < links_.count; ++i) any |= place_of(i - 1) == place_of(i);
        return any;
    }
    template <class Before> void insert(Before before) noexcept {
        for (std::size_t i = 1; i < links_.count; ++i)
            for (std::size_t k = i; k > 0 && before(k, k - 1); --k) links_.now.exchange(k - 1, k);
    }
    /// The types in canonical order stay; what goes on to be ordered lies elsewhere.
    void keep_types() {
        link_type* const kept = g_.link_types_.data() + begin_;
        link_type* const gone = second_types_[0].data();
        bool const there = links_.now.types == kept;
        for (std::size_t i = 0; i < links_.count; ++i)
            (there ? gone : kept)[i] = (there ? kept : gone)[i];
        links_.now.types = gone;
        links_.other.types = second_types_[1].data();
    }
    void order_by_weight() {
        bool ordered = true;
        for (std::size_t i = 1; i < links_.count; ++i)
            ordered &= links_.now.sources[i - 1] != links_.now.sources[i]
                       || weight_of(i - 1) <= weight_of(i);
        if (!ordered) {
            links_.by(by_weight{}, which_);
            if (links_.now.types != nullptr) links_.by(by_type{}, which_);
            into_rows();
            if (which_ == detail::digits::leading)
                insert([&](std::size_t a, std::size_t b) {
                    return links_.now.sources[a] == links_.now.sources[b]
                           && weight_of(a) < weight_of(b);
                });
        }
        row_entry* const rows = s_.rows_.data() + begin_;
        if (links_.now.links == rows) return;
        for (std::size_t i = 0; i < links_.count; ++i) rows[i] = links_.now.links[i];
        links_.other.links = links_.now.links;
        links_.now.links = rows;
    }
    void finish(node_id node) {
        std::uint32_t const begin = g_.offsets_[index(node)];
        std::uint32_t const end = loops_last(node);
        if (!g_.link_types_.empty()) {
            for (std::uint32_t p = begin; p < end; ++p) {
                link_type const type = links_.now.types[p - begin_];
                if (p == begin || type != g_.segments_.back().type)
                    g_.segments_.push_back({p, type});
                g_.segments_.back().end = p + 1;
            }
            g_.segment_offsets_.push_back(static_cast<std::uint32_t>(g_.segments_.size()));
            s_.segments_ = g_.segments_.data();
        }
        s_.heads_[index(node)].degree_and_tie = end - begin;
        s_.refresh_head(node, end - begin);
        s_.each_stretch(node, [&](std::uint32_t first, std::uint32_t last, link_type type) {
            cohort const of = s_.cohort_of(node, type);
            if (of != members_of_) count_members();
            members_of_ = of;
            for (std::uint32_t p = first; p < last; ++p) members_.add(s_.rows_[p].lw);
        });
    }
    /// Where a row's self loops begin, which stand last in canonical order.
    std::uint32_t loops_last(node_id node) {
        std::uint32_t end = g_.offsets_[index(node)];
        std::size_t loops = 0;
        for (std::uint32_t p = end; p < g_.offsets_[index(node) + 1]; ++p) {
            row_entry const link = s_.rows_[p];
            if (link.target == node) {
                links_.other.links[loops++] = link;
                continue;
            }
            if (loops != 0) {
                s_.rows_[end] = link;
                if (links_.now.types != nullptr)
                    links_.now.types[end - begin_] = links_.now.types[p - begin_];
            }
            ++end;
        }
        for (std::size_t i = 0; i < loops; ++i) s_.rows_[end + i] = links_.other.links[i];
        return end;
    }
    /// Of neighbours that are compared with the same links, all at once.
    void count_members() {
        if (members_.count != 0) s_.cohorts_.add(members_of_, members_);
        members_ = {};
    }
    void into_rows() {
        for (std::size_t n = first_; n < last_; ++n) places_[n - first_] = g_.offsets_[n] - begin_;
        links_.by_source(places_.data());
    }
    [[nodiscard]] std::uint64_t place_of(std::size_t i) const noexcept {
        return std::uint64_t{links_.now.sources[i]} << 32 | by_target{}(links_.now, i);
    }
    [[nodiscard]] std::uint64_t weight_of(std::size_t i) const noexcept {
        std::uint64_t const type = links_.now.types == nullptr ? 0 : by_type{}(links_.now, i);
        return type << 32 | by_weight{}(links_.now, i);
    }

    runnel::graph& g_;
    store& s_;
    int shift_ = 0;                        // the nodes of a stretch share the bits above
    detail::array<std::uint32_t> begins_;  // of the stretches, and the end of the last
    detail::array<std::uint16_t> sources_; // of the links, counted from their stretch's first

    // The stretch in hand:
    detail::link_sorter links_;
    detail::array<row_entry> second_links_;
    detail::array<std::uint16_t> second_sources_;
    detail::array<link_type> second_types_[2];
    detail::array<std::uint32_t> places_;
    detail::digits which_ = detail::digits::all; // are looked at
    std::uint32_t begin_ = 0;                    // its first place
    std::size_t first_ = 0;                      // its nodes
    std::size_t last_ = 0;

    cohort members_of_{};
    weight_sums members_{};
};

} // namespace runnel
