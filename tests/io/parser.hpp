// SPDX-License-Identifier: MIT
// JSON as RFC 8259 has it, read by somebody who has not seen how it was written.
//
// Why:  lines that only our own eyes accept are of no use to other programs.
// Laws: takes whole documents only; refuses what the grammar refuses (throws std::runtime_error). Members keep their order;
//       figures keep their letters.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace io_tests {

struct json {
    enum class kind { null, flag, number, text, list, object } is = kind::null;
    std::string text;               // of a text what it says; of a number or a flag its letters
    std::vector<json> items;        // of a list, or the values of an object
    std::vector<std::string> names; // of an object's members, in their order

    [[nodiscard]] json const& operator[](std::string_view name) const {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == name) return items[i];
        throw std::runtime_error("no member " + std::string{name});
    }
    [[nodiscard]] double number() const {
        if (is != kind::number) throw std::runtime_error("no number");
        return std::strtod(text.c_str(), nullptr);
    }
};

class json_parser {
public:
    explicit json_parser(std::string_view text) : left_(text) {}
    json whole() {
        json const value = any();
        blanks();
        if (!left_.empty()) fail("something after the end");
        return value;
    }

private:
    [[noreturn]] void fail(std::string const& why) const {
        throw std::runtime_error(why + " at '" + std::string{left_.substr(0, 20)} + "'");
    }
    void blanks() {
        while (!left_.empty()
               && std::string_view{" \t\r\n"}.find(left_[0]) != std::string_view::npos)
            left_.remove_prefix(1);
    }
    bool next(char c) {
        blanks();
        if (left_.empty() || left_[0] != c) return false;
        left_.remove_prefix(1);
        return true;
    }
    void want(char c) {
        if (!next(c)) fail(std::string{"no "} + c);
    }
    bool word(std::string_view w) {
        if (left_.substr(0, w.size()) != w) return false;
        left_.remove_prefix(w.size());
        return true;
    }
    json any() {
        blanks();
        if (left_.empty()) fail("nothing");
        if (left_[0] == '{') return object();
        if (left_[0] == '[') return list();
        if (left_[0] == '"') return {json::kind::text, string(), {}, {}};
        if (word("null")) return {};
        if (word("true")) return {json::kind::flag, "true", {}, {}};
        if (word("false")) return {json::kind::flag, "false", {}, {}};
        return number();
    }
    json object() {
        json made{json::kind::object, {}, {}, {}};
        want('{');
        if (next('}')) return made;
        do {
            blanks();
            std::string name = string();
            for (std::string const& known : made.names)
                if (known == name) fail("twice " + name);
            want(':');
            made.names.push_back(std::move(name));
            made.items.push_back(any());
        } while (next(','));
        want('}');
        return made;
    }
    json list() {
        json made{json::kind::list, {}, {}, {}};
        want('[');
        if (next(']')) return made;
        do made.items.push_back(any());
        while (next(','));
        want(']');
        return made;
    }
    std::string digits() {
        std::string all;
        while (!left_.empty() && left_[0] >= '0' && left_[0] <= '9') {
            all += left_[0];
            left_.remove_prefix(1);
        }
        if (all.empty()) fail("no digit");
        return all;
    }
    json number() {
        std::string all;
        if (word("-")) all += '-';
        std::string const whole = digits();
        if (whole.size() > 1 && whole[0] == '0') fail("a leading zero");
        all += whole;
        if (word(".")) all += "." + digits();
        if (word("e") || word("E")) {
            all += 'e';
            if (word("-"))
                all += '-';
            else
                word("+");
            all += digits();
        }
        return {json::kind::number, all, {}, {}};
    }
    std::string string() {
        if (left_.empty() || left_[0] != '"') fail("no string");
        left_.remove_prefix(1);
        std::string all;
        while (!word("\"")) {
            if (left_.empty()) fail("no end of a string");
            auto const byte = static_cast<unsigned char>(left_[0]);
            if (byte < 0x20) fail("a control character");
            if (word("\\"))
                all += escaped();
            else if (byte < 0x80)
                all += letter(1);
            else
                all += letter(byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2);
        }
        return all;
    }
    /// One character of UTF-8, decoded and encoded again: only the shortest form comes out as it went in.
    std::string letter(std::size_t length) {
        std::string const bytes{left_.substr(0, length)};
        if (bytes.size() < length) fail("half a character");
        left_.remove_prefix(length);
        if (length == 1) return bytes;
        unsigned code = static_cast<unsigned char>(bytes[0]) & (0xFFU >> (length + 1));
        for (std::size_t i = 1; i < length; ++i)
            code = code << 6 | (static_cast<unsigned char>(bytes[i]) & 0x3FU);
        if (encoded(code) != bytes) fail("no UTF-8");
        return bytes;
    }
    std::string encoded(unsigned code) const {
        if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) fail("no character");
        auto const tail = [&](unsigned shift) {
            return static_cast<char>(0x80U | (code >> shift & 0x3FU));
        };
        if (code < 0x80) return {static_cast<char>(code)};
        if (code < 0x800) return {static_cast<char>(0xC0U | code >> 6), tail(0)};
        if (code < 0x10000) return {static_cast<char>(0xE0U | code >> 12), tail(6), tail(0)};
        return {static_cast<char>(0xF0U | code >> 18), tail(12), tail(6), tail(0)};
    }
    std::string escaped() {
        for (auto const& [mark, meant] :
             {std::pair{"\"", "\""},
              {"\\", "\\"},
              {"/", "/"},
              {"b", "\b"},
              {"f", "\f"},
              {"n", "\n"},
              {"r", "\r"},
              {"t", "\t"}})
            if (word(mark)) return meant;
        if (!word("u")) fail("an unknown escape");
        unsigned code = 0;
        for (int i = 0; i < 4; ++i) {
            if (left_.empty()) fail("half an escape");
            auto const at = std::string_view{"0123456789abcdef"}.find(left_[0]);
            if (at == std::string_view::npos) fail("no hexadecimal digit");
            code = code * 16 + static_cast<unsigned>(at);
            left_.remove_prefix(1);
        }
        return encoded(code);
    }

    std::string_view left_;
};

inline json parsed(std::string_view text) { return json_parser{text}.whole(); }

} // namespace io_tests
