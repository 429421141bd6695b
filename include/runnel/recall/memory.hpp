// SPDX-License-Identifier: MIT
// room: recall. A memory: vectors with payloads, found by nearness, kept within a budget, judged by their use.
//
// Why:  rows, index, cache, budget and feedback are each of use alone; here they are one thing that cannot be put
//       together wrongly.
// Laws: a call that is refused has changed nothing. `bytes()` is what all buffers hold, and after an insertion
//       not above the budget. An entry that was erased or evicted is never found again, and its id never
//       means another entry (until `clear`, after which the memory is as made; an id of another memory, or of
//       one since moved from, means nothing here, and is not known for what it is).
//       Threads: any number may call const members beside one that calls the others. A search sees the memory
//       as it is before or after a change. A filter, and what `read` calls, must not change the memory. What
//       `payload` points to is gone when its entry is.
// Cost: an addition that of its index; a search that of its index and about half a microsecond.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/core/ids.hpp>
#include <runnel/recall/adaptive.hpp>
#include <runnel/recall/detail/asking.hpp>
#include <runnel/recall/detail/parts.hpp>
#include <runnel/recall/narrow.hpp>

namespace runnel::recall {

template <
    class Payload = node_id, vector_index Index = adaptive, keeps Policy = keep_score,
    class Encoder = as_given, tells_time Clock = no_clock>
class memory : detail::asking<Payload, Index, Policy, Encoder, Clock> {
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
        if (auto const ok = fits(config.dimension, lent); !ok) return ok.error();
        if constexpr (encoder<Encoder>)
            if (encode.dimension() != config.dimension)
                return fault{
                    fault_kind{
                        faults::dimension_mismatch.code,
                        "the encoder makes vectors of another length than the memory's"},
                    static_cast<std::uint64_t>(encode.dimension())};
        memory made{
            holdings{config, std::move(index), std::move(policy), lent}, std::move(encode),
            std::move(clock)};
        if (auto const ok = made.all_.limit_holds(); !ok) return ok.error();
        return made;
    }

    // ---- what it holds

