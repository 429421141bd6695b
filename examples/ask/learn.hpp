// SPDX-License-Identifier: MIT
// Teaching: what carried energy to a note that was right is made stronger, to one that was wrong weaker.
//
// Only log-weights change. Whatever was taught can be taken back, and the old ranking with it, bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <runnel/credit.hpp>
#include <runnel/graph.hpp>

namespace ask {

enum class verdict : std::uint8_t { right, wrong };

class teacher {
public:
    explicit teacher(runnel::graph::built& of) noexcept : memory_(&of) {}

    /// Moves each link's log-weight by its share of what was traced; returns how many links.
    std::size_t teach(runnel::credit::origin const& from, verdict what) {
        if (from.total() == 0) return 0;
        std::map<runnel::link_id, taught> links;
        for (auto const& path : from.paths(most_paths, {.looks = most_paths * 8}).paths)
            for (std::size_t i = 0; i < path.links.size(); ++i) {
                taught& t = links[path.links[i]];
                t.source = path.nodes[i];
                t.share += static_cast<double>(path.amount) / static_cast<double>(from.total());
            }
        runnel::batch wishes;
        for (auto const& [link, t] : links) {
            before_.try_emplace(link, memory_->store.lw(t.source, link));
            double const by = (what == verdict::right ? rate : -rate) * t.share;
            wishes.changes.push_back(
                {t.source, link, static_cast<std::int64_t>(by * 0x1p24),
                 runnel::log_weight::from_log(-most).value(),
                 runnel::log_weight::from_log(most).value()});
        }
        memory_->store.apply({wishes}).value();
        return wishes.changes.size();
    }
    /// As if nothing had been taught; returns how many links had been.
    std::size_t forget() {
        std::vector<runnel::weight_setting> old;
        for (auto const& [link, lw] : before_) old.push_back({link, lw});
        memory_->store.assign(old).value();
        before_.clear();
        return old.size();
    }

private:
    static constexpr double rate = 1; ///< what a link that carried all of it changes by
    static constexpr double most = 10;
    static constexpr std::size_t most_paths = 64;

    struct taught {
        runnel::node_id source{};
        double share = 0;
    };
    runnel::graph::built* memory_;
    std::map<runnel::link_id, runnel::log_weight> before_;
};

} // namespace ask
