// expect: recall: a policy of keeping is callable as double.recall::tenant const&, recall::tick. on a const object
#include <span>

#include <runnel/recall.hpp>

void user(std::span<runnel::recall::tenant const> all) {
#ifdef RUNNEL_CONTROL
    auto const policy = [](runnel::recall::tenant const& t, runnel::recall::tick) {
        return t.utility;
    };
#else
    auto const policy = [](runnel::recall::tenant const& t) { return t.utility; };
#endif
    runnel::detail::array<runnel::recall::entry_id> victims;
    (void)runnel::recall::choose_victims(all, {}, 100, policy, victims);
}
