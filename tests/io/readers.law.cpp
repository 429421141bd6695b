// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>

#include "io/support.hpp"
#include "support/law.hpp"

namespace io = runnel::io;
using io_tests::pieces;
using io_tests::told;

namespace {

/// A line of an edge list: mostly a good one.
std::string any_line(law::gen& g) {
    static constexpr char const* names[] = {"0",   "1",        "2", "7", "12", "a",
                                            "b c", "\"x, y\"", "",  "#", "-1"};
    static constexpr char const* figures[] = {"1", ".5", "2e3", "", "-1", "0", "x", "1e400"};
    static constexpr char const* types[] = {"enables", "cites", "", "other", "t2"};
    auto const one_of = [&](auto const& from) {
        return std::string{from[g.choose(std::size(from) - 1)]};
    };
    std::string const mark = g.one_of<std::string>({"\t", ",", " "});
    std::string line = std::to_string(g.choose(9)) + mark + std::to_string(g.choose(9));
    if (g.choose(4) == 4) line = one_of(names) + mark + one_of(names);
    if (g.flag()) line += mark + (g.choose(9) == 9 ? one_of(figures) : "2");
    if (g.choose(3) == 3) line += mark + one_of(types);
    if (g.choose(9) == 9) line = g.one_of<std::string>({"", "# x", "  ", "\xEF\xBB\xBF", "a"});
    return line + g.one_of<std::string>({"\n", "\n", "\r\n", "\r"});
}
std::string any_list(law::gen& g) {
    std::string text = g.choose(9) == 9 ? "\xEF\xBB\xBF" : "";
    for (std::string const& line : g.list(8, [&] { return any_line(g); })) text += line;
    if (!text.empty() && g.choose(2) == 2) text.pop_back();
    return text;
}
io::edge_list_config any_config(law::gen& g) {
    return {
        .weights = g.one_of({io::weights::linear, io::weights::logs, io::weights::ignored}),
        .nodes = g.one_of({io::nodes::by_first_link, io::nodes::numbers, io::nodes::names}),
        .links = g.one_of({io::links::as_written, io::links::both_ways}),
        .most_nodes = g.one_of({io::usual_most_nodes, std::uint32_t{5}})};
}
/// A matrix, mostly a good one.
std::string any_matrix(law::gen& g) {
    bool const pattern = g.flag();
    std::uint64_t const size = g.choose(5) + 1;
    auto const entries = g.list(6, [&] {
        std::string entry =
            std::to_string(g.choose(size - 1) + 1) + " " + std::to_string(g.choose(size - 1) + 1);
        if (!pattern) entry += " " + std::to_string(g.choose(3) + 1) + ".5";
        if (g.choose(20) == 20) entry += g.one_of<std::string>({"x", " 7", "\n%"});
        return entry + g.one_of<std::string>({"\n", "\r\n"});
    });
    std::string text = std::string{"%%MatrixMarket matrix coordinate "}
                       + (pattern ? "pattern" : "real") + (g.flag() ? " general\n" : " symmetric\n")
                       + std::to_string(size) + " " + std::to_string(size) + " "
                       + std::to_string(entries.size() + (g.choose(9) == 9 ? 1 : 0)) + "\n";
    for (std::string const& entry : entries) text += entry;
    return text;
}
std::vector<std::size_t> any_cuts(law::gen& g) {
    return g.list(30, [&] { return static_cast<std::size_t>(g.choose(7)) + 1; });
}
/// Bytes put in, taken out and changed.
void damage(law::gen& g, std::string& text) {
    static constexpr char letters[] = "0123456789 \t,\"#%\n\r.-+eE\xEF\xBB\xBF\x1F\x8B\xFF\0";
    for (std::uint64_t n = g.choose(4) + 1; n > 0; --n) {
        std::size_t const at = g.choose(text.size());
        char const letter =
            g.flag() ? letters[g.choose(sizeof letters - 2)] : static_cast<char>(g.choose(255));
        switch (g.choose(3)) {
        case 0: text.insert(at, 1, letter); break;
        case 1: text.erase(at, g.choose(3)); break;
        case 2:
            if (at < text.size()) text[at] = letter;
            break;
        default: text.insert(at, text.substr(g.choose(text.size()), g.choose(20)));
        }
    }
}
/// Is it a graph one can walk, or a fault of this room or of what it builds on?
bool sound(runnel::result<runnel::graph::built> const& made) {
    if (!made) {
        std::string_view const code = made.error().code();
        return code.substr(0, 3) == "io." || code.substr(0, 6) == "graph.";
    }
    std::uint32_t links = 0;
    for (std::uint32_t n = 0; n < made->graph.node_count(); ++n)
        for (runnel::node_id const target : made->graph.targets(runnel::node_id{n})) {
            if (!made->graph.contains(target)) return false;
            ++links;
        }
    return links == made->graph.link_count() && made->store.belongs_to(made->graph);
}

} // namespace

