// SPDX-License-Identifier: MIT
// Vectors to measure on: heaps around centres, as embeddings lie, and a cube evenly filled, the hard case.
//
// Laws: the same arguments give the same numbers, without a line of the library. Two clouds of the same
//       `world` share their centres, so that queries lie where the entries do.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/graphs.hpp"

namespace bench {

class normal_numbers {
public:
    explicit normal_numbers(std::uint64_t seed) : words_(seed) {}
    double operator()() { // Box and Muller
        if (spare_full_) {
            spare_full_ = false;
            return spare_;
        }
        double const r = std::sqrt(-2 * std::log(1 - words_.unit()));
        double const angle = 6.283185307179586 * words_.unit();
        spare_ = r * std::sin(angle);
        spare_full_ = true;
        return r * std::cos(angle);
    }
    random_words& words() { return words_; }

private:
    random_words words_;
    double spare_ = 0;
    bool spare_full_ = false;
};

struct cloud {
    std::size_t dimension = 0;
    std::vector<float> numbers;
    std::vector<std::uint32_t> heap; // which centre a vector is near

    [[nodiscard]] std::size_t size() const { return numbers.size() / dimension; }
    [[nodiscard]] std::span<float const> operator[](std::size_t i) const {
        return std::span<float const>{numbers}.subspan(i * dimension, dimension);
    }
};

struct cloud_spec {
    std::size_t count = 0;
    std::size_t dimension = 0;
    std::uint64_t seed = 1;
    std::uint32_t centres = 100; // 0: evenly in a cube
    double spread = .7; // of a heap; centres are 1 apart from the middle in every direction
    std::uint64_t world = 7;
    double drift = 0; // how far the centres have gone towards those of another world
};
inline cloud make_cloud(cloud_spec const& spec) {
    cloud made{spec.dimension, {}, {}};
    made.numbers.reserve(spec.count * spec.dimension);
    normal_numbers draw{spec.seed * 0x9E37'79B9U + 11};
    if (spec.centres == 0) {
        for (std::size_t i = 0; i < spec.count * spec.dimension; ++i)
            made.numbers.push_back(static_cast<float>(2 * draw.words().unit() - 1));
        return made;
    }
    std::vector<double> centres(spec.centres * spec.dimension);
    normal_numbers here{spec.world};
    normal_numbers there{spec.world + 1};
    for (double& c : centres) {
        double const from = here();
        c = from + spec.drift * (there() - from);
    }
    for (std::size_t i = 0; i < spec.count; ++i) {
        std::uint32_t const heap = draw.words().below(spec.centres);
        made.heap.push_back(heap);
        for (std::size_t d = 0; d < spec.dimension; ++d)
            made.numbers.push_back(
                static_cast<float>(centres[heap * spec.dimension + d] + spec.spread * draw()));
    }
    return made;
}

} // namespace bench
