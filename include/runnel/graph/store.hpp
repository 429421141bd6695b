// SPDX-License-Identifier: MIT
// room: graph. The store: log-weights in ordered rows, their versions, and who may write them.
//
// Why:  the hot path reads one 16-byte head per source and never the graph's targets. Learning writes
//       through batches under exclusive access, so that frames read without locks. Forgetting moves one
//       figure per kind of link (runnel/graph/fading.hpp); all that reads here reads what is left.
// Laws: every stretch of a row stays ordered by (log-weight falling, link id), but for links that decay
//       made equal, which stay where they stood; heads equal the row's maximum; after any `apply`,
//       weights equal the fold of `moved` in (field, frame, source, link) order. A fault changes nothing.
//       The graph's contents must outlive the store.
// Cost: 8 B per link + 16 B per node; + 8 B per link and node once something writes. A changed weight moves within
//       its stretch: in a short one O(distance); in a long one two blocks of some hundred links, and from its first
//       single write on another 6 B per link (detail/tall.hpp). Many at once sort the row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/lease.hpp>
#include <runnel/core/log_weight.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/versions.hpp>
#include <runnel/graph/batch.hpp>
#include <runnel/graph/cohorts.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/fading.hpp>
#include <runnel/graph/rows.hpp>
#include <runnel/graph/runs.hpp>
#include <runnel/graph/topology.hpp>

namespace runnel {

namespace faults {
inline constexpr fault_kind store_busy{
    "store.busy", "a frame reads or a writer writes this store right now"};
inline constexpr fault_kind store_owned{
    "store.owned", "another engine writes this store: make this one on a const store"};
inline constexpr fault_kind foreign_link{
    "store.foreign_link", "this link does not leave its source"};
inline constexpr fault_kind clamp_order{"store.clamp_order", "low must not lie above high"};
inline constexpr fault_kind batch_twice{
    "store.batch_twice", "two batches carry the same field key and frame; fields that learn "
                         "together need keys of their own: make_field(field_key{n})"};
} // namespace faults

class graph::store {
public:
    store(store&&) noexcept = default;
    store& operator=(store&&) noexcept = default;
    store(store const&) = delete;
    store& operator=(store const&) = delete;
    ~store() = default;

    /// Is this the graph the store was built with?
    [[nodiscard]] bool belongs_to(graph const& topology) const noexcept {
        return offsets_ == topology.offsets_.data();
    }
    /// Links that can carry energy: self loops do not count.
    [[nodiscard]] std::uint32_t degree(node_id node) const noexcept {
        return head_of(node).degree_and_tie & ~tie_bit;
    }
    /// Does one falling sequence of weights cover the whole row?
    [[nodiscard]] bool ordered(node_id node) const noexcept { return segments(node).size() < 2; }
    [[nodiscard]] best_link best(node_id node) const noexcept {
        if (fading_.started()) [[unlikely]]
            return faded_best(node);
        return written_best(node);
    }
    /// Has time ever lowered a weight? Whoever asks for many heads asks this once.
    [[nodiscard]] bool forgot() const noexcept { return fading_.started(); }
    /// `best` of a store that never forgot.
    [[nodiscard]] best_link written_best(node_id node) const noexcept {
        head const& h = head_of(node);
        return {h.target, h.lw, h.place, (h.degree_and_tie & tie_bit) != 0};
    }
    /// Asks for the line `best` will read.
    [[gnu::always_inline]] void ask_best(node_id node) const noexcept {
        __builtin_prefetch(&heads_[runnel::index(node)]);
    }
    /// How many links weigh as much as the best; by galloping, O(segments * log ties).
    [[nodiscard]] std::uint32_t tied(node_id node) const noexcept;
    /// The i-th of them.
    [[nodiscard]] out_link tied(node_id node, std::uint32_t i) const noexcept;
    /// Calls f(equal_links const&) for the runs of equal weight, heaviest first, while it returns true.
    template <class F> void each_run(node_id node, run_scratch& scratch, F&& f) const;
    [[nodiscard]] row_links links(node_id node) const noexcept {
        return {
            rows_.data(),
            begin(node),
            degree(node),
            segments(node),
            only_type_,
            fades_of(node),
            talls_.empty() ? nullptr : &talls_};
    }
    /// The row of a store that never forgot, if types or blocks do not cut it.
    [[nodiscard]] runnel::whole_row whole_row(node_id node) const noexcept {
        head const& h = head_of(node);
        runnel::whole_row row{
            nullptr, h.degree_and_tie & ~tie_bit, static_cast<std::uint32_t>(h.place), only_type_};
        row_segments const cuts = segments(node);
        if (row.degree == 0 || cuts.size() > 1) return row;
        if (!talls_.empty() && talls_.at(row.first, row.degree) != nullptr) return row;
        if (!cuts.empty()) row.type = cuts[0].type;
        row.entries = rows_.data() + row.first;
        return row;
    }
    /// Asks for the line where a row begins whose head is at hand.
    [[gnu::always_inline]] void ask_row(node_id node) const noexcept {
        __builtin_prefetch(rows_.data() + runnel::index(heads_[runnel::index(node)].place));
    }
    /// Calls f(row_entry const&) for the row as it is stored, stretch after stretch, self loops left out: what decay has
    /// taken since a weight was written is not taken off. `links` reads.
    template <class F> void each_stored(node_id node, F&& f) const {
        each_stretch(node, [&](std::uint32_t first, std::uint32_t end, link_type) {
            each_entry(first, end, [&](row_entry const& entry) {
                f(entry);
                return true;
            });
        });
    }

