// SPDX-License-Identifier: MIT
// A learned encoder: what it starts as, what it learns, what it refuses.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <runnel/interop/projection.hpp>
#include <runnel/recall/similarity.hpp>

#include "support/catch.hpp"
#include "support/gen.hpp"

namespace recall = runnel::recall;
using runnel::interop::feedback;
using runnel::interop::projection;

namespace {

using vector = std::vector<float>;

float cosine(vector const& a, vector const& b) {
    recall::comparer const compare{recall::metric::cosine, a.size()};
    return compare(compare.measure(a).value(), compare.measure(b).value());
}
vector encoded(projection const& by, vector const& input) {
    vector out(by.dimension());
    by(input, out).value();
    return out;
}

/// Classes differ in 6 numbers; 26 more are noise, as loud together as the classes are apart.
struct planted {
    static constexpr std::size_t useful = 6, all = 32, classes = 8;
    struct thing {
        vector numbers;
        std::size_t class_ = 0;
    };
    law::gen draw{7};
    std::vector<vector> centres;

    planted() {
        for (std::size_t c = 0; c < classes; ++c) {
            vector v(useful);
            for (float& x : v) x = static_cast<float>(draw.real(-1, 1));
            centres.push_back(v);
        }
    }
    thing any() {
        thing made{vector(all), draw.integer(std::size_t{0}, classes - 1)};
        for (std::size_t i = 0; i < all; ++i)
            made.numbers[i] =
                i < useful ? centres[made.class_][i] + static_cast<float>(draw.real(-.15, .15))
                           : static_cast<float>(draw.real(-1, 1));
        return made;
    }
    std::vector<thing> many(std::size_t count) {
        std::vector<thing> made;
        while (made.size() < count) made.push_back(any());
        return made;
    }
};

/// How often the entry most like a query is of its class.
double hits(
    projection const& by, std::vector<planted::thing> const& entries,
    std::vector<planted::thing> const& queries) {
    std::vector<vector> known;
    for (auto const& e : entries) known.push_back(encoded(by, e.numbers));
    std::size_t right = 0;
    for (auto const& q : queries) {
        vector const asked = encoded(by, q.numbers);
        std::size_t best = 0;
        for (std::size_t i = 1; i < known.size(); ++i)
            if (cosine(asked, known[i]) > cosine(asked, known[best])) best = i;
        if (entries[best].class_ == q.class_) ++right;
    }
    return static_cast<double>(right) / static_cast<double>(queries.size());
}

projection taught(planted& task, runnel::interop::projection_config how, std::size_t pairs) {
    auto made = projection::make(how).value();
    for (std::size_t i = 0; i < pairs; ++i) {
        auto const a = task.any();
        auto const b = task.any();
        // One pair in eight is alike by chance: the yes weighs more than the no.
        feedback const one[] = {{a.numbers, b.numbers, a.class_ == b.class_ ? 1 : .425}};
        made.learn(one).value();
    }
    return made;
}

} // namespace

TEST_CASE("a projection starts as the identity", "[interop]") {
    auto const whole = projection::make({.input = 3, .output = 3}).value();
    CHECK(encoded(whole, {1, 2, 3}) == vector{1, 2, 3});
    auto const part = projection::make({.input = 3, .output = 2}).value();
    CHECK(encoded(part, {1, 2, 3}) == vector{1, 2});
    CHECK(part.dimension() == 2);
    CHECK(part.version() == 0);
}

TEST_CASE("helpful pairs come closer, harmful ones part", "[interop]") {
    vector const q{1, 0, .5F};
    vector const e{.2F, 1, 0};
    for (double const outcome : {1.0, 0.0}) {
        auto p = projection::make({.input = 3, .output = 3}).value();
        float const before = cosine(encoded(p, q), encoded(p, e));
        feedback const one[] = {{q, e, outcome}};
        p.learn(one).value();
        float const after = cosine(encoded(p, q), encoded(p, e));
        CHECK((outcome > .5 ? after > before : after < before));
        CHECK(p.version() == 1);
    }
}

TEST_CASE("a step follows the slope of the cosine", "[interop]") {
    vector const q{1, -.4F, .5F};
    vector const e{.2F, 1, .3F};
    auto p = projection::make({.input = 3, .output = 2, .rate = 1e-5, .clip = 1e9}).value();
    feedback const warm[] = {{e, q, 0}};
    for (int i = 0; i < 5; ++i) p.learn(warm).value();
    auto const of = [&](Eigen::MatrixXd const& w) {
        Eigen::Vector3d const x{1, double{-.4F}, .5};
        Eigen::Vector3d const y{double{.2F}, 1, double{.3F}};
        Eigen::VectorXd const u = w * x;
        Eigen::VectorXd const v = w * y;
        return u.dot(v) / (u.norm() * v.norm());
    };
    Eigen::MatrixXd const start = p.weights();
    feedback const one[] = {{q, e, .75}};
    p.learn(one).value();
    Eigen::MatrixXd const moved = (p.weights() - start) / (1e-5 * .5);
    for (Eigen::Index r = 0; r < 2; ++r)
        for (Eigen::Index c = 0; c < 3; ++c) {
            Eigen::MatrixXd up = start;
            Eigen::MatrixXd down = start;
            up(r, c) += 1e-6;
            down(r, c) -= 1e-6;
            CHECK(moved(r, c) == Approx((of(up) - of(down)) / 2e-6).margin(1e-7));
        }
}

