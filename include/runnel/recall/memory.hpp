// SPDX-License-Identifier: MIT
// room: recall. A memory: vectors with payloads, found by nearness, kept within a budget, judged by their use.
//
// Why:  rows, index, cache, budget and feedback are each of use alone; here they are one thing that cannot be put
//       together wrongly.
// Laws: a call that is refused has changed nothing. `bytes()` is what all buffers hold, and after an insertion
//       not above the budget. An entry that was erased or evicted is never found again, and its id never
//       means another entry (until `clear`, after which the memory is as made).
//       Threads: any number may call const members beside one that calls the others. A search sees the memory
//       as it is before or after a change. A filter, and what `read` calls, must not change the memory. What
//       `payload` points to is gone when its entry is.
// Cost: an addition that of its index; a search that of its index and about half a microsecond.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/core/ids.hpp>
#include <runnel/recall/adaptive.hpp>
#include <runnel/recall/detail/books.hpp>
#include <runnel/recall/detail/gate.hpp>
#include <runnel/recall/detail/tenancy.hpp>
#include <runnel/recall/diverse.hpp>
#include <runnel/recall/encoder.hpp>
#include <runnel/recall/memory_config.hpp>
#include <runnel/recall/narrow.hpp>

namespace runnel::recall {

/// What is known of an entry when it comes.
struct details {
    std::uint16_t of_class = 0;
    std::optional<double> quality{}; ///< judged by the gate where it is given
};

/// What is asked for. `filter` numbers a filter whose answers may be kept: same number, same filter.
struct wish {
    std::size_t k = 10;
    std::size_t effort = 0; ///< of a walk; 0: what the index was made with
    std::uint64_t filter = 0;
};

struct answer {
    std::vector<hit> hits;
    search_info info;

    [[nodiscard]] auto begin() const noexcept { return hits.begin(); }
    [[nodiscard]] auto end() const noexcept { return hits.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return hits.size(); }
    [[nodiscard]] bool empty() const noexcept { return hits.empty(); }
    [[nodiscard]] hit const& operator[](std::size_t i) const noexcept { return hits[i]; }
};

/// Takes vectors as they are.
struct as_given {};

template <
    class Payload = node_id, vector_index Index = adaptive, keeps Policy = keep_score,
    class Encoder = as_given, tells_time Clock = no_clock>
class memory {
    static_assert(
        std::is_same_v<Encoder, as_given> || encoder<Encoder>,
        "recall: an encoder is callable as status(std::span<float const>, std::span<float>) const "
        "and has dimension() and version()");

public:
    using payload_type = Payload;

    /// `lent`: a matrix the vectors are rows of, which outlives the memory; nothing: it keeps its own.
    [[nodiscard]] static result<memory> make(
        memory_config config, Index index = Index{}, Policy policy = Policy{},
        Encoder encode = Encoder{}, Clock clock = Clock{}, borrowed lent = {}) {
        if (auto const ok = config.validate(); !ok) return ok.error();
        if constexpr (requires { index.validate(); })
            if (auto const ok = index.validate(); !ok) return ok.error();
        if constexpr (requires { policy.validate(); })
            if (auto const ok = policy.validate(); !ok) return ok.error();
        if constexpr (encoder<Encoder>)
            if (encode.dimension() != config.dimension)
                return detail::length_fault({config.dimension, encode.dimension()});
        return memory{
            config, std::move(index), std::move(policy), std::move(encode), std::move(clock), lent};
    }

    memory(memory&& other) noexcept
        : config_(other.config_),
          rows_(std::move(other.rows_)),
          index_(std::move(other.index_)),
          policy_(std::move(other.policy_)),
          encoder_(std::move(other.encoder_)),
          clock_(std::move(other.clock_)),
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
    memory& operator=(memory&& other) noexcept {
        if (this != &other) {
            this->~memory();
            ::new (static_cast<void*>(this)) memory(std::move(other));
        }
        return *this;
    }
    memory(memory const&) = delete;
    memory& operator=(memory const&) = delete;
    ~memory() { end_all(); }

