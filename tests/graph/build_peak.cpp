// SPDX-License-Identifier: MIT
// How much memory making a graph holds at its peak, what the builder keeps of its links included. A program of its own: it replaces the
// global operator new by one that also remembers the peak.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include <runnel/graph.hpp>

#include "support/catch.hpp"

namespace {

struct header { // in front of every block
    std::size_t size = 0;
    std::size_t span = 0; ///< in which measurement it was taken; 0: in none
};
constexpr std::size_t room = 2 * __STDCPP_DEFAULT_NEW_ALIGNMENT__;
static_assert(sizeof(header) <= room);

std::size_t span = 0; // this program has one thread
std::size_t live = 0; // bytes taken within the span and not given back
std::size_t peak = 0;

void* take(std::size_t size) noexcept {
    auto* block = static_cast<char*>(std::malloc(size + room));
    if (block == nullptr) return nullptr;
    header const own{size, span};
    std::memcpy(block, &own, sizeof own);
    if (span != 0) live += size;
    if (live > peak) peak = live;
    return block + room;
}
void* take_or_throw(std::size_t size) {
    if (void* given = take(size)) return given;
    throw std::bad_alloc{};
}
void give_back(void* given) noexcept {
    if (given == nullptr) return;
    header own;
    std::memcpy(&own, static_cast<char*>(given) - room, sizeof own);
    if (span != 0 && own.span == span) live -= own.size;
    std::free(static_cast<char*>(given) - room);
}

/// Most bytes held at once of those `call` takes itself; what it gives back of others does not count.
template <class Call> std::size_t peak_of(Call&& call) {
    static std::size_t spans = 0;
    live = peak = 0;
    span = ++spans;
    call();
    span = 0;
    return peak;
}

} // namespace

// The aligned forms stay as they are: runnel takes them for its lease board alone.
// clang-format off
void* operator new(std::size_t size) { return take_or_throw(size); }
void* operator new[](std::size_t size) { return take_or_throw(size); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return take(size); }
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return take(size); }
void operator delete(void* given) noexcept { give_back(given); }
void operator delete[](void* given) noexcept { give_back(given); }
void operator delete(void* given, std::size_t) noexcept { give_back(given); }
void operator delete[](void* given, std::size_t) noexcept { give_back(given); }
void operator delete(void* given, std::nothrow_t const&) noexcept { give_back(given); }
void operator delete[](void* given, std::nothrow_t const&) noexcept { give_back(given); }
// clang-format on

namespace {

using runnel::node_id;

/// Says so many links and builds: the most that was held from the first word on, per byte of the result. What the builder
/// keeps of a link counts.
template <class Link> double height(std::uint32_t links, Link link) {
    std::optional<runnel::result<runnel::graph::built>> made;
    std::size_t const held = peak_of([&] {
        runnel::graph::builder g;
        g.nodes(links / 10);
        for (std::uint32_t i = 0; i < links; ++i) g.log_link(link(i));
        made.emplace(std::move(g).build());
    });
    REQUIRE(made->has_value());
    auto const& built = made->value();
    CHECK(built.graph.link_count() == links);
    std::size_t const result = built.graph.bytes() + built.store.bytes();
    CHECK(held >= result);
    return static_cast<double>(held) / static_cast<double>(result);
}

struct scattered {
    std::uint32_t nodes;
    node_id operator()(std::uint32_t i) const {
        return node_id{static_cast<std::uint32_t>(std::uint64_t{i} * 2'654'435'761U % nodes)};
    }
};
runnel::log_weight lw(std::uint32_t i) {
    return runnel::log_weight::from_raw(static_cast<std::int32_t>(i % 100));
}

} // namespace

TEST_CASE("the peak is seen, and only what was taken meanwhile", "[graph][memory]") {
    std::optional<std::string> older(std::in_place, 9000, 'x');
    std::size_t const held = peak_of([&] {
        { std::string const planted(5000, 'x'); }
        older.reset();
        std::string const smaller(1000, 'x');
    });
    CHECK(held == 5001);
}

TEST_CASE("building a graph of one link type holds at most twice the result", "[graph][memory]") {
    constexpr std::uint32_t links = 1'000'000;
    scattered const node{links / 10};
    CHECK(
        height(
            links,
            [&](std::uint32_t i) {
                return runnel::log_link_spec{node(i), node(i + 17), lw(i)};
            })
        <= 2);
}

TEST_CASE("building a graph of many types holds at most twice the result", "[graph][memory]") {
    constexpr std::uint32_t links = 200'000;
    scattered const node{links / 10};
    CHECK(
        height(
            links,
            [&](std::uint32_t i) {
                auto const type = runnel::link_type{static_cast<std::uint16_t>(i / 7 % 20)};
                return runnel::log_link_spec{node(i), node(i + 17), lw(i), type};
            })
        <= 2);
}

TEST_CASE("building one huge row holds at most twice the result", "[graph][memory]") {
    constexpr std::uint32_t links = 200'000;
    scattered const node{links / 10};
    CHECK(
        height(
            links,
            [&](std::uint32_t i) {
                return runnel::log_link_spec{node_id{0}, node(i), lw(i)};
            })
        <= 2);
}
