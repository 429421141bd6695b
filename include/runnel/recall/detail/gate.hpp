// SPDX-License-Identifier: MIT
// room: recall. Who may be inside a memory: any number of searches, or one change.
//
// Why:  a change is worked out while searches go on and needs them out only while it is written down, a few
//       microseconds; so whoever meets it waits instead of being refused.
// Laws: a change that wants in keeps later searches out, so it waits for those inside and no longer. One
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

private:
    void enter() const noexcept {
        for (;;) {
            // Announce, then look: in the one order of all four accesses a change sees us or we see it.
            inside_.fetch_add(1);
            if (!changing_.load()) return;
            leave();
            changing_.wait(true);
        }
    }
    void leave() const noexcept {
        if (inside_.fetch_sub(1) == 1 && changing_.load()) inside_.notify_all();
    }
    alignas(64) mutable std::atomic<unsigned> inside_{0};
    alignas(64) mutable std::atomic<bool> changing_{false};
};

} // namespace runnel::recall::detail