TEST_CASE("a memory by what was learned finds more", "[interop]") {
    planted task;
    auto const entries = task.many(120);
    auto const queries = task.many(200);
    auto const none = projection::make({.input = 32, .output = 32}).value();
    auto const learned = taught(task, {.input = 32, .output = 32}, 4000);
    double const before = hits(none, entries, queries);
    double const after = hits(learned, entries, queries);
    CAPTURE(before, after); // .645 and .99
    CHECK(before < .7);
    CHECK(after > .9);
    CHECK(learned.version() == 4000);
    // What says nothing was turned down.
    CHECK(
        learned.weights().rightCols(26).norm() / std::sqrt(26.0)
        < .5 * learned.weights().leftCols(6).norm() / std::sqrt(6.0));
}

TEST_CASE("each setting of a projection counts", "[interop]") {
    auto const weights = [](runnel::interop::projection_config how) {
        planted task;
        return taught(task, how, 20).weights();
    };
    auto const plain = weights({.input = 32, .output = 32});
    CHECK(weights({.input = 32, .output = 32}) == plain); // the same lessons, the same bits
    CHECK(weights({.input = 32, .output = 16}).rows() == 16);
    CHECK(weights({.input = 32, .output = 32, .rate = .1}) != plain);
    CHECK(weights({.input = 32, .output = 32, .clip = .01}) != plain);
    CHECK(
        weights({.input = 32, .output = 32, .rate = 0})
        == Eigen::MatrixXd::Identity(32, 32)); // off
    auto const longest = weights({.input = 32, .output = 32, .clip = .01});
    CHECK((longest - Eigen::MatrixXd::Identity(32, 32)).norm() <= 20 * .05 * .01 * 1.000001);
}

TEST_CASE("settings out of their range are refused by name", "[interop]") {
    using config = runnel::interop::projection_config;
    for (config const bad :
         {config{}, config{.input = 2}, config{.input = 2, .output = 3},
          config{.input = 2, .output = 2, .rate = -1},
          config{.input = 2, .output = 2, .rate = HUGE_VAL},
          config{.input = 2, .output = 2, .clip = 0},
          config{.input = 2, .output = 2, .clip = std::nan("")}})
        CHECK(projection::make(bad).error().is(recall::faults::invalid_config));
}

TEST_CASE("what cannot be encoded or learned is refused, and nothing changes", "[interop]") {
    auto p = projection::make({.input = 2, .output = 2}).value();
    float const nan = std::numeric_limits<float>::quiet_NaN();
    vector out(2, 7);
    CHECK(p(vector{1, nan}, out).error().is(recall::faults::non_finite));
    CHECK(p(vector{1}, out).error().is(recall::faults::dimension_mismatch));
    vector small(1, 7);
    CHECK(p(vector{1, 1}, small).error().is(recall::faults::dimension_mismatch));
    CHECK(out == vector{7, 7});

    vector const good{1, 2};
    vector const other{2, -1};
    vector const bad{1, nan};
    vector const three{1, 2, 3};
    auto const refused = [&](feedback second, runnel::fault_kind kind) {
        feedback const both[] = {{good, other, 1}, second};
        auto const done = p.learn(both);
        REQUIRE(!done);
        CHECK(done.error().is(kind));
        CHECK(done.error().position() == 1);
        CHECK(p.weights() == Eigen::MatrixXd::Identity(2, 2));
        CHECK(p.version() == 0);
    };
    refused({bad, good, 1}, recall::faults::non_finite);
    refused({good, bad, 1}, recall::faults::non_finite);
    refused({good, three, 1}, recall::faults::dimension_mismatch);
    refused({good, other, 2}, recall::faults::bad_outcome);
    refused({good, other, std::nan("")}, recall::faults::bad_outcome);
}

TEST_CASE("lessons that say nothing change neither weights nor version", "[interop]") {
    auto p = projection::make({.input = 2, .output = 2}).value();
    vector const zero{0, 0};
    vector const some{1, 2};
    vector const other{2, -1};
    feedback const lessons[] = {{some, other, .5}, {zero, some, 1}, {some, some, 1}};
    p.learn(lessons).value();
    CHECK((p.weights() - Eigen::MatrixXd::Identity(2, 2)).norm() < 1e-15);
    p.learn({}).value();
    feedback const silent[] = {{some, other, .5}, {zero, some, 1}};
    auto const before = p.version();
    p.learn(silent).value();
    CHECK(p.version() == before);
}
