// SPDX-License-Identifier: MIT
// Any sequence of joins, entries, departures and writes, against a model that is a set and a flag.
#include <algorithm>
#include <cstddef>
#include <vector>

#include <runnel/core/lease.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

enum class act { join, part, enter, leave, write, end_write, claim, disclaim };

struct modelled_reader {
    runnel::lease_reader reader;
    bool inside = false;
};

/// The board and what should be true of it, moved together.
class modelled_board {
public:
    void do_one(law::gen& g) {
        auto const next = static_cast<act>(g.choose(7));
        g.show("act", next);
        switch (next) {
        case act::join: return readers_.push_back({board_.join()});
        case act::part:
            if (!readers_.empty()) readers_.erase(readers_.begin() + pick(g));
            return;
        case act::enter: return enter(g);
        case act::leave:
            if (readers_.empty()) return;
            readers_[static_cast<std::size_t>(pick(g))].reader.leave();
            return forget_left();
        case act::write: return write(g);
        case act::end_write:
            if (writing_) board_.end_write();
            writing_ = false;
            return;
        case act::claim:
            g.holds(board_.claim() == !claimed_, "claimed once");
            claimed_ = true;
            return;
        case act::disclaim:
            if (claimed_) board_.disclaim();
            claimed_ = false;
            return;
        }
    }
    void check(law::gen& g) const {
        bool inside = false;
        for (auto const& r : readers_) {
            g.holds(r.reader.inside() == r.inside, "a reader knows whether it is inside");
            inside = inside || r.inside;
        }
        g.holds(!(inside && writing_), "never a reader and a writer");
    }

private:
    std::ptrdiff_t pick(law::gen& g) const {
        return static_cast<std::ptrdiff_t>(g.choose(readers_.size() - 1));
    }
    void enter(law::gen& g) {
        if (readers_.empty()) return;
        auto& chosen = readers_[static_cast<std::size_t>(pick(g))];
        if (chosen.inside) return; // one entry at a time
        bool const entered = chosen.reader.enter();
        g.holds(entered == !writing_, "refused exactly while a writer is inside");
        chosen.inside = entered;
    }
    void write(law::gen& g) {
        bool const busy =
            writing_ || std::any_of(readers_.begin(), readers_.end(), [](auto const& r) {
                return r.inside;
            });
        bool const wrote = board_.try_write();
        g.holds(wrote == !busy, "exclusive exactly when nobody is inside");
        writing_ = writing_ || wrote;
    }
    void forget_left() {
        for (auto& r : readers_)
            if (!r.reader.inside()) r.inside = false;
    }
    runnel::lease_board board_;
    std::vector<modelled_reader> readers_;
    bool writing_ = false;
    bool claimed_ = false;
};

} // namespace

TEST_CASE("any order of calls keeps readers and writer apart", "[core][lease]") {
    law::for_all(5'000, [](law::gen& g) {
        modelled_board board;
        for (int i = g.integer(1, 60); i > 0; --i) {
            board.do_one(g);
            board.check(g);
        }
    });
}
