// SPDX-License-Identifier: MIT
// room: recall. An index for many entries: a layered net in which a search walks from near to nearer.
//
// Why:  a scan of a hundred thousand entries takes milliseconds; a walk looks at one or two in a hundred of them.
//       Nets of this kind usually mark what is erased and rebuild themselves when too much is marked. Here
//       links are mutual, so that an erased node is taken out whole, its neighbours are linked with each other,
//       and nothing is left to rebuild; and a tree that is never cut runs through the ground layer, so that no
//       node is ever lost. Equal vectors share one node: a thousand copies do not crowd out their neighbours.
// Laws: same sequence of additions and erasures and same seed, same net, same answers. With `effort` of at least
//       the number of entries a search is exact. What was erased is never found.
// Cost: a search compares some hundred to two thousand vectors; about 150 bytes per entry at 16 links.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/rng.hpp>
#include <runnel/recall/detail/net_check.hpp>
#include <runnel/recall/detail/walk.hpp>
#include <runnel/recall/detail/weave.hpp>
#include <runnel/recall/flat.hpp>

namespace runnel::recall {

struct hnsw_config {
    std::uint32_t links =
        16; ///< a new node makes; it may keep twice as many on the ground. 2 to 64
    std::uint32_t build_effort =
        200;                    ///< nodes a new one is compared with before it chooses, at least
    std::uint32_t effort = 100; ///< nodes a search keeps in view unless it says otherwise
    std::uint64_t seed = 0;     ///< decides who stands on the upper layers
    double scan_rather =
        20; ///< a filtered search scans when a walk would meet more than (admitted entries / this)

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        f("links", self.links);
        f("build_effort", self.build_effort);
        f("effort", self.effort);
        f("seed", self.seed);
        f("scan_rather", self.scan_rather);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, auto offender) {
            return fault{fault_kind{faults::invalid_config.code, sentence}, offender};
        };
        if (links < 2 || links > 64) return bad("recall.hnsw.links must lie in [2, 64]", links);
        if (build_effort < 1) return bad("recall.hnsw.build_effort must be above 0", build_effort);
        if (effort < 1) return bad("recall.hnsw.effort must be above 0", effort);
        if (!(scan_rather > 0) || !math::finite(scan_rather))
            return bad("recall.hnsw.scan_rather must be finite and above 0", scan_rather);
        return {};
    }
};
static_assert(arity_is<hnsw_config, 5>);
static_assert(hnsw_config{}.validate().has_value());

class hnsw {
public:
    explicit hnsw(hnsw_config config = {}) noexcept : config_(config), net_(config.links) {}

