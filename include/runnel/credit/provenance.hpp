// SPDX-License-Identifier: MIT
// room: credit. Where a node's energy came from: claims traced backward, in whole quanta.
//
// Why:  "energy passed along here" says of many links what is true of all of them at once, and sums to nothing. A claim
//       on a quantum is handed back from a node to whoever it came from, in proportion to what each brought, until it
//       lies with a seed; so shares of seeds and of paths are parts of one whole.
// Laws: a claim c is split over parts with prefix sums S_k by c_k = floor(c * S_k / S) - floor(c * S_(k-1) / S) in 128
//       bits, so the parts sum to it. Decay, flushing and dissipation leave claims alone: a claim counts quanta that
//       survived. This is proportional tracing, not what would have happened without a seed.
//       More than the claims at that moment is not known: of what a recording missed, claims are `unknown`.
// Cost: some 50 ns per recorded stride and question, and 40 bytes per claim that is handed back, held by the origin. The
//       scratch is 64 bytes per node up to the highest that took part, cleared once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <runnel/core/expects.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/credit/flow.hpp>
#include <runnel/credit/origin.hpp>

namespace runnel::credit {

/// Answers questions about what was recorded, again and again, with the same scratch.
class provenance {
public:
    /// The recorder outlives this.
    explicit provenance(flow_recorder const& of) noexcept : flow_(&of) {}
    template <class Never = void> explicit provenance(flow_recorder const&& of) : flow_(&of) {
        static_assert(
            !std::is_void_v<Never>,
            "credit: the recorder must outlive who asks it; give it a name and pass that");
    }

    /// Of `units`, which the node holds now: what a field can hold, from 0 to 8388607.
    [[nodiscard]] origin of_energy(node_id node, double units) {
        bool const held = units >= 0 && units <= most_units;
        RUNNEL_EXPECTS(held, "credit: a node holds from 0 to 8388607 units");
        return trace(node, held ? in_quanta(units) : 0, of_what::energy);
    }
    /// Of all it received in the recorded frames, at most 8388607 units.
    [[nodiscard]] origin of_received(node_id node) {
        int128 sum = 0;
        for (std::size_t frame = 0; frame < flow_->frames(); ++frame)
            for (moved const& m : flow_->strides(frame))
                if (m.target == node) sum += m.retained;
        bool const held = sum <= in_quanta(most_units);
        RUNNEL_EXPECTS(held, "credit: a node received more than 8388607 units; clear the recorder");
        return trace(held ? node : no_node, 0, of_what::received);
    }

private:
    static constexpr double most_units = 8388607;
    enum class of_what : bool { energy, received };
    static constexpr std::uint32_t nowhere = detail::claims::nowhere;

    /// A node while claims pass it. The parts of what is split: first its own, then what arrived.
    struct passed {
        quanta claim = 0;
        quanta next = 0; // its claim at the earlier moment
        quanta sent = 0;
        quanta own = 0;
        quanta upto = 0;
        quanta all = 0;
        std::uint32_t state = nowhere;
        std::uint32_t next_state = nowhere;
        bool met = false;
    };
    [[nodiscard]] passed& at(node_id node) noexcept { return nodes_[index(node)]; }
    [[nodiscard]] static quanta share(passed const& n, quanta upto) noexcept {
        return static_cast<quanta>(static_cast<int128>(n.claim) * upto / n.all);
    }
    /// The next part of what is split, of this size.
    [[nodiscard]] static quanta part(passed& n, quanta size) noexcept {
        if (n.claim == 0 || n.all == 0) return 0;
        quanta const before = share(n, n.upto);
        n.upto += size;
        return share(n, n.upto) - before;
    }
    [[nodiscard]] static quanta own_part(passed const& n) noexcept {
        return n.met && n.all != 0 ? share(n, n.own) : n.claim; // what is not split stays
    }
    static void meet(passed& n, quanta own) noexcept {
        if (n.met) return;
        n.met = true;
        n.own = n.upto = n.all = own;
    }

