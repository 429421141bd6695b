// SPDX-License-Identifier: MIT
#include <initializer_list>
#include <string>
#include <string_view>

#include <runnel/io/closest.hpp>

#include "support/catch.hpp"

namespace {

std::string meant(std::string_view given, std::initializer_list<std::string_view> names) {
    runnel::io::closest near{given};
    for (std::string_view const name : names) near.offer(name);
    return near.found();
}

} // namespace

TEST_CASE("a letter added, left out, changed or swapped is seen through", "[io][closest]") {
    CHECK(meant("tickss", {"top", "ticks"}) == "ticks");
    CHECK(meant("tiks", {"top", "ticks"}) == "ticks");
    CHECK(meant("tacks", {"top", "ticks"}) == "ticks");
    CHECK(meant("abcd", {"abxy", "abdc"}) == "abdc"); // a swap is one step, two changes are two
}

TEST_CASE("capitals count nothing", "[io][closest]") {
    CHECK(meant("ADA", {"Ada", "Ida"}) == "Ada");
    CHECK(meant("ada lovelace", {"Ada Lovelace"}) == "Ada Lovelace");
}

TEST_CASE("the closest wins, and of two the first", "[io][closest]") {
    CHECK(meant("decay.bsae", {"decay.gain", "decay.base", "delay.base"}) == "decay.base");
    CHECK(meant("cat", {"bat", "car"}) == "bat");
}

TEST_CASE("what is far away is not offered", "[io][closest]") {
    CHECK(meant("xyzzy", {"alpha", "beta"}).empty());
    CHECK(meant("a", {"bcd"}).empty());
    CHECK(meant("", {"alpha"}).empty());
    CHECK(meant("alpha", {}).empty());
}

TEST_CASE(
    "the beginning of a long name is close to it, unless another is closer", "[io][closest]") {
    CHECK(meant("ada", {"Charles Babbage", "Ada Lovelace"}) == "Ada Lovelace");
    CHECK(meant("thresh", {"threshold.concept", "thrash"}) == "thrash");
}
