// SPDX-License-Identifier: MIT
// What the program diffuse prints, against a computation of a few lines that shares nothing with it.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/gen.hpp"

#ifdef DIFFUSE_PROGRAM

namespace {

struct line_of_file {
    std::size_t from;
    std::size_t to;
    double weight;
};
struct drawn {
    std::size_t nodes;
    std::vector<line_of_file> links;
};
drawn draw(law::gen& g) {
    drawn made{g.integer(std::size_t{2}, 12), {}};
    std::size_t const count = g.integer(std::size_t{1}, 30);
    for (std::size_t i = 0; i < count; ++i)
        made.links.push_back(
            {g.choose(made.nodes - 1), g.choose(made.nodes - 1), g.magnitude(-3, 3)});
    made.links.push_back({made.nodes - 1, 0, 1}); // so that every number is a node
    return made;
}
/// The path of its file, as a shell takes it.
std::string write(drawn const& graph) {
    std::string const path = std::string{DIFFUSE_WORK} + "/drawn.tsv";
    std::ofstream out(path);
    out.precision(17);
    for (line_of_file const& l : graph.links)
        out << l.from << '\t' << l.to << '\t' << l.weight << '\n';
    return std::string{'\''}.append(path).append("' ");
}
/// Lines of its output, without the header, split at tabs.
std::vector<std::vector<std::string>> diffuse(std::string const& arguments) {
    std::string const line =
        std::string{"'"} + DIFFUSE_PROGRAM + "' " + arguments + " --format tsv --quiet";
    std::FILE* const pipe = popen(line.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string all;
    char room[4096];
    for (std::size_t got = 0; (got = std::fread(room, 1, sizeof room, pipe)) > 0;)
        all.append(room, got);
    REQUIRE(pclose(pipe) == 0);
    std::vector<std::vector<std::string>> rows;
    std::istringstream in(all);
    std::string text;
    REQUIRE(std::getline(in, text));
    REQUIRE(text.substr(0, 1) == "#");
    while (std::getline(in, text)) {
        std::vector<std::string> cells;
        std::istringstream row(text);
        for (std::string cell; std::getline(row, cell, '\t');) cells.push_back(cell);
        rows.push_back(cells);
    }
    return rows;
}
/// x' = (1 - D)[(1 - A)x + A P'x]; a node without links to others keeps its share; injections before the step.
std::vector<double> steps(
    drawn const& graph, std::vector<double> x, std::size_t ticks, double alpha, double decay) {
    std::vector<double> out(graph.nodes, 0);
    for (line_of_file const& l : graph.links)
        if (l.from != l.to) out[l.from] += l.weight;
    for (std::size_t t = 0; t < ticks; ++t) {
        std::vector<double> next(graph.nodes, 0);
        for (std::size_t n = 0; n < graph.nodes; ++n)
            next[n] = out[n] > 0 ? (1 - alpha) * x[n] : x[n];
        for (line_of_file const& l : graph.links)
            if (l.from != l.to) next[l.to] += alpha * x[l.from] * l.weight / out[l.from];
        for (double& value : next) value *= 1 - decay;
        x = next;
    }
    return x;
}

} // namespace

TEST_CASE("matrix mode is the formula it states", "[command][diffuse]") {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        law::gen g(seed);
        auto const graph = draw(g);
        std::size_t const a = g.choose(graph.nodes - 1);
        std::size_t const b = g.choose(graph.nodes - 1);
        std::size_t const ticks = g.integer(std::size_t{1}, 30);
        bool const usual = g.flag();
        double const alpha = usual ? .1 : g.real(0, 1);
        double const decay = usual ? .03 : g.real(0, .5);
        std::ostringstream line;
        line.precision(17);
        line << write(graph) << "--mode matrix --all --ticks " << ticks << " --seed " << a
             << "=2.5 --seed " << b;
        if (!usual) line << " --alpha " << alpha << " --decay " << decay;
        INFO(line.str());
        std::vector<double> x(graph.nodes, 0);
        x[a] += 2.5;
        x[b] += 1;
        auto const expected = steps(graph, x, ticks, alpha, decay);
        auto const rows = diffuse(line.str());
        REQUIRE(rows.size() == graph.nodes);
        double before = 1e300;
        for (auto const& row : rows) {
            REQUIRE(row.size() == 2);
            double const value = std::strtod(row[1].c_str(), nullptr);
            // Weights are kept as logarithms of 24 fractional bits: so exact is a share.
            CHECK(
                std::abs(value - expected[std::strtoul(row[0].c_str(), nullptr, 10)])
                < 1e-6 * static_cast<double>(ticks));
            CHECK(value <= before); // best first
            before = value;
        }
    }
}

TEST_CASE(
    "with logarithms that are exact, matrix mode agrees to the last digits", "[command][diffuse]") {
    for (std::uint64_t seed = 100; seed < 106; ++seed) {
        law::gen g(seed);
        auto graph = draw(g);
        for (line_of_file& l : graph.links) l.weight = 1;
        std::vector<double> x(graph.nodes, 0);
        x[0] = 1;
        auto const expected = steps(graph, x, 20, .25, .125);
        for (auto const& row : diffuse(
                 write(graph) + "--mode matrix --all --ticks 20 --alpha .25 --decay .125 --seed 0"))
            CHECK(
                std::abs(
                    std::strtod(row[1].c_str(), nullptr)
                    - expected[std::strtoul(row[0].c_str(), nullptr, 10)])
                < 1e-15);
    }
}

TEST_CASE(
    "values read back as the numbers they were, and as multiples of a quantum",
    "[command][diffuse]") {
    law::gen g(7);
    auto const graph = draw(g);
    double sum = 0;
    for (auto const& row : diffuse(write(graph) + "--seed 0 --all --preset associate")) {
        REQUIRE(row.size() == 3);
        for (std::size_t i = 1; i < 3; ++i) {
            double const value = std::strtod(row[i].c_str(), nullptr);
            char again[64];
            std::snprintf(again, sizeof again, "%.17g", value);
            CHECK(row[i] == again);
            double const quanta = value * 0x1p40; // what strides move is counted in whole quanta
            CHECK(quanta == std::floor(quanta));
        }
        sum += std::strtod(row[1].c_str(), nullptr);
    }
    CHECK(sum > .3);
    CHECK(sum < .4); // a tenth is lost in each of ten seconds
}

TEST_CASE(
    "strides rank by what was received, then by what is held, then by node", "[command][diffuse]") {
    law::gen g(11);
    auto const rows = diffuse(write(draw(g)) + "--seed 0 --all --preset associate --ticks 3");
    REQUIRE(rows.size() > 2);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        auto const number = [&](std::size_t row, std::size_t column) {
            return std::strtod(rows[row][column].c_str(), nullptr);
        };
        bool const by_received = number(i - 1, 2) > number(i, 2);
        bool const by_energy = number(i - 1, 2) == number(i, 2) && number(i - 1, 1) > number(i, 1);
        bool const by_node = number(i - 1, 2) == number(i, 2) && number(i - 1, 1) == number(i, 1)
                             && number(i - 1, 0) < number(i, 0);
        CHECK((by_received || by_energy || by_node));
    }
}

#endif