    [[nodiscard]] std::size_t size() const noexcept {
        detail::gate::shared const inside{all_.gate_};
        return rows().size();
    }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] memory_config const& settings() const noexcept { return all_.config_; }
    [[nodiscard]] Index const& index() const noexcept { return all_.index_; }
    [[nodiscard]] recall::rows const& vectors() const noexcept { return rows(); }
    [[nodiscard]] Encoder& encode() noexcept { return encoder_; }
    /// Moves with every change that may change an answer.
    [[nodiscard]] version changes() const noexcept {
        detail::gate::shared const inside{all_.gate_};
        return all_.version_;
    }
    [[nodiscard]] bool damaged() const noexcept {
        detail::gate::shared const inside{all_.gate_};
        return all_.damaged_;
    }
    [[nodiscard]] bool holds(entry_id entry) const noexcept {
        detail::gate::shared const inside{all_.gate_};
        return rows().holds(entry);
    }
    /// Nothing if the entry is not here; not for use beside a thread that erases.
    [[nodiscard]] Payload const* payload(entry_id entry) const noexcept {
        detail::gate::shared const inside{all_.gate_};
        return rows().holds(entry) ? &all_.kept_[entry.slot].payload : nullptr;
    }
    /// The same beside one: f(payload) while nothing changes.
    template <class F> status read(entry_id entry, F&& f) const {
        detail::gate::shared const inside{all_.gate_};
        if (!rows().holds(entry)) return stale(entry);
        f(std::as_const(all_.kept_[entry.slot].payload));
        return {};
    }
    /// As it was remembered, encoded; until the entry changes or goes.
    template <class = void>
    [[nodiscard]] result<std::span<float const>> vector(entry_id entry) const noexcept {
        detail::gate::shared const inside{all_.gate_};
        if (!rows().holds(entry)) return stale(entry);
        return rows().vector(entry.slot);
    }
    [[nodiscard]] result<double> utility(entry_id entry) const noexcept {
        detail::gate::shared const inside{all_.gate_};
        if (!rows().holds(entry)) return stale(entry);
        return all_.judged_.utility(all_.kept_[entry.slot].told);
    }
    /// What the policy is told of it.
    [[nodiscard]] result<tenant> facts(entry_id entry) const noexcept {
        detail::gate::shared const inside{all_.gate_};
        if (!rows().holds(entry)) return stale(entry);
        detail::books::held const mine{all_.books_};
        return all_.tenant_at(entry.slot);
    }
    template <class F> void each(F&& f) const {
        detail::gate::shared const inside{all_.gate_};
        detail::each_live(rows(), detail::anyone{}, [&](std::uint32_t slot) {
            f(rows().entry(slot), std::as_const(all_.kept_[slot].payload));
        });
    }
    [[nodiscard]] feedback_table const& classes() const noexcept { return all_.judged_; }
    [[nodiscard]] counters counts() const noexcept {
        detail::books::held const mine{all_.books_};
        return all_.books_.counts;
    }
    [[nodiscard]] latency_histogram times() const noexcept {
        detail::books::held const mine{all_.books_};
        return all_.books_.times;
    }
    [[nodiscard]] double cache_hit_rate() const noexcept {
        detail::books::held const mine{all_.books_};
        return all_.books_.cache.hit_rate();
    }
    /// Of all buffers, and of what payloads hold elsewhere.
    [[nodiscard]] std::size_t bytes() const noexcept {
        detail::gate::shared const inside{all_.gate_};
        detail::books::held const mine{all_.books_};
        return all_.held_now();
    }

    // ---- changing it

    [[nodiscard]] result<entry_id> add(
        std::span<float const> vector, Payload payload, details known = {}) {
        auto const done = try_add(vector, std::move(payload), known);
        if (!done) refuse();
        return done;
    }
    /// Row after row: as many vectors as there are payloads. All or none: what one of them would be refused for, it
    /// is refused for before the first is added, and the fault's position is its row. Yields the entries; under a
    /// budget those added last may have evicted the first.
    [[nodiscard]] result<std::vector<entry_id>> add_batch(
        std::span<float const> vectors, std::span<Payload const> payloads, details known = {}) {
        if (payloads.empty() ? !vectors.empty() : vectors.size() % payloads.size() != 0)
            return refuse(no_rows(payloads.size(), vectors.size()));
        std::size_t const width = payloads.empty() ? 0 : vectors.size() / payloads.size();
        if constexpr (!encoder<Encoder>)
            if (!payloads.empty() && width != settings().dimension)
                return refuse(no_rows(payloads.size(), vectors.size()));
        auto const at_row = [&](fault const& f, std::size_t i) {
            return refuse(fault{fault_kind{f.code(), f.sentence()}, f.offender(), i});
        };
        for (std::size_t i = 0; i < payloads.size(); ++i)
            if (auto const ok = admit(vectors.subspan(i * width, width), known); !ok)
                return at_row(ok.error(), i);
        // Copies: a payload that is moved in may hold more than one that was copied.
        std::vector<Payload> coming(payloads.begin(), payloads.end());
        std::size_t largest = 0;
        for (std::size_t i = 0; i < coming.size(); ++i)
            if (held_bytes(coming[i]) > held_bytes(coming[largest])) largest = i;
        if (!coming.empty())
            if (auto const ok = all_.fits_at_all(held_bytes(coming[largest])); !ok)
                return at_row(ok.error(), largest);
        std::vector<entry_id> entries;
        entries.reserve(payloads.size());
        if (settings().budget.limit == 0)
            if (auto const ok = reserve(rows().size() + payloads.size()); !ok) return ok.error();
        for (std::size_t i = 0; i < payloads.size(); ++i) {
            auto const one = add(vectors.subspan(i * width, width), std::move(coming[i]), known);
            if (!one) return one.error(); // a policy that yields no number: those before it stay
            entries.push_back(*one);
        }
        return entries;
    }
    /// Room for so many entries at once, in one piece.
    [[nodiscard]] status reserve(std::size_t entries) {
        auto const ok = all_.reserve(entries);
        return ok ? ok : refuse(ok.error());
    }
    /// Pinned or not: pins hold against eviction.
    [[nodiscard]] status erase(entry_id entry) {
        if (!rows().holds(entry)) return refuse(stale(entry));
        all_.remove(entry.slot);
        detail::books::held const mine{all_.books_};
        ++all_.books_.counts.erases;
        return {};
    }
    /// Another vector for an entry, which keeps its id, its payload and what is known of it.
    [[nodiscard]] status update(entry_id entry, std::span<float const> vector) {
        if (!rows().holds(entry)) return refuse(stale(entry));
        auto const m = admit(vector, {});
        if (!m) return refuse(m.error());
        all_.update(entry.slot, *m);
        return {};
    }
    /// Another payload for an entry. Where it is larger others may have to go, as for an addition.
    [[nodiscard]] status replace_payload(entry_id entry, Payload payload) {
        if (!rows().holds(entry)) return refuse(stale(entry));
        auto const ok = all_.replace(entry.slot, std::move(payload));
        return ok ? ok : refuse(ok.error());
    }
    /// A pinned entry is not evicted. Pins add up.
    [[nodiscard]] status pin(entry_id entry) {
        if (!rows().holds(entry)) return refuse(stale(entry));
        detail::books::held const mine{all_.books_};
        ++all_.kept_[entry.slot].pins;
        return {};
    }
    [[nodiscard]] status unpin(entry_id entry) {
        if (!rows().holds(entry)) return refuse(stale(entry));
        if (all_.kept_[entry.slot].pins == 0) return refuse(fault{faults::not_pinned, entry.slot});
        detail::books::held const mine{all_.books_};
        --all_.kept_[entry.slot].pins;
        return {};
    }
    /// What came of an entry: 0 did harm, 1 was of full use.
    [[nodiscard]] status tell(entry_id entry, double outcome) {
        if (!rows().holds(entry)) return refuse(stale(entry));
        detail::gate::exclusive const alone{all_.gate_};
        auto const ok = all_.judged_.tell(
            all_.kept_[entry.slot].told,
            {.of = all_.kept_[entry.slot].of_class, .outcome = outcome});
        if (!ok) return refuse(ok.error());
        all_.version_ = next(all_.version_); // filters may ask for it
        return {};
    }
    /// Time passes by one with every addition; here by more.
    void elapse(std::uint64_t ticks) noexcept {
        detail::gate::exclusive const alone{all_.gate_};
        all_.now_ = later(all_.now_, ticks);
    }
    /// As made.
    void clear() noexcept { all_.clear(); }
    /// Does the index hold together? If not, searches scan from now on, and say so.
    status check() { return all_.check(); }
    /// The index anew, out of the rows, beside the old one until it is done.
    void rebuild() { all_.rebuild(); }

    // ---- asking it

    /// The k nearest.
    [[nodiscard]] result<answer> search(std::span<float const> query, wish asked = {}) const {
        return this->answered(query, asked, detail::anyone{});
    }
    /// The k nearest of those for which filter(payload), or filter(entry, payload), is true.
    template <class Filter>
        requires(
            std::is_invocable_r_v<
                bool, Filter const&,
                Payload const&> || std::is_invocable_r_v<bool, Filter const&, entry_id, Payload const&>)
    [[nodiscard]] result<answer> search(
        std::span<float const> query, wish asked, Filter const& filter) const {
        return this->answered(query, asked, [&](std::uint32_t slot) -> bool {
            Payload const& payload = all_.kept_[slot].payload;
            if constexpr (std::is_invocable_r_v<bool, Filter const&, Payload const&>)
                return filter(payload);
            else
                return filter(rows().entry(slot), payload);
        });
    }
    /// The k nearest of each of several queries, row after row: where searches scan, a row is read once for all.
    [[nodiscard]] result<std::vector<answer>> search_all(
        std::span<float const> queries, wish asked = {}) const {
        return this->answered_all(queries, asked);
    }
    /// Those of a utility of at least `least`.
    [[nodiscard]] result<answer> useful(
        std::span<float const> query, double least, wish asked = {}) const {
        if (!(least >= 0 && least <= 1))
            return refuse(
                fault{fault_kind{faults::off_scale.code, "a utility lies in [0, 1]"}, least});
        asked.filter = 0;
        return this->answered(query, asked, [&](std::uint32_t slot) {
            return all_.judged_.utility(all_.kept_[slot].told) >= least;
        });
    }
    /// The k nearest to an entry, but for itself.
    [[nodiscard]] result<answer> similar(entry_id entry, wish asked = {}) const {
        detail::gate::shared const inside{all_.gate_};
        if (!rows().holds(entry)) return refuse(stale(entry));
        asked.filter = 0;
        auto found = this->searched_inside(
            rows()[entry.slot], asked, [&](std::uint32_t slot) { return slot != entry.slot; });
        if (found) used(found->hits);
        return found;
    }
    /// k of the nearest that are not all the same.
    [[nodiscard]] result<diverse_answer> diverse(
        std::span<float const> query, diversity of = {}, std::size_t effort = 0) const {
        if (auto const ok = of.validate(); !ok) return refuse(ok.error());
        detail::gate::shared const inside{all_.gate_};
        auto const near = fetched(query, of.k, effort);
        if (!near) return near.error();
        std::vector<contender> contenders;
        contenders.reserve(near->size());
        for (hit const& h : *near)
            contenders.push_back(
                {h.entry, rows()[h.entry.slot],
                 absolute(settings().metric, static_cast<double>(h.similarity))});
        recall::diverse pick;
        auto const found = pick(rows().compare(), contenders, of);
        if (!found) return refuse(found.error());
        diverse_answer out{{{}, near->info}, found->fell_short};
        for (diverse_pick const& one : found->picks)
            for (hit const& h : *near)
                if (h.entry == one.entry) out.hits.push_back({one, h.similarity});
        used(out.hits);
        return out;
    }
    /// By similarity, utility and agreement with a class.
    [[nodiscard]] result<basic_answer<scored>> ranked(
        std::span<float const> query, std::optional<std::uint16_t> of_class,
        wish asked = {}) const {
        detail::gate::shared const inside{all_.gate_};
        auto const near = fetched(query, asked.k, asked.effort);
        if (!near) return near.error();
        std::vector<prospect> prospects;
        prospects.reserve(near->size());
        for (hit const& h : *near) {
            auto const& kept = all_.kept_[h.entry.slot];
            prospects.push_back(
                {h.entry, h.similarity, all_.judged_.utility(kept.told),
                 !of_class                    ? agreement::unknown
                 : *of_class == kept.of_class ? agreement::match
                                              : agreement::mismatch});
        }
        basic_answer<scored> out{std::vector<scored>(prospects.size()), near->info};
        if (auto const ok = rank(settings().hybrid, settings().metric, prospects, out.hits); !ok)
            return refuse(ok.error());
        if (out.size() > asked.k) out.hits.resize(asked.k);
        used(out.hits);
        return out;
    }
    /// k in turns over the classes of the nearest.
    [[nodiscard]] result<answer> balanced(std::span<float const> query, wish asked = {}) const {
        detail::gate::shared const inside{all_.gate_};
        auto const near = fetched(query, asked.k, asked.effort);
        if (!near) return near.error();
        narrowing<std::uint16_t> by;
        answer out{{}, near->info};
        for (std::uint32_t const place : by.in_turns(
                 *near, asked.k, [&](entry_id entry) { return all_.kept_[entry.slot].of_class; }))
            out.hits.push_back((*near)[place]);
        used(out.hits);
        return out;
    }