    // ---- what it holds

    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] memory_config const& settings() const noexcept { return config_; }
    [[nodiscard]] Index const& index() const noexcept { return index_; }
    [[nodiscard]] rows const& vectors() const noexcept { return rows_; }
    [[nodiscard]] Encoder& encoder_used() noexcept { return encoder_; }
    [[nodiscard]] version changes() const noexcept { return version_; }
    [[nodiscard]] bool damaged() const noexcept { return damaged_; }
    [[nodiscard]] bool holds(entry_id entry) const noexcept {
        detail::gate::shared const inside{gate_};
        return rows_.holds(entry);
    }
    /// Nothing if the entry is not here; not for use beside a thread that erases.
    [[nodiscard]] Payload const* payload(entry_id entry) const noexcept {
        return rows_.holds(entry) ? &kept_[entry.slot].payload : nullptr;
    }
    /// The same beside one: f(payload) while nothing changes.
    template <class F> status read(entry_id entry, F&& f) const {
        detail::gate::shared const inside{gate_};
        if (!rows_.holds(entry)) return stale(entry);
        f(std::as_const(kept_[entry.slot].payload));
        return {};
    }
    /// As it was remembered, encoded; until the entry changes or goes.
    template <class = void>
    [[nodiscard]] result<std::span<float const>> vector(entry_id entry) const noexcept {
        if (!rows_.holds(entry)) return stale(entry);
        return rows_.vector(entry.slot);
    }
    [[nodiscard]] result<double> utility(entry_id entry) const noexcept {
        if (!rows_.holds(entry)) return stale(entry);
        return judged_.utility(kept_[entry.slot].told);
    }
    /// What the policy is told of it.
    [[nodiscard]] result<tenant> facts(entry_id entry) const noexcept {
        if (!rows_.holds(entry)) return stale(entry);
        detail::books::held const mine{books_};
        return tenant_at(entry.slot);
    }
    template <class F> void each(F&& f) const {
        detail::gate::shared const inside{gate_};
        detail::each_live(rows_, detail::anyone{}, [&](std::uint32_t slot) {
            f(rows_.entry(slot), std::as_const(kept_[slot].payload));
        });
    }
    [[nodiscard]] feedback_table const& classes() const noexcept { return judged_; }
    [[nodiscard]] counters counts() const noexcept {
        detail::books::held const mine{books_};
        return books_.counts;
    }
    [[nodiscard]] latency_histogram times() const noexcept {
        detail::books::held const mine{books_};
        return books_.times;
    }
    [[nodiscard]] double cache_hit_rate() const noexcept {
        detail::books::held const mine{books_};
        return books_.cache.hit_rate();
    }
    /// Of all buffers, and of what payloads hold elsewhere.
    [[nodiscard]] std::size_t bytes() const noexcept {
        detail::books::held const mine{books_};
        return held_now();
    }

    // ---- changing it

