// SPDX-License-Identifier: MIT
// Laws of eviction: the pinned stay, enough is freed, nobody goes in vain, and only the set of tenants counts.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

#include <runnel/recall/eviction.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall::entry_id;
using recall::tenant;
using recall::tick;

namespace {

using chosen = runnel::detail::array<entry_id>;

std::vector<tenant> draw(law::gen& g) {
    std::uint32_t slot = 0;
    return g.list(60, [&] {
        tenant t;
        t.entry = {slot++, 1};
        t.utility = g.one_of({.5, 0., .25, 1.});
        t.uses = g.choose(5);
        t.added = tick{g.choose(10)};
        t.last_used = tick{static_cast<std::uint64_t>(t.added) + g.choose(10)};
        t.bytes = g.choose(100);
        t.pins = g.choose(4) == 4 ? 1 : 0;
        return t;
    });
}

/// By sorting all: take the lowest until there is enough, then give back from the other end.
template <class Policy>
std::vector<entry_id> naive(
    std::vector<tenant> all, tick now, std::uint64_t bytes, Policy const& policy) {
    std::erase_if(all, [](tenant const& t) { return t.pins != 0; });
    std::sort(all.begin(), all.end(), [&](tenant const& a, tenant const& b) {
        return std::tuple{policy(a, now), a.added, a.entry}
               < std::tuple{policy(b, now), b.added, b.entry};
    });
    std::uint64_t freed = 0;
    std::size_t taken = 0;
    while (freed < bytes) freed += all[taken++].bytes;
    all.resize(taken);
    for (std::size_t i = taken; i-- > 0;)
        if (freed - all[i].bytes >= bytes) {
            freed -= all[i].bytes;
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
        }
    std::vector<entry_id> ids;
    for (tenant const& t : all) ids.push_back(t.entry);
    return ids;
}

template <class Policy> void chooses_rightly(Policy const& policy) {
    law::for_all(400, [&](law::gen& g) {
        auto all = draw(g);
        tick const now{g.choose(30)};
        std::uint64_t free = 0;
        for (tenant const& t : all) free += t.pins == 0 ? t.bytes : 0;
        auto const bytes = g.integer<std::uint64_t>(0, free + free / 8 + 1, "bytes");
        chosen victims;
        auto const freed = recall::choose_victims(all, now, bytes, policy, victims);
        g.holds(freed.has_value() == (bytes <= free), "a fault if and only if it cannot suffice");
        if (!freed) {
            g.holds(victims.empty(), "nobody goes where it would not suffice");
            return;
        }
        std::uint64_t sum = 0;
        std::uint64_t least = ~std::uint64_t{0};
        std::set<entry_id> different;
        for (entry_id const e : victims) {
            tenant const& t = all[e.slot];
            g.holds(t.pins == 0, "the pinned stay");
            sum += t.bytes;
            least = std::min(least, t.bytes);
            different.insert(e);
        }
        g.holds(different.size() == victims.size(), "nobody goes twice");
        g.holds(sum == *freed && sum >= bytes, "what was asked is freed, and told");
        g.holds(victims.empty() || sum - least < bytes, "no victim could be spared");
        auto const expected = naive(all, now, bytes, policy);
        g.holds(
            std::equal(victims.begin(), victims.end(), expected.begin(), expected.end()),
            "the victims are those of a full sort");
        g.shuffle(all);
        chosen again;
        g.holds(
            recall::choose_victims(all, now, bytes, policy, again).has_value()
                && std::equal(victims.begin(), victims.end(), again.begin(), again.end()),
            "the order of tenants does not count");
    });
}

} // namespace

TEST_CASE("Eviction keeps its laws under every policy", "[recall][eviction][law]") {
    chooses_rightly(recall::keep_score{});
    chooses_rightly(recall::keep_score{{.utility = 1, .recency = 0, .use = 0}});
    chooses_rightly(recall::least_recently_used{});
    chooses_rightly(recall::first_in_first_out{});
    chooses_rightly([](tenant const& t, tick) { return -static_cast<double>(t.bytes); });
}

TEST_CASE(
    "A memory that asks its budget is within it after every insertion", "[recall][budget][law]") {
    law::for_all(200, [](law::gen& g) {
        recall::budget const b{
            .limit = g.integer<std::uint64_t>(1, 1000, "limit"),
            .trigger = g.one_of({.9, 1., .5}),
            .target = g.one_of({.5, .25, .1})};
        g.holds(b.validate().has_value(), "the budget is valid");
        std::vector<tenant> all;
        std::uint64_t used = 0;
        std::uint32_t slot = 0;
        for (auto const more : g.list(60, [&] { return g.choose(300); })) {
            recall::demand const d{.used = used, .more = more};
            if (!recall::check_fits(b, d)) {
                g.holds(more > b.limit, "only what is larger than all is refused");
                continue;
            }
            auto const asked = recall::bytes_to_free(b, d);
            g.holds(asked.needed <= asked.wanted, "the target is not above the limit");
            chosen victims;
            auto const freed =
                recall::choose_victims(all, tick{slot}, asked, recall::keep_score{}, victims);
            if (!freed) {
                g.holds(used + more > b.limit, "a fault only where it would not fit");
                continue;
            }
            for (entry_id const e : victims)
                std::erase_if(all, [&](tenant const& t) { return t.entry == e; });
            used = used - *freed + more;
            tenant t{.entry = {slot, 1}, .added = tick{slot}, .last_used = tick{slot}};
            t.bytes = more;
            t.pins = g.choose(5) == 5 ? 1 : 0;
            all.push_back(t);
            ++slot;
            std::uint64_t recount = 0;
            for (tenant const& each : all) recount += each.bytes;
            g.holds(recount == used, "what is told to be freed is freed");
            g.holds(used <= b.limit, "within the budget");
        }
    });
}
