// SPDX-License-Identifier: MIT
// room: recall. What a memory holds, and every change to it: entries in and out, the budget, the index kept in step.
//
// Laws: a change is worked out first and written down in one go while no search is inside. Whoever reads holds
//       the gate shared; what searches write (uses, answers kept, counts) is written under the lock of the books.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <runnel/recall/detail/books.hpp>
#include <runnel/recall/detail/gate.hpp>
#include <runnel/recall/detail/make_room.hpp>
#include <runnel/recall/detail/tenancy.hpp>
#include <runnel/recall/index.hpp>
#include <runnel/recall/memory_config.hpp>

namespace runnel::recall::detail {

template <class Payload, vector_index Index, keeps Policy> class holdings {
public:
    holdings(memory_config const& config, Index&& index, Policy&& policy, borrowed lent)
        : config_(config),
          rows_({config.metric, config.dimension, config.coding, lent}),
          index_(std::move(index)),
          policy_(std::move(policy)),
          judged_(config.feedback),
          books_(query_cache{cache_within(config), config.dimension}) {}
    holdings(holdings&& other) noexcept
        : config_(other.config_),
          rows_(std::move(other.rows_)),
          index_(std::move(other.index_)),
          policy_(std::move(other.policy_)),
          kept_(std::exchange(other.kept_, {})),
          judged_(std::move(other.judged_)),
          books_(std::move(other.books_)),
          idle_(std::move(other.idle_)),
          version_(other.version_),
          now_(other.now_),
          payload_bytes_(std::exchange(other.payload_bytes_, 0)),
          damaged_(other.damaged_) {
        other.rows_.clear();
        other.index_.clear();
    }
    holdings& operator=(holdings&& other) noexcept {
        if (this != &other) {
            this->~holdings();
            ::new (static_cast<void*>(this)) holdings(std::move(other));
        }
        return *this;
    }
    holdings(holdings const&) = delete;
    holdings& operator=(holdings const&) = delete;
    ~holdings() { end_all(); }

    /// The vector was measured, and is a row of what was lent where something was.
    [[nodiscard]] result<entry_id> add(measured vector, Payload&& payload, std::uint16_t of_class) {
        std::size_t const held = held_bytes(payload);
        if (auto const ok = choose_who_goes(*this, {.held = held}, victims_); !ok)
            return ok.error();
        for (entry_id const victim : victims_) remove(victim.slot);

        std::uint32_t const slot = rows_.next();
        if (slot == rows_.end()) {
            auto fresh = rows_.more(std::size_t{slot} + 1);
            auto records = kept_.places().more(std::size_t{slot} + 1);
            gate::exclusive const alone{gate_};
            rows_.adopt(fresh);
            kept_.places().adopt(records);
        }
        rows_.write(vector);
        if (!damaged_) index_.plan_add(rows_, slot); // what does not hold together is not touched
        tick const then = later(now_, 1);
        kept_.make(
            slot, {.payload = std::move(payload),
                   .told = {},
                   .uses = 0,
                   .added = then,
                   .last_used = then,
                   .pins = 0,
                   .of_class = of_class});
        {
            gate::exclusive const alone{gate_};
            payload_bytes_ += held;
            now_ = then;
            if (!damaged_) index_.apply();
            rows_.publish();
            version_ = next(version_);
        }
        books::held const mine{books_};
        ++books_.counts.adds;
        books_.counts.evictions += victims_.size();
        slim();
        return rows_.entry(slot);
    }
    void remove(std::uint32_t slot) {
        if (!damaged_) index_.plan_erase(rows_, slot);
        {
            gate::exclusive const alone{gate_};
            if (!damaged_) index_.apply();
            rows_.withdraw(slot);
            payload_bytes_ -= held_bytes(kept_[slot].payload);
            version_ = next(version_);
        }
        kept_.end(slot);
        books::held const mine{books_};
        slim();
    }
    void update(std::uint32_t slot, measured vector) {
        bool const was_damaged = damaged_;
        if (!was_damaged) index_.plan_erase(rows_, slot);
        gate::exclusive const alone{gate_};
        if (!was_damaged) index_.apply();
        damaged_ =
            true; // if there is no memory for what follows, searches scan until it is rebuilt
        rows_.rewrite(slot, vector);
        version_ = next(version_);
        if (!was_damaged) {
            index_.plan_add(rows_, slot);
            index_.apply();
            damaged_ = false;
        }
        books::held const mine{books_};
        slim();
    }
    [[nodiscard]] status replace(std::uint32_t slot, Payload&& payload) {
        std::size_t const before = held_bytes(kept_[slot].payload);
        std::size_t const after = held_bytes(payload);
        if (after > before) {
            arrival const grown{.held = after - before, .at = slot};
            if (auto const ok = choose_who_goes(*this, grown, victims_); !ok) return ok;
            for (entry_id const victim : victims_) remove(victim.slot);
            books::held const mine{books_};
            books_.counts.evictions += victims_.size();
        }
        gate::exclusive const alone{gate_};
        kept_[slot].payload.~Payload();
        ::new (static_cast<void*>(&kept_[slot].payload)) Payload(std::move(payload));
        version_ = next(version_);
        payload_bytes_ += after;
        payload_bytes_ -= before;
        books::held const mine{books_};
        slim();
        return {};
    }
    [[nodiscard]] status reserve(std::size_t entries) {
        if (entries >= no_slot)
            return fault{
                fault_kind{faults::capacity_exceeded.code, "slots are numbers of 32 bits; entries"},
                static_cast<std::uint64_t>(entries)};
        if (entries <= rows_.capacity()) return {};
        auto const last = static_cast<std::uint32_t>(entries - 1);
        std::size_t growth = rows_.growth(last) + kept_.places().growth(last);
        if constexpr (requires { index_.more(entries); }) growth += index_.growth_to(entries);
        if (config_.budget.limit != 0) {
            books::held const mine{books_};
            std::size_t const after = held_now() + growth;
            if (after > config_.budget.limit)
                return fault{
                    fault_kind{
                        faults::capacity_exceeded.code,
                        "room for so many entries exceeds the budget; bytes it takes"},
                    static_cast<std::uint64_t>(after)};
        }
        auto fresh = rows_.more(entries);
        auto records = kept_.places().more(entries);
        auto index = [&] {
            if constexpr (requires { index_.more(entries); })
                return index_.more(entries);
            else
                return 0;
        }();
        gate::exclusive const alone{gate_};
        rows_.adopt(fresh);
        kept_.places().adopt(records);
        if constexpr (requires { index_.more(entries); }) index_.adopt(index);
        return {};
    }
    void clear() noexcept {
        gate::exclusive const alone{gate_};
        end_all();
        rows_.clear();
        index_.clear();
        kept_ = {};
        judged_.clear();
        books_.cache.clear();
        books_.counts = {};
        books_.times.clear();
        idle_ = {};
        version_ = {};
        now_ = {};
        damaged_ = false;
    }
    status check() {
        status const found = index_.check(rows_);
        gate::exclusive const alone{gate_};
        if (damaged_ == found.has_value()) version_ = next(version_); // answers kept may be wrong
        damaged_ = !found.has_value();
        return found;
    }
    void rebuild() {
        Index fresh = index_.rebuilt(rows_);
        gate::exclusive const alone{gate_};
        std::swap(index_, fresh);
        version_ = next(version_);
        damaged_ = false;
    }

    /// Could an entry whose payload holds `held` bytes come in, if need be for all that are not pinned?
    [[nodiscard]] status fits_at_all(std::size_t held) {
        return choose_who_goes(*this, {.held = held, .only_if = true}, victims_);
    }
    /// Is there room within the limit for one entry, and is it known what payloads hold?
    [[nodiscard]] status limit_holds() const noexcept {
        if (config_.budget.limit == 0) return {};
        if constexpr (!says_bytes<Payload>())
            return fault{fault_kind{
                faults::invalid_config.code,
                "recall.budget.limit needs to know what payloads hold: give them `std::size_t "
                "bytes() const`"}};
        std::size_t least = held_now() + books_.cache.bytes_when_full() - books_.cache.bytes()
                            + rows_.growth(0) + kept_.places().growth(0) + index_.growth(rows_, 0);
        if constexpr (requires { index_.margin(); }) least += index_.margin();
        if (least > config_.budget.limit)
            return fault{
                fault_kind{
                    faults::invalid_config.code,
                    "recall.budget.limit must leave room for one entry; bytes that takes"},
                static_cast<std::uint64_t>(least)};
        return {};
    }

    // ---- bytes and facts; the books are held

    /// Above the budget, what is only worked with is given back.
    void slim() noexcept {
        slim_searches();
        if constexpr (requires { index_.trim(); })
            if (config_.budget.limit != 0 && held_now() > config_.budget.limit) index_.trim();
    }
    void slim_searches() const noexcept {
        if (config_.budget.limit != 0 && held_now() > config_.budget.limit) idle_.drop();
    }
    [[nodiscard]] std::size_t held_now() const noexcept {
        return rows_.bytes() + index_.bytes() + kept_.places().bytes() + payload_bytes_
               + judged_.bytes() + books_.cache.bytes() + idle_.bytes();
    }
    /// What one entry takes, but for what its payload holds elsewhere: every row of every buffer.
    [[nodiscard]] std::size_t entry_bytes() const noexcept {
        std::size_t index = 0;
        if constexpr (requires { index_.entry_bytes(); }) index = index_.entry_bytes();
        return rows_.entry_bytes() + kept_.places().stride() + index;
    }
    [[nodiscard]] tenant tenant_at(std::uint32_t slot) const noexcept {
        auto const& kept = kept_[slot];
        return {
            .entry = rows_.entry(slot),
            .utility = judged_.utility(kept.told),
            .uses = kept.uses,
            .added = kept.added,
            .last_used = kept.last_used,
            .bytes = entry_bytes() + held_bytes(kept.payload),
            .pins = kept.pins,
            .of_class = kept.of_class};
    }

private:
    /// Under a budget the cache takes a sixteenth of it at most.
    [[nodiscard]] static cache_config cache_within(memory_config const& config) noexcept {
        cache_config cache = config.cache;
        if (config.budget.limit != 0)
            while (cache.entries > 0
                   && query_cache{cache, config.dimension}.bytes_when_full()
                          > config.budget.limit / 16)
                cache.entries /= 2;
        return cache;
    }
    void end_all() noexcept {
        each_live(rows_, anyone{}, [&](std::uint32_t slot) { kept_.end(slot); });
        payload_bytes_ = 0;
    }
    runnel::detail::array<entry_id> victims_;

public: // what a memory reads; it changes nothing here but by the calls above
    memory_config config_;
    rows rows_;
    Index index_;
    [[no_unique_address]] Policy policy_;
    tenancy<Payload> kept_;
    feedback_table judged_;
    mutable books books_;
    mutable scratches idle_;
    gate gate_;
    version version_{};
    tick now_{};
    std::size_t payload_bytes_ = 0;
    bool damaged_ = false;
};

} // namespace runnel::recall::detail
