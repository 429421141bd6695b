// SPDX-License-Identifier: MIT
// room: recall. What turns an input into the vector that is remembered.
//
// Why:  a memory compares vectors and does not care where they come from. Between the caller's and its own
//       stands an encoder, so that a learned one can take the place of none.
// Laws: an encoder answers the same for the same input and version; `version()` changes whenever an answer
//       may, so that what was worked out with the old one is not mixed with the new. One that refuses has
//       written nothing. `dimension()` is the length of what it writes and never changes.
// Cost: `identity_encoder` copies.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <runnel/core/math.hpp>
#include <runnel/core/result.hpp>
#include <runnel/core/text.hpp>
#include <runnel/recall/faults.hpp>

namespace runnel::recall {

/// `status e(std::span<float const> input, std::span<float> out)`, where out has `dimension()` numbers.
template <class Encoder>
concept encoder = requires(Encoder const& e, std::span<float const> input, std::span<float> out) {
    { e(input, out) } -> std::same_as<status>;
    { e.dimension() } -> std::convertible_to<std::size_t>;
    { e.version() } -> std::convertible_to<std::uint64_t>;
};

namespace detail {
struct lengths {
    std::size_t expected = 0;
    std::size_t got = 0;
};
[[nodiscard]] inline fault length_fault(lengths of) noexcept {
    using runnel::detail::short_text;
    return fault{
        faults::dimension_mismatch,
        short_text::joined("expected ", of.expected, ", got ", of.got).view()};
}
} // namespace detail

/// What every encoder refuses of its input: another length, and numbers that are none.
struct input_check {
    std::size_t dimension = 0;

    template <class = void>
    [[nodiscard]] status operator()(std::span<float const> input) const noexcept {
        if (input.size() != dimension) return detail::length_fault({dimension, input.size()});
        for (std::size_t i = 0; i < input.size(); ++i)
            if (!math::finite(static_cast<double>(input[i])))
                return fault{faults::non_finite, static_cast<double>(input[i]), i};
        return {};
    }
};

/// Stands where vectors come encoded: nothing is called or copied.
struct as_given {};

template <class Encoder>
[[nodiscard]] constexpr std::uint64_t version_of(Encoder const& e) noexcept {
    if constexpr (encoder<Encoder>)
        return e.version();
    else
        return 0;
}

/// Remembers vectors as they come.
class identity_encoder {
public:
    explicit identity_encoder(std::size_t dimension) noexcept : dimension_(dimension) {}

    template <class = void>
    [[nodiscard]] status operator()(
        std::span<float const> input, std::span<float> out) const noexcept {
        if (auto const ok = input_check{dimension_}(input); !ok) return ok;
        if (out.size() != dimension_) return detail::length_fault({dimension_, out.size()});
        for (std::size_t i = 0; i < input.size(); ++i) out[i] = input[i];
        return {};
    }
    [[nodiscard]] std::size_t dimension() const noexcept { return dimension_; }
    [[nodiscard]] std::uint64_t version() const noexcept { return 0; }

private:
    std::size_t dimension_;
};

/// A function that never learns, as an encoder: `fixed_encoder{64, [](input, out) { ... }}`. It may return a
/// status, or nothing if it refuses nothing.
template <class Function> class fixed_encoder {
public:
    fixed_encoder(std::size_t dimension, Function encode)
        : encode_(static_cast<Function&&>(encode)), dimension_(dimension) {}

    [[nodiscard]] status operator()(std::span<float const> input, std::span<float> out) const {
        if (out.size() != dimension_) return detail::length_fault({dimension_, out.size()});
        if constexpr (std::is_void_v<std::invoke_result_t<
                          Function const&, std::span<float const>, std::span<float>>>) {
            encode_(input, out);
            return {};
        } else {
            return encode_(input, out);
        }
    }
    [[nodiscard]] std::size_t dimension() const noexcept { return dimension_; }
    [[nodiscard]] std::uint64_t version() const noexcept { return 0; }

private:
    [[no_unique_address]] Function encode_;
    std::size_t dimension_;
};

static_assert(encoder<identity_encoder>);

} // namespace runnel::recall
