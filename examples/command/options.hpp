// SPDX-License-Identifier: MIT
// A command line, declared once: what is accepted is what --help lists.
//
//     command::options all{"count", "[options] FILE", "Counts the lines of a file."};
//     all.positional({"FILE", "what to count; - is standard input"}, path);
//     all.value({"most", "N", "stop there"}, most);                 // string, whole number, double, optional, vector
//     all.flag({"sorted", "", "in order"}, sorted);
//     return command::run(all, argc, argv, [&] { ... });            // command/run.hpp: exit codes and errors
//
// Laws: `--name value` and `--name=value` are the same. Of an option given twice the last counts, unless it is a list,
//       which takes all. `--` ends the options; a value that itself begins with `--` takes the form with `=`. What is
//       wrong is told as a `wrong_usage` and nothing has happened.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/io/closest.hpp>

#include "failure.hpp"
#include "numbers.hpp"

namespace command {

namespace detail {
template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_vector = false;
template <class T> inline constexpr bool is_vector<std::vector<T>> = true;
} // namespace detail

enum class parsed { run, help, version };

class options {
public:
    struct option {
        std::string name;  ///< without the dashes
        std::string value; ///< as shown in the help; empty for a flag
        std::string says;
    };
    struct place {
        std::string name;
        std::string says;
    };

    options(std::string program, std::string synopsis, std::string purpose)
        : program_(std::move(program)),
          synopsis_(std::move(synopsis)),
          purpose_(std::move(purpose)) {}

    /// A heading for the options that follow.
    options& group(std::string title) {
        rows_.push_back(
            {.title = std::move(title), .option = {}, .take = {}, .what = kind::heading});
        return *this;
    }
    options& flag(option what, bool& to) {
        return add(std::move(what), kind::flag, [&to](std::string_view) { to = true; });
    }
    template <class T> options& value(option what, T& to) {
        return add(what, kind::value, [&to, name = "--" + what.name](std::string_view text) {
            take(text, name, to);
        });
    }
    /// One of these words; `later` are words that will come.
    template <class T>
    options& choice(
        option what, T& to, std::vector<std::pair<std::string, T>> of,
        std::vector<std::string> later = {}) {
        for (std::string const& word : later)
            waiting_ += (&word == &later.front() ? ", --" + what.name + " " : "|") + word;
        if (what.value.empty())
            for (auto const& [word, meaning] : of)
                what.value += (what.value.empty() ? "" : "|") + word;
        return add(
            what, kind::value,
            [&to, name = what.name, of = std::move(of),
             later = std::move(later)](std::string_view text) {
                std::string words;
                runnel::io::closest near{text};
                for (std::size_t i = 0; i < of.size(); ++i) {
                    if (of[i].first == text) {
                        to = of[i].second;
                        return;
                    }
                    near.offer(of[i].first);
                    words += (i == 0 ? "" : i + 1 == of.size() ? " or " : ", ") + of[i].first;
                }
                for (std::string const& word : later)
                    if (word == text)
                        throw wrong_usage(
                            name + " " + word + " comes in a later version; --" + name + " takes "
                            + words);
                throw wrong_usage(
                    "--" + name + " takes " + words + ", not " + quoted(text) + meant("", near));
            });
    }
    /// A name that is kept for what is not there yet.
    options& later(option what) {
        waiting_ += ", --" + what.name;
        return add(std::move(what), kind::later, {});
    }
    /// An argument by its place; optional unless `required` says otherwise.
    options& positional(place what, std::optional<std::string>& to) {
        places_.push_back({std::move(what), &to, nullptr});
        return *this;
    }
    /// One that must be there.
    options& positional(place what, std::string& to) {
        places_.push_back({std::move(what), nullptr, &to});
        return *this;
    }
    /// A paragraph at the end of the help: lines as they are.
    options& note(std::string text) {
        notes_ += "\n" + std::move(text);
        if (notes_.back() != '\n') notes_ += '\n';
        return *this;
    }