    [[nodiscard]] hnsw_config const& settings() const noexcept { return config_; }
    [[nodiscard]] status validate() const noexcept { return config_.validate(); }
    /// Of memory, each.
    [[nodiscard]] std::size_t entry_bytes() const noexcept { return net_.entry_bytes(); }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return net_.bytes() + working_ + idle_.bytes();
    }
    /// By how much `count` additions let it grow at most, none of them above `slot`.
    [[nodiscard]] std::size_t growth(
        rows const&, std::uint32_t slot, std::uint32_t count = 1) const noexcept {
        std::uint32_t lists = 0;
        for (std::uint32_t i = 0; i < count; ++i) lists += level_of(added_ + i);
        return net_.growth(slot, lists);
    }
    /// Memory for so many entries, in one piece.
    [[nodiscard]] detail::net::room more(std::size_t entries) const {
        return net_.more(entries, lists_of(entries));
    }
    [[nodiscard]] std::size_t growth_to(std::size_t entries) const noexcept {
        return entries == 0
                   ? 0
                   : net_.growth(static_cast<std::uint32_t>(entries - 1), lists_of(entries));
    }
    void adopt(detail::net::room& fresh) noexcept { net_.adopt(fresh); }
    /// Memory an update may take: the new level of a node may be higher than the old.
    [[nodiscard]] std::size_t margin() const noexcept { return net_.margin(); }
    /// Of `bytes`, what `trim` gives back.
    [[nodiscard]] std::size_t working() const noexcept { return working_ + idle_.bytes(); }
    /// Gives back what it works with between changes.
    void trim() noexcept {
        idle_.drop();
        weaver_ = {};
        working_ = 0;
    }
    [[nodiscard]] hnsw rebuilt(rows const& all) const {
        hnsw anew{config_};
        detail::each_live(all, detail::anyone{}, [&](std::uint32_t slot) {
            anew.plan_add(all, slot);
            anew.apply();
        });
        return anew;
    }
    /// Nodes in the net: entries but for copies.
    [[nodiscard]] std::size_t nodes() const noexcept { return nodes_; }

    /// Works out how a row that was written, but is not yet seen, will be linked. Changes nothing.
    void plan_add(rows const& all, std::uint32_t slot) {
        weaver_.begin(net_, all, {root_, entry_});
        plan_ = {change::add, slot, level_of(added_), detail::no_slot};
        room_ = net_.more(std::size_t{slot} + 1, plan_.level);
        if (entry_ == detail::no_slot) {
            weaver_.to() = {slot, slot};
            return;
        }
        measured const here = all[slot];
        detail::scratches::lent const lent{idle_};
        scratch& walker = *lent;
        std::uint32_t const top = net_.at(entry_).level;
        detail::by_rows const compare{all, here};
        detail::descend(net_, compare, entry_, plan_.level, config_.build_effort, walker);
        for (std::uint32_t layer = plan_.level < top ? plan_.level : top;; --layer) {
            static_cast<void>(detail::walk(net_, compare, layer, walker));
            if (layer == 0) break;
            weaver_.choose(walker.found, slot, config_.links);
            weaver_.link_new(slot, layer, walker.found);
            walker.found.forget_looking();
        }
        plan_.twin = twin_of(all, here, walker.found);
        if (plan_.twin != detail::no_slot) return;
        weaver_.choose(walker.found, slot, config_.links);
        weaver_.link_new(slot, 0, walker.found);
        if (plan_.level > top) weaver_.to().entry = slot;
    }
    /// Works out how the net closes over an entry. Changes nothing.
    void plan_erase(rows const& all, std::uint32_t slot) {
        weaver_.begin(net_, all, {root_, entry_});
        plan_ = {change::erase, slot, net_.at(slot).level, detail::no_slot};
        if (net_.at(slot).state == detail::standing::copy) return;
        std::uint32_t const heir = net_.lowest_copy(slot);
        if (heir != detail::no_slot) {
            plan_.twin = heir;
            for (std::uint32_t layer = 0; layer <= plan_.level; ++layer)
                for (std::uint32_t const other : net_.list(slot, layer))
                    weaver_.changes().replace(other, layer, slot, heir);
            if (root_ == slot) weaver_.to().root = heir;
            if (entry_ == slot) weaver_.to().entry = heir;
            return;
        }
        if (entry_ == slot) weaver_.to().entry = entry_without(slot);
        for (std::uint32_t layer = 0; layer <= plan_.level; ++layer) weaver_.unlink(slot, layer);
    }
    /// What was planned, written down. No search is inside.
    void apply() noexcept {
        std::uint32_t const slot = plan_.slot;
        working_ = weaver_.bytes();
        if (plan_.what == change::add) {
            net_.adopt(room_);
            ++added_;
            if (plan_.twin != detail::no_slot) {
                net_.hang(slot, plan_.twin);
                return;
            }
            net_.place(slot, plan_.level);
            ++nodes_;
            weaver_.changes().write(net_);
        } else if (net_.at(slot).state == detail::standing::copy) {
            net_.unhang(slot);
            return;
        } else if (plan_.twin != detail::no_slot) {
            weaver_.changes().write(net_);
            net_.hand_over(slot, plan_.twin);
        } else {
            weaver_.changes().write(net_);
            net_.displace(slot);
            --nodes_;
        }
        root_ = weaver_.to().root;
        entry_ = weaver_.to().entry;
    }

    template <class Admits>
    search_info search(
        rows const& all, measured query, search_wish wish, Admits const& admits,
        scratch& own) const {
        own.best.reset(wish.k);
        if (entry_ == detail::no_slot) return {};
        std::size_t wide = wish.effort != 0 ? wish.effort : config_.effort;
        if (wide < wish.k) wide = wish.k;
        if (wide > nodes_) wide = nodes_;
        if constexpr (!std::is_same_v<Admits, detail::anyone>) {
            // Few are admitted: to meet enough of them a walk must go that much farther, and at some point it is
            // shorter to scan those few.
            double const share = detail::share_admitted(all, admits);
            double const walked = static_cast<double>(wide) / share;
            if (walked * config_.scan_rather > static_cast<double>(all.size()) * share)
                return flat{}.search(all, query, wish, admits, own);
            wide = static_cast<std::size_t>(walked * 1.25);
            if (wide > nodes_) wide = nodes_;
        }
        std::uint32_t compared = 0;
        detail::by_rows const compare{all, query};
        detail::descend(net_, compare, entry_, 0, wide, own);
        if (codes const* const with = all.coded(); with != nullptr) {
            own.asked.set(*with, all.compare(), query);
            static_cast<void>(detail::walk(net_, detail::by_codes{*with, own.asked}, 0, own));
            own.who.reset(wish.k);
            for (std::size_t i = 0; i < own.found.size(); ++i)
                each_admitted(own.found[i].slot, admits, wish.k, [&](std::uint32_t slot) {
                    codes::guess const g = (*with)(own.asked, slot);
                    own.who.offer(slot, g.similarity - g.slack, g.similarity + g.slack);
                });
            compared = own.who.settle(all, query, own.best);
        } else {
            compared = detail::walk(net_, compare, 0, own);
            for (std::size_t i = 0; i < own.found.size(); ++i) {
                near const one = own.found[i];
                if (one.similarity < own.best.floor()) break;
                each_admitted(one.slot, admits, wish.k, [&](std::uint32_t slot) {
                    own.best.offer({one.similarity, slot});
                });
            }
        }
        if (own.best.size() < wish.k && own.found.size() < nodes_)
            return flat{}.search(all, query, wish, admits, own);
        return {.by = searched::walk, .exact = own.found.size() == nodes_, .compared = compared};
    }

    void clear() noexcept {
        net_.clear();
        root_ = entry_ = detail::no_slot;
        nodes_ = 0;
        added_ = 0;
    }
    /// Does it hold together: lists mutual and within bounds, everything within reach, nobody missing?
    [[nodiscard]] status check(rows const& all) const {
        detail::scratches::lent const lent{idle_};
        return detail::net_check{net_, all}(root_, entry_, nodes_, *lent);
    }