    /// Names the link at a place of a source's row. Once something has written O(1), in a tall row O(sqrt d); before
    /// O(log d) (O(d) among parallel links of one type).
    [[nodiscard]] link_id link(node_id source, row_place place) const noexcept;
    /// Where a link stands; once something has written O(1), in a tall row O(block); before O(d).
    [[nodiscard]] row_place place(node_id source, link_id link) const noexcept;
    /// A link's log-weight. As `place`.
    [[nodiscard]] log_weight lw(node_id source, link_id link) const noexcept;
    // The same without the source, which is looked for: O(log nodes) more.
    [[nodiscard]] link_id link(row_place place) const noexcept {
        return link(source_of(runnel::index(place)), place);
    }
    [[nodiscard]] row_place place(link_id link) const noexcept {
        return place(source_of(runnel::index(link)), link);
    }
    [[nodiscard]] log_weight lw(link_id link) const noexcept {
        return lw(source_of(runnel::index(link)), link);
    }
    /// What a link of a source is compared with.
    [[nodiscard]] cohort cohort_of(node_id source, link_type type) const noexcept {
        RUNNEL_EXPECTS(known(source), "graph: a node of another graph");
        return {type, scopes_ == nullptr ? scope_id{} : scopes_[runnel::index(source)]};
    }
    /// The type of the link at a place of a source's row. O(types of the row).
    [[nodiscard]] link_type type_at(node_id source, row_place place) const noexcept {
        for (row_segment const& segment : segments(source))
            if (runnel::index(place) < segment.end) return segment.type;
        return only_type_;
    }
    /// How the log-weights of every cohort are spread, self loops left out, and as if decay had no floor.
    [[nodiscard]] cohort_sums const& cohorts() const noexcept { return cohorts_; }
    /// How often any weight was written or lowered.
    [[nodiscard]] version stamp() const noexcept { return writes_; }
    /// How often this node's row changed; what lowers many weights at once counts for every node.
    [[nodiscard]] version stamp(node_id node) const noexcept {
        RUNNEL_EXPECTS(known(node), "graph: a node of another graph");
        auto const own = versions_.empty() ? version{} : versions_[runnel::index(node)];
        return version{static_cast<std::uint64_t>(own) + static_cast<std::uint64_t>(falls_)};
    }

    /// Merges batches under exclusive access, all or nothing.
    template <class = void> [[nodiscard]] status apply(std::span<batch const> batches);
    template <class = void> [[nodiscard]] status apply(std::initializer_list<batch> batches) {
        return apply(std::span<batch const>{batches.begin(), batches.size()});
    }
    /// Sets weights directly, all or nothing; of two settings of one link the later counts.
    template <class = void> [[nodiscard]] status assign(std::span<weight_setting const> settings);
    template <class = void>
    [[nodiscard]] status assign(std::initializer_list<weight_setting> settings) {
        return assign(std::span<weight_setting const>{settings.begin(), settings.size()});
    }