TEST_CASE("the same bytes in any pieces are the same graph or the same fault", "[io][edge_list]") {
    law::for_all(10000, [](law::gen& g) {
        std::string const text = any_list(g);
        io::edge_list_config const how = any_config(g);
        g.show("text", text);
        auto const whole = io::read_edge_list(pieces{text}, how);
        auto const cut = io::read_edge_list(pieces{text, any_cuts(g)}, how);
        g.holds(told(whole) == told(cut), "pieces change nothing");
    });
}

TEST_CASE("so are those of a matrix", "[io][matrix_market]") {
    law::for_all(10000, [](law::gen& g) {
        std::string const text = any_matrix(g);
        g.show("text", text);
        auto const whole = io::read_matrix_market(pieces{text});
        auto const cut = io::read_matrix_market(pieces{text, any_cuts(g)});
        g.holds(told(whole) == told(cut), "pieces change nothing");
    });
}

TEST_CASE("a line too long is the same fault in any pieces", "[io][edge_list]") {
    std::string const text = "a b\n" + std::string((1 << 20) + 1, 'x') + "\nc d\n";
    std::string const whole = told(io::read_edge_list(pieces{text}));
    CHECK(whole.find("io.line_too_long") == 0);
    for (std::size_t const first : {2U, 4U, 5U, 1U << 20U, (1U << 20U) + 5U})
        CHECK(told(io::read_edge_list(pieces{text, {first}})) == whole);
    std::string const just = "a b\n" + std::string((1 << 20) - 2, 'x') + " y\nc d\n";
    for (std::size_t const first : {2U, 1U << 20U, (1U << 20U) + 4U})
        CHECK(io::read_edge_list(pieces{just, {first}}));
}