    [[nodiscard]] result<entry_id> add(
        std::span<float const> vector, Payload payload, details known = {}) {
        auto const done = try_add(vector, std::move(payload), known);
        if (!done) refuse();
        return done;
    }
    /// Row after row, all or none for what is refused: `vectors` holds as many times the dimension as there are
    /// payloads. Yields the entries.
    [[nodiscard]] result<std::vector<entry_id>> add_batch(
        std::span<float const> vectors, std::span<Payload const> payloads, details known = {}) {
        std::size_t const width = config_.dimension;
        if (vectors.size() != payloads.size() * width) {
            refuse();
            return detail::length_fault({payloads.size() * width, vectors.size()});
        }
        for (std::size_t i = 0; i < payloads.size(); ++i) {
            auto const checked = admit(vectors.subspan(i * width, width), payloads[i], known);
            if (checked) continue;
            refuse();
            return fault{
                fault_kind{checked.error().code(), checked.error().sentence()},
                checked.error().offender(), i};
        }
        std::vector<entry_id> entries;
        entries.reserve(payloads.size());
        if (config_.budget.limit == 0) reserve(size() + payloads.size());
        for (std::size_t i = 0; i < payloads.size(); ++i) {
            auto const one = add(vectors.subspan(i * width, width), payloads[i], known);
            if (!one) return one.error(); // pinned entries leave no room: those before it stay
            entries.push_back(*one);
        }
        return entries;
    }
    /// Room for so many entries at once, in one piece.
    void reserve(std::size_t entries) {
        auto fresh = rows_.more(entries);
        auto records = kept_.places().more(entries);
        detail::gate::exclusive const alone{gate_};
        rows_.adopt(fresh);
        kept_.places().adopt(records);
    }
    [[nodiscard]] status erase(entry_id entry) {
        if (!rows_.holds(entry)) return refuse(stale(entry));
        remove(entry.slot);
        detail::books::held const mine{books_};
        ++books_.counts.erases;
        return {};
    }
    /// Another vector for an entry, which keeps its id, its payload and what is known of it.
    [[nodiscard]] status update(entry_id entry, std::span<float const> vector) {
        if (!rows_.holds(entry)) return refuse(stale(entry));
        auto const m = encoded(vector);
        if (!m) return refuse(m.error());
        index_.plan_erase(rows_, entry.slot);
        detail::gate::exclusive const alone{gate_};
        index_.apply();
        damaged_ =
            true; // if there is no memory for what follows, searches scan until it is rebuilt
        rows_.rewrite(entry.slot, *m);
        version_ = next(version_);
        index_.plan_add(rows_, entry.slot);
        index_.apply();
        damaged_ = false;
        return {};
    }
    /// Another payload for an entry.
    [[nodiscard]] status replace_payload(entry_id entry, Payload payload) {
        if (!rows_.holds(entry)) return refuse(stale(entry));
        std::size_t const before = held_bytes(kept_[entry.slot].payload);
        std::size_t const after = held_bytes(payload);
        if (config_.budget.limit != 0 && after > before
            && bytes() + (after - before) > config_.budget.limit)
            return refuse(fault{faults::capacity_exceeded, static_cast<std::uint64_t>(after)});
        Payload old = [&] {
            detail::gate::exclusive const alone{gate_};
            Payload was = std::move(kept_[entry.slot].payload);
            kept_[entry.slot].payload.~Payload();
            ::new (static_cast<void*>(&kept_[entry.slot].payload)) Payload(std::move(payload));
            version_ = next(version_);
            return was;
        }();
        static_cast<void>(old);
        payload_bytes_ += after;
        payload_bytes_ -= before;
        return {};
    }
    /// A pinned entry is not evicted. Pins add up.
    [[nodiscard]] status pin(entry_id entry) {
        if (!rows_.holds(entry)) return refuse(stale(entry));
        ++kept_[entry.slot].pins;
        return {};
    }
    [[nodiscard]] status unpin(entry_id entry) {
        if (!rows_.holds(entry) || kept_[entry.slot].pins == 0) return refuse(stale(entry));
        --kept_[entry.slot].pins;
        return {};
    }
    /// What came of an entry: 0 did harm, 1 was of full use.
    [[nodiscard]] status tell(entry_id entry, double outcome) {
        if (!rows_.holds(entry)) return refuse(stale(entry));
        detail::gate::exclusive const alone{gate_};
        auto const ok = judged_.tell(
            kept_[entry.slot].told, {.of = kept_[entry.slot].of_class, .outcome = outcome});
        if (!ok) return refuse(ok.error());
        version_ = next(version_); // filters may ask for it
        return {};
    }
    /// Time passes by one with every addition; here by more.
    void elapse(std::uint64_t ticks) noexcept {
        now_ = tick{static_cast<std::uint64_t>(now_) + ticks};
    }
    /// As made.
    void clear() noexcept {
        detail::gate::exclusive const alone{gate_};
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
    /// Does the index hold together? If not, searches scan from now on, and say so.
    status check() {
        status const found = index_.check(rows_);
        damaged_ = !found.has_value();
        return found;
    }
    /// The index anew, out of the rows, beside the old one until it is done.
    void rebuild() {
        Index fresh = index_.rebuilt(rows_);
        detail::gate::exclusive const alone{gate_};
        std::swap(index_, fresh);
        version_ = next(version_);
        damaged_ = false;
    }

    // ---- asking it

    /// The k nearest.
    [[nodiscard]] result<answer> search(std::span<float const> query, wish asked = {}) const {
        return answered(query, asked, detail::anyone{});
    }
    /// The k nearest of those for which filter(payload), or filter(entry, payload), is true.
    template <class Filter>
        requires(
            std::is_invocable_r_v<
                bool, Filter const&,
                Payload const&> || std::is_invocable_r_v<bool, Filter const&, entry_id, Payload const&>)
    [[nodiscard]] result<answer> search(
        std::span<float const> query, wish asked, Filter const& filter) const {
        return answered(query, asked, [&](std::uint32_t slot) -> bool {
            Payload const& payload = kept_[slot].payload;
            if constexpr (std::is_invocable_r_v<bool, Filter const&, Payload const&>)
                return filter(payload);
            else
                return filter(rows_.entry(slot), payload);
        });
    }
    /// Those of a utility of at least `least`.
    [[nodiscard]] result<answer> useful(
        std::span<float const> query, double least, wish asked = {}) const {
        if (!(least >= 0 && least <= 1)) return refuse(fault{faults::off_scale, least});
        asked.filter = 0;
        return answered(query, asked, [&](std::uint32_t slot) {
            return judged_.utility(kept_[slot].told) >= least;
        });
    }
    /// The k nearest to an entry, but for itself.
    [[nodiscard]] result<answer> similar(entry_id entry, wish asked = {}) const {
        detail::gate::shared const inside{gate_};
        if (!rows_.holds(entry)) return refuse(stale(entry));
        asked.filter = 0;
        return searched_inside(
            rows_[entry.slot], asked, [&](std::uint32_t slot) { return slot != entry.slot; });
    }
    /// k of the nearest that are not all the same.
    [[nodiscard]] result<std::vector<diverse_pick>> diverse(
        std::span<float const> query, diversity of = {}, std::size_t effort = 0) const {
        if (auto const ok = of.validate(); !ok) return refuse(ok.error());
        detail::gate::shared const inside{gate_};
        auto const near = fetched(query, of.k, effort);
        if (!near) return near.error();
        std::vector<contender> contenders;
        contenders.reserve(near->size());
        for (hit const& h : *near)
            contenders.push_back(
                {h.entry, rows_[h.entry.slot],
                 absolute(config_.metric, static_cast<double>(h.similarity))});
        recall::diverse pick;
        auto const found = pick(rows_.compare(), contenders, of);
        if (!found) return refuse(found.error());
        return std::vector<diverse_pick>(found->picks.begin(), found->picks.end());
    }
    /// By similarity, utility and agreement with a class.
    [[nodiscard]] result<std::vector<scored>> ranked(
        std::span<float const> query, std::optional<std::uint16_t> of_class,
        wish asked = {}) const {
        detail::gate::shared const inside{gate_};
        auto const near = fetched(query, asked.k, asked.effort);
        if (!near) return near.error();
        std::vector<prospect> prospects;
        prospects.reserve(near->size());
        for (hit const& h : *near) {
            auto const& kept = kept_[h.entry.slot];
            prospects.push_back(
                {h.entry, h.similarity, judged_.utility(kept.told),
                 !of_class                    ? agreement::unknown
                 : *of_class == kept.of_class ? agreement::match
                                              : agreement::mismatch});
        }
        std::vector<scored> out(prospects.size());
        if (auto const ok = rank(config_.hybrid, config_.metric, prospects, out); !ok)
            return refuse(ok.error());
        if (out.size() > asked.k) out.resize(asked.k);
        return out;
    }
    /// k in turns over the classes of the nearest.
    [[nodiscard]] result<std::vector<hit>> balanced(
        std::span<float const> query, wish asked = {}) const {
        detail::gate::shared const inside{gate_};
        auto const near = fetched(query, asked.k, asked.effort);
        if (!near) return near.error();
        narrowing<std::uint16_t> by;
        std::vector<hit> out;
        for (std::uint32_t const place : by.in_turns(
                 *near, asked.k, [&](entry_id entry) { return kept_[entry.slot].of_class; }))
            out.push_back((*near)[place]);
        return out;
    }

private:
    memory(
        memory_config const& config, Index&& index, Policy&& policy, Encoder&& encode,
        Clock&& clock, borrowed lent)
        : config_(config),
          rows_({config.metric, config.dimension, config.coding, lent}),
          index_(std::move(index)),
          policy_(std::move(policy)),
          encoder_(std::move(encode)),
          clock_(std::move(clock)),
          judged_(config.feedback),
          books_(query_cache{cache_within(config), config.dimension}) {}

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
    [[nodiscard]] static fault stale(entry_id entry) noexcept {
        return fault{faults::stale_handle, entry.slot};
    }
    fault refuse(fault what) const noexcept {
        refuse();
        return what;
    }
    void refuse() const noexcept {
        detail::books::held const mine{books_};
        ++books_.counts.refused;
    }
    void end_all() noexcept {
        detail::each_live(rows_, detail::anyone{}, [&](std::uint32_t slot) { kept_.end(slot); });
        payload_bytes_ = 0;
    }

    // ---- bytes; the books are held

    [[nodiscard]] std::size_t held_now() const noexcept {
        return rows_.bytes() + index_.bytes() + kept_.places().bytes() + payload_bytes_
               + judged_.bytes() + books_.cache.bytes() + idle_.bytes()
               + (encoder_room_.capacity() + 0) * sizeof(float);
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
            .pins = kept.pins};
    }
    /// Who must go before an entry with `held` bytes of payload comes: nobody, or the entries in `victims_`.
    [[nodiscard]] status choose_who_goes(std::size_t held) {
        victims_.clear();
        budget const& limits = config_.budget;
        if (limits.limit == 0) return {};
        detail::books::held const mine{books_};
        std::size_t const slot = entry_bytes();
        std::size_t const free = rows_.end() - rows_.size();
        std::size_t const now = held_now();
        std::size_t const growth = free > 0 ? 0
                                            : rows_.growth() + kept_.places().growth(rows_.end())
                                                  + index_.growth(rows_, rows_.end());
        // What entries that went have left behind is as good as free: the next ones take it.
        std::size_t const left_behind = free * slot < now ? free * slot : now;
        std::size_t const entries = size() * slot + payload_bytes_;
        std::size_t const used = now - left_behind;
        std::size_t const fixed = used > entries ? used - entries : 0;
        demand const asked{.used = used, .fixed = fixed, .more = slot + held};
        if (auto const ok = check_fits(limits, asked); !ok) return ok;
        relief must = bytes_to_free(limits, asked);
        if (now + growth + held > limits.limit && growth > 0 && must.needed == 0) must.needed = 1;
        if (must.wanted == 0 && must.needed == 0 && now + held <= limits.limit) return {};
        std::vector<tenant> all;
        all.reserve(size());
        detail::each_live(
            rows_, detail::anyone{}, [&](std::uint32_t at) { all.push_back(tenant_at(at)); });
        auto const chosen = choose_victims(all, now_, must, policy_, victims_);
        if (!chosen) return chosen.error();
        // Buffers do not shrink: what payloads hold elsewhere has to fit beside them.
        std::size_t going = 0;
        for (entry_id const v : victims_) going += held_bytes(kept_[v.slot].payload);
        std::size_t const more = victims_.empty() ? growth : 0;
        if (now - going + more + held <= limits.limit) return {};
        for (tenant& t : all) t.bytes -= slot;
        runnel::detail::array<entry_id> others;
        auto const second =
            choose_victims(all, now_, relief{0, now + more + held - limits.limit}, policy_, others);
        if (!second) {
            victims_.clear();
            return second.error();
        }
        for (entry_id const other : others) {
            bool known = false;
            for (entry_id const v : victims_) known = known || v == other;
            if (!known) victims_.push_back(other);
        }
        return {};
    }

