// SPDX-License-Identifier: MIT
// The same bits from two builds of the library: one plain, one with the widest instructions and products
// fused into sums wherever the compiler is free to. (Law of math.hpp; every order of work rests on it.)
#include "core/digest/digest.hpp"

#include "support/catch.hpp"

namespace {

bool wide_build_runs() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
           && __builtin_cpu_supports("bmi2");
#else
    return true;
#endif
}

} // namespace

TEST_CASE("two builds of the library compute the same bits", "[core][digest]") {
    if (!wide_build_runs()) {
        WARN("not measured: this processor lacks the instructions of the wide build");
        return;
    }
    auto const plain = digest::plain::compute();
    auto const wide = digest::wide::compute();
    CHECK(plain.exp == wide.exp);
    CHECK(plain.log == wide.log);
    CHECK(plain.loss == wide.loss);
    CHECK(plain.arc == wide.arc);
    CHECK(plain.sum == wide.sum);
    CHECK(plain.part == wide.part);
    CHECK(plain.weight == wide.weight);
    CHECK(plain.draws == wide.draws);
}

TEST_CASE("the wide build does fuse what it may", "[core][digest]") {
    if (!wide_build_runs()) return;
    auto const wide = digest::wide::compute();
    CHECK(wide.product_and_sum != wide.product_then_sum);
    CHECK(wide.product_then_sum == digest::plain::compute().product_then_sum);
}

TEST_CASE("the bits are those of every build so far", "[core][digest]") {
    // Golden. Red is right only when a formula was changed on purpose: then every stored result that
    // went through it changes too, and the release says so.
    auto const plain = digest::plain::compute();
    CHECK(plain.exp == 0xAFABAD28F454F8FDU);
    CHECK(plain.log == 0x60A49DF788FA783CU);
    CHECK(plain.loss == 0xF46C4A6C91570C82U);
    CHECK(plain.arc == 0x1F947BF3DEB2C890U);
    CHECK(plain.sum == 0xA0B804772BF293F7U);
    CHECK(plain.part == 0x91F159D4CDD0DD2CU);
    CHECK(plain.weight == 0x18B1E15CCE4661CCU);
    CHECK(plain.draws == 0x9694CAA545121725U);
}
