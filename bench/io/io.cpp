// SPDX-License-Identifier: MIT
// How fast is a list of links read?
//
// Why:  reading the file is the first thing a program waits for.
// Against: a loop that finds the ends of the lines and turns the columns into numbers, and remembers nothing; of names
//       it finds the ends. Beside it the reader alone, and the reader with the graph it makes.
//       Reported in ns per link; MB/s below. The text is in memory and comes in chunks as a file's would.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <runnel/core/rng.hpp>
#include <runnel/io.hpp>

#include "support/harness.hpp"

namespace {

namespace io = runnel::io;

enum class columns { numbers, weights, names, matrix };

struct list {
    std::string name;
    columns holds;
    std::string text;
    std::size_t links;
};

list make(std::string name, columns holds, std::size_t links) {
    auto const nodes = static_cast<std::uint32_t>(links / 10);
    list made{std::move(name), holds, {}, links};
    runnel::counter_rng const draw{{.seed = 1}};
    if (holds == columns::matrix)
        made.text = "%%MatrixMarket matrix coordinate real general\n" + std::to_string(nodes) + " "
                    + std::to_string(nodes) + " " + std::to_string(links) + "\n";
    for (std::size_t i = 0; i < links; ++i) {
        std::string ends[2];
        for (std::size_t e = 0; e < 2; ++e) {
            std::uint64_t const node = draw(3 * i + e) % nodes + 1;
            ends[e] =
                holds == columns::names ? "node-" + std::to_string(node) : std::to_string(node);
        }
        char const mark = holds == columns::matrix ? ' ' : '\t';
        made.text += ends[0] + mark + ends[1];
        if (holds == columns::weights || holds == columns::matrix) {
            char weight[32];
            std::snprintf(weight, sizeof weight, "%c%.6g", mark, draw.unit(3 * i + 2) + .001);
            made.text += weight;
        }
        made.text += '\n';
    }
    return made;
}

/// Hands a text over as a file does.
struct chunks {
    std::string_view left;
    runnel::result<std::string_view> operator()() {
        std::string_view const next = left.substr(0, io::file_source::chunk);
        left.remove_prefix(next.size());
        return next;
    }
};

/// The least a reader has to do.
std::uint64_t scan(list const& from) {
    std::uint64_t sum = 0;
    char const* at = from.text.data();
    char const* const end = at + from.text.size();
    if (from.holds == columns::matrix)
        for (int line = 0; line < 2; ++line)
            while (*at++ != '\n') {}
    while (at != end) {
        for (int column = 0; column < 2; ++column) {
            if (from.holds == columns::names) {
                while (*at != '\t' && *at != '\n') sum += static_cast<unsigned char>(*at++);
            } else {
                std::uint64_t number = 0;
                while (*at >= '0' && *at <= '9')
                    number = number * 10 + static_cast<std::uint64_t>(*at++ - '0');
                sum += number;
            }
            if (*at != '\n') ++at;
        }
        if (*at != '\n') {
            double weight = 0;
            at = std::from_chars(at, end, weight).ptr;
            sum += weight > .5 ? 1 : 0;
        }
        ++at;
    }
    return sum;
}

template <class Reader> void take_all(list const& from, Reader& reader) {
    chunks source{from.text};
    for (;;) {
        auto const chunk = source();
        if (chunk->empty()) break;
        reader.take(*chunk).value();
    }
}

void compare(bench::suite& out, list const& from) {
    auto const read = [&] {
        if (from.holds == columns::matrix) {
            io::matrix_market_reader reader;
            take_all(from, reader);
            bench::do_not_optimise(reader);
        } else {
            io::edge_list_reader reader;
            take_all(from, reader);
            bench::do_not_optimise(reader);
        }
    };
    auto const made = [&] {
        auto const format =
            from.holds == columns::matrix ? io::format::matrix_market : io::format::edge_list;
        bench::do_not_optimise(io::read_graph(chunks{from.text}, format).value());
    };
    auto const found = out.compare(
        {.title = from.name, .unit = "ns/link", .per = static_cast<double>(from.links)},
        {{"bare loop", [&] { bench::do_not_optimise(scan(from)); }},
         {"reader", read},
         {"graph", made}});
    if (found.empty()) return;
    std::string said = "MB/s:";
    for (bench::outcome const& o : found) {
        double const bytes =
            static_cast<double>(from.text.size()) / static_cast<double>(from.links);
        said +=
            " " + o.name + " " + std::to_string(static_cast<int>(bytes * 1e3 / o.figure.median));
    }
    out.say(said);
}

} // namespace

int main(int argc, char** argv) {
    bench::suite out{argc, argv, "io", "How fast is a list of links read?"};
    if (!out.rest().empty()) {
        std::fprintf(
            stderr, "bench_io: unknown option %s; --help lists them\n", out.rest()[0].c_str());
        return 2;
    }
    std::size_t const links = out.full() ? 10'000'000 : 300'000;
    std::string const many = out.full() ? "10 million links, " : "300 000 links, ";
    for (auto const& [what, holds] :
         {std::pair{"numbers", columns::numbers},
          {"numbers and weights", columns::weights},
          {"names", columns::names},
          {"a matrix", columns::matrix}})
        if (out.wants(many + what)) compare(out, make(many + what, holds, links));
    return out.finish();
}
