// SPDX-License-Identifier: MIT
// The global operator new and delete, counted. Each block is preceded by its size; the rest is malloc.
#include "support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

std::atomic<std::size_t> count{0};
std::atomic<std::size_t> live_bytes{0};
constexpr std::size_t never = ~std::size_t{0};
thread_local std::size_t until_failure = never;

constexpr std::size_t usual = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
static_assert(usual >= sizeof(std::size_t));

[[maybe_unused]] void* take(std::size_t size, std::size_t alignment) noexcept {
    if (until_failure != never && until_failure-- == 0) return nullptr; // 0 - 1 is `never`
    std::size_t const whole = (size + 2 * alignment - 1) / alignment * alignment;
    if (whole < size) return nullptr;
    auto* block = static_cast<char*>(
        alignment > usual ? std::aligned_alloc(alignment, whole) : std::malloc(whole));
    if (block == nullptr) return nullptr;
    char* given = block + alignment;
    std::memcpy(given - sizeof size, &size, sizeof size);
    count.fetch_add(1, std::memory_order_relaxed);
    live_bytes.fetch_add(size, std::memory_order_relaxed);
    return given;
}

[[maybe_unused]] void give_back(void* given, std::size_t alignment) noexcept {
    if (given == nullptr) return;
    std::size_t size = 0;
    std::memcpy(&size, static_cast<char*>(given) - sizeof size, sizeof size);
    live_bytes.fetch_sub(size, std::memory_order_relaxed);
    std::free(static_cast<char*>(given) - alignment);
}

[[maybe_unused]] void* take_or_throw(std::size_t size, std::size_t alignment) {
    if (void* given = take(size, alignment)) return given;
    throw std::bad_alloc{};
}

[[maybe_unused]] std::size_t wide(std::align_val_t alignment) noexcept {
    auto const asked = static_cast<std::size_t>(alignment);
    return asked < usual ? usual : asked;
}

} // namespace

namespace support {

allocations allocated() noexcept {
    return {count.load(std::memory_order_relaxed), live_bytes.load(std::memory_order_relaxed)};
}

failing_allocation::failing_allocation(std::size_t after) noexcept { until_failure = after; }
failing_allocation::~failing_allocation() { until_failure = never; }
bool failing_allocation::happened() const noexcept { return until_failure == never; }

} // namespace support

#if RUNNEL_TEST_COUNTS_ALLOCATIONS
// clang-format off
void* operator new(std::size_t size) { return take_or_throw(size, usual); }
void* operator new[](std::size_t size) { return take_or_throw(size, usual); }
void* operator new(std::size_t size, std::align_val_t at) { return take_or_throw(size, wide(at)); }
void* operator new[](std::size_t size, std::align_val_t at) { return take_or_throw(size, wide(at)); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return take(size, usual); }
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return take(size, usual); }
void* operator new(std::size_t size, std::align_val_t at, std::nothrow_t const&) noexcept { return take(size, wide(at)); }
void* operator new[](std::size_t size, std::align_val_t at, std::nothrow_t const&) noexcept { return take(size, wide(at)); }

void operator delete(void* given) noexcept { give_back(given, usual); }
void operator delete[](void* given) noexcept { give_back(given, usual); }
void operator delete(void* given, std::size_t) noexcept { give_back(given, usual); }
void operator delete[](void* given, std::size_t) noexcept { give_back(given, usual); }
void operator delete(void* given, std::align_val_t at) noexcept { give_back(given, wide(at)); }
void operator delete[](void* given, std::align_val_t at) noexcept { give_back(given, wide(at)); }
void operator delete(void* given, std::size_t, std::align_val_t at) noexcept { give_back(given, wide(at)); }
void operator delete[](void* given, std::size_t, std::align_val_t at) noexcept { give_back(given, wide(at)); }
void operator delete(void* given, std::nothrow_t const&) noexcept { give_back(given, usual); }
void operator delete[](void* given, std::nothrow_t const&) noexcept { give_back(given, usual); }
void operator delete(void* given, std::align_val_t at, std::nothrow_t const&) noexcept { give_back(given, wide(at)); }
void operator delete[](void* given, std::align_val_t at, std::nothrow_t const&) noexcept { give_back(given, wide(at)); }
// clang-format on
#endif
