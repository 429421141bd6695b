// SPDX-License-Identifier: MIT
// Instructions, counted by valgrind: the one figure that a busy machine does not change.
//
// Laws: counts every process the command starts. With `inside`, only what runs within the function of that
//       symbol (it must not be inlined: extern "C", noinline), so that set-up does not count.
// Cost: the program runs about 50 times slower below callgrind, which knows functions; 30 times below
//       cachegrind, which serves where none is asked for.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {

/// Runs a command with nothing on its outputs; its exit code, or 127.
inline int run_quietly(std::vector<std::string> const& command) {
    std::vector<char*> words;
    for (std::string const& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    pid_t const child = fork();
    if (child < 0) return 127;
    if (child == 0) {
        int const nowhere = open("/dev/null", O_RDWR);
        for (int stream : {0, 1, 2}) dup2(nowhere, stream);
        execvp(words[0], words.data());
        _exit(127);
    }
    int state = 0;
    waitpid(child, &state, 0);
    return WIFEXITED(state) ? WEXITSTATUS(state) : 127;
}

[[nodiscard]] inline bool can_count() { return run_quietly({"valgrind", "--version"}) == 0; }

/// Nothing if valgrind is missing or the command fails.
[[nodiscard]] inline std::optional<double> instructions(
    std::vector<std::string> const& command, std::string const& inside = {}) {
    namespace fs = std::filesystem;
    std::string folder = (fs::temp_directory_path() / "runnel-count-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return {};
    std::vector<std::string> words{"valgrind", "--trace-children=yes"};
    if (inside.empty())
        words.insert(
            words.end(),
            {"--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=" + folder + "/%p"});
    else
        words.insert(
            words.end(), {"--tool=callgrind", "--toggle-collect=" + inside,
                          "--callgrind-out-file=" + folder + "/%p"});
    std::string const sum_line = inside.empty() ? "summary: " : "totals: ";
    words.insert(words.end(), command.begin(), command.end());
    bool const good = run_quietly(words) == 0;
    double sum = 0;
    for (auto const& file : fs::directory_iterator(folder)) {
        std::ifstream text(file.path());
        for (std::string line; std::getline(text, line);)
            if (line.rfind(sum_line, 0) == 0) sum += std::atof(line.c_str() + sum_line.size());
    }
    fs::remove_all(folder);
    if (!good || sum == 0) return {};
    return sum;
}

} // namespace bench
