// SPDX-License-Identifier: MIT
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <runnel/cost/config.hpp>
#include <runnel/engine/config.hpp>
#include <runnel/io/settings.hpp>

#include "support/catch.hpp"
#include "support/law.hpp"

namespace {

namespace io = runnel::io;

double a_number(law::gen& g) {
    double const x = g.any_double();
    return x == x ? x : 0; // what is no number equals nothing, itself included
}
template <class Leaf> void draw(law::gen& g, Leaf& leaf) {
    if constexpr (std::is_same_v<Leaf, bool>) {
        leaf = g.flag();
    } else if constexpr (std::is_enum_v<Leaf>) {
        std::size_t count = 0;
        for (auto const name : io::detail::enum_table<Leaf>::names) count += name.empty() ? 0U : 1U;
        leaf = static_cast<Leaf>(g.choose(count - 1));
    } else if constexpr (std::is_floating_point_v<Leaf>) {
        leaf = static_cast<Leaf>(a_number(g));
    } else {
        leaf = static_cast<Leaf>(g.choose(~std::uint64_t{0}));
    }
}
template <class T, class Type> void draw(law::gen& g, runnel::per_type<T, Type>& table) {
    T all{};
    draw(g, all);
    table = runnel::per_type<T, Type>(all);
    for (auto n = g.integer(0, 6); n > 0; --n) {
        T one{};
        draw(g, one);
        if (g.flag()) one = all; // given, and yet the same
        table.set(static_cast<Type>(g.choose(table.capacity - 1)), one);
    }
}
template <class Config> Config drawn(law::gen& g) {
    Config c;
    runnel::for_each_field(c, [&](runnel::field_name, auto& leaf) { draw(g, leaf); });
    return c;
}
/// The bits of every figure, and how tables go on from here.
template <class Config> std::vector<std::uint64_t> bits(Config const& config) {
    std::vector<std::uint64_t> all;
    auto const put = [&](auto figure) {
        if constexpr (std::is_floating_point_v<decltype(figure)>)
            all.push_back(std::bit_cast<std::uint64_t>(static_cast<double>(figure)));
        else
            all.push_back(static_cast<std::uint64_t>(figure));
    };
    runnel::for_each_field(config, [&](runnel::field_name, auto const& leaf) {
        using leaf_type = std::remove_cvref_t<decltype(leaf)>;
        if constexpr (io::detail::is_table<leaf_type>) {
            [&]<class T, class Type>(runnel::per_type<T, Type> const& table) {
                for (T const figure : table) put(figure);
                for (T const figure : table.with(Type::other, T{3})) put(figure);
            }(leaf);
        } else {
            put(leaf);
        }
    });
    return all;
}
template <class Config> void round_trip(law::gen& g) {
    auto const from = drawn<Config>(g);
    auto to = drawn<Config>(g); // whatever stood there before
    io::for_each_setting(from, [&](std::string_view name, std::string_view text) {
        auto const ok = io::set(to, name, text);
        g.holds(ok.has_value(), "a listed text is taken: " + std::string{name});
    });
    g.holds(to == from, "setting what is listed gives an equal config");
    g.holds(bits(to) == bits(from), "bit for bit");
}

} // namespace

TEST_CASE("law: setting what is listed gives the same config", "[io][settings]") {
    law::for_all(60, [](law::gen& g) { round_trip<runnel::config>(g); });
    law::for_all(100, [](law::gen& g) { round_trip<runnel::cost::config>(g); });
}

TEST_CASE("law: what is refused changes nothing", "[io][settings]") {
    law::for_all(40, [](law::gen& g) {
        auto config = drawn<runnel::config>(g);
        auto const before = bits(config);
        std::vector<std::string> names;
        io::for_each_setting(
            config, [&](std::string_view name, std::string_view) { names.emplace_back(name); });
        std::string const name = names[g.choose(names.size() - 1)];
        for (auto const& [known, text] :
             {std::pair<std::string, std::string>{name, "?"}, {name + "?", "1"}, {"?" + name, "1"}})
            g.holds(!io::set(config, known, text).has_value(), "nonsense is refused");
        g.holds(bits(config) == before, "and changes nothing");
    });
}
