// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#ifdef RUNNEL_WITH_ZLIB
#    include <string>
#    include <vector>

#    include <runnel/interop/zlib.hpp>

#    include "io/support.hpp"
#    include "support/law.hpp"

namespace interop = runnel::interop;
namespace io = runnel::io;
using io_tests::pieces;
using io_tests::told;

namespace {
std::string packed(std::string const& text) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    std::string in = text; // zlib's older declarations want letters they may write to
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}
/// All a source gives, or the code of its fault.
template <class Source> std::string all(Source source) {
    std::string text;
    for (;;) {
        auto const chunk = source();
        if (!chunk) {
            CHECK(source().error().code() == chunk.error().code()); // it stays so
            return std::string{chunk.error().code()};
        }
        if (chunk->empty()) break;
        text += *chunk;
    }
    CHECK(source()->empty());
    return text;
}
std::string unpacked(std::string const& bytes, std::vector<std::size_t> const& cuts = {}) {
    return all(interop::gunzip<pieces>{pieces{bytes, cuts}});
}
std::string many_lines() {
    std::string text;
    for (unsigned i = 0; text.size() < (1U << 20); ++i)
        text += std::to_string(i * 2654435761U) + " 1\n";
    return text;
}
} // namespace

TEST_CASE("what is compressed is unpacked, what is not passes unchanged", "[interop][zlib]") {
    std::string const text = many_lines();
    CHECK(unpacked(packed(text)) == text);
    CHECK(unpacked(text) == text);
    for (char const* plain : {"", "\x1F", "x", "a b\n"}) CHECK(unpacked(plain) == plain);
    CHECK(unpacked(packed("")).empty());
    CHECK(unpacked(packed("a") + packed("") + packed("b")) == "ab"); // members are one text
}

TEST_CASE("a compressed file may come in any pieces", "[interop][zlib]") {
    law::for_all(300, [](law::gen& g) {
        std::string text;
        for (auto n = g.choose(200); n > 0; --n) text += std::to_string(g.choose(99)) + " 1\n";
        std::string bytes = g.flag("plain") ? text : packed(text) + packed("z");
        if (bytes != text) text += "z";
        auto const cuts = g.list(200, [&] { return static_cast<std::size_t>(g.choose(5)) + 1; });
        g.holds(unpacked(bytes, cuts) == text, "the same text");
    });
    std::string const bytes = packed("a b\n");
    CHECK(unpacked(bytes, std::vector<std::size_t>(bytes.size(), 1)) == "a b\n");
}

TEST_CASE("a compressed file that is cut off is refused, wherever", "[interop][zlib]") {
    std::string const bytes = packed("a b\nb c\nc d\n");
    for (std::size_t length = 2; length < bytes.size(); ++length) {
        CAPTURE(length);
        CHECK(unpacked(bytes.substr(0, length)) == "io.corrupt");
    }
    std::string const two = bytes + bytes;
    for (std::size_t length = bytes.size() + 1; length < two.size(); ++length)
        CHECK(unpacked(two.substr(0, length)) == "io.corrupt");
    CHECK(unpacked(bytes + "x") == "io.corrupt");
}

TEST_CASE("so is one with a bit turned over, unless the text is the same", "[interop][zlib]") {
    std::string const text = "a b\nb c\nc d\n";
    std::string const bytes = packed(text);
    std::size_t harmless = 0;
    for (std::size_t i = 10; i < bytes.size(); ++i) // behind the head, which has no sum
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string turned = bytes;
            turned[i] = static_cast<char>(static_cast<unsigned char>(turned[i]) ^ (1U << bit));
            std::string const read = unpacked(turned);
            CAPTURE(i, bit);
            CHECK((read == "io.corrupt" || read == text));
            if (read == text) ++harmless;
        }
    CHECK(harmless < 8); // what fills the last byte before the sums
}

TEST_CASE("readers take compressed files", "[interop][zlib]") {
    io_tests::scratch_file const list{packed("a b\nb c 2\n"), "links.tsv.gz"};
    CHECK(told(interop::read_graph(list.path())) == told(io_tests::read("a b\nb c 2\n")));
    io_tests::scratch_file const plain{"a b\nb c 2\n"};
    CHECK(
        told(interop::read_graph(plain.path(), {.links = io::links::both_ways}))
        == told(io_tests::read("a b\nb c 2\n", {.links = io::links::both_ways})));
    io_tests::scratch_file const matrix{
        packed("%%MatrixMarket matrix coordinate pattern general\n2 2 1\n1 2\n"), "m.mtx.gz"};
    CHECK(told(interop::read_graph(matrix.path())) == "2 nodes [] []\n0>1 0 relates\n");
    auto file = interop::open_gzip(list.path()).value();
    auto moved = std::move(file);
    CHECK(told(io::read_edge_list(moved)) == told(io_tests::read("a b\nb c 2\n")));
}

TEST_CASE("faults of compressed files say the file", "[interop][zlib]") {
    std::string const bytes = packed(many_lines());
    io_tests::scratch_file const cut{bytes.substr(0, bytes.size() / 2), "cut.gz"};
    auto const made = interop::read_graph(cut.path(), {.nodes = io::nodes::names});
    REQUIRE_FALSE(made);
    CHECK(made.error().is(io::faults::corrupt));
    CHECK(made.error().offender() == "cut.gz");
    io_tests::scratch_file const bad{packed("a b\na b x\n"), "bad.gz"};
    CHECK(interop::read_graph(bad.path()).error().offender() == "bad.gz, line 2: a b x");
    CHECK(interop::read_graph(cut.path() + "-no").error().is(io::faults::cannot_open));
}

TEST_CASE("a source that breaks off under a compressed file says so", "[interop][zlib]") {
    std::string const bytes = packed("a b\n");
    int calls = 0;
    auto const broken = [&]() -> runnel::result<std::string_view> {
        if (++calls > 1) return runnel::fault{io::faults::cannot_read};
        return std::string_view{bytes}.substr(0, 12);
    };
    CHECK(all(interop::gunzip{broken}) == "io.cannot_read");
}
#endif