    [[nodiscard]] origin trace(node_id node, quanta wanted, of_what what) {
        origin out;
        out.node_ = node;
        std::uint32_t const root = out.claims_.add(node);
        if (index(node) >= flow_->nodes()) { // it took no part
            out.total_ = out.unknown_ = wanted;
            if (wanted != 0) out.claims_.hand(root, {nowhere, no_link, wanted});
            out.claims_.settle();
            return out;
        }
        if (!clean_) nodes_.clear(); // the last question did not come to its end
        clean_ = false;
        if (nodes_.size() < flow_->nodes()) nodes_.resize(flow_->nodes());
        live_.clear();
        bool const received = what == of_what::received;
        if (!received) {
            out.total_ = at(node).claim = wanted;
            at(node).state = root;
            live_.push_back(node);
        }
        auto const given = flow_->gifts();
        by_gift_.clear();
        by_gift_.resize(given.size());
        std::size_t first = given.size();
        for (std::size_t moment = flow_->frames();; --moment) {
            auto const gifts = flow_->gifts(moment);
            first -= gifts.size();
            back_to_seeds(out, gifts, first);
            if (moment == 0) break;
            if (flow_->missed_before(moment)) give_up(out);
            back_through(out, flow_->strides(moment - 1), received ? node : no_node);
        }
        give_up(out);
        clean_ = true;
        out.claims_.settle();
        for (std::size_t g = 0; g < given.size(); ++g)
            if (by_gift_[g] != 0) out.seeds_.push_back({g, given[g].node, by_gift_[g]});
        runnel::detail::sort(
            out.seeds_.data(), out.seeds_.data() + out.seeds_.size(),
            [](seed_claim const& a, seed_claim const& b) {
                return a.amount != b.amount ? a.amount > b.amount : a.gift < b.gift;
            });
        return out;
    }
    /// What is claimed now was there before anybody listened.
    void give_up(origin& out) {
        for (node_id const left : live_) {
            passed& n = at(left);
            if (n.claim != 0) out.claims_.hand(n.state, {nowhere, no_link, n.claim});
            out.unknown_ += n.claim;
            n.claim = 0;
        }
        live_.clear();
    }
    /// Over what a node held and what it was given then.
    void back_to_seeds(origin& out, std::span<given const> gifts, std::size_t first) {
        for (given const& g : gifts) {
            passed& n = at(g.node);
            meet(n, g.before);
            n.all += g.amount;
        }
        for (std::size_t i = 0; i < gifts.size(); ++i) {
            passed& n = at(gifts[i].node);
            quanta const mine = part(n, gifts[i].amount);
            if (mine == 0) continue;
            by_gift_[first + i] += mine;
            auto const seed = static_cast<std::uint32_t>(first + i) | detail::claims::seed_bit;
            out.claims_.hand(n.state, {seed, no_link, mine});
        }
        for (given const& g : gifts) {
            passed& n = at(g.node);
            n.claim = own_part(n);
            n.met = false;
        }
    }
    /// Over what a node kept in a commit and what arrived; what arrived goes to its source as it was before. All splits
    /// read the claims after the commit.
    void back_through(origin& out, std::span<moved const> strides, node_id received_by) {
        for (moved const& m : strides) at(m.source).sent += m.gross;
        for (moved const& m : strides) {
            passed& n = at(m.target);
            // Beyond 8192 units figures round, and what is told to be sent may be more than what was there.
            meet(n, n.sent < m.target_before ? m.target_before - n.sent : 0);
            n.all += m.retained;
        }
        before_.clear();
        for (node_id const node : live_) hand_back(out, at(node).state, node, own_part(at(node)));
        for (moved const& m : strides) {
            passed& n = at(m.target);
            hand_back(out, n.state, m.source, part(n, m.retained), m.link);
            if (m.target != received_by) continue;
            out.total_ += m.retained;
            hand_back(out, 0, m.source, m.retained, m.link);
        }
        for (moved const& m : strides) {
            at(m.source).sent = 0;
            at(m.target).met = false;
        }
        for (node_id const node : live_) at(node).claim = 0;
        for (node_id const node : before_) {
            passed& n = at(node);
            n.claim = n.next;
            n.state = n.next_state;
            n.next = 0;
            n.next_state = nowhere;
        }
        live_.swap(before_);
    }
    void hand_back(
        origin& out, std::uint32_t from, node_id to, quanta amount, link_id link = no_link) {
        if (amount == 0) return;
        passed& n = at(to);
        if (n.next_state == nowhere) {
            n.next_state = out.claims_.add(to);
            before_.push_back(to);
        }
        n.next += amount;
        out.claims_.hand(from, {n.next_state, link, amount});
    }

    flow_recorder const* flow_;
    runnel::detail::array<passed> nodes_;
    runnel::detail::array<node_id> live_;   // with a claim at the later moment
    runnel::detail::array<node_id> before_; // at the earlier
    runnel::detail::array<quanta> by_gift_;
    bool clean_ = true; // of nodes_: no claims left in it
};

} // namespace runnel::credit
