// SPDX-License-Identifier: MIT
#include "io/support.hpp"
#include "support/catch.hpp"

namespace io = runnel::io;
using io_tests::read_matrix;
using io_tests::told;
using runnel::log_weight;

namespace {
std::string const head = "%%MatrixMarket matrix coordinate real general\n";
std::string raw(double weight) {
    return std::to_string(log_weight::from_weight(weight).value().raw());
}
} // namespace

TEST_CASE("the entry (i, j) is the link from i - 1 to j - 1", "[io][matrix_market]") {
    auto const made = read_matrix(head + "% a comment\n\n3 3 2\n1 2 .5\n%\n3 3 2e0\n");
    CHECK(
        told(made)
        == "3 nodes [] [] []\n0>1 " + raw(.5) + " relates\n2>2 " + raw(2) + " relates\n");
}

TEST_CASE("a matrix of any kind that holds a graph is read", "[io][matrix_market]") {
    CHECK(
        told(read_matrix("%%MatrixMarket matrix coordinate integer general\n2 2 1\n1 2 3\n"))
        == "2 nodes [] []\n0>1 " + raw(3) + " relates\n");
    CHECK(
        told(read_matrix("%%MatrixMarket matrix coordinate pattern general\n2 2 1\n1 2\n"))
        == "2 nodes [] []\n0>1 0 relates\n");
    CHECK(
        told(read_matrix("%%matrixmarket MATRIX Coordinate Real GENERAL \r\n2 2 1\r\n1 2 1\r\n"))
        == "2 nodes [] []\n0>1 0 relates\n");
    CHECK(told(read_matrix(head + "0 0 0\n")) == "0 nodes\n");
    CHECK(
        told(read_matrix(head + "2 2 2\n1 2 1\n1 2 1\n"))
        == "2 nodes [] []\n0>1 0 relates\n0>1 0 relates\n");
}

TEST_CASE("a symmetric matrix gives both ways, its diagonal once", "[io][matrix_market]") {
    std::string const expected = "2 nodes [] []\n0>0 " + raw(3) + " relates\n0>1 " + raw(2)
                                 + " relates\n1>0 " + raw(2) + " relates\n";
    std::string const symmetric = "%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n";
    CHECK(told(read_matrix(symmetric + "1 1 3\n2 1 2\n")) == expected);
    CHECK(told(read_matrix(symmetric + "1 1 3\n1 2 2\n")) == expected); // the other triangle
    CHECK(
        told(read_matrix(symmetric + "1 1 3\n2 1 2\n", {.links = io::links::both_ways}))
        == expected);
}

