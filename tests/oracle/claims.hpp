// SPDX-License-Identifier: MIT
// Claims on energy handed back through a history, written down naively: maps, 128-bit quanta, one moment at a time.
//
// Why:  a program that answers quickly keeps only what took part and walks it in some order; here every moment is a
//       list, every node is asked, and nothing is left out because it seems not to matter.
// Laws: a claim c over parts of sizes s_1 .. s_m gives part k floor(c * S_k / S) - floor(c * S_(k-1) / S), S_k the sum
//       of the first k. Nothing here comes from the library.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace oracle {

__extension__ typedef __int128 wide;

/// Energy along one link in one frame.
struct carried {
    std::size_t from = 0;
    std::size_t to = 0;
    wide gross = 0;   ///< what left
    wide arrived = 0; ///< what the receiver kept
    std::size_t link = 0;
};
/// Energy from outside.
struct poured {
    std::size_t node = 0;
    wide amount = 0;
};

/// What happened between two looks at the field: either something was poured in, or energy was carried.
struct moment {
    bool is_frame = false;
    std::map<std::size_t, wide> held; ///< by every node, before it
    std::vector<carried> along;       ///< by source, then by rank
    std::vector<poured> in;           ///< as told, and only that
};

struct traced {
    std::map<std::size_t, wide> of_gift; ///< by how many were poured in before it, anywhere
    wide unknown = 0;
    wide total = 0;

    friend bool operator==(traced const&, traced const&) = default;
};
/// What a tracing says, and the most that any single way through time carries: over all ways, the least part handed
/// back on it.
struct traced_with_ways {
    traced claims;
    wide widest = 0;
};

class history {
public:
    void carry(std::map<std::size_t, wide> held, std::vector<carried> along) {
        moments_.push_back({true, std::move(held), std::move(along), {}});
    }
    /// All that is poured in until the next frame is one moment.
    void pour(std::map<std::size_t, wide> held, poured what) {
        if (moments_.empty() || moments_.back().is_frame)
            moments_.push_back({false, std::move(held), {}, {}});
        moments_.back().in.push_back(what);
    }
    void forget() { moments_.clear(); }

    [[nodiscard]] std::vector<moment> const& moments() const { return moments_; }
    [[nodiscard]] traced of_energy(std::size_t node, wide amount) const {
        return back({{node, {amount, amount}}}, nobody).claims;
    }
    [[nodiscard]] traced of_received(std::size_t node) const { return back({}, node).claims; }
    [[nodiscard]] wide widest_of_energy(std::size_t node, wide amount) const {
        return back({{node, {amount, amount}}}, nobody).widest;
    }
    [[nodiscard]] wide widest_of_received(std::size_t node) const { return back({}, node).widest; }

private:
    static constexpr std::size_t nobody = ~std::size_t{0};
    struct owned {
        wide claim = 0;
        wide width = 0; ///< of the widest way from the node in question to here
        void gain(wide part, wide through) {
            claim += part;
            width = std::max(width, std::min(part, through));
        }
    };
    using claims = std::map<std::size_t, owned>;

    static std::vector<wide> parts(wide claim, std::vector<wide> const& sizes) {
        wide all = 0;
        for (wide s : sizes) all += s;
        std::vector<wide> out;
        wide below = 0;
        wide sum = 0;
        for (wide s : sizes) {
            sum += s;
            wide const upto = all == 0 ? claim : claim * sum / all;
            out.push_back(upto - below);
            below = upto;
        }
        return out;
    }
    static wide of(std::map<std::size_t, wide> const& all, std::size_t node) {
        auto const at = all.find(node);
        return at == all.end() ? 0 : at->second;
    }

    static claims before_frame(
        moment const& m, claims const& after, std::size_t receiver, wide& started) {
        claims earlier;
        for (auto const& [node, has] : after) {
            std::vector<wide> sizes{of(m.held, node)};
            std::vector<std::size_t> owners{node};
            for (carried const& s : m.along) {
                if (s.from == node) sizes[0] -= s.gross;
                if (s.to != node) continue;
                sizes.push_back(s.arrived);
                owners.push_back(s.from);
            }
            auto const shares = parts(has.claim, sizes);
            for (std::size_t k = 0; k < owners.size(); ++k)
                earlier[owners[k]].gain(shares[k], has.width);
        }
        for (carried const& s : m.along)
            if (s.to == receiver) earlier[s.from].gain(s.arrived, s.arrived), started += s.arrived;
        return earlier;
    }
    static claims before_pouring(
        moment const& m, claims const& after, std::size_t first_gift, traced_with_ways& out) {
        claims earlier;
        for (auto const& [node, has] : after) {
            std::vector<wide> sizes{of(m.held, node)};
            std::vector<std::size_t> gifts;
            for (std::size_t k = 0; k < m.in.size(); ++k) {
                if (m.in[k].node != node) continue;
                sizes.push_back(m.in[k].amount);
                gifts.push_back(first_gift + k);
            }
            auto const shares = parts(has.claim, sizes);
            earlier[node].gain(shares[0], has.width);
            for (std::size_t k = 0; k < gifts.size(); ++k) {
                if (shares[k + 1] == 0) continue;
                out.claims.of_gift[gifts[k]] += shares[k + 1];
                out.widest = std::max(out.widest, std::min(shares[k + 1], has.width));
            }
        }
        return earlier;
    }
    [[nodiscard]] traced_with_ways back(claims now, std::size_t receiver) const {
        traced_with_ways out;
        for (auto const& one : now) out.claims.total += one.second.claim;
        std::size_t gifts = 0;
        for (moment const& m : moments_) gifts += m.in.size();
        for (std::size_t i = moments_.size(); i-- > 0;) {
            moment const& m = moments_[i];
            gifts -= m.in.size();
            now = m.is_frame ? before_frame(m, now, receiver, out.claims.total)
                             : before_pouring(m, now, gifts, out);
        }
        for (auto const& one : now) {
            out.claims.unknown += one.second.claim;
            out.widest = std::max(out.widest, one.second.width);
        }
        return out;
    }

    std::vector<moment> moments_;
};

} // namespace oracle
