// SPDX-License-Identifier: MIT
// room: recall. Does a layered net hold together?
//
// Laws: reads whatever it is given without going astray: every number is looked at before it is followed.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/result.hpp>
#include <runnel/recall/detail/net.hpp>
#include <runnel/recall/detail/scratch.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/rows.hpp>

namespace runnel::recall::detail {

class net_check {
public:
    net_check(net const& of, rows const& with) noexcept : net_(of), all_(with) {}

    /// Lists mutual and within bounds, everything within reach of the root, nobody missing.
    [[nodiscard]] status operator()(
        std::uint32_t root, std::uint32_t entry, std::size_t nodes, scratch& own) const {
        std::size_t entries = 0;
        std::size_t found = 0;
        for (std::uint32_t slot = 0; slot < all_.end(); ++slot) {
            if (!all_.live(slot)) continue;
            if (slot >= net_.capacity() || net_.at(slot).state == standing::nowhere
                || !stairs_hold(slot))
                return broken(slot);
        }
        for (std::uint32_t slot = 0; slot < all_.end(); ++slot) {
            if (!stands(slot)) continue;
            if (!lists_hold(slot) || !ring_holds(slot, entries)) return broken(slot);
            ++found;
        }
        if (entries != all_.size() || found != nodes) return broken(all_.end());
        if (nodes == 0) return entry == no_slot ? status{} : broken(entry);
        for (std::uint32_t const named : {entry, root})
            if (named >= all_.end() || !stands(named)) return broken(named);
        return reached(root, own) == nodes ? status{} : broken(root);
    }

private:
    [[nodiscard]] static fault broken(std::uint32_t slot) noexcept {
        return {faults::index_corrupt, slot};
    }
    [[nodiscard]] bool stands(std::uint32_t slot) const noexcept {
        return all_.live(slot) && net_.at(slot).state == standing::in_net;
    }
    /// Copies hang at their node in order of their slots.
    [[nodiscard]] bool ring_holds(std::uint32_t slot, std::size_t& entries) const noexcept {
        std::uint32_t const last = net_.at(slot).ring;
        if (last != no_slot && !all_.live(last)) return false;
        std::uint32_t before = no_slot;
        bool whole = true;
        net_.each_equal(slot, [&](std::uint32_t one) {
            whole =
                one < all_.end() && all_.live(one) && (before == no_slot || before < one)
                && (one == slot
                    || (net_.at(one).state == standing::copy && net_.at(one).links()[0] == slot));
            before = one;
            ++entries;
            return whole;
        });
        return whole;
    }
    /// A list on every layer up to its level, and no more.
    [[nodiscard]] bool stairs_hold(std::uint32_t slot) const noexcept {
        if (net_.at(slot).state == standing::copy) return true;
        std::uint32_t lists = 0;
        for (std::uint32_t list = net_.at(slot).upper; list != no_slot; ++lists) {
            if (lists >= net_.at(slot).level || !net_.has_list(list)) return false;
            list = net_.above(list).above;
        }
        return lists == net_.at(slot).level;
    }
    [[nodiscard]] bool lists_hold(std::uint32_t slot) const noexcept {
        for (std::uint32_t layer = 0; layer <= net_.at(slot).level; ++layer) {
            list_view const list = net_.list(slot, layer);
            if (list.count > net_.places(layer)) return false;
            for (std::uint32_t i = 0; i < list.count; ++i) {
                std::uint32_t const other = list.links[i];
                if (other == slot || !stands(other) || net_.at(other).level < layer) return false;
                for (std::uint32_t j = 0; j < i; ++j)
                    if (list.links[j] == other) return false;
                list_view const back = net_.list(other, layer);
                if (back.count > net_.places(layer)) return false;
                std::uint32_t mutual = 0;
                for (std::uint32_t const b : back) mutual += b == slot ? 1U : 0U;
                if (mutual != 1) return false;
            }
        }
        return true;
    }
    /// How many nodes hang together on the ground, from the root along the links of the tree.
    [[nodiscard]] std::size_t reached(std::uint32_t root, scratch& own) const {
        own.seen.reset(net_.capacity());
        own.batch.clear();
        own.batch.push_back(root);
        static_cast<void>(own.seen.mark(root));
        for (std::size_t i = 0; i < own.batch.size(); ++i) {
            std::uint32_t const from = own.batch[i];
            for (std::uint32_t const other : net_.list(from, 0))
                if (other != root && net_.list(other, 0).links[0] == from && own.seen.mark(other))
                    own.batch.push_back(other);
        }
        return own.batch.size();
    }

    net const& net_;
    rows const& all_;
};

} // namespace runnel::recall::detail
