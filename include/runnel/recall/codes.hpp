// SPDX-License-Identifier: MIT
// room: recall. A byte per number: vectors small enough to be looked at four times as fast, and a bound on the error.
//
// Why:  where vectors exceed the cache, reading them is what costs. Their codes are a quarter of the size; what a
//       code may be wrong by is known per entry, so candidates are compared exactly until no other can be among
//       the best: the answer is that of the exact scan, to the bit.
// Laws: |similarity - guess| <= slack for every entry and query, the rounding of the exact kernel included.
//       Vectors are held once; a code is worked out of its row and never read back into one.
// Cost: the dimension rounded up to 32, and 12 bytes, per entry.
#pragma once

#include <cstddef>
#include <cstdint>

#include <runnel/core/array.hpp>
#include <runnel/recall/detail/slabs.hpp>
#include <runnel/recall/similarity.hpp>

namespace runnel::recall {

/// How an index keeps vectors beside the rows, to look at fewer of those.
enum class coding : std::uint8_t { none, bytes };

class codes {
public:
    codes() = default;
    explicit codes(comparer const& of) noexcept
        : padded_((of.dimension() + 31) / 32 * 32),
          held_(padded_),
          figures_(figures_of_one * sizeof(float)) {}

    [[nodiscard]] std::size_t bytes() const noexcept { return held_.bytes() + figures_.bytes(); }
    [[nodiscard]] std::size_t growth(std::uint32_t slot) const noexcept {
        return held_.growth(slot) + figures_.growth(slot);
    }
    [[nodiscard]] std::size_t entry_bytes() const noexcept {
        return held_.stride() + figures_.stride();
    }
    struct room {
        detail::slabs::piece held;
        detail::slabs::piece figures;
    };
    [[nodiscard]] room more(std::size_t slots) const {
        return {held_.more(slots), figures_.more(slots)};
    }
    void adopt(room& fresh) noexcept {
        held_.adopt(fresh.held);
        figures_.adopt(fresh.figures);
    }
    void clear() noexcept {
        held_.clear();
        figures_.clear();
    }

    /// Works out the code of a row; nobody reads it yet.
    void write(comparer const& by, measured row, std::uint32_t slot) noexcept {
        double const unit = unit_of(by, row);
        double largest = 0;
        for (std::size_t i = 0; i < by.dimension(); ++i) {
            double const x = size_of(static_cast<double>(row.numbers[i]) * unit);
            if (x > largest) largest = x;
        }
        double const step = static_cast<double>(static_cast<float>(largest / 127));
        auto* const code = reinterpret_cast<signed char*>(held_[slot]);
        __builtin_memset(code, 0, padded_);
        double apart = 0;
        double squares = 0;
        for (std::size_t i = 0; i < by.dimension(); ++i) {
            double const x = static_cast<double>(row.numbers[i]) * unit;
            double const whole =
                step > 0 ? math::clip(static_cast<double>(math::nearest(x / step)), -127, 127) : 0;
            code[i] = static_cast<signed char>(whole);
            double const rest = x - math::product(whole, step);
            apart += math::product(rest, rest);
            squares += math::product(x, x);
        }
        figures const f = at(slot);
        f[0] = static_cast<float>(step);
        f[group] = up(__builtin_sqrt(apart));
        f[2 * group] = up(__builtin_sqrt(squares));
    }

    /// A query as the codes are asked with: words of sixteen bits, so that nearly all of the error is the codes'.
    class asked {
    public:
        void set(codes const& with, comparer const& by, measured query) {
            double const unit = unit_of(by, query);
            double largest = 0;
            for (std::size_t i = 0; i < by.dimension(); ++i) {
                double const x = size_of(static_cast<double>(query.numbers[i]) * unit);
                if (x > largest) largest = x;
            }
            // So large that the sum of all products with bytes still fits 32 bits.
            double const most =
                math::clip(16'900'000.0 / static_cast<double>(with.padded_), 1, 32767);
            step_ = static_cast<float>(largest / most);
            double const step = static_cast<double>(step_);
            words_.clear();
            words_.resize(with.padded_);
            double apart = 0;
            double squares = 0;
            for (std::size_t i = 0; i < by.dimension(); ++i) {
                double const x = static_cast<double>(query.numbers[i]) * unit;
                double const whole =
                    step > 0 ? math::clip(static_cast<double>(math::nearest(x / step)), -most, most)
                             : 0;
                words_[i] = static_cast<short>(whole);
                double const rest = x - math::product(whole, step);
                apart += math::product(rest, rest);
                squares += math::product(x, x);
            }
            length_ = up(__builtin_sqrt(squares));
            // What sixteen lanes may be off by, of the product of the lengths, and the scaling of a cosine.
            rounding_ = static_cast<float>((static_cast<double>(with.padded_) / 16 + 12) * 0x1p-23);
            // q.v - q'.v' = q.(v - v') + (q - q').v', by Cauchy and Schwarz.
            double const lost = __builtin_sqrt(apart);
            per_apart_ = up(static_cast<double>(length_) + lost);
            per_length_ = up(lost + static_cast<double>(length_) * static_cast<double>(rounding_));
            by_ = by.by();
            kernel_ = by.kernels().codes;
        }

