// SPDX-License-Identifier: MIT
// The jobs with SuiteSparse:GraphBLAS on one thread: mxv of the transpose for all of x, vxm for an x of few nodes.
#include <cstdio>
#include <cstdlib>
#include <utility>

extern "C" { // which the header of version 7 leaves to those who include it
#include <GraphBLAS.h>
}

#include "peers/peer.hpp"

namespace peers {

namespace {

void good(GrB_Info said) {
    if (said == GrB_SUCCESS) return;
    std::fprintf(stderr, "bench_peers: GraphBLAS says %d\n", static_cast<int>(said));
    std::exit(1);
}

GrB_Matrix copy_of(csr const& a) {
    std::vector<GrB_Index> row;
    std::vector<GrB_Index> column(a.to.begin(), a.to.end());
    row.reserve(a.to.size());
    for (std::size_t n = 0; n < a.nodes(); ++n)
        row.insert(row.end(), static_cast<std::size_t>(a.first[n + 1] - a.first[n]), n);
    GrB_Matrix made = nullptr;
    good(GrB_Matrix_new(&made, GrB_FP64, a.nodes(), a.nodes()));
    good(GrB_Matrix_build_FP64(
        made, row.data(), column.data(), a.share.data(), a.share.size(), GrB_PLUS_FP64));
    good(GrB_Matrix_wait(made, GrB_MATERIALIZE));
    return made;
}

class calls final : public peer {
public:
    explicit calls(graph const& g) : nodes_(g.nodes) {
        static bool const ready = [] {
            good(GrB_init(GrB_NONBLOCKING));
            good(GxB_Global_Option_set(GxB_GLOBAL_NTHREADS, 1));
            return true;
        }();
        (void)ready;
        m_ = copy_of(g.m);
        t_ = copy_of(g.t);
        for (GrB_Vector* v : {&x_, &y_, &few_, &arrived_})
            good(GrB_Vector_new(v, GrB_FP64, nodes_));
    }
    calls(calls const&) = delete;
    calls& operator=(calls const&) = delete;
    ~calls() override {
        for (GrB_Vector* v : {&x_, &y_, &few_, &arrived_}) GrB_Vector_free(v);
        GrB_Matrix_free(&m_);
        GrB_Matrix_free(&t_);
    }
    std::string name() override { return "SuiteSparse:GraphBLAS"; }
    void start(std::vector<double> const& x) override {
        std::vector<GrB_Index> at(nodes_);
        for (std::size_t n = 0; n < nodes_; ++n) at[n] = n;
        good(GrB_Vector_clear(x_));
        good(GrB_Vector_build_FP64(x_, at.data(), x.data(), nodes_, GrB_PLUS_FP64));
        good(GrB_Vector_wait(x_, GrB_MATERIALIZE));
    }
    void step() override {
        good(GrB_mxv(y_, nullptr, nullptr, GrB_PLUS_TIMES_SEMIRING_FP64, t_, x_, nullptr));
        good(GrB_Vector_wait(y_, GrB_MATERIALIZE));
        std::swap(x_, y_);
    }
    std::vector<double> state() override { return all_of(x_); }
    void seed(std::span<std::uint32_t const> nodes) override {
        std::vector<GrB_Index> const at(nodes.begin(), nodes.end());
        std::vector<double> const units(at.size(), seed_units);
        good(GrB_Vector_clear(few_));
        good(GrB_Vector_build_FP64(few_, at.data(), units.data(), at.size(), GrB_PLUS_FP64));
        good(GrB_Vector_wait(few_, GrB_MATERIALIZE));
        good(GrB_Vector_clear(arrived_));
        good(GrB_Vector_wait(arrived_, GrB_MATERIALIZE));
    }
    void push() override {
        good(GrB_vxm(arrived_, nullptr, nullptr, GrB_PLUS_TIMES_SEMIRING_FP64, few_, m_, nullptr));
        good(GrB_Vector_wait(arrived_, GrB_MATERIALIZE));
    }
    std::vector<double> pushed() override { return all_of(arrived_); }

private:
    [[nodiscard]] std::vector<double> all_of(GrB_Vector v) const {
        GrB_Index count = 0;
        good(GrB_Vector_nvals(&count, v));
        std::vector<GrB_Index> at(count);
        std::vector<double> units(count);
        good(GrB_Vector_extractTuples_FP64(at.data(), units.data(), &count, v));
        std::vector<double> all(nodes_);
        for (std::size_t i = 0; i < count; ++i) all[at[i]] = units[i];
        return all;
    }
    std::size_t nodes_;
    GrB_Matrix m_ = nullptr;
    GrB_Matrix t_ = nullptr;
    GrB_Vector x_ = nullptr;
    GrB_Vector y_ = nullptr;
    GrB_Vector few_ = nullptr;
    GrB_Vector arrived_ = nullptr;
};

} // namespace

std::unique_ptr<peer> by_graphblas(graph const& g) { return std::make_unique<calls>(g); }

} // namespace peers
