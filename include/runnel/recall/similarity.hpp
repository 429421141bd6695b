// SPDX-License-Identifier: MIT
// room: recall. How similar two vectors are, under three metrics.
//
// Why:  every part that compares vectors calls these, so that "equal" means equal bits.
// Laws: symmetric; the cosine of a vector with itself is 1 within 2e-7; `inverse_norm` is worked out once per
//       vector, in double. Vectors are checked when they come in, not here.
// Cost: see detail/lanes.hpp.
#pragma once

#include <cstddef>
#include <span>

#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/detail/lanes.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>

namespace runnel::recall {

/// A vector and what is known of it: what similarities are worked out from.
struct measured {
    float const* numbers = nullptr;
    float inverse_norm = 1; ///< 1 where the metric does not ask for it
};

/// Compares vectors of one dimension under one metric.
class comparer {
public:
    comparer() = default;
    comparer(metric by, std::size_t dimension) noexcept
        : kernels_(&detail::best_kernels()), dimension_(dimension), by_(by) {}

    [[nodiscard]] metric by() const noexcept { return by_; }
    [[nodiscard]] std::size_t dimension() const noexcept { return dimension_; }

    [[nodiscard]] float operator()(measured a, measured b) const noexcept {
        float sum;
        kernels_->one[what()](&a.numbers, &b.numbers, dimension_, &sum);
        return finish(sum, a.inverse_norm, b.inverse_norm);
    }
    /// Four rows against one query.
    void four(measured const* rows, measured query, float* out) const noexcept {
        float const* const numbers[4] = {
            rows[0].numbers, rows[1].numbers, rows[2].numbers, rows[3].numbers};
        kernels_->four[what()](numbers, &query.numbers, dimension_, out);
        for (std::size_t r = 0; r < 4; ++r)
            out[r] = finish(out[r], rows[r].inverse_norm, query.inverse_norm);
    }
    /// Four rows against four queries: out[row * 4 + query].
    void sixteen(measured const* rows, measured const* queries, float* out) const noexcept {
        float const* numbers[4];
        float const* asked[4];
        for (std::size_t i = 0; i < 4; ++i) {
            numbers[i] = rows[i].numbers;
            asked[i] = queries[i].numbers;
        }
        kernels_->sixteen[what()](numbers, asked, dimension_, out);
        // As `finish`, four at a time.
        if (by_ == metric::l2)
            for (std::size_t i = 0; i < 16; ++i) out[i] = -out[i];
        if (by_ != metric::cosine) return;
        detail::lanes4 const query = {
            queries[0].inverse_norm, queries[1].inverse_norm, queries[2].inverse_norm,
            queries[3].inverse_norm};
        for (std::size_t r = 0; r < 4; ++r) {
            float const one = rows[r].inverse_norm;
            detail::lanes4 const row = {one, one, one, one};
            detail::lanes4 sum;
            __builtin_memcpy(&sum, out + r * 4, sizeof sum);
            auto const less = row < query;
            sum = sum * (less ? row : query) * (less ? query : row);
            __builtin_memcpy(out + r * 4, &sum, sizeof sum);
        }
    }
    [[nodiscard]] detail::kernels const& kernels() const noexcept { return *kernels_; }

    /// What the metric needs of a vector, or why it is refused: length, finite numbers, a direction.
    template <class = void>
    [[nodiscard]] result<measured> measure(std::span<float const> vector) const noexcept {
        if (vector.size() != dimension_)
            return fault{
                faults::dimension_mismatch,
                runnel::detail::short_text::joined("expected ", dimension_, ", got ", vector.size())
                    .view()};
        double squares = 0;
        for (std::size_t i = 0; i < dimension_; ++i) {
            double const x = static_cast<double>(vector[i]);
            if (!math::finite(x)) return fault{faults::non_finite, x, i};
            squares += math::product(x, x);
        }
        if (squares > 0x1p126) return fault{faults::non_finite, __builtin_sqrt(squares)};
        if (by_ != metric::cosine) return measured{vector.data(), 1};
        if (squares < 1e-24) return fault{faults::zero_norm, __builtin_sqrt(squares)};
        return measured{vector.data(), static_cast<float>(1 / __builtin_sqrt(squares))};
    }

private:
    [[nodiscard]] std::size_t what() const noexcept { return by_ == metric::l2 ? 1 : 0; }
    [[nodiscard]] float finish(float sum, float a, float b) const noexcept {
        switch (by_) {
        case metric::cosine: return sum * (a < b ? a : b) * (a < b ? b : a); // symmetric to the bit
        case metric::l2: return -sum;
        case metric::inner_product: break;
        }
        return sum;
    }

    detail::kernels const* kernels_ = &detail::plain_kernels;
    std::size_t dimension_ = 0;
    metric by_ = metric::cosine;
};

} // namespace runnel::recall
