// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <runnel/recall/diverse.hpp>
#include <runnel/recall/hybrid.hpp>
#include <runnel/recall/narrow.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"

using namespace runnel;
using recall::entry_id;
using recall::hit;

namespace {

/// A list of hits, entry 0 first, entry i being of the class of letter i.
std::vector<hit> hits_of(std::string_view letters) {
    std::vector<hit> all;
    for (std::uint32_t i = 0; i < letters.size(); ++i)
        all.push_back({{i, 1}, 1 - static_cast<float>(i) / 100});
    return all;
}
auto letter_of(std::string_view letters) {
    return [letters](entry_id e) { return letters[e.slot]; };
}
using list = std::vector<std::uint32_t>;
list listed(recall::places of) { return {of.begin(), of.end()}; }

constexpr std::string_view letters = "bbabcabb";

} // namespace

TEST_CASE("The best of each class stand in the order of the list", "[recall]") {
    recall::narrowing<char> by;
    auto const of = [&](std::size_t per_class) {
        return listed(by.best_of_each(hits_of(letters), per_class, letter_of(letters)));
    };
    CHECK(of(0).empty());
    CHECK(of(1) == list{0, 2, 4});
    CHECK(of(2) == list{0, 1, 2, 4, 5});
    CHECK(of(3) == list{0, 1, 2, 3, 4, 5});
    CHECK(of(100) == list{0, 1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("In turns, every class has its first before any has its second", "[recall]") {
    recall::narrowing<char> by;
    auto const of = [&](std::size_t k) {
        return listed(by.in_turns(hits_of(letters), k, letter_of(letters)));
    };
    // b a c, b a, b, b, b
    CHECK(of(100) == list{0, 2, 4, 1, 5, 3, 6, 7});
    CHECK(of(4) == list{0, 2, 4, 1});
    CHECK(of(0).empty());
}

TEST_CASE("Classes take turns in the order of their best, not of their names", "[recall]") {
    recall::narrowing<char> by;
    CHECK(listed(by.in_turns(hits_of("zma"), 3, letter_of("zma"))) == list{0, 1, 2});
}

TEST_CASE("A list of one class is narrowed to its first; an empty one to nothing", "[recall]") {
    recall::narrowing<int> by;
    auto const one_class = [](entry_id) { return 7; };
    CHECK(listed(by.best_of_each(hits_of("aaaa"), 2, one_class)) == list{0, 1});
    CHECK(listed(by.in_turns(hits_of("aaaa"), 3, one_class)) == list{0, 1, 2});
    CHECK(by.best_of_each(std::vector<hit>{}, 2, one_class).empty());
    CHECK(by.in_turns(std::vector<hit>{}, 2, one_class).empty());
    CHECK(by.useful(std::vector<hit>{}, .5, [](entry_id) { return 1.0; }).value().empty());
}

TEST_CASE("Anything ranked is narrowed, by any class that is ordered", "[recall]") {
    enum class kind : std::uint16_t { pear, apple };
    recall::narrowing<kind> by_kind;
    auto const kind_of = [](entry_id e) { return e.slot % 2 == 0 ? kind::pear : kind::apple; };
    std::vector<recall::scored> const scored{{{4, 1}, .9}, {{6, 1}, .8}, {{5, 1}, .7}};
    CHECK(listed(by_kind.in_turns(scored, 2, kind_of)) == list{0, 2});
    std::array<recall::diverse_pick, 2> const picks{{{{2, 1}, 1, 0, 1}, {{8, 1}, 1, 0, 1}}};
    CHECK(listed(by_kind.best_of_each(picks, 1, kind_of)) == list{0});
    recall::narrowing<std::string_view> by_name;
    auto const hits = hits_of("xyx");
    CHECK(
        listed(by_name.best_of_each(
            std::span<hit const>{hits}, 1,
            [](entry_id e) { return std::string_view{e.slot == 1 ? "why" : "ex"}; }))
        == list{0, 1});
}

TEST_CASE("Useful is what is worth at least that much, in the order of the list", "[recall]") {
    recall::narrowing<int> by;
    std::vector<double> const worth{.5, .2, .9, .49999, 1, 0};
    auto const of = [&](double least) {
        return listed(
            by.useful(hits_of("aaaaaa"), least, [&](entry_id e) { return worth[e.slot]; }).value());
    };
    CHECK(of(.5) == list{0, 2, 4});
    CHECK(of(1) == list{4});
    CHECK(of(0) == list{0, 1, 2, 3, 4, 5});
}

TEST_CASE("A utility or a threshold off the scale is refused", "[recall]") {
    recall::narrowing<int> by;
    double const no_number = std::numeric_limits<double>::quiet_NaN();
    for (double const bad : {-.1, 1.1, no_number}) {
        auto const worth =
            by.useful(hits_of("abc"), 0, [&](entry_id e) { return e.slot == 1 ? bad : .5; });
        REQUIRE(!worth);
        CHECK(worth.error().is(recall::faults::off_scale));
        CHECK(worth.error().position() == 1);
        auto const least = by.useful(hits_of("abc"), bad, [](entry_id) { return .5; });
        REQUIRE(!least);
        CHECK(least.error().is(recall::faults::invalid_config));
    }
}

TEST_CASE("A class or utility is asked for once per place", "[recall]") {
    recall::narrowing<int> by;
    std::size_t asked = 0;
    auto const counting = [&](entry_id e) {
        ++asked;
        return static_cast<int>(e.slot % 3);
    };
    auto const hits = hits_of("abcdefghij");
    static_cast<void>(by.best_of_each(hits, 2, counting));
    CHECK(asked == 10);
    static_cast<void>(by.in_turns(hits, 4, counting));
    CHECK(asked == 20);
    static_cast<void>(by.useful(hits, .5, [&](entry_id) { return ++asked, .5; }));
    CHECK(asked == 30);
}

TEST_CASE("Narrowing again allocates nothing, and bytes() is what is held", "[recall]") {
    if (!support::counting()) return;
    auto const hits = hits_of(std::string(500, 'a'));
    auto const class_of = [](entry_id e) { return e.slot * 7 % 31; };
    support::allocation_watch const kept;
    recall::narrowing<std::uint32_t> by;
    CHECK(by.bytes() == 0);
    static_cast<void>(by.in_turns(hits, 10, class_of));
    auto const held = kept.kept_bytes();
    support::allocation_watch const watch;
    static_cast<void>(by.in_turns(hits, 500, class_of));
    static_cast<void>(by.best_of_each(hits, 500, class_of));
    static_cast<void>(by.useful(hits, .5, [](entry_id) { return .5; }));
    auto const count = watch.count();
    CHECK(count == 0);
    CHECK(static_cast<std::size_t>(held) == by.bytes());
}
