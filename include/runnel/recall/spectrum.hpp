// SPDX-License-Identifier: MIT
// room: recall. A graph's Laplacian, worked out once, and how much of a pattern is smooth or rough over it.
//
// Why:  energy that neighbours share is what a diffusion leaves behind when it found something; energy that
//       jumps from node to node is noise. Both are figures of the Laplacian's spectrum, and polynomial
//       filters read them without an eigenvector.
// Laws: L = D - W with W = (w_ij + w_ji) / 2, w = exp(lw), parallel links added, self loops left out.
//       `lambda_max` is Merris' bound max_i(d_i + sum_j W_ij d_j / d_i): never below the true one, at most
//       twice it, exact for stars and regular bipartite graphs, and one walk over the links where the true
//       one is an iteration with no proof of its end. Low is lambda below .25 lambda_max, high above .75.
//       Each band is x^T h(L) x / x^T x with the Chebyshev polynomial of the step, damped by Jackson's
//       kernel: h lies in [0, 1] and does not ring, so no band is negative and the three sum to 1.
//       A step of order 48 is about .5 at its cut, within .011 of ideal from .06 lambda_max away and within
//       .0011 from .12; twice the order, half these distances.
// Cost: building O(links log degree), 32 bytes per link (16 where there is one back) and 16 per node. A pattern: order/2 products over
//       what order/2 hops reach, so O(order/2 * links) at most; moments 2k and 2k-1 come from one product.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <runnel/core/array.hpp>
#include <runnel/core/ids.hpp>
#include <runnel/core/math.hpp>
#include <runnel/core/order.hpp>
#include <runnel/core/reflect.hpp>
#include <runnel/core/result.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/topology.hpp>
#include <runnel/recall/detail/step_filter.hpp>
#include <runnel/recall/faults.hpp>
#include <runnel/recall/meaning.hpp>

namespace runnel::recall {

struct spectrum_config {
    std::uint32_t order =
        48; ///< of the filters' polynomials, [4, 1024]: sharper cuts, more products

    friend bool operator==(spectrum_config const&, spectrum_config const&) = default;

    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        static_assert(arity_is<spectrum_config, 1>, "recall: a setting is missing from this walk");
        f("order", self.order);
    }
    [[nodiscard]] constexpr status validate() const noexcept {
        if (order < 4 || order > 1024)
            return fault{
                fault_kind{faults::invalid_config.code, "spectrum.order must lie in [4, 1024]"},
                order};
        return {};
    }
};
static_assert(spectrum_config{}.validate().has_value());

/// Shares of a pattern's energy by graph frequency; they sum to 1.
struct bands {
    double low = 0;
    double mid = 0;
    double high = 0;
};

/// What products of one pattern are worked out in; reused, it allocates nothing. 29 bytes per node.
struct spectral_scratch {
    runnel::detail::array<double> now, before, next; // 0 outside `reached`
    runnel::detail::array<std::uint32_t> reached;
    runnel::detail::array<unsigned char> seen;

    void fit(std::size_t nodes) {
        reached.reserve(nodes);
        now.resize(nodes);
        before.resize(nodes);
        next.resize(nodes);
        seen.resize(nodes);
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return (now.capacity() + before.capacity() + next.capacity()) * sizeof(double)
               + reached.capacity() * sizeof(std::uint32_t) + seen.capacity();
    }
};