TEST_CASE("a graph that is written and read is the same, to the bit", "[io][edge_list]") {
    law::for_all(2000, [](law::gen& g) {
        bool const named = g.flag("named");
        std::string const mark = g.one_of<std::string>({"\t", ",", " "}, "mark");
        auto const count = static_cast<std::uint32_t>(g.choose(11) + 1);
        runnel::graph::builder builder;
        // Every node has a link, else its name would be lost: a ring first.
        for (std::uint32_t n = 0; n < count; ++n)
            if (named)
                builder.node("n" + std::to_string(n));
            else
                builder.node();
        auto const cites = builder.declare_link_type("cites");
        struct written {
            std::uint32_t from, to;
            runnel::log_weight lw;
            runnel::link_type type;
        };
        std::vector<written> links;
        auto const any_link = [&](std::uint32_t from, std::uint32_t to) {
            auto const lw =
                static_cast<std::int32_t>(static_cast<std::uint32_t>(g.choose(0xFFFF'FFFF)));
            links.push_back(
                {from, to, runnel::log_weight::from_raw(lw),
                 g.one_of({runnel::link_type::relates, runnel::link_type::blocks, cites})});
        };
        for (std::uint32_t n = 0; n < count; ++n) any_link(n, (n + 1) % count);
        for (auto more = g.choose(20); more > 0; --more)
            any_link(
                static_cast<std::uint32_t>(g.choose(count - 1)),
                static_cast<std::uint32_t>(g.choose(count - 1)));
        if (links[0].type != cites) links[0].type = cites; // declared when read, too
        std::string text;
        for (written const& l : links) {
            builder.log_link({runnel::node_id{l.from}, runnel::node_id{l.to}, l.lw, l.type});
            char figure[40];
            std::snprintf(figure, sizeof figure, "%.17g", l.lw.log());
            std::string const prefix = named ? "n" : "";
            std::string const type = l.type == cites                       ? "cites"
                                     : l.type == runnel::link_type::blocks ? "blocks"
                                                                           : "relates";
            text += prefix + std::to_string(l.from) + mark + prefix + std::to_string(l.to) + mark
                    + figure + mark + type + "\n";
        }
        g.show("text", text);
        auto const made = std::move(builder).build();
        auto const again = io::read_edge_list(pieces{text}, {.weights = io::weights::logs});
        g.holds(told(again) == told(made), "the same nodes, links, weights and types");
    });
}

TEST_CASE("damaged files are graphs or faults, never worse", "[io][edge_list][matrix_market]") {
    std::size_t graphs = 0;
    std::size_t faults = 0;
    law::for_all(100000, [&](law::gen& g) {
        bool const matrix = g.flag("matrix");
        std::string text = matrix ? any_matrix(g) : any_list(g);
        damage(g, text);
        g.show("text", text);
        pieces const from{text, any_cuts(g)};
        // A typing error may well make a large number: few nodes, lest the test take its time.
        auto const made = matrix ? io::read_matrix_market(pieces{from}, {.most_nodes = 2000})
                                 : io::read_edge_list(pieces{from}, {.most_nodes = 2000});
        ++(made ? graphs : faults);
        g.holds(sound(made), "a sound graph or a fault of its own");
        g.holds(
            made || made.error().offender().substr(0, 5) == "line ", "a fault that names a line");
    });
    CHECK(graphs > 1000);
    CHECK(faults > 1000);
}

TEST_CASE("a figure is read like the standard reads it", "[io][numbers]") {
    law::for_all(20000, [](law::gen& g) {
        double const x = g.any_double("x");
        char text[64];
        std::snprintf(text, sizeof text, "%.17g", x);
        double read = 0;
        bool const good = io::detail::read_decimal(text, read);
        g.holds(good == (x - x == 0), "finite ones are figures, others are not");
        g.holds(!good || (read == x && std::signbit(read) == std::signbit(x)), "the same figure");
        std::uint64_t const whole = g.choose(~std::uint64_t{0}) >> g.choose(63);
        std::uint64_t again = 1;
        std::string const zeros(g.choose(30), '0');
        g.holds(
            io::detail::read_whole(zeros + std::to_string(whole), again), "digits are a number");
        g.holds(
            again == (whole > 9'999'999'999'999'999'999U ? io::detail::too_large : whole),
            "and this one");
    });
    std::uint64_t number = 0;
    for (char const* text :
         {"", "x", "1x", "-1", "+1", " 1", "12345678901234567890123x", "0000000000000000000x"})
        CHECK_FALSE(io::detail::read_whole(text, number));
    double figure = 0;
    for (char const* text :
         {"", "+", "-", "e", ".", "1e", "+-1", "--1", "1-1", "1.2.3", "0x1p3", "inf", "nan", " 1"})
        CHECK_FALSE(io::detail::read_decimal(text, figure));
    CHECK((io::detail::read_decimal("1e999", figure) && figure > 1e308));
    CHECK((io::detail::read_decimal("1e-999", figure) && figure == 0));
}
