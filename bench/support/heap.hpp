// SPDX-License-Identifier: MIT
// What a program holds of the heap: every operator new of it, to the byte that was asked for.
//
// Use:  include in one file of a program: it replaces the program's operator new. One thread.
// How:  the length asked for is written at the end of each block.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace bench::heap {

inline std::size_t held = 0;  ///< bytes asked for and not given back
inline std::size_t peak = 0;  ///< the most that was held; set it to `held` to begin anew
inline std::size_t count = 0; ///< how often something was asked for

inline std::size_t& length_of(void* block) {
    return *reinterpret_cast<std::size_t*>(
        static_cast<std::byte*>(block) + malloc_usable_size(block) - sizeof(std::size_t));
}
inline void* take(std::size_t bytes, std::size_t alignment = 1) {
    std::size_t const whole = bytes + 2 * sizeof(std::size_t);
    void* block = nullptr;
    if (alignment <= alignof(std::max_align_t))
        block = std::malloc(whole);
    else if (posix_memalign(&block, alignment, whole) != 0)
        block = nullptr;
    if (block == nullptr) throw std::bad_alloc{};
    length_of(block) = bytes;
    ++count;
    held += bytes;
    if (held > peak) peak = held;
    return block;
}
inline void give(void* block) noexcept {
    if (block == nullptr) return;
    held -= length_of(block);
    std::free(block);
}

} // namespace bench::heap

void* operator new(std::size_t n) { return bench::heap::take(n); }
void* operator new[](std::size_t n) { return bench::heap::take(n); }
void* operator new(std::size_t n, std::align_val_t a) {
    return bench::heap::take(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a) {
    return bench::heap::take(n, static_cast<std::size_t>(a));
}
void operator delete(void* b) noexcept { bench::heap::give(b); }
void operator delete[](void* b) noexcept { bench::heap::give(b); }
void operator delete(void* b, std::size_t) noexcept { bench::heap::give(b); }
void operator delete[](void* b, std::size_t) noexcept { bench::heap::give(b); }
void operator delete(void* b, std::align_val_t) noexcept { bench::heap::give(b); }
void operator delete[](void* b, std::align_val_t) noexcept { bench::heap::give(b); }
void operator delete(void* b, std::size_t, std::align_val_t) noexcept { bench::heap::give(b); }
void operator delete[](void* b, std::size_t, std::align_val_t) noexcept { bench::heap::give(b); }
