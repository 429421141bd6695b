// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include <runnel/core/result.hpp>

#include "support/catch.hpp"

using runnel::fault;

namespace {

constexpr runnel::fault_kind odd{"core.odd", "must be even"};

std::string described(fault const& what) {
    char buffer[320];
    return std::string(what.describe(buffer, sizeof buffer));
}
std::string offender_of(auto number) { return std::string(fault{odd, number}.offender()); }

} // namespace

TEST_CASE("a fault is a plain value, made at compile time", "[core][fault]") {
    STATIC_REQUIRE(std::is_trivially_copyable_v<fault>);
    STATIC_REQUIRE(std::is_nothrow_default_constructible_v<fault>);
    STATIC_REQUIRE(sizeof(fault) <= 112);
    constexpr fault what{odd, "Ada", 4};
    STATIC_REQUIRE(what.code() == "core.odd");
    STATIC_REQUIRE(what.sentence() == "must be even");
    STATIC_REQUIRE(what.offender() == "Ada");
    STATIC_REQUIRE(what.position() == 4);
}

TEST_CASE("a fault is known by its kind", "[core][fault]") {
    constexpr runnel::fault_kind other{"core.other", "must be even"};
    STATIC_REQUIRE(fault{odd}.is(odd));
    STATIC_REQUIRE_FALSE(fault{odd}.is(other));
    STATIC_REQUIRE_FALSE(fault{}.is(odd));
}

TEST_CASE("a fault without a place says so", "[core][fault]") {
    STATIC_REQUIRE(fault{odd, "Ada"}.position() == fault::nowhere);
    STATIC_REQUIRE(fault{odd, 7}.position() == fault::nowhere);
    STATIC_REQUIRE(fault{odd, 7, 0}.position() == 0);
}

TEST_CASE("the offender is kept when its owner is gone", "[core][fault]") {
    fault const what = [] {
        std::string name = "gone";
        return fault{odd, name};
    }();
    CHECK(what.offender() == "gone");
}

TEST_CASE("an offender of 64 bytes is kept whole", "[core][fault]") {
    std::string const name(64, 'a');
    CHECK(fault{odd, name}.offender() == name);
}

