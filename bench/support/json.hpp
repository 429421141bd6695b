// SPDX-License-Identifier: MIT
// Just enough JSON to write down what a benchmark found.
#pragma once

#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// One object, member by member, in the order they are given.
class json {
public:
    json& text(std::string_view name, std::string_view words) {
        std::string quoted = "\"";
        for (char const letter : words) {
            if (letter == '"' || letter == '\\') quoted += '\\';
            quoted += static_cast<unsigned char>(letter) < 0x20 ? ' ' : letter;
        }
        return add(name, quoted + '"');
    }
    json& number(std::string_view name, double figure) {
        if (!std::isfinite(figure)) return add(name, "null");
        char digits[32];
        std::snprintf(digits, sizeof digits, "%.9g", figure);
        return add(name, digits);
    }
    json& flag(std::string_view name, bool holds) { return add(name, holds ? "true" : "false"); }
    json& object(std::string_view name, json const& inner) { return add(name, inner.str()); }
    json& list(std::string_view name, std::vector<json> const& entries) {
        std::string all = "[";
        for (json const& entry : entries) {
            if (all.size() > 1) all += ',';
            all += entry.str();
        }
        return add(name, all + ']');
    }
    [[nodiscard]] std::string str() const { return "{" + members_ + "}"; }

private:
    json& add(std::string_view name, std::string const& what) {
        if (!members_.empty()) members_ += ',';
        members_ += '"';
        members_ += name;
        members_ += "\":";
        members_ += what;
        return *this;
    }
    std::string members_;
};

} // namespace bench
