// SPDX-License-Identifier: MIT
// room: recall. Asking a memory: through the cache to the index, one question or many.
//
// Laws: whatever is called here holds the gate, or takes it. An answer that was kept and one that was worked out
//       differ in `cached` alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/recall/answer.hpp>
#include <runnel/recall/detail/holdings.hpp>
#include <runnel/recall/diverse.hpp>
#include <runnel/recall/encoder.hpp>
#include <runnel/recall/flat.hpp>

namespace runnel::recall::detail {

template <class Payload, vector_index Index, keeps Policy, class Encoder, tells_time Clock>
class asking {
protected:
    asking(holdings<Payload, Index, Policy>&& all, Encoder&& encode, Clock&& clock)
        : all_(std::move(all)), encoder_(std::move(encode)), clock_(std::move(clock)) {}

    [[nodiscard]] recall::rows const& rows() const noexcept { return all_.rows_; }
    [[nodiscard]] static fault stale(entry_id entry) noexcept {
        return fault{faults::stale_handle, entry.slot};
    }
    fault refuse(fault what) const noexcept {
        refuse();
        return what;
    }
    void refuse() const noexcept {
        books::held const mine{all_.books_};
        ++all_.books_.counts.refused;
    }
    template <class Admits>
    [[nodiscard]] result<answer> answered(
        std::span<float const> query, wish const& asked, Admits const& admits) const {
        gate::shared const inside{all_.gate_};
        auto found = with_measured(
            query, [&](measured m) -> result<answer> { return searched_inside(m, asked, admits); });
        if (found) used(found->hits);
        return found;
    }
    template <class F>
    [[nodiscard]] result<answer> with_measured(std::span<float const> query, F&& f) const {
        if constexpr (encoder<Encoder>) {
            std::vector<float> room(all_.config_.dimension);
            if (auto const ok = encoder_(query, room); !ok) return refuse(ok.error());
            auto const m = rows().compare().measure(std::span<float const>{room});
            return m ? f(*m) : result<answer>{refuse(m.error())};
        } else {
            auto const m = rows().compare().measure(query);
            return m ? f(*m) : result<answer>{refuse(m.error())};
        }
    }
    /// More than k, to choose from.
    [[nodiscard]] result<answer> fetched(
        std::span<float const> query, std::size_t k, std::size_t effort) const {
        if (k == 0) return refuse(fault{faults::nothing_asked});
        std::size_t const most = overfetch({.entries = rows().size(), .k = k});
        return with_measured(query, [&](measured m) -> result<answer> {
            return searched_inside(m, {.k = most != 0 ? most : 1, .effort = effort}, anyone{});
        });
    }
    template <class Admits>
    [[nodiscard]] result<answer> searched_inside(
        measured query, wish const& asked, Admits const& admits) const {
        if (asked.k == 0) return refuse(fault{faults::nothing_asked});
        stopwatch<Clock> const watch{clock_};
        constexpr bool all = std::is_same_v<Admits, anyone>;
        bool const kept_answers = all || asked.filter != 0;
        question const q{
            .numbers = query.numbers,
            .dimension = all_.config_.dimension,
            .by = all_.config_.metric,
            .k = asked.k,
            .effort = asked.effort,
            .filter = all ? 0 : asked.filter,
            .encoder = version_of(encoder_)};
        answer out;
        if (kept_answers) {
            books::held const mine{all_.books_};
            if (auto const known = all_.books_.cache.find(q, all_.version_)) {
                out.hits.assign(known.hits.begin(), known.hits.end());
                out.info = known.info;
                note(out, watch);
                return out;
            }
        }
        if (rows().size() != 0) {
            scratches::lent const lent{all_.idle_};
            scratch& own = *lent;
            search_wish const inner{
                asked.k < rows().size() ? asked.k : rows().size(), asked.effort};
            out.info = all_.damaged_ ? flat{}.search(rows(), query, inner, admits, own)
                                     : all_.index_.search(rows(), query, inner, admits, own);
            out.info.damaged = all_.damaged_;
            own.best.settle();
            out.hits.reserve(own.best.size());
            for (near const one : own.best)
                out.hits.push_back({rows().entry(one.slot), one.similarity});
            out.info.truncated = !out.info.exact && out.hits.size() < inner.k;
        }
        books::held const mine{all_.books_};
        if (kept_answers) all_.books_.cache.store(q, out.hits, out.info, all_.version_);
        note(out, watch);
        return out;
    }
    /// Do searches scan the rows themselves at the moment?
    [[nodiscard]] bool scanning() const noexcept {
        if (rows().coded() != nullptr) return false; // by codes one by one is the faster way
        if (all_.damaged_) return true;
        if constexpr (requires { all_.index_.scans(); })
            return all_.index_.scans();
        else
            return false;
    }
    [[nodiscard]] result<std::vector<answer>> answered_all(
        std::span<float const> queries, wish const& asked) const {
        std::size_t const width = all_.config_.dimension;
        if (asked.k == 0) return refuse(fault{faults::nothing_asked});
        if (queries.size() % width != 0)
            return refuse(length_fault({width, queries.size() % width}));
        std::size_t const count = queries.size() / width;
        gate::shared const inside{all_.gate_};
        std::vector<float> encoded;
        std::vector<measured> all(count);
        if constexpr (encoder<Encoder>) encoded.resize(queries.size());
        for (std::size_t i = 0; i < count; ++i) {
            std::span<float const> query = queries.subspan(i * width, width);
            if constexpr (encoder<Encoder>) {
                std::span<float> const out{encoded.data() + i * width, width};
                if (auto const ok = encoder_(query, out); !ok) return refuse(ok.error());
                query = out;
            }
            auto const m = rows().compare().measure(query);
            if (!m)
                return refuse(fault{
                    fault_kind{m.error().code(), m.error().sentence()}, m.error().offender(), i});
            all[i] = *m;
        }
        std::vector<answer> out;
        out.reserve(count);
        if (!scanning() || rows().size() == 0) {
            for (measured const& query : all) {
                auto found = searched_inside(query, asked, anyone{});
                if (!found) return found.error();
                used(found->hits);
                out.push_back(std::move(*found));
            }
            return out;
        }
        std::vector<nearest> best(count);
        for (nearest& one : best) one.reset(asked.k < rows().size() ? asked.k : rows().size());
        std::uint32_t const compared = scan_all(rows(), all.data(), count, anyone{}, best.data());
        for (nearest& one : best) {
            one.settle();
            answer found{
                {}, {.by = searched::scan, .damaged = all_.damaged_, .compared = compared}};
            for (near const n : one) found.hits.push_back({rows().entry(n.slot), n.similarity});
            used(found.hits);
            out.push_back(std::move(found));
        }
        books::held const mine{all_.books_};
        all_.books_.counts.searches += count;
        all_.books_.counts.scans += count;
        return out;
    }
    /// Entries that were answered with.
    template <class List> void used(List const& answered_with) const {
        books::held const mine{all_.books_};
        for (auto const& one : answered_with) {
            auto& kept = all_.kept_[one.entry.slot];
            ++kept.uses;
            kept.last_used = all_.now_;
        }
    }
    /// The books are held.
    void note(answer const& out, stopwatch<Clock> const& watch) const {
        counters& counts = all_.books_.counts;
        ++counts.searches;
        counts.cache_hits += out.info.cached ? 1 : 0;
        if (!out.info.cached) {
            counts.scans += out.info.by == searched::scan ? 1 : 0;
            counts.walks += out.info.by == searched::walk ? 1 : 0;
        }
        all_.books_.times.add(watch);
        all_.slim_searches();
    }

    holdings<Payload, Index, Policy> all_;
    [[no_unique_address]] Encoder encoder_;
    [[no_unique_address]] Clock clock_;
};

} // namespace runnel::recall::detail
