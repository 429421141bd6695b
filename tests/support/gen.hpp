// SPDX-License-Identifier: MIT
// What a law is tried on: a case made of recorded choices, fresh from a seed or replayed.
//
// Why:  with 0 as the simplest choice everywhere, any case shrinks by dropping and lowering choices,
//       whatever it built from them; nobody writes a shrinker. (See support/law.hpp.)
// Laws: same seed, same case, on every platform. Its own generator, so that the laws of runnel's
//       numbers do not rest on themselves.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace law {

using choices = std::vector<std::uint64_t>;

namespace detail {
struct broken {
    std::string sentence;
};
struct refused {};

/// Numbers as a reader wants them: doubles so that they can be pasted back, ids as their index.
template <class T> void print(std::ostream& out, T const& figure) {
    if constexpr (std::is_enum_v<T>) {
        out << +static_cast<std::underlying_type_t<T>>(figure);
    } else if constexpr (std::is_floating_point_v<T>) {
        out << figure << " (" << std::hexfloat << figure << std::defaultfloat << ')';
    } else if constexpr (std::is_same_v<T, bool>) {
        out << (figure ? "true" : "false");
    } else if constexpr (std::is_arithmetic_v<T>) {
        out << +figure;
    } else {
        out << figure;
    }
}
} // namespace detail

/// Makes one case; hands out choices, fresh or replayed.
class gen {
public:
    explicit gen(std::uint64_t seed) : state_(seed) {}
    explicit gen(choices script) : script_(std::move(script)), replays_(true) {}

    /// A number in [0, most]; 0 is the simplest and what a replay that ran out gets.
    std::uint64_t choose(std::uint64_t most) {
        std::uint64_t choice = 0;
        if (!replays_) {
            choice = word();
            if (most != ~std::uint64_t{0}) choice %= most + 1;
        } else if (made_.size() < script_.size()) {
            choice = std::min(script_[made_.size()], most);
        }
        made_.push_back(choice);
        return choice;
    }

    /// Uniform in [lo, hi]; shrinks towards lo.
    template <class Integer>
    Integer integer(Integer lo, std::type_identity_t<Integer> hi, std::string_view name = {}) {
        static_assert(std::is_integral_v<Integer>);
        auto const most = static_cast<std::uint64_t>(hi) - static_cast<std::uint64_t>(lo);
        return shown(name, static_cast<Integer>(static_cast<std::uint64_t>(lo) + choose(most)));
    }
    /// Uniform from lo to hi, 53 bits; shrinks towards lo.
    double real(double lo, double hi, std::string_view name = {}) {
        double const unit = static_cast<double>(choose((std::uint64_t{1} << 53) - 1)) * 0x1p-53;
        return shown(name, lo + (hi - lo) * unit);
    }
    /// m * 2^e with m in [1, 2) and lo <= e <= hi, evenly over the exponents: small and large alike.
    double magnitude(int lo, int hi, std::string_view name = {}) {
        int const exponent = integer(lo, hi);
        return shown(name, std::ldexp(real(1, 2), exponent));
    }
    /// Any double at all: zeros, subnormals, infinities and NaN far more often than their share.
    double any_double(std::string_view name = {}) {
        using limits = std::numeric_limits<double>;
        static constexpr double odd_ones[] = {
            0.0,
            -0.0,
            1.0,
            -1.0,
            .5,
            1e-40,
            8388607,
            8388608,
            limits::max(),
            limits::min(),
            -1e-3,
            0x1p63,
            limits::denorm_min(),
            limits::infinity(),
            -limits::infinity(),
            limits::quiet_NaN()};
        if (choose(1) == 0) return shown(name, odd_ones[choose(std::size(odd_ones) - 1)]);
        return shown(name, std::bit_cast<double>(choose(~std::uint64_t{0})));
    }
    bool flag(std::string_view name = {}) { return shown(name, choose(1) != 0); }
    template <class T> T one_of(std::initializer_list<T> options, std::string_view name = {}) {
        return shown(name, *(options.begin() + choose(options.size() - 1)));
    }
    /// At most `longest` things, each made by `make()`; shrinks by leaving any of them out.
    template <class Make> auto list(std::size_t longest, Make&& make) {
        std::vector<std::decay_t<decltype(make())>> all;
        while (all.size() < longest && choose(longest) != 0) all.push_back(make());
        return all;
    }
    /// Any order; shrinks towards the order given.
    template <class Range> void shuffle(Range& range) {
        for (std::size_t i = std::size(range); i > 1; --i)
            std::swap(range[i - 1], range[i - 1 - choose(i - 1)]);
    }

    /// The law itself. Throws when it does not hold; the case is then shrunk and reported.
    void holds(
        bool condition, std::string_view sentence, char const* file = __builtin_FILE(),
        int line = __builtin_LINE()) {
        ++checks_;
        if (condition) return;
        std::ostringstream text;
        text << sentence << "\n  at " << file << ':' << line;
        throw detail::broken{text.str()};
    }
    /// Leaves cases out that the law does not speak about; better to draw only those it does.
    void assume(bool condition) {
        if (!condition) throw detail::refused{};
    }
    /// A line for the reader of a failing case.
    template <class T> void show(std::string_view name, T const& figure) {
        if (!told_) return;
        *told_ << "    " << name << " = ";
        detail::print(*told_, figure);
        *told_ << '\n';
    }

    [[nodiscard]] choices const& made() const { return made_; }
    [[nodiscard]] std::size_t checks() const { return checks_; }
    void tell(std::ostringstream& text) { told_ = &text, text.precision(17); }

private:
    template <class T> T shown(std::string_view name, T figure) {
        if (!name.empty()) show(name, figure);
        return figure;
    }
    std::uint64_t word() {
        std::uint64_t x = (state_ += 0x9E3779B97F4A7C15U);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
        return x ^ (x >> 31);
    }
    std::uint64_t state_ = 0;
    choices script_;
    bool replays_ = false;
    choices made_;
    std::size_t checks_ = 0;
    std::ostringstream* told_ = nullptr;
};

} // namespace law