        [[nodiscard]] std::size_t bytes() const noexcept {
            return words_.capacity() * sizeof(short);
        }

    private:
        friend class codes;
        runnel::detail::array<short> words_;
        float step_ = 0;
        float length_ = 0;
        float rounding_ = 0;
        float per_apart_ = 0;  // slack for each unit of what a code leaves out,
        float per_length_ = 0; // and for each of a vector's length
        metric by_ = metric::cosine;
        detail::codes_function kernel_ = nullptr;
    };

    struct guess {
        float similarity;
        float slack;
    };
    /// Four at a time.
    void four(asked const& query, std::uint32_t const* slots, guess* out) const noexcept {
        signed char const* rows[4];
        for (std::size_t i = 0; i < 4; ++i)
            rows[i] = reinterpret_cast<signed char const*>(held_[slots[i]]);
        std::int32_t sums[4];
        query.kernel_(rows, query.words_.data(), padded_, sums);
        for (std::size_t i = 0; i < 4; ++i) {
            figures const f = at(slots[i]);
            out[i] = judge(query, sums[i], f[0], f[group], f[2 * group]);
        }
    }
    [[nodiscard]] guess operator()(asked const& query, std::uint32_t slot) const noexcept {
        std::uint32_t const slots[4] = {slot, slot, slot, slot};
        guess out[4];
        four(query, slots, out);
        return out[0];
    }
    /// How many rows follow each other in memory, from each multiple of it.
    static constexpr std::size_t group = detail::slabs::group;
    /// All rows of a group at once, whether they hold something or not: the most each may be similar, and what it
    /// is at least.
    struct bounds {
        float most[group];
        float least[group];
    };
    void whole_group(asked const& query, std::size_t number, bounds& out) const noexcept {
        auto const* const base = reinterpret_cast<signed char const*>(held_.rows_of(number));
        std::int32_t sums[group];
        std::size_t const ahead = padded_ < 256 ? 0 : padded_;
        for (std::size_t i = 0; i < group; i += 4) {
            signed char const* const rows[4] = {
                base + i * padded_, base + (i + 1) * padded_, base + (i + 2) * padded_,
                base + (i + 3) * padded_};
            // Where a row is several lines long, the processor's own foresight ends with each of four.
            for (std::size_t r = 0; r < 4; ++r)
                for (std::size_t at = 0; at < ahead; at += 64)
                    __builtin_prefetch(base + (i + 8 + r) * padded_ + at);
            query.kernel_(rows, query.words_.data(), padded_, sums + i);
        }
        auto const* const f = reinterpret_cast<float const*>(figures_.rows_of(number));
        for (std::size_t i = 0; i < group; ++i) {
            guess const g = judge(query, sums[i], f[i], f[group + i], f[2 * group + i]);
            out.most[i] = g.similarity + g.slack;
            out.least[i] = g.similarity - g.slack;
        }
    }
    void prefetch(std::uint32_t slot) const noexcept {
        std::byte const* const code = held_[slot];
        std::size_t const most = held_.stride() < 512 ? held_.stride() : 512;
        for (std::size_t at = 0; at < most; at += 64) __builtin_prefetch(code + at);
    }

private:
    // Of each group first all steps; then what each code leaves out, its length rounded up; then the lengths of the
    // vectors, rounded up: so that a group is judged side by side.
    static constexpr std::size_t figures_of_one = 3;
    using figures = float*;
    [[nodiscard]] figures at(std::uint32_t slot) const noexcept {
        return reinterpret_cast<float*>(figures_.rows_of(slot / group)) + slot % group;
    }
    static guess judge(
        asked const& query, std::int32_t sum, float step, float apart, float length) noexcept {
        float const dot = static_cast<float>(sum) * (query.step_ * step);
        float const slack = query.per_apart_ * apart + query.per_length_ * length;
        if (query.by_ != metric::l2) return {dot, slack};
        float const both = query.length_ + length;
        double const squares =
            static_cast<double>(query.length_) * static_cast<double>(query.length_)
            + static_cast<double>(length) * static_cast<double>(length);
        return {
            static_cast<float>(2 * static_cast<double>(dot) - squares),
            2 * slack + both * both * query.rounding_};
    }
    static double size_of(double x) noexcept { return x < 0 ? -x : x; }
    static float up(double x) noexcept { return static_cast<float>(x * (1 + 0x1p-22)); }
    /// Under cosine the codes are of unit vectors.
    static double unit_of(comparer const& by, measured row) noexcept {
        return by.by() == metric::cosine ? static_cast<double>(row.inverse_norm) : 1;
    }

    std::size_t padded_ = 0;
    detail::slabs held_;
    detail::slabs figures_;
};

} // namespace runnel::recall
