// SPDX-License-Identifier: MIT
// room: core. A growing run of plain things, spelled like std::vector: what columns and rows are made of.
//
// Why:  a graph holds a dozen kinds of ids and figures. Each kind of std::vector costs every file that
//       includes it some 25 to 60 million compiler instructions; each kind of this, a tenth of that.
// Laws: elements are trivially copyable; `resize` adds T{} or copies of what it is given; a moved-from
//       array is empty. What throws (std::bad_alloc, nothing else) has changed nothing.
// Cost: grows by doubling; moving and swapping touch no element.
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include <runnel/core/large_pages.hpp>
#include <runnel/core/trade.hpp>

namespace runnel::detail {

template <class T> class array {
    static_assert(std::is_trivially_copyable_v<T>, "core: an array moves its elements as bytes");
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

public:
    array() = default;
    explicit array(std::size_t size, T fill = T{}) { resize(size, fill); }
    array(array const& other) { append(other.data_, other.size_); }
    array(array&& other) noexcept
        : data_(taken(other.data_)), size_(taken(other.size_)), capacity_(taken(other.capacity_)) {}
    // Two, not one by value: Clang 14 does not destroy the parameter of `a = {}` in a template.
    array& operator=(array const& other) {
        array copy{other};
        swap(copy);
        return *this;
    }
    array& operator=(array&& other) noexcept {
        array from{static_cast<array&&>(other)};
        swap(from);
        return *this;
    }
    ~array() { ::operator delete(data_); }
    void swap(array& other) noexcept {
        trade(data_, other.data_);
        trade(size_, other.size_);
        trade(capacity_, other.capacity_);
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] T* data() noexcept { return data_; }
    [[nodiscard]] T const* data() const noexcept { return data_; }
    [[nodiscard]] T* begin() noexcept { return data_; }
    [[nodiscard]] T const* begin() const noexcept { return data_; }
    [[nodiscard]] T* end() noexcept { return data_ + size_; }
    [[nodiscard]] T const* end() const noexcept { return data_ + size_; }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
    [[nodiscard]] T const& operator[](std::size_t i) const noexcept { return data_[i]; }
    /// Part of it. Making a span of a kind for the first time costs a file some 40 million instructions:
    /// what calls this in a class of no parameters is a template, so that only its callers pay.
    [[nodiscard]] std::span<T const> stretch(std::size_t first, std::size_t count) const noexcept {
        return {data_ + first, count};
    }
    [[nodiscard]] T& front() noexcept { return data_[0]; }
    [[nodiscard]] T& back() noexcept { return data_[size_ - 1]; }

    void reserve(std::size_t capacity) {
        if (capacity > capacity_) reallocate(capacity);
    }
    void push_back(T element) {
        grow(1);
        data_[size_++] = element;
    }
    void pop_back() noexcept { --size_; }
    /// Adds a copy of what lies elsewhere.
    void append(T const* from, std::size_t count) {
        if (count == 0) return;
        grow(count);
        __builtin_memcpy(static_cast<void*>(data_ + size_), from, count * sizeof(T));
        size_ += count;
    }
    void resize(std::size_t size, T fill = T{}) {
        if (size > size_) grow(size - size_);
        for (std::size_t i = size_; i < size; ++i) data_[i] = fill;
        size_ = size;
    }
    void clear() noexcept { size_ = 0; }
    void shrink_to_fit() {
        if (size_ != capacity_) reallocate(size_);
    }

private:
    void grow(std::size_t more) {
        if (more > capacity_ - size_) reallocate(size_ + (more > size_ ? more : size_));
    }
    void reallocate(std::size_t capacity) {
        bool const fits = capacity <= ~std::size_t{0} / 2 / sizeof(T); // else no memory has room
        T* const fresh =
            capacity == 0
                ? nullptr
                : static_cast<T*>(::operator new (fits ? capacity * sizeof(T) : ~std::size_t{0}));
        ask_for_large_pages(fresh, capacity * sizeof(T));
        if (size_ != 0) __builtin_memcpy(static_cast<void*>(fresh), data_, size_ * sizeof(T));
        ::operator delete(data_);
        data_ = fresh;
        capacity_ = capacity;
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace runnel::detail
