// SPDX-License-Identifier: MIT
#include "io/support.hpp"
#include "support/catch.hpp"

namespace io = runnel::io;
using io_tests::pieces;
using io_tests::scratch_file;
using io_tests::told;

namespace {
std::string const matrix = "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n1 2\n";
} // namespace

TEST_CASE("a file is a graph in one call", "[io][read]") {
    scratch_file const file{"a b\nb c 2\n"};
    CHECK(told(io::read_graph(file.path())) == told(io_tests::read("a b\nb c 2\n")));
    CHECK(
        told(io::read_edge_list(file.path(), {.links = io::links::both_ways}))
        == told(io_tests::read("a b\nb c 2\n", {.links = io::links::both_ways})));
    CHECK(told(io::read_graph(file.path().c_str())) == told(io::read_graph(file.path())));
}

TEST_CASE("a file that ends in .mtx is a matrix", "[io][read]") {
    scratch_file const file{matrix, "m.mtx"};
    CHECK(told(io::read_graph(file.path())) == "2 nodes [] []\n0>1 0 relates\n1>0 0 relates\n");
    CHECK(told(io::read_matrix_market(file.path())) == told(io::read_graph(file.path())));
    CHECK_FALSE(io::read_edge_list(file.path()));
    CHECK(io::format_of("m.mtx") == io::format::matrix_market);
    CHECK(io::format_of("a/m.mtx.gz") == io::format::matrix_market);
    CHECK(io::format_of("m.tsv") == io::format::edge_list);
    CHECK(io::format_of("m.mtx.tsv") == io::format::edge_list);
    CHECK(io::format_of("-") == io::format::edge_list);
    CHECK(io::format_of("") == io::format::edge_list);
    CHECK(io::format_of(".gz") == io::format::edge_list);
}

TEST_CASE("a matrix takes from the settings of lists what concerns it", "[io][read]") {
    std::string const general = "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 -1\n";
    auto const read = [&](io::edge_list_config how) {
        return io::read_graph(pieces{general}, io::format::matrix_market, how);
    };
    CHECK(read({}).error().is(io::faults::bad_weight));
    CHECK(
        told(read({.weights = io::weights::ignored, .nodes = io::nodes::names}))
        == "2 nodes [] []\n0>1 0 relates\n");
    CHECK(
        told(read({.weights = io::weights::ignored, .links = io::links::both_ways}))
        == "2 nodes [] []\n0>1 0 relates\n1>0 0 relates\n");
    CHECK(read({.most_nodes = 1}).error().is(io::faults::too_many_nodes));
}

TEST_CASE("a fault says the file and the line", "[io][read]") {
    scratch_file const file{"a b\na b x\n", "bad.tsv"};
    auto const made = io::read_graph(file.path());
    REQUIRE_FALSE(made);
    CHECK(made.error().is(io::faults::not_a_number));
    CHECK(made.error().offender() == "bad.tsv, line 2: a b x");
    scratch_file const longer{"a b\na b x\n", std::string(60, 'n') + ".tsv"};
    auto const cut = io::read_graph(longer.path());
    REQUIRE_FALSE(cut);
    CHECK(std::string{cut.error().offender()}.find(", line 2: a b x") != std::string::npos);
}

TEST_CASE("what cannot be read is a fault that names it", "[io][read]") {
    scratch_file const file{""};
    std::string const nowhere = file.path() + "-no";
    auto const missing = io::read_graph(nowhere);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().is(io::faults::cannot_open));
    CHECK(missing.error().offender() == nowhere);
    std::string const deep = "/" + std::string(100, 'x') + "/the_end.tsv";
    CHECK(
        std::string{io::read_graph(deep).error().offender()}
        == "..." + deep.substr(deep.size() - 61));
    auto const folder = io::read_graph(file.folder());
    REQUIRE_FALSE(folder);
    CHECK(
        (folder.error().is(io::faults::cannot_read) || folder.error().is(io::faults::cannot_open)));
}

TEST_CASE("a compressed file says what to do", "[io][read]") {
    scratch_file const file{
        std::string{"\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03", 10}, "links.tsv.gz"};
    auto const made = io::read_graph(file.path());
    REQUIRE_FALSE(made);
    CHECK(made.error().is(io::faults::compressed));
    CHECK(made.error().offender() == "links.tsv.gz, line 1: bytes 1f 8b");
}

TEST_CASE("a source that breaks off leaves no graph", "[io][read]") {
    int calls = 0;
    auto const broken = [&]() -> runnel::result<std::string_view> {
        if (++calls == 2) return runnel::fault{io::faults::cannot_read};
        return std::string_view{"a b\n"};
    };
    auto const made = io::read_edge_list(broken);
    REQUIRE_FALSE(made);
    CHECK(made.error().is(io::faults::cannot_read));
    CHECK(calls == 2);
}

TEST_CASE("a source is asked no more once a line is at fault", "[io][read]") {
    int calls = 0;
    auto const endless = [&]() -> runnel::result<std::string_view> {
        ++calls;
        return std::string_view{"a\n"};
    };
    CHECK_FALSE(io::read_edge_list(endless));
    CHECK(calls == 1);
}

TEST_CASE("a file is handed over chunk by chunk, and may be yours", "[io][read]") {
    std::string text;
    for (int i = 0; text.size() <= 2 * io::file_source::chunk; ++i)
        text += std::to_string(i) + "\n";
    scratch_file const file{text};
    std::FILE* const mine = std::fopen(file.path().c_str(), "rb");
    REQUIRE(mine != nullptr);
    std::string read;
    {
        io::file_source source{mine};
        io::file_source moved{std::move(source)};
        for (;;) {
            auto const chunk = moved();
            REQUIRE(chunk);
            if (chunk->empty()) break;
            read += *chunk;
        }
        CHECK(moved()->empty());
        CHECK_FALSE(source()); // NOLINT: what was moved from has no file
    }
    CHECK(read == text);
    CHECK(std::fseek(mine, 0, SEEK_SET) == 0); // it is still open
    std::fclose(mine);
}

TEST_CASE("files are closed when a source ends", "[io][read]") {
    scratch_file const file{"a b\n"};
    auto const descriptors = [] {
        std::size_t count = 0;
        std::error_code ignored;
        for (auto const& entry : std::filesystem::directory_iterator{"/proc/self/fd", ignored}) {
            static_cast<void>(entry);
            ++count;
        }
        return count;
    };
    std::size_t const before = descriptors();
    for (int i = 0; i < 5; ++i) {
        CHECK(io::read_graph(file.path()));
        auto one = io::file_source::open(file.path()).value();
        one = io::file_source::open(file.path()).value();
        CHECK(one().value() == "a b\n");
    }
    CHECK(descriptors() == before);
}