/// A copy of what it needs of the graph: it does not follow later changes of the weights.
class spectrum {
public:
    template <weighted_rows Rows>
    [[nodiscard]] static result<spectrum> of(Rows const& rows, spectrum_config const& how = {}) {
        if (auto const ok = how.validate(); !ok) return ok.error();
        spectrum made;
        std::uint32_t const nodes = rows.node_count();
        made.first_.resize(std::size_t{nodes} + 1);
        fault wrong;
        bool whole = true;
        each_link(rows, [&](std::uint32_t source, out_link const& link) {
            if (index(link.target) >= nodes) {
                if (whole) wrong = fault{runnel::faults::unknown_node, index(link.target), source};
                whole = false;
                return;
            }
            ++made.first_[source + 1];
            ++made.first_[index(link.target) + 1];
        });
        if (!whole) return wrong;
        for (std::size_t i = 0; i < nodes; ++i) made.first_[i + 1] += made.first_[i];
        made.links_.resize(made.first_[nodes]);
        runnel::detail::array<std::size_t> place = made.first_;
        each_link(rows, [&](std::uint32_t source, out_link const& link) {
            auto const target = static_cast<std::uint32_t>(link.target);
            double const half = link.lw.weight() / 2;
            made.links_[place[source]++] = {target, half};
            made.links_[place[target]++] = {source, half};
        });
        made.merge();
        made.bound();
        made.low_ = detail::low_step(how.order);
        return made;
    }

    [[nodiscard]] std::size_t node_count() const noexcept { return degrees_.size(); }
    [[nodiscard]] double lambda_max() const noexcept { return lambda_max_; }
    /// Of W: half of what a node sends and half of what it is sent.
    [[nodiscard]] double degree(node_id node) const noexcept { return degrees_[index(node)]; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return links_.capacity() * sizeof(half_link) + first_.capacity() * sizeof(std::size_t)
               + (degrees_.capacity() + low_.capacity()) * sizeof(double);
    }

    /// x^T L x, as a sum of squares: no part of it cancels. Nodes known, once each; all of `with` is zero.
    template <class = void>
    [[nodiscard]] double roughness(std::span<held const> pattern, spectral_scratch& with) const {
        with.fit(node_count());
        for (held const& h : pattern) with.now[index(h.node)] = h.energy;
        math::exact_sum sum;
        for (held const& h : pattern)
            for (std::size_t l = first_[index(h.node)]; l < first_[index(h.node) + 1]; ++l) {
                double const other = with.now[links_[l].node];
                double const jump = h.energy - other;
                double const part = math::product(links_[l].weight, math::product(jump, jump));
                sum.add(other > 0 ? part / 2 : part); // a link inside the pattern is met twice
            }
        for (held const& h : pattern) with.now[index(h.node)] = 0;
        return sum.total();
    }

    /// Of a pattern of known nodes, once each, energies > 0, the largest near 1.
    template <class = void>
    [[nodiscard]] bands split(std::span<held const> pattern, spectral_scratch& with) const {
        if (pattern.empty()) return {};
        if (!(lambda_max_ > 0)) return {1, 0, 0}; // no links: nothing is rough
        with.fit(node_count());
        math::exact_sum squares;
        for (held const& h : pattern) {
            with.now[index(h.node)] = h.energy;
            reach(index(h.node), with);
            squares.add(math::product(h.energy, h.energy));
        }
        double const m0 = squares.total();
        double m1 = 0;
        double low = math::product(low_[0], m0);
        double high = low;
        auto const moment = [&](std::size_t k, double m) {
            if (k >= low_.size()) return;
            low += math::product(low_[k], m);
            high += math::product(k % 2 == 0 ? low_[k] : -low_[k], m);
        };
        std::size_t grown = 0;
        for (std::size_t k = 1; 2 * k <= low_.size(); ++k) {
            grow(grown, with);
            math::exact_sum along;
            math::exact_sum across;
            for (std::uint32_t const n : with.reached) {
                double const moved = shifted(n, with.now);
                double const t = k == 1 ? moved : 2 * moved - with.before[n];
                with.next[n] = t;
                along.add(math::product(t, t));
                across.add(math::product(t, with.now[n]));
            }
            if (k == 1) {
                m1 = across.total();
                moment(1, m1);
            } else {
                moment(2 * k - 1, 2 * across.total() - m1);
            }
            moment(2 * k, 2 * along.total() - m0);
            with.before.swap(with.now);
            with.now.swap(with.next);
        }
        for (std::uint32_t const n : with.reached) {
            with.now[n] = with.before[n] = with.next[n] = 0;
            with.seen[n] = 0;
        }
        with.reached.clear();
        low = math::clip(low / m0, 0, 1); // within [0, 1] but for rounding
        high = math::clip(high / m0, 0, 1 - low);
        return {low, (1 - low) - high, high};
    }

private:
    struct half_link {
        std::uint32_t node = 0;
        double weight = 0;
    };

