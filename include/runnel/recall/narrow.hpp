// SPDX-License-Identifier: MIT
// room: recall. Of a ranked list: the best of each class, a list balanced over classes, what proved useful.
//
// Why:  a ranked list is one class's if that class happens to lie near; who decides between classes needs
//       some of each. Works on anything ranked that has an `entry`: hits, scored ones, picks.
// Laws: answers are places in the list. `best_of_each` keeps the list's order and takes of a class what comes
//       first. `in_turns` takes the first of every class, then the second of every class, and so on; within a
//       turn classes stand in the order of their first. `useful` keeps the list's order. What has no class is
//       given one like any other. A class or utility is asked for once per place.
// Cost: by class O(n log n), by utility O(n). Allocates when a list is longer than any before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <runnel/core/array.hpp>
#include <runnel/core/expects.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/result.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/hit.hpp>

namespace runnel::recall {

/// Places in a ranked list; until the next call of what gave them.
using places = std::span<std::uint32_t const>;

/// Keeps its buffers from call to call. One at a time: a thread has its own. Class is ordered by <.
template <class Class> class narrowing {
public:
    /// The first `per_class` of each class.
    template <class List, class ClassOf>
    [[nodiscard]] places best_of_each(
        List const& ranked, std::size_t per_class, ClassOf&& class_of) {
        seat(ranked, class_of);
        for (seated const& one : seated_)
            if (one.turn < per_class) chosen_.push_back(one.place);
        runnel::detail::sort(chosen_.begin(), chosen_.end());
        return chosen_.stretch(0, chosen_.size());
    }
    /// At most k, taken in turns over classes.
    template <class List, class ClassOf>
    [[nodiscard]] places in_turns(List const& ranked, std::size_t k, ClassOf&& class_of) {
        seat(ranked, class_of);
        std::size_t const count = k < seated_.size() ? k : seated_.size();
        runnel::detail::best_first(
            seated_.begin(), seated_.begin() + count, seated_.end(),
            [](seated const& a, seated const& b) {
                return a.turn != b.turn ? a.turn < b.turn : a.leader < b.leader;
            });
        for (std::size_t i = 0; i < count; ++i) chosen_.push_back(seated_[i].place);
        return chosen_.stretch(0, count);
    }
    /// What is worth at least `least`. A utility outside [0, 1] is a fault with its place.
    template <class List, class UtilityOf>
    [[nodiscard]] result<places> useful(List const& ranked, double least, UtilityOf&& utility_of) {
        if (!(least >= 0 && least <= 1))
            return fault{
                fault_kind{faults::invalid_config.code, "the least utility must lie in [0, 1]"},
                least};
        chosen_.clear();
        for (std::size_t i = 0; i < ranked.size(); ++i) {
            double const worth = utility_of(ranked[i].entry);
            if (!(worth >= 0 && worth <= 1))
                return fault{
                    fault_kind{faults::off_scale.code, "a utility lies in [0, 1]"}, worth, i};
            if (worth >= least) chosen_.push_back(static_cast<std::uint32_t>(i));
        }
        return places{chosen_.stretch(0, chosen_.size())};
    }
    /// What its buffers take.
    [[nodiscard]] std::size_t bytes() const noexcept {
        return seated_.capacity() * sizeof(seated) + chosen_.capacity() * sizeof(std::uint32_t);
    }

private:
    struct seated {
        Class of;
        std::uint32_t place;
        std::uint32_t turn;   // how many of its class come before it
        std::uint32_t leader; // the place of the first of its class
    };

    template <class List, class ClassOf> void seat(List const& ranked, ClassOf& class_of) {
        RUNNEL_EXPECTS(ranked.size() < ~std::uint32_t{0}, "recall: places have 32 bits");
        chosen_.clear();
        chosen_.reserve(ranked.size());
        seated_.clear();
        seated_.reserve(ranked.size());
        for (std::size_t i = 0; i < ranked.size(); ++i)
            seated_.push_back({class_of(ranked[i].entry), static_cast<std::uint32_t>(i), 0, 0});
        runnel::detail::sort(seated_.begin(), seated_.end(), [](seated const& a, seated const& b) {
            if (a.of < b.of) return true;
            return !(b.of < a.of) && a.place < b.place;
        });
        for (std::size_t i = 0; i < seated_.size(); ++i) {
            bool const leads = i == 0 || seated_[i - 1].of < seated_[i].of;
            seated_[i].turn = leads ? 0 : seated_[i - 1].turn + 1;
            seated_[i].leader = leads ? seated_[i].place : seated_[i - 1].leader;
        }
    }

    runnel::detail::array<seated> seated_;
    runnel::detail::array<std::uint32_t> chosen_;
};

} // namespace runnel::recall