private:
    using holdings = detail::holdings<Payload, Index, Policy>;
    using asking = detail::asking<Payload, Index, Policy, Encoder, Clock>;
    using asking::all_;
    using asking::encoder_;
    using asking::fetched;
    using asking::refuse;
    using asking::rows;
    using asking::stale;
    using asking::used;

    memory(holdings&& all, Encoder&& encode, Clock&& clock)
        : asking(std::move(all), std::move(encode), std::move(clock)) {}

    // ---- entries in

    [[nodiscard]] static fault no_rows(std::size_t payloads, std::size_t numbers) noexcept {
        return fault{
            fault_kind{
                faults::dimension_mismatch.code,
                "as many vectors are needed as there are payloads"},
            runnel::detail::short_text::joined(numbers, " numbers for ", payloads).view()};
    }
    [[nodiscard]] static status fits(std::size_t dimension, borrowed lent) noexcept {
        if (lent.numbers == nullptr && lent.count != 0)
            return fault{fault_kind{faults::not_a_row.code, "a matrix was lent that is nowhere"}};
        if (lent.count % dimension != 0)
            return fault{
                fault_kind{
                    faults::dimension_mismatch.code,
                    "a matrix that is lent has whole rows of the memory's dimension; its numbers"},
                static_cast<std::uint64_t>(lent.count)};
        return {};
    }
    [[nodiscard]] result<measured> admit(std::span<float const> vector, details const& known) {
        quality_gate const& gate = settings().quality;
        if (known.quality) {
            if (!(*known.quality >= 0 && *known.quality <= 1))
                return fault{
                    fault_kind{faults::off_scale.code, "a quality lies in [0, 1]"}, *known.quality};
            if (gate.on && *known.quality < gate.least)
                return fault{faults::low_quality, *known.quality};
        }
        if constexpr (encoder<Encoder>) {
            encoded_.resize(settings().dimension);
            std::span<float> const out{encoded_.data(), encoded_.size()};
            if (auto const ok = encoder_(vector, out); !ok) return ok.error();
            vector = out;
        }
        auto const m = rows().compare().measure(vector);
        if (m && !rows().owns() && !rows().is_row(m->numbers)) return fault{faults::not_a_row};
        return m;
    }
    [[nodiscard]] result<entry_id> try_add(
        std::span<float const> vector, Payload&& payload, details const& known) {
        auto const m = admit(vector, known);
        return m ? all_.add(*m, std::move(payload), known.of_class) : result<entry_id>{m.error()};
    }

    runnel::detail::array<float> encoded_;
};

/// `make_memory<note>({.dimension = 384})`; after the config, in any order, what differs from the usual: an index, a
/// policy of keeping, an encoder, a clock, a matrix that is lent.
template <class Payload = node_id, class... Part>
[[nodiscard]] auto make_memory(memory_config const& config, Part... parts) {
    static_assert(detail::parts_make_sense<Part...>());
    auto index = detail::part_of_parts<detail::is_index, adaptive>(parts...);
    auto policy = detail::part_of_parts<detail::is_policy, keep_score>(parts...);
    auto encode = detail::part_of_parts<detail::is_encoder, as_given>(parts...);
    auto clock = detail::part_of_parts<detail::is_clock, no_clock>(parts...);
    borrowed const lent = detail::part_of_parts<detail::is_lent, borrowed>(parts...);
    return memory<Payload, decltype(index), decltype(policy), decltype(encode), decltype(clock)>::
        make(
            config, std::move(index), std::move(policy), std::move(encode), std::move(clock), lent);
}

} // namespace runnel::recall