TEST_CASE("what the head does not promise is a fault that names the line", "[io][matrix_market]") {
    struct row {
        std::string text;
        std::string code;
        std::string offender;
    };
    std::string const pattern = "%%MatrixMarket matrix coordinate pattern general\n";
    for (row const& r : std::vector<row>{
             {"", "io.bad_header", "line 0: "},
             {"1 2\n", "io.bad_header", "line 1: 1 2"},
             {"\n" + head, "io.bad_header", "line 1: "},
             {"%%MatrixMarket matrix coordinate complex general\n", "io.bad_header",
              "line 1: %%MatrixMarket matrix coordinate complex general"},
             {"%%MatrixMarket matrix array real general\n", "io.bad_header",
              "line 1: %%MatrixMarket matrix array real general"},
             {"%%MatrixMarket matrix coordinate real skew-symmetric\n", "io.bad_header",
              "line 1: %%MatrixMarket matrix coordinate real skew-symmetric"},
             {"%%MatrixMarket matrix coordinate real\n", "io.bad_header",
              "line 1: %%MatrixMarket matrix coordinate real"},
             {"%%MatrixMarket vector coordinate real general\n", "io.bad_header",
              "line 1: %%MatrixMarket vector coordinate real general"},
             {head, "io.bad_size", "line 1: "},
             {head + "% only\n", "io.bad_size", "line 2: "},
             {head + "2 2\n", "io.bad_size", "line 2: 2 2"},
             {head + "2 2 x\n", "io.bad_size", "line 2: 2 2 x"},
             {head + "2 2 -1\n", "io.bad_size", "line 2: 2 2 -1"},
             {head + "2 3 0\n", "io.not_square", "line 2: 2 3 0"},
             {head + "4000000000 4000000000 1\n", "io.too_many_nodes",
              "line 2: 4000000000 4000000000 1"},
             {head + "99999999999999999999 99999999999999999999 1\n", "io.too_many_nodes",
              "line 2: 99999999999999999999 99999999999999999999 1"},
             {head + "2 2 1\n", "io.wrong_count", "line 2: the end"},
             {head + "2 2 1\n1 2 1\n2 1 1\n", "io.wrong_count", "line 4: 2 1 1"},
             {head + "2 2 2\n1 2 1\n", "io.wrong_count", "line 3: the end"},
             {head + "2 2 1\n0 1 1\n", "io.bad_index", "line 3: 0 1 1"},
             {head + "2 2 1\n1 3 1\n", "io.bad_index", "line 3: 1 3 1"},
             {head + "2 2 1\n99999999999999999999 1 1\n", "io.bad_index",
              "line 3: 99999999999999999999 1 1"},
             {head + "2 2 1\n1 2\n", "io.bad_entry", "line 3: 1 2"},
             {head + "2 2 1\n1 2 1 1\n", "io.bad_entry", "line 3: 1 2 1 1"},
             {head + "2 2 1\n1 x 1\n", "io.bad_entry", "line 3: 1 x 1"},
             {head + "2 2 1\n1 2 x\n", "io.bad_entry", "line 3: 1 2 x"},
             {head + "2 2 1\n1 2 0\n", "io.bad_weight", "line 3: 1 2 0"},
             {head + "2 2 1\n1 2 -1\n", "io.bad_weight", "line 3: 1 2 -1"},
             {pattern + "2 2 1\n1 2 1\n", "io.bad_entry", "line 3: 1 2 1"},
             {"\x1F\x8B", "io.compressed", "line 1: bytes 1f 8b"},
         }) {
        CAPTURE(r.text);
        auto const made = read_matrix(r.text);
        REQUIRE_FALSE(made);
        CHECK(made.error().code() == r.code);
        CHECK(made.error().offender() == r.offender);
    }
}

TEST_CASE("after a fault a reader of matrices says the same again", "[io][matrix_market]") {
    io::matrix_market_reader reader;
    REQUIRE_FALSE(reader.take("nonsense\n").has_value());
    auto const again = reader.take(head + "0 0 0\n");
    REQUIRE_FALSE(again);
    CHECK(again.error().offender() == "line 1: nonsense");
    CHECK(reader.lines() == 1);
    CHECK_FALSE(std::move(reader).finish());
}

TEST_CASE("no setting of matrices is without effect", "[io][matrix_market][ablation]") {
    std::string const text = head + "2 2 2\n1 2 2\n2 2 3\n";
    std::string const plain = told(read_matrix(text));
    CHECK(told(read_matrix(text, {.weights = io::weights::logs})) != plain);
    std::string const odd = head + "2 2 2\n1 2 0\n2 2 -3\n";
    CHECK(
        told(read_matrix(odd, {.weights = io::weights::ignored}))
        == "2 nodes [] []\n0>1 0 relates\n1>1 0 relates\n");
    CHECK(
        told(read_matrix(odd, {.weights = io::weights::logs}))
            .find("1>1 " + std::to_string(-3 * (1 << 24)))
        != std::string::npos);
    CHECK(
        told(read_matrix(text, {.links = io::links::both_ways}))
        == told(read_matrix(head + "2 2 3\n1 2 2\n2 1 2\n2 2 3\n")));
    CHECK(told(read_matrix(text, {.most_nodes = 2})) == plain);
    CHECK_FALSE(read_matrix(text, {.most_nodes = 1}));
    int settings = 0;
    io::matrix_market_config const config;
    runnel::for_each_field(config, [&](runnel::field_name, auto const&) { ++settings; });
    CHECK(settings == 3); // a new one wants its case above
    for (io::matrix_market_config how :
         {io::matrix_market_config{.weights = io::weights{9}},
          {.links = io::links{9}},
          {.most_nodes = 0xFFFF'FFFF}}) {
        auto const made = read_matrix(text, how);
        REQUIRE_FALSE(made);
        CHECK(made.error().code() == "io.bad_setting");
    }
}