    /// Time passes: weights fall at these rates, as far as min(what was last written, -5). Under exclusive access, all or
    /// nothing. Self loops, which carry nothing, keep their weight.
    template <class = void> [[nodiscard]] status forget(fall_rates const& rates, double seconds);
    /// The store's own slow clock: one more frame, so many seconds. With every `rates.every`-th frame, what they took
    /// together is forgotten; when that is refused as store.busy the time is kept and the next frame tries again.
    template <class = void> [[nodiscard]] status elapse(fall_rates const& rates, double seconds);

    [[nodiscard]] lease_board const& board() const noexcept { return board_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return heads_.capacity() * sizeof(head) + rows_.capacity() * sizeof(row_entry)
               + link_at_.capacity() * 4 + place_of_.capacity() * 4 + versions_.capacity() * 8
               + talls_.bytes() + cohorts_.bytes() + fading_.bytes();
    }

private:
    friend class graph::builder;
    static constexpr std::uint32_t tie_bit = 0x8000'0000U;
    struct head {
        row_place place{};
        std::uint32_t degree_and_tie = 0;
        node_id target = no_node;
        log_weight lw{};
    };
    static_assert(sizeof(head) == 16);
    struct wish { // one change on its way into the rows
        weight_change change;
        std::uint64_t field;
        std::uint64_t frame;
        std::uint64_t turn; // among all: two wishes of one frame for one link keep their order
    };

    struct exclusive {
        lease_board const& board;
        ~exclusive() { board.end_write(); }
    };

    store() = default;

