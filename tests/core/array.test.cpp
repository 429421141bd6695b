// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

#include <runnel/core/array.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/law.hpp"

using ids = runnel::detail::array<std::uint32_t>;

namespace {

std::vector<std::uint32_t> as_vector(ids const& a) { return {a.begin(), a.end()}; }

} // namespace

TEST_CASE("an array does what a vector does, capacity included", "[core][array]") {
    law::for_all(2000, [](law::gen& g) {
        ids own;
        std::vector<std::uint32_t> theirs;
        std::uint32_t next = 1;
        auto const steps = g.integer(1, 30, "steps");
        for (std::int64_t i = 0; i < steps; ++i) {
            auto const n = static_cast<std::size_t>(g.integer(0, 40, "n"));
            std::vector<std::uint32_t> const more(n, next);
            switch (g.integer(0, 8, "what")) {
            case 0:
                own.push_back(next);
                theirs.push_back(next);
                break;
            case 1:
                if (own.empty()) break;
                own.pop_back();
                theirs.pop_back();
                break;
            case 2:
                own.append(more.data(), n);
                theirs.insert(theirs.end(), more.begin(), more.end());
                break;
            case 3:
                own.resize(n);
                theirs.resize(n);
                break;
            case 4:
                own.resize(n, next);
                theirs.resize(n, next);
                break;
            case 5:
                own.reserve(n);
                theirs.reserve(n);
                break;
            case 6:
                own.shrink_to_fit();
                theirs.shrink_to_fit();
                break;
            case 7:
                own.clear();
                theirs.clear();
                break;
            default:
                own = ids{own};
                theirs = std::vector<std::uint32_t>(theirs);
                break;
            }
            ++next;
            g.holds(as_vector(own) == theirs, "the same elements");
            g.holds(own.capacity() == theirs.capacity(), "the same memory");
        }
    });
}

TEST_CASE("a moved-from array is empty and usable", "[core][array]") {
    ids from(3, 7);
    auto const* const where = from.data();
    ids to = std::move(from);
    CHECK(to.data() == where);
    CHECK(from.empty()); // NOLINT(bugprone-use-after-move)
    from.push_back(1);
    CHECK(as_vector(from) == std::vector<std::uint32_t>{1});
    to = std::move(from);
    CHECK(as_vector(to) == std::vector<std::uint32_t>{1});
    CHECK(from.capacity() == 0); // NOLINT(bugprone-use-after-move)
}

TEST_CASE("an array of its own element grows right", "[core][array]") {
    ids a(1, 9);
    for (int i = 0; i < 20; ++i) a.push_back(a.front());
    CHECK(as_vector(a) == std::vector<std::uint32_t>(21, 9));
}

TEST_CASE("an array that cannot grow is as it was", "[core][array]") {
    if (!support::counting()) return;
    ids a(4, 5);
    auto const refused = [&](auto&& call) {
        support::failing_allocation const none{0};
        CHECK_THROWS_AS(call(), std::bad_alloc);
    };
    refused([&] { a.push_back(1); });
    refused([&] { a.resize(100); });
    refused([&] { a.reserve(100); });
    refused([&] { static_cast<void>(ids{a}); });
    CHECK(as_vector(a) == std::vector<std::uint32_t>(4, 5));
    CHECK(a.capacity() == 4);
}

TEST_CASE("an array larger than memory is refused", "[core][array]") {
    ids a;
    CHECK_THROWS_AS(a.reserve(~std::size_t{0}), std::bad_alloc);
    CHECK_THROWS_AS(a.reserve(~std::size_t{0} / 4 + 2), std::bad_alloc);
    CHECK(a.capacity() == 0);
}

TEST_CASE("a stretch of an array is part of it", "[core][array]") {
    ids const a(5, 2);
    CHECK(a.stretch(1, 3).data() == a.data() + 1);
    CHECK(a.stretch(1, 3).size() == 3);
}
