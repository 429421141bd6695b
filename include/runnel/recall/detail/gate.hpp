// SPDX-License-Identifier: MIT
// room: recall. Who may be inside a memory: any number of searches, or one change.
//
// Why:  a change is worked out while searches go on and needs them out only while it is written down, a few
//       microseconds; so whoever meets it waits instead of being refused.
// Laws: a change that wants in keeps later searches out, so it waits for those inside and no longer; and searches
//       that it kept out go in before the next change, so that changes without a pause starve nobody. One
//       thread changes at a time: that is the caller's to see to, and asserted. A search that starts another
//       change from within, in a filter say, waits for itself.
#pragma once

#include <atomic>

#include <runnel/core/expects.hpp>

namespace runnel::recall::detail {

class gate {
public:
    gate() = default;
    gate(gate&&) noexcept {} // a memory is moved while nobody is inside
    gate& operator=(gate&&) noexcept { return *this; }

    class shared {
    public:
        explicit shared(gate const& of) noexcept : gate_(of) { gate_.enter(); }
        shared(shared const&) = delete;
        shared& operator=(shared const&) = delete;
        ~shared() { gate_.leave(); }

    private:
        gate const& gate_;
    };
    class exclusive {
    public:
        explicit exclusive(gate const& of) noexcept : gate_(of) {
            for (unsigned kept_out; (kept_out = gate_.waiting_.load()) != 0;)
                gate_.waiting_.wait(kept_out);
            bool const alone = !gate_.changing_.exchange(true);
            RUNNEL_EXPECTS(alone, "recall: one thread at a time changes a memory");
            static_cast<void>(alone);
            for (unsigned inside; (inside = gate_.inside_.load()) != 0;) gate_.inside_.wait(inside);
        }
        exclusive(exclusive const&) = delete;
        exclusive& operator=(exclusive const&) = delete;
        ~exclusive() {
            gate_.changing_.store(false);
            gate_.changing_.notify_all();
        }

    private:
        gate const& gate_;
    };
    /// Searches that a change keeps out at the moment.
    [[nodiscard]] unsigned waiting() const noexcept { return waiting_.load(); }

private:
    void enter() const noexcept {
        if (entered()) return;
        waiting_.fetch_add(1);
        do changing_.wait(true);
        while (!entered());
        if (waiting_.fetch_sub(1) == 1) waiting_.notify_all();
    }
    /// Announce, then look: in the one order of all four accesses a change sees us or we see it.
    [[nodiscard]] bool entered() const noexcept {
        inside_.fetch_add(1);
        if (!changing_.load()) return true;
        leave();
        return false;
    }
    void leave() const noexcept {
        if (inside_.fetch_sub(1) == 1 && changing_.load()) inside_.notify_all();
    }
    alignas(64) mutable std::atomic<unsigned> inside_{0};
    alignas(64) mutable std::atomic<bool> changing_{false};
    mutable std::atomic<unsigned> waiting_{0};
};

} // namespace runnel::recall::detail