    // ---- entries in and out

    [[nodiscard]] result<measured> encoded(std::span<float const> vector) {
        if constexpr (encoder<Encoder>) {
            encoder_room_.resize(config_.dimension);
            std::span<float> const out{encoder_room_.data(), config_.dimension};
            if (auto const ok = encoder_(vector, out); !ok) return ok.error();
            return rows_.compare().measure(std::span<float const>{out});
        } else {
            return rows_.compare().measure(vector);
        }
    }
    [[nodiscard]] result<measured> admit(
        std::span<float const> vector, Payload const&, details const& known) {
        if (config_.quality.on && known.quality) {
            if (!(*known.quality >= 0 && *known.quality <= 1))
                return fault{faults::off_scale, *known.quality};
            if (*known.quality < config_.quality.least)
                return fault{faults::low_quality, *known.quality};
        }
        auto const m = encoded(vector);
        if (m && !rows_.owns() && !rows_.is_row(m->numbers)) return fault{faults::not_a_row};
        return m;
    }
    [[nodiscard]] result<entry_id> try_add(
        std::span<float const> vector, Payload&& payload, details const& known) {
        auto const m = admit(vector, payload, known);
        if (!m) return m.error();
        std::size_t const held = held_bytes(payload);
        if (auto const ok = choose_who_goes(held); !ok) return ok.error();
        for (entry_id const victim : victims_) remove(victim.slot);

        std::uint32_t const slot = rows_.next();
        if (slot == rows_.end()) {
            auto fresh = rows_.more(std::size_t{slot} + 1);
            auto records = kept_.places().more(std::size_t{slot} + 1);
            detail::gate::exclusive const alone{gate_};
            rows_.adopt(fresh);
            kept_.places().adopt(records);
        }
        rows_.write(*m);
        index_.plan_add(rows_, slot);
        now_ = tick{static_cast<std::uint64_t>(now_) + 1};
        kept_.make(
            slot, {.payload = std::move(payload),
                   .told = {},
                   .uses = 0,
                   .added = now_,
                   .last_used = now_,
                   .pins = 0,
                   .of_class = known.of_class});
        payload_bytes_ += held;
        {
            detail::gate::exclusive const alone{gate_};
            index_.apply();
            rows_.publish();
            version_ = next(version_);
        }
        detail::books::held const mine{books_};
        ++books_.counts.adds;
        books_.counts.evictions += victims_.size();
        if (config_.budget.limit != 0 && held_now() > config_.budget.limit) idle_ = {};
        return rows_.entry(slot);
    }
    void remove(std::uint32_t slot) {
        index_.plan_erase(rows_, slot);
        {
            detail::gate::exclusive const alone{gate_};
            index_.apply();
            rows_.withdraw(slot);
            version_ = next(version_);
        }
        payload_bytes_ -= held_bytes(kept_[slot].payload);
        kept_.end(slot);
    }

