// SPDX-License-Identifier: MIT
// Asking for large pages is a wish: nothing that lies in the memory changes.
#include <cstddef>
#include <cstdint>
#include <vector>

#include <runnel/core/array.hpp>
#include <runnel/core/large_pages.hpp>

#include "support/catch.hpp"

TEST_CASE("large pages are asked for anywhere and change nothing", "[core]") {
    using runnel::detail::ask_for_large_pages;
    using runnel::detail::large_page;
    ask_for_large_pages(nullptr, 0);
    std::vector<unsigned char> bytes(3 * large_page + 4097);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(i * 7);
    auto const before = bytes;
    for (std::size_t const first : {std::size_t{0}, std::size_t{1}, std::size_t{4095}, large_page})
        for (std::size_t const most : {std::size_t{1}, large_page, 2 * large_page + 1})
            ask_for_large_pages(bytes.data() + first, most);
    CHECK(bytes == before);
}

TEST_CASE("arrays keep what they hold as they grow into large pages", "[core]") {
    runnel::detail::array<std::uint64_t> numbers;
    std::size_t const many = 3 * runnel::detail::large_page / sizeof(std::uint64_t);
    for (std::size_t i = 0; i < many; ++i) numbers.push_back(i * i);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < many; ++i) wrong += numbers[i] == i * i ? 0U : 1U;
    CHECK(wrong == 0);
}
