// SPDX-License-Identifier: MIT
// The command lines of the two programs: what is accepted, and what is said of the rest.
#include "../../examples/command/options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../examples/command/terminal.hpp"
#include "support/catch.hpp"

namespace {

struct settings {
    std::string file;
    bool both = false;
    std::uint64_t ticks = 10;
    std::int32_t shift = 0;
    double alpha = .5;
    std::optional<double> decay;
    std::vector<std::string> seeds;
    char mode = 's';
};
command::options line_of(settings& to) {
    command::options all{"prog", "[options] FILE", "Does something."};
    all.positional({"FILE", "what to read"}, to.file);
    all.group("the first group");
    all.flag({"both", "", "both ways"}, to.both);
    all.value({"ticks", "N", "so many"}, to.ticks);
    all.value({"shift", "N", "left or right"}, to.shift);
    all.group("the second");
    all.value({"alpha", "A", "a share"}, to.alpha);
    all.value({"decay", "D", "another"}, to.decay);
    all.value({"seed", "NODE", "where from"}, to.seeds);
    all.choice({"mode", "", "how"}, to.mode, {{"stride", 's'}, {"matrix", 'm'}}, {"heat", "walk"});
    all.later({"replay", "FILE", "a picture"});
    return all;
}
struct outcome {
    settings to;
    command::parsed what{};
    std::string wrong;
};
outcome parse(std::vector<char const*> words) {
    outcome made;
    words.insert(words.begin(), "prog");
    try {
        made.what = line_of(made.to).parse(static_cast<int>(words.size()), words.data());
    } catch (command::wrong_usage const& error) { made.wrong = error.what(); }
    return made;
}

} // namespace

TEST_CASE("a value stands beside its option or behind an equals sign", "[command]") {
    for (auto const& made :
         {parse({"--ticks", "7", "f", "--alpha=.25"}),
          parse({"--ticks=7", "--alpha", ".25", "f"})}) {
        CHECK(made.wrong.empty());
        CHECK(made.what == command::parsed::run);
        CHECK(made.to.ticks == 7);
        CHECK(made.to.alpha == .25);
        CHECK(made.to.file == "f");
        CHECK_FALSE(made.to.both);
    }
}

TEST_CASE("what is not given keeps its default", "[command]") {
    auto const made = parse({"f"});
    CHECK(made.to.ticks == 10);
    CHECK_FALSE(made.to.decay.has_value());
    CHECK(made.to.seeds.empty());
    CHECK(parse({"f", "--decay", "0"}).to.decay == 0.0);
}

TEST_CASE("of an option given twice the last counts, and a list takes all", "[command]") {
    CHECK(parse({"f", "--ticks", "1", "--ticks", "2"}).to.ticks == 2);
    CHECK(
        parse({"f", "--seed", "a", "--seed=b=c", "--seed", "a"}).to.seeds
        == std::vector<std::string>{"a", "b=c", "a"});
}

TEST_CASE("a value may be negative, or a dash alone, or empty", "[command]") {
    CHECK(parse({"f", "--shift", "-3"}).to.shift == -3);
    CHECK(parse({"-"}).to.file == "-");
    CHECK(parse({"f", "--seed="}).to.seeds == std::vector<std::string>{""});
}

TEST_CASE("two dashes end the options", "[command]") {
    auto const made = parse({"--both", "--", "--odd name"});
    CHECK(made.to.both);
    CHECK(made.to.file == "--odd name");
}

TEST_CASE("an unknown option is told with the one that was meant", "[command]") {
    CHECK(
        parse({"f", "--tikcs", "3"}).wrong
        == "there is no option '--tikcs'; did you mean --ticks?");
    CHECK(parse({"f", "--sede=3"}).wrong == "there is no option '--sede'; did you mean --seed?");
    CHECK(parse({"f", "-alpha"}).wrong == "there is no option '-alpha'; did you mean --alpha?");
    CHECK(parse({"f", "--xyzzy"}).wrong == "there is no option '--xyzzy'; --help lists them");
    CHECK(parse({"f", "--\x1b[2J"}).wrong.find('\x1b') == std::string::npos);
}