private:
    enum class change : std::uint8_t { add, erase };
    struct plan {
        change what = change::add;
        std::uint32_t slot = detail::no_slot;
        std::uint32_t level = 0;
        std::uint32_t twin =
            detail::no_slot; // add: the node it equals; erase: the copy that takes over
    };

    /// Of so many entries, on average.
    [[nodiscard]] std::uint32_t lists_of(std::size_t entries) const noexcept {
        return static_cast<std::uint32_t>(entries / (config_.links - 1));
    }
    /// Chance 1/links to stand one layer higher.
    [[nodiscard]] std::uint32_t level_of(std::uint64_t number) const noexcept {
        counter_rng const draw{{.seed = config_.seed, .frame = number}};
        std::uint32_t level = 0;
        while (level < 12 && draw.bounded(config_.links, level) == 0) ++level;
        return level;
    }
    [[nodiscard]] std::uint32_t entry_without(std::uint32_t slot) const noexcept {
        for (std::uint32_t layer = net_.at(slot).level + 1; layer-- > 0;) {
            std::uint32_t best = detail::no_slot;
            for (std::uint32_t const other : net_.list(slot, layer))
                if (best == detail::no_slot || net_.at(other).level > net_.at(best).level)
                    best = other;
            if (best != detail::no_slot) return best;
        }
        return detail::no_slot;
    }
    /// Calls f for a node's entries that are admitted, the lowest `most` of them.
    template <class Admits, class F>
    void each_admitted(std::uint32_t node, Admits const& admits, std::size_t most, F&& f) const {
        net_.each_equal(node, [&](std::uint32_t slot) {
            if (!admits(slot)) return true;
            f(slot);
            return --most != 0;
        });
    }
    [[nodiscard]] std::uint32_t twin_of(
        rows const& all, measured here, detail::frontier const& found) const noexcept {
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (found[i].similarity < found[0].similarity) break;
            if (__builtin_memcmp(
                    all.numbers(found[i].slot), here.numbers, all.dimension() * sizeof(float))
                == 0)
                return found[i].slot;
        }
        return detail::no_slot;
    }

    hnsw_config config_;
    detail::net net_;
    std::uint32_t root_ = detail::no_slot;
    std::uint32_t entry_ = detail::no_slot;
    std::size_t nodes_ = 0;
    std::uint64_t added_ = 0;
    mutable detail::scratches idle_;
    std::size_t working_ = 0; // bytes of the weaver, which others may ask for while it works
    detail::weaver weaver_;   // from here on: the change under way
    detail::net::room room_;
    plan plan_;
};

static_assert(vector_index<hnsw>);

} // namespace runnel::recall