    /// Are links and places of this number the node's? They share one range.
    [[nodiscard]] bool owns(node_id node, std::size_t number) const noexcept {
        return known(node) && number >= offsets_[runnel::index(node)]
               && number < offsets_[runnel::index(node) + 1];
    }
    [[nodiscard]] bool known(node_id node) const noexcept {
        return runnel::index(node) < heads_.size();
    }
    /// Whose they are, if anybody's.
    [[nodiscard]] node_id source_of(std::size_t number) const noexcept;
    [[nodiscard]] head const& head_of(node_id node) const noexcept {
        RUNNEL_EXPECTS(known(node), "graph: a node of another graph");
        return heads_[runnel::index(node)];
    }
    [[nodiscard]] std::uint32_t begin(node_id node) const noexcept {
        return offsets_[runnel::index(node)];
    }
    [[nodiscard]] row_segments segments(node_id node) const noexcept {
        if (segments_ == nullptr) return {};
        std::uint32_t const first = segment_offsets_[runnel::index(node)];
        return {segments_ + first, segment_offsets_[runnel::index(node) + 1] - first};
    }
    [[nodiscard]] std::uint32_t first_link(node_id source, node_id target) const noexcept;
    template <class Rows, class Range>
    [[nodiscard]] static std::uint32_t run_length(
        Rows const& rows, std::uint32_t count, Range stored) noexcept;
    template <class F, class Fades>
    void walk_runs(node_id node, run_scratch& scratch, F& f, Fades const& fades) const;
    template <class F> void each_stretch(node_id node, F&& f) const;
    template <class F> void each_entry(std::uint32_t first, std::uint32_t end, F&& f) const;
    [[nodiscard]] detail::stretch_rows stretch(
        std::uint32_t first, std::uint32_t end) const noexcept {
        return {rows_.data() + first, talls_.at(first, end - first)};
    }
    [[nodiscard]] detail::tall_stretch* tall_with(
        node_id node, std::uint32_t number) const noexcept;
    template <class Fades>
    [[nodiscard]] head top_of(
        node_id node, std::uint32_t degree, Fades const& fades) const noexcept;
    void refresh_head(node_id node, std::uint32_t degree) noexcept;
    template <class = void>
    [[nodiscard, gnu::noinline]] best_link faded_best(node_id node) const noexcept;
    [[nodiscard]] detail::row_fades const* fades_of(node_id source) const noexcept {
        return fading_.started() ? &fading_.of(source) : nullptr;
    }
    // A store that never forgot has code of its own for what comes by often.
    [[nodiscard]] log_weight heaviest(node_id node, detail::no_fades) const noexcept {
        return head_of(node).lw;
    }
    [[nodiscard]] log_weight heaviest(node_id node, detail::row_fades const&) const noexcept {
        return faded_best(node).lw;
    }
    template <class Fades>
    [[nodiscard]] std::uint32_t count_tied(node_id node, Fades const& fades) const noexcept;
    template <class Fades>
    [[nodiscard]] out_link find_tied(
        node_id node, std::uint32_t i, Fades const& fades) const noexcept;
    [[nodiscard]] detail::fade fade_of(node_id source, link_id link) const noexcept {
        if (!fading_.started() || targets_[runnel::index(link)] == source) return {};
        return fading_.of(source).of(type_of(link));
    }
    [[nodiscard]] link_type type_of(link_id link) const noexcept {
        return link_types_ == nullptr ? only_type_ : link_types_[runnel::index(link)];
    }
    template <class = void> void start_fading();
    template <class = void> void fall(fall_rates const& rates, double seconds);
    template <class F> void each_member(F&& f);
    template <class = void> void work_in() noexcept;
    template <class = void> void make_room(detail::array<wish> const& wishes) noexcept;
    template <class = void>
    [[nodiscard]] static log_weight wished(
        log_weight now, wish const* wishes, std::size_t count, std::size_t& i) noexcept;
    template <class = void> [[nodiscard]] status write(detail::array<wish>& wishes);
    struct tables { // between links and places
        detail::array<link_id> link_at;
        detail::array<row_place> place_of;
        detail::array<version> versions;
    };
    struct standing { // where a link is, for a writer
        row_entry* entry;
        detail::tall_stretch* tall; // null: `entry` is at its place
        detail::tall_spot spot;
    };
    template <class = void> [[nodiscard]] tables tracked() const;
    template <class = void>
    void name_links(node_id node, tables& into, detail::array<std::uint32_t>& next_link) const;
    static constexpr std::size_t fetched = 8; // asked for ahead: more would drive out the first
    template <class = void> void fetch(detail::array<wish> const& wishes) const noexcept;
    template <class = void>
    [[nodiscard]] standing stands(node_id node, link_id link) const noexcept;
    template <class = void>
    void reposition(node_id node, link_id link, standing const& at, log_weight lw) noexcept;
    template <class = void>
    [[nodiscard]] bool one_by_one(node_id source, std::size_t wishes) const noexcept;
    template <class = void>
    [[nodiscard]] detail::tall_rows tall_for(detail::array<wish> const& wishes) const;
    template <class = void>
    void resort(node_id node, detail::array<std::uint64_t>& scratch) noexcept;
    template <class = void>
    void recount(node_id source, link_type type, log_weight stored, log_weight next) noexcept;
    template <class = void>
    void write_row(std::span<wish const> wishes, detail::array<std::uint64_t>& scratch) noexcept;

    // The graph's own buffers: they stay where they are when the graph is moved.
    std::uint32_t const* offsets_ = nullptr;
    node_id const* targets_ = nullptr;
    link_type const* link_types_ = nullptr;
    std::uint32_t const* segment_offsets_ = nullptr;
    row_segment const* segments_ = nullptr;
    link_type only_type_ = link_type::relates;
    scope_id const* scopes_ = nullptr;
    node_type const* types_ = nullptr;

    detail::array<head> heads_;
    detail::array<row_entry> rows_;
    detail::array<link_id> link_at_; // place -> link, from the first write on
    detail::array<row_place>
        place_of_; // link -> place; in a tall stretch its first place + the slot
    detail::tall_rows talls_;
    detail::array<version> versions_;
    cohort_sums cohorts_;
    detail::fading fading_;
    version writes_{};
    version falls_{};
    std::uint64_t pending_time_ = 0; // of the slow clock, 2^-30 s
    std::uint32_t pending_frames_ = 0;
    lease_board board_;
};

} // namespace runnel

#include <runnel/graph/detail/store_fading.hpp>
#include <runnel/graph/detail/store_places.hpp>
#include <runnel/graph/detail/store_runs.hpp>
#include <runnel/graph/detail/store_write.hpp>
