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
static_assert(arity<hnsw_config>() == 5);
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
        begin_walk(all, here, top, plan_.level, config_.build_effort, walker);
        for (std::uint32_t layer = plan_.level < top ? plan_.level : top;; --layer) {
            static_cast<void>(walk(all, by_rows{all, here}, layer, walker));
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
            double const share = share_admitted(all, admits);
            double const walked = static_cast<double>(wide) / share;
            if (walked * config_.scan_rather > static_cast<double>(all.size()) * share)
                return flat{}.search(all, query, wish, admits, own);
            wide = static_cast<std::size_t>(walked * 1.25);
            if (wide > nodes_) wide = nodes_;
        }
        std::uint32_t compared = 0;
        begin_walk(all, query, net_.at(entry_).level, 0, wide, own);
        if (codes const* const with = all.coded(); with != nullptr) {
            own.asked.set(*with, all.compare(), query);
            by_codes const guess{*with, own.asked};
            static_cast<void>(walk(all, guess, 0, own));
            own.who.reset(wish.k);
            for (std::size_t i = 0; i < own.found.size(); ++i)
                each_admitted(own.found[i].slot, admits, wish.k, [&](std::uint32_t slot) {
                    codes::guess const g = (*with)(own.asked, slot);
                    own.who.offer(slot, g.similarity - g.slack, g.similarity + g.slack);
                });
            compared = own.who.settle(all, query, own.best);
        } else {
            compared = walk(all, by_rows{all, query}, 0, own);
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
        auto const broken = [](std::uint32_t slot) { return fault{faults::index_corrupt, slot}; };
        std::uint32_t const end = all.end();
        std::size_t entries = 0;
        std::size_t nodes = 0;
        for (std::uint32_t slot = 0; slot < end; ++slot) {
            if (!all.live(slot)) continue;
            if (slot >= net_.capacity()) return broken(slot);
            if (net_.at(slot).state == detail::standing::copy) continue;
            if (net_.at(slot).state != detail::standing::in_net) return broken(slot);
            ++nodes;
            if (!lists_hold(all, slot)) return broken(slot);
            std::uint32_t before = detail::no_slot;
            std::size_t on_ring = 0;
            bool whole = true;
            net_.each_equal(slot, [&](std::uint32_t one) {
                bool const copy = one != slot;
                whole = one < end && all.live(one) && (before == detail::no_slot || before < one)
                        && (!copy
                            || (net_.at(one).state == detail::standing::copy
                                && net_.at(one).links()[0] == slot));
                before = one;
                ++on_ring;
                return whole;
            });
            if (!whole) return broken(slot);
            entries += on_ring;
        }
        if (entries != all.size() || nodes != nodes_) return broken(end);
        if (nodes == 0) return entry_ == detail::no_slot ? status{} : broken(entry_);
        for (std::uint32_t const named : {entry_, root_})
            if (named >= end || !all.live(named)
                || net_.at(named).state != detail::standing::in_net)
                return broken(named);
        return reached() == nodes ? status{} : broken(root_);
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

    /// Chance 1/links to stand one layer higher.
    [[nodiscard]] std::uint32_t level_of(std::uint64_t number) const noexcept {
        counter_rng const draw{{.seed = config_.seed, .frame = number}};
        std::uint32_t level = 0;
        while (level < 12 && draw.bounded(config_.links, level) == 0) ++level;
        return level;
    }
    [[nodiscard]] bool lists_hold(rows const& all, std::uint32_t slot) const noexcept {
        std::uint32_t lists = 0;
        for (std::uint32_t list = net_.at(slot).upper; list != detail::no_slot; ++lists) {
            if (lists >= net_.at(slot).level || !net_.has_list(list)) return false;
            list = net_.above(list).above;
        }
        if (lists != net_.at(slot).level) return false;
        for (std::uint32_t layer = 0; layer <= net_.at(slot).level; ++layer) {
            detail::list_view const list = net_.list(slot, layer);
            if (list.count > net_.places(layer)) return false;
            for (std::uint32_t i = 0; i < list.count; ++i) {
                std::uint32_t const other = list.links[i];
                if (other == slot || !all.live(other)
                    || net_.at(other).state != detail::standing::in_net
                    || net_.at(other).level < layer)
                    return false;
                for (std::uint32_t j = 0; j < i; ++j)
                    if (list.links[j] == other) return false;
                detail::list_view const back = net_.list(other, layer);
                if (back.count > net_.places(layer)) return false;
                std::uint32_t mutual = 0;
                for (std::uint32_t const b : back) mutual += b == slot ? 1U : 0U;
                if (mutual != 1) return false;
            }
        }
        return true;
    }
    /// How many nodes hang together on the ground, from the root along the links of the tree.
    [[nodiscard]] std::size_t reached() const {
        detail::scratches::lent const lent{idle_};
        scratch& walker = *lent;
        walker.seen.reset(net_.capacity());
        walker.batch.clear();
        walker.batch.push_back(root_);
        static_cast<void>(walker.seen.mark(root_));
        for (std::size_t i = 0; i < walker.batch.size(); ++i) {
            std::uint32_t const from = walker.batch[i];
            for (std::uint32_t const other : net_.list(from, 0))
                if (other != root_ && net_.list(other, 0).links[0] == from
                    && walker.seen.mark(other))
                    walker.batch.push_back(other);
        }
        return walker.batch.size();
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
    /// From the entry down to above `level`, always to the nearest neighbour.
    void begin_walk(
        rows const& all, measured here, std::uint32_t top, std::uint32_t level, std::size_t wide,
        scratch& walker) const {
        near at{all.compare()(all[entry_], here), entry_};
        for (std::uint32_t layer = top; layer > level; --layer)
            for (bool better = true; better;) {
                better = false;
                detail::list_view const list = net_.list(at.slot, layer);
                for (std::uint32_t const other : list) all.prefetch(other);
                for (std::uint32_t const other : list) {
                    near const one{all.compare()(all[other], here), other};
                    if (!nearer(one, at)) continue;
                    at = one;
                    better = true;
                }
            }
        walker.found.reset(wide);
        walker.found.add(at);
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
    /// Which share of the entries a filter admits, guessed from some of them, never below what one of them is.
    template <class Admits>
    [[nodiscard]] double share_admitted(rows const& all, Admits const& admits) const {
        constexpr std::uint32_t asked = 200;
        std::uint32_t const step = all.end() / asked + 1;
        std::uint32_t live = 0;
        std::uint32_t admitted = 0;
        for (std::uint32_t slot = 0; slot < all.end(); slot += step)
            if (all.live(slot)) {
                ++live;
                admitted += admits(slot) ? 1U : 0U;
            }
        return (static_cast<double>(admitted) + .5) / (static_cast<double>(live) + .5);
    }

    /// How a walk compares: exactly, or by codes.
    struct by_rows {
        rows const& all;
        measured here;
        void prefetch(std::uint32_t slot) const noexcept { all.prefetch(slot); }
        [[nodiscard]] float one(std::uint32_t slot) const noexcept {
            return all.compare()(all[slot], here);
        }
        void four(std::uint32_t const* slot, float* found) const noexcept {
            measured const four[4] = {all[slot[0]], all[slot[1]], all[slot[2]], all[slot[3]]};
            all.compare().four(four, here, found);
        }
    };
    struct by_codes {
        codes const& with;
        codes::asked const& asked;
        void prefetch(std::uint32_t slot) const noexcept { with.prefetch(slot); }
        [[nodiscard]] float one(std::uint32_t slot) const noexcept {
            return with(asked, slot).similarity;
        }
        void four(std::uint32_t const* slot, float* found) const noexcept {
            codes::guess guesses[4];
            with.four(asked, slot, guesses);
            for (std::size_t i = 0; i < 4; ++i) found[i] = guesses[i].similarity;
        }
    };
    /// Looks around from the nearest not yet looked around from, until nobody in view is left.
    template <class Compare>
    std::uint32_t walk(
        rows const&, Compare const& compare, std::uint32_t layer, scratch& own) const {
        own.seen.reset(net_.capacity());
        for (std::size_t i = 0; i < own.found.size(); ++i)
            static_cast<void>(own.seen.mark(own.found[i].slot));
        std::uint32_t compared = 0;
        for (std::uint32_t from; own.found.next(from);) {
            if (std::uint32_t const after = own.found.peek(); after != detail::no_slot)
                net_.prefetch(after, layer);
            own.batch.clear();
            for (std::uint32_t const other : net_.list(from, layer))
                if (own.seen.mark(other)) {
                    own.batch.push_back(other);
                    compare.prefetch(other);
                }
            std::size_t const n = own.batch.size();
            std::uint32_t const* const slot = own.batch.data();
            std::size_t i = 0;
            for (; i + 4 <= n; i += 4) {
                float found[4];
                compare.four(slot + i, found);
                for (std::size_t j = 0; j < 4; ++j)
                    if (own.found.admits(found[j])) own.found.add({found[j], slot[i + j]});
            }
            for (; i < n; ++i) {
                float const found = compare.one(slot[i]);
                if (own.found.admits(found)) own.found.add({found, slot[i]});
            }
            compared += static_cast<std::uint32_t>(n);
        }
        return compared;
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
