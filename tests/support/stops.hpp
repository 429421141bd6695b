// SPDX-License-Identifier: MIT
// Does a call stop the program? Tried in a child process, so that the answer may be yes.
//
// Why:  RUNNEL_EXPECTS stops where the mistake is; a check nobody has seen fire may be dead.
// Cost: a fork, about a millisecond. Not to be called while other threads run.
#pragma once

#include <csignal>
#include <cstdio>

#if __has_include(<sys/wait.h>)
#    include <sys/resource.h>
#    include <sys/wait.h>
#    include <unistd.h>
#    define RUNNEL_TEST_CAN_STOP 1
#else
#    define RUNNEL_TEST_CAN_STOP 0
#endif

namespace support {

#if RUNNEL_TEST_CAN_STOP
/// True if `call()` ended the process by a trap or by aborting: a stray read that happens to crash is no
/// check. What it prints goes nowhere.
template <class Call> [[nodiscard]] bool stops(Call&& call) {
    std::fflush(nullptr);
    pid_t const child = ::fork();
    if (child < 0) return false;
    if (child == 0) {
        rlimit const no_core{0, 0};
        ::setrlimit(RLIMIT_CORE, &no_core);
        if (std::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(0);
        for (int const fatal : {SIGILL, SIGTRAP, SIGABRT}) ::signal(fatal, SIG_DFL);
        call();
        ::_exit(0);
    }
    int how = 0;
    ::waitpid(child, &how, 0);
    if (!WIFSIGNALED(how)) return false;
    int const by = WTERMSIG(how);
    return by == SIGILL || by == SIGTRAP || by == SIGABRT;
}
#endif

} // namespace support
