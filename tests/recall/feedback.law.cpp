// SPDX-License-Identifier: MIT
// Laws of feedback: utility stays where it belongs and follows the outcomes; classes count what was told.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

#include <runnel/recall/feedback.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

using namespace runnel;
using recall::outcomes;

TEST_CASE("Utility lies between the prior and the mean", "[recall][feedback][law]") {
    law::for_all(1000, [](law::gen& g) {
        recall::feedback_config c;
        c.prior = g.real(0, 1, "prior");
        c.prior_count = g.flag() ? g.magnitude(-20, 52, "prior_count") : 0;
        g.holds(c.validate().has_value(), "the settings are valid");
        outcomes told;
        g.holds(recall::utility(c, told) == c.prior, "of nothing, the prior");
        for (double const x : g.list(50, [&] { return g.flag() ? g.real(0, 1) : 1; })) {
            outcomes less = told;
            told.add(x);
            less.add(x / 2);
            g.holds(told.mean() >= 0 && told.mean() <= 1, "the mean is in [0, 1] to the bit");
            double const u = recall::utility(c, told);
            double const low = std::min(c.prior, told.mean());
            double const high = std::max(c.prior, told.mean());
            g.holds(u >= 0 && u <= 1, "utility is in [0, 1] to the bit");
            g.holds(u >= low - 1e-15 && u <= high + 1e-15, "between the prior and the mean");
            g.holds(recall::utility(c, less) <= u, "a worse outcome yields no more");
        }
    });
}

TEST_CASE("Judgement is even-handed", "[recall][feedback][law]") {
    law::for_all(1000, [](law::gen& g) {
        recall::feedback_config c;
        c.margin =
            static_cast<double>(g.integer(0, 512, "margin")) / 1024; // so that 1 - x is exact
        double const x = static_cast<double>(g.integer(0, 1024, "outcome")) / 1024;
        auto const one = recall::judged(c, x);
        auto const other = recall::judged(c, 1 - x);
        g.holds(
            (one == recall::verdict::helpful) == (other == recall::verdict::harmful),
            "mirrored outcomes, mirrored verdicts");
        g.holds(
            (one == recall::verdict::neither) == (std::fabs(x - .5) < c.margin || x == .5),
            "neither is what lies within the margin");
    });
}

TEST_CASE("A table counts as a map would, whatever comes first", "[recall][feedback][law]") {
    law::for_all(300, [](law::gen& g) {
        recall::feedback_config c;
        c.margin = g.real(0, .5, "margin");
        recall::feedback_table table{c};
        std::map<std::uint16_t, recall::class_feedback> model;
        outcomes entry;
        std::uint64_t count = 0;
        auto const all = g.list(100, [&] {
            recall::feedback said;
            said.of =
                g.flag() ? g.integer<std::uint16_t>(0, 65535) : g.integer<std::uint16_t>(0, 9);
            said.outcome = g.choose(9) == 9 ? 2 : g.real(0, 1);
            return said;
        });
        for (auto const& said : all) {
            bool const good = said.outcome <= 1;
            g.holds(table.tell(entry, said).has_value() == good, "what is no outcome is refused");
            if (!good) continue;
            auto& m = model[said.of];
            m.of = said.of;
            m.told.sum += said.outcome;
            ++m.told.count, ++count;
            if (recall::judged(c, said.outcome) == recall::verdict::helpful) ++m.helpful;
            if (recall::judged(c, said.outcome) == recall::verdict::harmful) ++m.harmful;
        }
        g.holds(entry.count == count, "the entry counts each once");
        auto const classes = table.classes();
        g.holds(
            std::equal(
                classes.begin(), classes.end(), model.begin(), model.end(),
                [](auto const& a, auto const& b) { return a == b.second; }),
            "the classes are those of a map, in its order");
        for (auto const& [of, m] : model) g.holds(table.of(of) == m, "each is found");
    });
}