    // ---- searches; the gate is held

    template <class Admits>
    [[nodiscard]] result<answer> answered(
        std::span<float const> query, wish const& asked, Admits const& admits) const {
        detail::gate::shared const inside{gate_};
        return with_measured(
            query, [&](measured m) -> result<answer> { return searched_inside(m, asked, admits); });
    }
    template <class F>
    [[nodiscard]] result<answer> with_measured(std::span<float const> query, F&& f) const {
        if constexpr (encoder<Encoder>) {
            std::vector<float> room(config_.dimension);
            if (auto const ok = encoder_(query, room); !ok) return refuse(ok.error());
            auto const m = rows_.compare().measure(std::span<float const>{room});
            return m ? f(*m) : result<answer>{refuse(m.error())};
        } else {
            auto const m = rows_.compare().measure(query);
            return m ? f(*m) : result<answer>{refuse(m.error())};
        }
    }
    /// More than k, to choose from.
    [[nodiscard]] result<std::vector<hit>> fetched(
        std::span<float const> query, std::size_t k, std::size_t effort) const {
        if (k == 0) return refuse(fault{faults::nothing_asked});
        std::size_t const most = overfetch({.entries = size(), .k = k});
        auto found = with_measured(query, [&](measured m) -> result<answer> {
            return searched_inside(
                m, {.k = most != 0 ? most : 1, .effort = effort}, detail::anyone{});
        });
        if (!found) return found.error();
        return std::move(found->hits);
    }
    template <class Admits>
    [[nodiscard]] result<answer> searched_inside(
        measured query, wish const& asked, Admits const& admits) const {
        if (asked.k == 0) return refuse(fault{faults::nothing_asked});
        stopwatch<Clock> const watch{clock_};
        constexpr bool all = std::is_same_v<Admits, detail::anyone>;
        bool const kept_answers = all || asked.filter != 0;
        question const q{
            .numbers = query.numbers,
            .dimension = config_.dimension,
            .by = config_.metric,
            .k = asked.k,
            .effort = asked.effort,
            .filter = all ? 0 : asked.filter,
            .encoder = encoder_version()};
        answer out;
        if (kept_answers) {
            detail::books::held const mine{books_};
            if (auto const known = books_.cache.find(q, version_)) {
                out.hits.assign(known.hits.begin(), known.hits.end());
                out.info = known.info;
                note(out, watch);
                return out;
            }
        }
        if (size() != 0) {
            detail::scratches::lent const lent{idle_};
            scratch& own = *lent;
            search_wish const inner{asked.k < size() ? asked.k : size(), asked.effort};
            out.info = damaged_ ? flat{}.search(rows_, query, inner, admits, own)
                                : index_.search(rows_, query, inner, admits, own);
            out.info.damaged = damaged_;
            own.best.settle();
            out.hits.reserve(own.best.size());
            for (near const one : own.best)
                out.hits.push_back({rows_.entry(one.slot), one.similarity});
            out.info.truncated = !out.info.exact && out.hits.size() < inner.k;
        }
        detail::books::held const mine{books_};
        if (kept_answers) books_.cache.store(q, out.hits, out.info, version_);
        note(out, watch);
        return out;
    }
    /// The books are held.
    void note(answer const& out, stopwatch<Clock> const& watch) const {
        for (hit const& h : out.hits) {
            auto& kept = kept_[h.entry.slot];
            ++kept.uses;
            kept.last_used = now_;
        }
        counters& counts = books_.counts;
        ++counts.searches;
        counts.cache_hits += out.info.cached ? 1 : 0;
        if (!out.info.cached) {
            counts.scans += out.info.by == searched::scan ? 1 : 0;
            counts.walks += out.info.by == searched::walk ? 1 : 0;
        }
        books_.times.add(watch);
    }
    [[nodiscard]] std::uint64_t encoder_version() const noexcept {
        if constexpr (encoder<Encoder>)
            return encoder_.version();
        else
            return 0;
    }

