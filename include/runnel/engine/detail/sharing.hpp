// SPDX-License-Identifier: MIT
// room: engine. Frames that several workers make together.
//
// Why:  every node belongs to one worker, block by block, and only that one writes its record: it stages what its part of
//       the frontier sends, makes the moves that end at nodes of its own, and decays them. So a record stays in one
//       core's cache from frame to frame, nobody locks, and nobody waits but between the three loops of a frame. Energies,
//       books and counts are integers: whoever adds first, they come out the same.
// Laws: the bits of one thread, for any number. What a worker could not do (a cost that throws, a fault, no memory) the
//       caller does again alone, so that it ends as it would have. Who hears or learns is told in the order of one thread:
//       there workers choose, stretch by stretch, and the caller does the rest. So it is with doubles.
// Cost: 16 bytes per move beside the list of moves; three meetings of the workers per frame. No memory in a steady frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <runnel/engine/detail/decaying.hpp>
#include <runnel/engine/detail/lanes.hpp>

namespace runnel::detail {

template <class Engine, class Amount, bool Dense> struct sharing {
    using loops = decaying<Engine, Amount, Dense>;
    using state = typename loops::state;
    using record = typename loops::record;
    using traits = typename loops::traits;
    using lane = detail::lane<Amount>;
    using set = lane_set<Amount>;
    /// May every worker write the records of its own nodes; else the caller makes the moves.
    static constexpr bool apart = !loops::ordered;

    /// Stages by several workers, if that is worth it; false if the caller has it to do.
    [[gnu::noinline]] static bool stage(
        Engine const& e, state& s, open_frame& f, drive const& how_much,
        fanout::headroom headroom) {
        config const& c = *f.settings;
        std::size_t const workers = e.pipeline_.workers.pool->lanes();
        bool const budget = c.max_strides > 0 || c.max_costs > 0;
        if (workers < 2 || budget || s.active.size() + s.extra.size() < c.workers_from)
            return false;
        auto* all = static_cast<set*>(s.lanes.get());
        if (all == nullptr || all->count != workers) {
            s.lanes.put(all = new set{workers});
            s.parted = 0;
        }
        look const at = loops::heads_do(e, s, c) ? look::heads : look::links;
        std::span<node_id const> sources;
        if constexpr (apart) {
            all->part(s.active, s.parted);
            s.parted = s.active.size();
            for (std::size_t i = 0; i < workers; ++i) all->lanes[i].extra.shrink(0);
            for (node_id const node : s.extra) {
                node_list& mine = all->lanes[all->owner(node)].extra;
                mine.room(mine.size() + 1);
                mine.push(node);
            }
        } else {
            sources = loops::to_ask(s, loops::ask::by_id);
        }
        together(e, *all, [&](lane& l, std::size_t i) {
            l.counts = {};
            l.desk.counts = {};
            l.desk.choice.told.clear();
            l.desk.readings.follow(s.readings);
            l.desk.of_targets.follow(s.of_targets);
            hand<Amount> by{l.desk, l.counts, false};
            if constexpr (apart) {
                bool good = choose(
                    e, s, f, by, {s.active.begin() + l.first, l.count}, how_much, headroom, at);
                if (good && l.extra.size() > 0)
                    good = choose(
                        e, s, f, by, {l.extra.begin(), l.extra.size()}, how_much, headroom,
                        look::links);
                if (!good) return false;
                if (c.track_radius)
                    all->wrap(l, [&](node_id source) { return loops::hops_after(s, source); });
                else
                    all->wrap(l, [](node_id) { return 0U; });
            } else {
                std::size_t const first = sources.size() * i / workers;
                std::size_t const end = sources.size() * (i + 1) / workers;
                auto const mine = sources.subspan(first, end - first);
                if (!choose(e, s, f, by, mine, how_much, headroom, at)) return false;
            }
            l.homeless = by.homeless;
            return true;
        });
        for (std::size_t i = 0; i < workers; ++i)
            if (all->lanes[i].failed) return false;
        gather(*all, s, f);
        return true;
    }

    /// The moves are made, each by the worker who owns its target.
    [[gnu::noinline]] static void commit(Engine const& e, state& s, open_frame const& f) noexcept {
        auto& all = *static_cast<set*>(s.lanes.get());
        each_lane(e, all, [&](std::size_t i) noexcept {
            f.special ? make_moves<true>(e, s, f, all, i) : make_moves<false>(e, s, f, all, i);
        });
        s.touched = 0;
        for (std::size_t i = 0; i < all.count; ++i) {
            lane& l = all.lanes[i];
            for (node_id const node : l.met) {
                s.table.mark(node);
                s.books.saw(s.table.template at<Dense>(node).type);
            }
            s.touched += l.touched;
        }
        close_books(all, s);
    }

    /// What decay takes; called when the field knows what each type keeps.
    [[gnu::noinline]] static void decay(Engine const& e, state& s, open_frame& f) noexcept {
        auto& all = *static_cast<set*>(s.lanes.get());
        bool const everybody = f.settings->decay.scope == decay_scope::support;
        each_lane(e, all, [&](std::size_t i) noexcept {
            lane& l = all.lanes[i];
            l.counts = {};
            booking<Amount> const into{l.counts, l.book[0], l.book[1]};
            if (everybody)
                loops::decay_others(e, s, f, into, [&](std::uint32_t block) {
                    return all.owner_of_block(block) == i;
                });
            l.counts.decayed_nodes += l.count + l.received.size();
            node_id* const first = s.active.begin() + l.first;
            node_id* const stay = loops::decay_list(e, s, f, into, {first, l.count}, first, 0);
            l.count = static_cast<std::size_t>(stay - first);
            node_id* const came = l.received.begin();
            node_id* const last =
                loops::decay_list(e, s, f, into, {came, l.received.size()}, came, 0);
            l.received.shrink(static_cast<std::size_t>(last - came));
        });
        std::size_t const were = s.active.size();
        std::size_t stayed = 0;
        std::size_t came = 0;
        all.next.shrink(0);
        for (std::size_t i = 0; i < all.count; ++i) {
            lane& l = all.lanes[i];
            all.next.push(s.active.begin() + l.first, l.count);
            all.next.push(l.received.begin(), l.received.size());
            stayed += l.count;
            came += l.received.size();
            l.count += l.received.size();
            static_cast<figures&>(f) += l.counts;
        }
        all.line_up();
        s.active.swap(all.next);
        s.parted = s.active.size();
        f.switched_off = were - stayed;
        f.switched_on = came;
        s.clock = s.clock + f.span;
        close_books(all, s);
    }

    /// The matrix step's moves, by as many as have more to push than to add up. The rest of such a frame is the caller's.
    static void push(
        Engine const& e, array<node_id> const& sources, flat_matrix& flat, std::uint32_t least) {
        std::size_t const most = flat.links() / (e.rows().node_count() + std::size_t{1});
        std::size_t const lanes = e.pipeline_.workers.pool->lanes();
        std::size_t const workers = lanes < most ? lanes : most;
        if (workers < 2 || sources.size() < least) return flat.push_all(sources);
        flat.push_all(
            sources, workers, [&](auto&& begun, auto&& work) { each_of(e, workers, begun, work); });
    }

    /// Of all moves, quanta given less quanta taken.
    [[nodiscard]] static typename traits::total residual(state const& s) noexcept {
        typename traits::total sum{};
        auto const& all = *static_cast<set const*>(s.lanes.get());
        for (std::size_t i = 0; i < all.count; ++i) {
            lane const& l = all.lanes[i];
            for (std::size_t m = 0; m < l.counts.moves; ++m)
                sum -= traits::raw(l.desk.moves[m].amount);
            for (auto const& p : l.parcels) sum += traits::raw(p.amount);
        }
        return sum;
    }

private:
    enum class look : std::uint8_t { heads, links };
    /// Calls work(number) once for every number below `count`, by however many the pool has by now. What a pool that is
    /// wrong about itself leaves out is done here, and what it asks for again is not done again; begun(i) is for that.
    template <class Begun, class Work>
    static void each_of(Engine const& e, std::size_t count, Begun&& begun, Work&& work) noexcept {
        auto const once = [&](std::size_t i) noexcept {
            if (__atomic_exchange_n(&begun(i), true, __ATOMIC_RELAXED)) return;
            work(i);
        };
        for (std::size_t i = 0; i < count; ++i) begun(i) = false;
        auto& pool = *e.pipeline_.workers.pool;
        std::size_t const workers = pool.lanes();
        if (workers > 0)
            pool.run([&](std::size_t i) noexcept {
                for (; i < count; i += workers) once(i);
            });
        for (std::size_t i = 0; i < count; ++i) once(i);
    }
    template <class Work> static void each_lane(Engine const& e, set& all, Work&& work) noexcept {
        each_of(
            e, all.count, [&](std::size_t i) -> bool& { return all.lanes[i].begun; },
            static_cast<Work&&>(work));
    }
    /// Calls work(lane, number) for every lane; who says false, or throws, has failed.
    template <class Work> static void together(Engine const& e, set& all, Work&& work) noexcept {
        each_lane(e, all, [&](std::size_t i) noexcept {
            lane& l = all.lanes[i];
            l.failed = true;
#if defined(__cpp_exceptions)
            try {
                l.failed = !work(l, i);
            } catch (...) {} // as if it had said so
#else
            l.failed = !work(l, i);
#endif
        });
    }
    /// False if a source offends.
    [[nodiscard]] static bool choose(
        Engine const& e, state& s, open_frame const& f, hand<Amount>& by,
        std::span<node_id const> sources, drive const& how_much, fanout::headroom headroom,
        look at) {
        std::size_t const least = by.counts.moves + sources.size();
        if (by.desk.moves.size() < least) by.desk.moves.resize(least);
        if constexpr (loops::picked)
            if (by.desk.picks.size() < by.desk.moves.size())
                by.desk.picks.resize(by.desk.moves.size());
        if constexpr (loops::by_head)
            if (at == look::heads) {
                loops::by_heads(e, s, f, by, sources, how_much, headroom);
                return true;
            }
        std::size_t asked = 0;
        return loops::choose_all(e, s, f, by, sources, how_much, headroom, asked).has_value();
    }
    /// What was staged becomes the frame's. All memory that its other loops need is taken here.
    static void gather(set& all, state& s, open_frame& f) {
        std::size_t moves = 0;
        for (std::size_t i = 0; i < all.count; ++i) moves += all.lanes[i].counts.moves;
        bool const listed = !apart || f.settings->consolidation.enabled; // evidence reads the list
        if (listed && s.moves.size() < moves) loops::grow(s, moves);
        std::size_t at = 0;
        for (std::size_t i = 0; i < all.count; ++i) {
            lane& l = all.lanes[i];
            for (std::size_t m = 0; m < l.counts.moves; ++m) {
                if (l.homeless) s.table.template ensure<Dense>(l.desk.moves[m].target);
                if (listed) s.moves[at + m] = l.desk.moves[m];
                if constexpr (loops::picked) s.picks[at + m] = l.desk.picks[m];
            }
            at += l.counts.moves;
            auto const& told = l.desk.choice.told;
            s.choice.told.append(told.data(), told.size());
            s.counts += l.desk.counts;
        }
        if constexpr (apart) {
            all.make_room();
            all.next.room(s.active.size() + s.extra.size() + moves);
        }
        for (std::size_t i = 0; i < all.count; ++i) // last: nothing above may half-happen
            static_cast<figures&>(f) += all.lanes[i].counts;
        f.shared = apart;
    }

    /// Like `touch`, by the worker who owns the node.
    static record& touch(Engine const& e, state& s, lane& l, node_id node) noexcept {
        record& r = s.table.template at<Dense>(node);
        if ((r.flags & known_flag) == 0) [[unlikely]] {
            loops::describe(e, s, node, r);
            l.met.push(node);
        } else if (r.stamp != s.clock.raw()) [[unlikely]] {
            s.settle(node, r, l.book[0][r.type]);
        }
        return r;
    }
    template <bool Special>
    static void make_moves(
        Engine const& e, state& s, open_frame const& f, set& all, std::size_t owner) noexcept {
        lane& l = all.lanes[owner];
        flows<Amount>* page = l.book[0];
        flows<Amount>* other = l.book[1];
        l.received.shrink(0);
        l.met.shrink(0);
        std::uint64_t touched = 0;
        if constexpr (Special)
            for (node_id const node : l.extra) {
                touch(e, s, l, node).flags |= extra_flag;
                l.received.push(node);
            }
        for (std::size_t i = 0; i < all.count; ++i) {
            auto const mine = all.lanes[i].for_owner(owner);
            parcel<Amount> const* const end = mine.data() + mine.size();
            parcel<Amount> const* const far = mine.size() > ahead ? end - ahead : mine.data();
            for (parcel<Amount> const* p = mine.data(); p != end; ++p) {
                if (p < far) s.table.template ask<Dense>(p[ahead].target);
                record& target = touch(e, s, l, p->target);
                std::uint16_t const flags = loops::arrives(target);
                bool const again = (flags & touched_flag) != 0;
                bool const listed = (flags & loops::listed_flags) != 0;
                touched += again ? 0U : 1U;
                l.received.push_or_not(p->target, listed ? 0 : 1);
                Amount const kept = loops::template give<Special>(
                    e, s, f, p->target, target, p->amount, again, p->hops);
                page[target.type].arrived += loops::raw(kept);
                flows<Amount>* const used = page;
                page = other;
                other = used;
            }
        }
        move<Amount> const* const moves = l.desk.moves.data();
        for (std::size_t i = 0; i < l.counts.moves; ++i) {
            record& source = s.table.template at<Dense>(moves[i].source);
            source.held -= moves[i].amount;
            page[source.type].sent += loops::raw(moves[i].amount);
            flows<Amount>* const used = page;
            page = other;
            other = used;
        }
        l.touched = touched;
    }
    static constexpr std::size_t ahead = 16; // parcels whose targets are on their way

    static void close_books(set& all, state& s) noexcept {
        for (std::size_t i = 0; i < all.count; ++i)
            for (auto& page : all.lanes[i].book) s.books.take(page);
    }
};

} // namespace runnel::detail
