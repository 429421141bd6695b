// SPDX-License-Identifier: MIT
// room: interop. A learned encoder: one linear layer that brings together what was found of use together.
//
// Why:  an embedding was made for some other task; numbers of it that say nothing here drown those that do.
//       What came of earlier recollections tells which, and one matrix is enough to turn them down.
// Laws: starts as the identity (its first rows, where it writes fewer numbers than it reads). A lesson moves
//       the matrix by rate * (2 outcome - 1) * d cos(Wq, We) / dW: helpful pairs closer, harmful ones apart, outcome .5
//       not at all. A step's gradient is no longer than `clip`. The gradient of a cosine does not know how
//       long the vectors are. Same lessons in the same order, same matrix to the bit; where the compiler may
//       fuse or widen Eigen's sums, builds differ in the last places. What is refused has changed nothing.
// Cost: encoding one product of W and a vector, a lesson two and one matrix of gradients; 8 bytes per weight.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <Eigen/Core>

#include <runnel/core/math.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/encoder.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/meaning.hpp>

namespace runnel::interop {

struct projection_config {
    std::size_t input = 0;  ///< numbers it reads, >= 1
    std::size_t output = 0; ///< numbers it writes, [1, input]
    double rate = .05;      ///< of a step, finite and >= 0: 0 learns nothing
    double clip = 1;        ///< longest gradient, as the length of all its numbers, finite and > 0

    friend bool operator==(projection_config const&, projection_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(
            arity_is<projection_config, 4>, "interop: a setting is missing from this walk");
        f("input", self.input);
        f("output", self.output);
        f("rate", self.rate);
        f("clip", self.clip);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        auto const bad = [](std::string_view sentence, auto offender) {
            return fault{fault_kind{recall::faults::invalid_config.code, sentence}, offender};
        };
        if (input == 0) return bad("projection.input must be at least 1", input);
        if (output == 0 || output > input)
            return bad("projection.output must lie in [1, input]", output);
        if (!math::finite(rate) || rate < 0)
            return bad("projection.rate must be finite and not negative", rate);
        if (!math::finite(clip) || !(clip > 0))
            return bad("projection.clip must be finite and above 0", clip);
        return {};
    }
};

/// One pair that met in a recollection, as it was before encoding, and what came of it.
struct feedback {
    std::span<float const> query{};
    std::span<float const> entry{};
    double outcome = .5; ///< [0, 1]: harmful to helpful
};

class projection {
public:
    [[nodiscard]] static result<projection> make(projection_config const& how) {
        if (auto const ok = how.validate(); !ok) return ok.error();
        return projection{how};
    }

    [[nodiscard]] status operator()(std::span<float const> input, std::span<float> out) const {
        if (auto const ok = recall::input_check{how_.input}(input); !ok) return ok;
        if (out.size() != how_.output)
            return recall::detail::length_fault({how_.output, out.size()});
        Eigen::VectorXd const image = weights_ * mapped(input);
        for (std::size_t i = 0; i < out.size(); ++i) {
            double const x = image[static_cast<Eigen::Index>(i)];
            // What no float holds is refused before anything is written.
            if (!(x < 3e38 && x > -3e38)) return fault{recall::faults::non_finite, x, i};
        }
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<float>(image[static_cast<Eigen::Index>(i)]);
        return {};
    }
    /// All or nothing: the place of a fault is that of the pair. A pair whose image has no length, and one
    /// that says neither yes nor no, teaches nothing.
    [[nodiscard]] status learn(std::span<feedback const> lessons) {
        recall::input_check const sound{how_.input};
        for (std::size_t i = 0; i < lessons.size(); ++i) {
            feedback const& one = lessons[i];
            if (!(one.outcome >= 0 && one.outcome <= 1))
                return fault{recall::faults::bad_outcome, one.outcome, i};
            for (auto const side : {one.query, one.entry})
                if (auto const ok = sound(side); !ok)
                    return fault{
                        fault_kind{ok.error().code(), ok.error().sentence()}, ok.error().offender(),
                        i};
        }
        bool changed = false;
        for (feedback const& one : lessons) changed |= step(one);
        version_ += changed ? 1 : 0;
        return {};
    }

    [[nodiscard]] std::size_t dimension() const noexcept { return how_.output; }
    /// How many times it has learned.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
    [[nodiscard]] projection_config const& settings() const noexcept { return how_; }
    /// One row per number it writes.
    [[nodiscard]] Eigen::MatrixXd const& weights() const noexcept { return weights_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return static_cast<std::size_t>(weights_.size() + slope_.size()) * sizeof(double);
    }

private:
    explicit projection(projection_config const& how)
        : how_(how),
          weights_(Eigen::MatrixXd::Identity(
              static_cast<Eigen::Index>(how.output), static_cast<Eigen::Index>(how.input))) {}

    [[nodiscard]] static Eigen::VectorXd mapped(std::span<float const> vector) {
        return Eigen::Map<Eigen::VectorXf const>(
                   vector.data(), static_cast<Eigen::Index>(vector.size()))
            .cast<double>();
    }
    /// With a and b the directions of u = Wq and v = We and c = a.b:
    /// dc/dW = (b - c a)/|u| q' + (a - c b)/|v| e'.
    [[nodiscard]] bool step(feedback const& one) {
        double const toward = math::product(how_.rate, 2 * one.outcome - 1);
        if (toward == 0) return false;
        Eigen::VectorXd const q = mapped(one.query);
        Eigen::VectorXd const e = mapped(one.entry);
        Eigen::VectorXd a = weights_ * q;
        Eigen::VectorXd b = weights_ * e;
        double const u = a.norm();
        double const v = b.norm();
        if (!(u > 1e-12 && v > 1e-12)) return false;
        a /= u;
        b /= v;
        double const c = a.dot(b);
        slope_.noalias() = ((b - c * a) / u) * q.transpose();
        slope_.noalias() += ((a - c * b) / v) * e.transpose();
        double const length = slope_.norm();
        if (!(length > 0) || !math::finite(length)) return false;
        weights_ +=
            (length > how_.clip ? math::product(toward, how_.clip / length) : toward) * slope_;
        return true;
    }

    projection_config how_;
    Eigen::MatrixXd weights_;
    Eigen::MatrixXd slope_; // of one step, kept for its memory
    std::uint64_t version_ = 0;
};

static_assert(recall::encoder<projection>);

} // namespace runnel::interop
