// expect: (use of|call to) deleted (function|constructor)
#include <runnel/core.hpp>

void user(runnel::lease_board const& board) {
    runnel::lease_reader reader = board.join();
#ifdef RUNNEL_CONTROL
    runnel::lease_reader other = std::move(reader);
#else
    runnel::lease_reader other = reader;
#endif
}
