// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <vector>

#include <runnel/recall/hybrid.hpp>

#include "support/law.hpp"

using namespace runnel;
using recall::agreement;
using recall::hybrid_weights;
using recall::metric;
using recall::prospect;
using recall::scored;

namespace {

metric any_metric(law::gen& g) { return static_cast<metric>(g.integer(0, 2, "metric")); }

prospect any_prospect(law::gen& g, metric by, std::uint32_t slot) {
    prospect one{.entry = {slot, 1}};
    // Few figures, so that ties are common.
    auto const step = static_cast<float>(g.integer(0, 6));
    one.similarity = by == metric::cosine ? step / 3 - 1 : by == metric::l2 ? -step : step - 3;
    one.utility = g.integer(0, 2) / 2.0;
    one.agreement = static_cast<agreement>(g.integer(0, 2));
    return one;
}

hybrid_weights any_weights(law::gen& g) {
    hybrid_weights by{g.real(0, 2), g.real(0, 2), g.real(0, 2)};
    if (g.flag()) by = {};
    if (!by.validate()) by.similarity = 1;
    return by;
}

} // namespace

TEST_CASE("Hybrid order is total: whatever the order of the input, the same list", "[recall]") {
    law::for_all(400, [](law::gen& g) {
        metric const scale = any_metric(g);
        hybrid_weights const by = any_weights(g);
        std::uint32_t slot = 0;
        auto all = g.list(30, [&] { return any_prospect(g, scale, slot++); });
        std::vector<scored> out(all.size());
        g.holds(recall::rank(by, scale, all, out).has_value(), "good figures are ranked");
        for (std::size_t i = 0; i < out.size(); ++i) {
            g.holds(out[i].score >= 0 && out[i].score <= by.most(), "a score lies in [0, most()]");
            if (i == 0) continue;
            bool const tied = out[i - 1].score == out[i].score;
            g.holds(
                tied ? out[i - 1].entry < out[i].entry : out[i - 1].score > out[i].score,
                "by score, then by the lower entry");
        }
        g.shuffle(all);
        std::vector<scored> again(all.size());
        recall::rank(by, scale, all, again).value();
        g.holds(out == again, "the order of the input does not show");
    });
}

TEST_CASE("A hybrid score grows with each figure", "[recall]") {
    law::for_all(400, [](law::gen& g) {
        metric const scale = any_metric(g);
        hybrid_weights const by = any_weights(g);
        prospect const worse = any_prospect(g, scale, 0);
        prospect better = worse;
        better.similarity = scale == metric::l2 ? worse.similarity * .5F : worse.similarity + .1F;
        if (scale == metric::cosine) better.similarity = std::min(better.similarity, 1.F);
        better.utility = std::min(worse.utility + g.real(0, 1), 1.0);
        if (worse.agreement != agreement::mismatch) better.agreement = agreement::match;
        g.holds(
            recall::score(by, scale, better) >= recall::score(by, scale, worse),
            "better in every figure is not worse in all");
    });
}
