// SPDX-License-Identifier: MIT
// How fast, how good and how large is the memory, against a plain scan and against the machine?
//
// Why:  an approximate memory is a bargain of three things; a table that shows one of them hides the price.
// Judged with --check: what no machine changes. Bytes per entry and bytes told, recall after churn, copies that
//       crowd nobody out.
#include <cstdio>

#include "recall/tables.hpp"
#include "support/harness.hpp"

int main(int argc, char** argv) {
    bench::suite out{
        argc, argv, "recall",
        "How fast, how good and how large is the memory, against a plain scan and against the "
        "machine?\n"
        "--only scan|walk|churn|copies|filter|sizes|latency|bytes|episodes: one table\n"
        "--base FILE --query FILE --dim D [--truth FILE] [--k 10] [--metric cosine|ip|l2] "
        "[--efforts 10,20,...]\n"
        "          [--coding none|bytes]: your vectors, float32, little endian, row after row; the "
        "truth as\n"
        "          int32, the same number (k or more) for each query, nearest first\n"
        "--write PREFIX --n N --dim D: PREFIX.base, PREFIX.query (1000) and PREFIX.truth (10 each) "
        "in that form"};
    try {
        if (!out.rest().empty()) {
            bench::drive(out, out.rest());
            return out.finish();
        }
    } catch (bench::refused const& why) {
        std::fprintf(stderr, "bench_recall: %s\n", why.what.c_str());
        return 2;
    }
    bench::table_scan(out);
    bench::table_walk(out);
    bench::table_churn(out);
    bench::table_copies(out);
    bench::table_filter(out);
    bench::table_sizes(out);
    bench::table_latency(out);
    bench::table_bytes(out);
    bench::table_episodes(out);
    return out.finish();
}
