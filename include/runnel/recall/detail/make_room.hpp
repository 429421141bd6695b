// SPDX-License-Identifier: MIT
// room: recall. Who must leave a memory before another entry comes, so that the budget holds in real bytes.
//
// Why:  bytes are not freed where an entry leaves: buffers keep their rows for the next. So rows nobody has are
//       counted as free, growth is avoided where somebody can leave instead, and only what payloads hold
//       elsewhere is freed in truth.
// Laws: changes nothing but `victims`. Where an entry cannot be let in, nobody is chosen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/recall/detail/books.hpp>
#include <runnel/recall/detail/scan.hpp>
#include <runnel/recall/detail/tenancy.hpp>
#include <runnel/recall/eviction.hpp>

namespace runnel::recall::detail {

/// What comes: an entry, or more of a payload.
struct arrival {
    std::size_t held = 0;       // bytes elsewhere
    std::uint32_t at = no_slot; // whose payload grows; nobody's: it is an entry of its own
    bool only_if = false;       // could it come? Nobody is chosen yet
};

/// `of`: the holdings it comes to.
template <class Holdings>
[[nodiscard]] status choose_who_goes(
    Holdings const& of, arrival what, runnel::detail::array<entry_id>& victims) {
    victims.clear();
    budget const& limits = of.config_.budget;
    if (limits.limit == 0) return {};
    books::held const mine{of.books_};
    rows const& all = of.rows_;
    std::size_t const slot = of.entry_bytes();
    std::size_t const held = what.held;
    bool const newcomer = what.at == no_slot;
    std::size_t const spare = all.capacity() - all.size();
    // Of the limit, what an update may need without asking is kept free.
    std::size_t most = limits.limit;
    if constexpr (requires { of.index_.margin(); })
        most -= of.index_.margin() < most ? of.index_.margin() : most;
    // What is only worked with is given back where it would not fit; what answers may still take is set aside.
    std::size_t working = of.idle_.bytes();
    if constexpr (requires { of.index_.working(); }) working += of.index_.working();
    std::size_t const now =
        of.held_now() - working + of.books_.cache.bytes_when_full() - of.books_.cache.bytes();
    // Where somebody left rows need no growth; an index may, wherever the entry goes.
    bool const hole = !newcomer || all.end() > all.size();
    std::size_t const rows_growth =
        hole ? 0 : all.growth(all.end()) + of.kept_.places().growth(all.end());
    auto const index_growth = [&](std::uint32_t at) {
        return newcomer ? of.index_.growth(all, at) : std::size_t{0};
    };
    std::size_t const growth = rows_growth + index_growth(all.next());
    // What entries that went have left behind, and what nobody had yet, is as good as free.
    std::size_t const left_behind = spare * slot < now ? spare * slot : now;
    std::size_t const entries = all.size() * slot + of.payload_bytes_;
    std::size_t const used = now - left_behind;
    std::size_t const fixed = used > entries ? used - entries : 0;
    std::size_t const whole =
        newcomer ? slot + held : slot + held_bytes(of.kept_[what.at].payload) + held;
    if (auto const ok = check_fits(limits, {.used = used, .fixed = fixed, .more = whole}); !ok)
        return ok;
    if (what.only_if) {
        std::size_t pinned = 0;
        each_live(all, anyone{}, [&](std::uint32_t at) {
            if (of.kept_[at].pins != 0) pinned += slot + held_bytes(of.kept_[at].payload);
        });
        std::size_t const room = limits.limit - fixed;
        if (pinned + whole <= room) return {};
        return fault{faults::capacity_exceeded, pinned < room ? room - pinned : std::size_t{0}};
    }
    demand const asked{.used = used, .fixed = fixed, .more = newcomer ? whole : held};
    relief must = bytes_to_free(limits, asked);
    if (now + growth + held > most && growth > 0 && must.needed == 0) {
        if (all.size() == 0) return fault{faults::entry_too_large, slot + held};
        // A slot that somebody leaves needs no growth.
        std::size_t const target = part_of(limits.limit, limits.target);
        must.needed = 1;
        if (must.wanted == 0)
            must.wanted = used + slot + held > target ? used + slot + held - target : 1;
    }
    if (must.wanted == 0 && must.needed == 0 && now + growth + held <= most) return {};
    std::vector<tenant> tenants;
    tenants.reserve(all.size());
    each_live(all, anyone{}, [&](std::uint32_t at) {
        if (at != what.at) tenants.push_back(of.tenant_at(at));
    });
    auto const chosen = choose_victims(tenants, of.now_, must, of.policy_, victims);
    if (!chosen) return chosen.error();
    // Buffers do not shrink: what payloads hold elsewhere has to fit beside them.
    std::size_t going = 0;
    for (entry_id const v : victims) going += held_bytes(of.kept_[v.slot].payload);
    std::size_t const more = victims.empty() ? growth : index_growth(victims.back().slot);
    if (now - going + more + held <= most) return {};
    for (tenant& t : tenants) t.bytes -= slot;
    runnel::detail::array<entry_id> others;
    auto const second =
        choose_victims(tenants, of.now_, relief{0, now + more + held - most}, of.policy_, others);
    if (!second) {
        victims.clear();
        return second.error();
    }
    for (entry_id const other : others) {
        bool known = false;
        for (entry_id const v : victims) known = known || v == other;
        if (!known) victims.push_back(other);
    }
    return {};
}

} // namespace runnel::recall::detail