    memory_config config_;
    rows rows_;
    Index index_;
    [[no_unique_address]] Policy policy_;
    [[no_unique_address]] Encoder encoder_;
    [[no_unique_address]] Clock clock_;
    detail::tenancy<Payload> kept_;
    feedback_table judged_;
    mutable detail::books books_;
    mutable detail::scratches idle_;
    detail::gate gate_;
    version version_{};
    tick now_{};
    std::size_t payload_bytes_ = 0;
    bool damaged_ = false;
    runnel::detail::array<entry_id> victims_;
    std::vector<float> encoder_room_;
};

/// `make_memory<note>({.dimension = 384})`; after the config, what differs from the usual: an index, a policy, an
/// encoder, a clock.
template <
    class Payload = node_id, vector_index Index = adaptive, keeps Policy = keep_score,
    class Encoder = as_given, tells_time Clock = no_clock>
[[nodiscard]] result<memory<Payload, Index, Policy, Encoder, Clock>> make_memory(
    memory_config const& config, Index index = Index{}, Policy policy = Policy{},
    Encoder encode = Encoder{}, Clock clock = Clock{}) {
    return memory<Payload, Index, Policy, Encoder, Clock>::make(
        config, std::move(index), std::move(policy), std::move(encode), std::move(clock));
}

} // namespace runnel::recall
