// SPDX-License-Identifier: MIT
// What a graph and its store should be, kept in maps and sets: slow, obvious, sharing no code with them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <runnel/graph/batch.hpp>

#include "graph/facts.hpp"

namespace graph_test {

/// A link as it was said.
struct said_link {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint16_t type = 0;
    std::int32_t lw = 0;
};

/// A clamp never moves a weight against its delta; written without a sum that could overflow.
inline std::int64_t folded(std::int64_t lw, runnel::weight_change const& wish) {
    std::int64_t const low = wish.low.raw();
    std::int64_t const high = wish.high.raw();
    if (wish.delta > 0 && lw < high) return wish.delta >= high - lw ? high : lw + wish.delta;
    if (wish.delta < 0 && lw > low) return wish.delta <= low - lw ? low : lw + wish.delta;
    return lw;
}

class model {
public:
    model(std::uint32_t nodes, std::vector<said_link> const& said) : stamps_(nodes, 0) {
        // Canonical order: source, target, type, weight falling.
        std::multimap<
            std::tuple<std::uint32_t, std::uint32_t, std::uint16_t, std::int64_t>, said_link>
            sorted;
        for (said_link const& l : said)
            sorted.emplace(std::tuple{l.from, l.to, l.type, -std::int64_t{l.lw}}, l);
        for (auto const& [key, link] : sorted) links_.push_back(link);
    }

    [[nodiscard]] std::int32_t lw(std::uint32_t link) const { return links_[link].lw; }
    [[nodiscard]] std::vector<said_link> const& links() const { return links_; }

    void apply(std::span<runnel::batch const> batches) {
        std::map<std::pair<std::uint64_t, std::uint64_t>, runnel::batch const*> ordered;
        for (runnel::batch const& b : batches)
            ordered[{static_cast<std::uint64_t>(b.field), b.frame}] = &b;
        std::vector<said_link> const before = links_;
        for (auto const& [key, b] : ordered) {
            std::multimap<std::pair<runnel::node_id, runnel::link_id>, runnel::weight_change>
                wishes;
            for (auto const& wish : b->changes)
                wishes.emplace(std::pair{wish.source, wish.link}, wish);
            for (auto const& [place, wish] : wishes) {
                std::int32_t& lw = links_[runnel::index(wish.link)].lw;
                lw = static_cast<std::int32_t>(folded(lw, wish));
            }
        }
        bump(before);
    }
    void assign(std::span<runnel::weight_setting const> settings) {
        std::vector<said_link> const before = links_;
        for (auto const& [link, lw] : settings) links_[runnel::index(link)].lw = lw.raw();
        bump(before);
    }

    /// What an observer of graph and store should see.
    [[nodiscard]] facts expected() const {
        facts all;
        std::set<std::uint16_t> types;
        for (said_link const& l : links_) types.insert(l.type);
        std::uint32_t first = 0;
        for (std::uint32_t n = 0; n < stamps_.size(); ++n) {
            all.nodes.push_back(node(n, first, types.size() > 1));
            first += static_cast<std::uint32_t>(all.nodes.back().targets.size());
        }
        for (said_link const& l : links_) all.links.push_back({l.from, l.to, l.type, l.lw, 0});
        for (node_fact const& n : all.nodes) {
            for (row_fact const& l : n.row) all.links[l.link].place = l.place;
            for (row_fact const& l : n.loops) all.links[l.link].place = l.place;
        }
        return all;
    }

private:
    void bump(std::vector<said_link> const& before) {
        std::set<std::uint32_t> changed;
        for (std::size_t i = 0; i < links_.size(); ++i)
            if (links_[i].lw != before[i].lw) changed.insert(links_[i].from);
        for (std::uint32_t n : changed) ++stamps_[n];
    }
    [[nodiscard]] node_fact node(std::uint32_t n, std::uint32_t first, bool typed) const {
        node_fact fact;
        fact.first_link = first;
        fact.stamp = stamps_[n];
        std::set<std::tuple<std::uint16_t, std::int64_t, std::uint32_t>> row; // (type, -lw, id)
        std::vector<std::uint32_t> loops;
        for (std::uint32_t id = first; id < links_.size() && links_[id].from == n; ++id) {
            fact.targets.push_back(links_[id].to);
            if (links_[id].to == n)
                loops.push_back(id);
            else
                row.insert({links_[id].type, -std::int64_t{links_[id].lw}, id});
        }
        std::uint32_t place = first;
        for (auto const& [type, falling, id] : row) {
            fact.row.push_back({links_[id].to, links_[id].lw, type, place++, id});
            if (!typed) continue;
            if (fact.segments.empty() || fact.segments.back().second != type)
                fact.segments.push_back({place, type});
            fact.segments.back().first = place;
        }
        for (std::uint32_t id : loops)
            fact.loops.push_back({n, links_[id].lw, links_[id].type, place++, id});
        fact.degree = static_cast<std::uint32_t>(row.size());
        fact.ordered = fact.segments.size() < 2;
        for (row_fact const& l : fact.row)
            if (fact.tied.empty() || l.lw >= fact.tied.front().lw) {
                if (!fact.tied.empty() && l.lw > fact.tied.front().lw) fact.tied.clear();
                fact.tied.push_back(l);
            }
        if (!fact.tied.empty()) fact.best = fact.tied.front();
        fact.ties = fact.tied.size() > 1;
        return fact;
    }

    std::vector<said_link> links_; // index = link id
    std::vector<std::uint64_t> stamps_;
};

} // namespace graph_test
