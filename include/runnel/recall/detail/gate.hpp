// SPDX-License-Identifier: MIT
// room: recall. Who may be inside a memory: any number of searches, or one change.
//
// Why:  a change is worked out while searches go on and needs them out only while it is written down, a few
//       microseconds; so whoever meets it waits instead of being refused, and without a system call.
// Laws: a change that wants in keeps later searches out, so it waits for those inside and no longer. One
//       thread changes at a time: that is the caller's to see to, and asserted. A search that starts another
//       change from within, in a filter say, waits for itself.
#pragma once

#include <sched.h>

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
        ~shared() { __atomic_sub_fetch(&gate_.inside_, 1U, __ATOMIC_RELEASE); }

    private:
        gate const& gate_;
    };
    class exclusive {
    public:
        explicit exclusive(gate const& of) noexcept : gate_(of) {
            unsigned const before = __atomic_exchange_n(&gate_.changing_, 1U, __ATOMIC_SEQ_CST);
            RUNNEL_EXPECTS(before == 0, "recall: one thread at a time changes a memory");
            static_cast<void>(before);
            for (unsigned tries = 0; __atomic_load_n(&gate_.inside_, __ATOMIC_SEQ_CST) != 0;)
                pause(tries);
        }
        exclusive(exclusive const&) = delete;
        exclusive& operator=(exclusive const&) = delete;
        ~exclusive() { __atomic_store_n(&gate_.changing_, 0U, __ATOMIC_RELEASE); }

    private:
        gate const& gate_;
    };

private:
    static void pause(unsigned& tries) noexcept {
        if (++tries % 64 == 0) sched_yield();
    }
    void enter() const noexcept {
        for (unsigned tries = 0;;) {
            // Announce, then look: in the one order of all four accesses a change sees us or we see it.
            __atomic_add_fetch(&inside_, 1U, __ATOMIC_SEQ_CST);
            if (__atomic_load_n(&changing_, __ATOMIC_SEQ_CST) == 0) return;
            __atomic_sub_fetch(&inside_, 1U, __ATOMIC_RELEASE);
            while (__atomic_load_n(&changing_, __ATOMIC_ACQUIRE) != 0) pause(tries);
        }
    }
    alignas(64) mutable unsigned inside_ = 0;
    alignas(64) mutable unsigned changing_ = 0;
};

} // namespace runnel::recall::detail