    [[nodiscard]] parsed parse(int argc, char const* const* argv) const {
        std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
        std::vector<std::string_view> plain;
        // Who asks for help gets it, whatever else is wrong with the line.
        for (std::string_view const word : words) {
            if (word == "--") break;
            if (word == "--help" || word == "-h") return parsed::help;
            if (word == "--version") return parsed::version;
        }
        for (std::size_t i = 0; i < words.size(); ++i) {
            std::string_view const word = words[i];
            if (word == "--") {
                plain.insert(
                    plain.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
                break;
            }
            if (word.size() < 2 || word[0] != '-') {
                plain.push_back(word);
                continue;
            }
            std::size_t const equals = word.find('=');
            std::string_view const name = word.substr(0, equals);
            row const& known = find(name);
            bool const joined = equals != std::string_view::npos;
            if (known.what == kind::later)
                throw wrong_usage(std::string{name} + " comes in a later version");
            if (known.what == kind::flag) {
                if (joined)
                    throw wrong_usage(
                        std::string{name} + " takes no value, but was given "
                        + quoted(word.substr(equals + 1)));
                known.take({});
            } else if (joined) {
                known.take(word.substr(equals + 1));
            } else if (
                i + 1 < words.size()
                && !(words[i + 1].size() > 1 && words[i + 1].substr(0, 2) == "--")) {
                known.take(words[++i]);
            } else {
                throw wrong_usage(std::string{name} + " needs a value: " + known.option.value);
            }
        }
        set_places(plain);
        return parsed::run;
    }

    [[nodiscard]] std::string const& program() const noexcept { return program_; }
    [[nodiscard]] std::string usage() const { return "usage: " + program_ + " " + synopsis_; }

    /// `bold` dresses headings.
    template <class Bold> [[nodiscard]] std::string help(Bold&& bold) const {
        std::size_t widest = std::string_view{"--version"}.size();
        auto const widen = [&](std::string const& left) {
            if (left.size() <= most_left && left.size() > widest) widest = left.size();
        };
        for (row const& r : rows_)
            if (r.what != kind::heading && r.what != kind::later) widen(left_of(r));
        for (auto const& p : places_) widen(p.what.name);
        std::string text = usage() + "\n\n" + wrapped(purpose_, 0, 0) + "\n";
        auto const line = [&](std::string const& left, std::string const& says) {
            text += "  " + left;
            if (left.size() > widest)
                text += "\n" + std::string(widest + 4, ' ');
            else
                text += std::string(widest + 2 - left.size(), ' ');
            text += wrapped(says, widest + 4, widest + 4);
        };
        for (auto const& p : places_) line(p.what.name, p.what.says);
        for (row const& r : rows_) {
            if (r.what == kind::heading)
                text += "\n" + bold(r.title) + "\n";
            else if (r.what != kind::later)
                line(left_of(r), r.option.says);
        }
        line("--help", "this text");
        line("--version", "which version this is");
        if (!waiting_.empty())
            text += "\n" + wrapped("In a later version: " + waiting_.substr(2) + ".", 0, 0);
        return text + notes_;
    }
    [[nodiscard]] std::string help() const {
        return help([](std::string const& text) { return text; });
    }

private:
    enum class kind { heading, flag, value, later };
    struct row {
        std::string title;
        options::option option;
        std::function<void(std::string_view)> take;
        kind what;
    };
    struct spot {
        place what;
        std::optional<std::string>* maybe;
        std::string* always;
    };
    static constexpr std::size_t most_left = 28;
    static constexpr std::size_t most_columns = 100;

    options& add(option what, kind of, std::function<void(std::string_view)> take) {
        rows_.push_back(
            {.title = {}, .option = std::move(what), .take = std::move(take), .what = of});
        return *this;
    }
    template <class T> static void take(std::string_view text, std::string const& name, T& to) {
        if constexpr (detail::is_vector<T>) {
            typename T::value_type one{};
            take(text, name, one);
            to.push_back(std::move(one));
        } else if constexpr (detail::is_optional<T>) {
            typename T::value_type one{};
            take(text, name, one);
            to = std::move(one);
        } else if constexpr (std::is_arithmetic_v<T>) {
            to = number<T>(text, name);
        } else {
            to = T{text};
        }
    }
    [[nodiscard]] static std::string left_of(row const& r) {
        return "--" + r.option.name + (r.option.value.empty() ? "" : " " + r.option.value);
    }
    [[nodiscard]] static std::string meant(
        std::string const& dashes, runnel::io::closest const& near) {
        if (near.found().empty()) return {};
        return "; did you mean " + dashes + near.found() + "?";
    }
    [[nodiscard]] row const& find(std::string_view word) const {
        std::string_view bare = word;
        while (!bare.empty() && bare.front() == '-') bare.remove_prefix(1);
        runnel::io::closest near{bare};
        for (row const& r : rows_) {
            if (r.what == kind::heading) continue;
            if (word.substr(0, 2) == "--" && r.option.name == bare) return r;
            if (r.what != kind::later) near.offer(r.option.name);
        }
        near.offer("help");
        near.offer("version");
        throw wrong_usage(
            "there is no option " + quoted(word) + meant("--", near)
            + (near.found().empty() ? "; --help lists them" : ""));
    }
    void set_places(std::vector<std::string_view> const& plain) const {
        for (std::size_t i = 0; i < places_.size(); ++i) {
            if (i < plain.size()) {
                if (places_[i].maybe != nullptr)
                    *places_[i].maybe = std::string{plain[i]};
                else
                    *places_[i].always = std::string{plain[i]};
            } else if (places_[i].always != nullptr) {
                throw wrong_usage(places_[i].what.name + " is missing; " + usage());
            }
        }
        if (plain.size() > places_.size())
            throw wrong_usage(
                quoted(plain[places_.size()]) + " is one argument too many; " + usage());
    }
    /// Broken between words, so that lines have at most a hundred columns; the first begins at `column` of its line,
    /// the others at `indent`.
    [[nodiscard]] static std::string wrapped(
        std::string_view text, std::size_t column, std::size_t indent) {
        std::string out;
        while (!text.empty()) {
            std::size_t const end = text.find(' ');
            std::string_view const word = text.substr(0, end);
            bool const fresh = out.empty() || column == indent;
            if (!fresh && column + 1 + word.size() > most_columns) {
                out += "\n" + std::string(indent, ' ');
                column = indent;
            } else if (!fresh) {
                out += ' ';
                ++column;
            }
            out += word;
            column += word.size();
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        return out + "\n";
    }

    std::string program_;
    std::string synopsis_;
    std::string purpose_;
    std::string notes_;
    std::string waiting_; // what comes in a later version
    std::vector<row> rows_;
    std::vector<spot> places_;
};

} // namespace command
