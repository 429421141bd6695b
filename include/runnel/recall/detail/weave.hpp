// SPDX-License-Identifier: MIT
// room: recall. How a node is woven into the net and taken out of it: which links are made and which go.
//
// Laws: works on a draft; what it reads of the net does not change meanwhile. Ties by slot, so the same
//       sequence of changes makes the same net.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/recall/detail/draft.hpp>
#include <runnel/recall/detail/scratch.hpp>
#include <runnel/recall/rows.hpp>

namespace runnel::recall::detail {

class weaver {
public:
    /// What a change leads to.
    struct outcome {
        std::uint32_t root = no_slot;  // of the tree
        std::uint32_t entry = no_slot; // where walks begin
    };

    void begin(net const& of, rows const& with, outcome now) {
        net_ = &of;
        rows_ = &with;
        to_ = now;
        draft_.reset(of);
    }
    [[nodiscard]] draft& changes() noexcept { return draft_; }
    [[nodiscard]] outcome& to() noexcept { return to_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        std::size_t const slots = chosen_.capacity() + keep_.capacity() + around_.capacity()
                                  + orphans_.capacity() + takers_.capacity();
        return draft_.bytes() + ranked_.capacity() * sizeof(near) + slots * sizeof(std::uint32_t);
    }

    /// Up to `most` of the candidates (nearest first): each nearer to the node than to any chosen before it,
    /// so that links lead into different directions.
    void choose(frontier const& candidates, std::uint32_t node, std::size_t most) {
        chosen_.clear();
        for (std::size_t i = 0; i < candidates.size() && chosen_.size() < most; ++i) {
            near const one = candidates[i];
            if (one.slot != node && apart(one, chosen_)) chosen_.push_back(one.slot);
        }
    }
    [[nodiscard]] runnel::detail::array<std::uint32_t> const& chosen() const noexcept {
        return chosen_;
    }

    /// Links a new node to the chosen. On the ground the first that has room for a child becomes its parent.
    void link_new(std::uint32_t node, std::uint32_t layer, frontier const& candidates) {
        draft_.begin(node, layer);
        std::uint32_t parent = no_slot;
        if (layer == 0) {
            parent = parent_for(node, candidates);
            link(node, layer, parent);
            draft_.put_first(node, layer, parent);
        }
        for (std::uint32_t const other : chosen_)
            if (other != parent) link(node, layer, other);
    }

    /// Takes a node out of one layer and links its neighbours among each other where that leads somewhere new.
    void unlink(std::uint32_t node, std::uint32_t layer) {
        around_.clear();
        list_view const list = draft_(node, layer);
        around_.append(list.links, list.count);
        std::uint32_t const parent = layer == 0 ? parent_of(node) : no_slot;
        if (layer == 0) {
            keep_.clear();
            for (std::uint32_t const other : around_)
                if (parent_of(other) == node) keep_.push_back(other);
            orphans_.swap(keep_);
        }
        for (std::uint32_t const other : around_) draft_.remove(other, layer, node);
        if (layer == 0) adopt_orphans(parent);
        mend(layer);
    }

    [[nodiscard]] std::uint32_t parent_of(std::uint32_t node) const noexcept {
        if (node == to_.root) return no_slot;
        for (std::uint32_t const orphan : orphans_)
            if (orphan == node) return no_slot;
        list_view const list = draft_(node, 0);
        return list.count == 0 ? no_slot : list.links[0];
    }

private:
    [[nodiscard]] float similarity(std::uint32_t a, std::uint32_t b) const noexcept {
        return rows_->compare()((*rows_)[a], (*rows_)[b]);
    }
    [[nodiscard]] bool in_tree(std::uint32_t a, std::uint32_t b) const noexcept {
        return parent_of(a) == b || parent_of(b) == a;
    }
    /// Nearer to the node in question than to any of those.
    [[nodiscard]] bool apart(
        near one, runnel::detail::array<std::uint32_t> const& those) const noexcept {
        rows const& all = *rows_;
        measured const here = all[one.slot];
        std::size_t i = 0;
        for (; i + 4 <= those.size(); i += 4) {
            measured four[4];
            float found[4];
            for (std::size_t j = 0; j < 4; ++j) four[j] = all[those[i + j]];
            all.compare().four(four, here, found);
            for (float const s : found)
                if (s >= one.similarity) return false;
        }
        for (; i < those.size(); ++i)
            if (all.compare()(all[those[i]], here) >= one.similarity) return false;
        return true;
    }