TEST_CASE("a longer offender is cut and ends in an ellipsis", "[core][fault]") {
    CHECK(fault{odd, std::string(65, 'a')}.offender() == std::string(61, 'a') + "…");
    CHECK(fault{odd, std::string(100'000, 'b')}.offender() == std::string(61, 'b') + "…");
}

TEST_CASE("the cut falls between characters", "[core][fault]") {
    auto const cut = [](std::size_t ascii, std::string_view character) {
        std::string name(ascii, 'a');
        while (name.size() < 80) name += character;
        return std::string(fault{odd, name}.offender());
    };
    CHECK(cut(60, "ü") == std::string(60, 'a') + "…");
    CHECK(cut(59, "ü") == std::string(59, 'a') + "ü…");
    CHECK(cut(60, "漢") == std::string(60, 'a') + "…");
    CHECK(cut(59, "漢") == std::string(59, 'a') + "…");
    CHECK(cut(58, "漢") == std::string(58, 'a') + "漢…");
    CHECK(cut(58, "🜛") == std::string(58, 'a') + "…");
    CHECK(cut(57, "🜛") == std::string(57, 'a') + "🜛…");
}

TEST_CASE("bytes that are no text do not break the cut", "[core][fault]") {
    CHECK(fault{odd, std::string(70, '\x80')}.offender() == "…");
}

TEST_CASE("whole numbers are written out exactly", "[core][fault]") {
    CHECK(offender_of(0) == "0");
    CHECK(offender_of(-1) == "-1");
    CHECK(offender_of(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(offender_of(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(offender_of(std::uint8_t{65}) == "65");
    CHECK(offender_of(static_cast<signed char>(-5)) == "-5");
    CHECK(offender_of(true) == "1");
}

TEST_CASE("whole doubles are written out exactly", "[core][fault]") {
    CHECK(offender_of(8388608.0) == "8388608");
    CHECK(offender_of(-17.0) == "-17");
    CHECK(offender_of(999'999'999'999'999.0) == "999999999999999");
    CHECK(offender_of(0.0) == "0");
    CHECK(offender_of(1.0F) == "1");
}

TEST_CASE("other doubles are written to nine digits", "[core][fault]") {
    CHECK(offender_of(3.14159265358979) == "3.14159265");
    CHECK(offender_of(1234.5678) == "1234.5678");
    CHECK(offender_of(12345678.9) == "12345678.9");
    CHECK(offender_of(1234567890.5) == "1234567890");
    CHECK(offender_of(12345678901.5) == "12345678900");
    CHECK(offender_of(0.00012345678912) == "0.000123456789");
    CHECK(offender_of(8388607.5) == "8388607.5"); // just above what a field holds
}

TEST_CASE("fewer digits are written where they say the same", "[core][fault]") {
    CHECK(offender_of(-0.5) == "-0.5");
    CHECK(offender_of(0.1) == "0.1");
    CHECK(offender_of(0.1 + 0.2) == "0.3");
    CHECK(offender_of(1.1) == "1.1");
    CHECK(offender_of(1e-5) == "0.00001");
    CHECK(offender_of(1e-6) == "1e-6");
    CHECK(offender_of(123.456) == "123.456");
    for (int i = 1; i < 1000; ++i) {
        if (i % 10 == 0) continue;
        std::string digits = std::to_string(i);
        while (digits.size() < 3) digits.insert(0, "0");
        CHECK(offender_of(i / 1000.0) == "0." + digits);
    }
}

TEST_CASE("floats are written to the six digits they have", "[core][fault]") {
    CHECK(offender_of(2.5F) == "2.5");
    CHECK(offender_of(0.1F) == "0.1");
    CHECK(offender_of(3.14159274F) == "3.14159");
}

TEST_CASE("very large and very small doubles have an exponent", "[core][fault]") {
    CHECK(offender_of(1e300) == "1e300");
    CHECK(offender_of(-2.5e-7) == "-2.5e-7");
    CHECK(offender_of(std::numeric_limits<double>::max()) == "1.79769313e308");
    CHECK(offender_of(std::numeric_limits<double>::denorm_min()) == "4.94065646e-324");
}

TEST_CASE("rounding up to the next power of ten stays a number", "[core][fault]") {
    CHECK(offender_of(9.9999999) == "9.9999999");
    CHECK(offender_of(9.9999999999) == "10");
    CHECK(offender_of(0.99999999999) == "1");
    CHECK(offender_of(9.9999999999e299) == "1e300");
}

TEST_CASE("what is not a number is named", "[core][fault]") {
    CHECK(offender_of(std::numeric_limits<double>::quiet_NaN()) == "nan");
    CHECK(offender_of(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(offender_of(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("numbers are written in constant expressions too", "[core][fault]") {
    STATIC_REQUIRE(fault{odd, -0.125}.offender() == "-0.125");
    STATIC_REQUIRE(fault{odd, 1e300}.offender() == "1e300");
}

TEST_CASE("a description says code, sentence, offender and place", "[core][fault]") {
    CHECK(described(fault{odd, "Ada", 4}) == "core.odd: must be even: 'Ada' (at index 4)");
    CHECK(described(fault{odd, "Ada"}) == "core.odd: must be even: 'Ada'");
    CHECK(described(fault{odd, {}, 4}) == "core.odd: must be even (at index 4)");
    CHECK(described(fault{odd}) == "core.odd: must be even");
    CHECK(described(fault{}) == "core.none: no fault");
}

TEST_CASE("control characters of an offender are shown escaped", "[core][fault]") {
    using namespace std::string_view_literals;
    auto const shown = [](std::string_view name) {
        std::string const line = described(fault{odd, name});
        return line.substr(25, line.size() - 26); // between the quotes
    };
    CHECK(shown("a\nb\r\tc") == "a\\nb\\r\\tc");
    CHECK(shown("\x1B[2J") == "\\x1b[2J");
    CHECK(shown("\0\x01\x1F\x7F"sv) == "\\x00\\x01\\x1f\\x7f");
    CHECK(
        shown("\xC2\x9B"
              "2J")
        == "\\xc2\\x9b2J"); // U+009B begins a command as ESC [ does
    CHECK(shown("\xC2\xA0") == "\xC2\xA0");
}

TEST_CASE("letters of any language are shown as they are", "[core][fault]") {
    for (std::string_view const name : {"plain ~", "Grüße", "漢字", "🜛", "back\\slash", "it's"})
        CHECK(described(fault{odd, name}) == "core.odd: must be even: '" + std::string(name) + "'");
}

TEST_CASE("bytes that are no text are shown escaped", "[core][fault]") {
    auto const line = [](std::string_view name) { return described(fault{odd, name}); };
    CHECK(line("\x9B"
               "a")
              .ends_with("'\\x9ba'"));
    CHECK(line("a\xC3").ends_with("'a\\xc3'"));
    CHECK(line("\xE6\xBC"
               "x")
              .ends_with("'\\xe6\\xbcx'"));
    CHECK(line("\xC0\x8A").ends_with("'\\xc0\\x8a'")); // a line feed in disguise
    CHECK(line("\xFF").ends_with("'\\xff'"));
}

TEST_CASE("the offender itself keeps its bytes", "[core][fault]") {
    CHECK(fault{odd, "a\nb"}.offender() == "a\nb");
    STATIC_REQUIRE(fault{odd, "a\nb"}.text().view() == "core.odd: must be even: 'a\\nb'");
}

TEST_CASE("an offender that is escaped throughout leaves the index readable", "[core][fault]") {
    runnel::fault_kind const long_one{"core.long", "a sentence of some length"};
    fault const what{long_one, std::string(64, '\x1B'), 4};
    CHECK(what.text().view().ends_with("\\x1b' (at index 4)"));
}

TEST_CASE("a description is cut to its buffer", "[core][fault]") {
    char buffer[8] = "1234567";
    CHECK(fault{odd, "Ada"}.describe(buffer, 4) == "core");
    CHECK(buffer[4] == '5');
    CHECK(fault{odd}.describe(buffer, 0).empty());
}

TEST_CASE("a fault is one line of text on request", "[core][fault]") {
    constexpr fault what{odd, "Ada", 4};
    STATIC_REQUIRE(what.text().view() == "core.odd: must be even: 'Ada' (at index 4)");
    CHECK(std::string(what.text().c_str()) == what.text().view());
}

TEST_CASE("a line ends where its buffer does", "[core][fault]") {
    std::string const sentence(1000, 's');
    fault const what{{"core.long", sentence}, "Ada"};
    fault::line const line = what.text();
    CHECK(line.view().substr(0, 15) == "core.long: ssss");
    // the text, its final 0 and its length fit the line
    CHECK(line.view().size() + 1 + sizeof(std::size_t) <= sizeof line);
    CHECK(std::string(line.c_str()) == line.view());
    CHECK(std::string(runnel::fault_error{what}.what()) == line.view());
}