TEST_CASE("a number that is none is told with its option and what was given", "[command]") {
    CHECK(
        parse({"f", "--ticks", "ten"}).wrong
        == "--ticks takes a whole number that is not negative, not 'ten'");
    CHECK(
        parse({"f", "--ticks=-1"}).wrong
        == "--ticks takes a whole number that is not negative, not '-1'");
    CHECK(
        parse({"f", "--ticks", "1.5"}).wrong
        == "--ticks takes a whole number that is not negative, not '1.5'");
    CHECK(parse({"f", "--shift", "x"}).wrong == "--shift takes a whole number, not 'x'");
    CHECK(parse({"f", "--alpha", "1,5"}).wrong == "--alpha takes a number, not '1,5'");
    CHECK(parse({"f", "--alpha", ""}).wrong == "--alpha takes a number, not ''");
    CHECK(parse({"f", "--alpha", "nan"}).wrong == "--alpha takes a number, not 'nan'");
    CHECK(parse({"f", "--decay", "inf"}).wrong == "--decay takes a number, not 'inf'");
    CHECK(parse({"f", "--shift", "99999999999"}).wrong == "--shift: '99999999999' is out of range");
    CHECK(parse({"f", "--alpha", "1e999"}).wrong == "--alpha: '1e999' is out of range");
}

TEST_CASE("a missing value and one too many are told", "[command]") {
    CHECK(parse({"f", "--ticks"}).wrong == "--ticks needs a value: N");
    CHECK(parse({"f", "--seed", "--both"}).wrong == "--seed needs a value: NODE");
    CHECK(parse({"f", "--both=yes"}).wrong == "--both takes no value, but was given 'yes'");
    CHECK(parse({"f", "g"}).wrong == "'g' is one argument too many; usage: prog [options] FILE");
    CHECK(parse({"--both"}).wrong == "FILE is missing; usage: prog [options] FILE");
}

TEST_CASE("a choice takes its words, and says which will come", "[command]") {
    CHECK(parse({"f", "--mode", "matrix"}).to.mode == 'm');
    CHECK(
        parse({"f", "--mode", "matrx"}).wrong
        == "--mode takes stride or matrix, not 'matrx'; did you mean matrix?");
    CHECK(
        parse({"f", "--mode=heat"}).wrong
        == "mode heat comes in a later version; --mode takes stride or matrix");
    CHECK(parse({"f", "--replay", "x"}).wrong == "--replay comes in a later version");
}

TEST_CASE("whoever asks for help gets it, whatever else is wrong", "[command]") {
    CHECK(parse({"--help"}).what == command::parsed::help);
    CHECK(parse({"--xyzzy", "-h"}).what == command::parsed::help);
    CHECK(parse({"--version"}).what == command::parsed::version);
    CHECK(parse({"--", "--help"}).to.file == "--help");
}

TEST_CASE("the help stands in columns", "[command]") {
    settings to;
    CHECK(line_of(to).help() == R"(usage: prog [options] FILE

Does something.

  FILE                  what to read

the first group
  --both                both ways
  --ticks N             so many
  --shift N             left or right

the second
  --alpha A             a share
  --decay D             another
  --seed NODE           where from
  --mode stride|matrix  how
  --help                this text
  --version             which version this is

In a later version: --mode heat|walk, --replay.
)");
}

TEST_CASE("help breaks between words, under the column it began in", "[command]") {
    bool flag = false;
    command::options all{"p", "", "P."};
    std::string words;
    for (int i = 0; i < 30; ++i) words += i == 0 ? "word" : " word";
    all.flag({"a-name-that-is-too-long-for-the-column", "", words}, flag);
    std::string const help = all.help();
    std::string_view left = help;
    std::size_t lines = 0;
    while (!left.empty()) {
        std::string_view const line = left.substr(0, left.find('\n'));
        CHECK(line.size() <= 100);
        if (line.find("word") != std::string_view::npos) {
            ++lines;
            CHECK(line.substr(0, 13) == std::string(13, ' '));
            CHECK(line[13] == 'w');
        }
        left.remove_prefix(line.size() + 1);
    }
    CHECK(lines == 2);
}

TEST_CASE("numbers for people are short, for programs exact", "[command]") {
    CHECK(command::readable(.1) == "0.1");
    CHECK(command::readable(1.0 / 3) == "0.333333");
    CHECK(command::readable(0) == "0");
    CHECK(command::readable(8388607) == "8.38861e+06");
    CHECK(command::exact(.1) == "0.10000000000000001");
    CHECK(command::number<double>(command::exact(1.0 / 3), "x") == 1.0 / 3);
}
