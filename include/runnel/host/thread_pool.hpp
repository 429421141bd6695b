// SPDX-License-Identifier: MIT
// room: host. Threads that wait for work and share it: what an engine's large frames run on.
//
// Why:  a frame takes microseconds, so threads are started once and asked by a word of memory, and whoever waits looks at
//       it for a while before it sleeps. The pool is the caller's: there is no global state, and two programs in one
//       process do not know of each other.
// Laws: threads that the system refuses throw std::system_error, and none is left behind. `run` calls its argument once
//       with each number below `lanes()`, 0 in the caller's thread, and returns when all have returned. Every other number
//       has a thread that is used to it; what a thread has not begun by the time the caller is through, the caller does: on
//       a machine that is busy with other things a frame takes as long as by one, not as long as a thread is kept waiting.
//       A pool that is busy, with another thread's work or with the work that calls, lets the caller do all of it alone. It
//       must outlive its users.
// Cost: some microseconds per run while its threads are awake. Where the C library keeps threads apart, link them
//       (-pthread).
//
//   runnel::host::thread_pool pool{4};                       // the caller's thread and three more
//   auto engine = runnel::make_engine(graph, store, {}, runnel::pipeline{}.with_workers(pool)).value();
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

#include <runnel/core/expects.hpp>

namespace runnel::host {

class thread_pool {
public:
    /// So many threads, the caller's among them; without a number as many as the machine runs at a time.
    explicit thread_pool(std::size_t lanes = std::thread::hardware_concurrency())
        : lanes_(lanes == 0 ? 1 : (lanes < most ? lanes : most)), begun_(lanes_) {
        RUNNEL_EXPECTS(lanes <= most, "host: a pool of more than 1024 threads");
        threads_.all.reserve(lanes_ - 1);
        for (std::size_t i = 1; i < lanes_; ++i)
            threads_.all.emplace_back([this, i](std::stop_token const& stop) { serve(i, stop); });
    }
    thread_pool(thread_pool const&) = delete;
    thread_pool& operator=(thread_pool const&) = delete;
    ~thread_pool() = default;

    /// More is a mistake: it ends a checked build, and is this many in any other.
    static constexpr std::size_t most = 1024;

    [[nodiscard]] std::size_t lanes() const noexcept { return lanes_; }

    /// What `work` throws ends the program.
    template <class Work> void run(Work&& work) noexcept {
        if (lanes_ == 1 || busy_.exchange(true, std::memory_order_acquire)) {
            for (std::size_t i = 0; i < lanes_; ++i) work(i);
            return;
        }
        using bare = std::remove_reference_t<Work>;
        job_ = [](void const* what, std::size_t lane) {
            (*static_cast<bare*>(const_cast<void*>(what)))(lane);
        };
        what_ = &work;
        left_.store(static_cast<std::uint32_t>(lanes_ - 1), std::memory_order_relaxed);
        std::uint32_t const turn = turn_.fetch_add(1, std::memory_order_release) + 1;
        turn_.notify_all();
        work(std::size_t{0});
        std::uint32_t done = 0;
        for (std::size_t i = 1; i < lanes_; ++i)
            if (begins(i, turn)) {
                work(i);
                ++done;
            }
        if (left_.fetch_sub(done, std::memory_order_acquire) != done)
            await(left_, [](std::uint32_t left) { return left == 0; });
        busy_.store(false, std::memory_order_release);
    }

private:
    static constexpr int looks = 256; // some ten microseconds
    static constexpr int yields =
        256; // to whom the processor is given if anybody waits for it; then asleep

    /// Returns a value that is as `wanted`.
    template <class Wanted>
    static std::uint32_t await(std::atomic<std::uint32_t> const& word, Wanted&& wanted) noexcept {
        std::uint32_t now = word.load(std::memory_order_acquire);
        for (int i = 0; i < looks + yields && !wanted(now); ++i) {
            if (i >= looks) std::this_thread::yield();
#if defined(__x86_64__) || defined(__i386__)
            __builtin_ia32_pause();
#endif
            now = word.load(std::memory_order_acquire);
        }
        while (!wanted(now)) {
            word.wait(now, std::memory_order_acquire);
            now = word.load(std::memory_order_acquire);
        }
        return now;
    }
    /// Whoever is told so does the lane's work of this turn; nobody else is. Who comes with a turn that is over is not.
    [[nodiscard]] bool begins(std::size_t lane, std::uint32_t turn) noexcept {
        std::uint32_t last = turn - 1;
        return begun_[lane].turn.compare_exchange_strong(
            last, turn, std::memory_order_relaxed, std::memory_order_relaxed);
    }
    void serve(std::size_t lane, std::stop_token const& stop) noexcept {
        for (std::uint32_t seen = 0;;) {
            seen = await(turn_, [seen](std::uint32_t turn) { return turn != seen; });
            if (stop.stop_requested()) return;
            if (!begins(lane, seen)) continue; // it was done
            job_(what_, lane);
            if (left_.fetch_sub(1, std::memory_order_release) == 1) left_.notify_one();
        }
    }

    struct alignas(128) mark {
        std::atomic<std::uint32_t> turn{0}; // in which a lane's work was begun last
    };
    std::size_t lanes_;
    std::vector<mark> begun_;
    void (*job_)(void const*, std::size_t) = nullptr;
    void const* what_ = nullptr;
    alignas(128) std::atomic<std::uint32_t> turn_{0};
    alignas(128) std::atomic<std::uint32_t> left_{0};
    std::atomic<bool> busy_{false};
    struct served { // also when the system gives fewer than were asked for
        std::atomic<std::uint32_t>& turn;
        std::vector<std::jthread> all{};
        explicit served(std::atomic<std::uint32_t>& word) noexcept : turn(word) {}
        served(served const&) = delete;
        served& operator=(served const&) = delete;
        ~served() {
            for (std::jthread& thread : all) thread.request_stop();
            turn.fetch_add(1, std::memory_order_release);
            turn.notify_all();
        } // and each is joined
    };
    served threads_{turn_}; // last: gone before what they look at
};

} // namespace runnel::host
