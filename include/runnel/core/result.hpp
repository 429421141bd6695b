// SPDX-License-Identifier: MIT
// room: core. Outcomes that may be a fault: `result<T>`, `status`, `fault`.
//
// Why:  what the world does wrong (bad config, NaN, an unknown id at a boundary) is a value the caller
//       sees, naming the offender; nothing throws on a hot path and everything works without
//       exceptions. Our own type rather than the standard's: a type that changes with -std is an ODR
//       trap.
// Laws: a fault is trivially copyable and usable in constant expressions; `value()` on a fault throws
//       `fault_error`, or traps where exceptions are off.
// Cost: a fault is 112 bytes, built only on the failing path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new> // also where std::exception is whole: bad_alloc is one
#include <string_view>
#include <type_traits>
#include <utility>

#include <runnel/core/expects.hpp>
#include <runnel/core/text.hpp>

namespace runnel {

/// What went wrong, once per library: rooms declare constants of this type, `room.word` and a sentence.
struct fault_kind {
    std::string_view code;
    std::string_view sentence;
};

/// One thing that went wrong: its kind, the offender as text (cut at 64 bytes), and its position.
class [[nodiscard]] fault {
public:
    static constexpr std::uint64_t nowhere = ~std::uint64_t{0};
    /// A buffer for any line of the library's own, its final 0 included.
    static constexpr std::size_t longest_line = 512;

    constexpr fault() = default;
    constexpr explicit fault(
        fault_kind kind, std::string_view offender = {}, std::uint64_t position = nowhere) noexcept
        : kind_(kind), offender_(offender), position_(position) {}
    /// Numbers are written out: `fault(kind, 17)`, `fault(kind, -0.5)`.
    template <class Number>
        requires std::is_arithmetic_v<Number>
    constexpr fault(fault_kind kind, Number offender, std::uint64_t position = nowhere) noexcept
        : kind_(kind), offender_(offender), position_(position) {}

    [[nodiscard]] constexpr std::string_view code() const noexcept { return kind_.code; }
    [[nodiscard]] constexpr std::string_view sentence() const noexcept { return kind_.sentence; }
    [[nodiscard]] constexpr std::string_view offender() const noexcept { return offender_.view(); }
    /// Which of the things that were given was at fault (of the calls, elements, lines; where each has
    /// an id, the id), counted from 0; `nowhere` if it has no place. Shown as "(at index 4)".
    [[nodiscard]] constexpr std::uint64_t position() const noexcept { return position_; }
    [[nodiscard]] constexpr bool is(fault_kind kind) const noexcept { return kind.code == code(); }

    /// "code: sentence: 'offender' (at index position)", one line, cut to the buffer. Control characters
    /// of the offender are shown escaped, as \n or \x1b; `offender()` has them as they are.
    constexpr std::string_view describe(char* buffer, std::size_t size) const noexcept {
        std::size_t used = 0;
        used = detail::append(buffer, size, used, code());
        used = detail::append(buffer, size, used, ": ");
        used = detail::append(buffer, size, used, sentence());
        if (!offender().empty()) {
            used = detail::append(buffer, size, used, ": '");
            used = detail::append_visibly(buffer, size, used, offender());
            used = detail::append(buffer, size, used, "'");
        }
        if (position_ != nowhere) {
            used = detail::append(buffer, size, used, " (at index ");
            used = detail::append(buffer, size, used, detail::short_text(position_).view());
            used = detail::append(buffer, size, used, ")");
        }
        return {buffer, used};
    }

    /// The same line, in a buffer of its own: `std::puts(f.text().c_str())`.
    class line {
    public:
        constexpr explicit line(fault const& what) noexcept
            : length_(what.describe(text_, sizeof text_ - 1).size()) {}
        [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_, length_}; }
        [[nodiscard]] constexpr char const* c_str() const noexcept { return text_; }

    private:
        char text_[longest_line]{};
        std::size_t length_;
    };
    [[nodiscard]] constexpr line text() const noexcept;

private:
    fault_kind kind_{"core.none", "no fault"};
    detail::short_text offender_{};
    std::uint64_t position_ = nowhere;
};
static_assert(std::is_trivially_copyable_v<fault>);
constexpr fault::line fault::text() const noexcept { return line{*this}; }

/// What `value()` throws where exceptions exist.
class fault_error : public std::exception {
public:
    explicit fault_error(fault what) noexcept : fault_(what), text_(what) {}
    [[nodiscard]] char const* what() const noexcept override { return text_.c_str(); }
    [[nodiscard]] fault const& error() const noexcept { return fault_; }

private:
    fault fault_;
    fault::line text_;
};

