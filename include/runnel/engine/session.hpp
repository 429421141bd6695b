// SPDX-License-Identifier: MIT
// room: engine. A session: an engine and one field, for everyday use.
//
// Why:  most programs run one diffusion; naming the field at every call is noise.
// Laws: the engine must outlive the session. A session is used by one thread at a time; many sessions
//       may share one engine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <type_traits>

#include <runnel/engine/engine.hpp>

namespace runnel {

template <class Engine, class Amount = energy> class session {
    static_assert(
        requires(Engine const& e) { e.template make_field<Amount>(); },
        "engine: a session is made on an engine; make_engine returns a result, take .value() of "
        "it");

public:
    explicit session(Engine const& by) : engine_(&by), field_(by.template make_field<Amount>()) {}
    template <class Never = void> explicit session(Engine const&& by) : session(by) {
        static_assert(
            !std::is_void_v<Never>,
            "engine: the engine must outlive the session; give it a name and pass that");
    }

    [[nodiscard]] status inject(node_id node, double units) {
        return engine_->inject(field_, node, units);
    }
    [[nodiscard]] status inject(std::span<stimulus const> many) {
        return engine_->inject(field_, many);
    }
    /// `inject({{a, 1}, {b, .5}})`
    [[nodiscard]] status inject(std::initializer_list<stimulus> many) {
        return inject(std::span<stimulus const>{many.begin(), many.size()});
    }
    [[nodiscard]] result<frame_report> tick(time_step step = {}, report how = report::brief) {
        return engine_->tick(field_, step, how);
    }
    /// Several equal frames; the report of the last, or the first fault.
    [[nodiscard]] result<frame_report> run(std::uint64_t ticks, time_step step = {}) {
        result<frame_report> last = frame_report{};
        for (std::uint64_t i = 0; i < ticks; ++i) {
            auto report = engine_->tick(field_, step);
            if (!report || i + 1 == ticks) return report;
        }
        return last;
    }
    [[nodiscard]] ranking top(std::size_t k, rank_by by = rank_by::received) const {
        return field_.top(k, by);
    }
    [[nodiscard]] double energy_of(node_id node) const { return field_.energy_of(node); }
    [[nodiscard]] double received(node_id node) const { return field_.received(node); }
    [[nodiscard]] double total() const noexcept { return field_.total(); }
    [[nodiscard]] status settle() { return field_.settle(); }
    void begin_query() noexcept { field_.begin_query(); }
    void reset() noexcept { field_.reset(); }

    [[nodiscard]] basic_field<Amount>& field() & noexcept { return field_; }
    [[nodiscard]] basic_field<Amount> const& field() const& noexcept { return field_; }
    template <class Never = void> basic_field<Amount> const& field() const&& noexcept {
        static_assert(
            !std::is_void_v<Never>,
            "engine: the field is gone with its session at the end of this line; give the session "
            "a name and ask that");
        return field_;
    }
    [[nodiscard]] Engine const& engine() const noexcept { return *engine_; }

private:
    Engine const* engine_;
    basic_field<Amount> field_;
};
template <class Engine> session(Engine const&) -> session<Engine>;

} // namespace runnel