    template <class Rows, class F> static void each_link(Rows const& rows, F&& f) {
        for (std::uint32_t n = 0; n < rows.node_count(); ++n) {
            auto&& links = rows.links(node_id{n});
            for (auto at = links.begin(); at != links.end(); ++at) {
                out_link const link = *at;
                if (link.target != node_id{n}) f(n, link);
            }
        }
    }
    /// Rows by node, each neighbour once. Equal parts are added in order of size: W is symmetric to the bit.
    void merge() {
        std::size_t kept = 0;
        std::size_t begin = 0;
        for (std::size_t n = 0; n + 1 < first_.size(); ++n) {
            std::size_t const end = first_[n + 1];
            runnel::detail::sort(
                links_.begin() + begin, links_.begin() + end,
                [](half_link const& a, half_link const& b) {
                    return a.node != b.node ? a.node < b.node : a.weight < b.weight;
                });
            std::size_t const first = kept;
            for (std::size_t l = begin; l < end; ++l) {
                if (kept > first && links_[kept - 1].node == links_[l].node)
                    links_[kept - 1].weight += links_[l].weight;
                else
                    links_[kept++] = links_[l];
            }
            first_[n] = first;
            begin = end;
        }
        first_.back() = kept;
        links_.resize(kept);
        links_.shrink_to_fit();
    }
    void bound() {
        degrees_.resize(first_.size() - 1);
        for (std::size_t n = 0; n < degrees_.size(); ++n)
            for (std::size_t l = first_[n]; l < first_[n + 1]; ++l) degrees_[n] += links_[l].weight;
        for (std::size_t n = 0; n < degrees_.size(); ++n) {
            if (!(degrees_[n] > 0)) continue;
            double around = 0;
            for (std::size_t l = first_[n]; l < first_[n + 1]; ++l)
                around += math::product(links_[l].weight / degrees_[n], degrees_[links_[l].node]);
            if (degrees_[n] + around > lambda_max_) lambda_max_ = degrees_[n] + around;
        }
    }
    static void reach(std::size_t node, spectral_scratch& with) {
        if (with.seen[node] != 0) return;
        with.seen[node] = 1;
        with.reached.push_back(static_cast<std::uint32_t>(node)); // room for all is there
    }
    /// One hop further from all that was reached last.
    void grow(std::size_t& grown, spectral_scratch& with) const {
        std::size_t const end = with.reached.size();
        for (; grown < end; ++grown) {
            std::uint32_t const n = with.reached[grown];
            for (std::size_t l = first_[n]; l < first_[n + 1]; ++l) reach(links_[l].node, with);
        }
    }
    /// Row n of (2 L / lambda_max - 1) x.
    [[nodiscard]] double shifted(
        std::uint32_t n, runnel::detail::array<double> const& x) const noexcept {
        double sum = math::product(degrees_[n], x[n]);
        for (std::size_t l = first_[n]; l < first_[n + 1]; ++l)
            sum -= math::product(links_[l].weight, x[links_[l].node]);
        return 2 * (sum / lambda_max_) - x[n];
    }

    runnel::detail::array<half_link> links_;
    runnel::detail::array<std::size_t> first_; // of each node's links, and the end
    runnel::detail::array<double> degrees_;
    runnel::detail::array<double> low_; // the low filter's coefficients
    double lambda_max_ = 0;
};

} // namespace runnel::recall