    /// Half of the places of a node at most are for the tree, the others for short ways.
    [[nodiscard]] std::uint32_t parent_for(std::uint32_t node, frontier const& candidates) {
        for (std::uint32_t const most : {net_->places(0) / 2, net_->places(0)})
            for (std::size_t i = 0; i < candidates.size(); ++i) {
                std::uint32_t const other = candidates[i].slot;
                if (other == node) continue;
                if (tree_links(other) < most && make_place(other, 0)) return other;
            }
        return leaf_below(candidates[0].slot);
    }
    [[nodiscard]] std::uint32_t tree_links(std::uint32_t node) const noexcept {
        std::uint32_t links = 0;
        for (std::uint32_t const other : draft_(node, 0)) links += in_tree(node, other) ? 1U : 0U;
        return links;
    }
    /// A leaf of the tree has one link that must stay, hence always a place.
    [[nodiscard]] std::uint32_t leaf_below(std::uint32_t node) {
        for (bool deeper = true; deeper;) {
            deeper = false;
            for (std::uint32_t const other : draft_(node, 0))
                if (parent_of(other) == node) {
                    node = other;
                    deeper = true;
                    break;
                }
        }
        static_cast<void>(make_place(node, 0));
        return node;
    }
    [[nodiscard]] bool full(std::uint32_t node, std::uint32_t layer) const noexcept {
        return draft_(node, layer).count >= net_->places(layer);
    }
    /// Room for one more, if need be by cutting the farthest link that may be cut.
    [[nodiscard]] bool make_place(std::uint32_t node, std::uint32_t layer) {
        if (!full(node, layer)) return true;
        near farthest{0, no_slot};
        for (std::uint32_t const other : draft_(node, layer)) {
            if (layer == 0 && in_tree(node, other)) continue;
            near const one{similarity(node, other), other};
            if (farthest.slot == no_slot || nearer(farthest, one)) farthest = one;
        }
        if (farthest.slot == no_slot) return false;
        cut(node, farthest.slot, layer);
        return true;
    }
    void cut(std::uint32_t a, std::uint32_t b, std::uint32_t layer) {
        draft_.remove(a, layer, b);
        draft_.remove(b, layer, a);
    }
    void link(std::uint32_t node, std::uint32_t layer, std::uint32_t other) {
        draft_.add(node, layer, other);
        draft_.add(other, layer, node);
        if (draft_(other, layer).count > net_->places(layer)) thin(other, layer);
    }
    /// A list that overflowed keeps the tree and what leads into different directions.
    void thin(std::uint32_t node, std::uint32_t layer) {
        ranked_.clear();
        for (std::uint32_t const other : draft_(node, layer))
            ranked_.push_back({similarity(node, other), other});
        runnel::detail::sort(ranked_.begin(), ranked_.end(), by_nearness{});
        keep_.clear();
        for (near const one : ranked_)
            if (apart(one, keep_)) keep_.push_back(one.slot);
        for (std::size_t i = ranked_.size(); i-- > 0;) {
            std::uint32_t const other = ranked_[i].slot;
            bool kept = layer == 0 && in_tree(node, other);
            for (std::uint32_t const k : keep_) kept = kept || k == other;
            if (!kept) cut(node, other, layer);
        }
        // All of them lead somewhere of their own: the farthest goes.
        if (draft_(node, layer).count > net_->places(layer))
            for (std::size_t i = ranked_.size(); i-- > 0;) {
                std::uint32_t const other = ranked_[i].slot;
                if (layer == 0 && in_tree(node, other)) continue;
                cut(node, other, layer);
                break;
            }
    }

    /// Children of a node that goes are taken by its parent, or by one another: all of them were its neighbours
    /// and have just lost a link. Whoever is not taken yet is nobody's child, so that none is taken by its own.
    void adopt_orphans(std::uint32_t parent) {
        takers_.clear();
        if (parent != no_slot) takers_.push_back(parent);
        while (!orphans_.empty()) {
            std::uint32_t const child = orphans_.back();
            if (takers_.empty()) {
                to_.root = child;
            } else {
                std::uint32_t const taker = taker_of(child);
                if (!draft_.has(taker, 0, child)) {
                    draft_.add(child, 0, taker); // it has lost a link, so there is a place
                    draft_.add(taker, 0, child);
                }
                draft_.put_first(child, 0, taker);
            }
            orphans_.pop_back();
            takers_.push_back(child);
        }
        if (takers_.empty()) to_.root = no_slot; // it was the last
    }
    [[nodiscard]] std::uint32_t taker_of(std::uint32_t child) {
        near best{0, no_slot};
        for (std::uint32_t const taker : takers_) {
            near const one{similarity(child, taker), taker};
            if ((best.slot == no_slot || nearer(one, best))
                && (draft_.has(taker, 0, child) || !full(taker, 0)))
                best = one;
        }
        if (best.slot != no_slot) return best.slot;
        for (std::uint32_t const taker : takers_)
            if (make_place(taker, 0)) return taker;
        return leaf_below(takers_[0]);
    }
    void mend(std::uint32_t layer) {
        std::size_t const n = around_.size();
        for (std::size_t a = 0; a < n; ++a) {
            ranked_.clear();
            for (std::size_t b = 0; b < n; ++b)
                if (b != a) ranked_.push_back({similarity(around_[a], around_[b]), around_[b]});
            runnel::detail::sort(ranked_.begin(), ranked_.end(), by_nearness{});
            chosen_.clear();
            for (near const one : ranked_) {
                if (full(around_[a], layer)) break;
                if (!apart(one, chosen_)) continue;
                chosen_.push_back(one.slot);
                if (full(one.slot, layer) || draft_.has(around_[a], layer, one.slot)) continue;
                draft_.add(around_[a], layer, one.slot);
                draft_.add(one.slot, layer, around_[a]);
            }
        }
    }

    net const* net_ = nullptr;
    rows const* rows_ = nullptr;
    outcome to_;
    draft draft_;
    runnel::detail::array<near> ranked_;
    runnel::detail::array<std::uint32_t> chosen_;
    runnel::detail::array<std::uint32_t> keep_;
    runnel::detail::array<std::uint32_t> around_;
    runnel::detail::array<std::uint32_t> orphans_;
    runnel::detail::array<std::uint32_t> takers_;
};

} // namespace runnel::recall::detail