namespace detail {
// The flag is part of the name, so that files with and without exceptions may be linked together.
#ifdef __cpp_exceptions
inline constexpr bool exceptions = true;
template <bool Exceptions> [[noreturn]] void raise(fault const& what) { throw fault_error{what}; }
#else
inline constexpr bool exceptions = false;
template <bool Exceptions> [[noreturn]] void raise(fault const&) { __builtin_trap(); }
#endif
} // namespace detail

/// A T, or the fault that stands in its place.
template <class T> class [[nodiscard]] result {
public:
    using value_type = T;

    constexpr result(T held) // NOLINT(google-explicit-constructor): `return held;`
        noexcept(std::is_nothrow_move_constructible_v<T>)
        : held_(std::move(held)), good_(true) {}
    constexpr result(fault what) noexcept : fault_(what), good_(false) {} // NOLINT

    // Copies of what is plain are plain, in constant expressions too.
    constexpr result(result const&) requires(std::is_trivially_copyable_v<T>) = default;
    constexpr result(result&&) noexcept requires(std::is_trivially_copyable_v<T>) = default;
    constexpr result(result const& other) requires(
        std::is_copy_constructible_v<T> && !std::is_trivially_copyable_v<T>)
        : good_(other.good_) {
        if (good_)
            ::new (static_cast<void*>(&held_)) T(other.held_);
        else
            ::new (static_cast<void*>(&fault_)) fault(other.fault_);
    }
    constexpr result(result&& other) noexcept(std::is_nothrow_move_constructible_v<T>) requires(
        !std::is_trivially_copyable_v<T>)
        : good_(other.good_) {
        if (good_)
            ::new (static_cast<void*>(&held_)) T(std::move(other.held_));
        else
            ::new (static_cast<void*>(&fault_)) fault(other.fault_);
    }
    result& operator=(result other) noexcept requires std::is_nothrow_move_constructible_v<T> {
        this->~result(); // nothing can throw between the end of the old and the start of the new
        ::new (static_cast<void*>(this)) result(std::move(other));
        return *this;
    }
    constexpr ~result() {
        if (good_) held_.~T();
    }

    [[nodiscard]] constexpr bool has_value() const noexcept { return good_; }
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return good_; }

    [[nodiscard]] constexpr fault const& error() const noexcept {
        RUNNEL_EXPECTS(!good_, "core: error() of a result that holds a value");
        return fault_;
    }
    // value() may be called for its check alone, hence not [[nodiscard]]; inlined always, so that a file
    // with exceptions and one without keep their own answers when linked together.
    [[gnu::always_inline]] constexpr T& value() & { return checked(), held_; }
    // NOLINTNEXTLINE(modernize-use-nodiscard)
    [[gnu::always_inline]] constexpr T const& value() const& { return checked(), held_; }
    [[gnu::always_inline]] constexpr T value() && { return checked(), std::move(held_); }

    [[nodiscard]] constexpr T& operator*() & noexcept { return expected(), held_; }
    [[nodiscard]] constexpr T const& operator*() const& noexcept { return expected(), held_; }
    [[nodiscard]] constexpr T&& operator*() && noexcept { return expected(), std::move(held_); }
    [[nodiscard]] constexpr T* operator->() noexcept { return expected(), &held_; }
    [[nodiscard]] constexpr T const* operator->() const noexcept { return expected(), &held_; }
    [[nodiscard]] constexpr T value_or(T fallback) const& { return good_ ? held_ : fallback; }

private:
    [[gnu::always_inline]] constexpr void checked() const {
        if (!good_) detail::raise<detail::exceptions>(fault_);
    }
    constexpr void expected() const noexcept {
        RUNNEL_EXPECTS(good_, "core: dereferenced a result that holds a fault");
    }
    union {
        T held_;
        fault fault_;
    };
    bool good_;
};

/// Done, or the fault that prevented it.
template <> class [[nodiscard]] result<void> {
public:
    using value_type = void;
    constexpr result() noexcept = default;
    constexpr result(fault what) noexcept : fault_(what), good_(false) {} // NOLINT

    [[nodiscard]] constexpr bool has_value() const noexcept { return good_; }
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return good_; }
    [[nodiscard]] constexpr fault const& error() const noexcept {
        RUNNEL_EXPECTS(!good_, "core: error() of a status that is good");
        return fault_;
    }
    [[gnu::always_inline]] constexpr void value() const {
        if (!good_) detail::raise<detail::exceptions>(fault_);
    }

private:
    fault fault_{};
    bool good_ = true;
};

using status = result<void>;

} // namespace runnel
