#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

// An enumeration's names in JSON stand beside it, in the order of its enumerators.

namespace lab {

template <class E>
struct EnumNames;

/// What tells an enumeration's enumerators apart: `rows`, an array of one row for each, in their order, each with its `name`. Whoever needs
/// to know asks the row.
template <class E>
struct EnumRows;

template <class E>
concept HasRows = requires {
    EnumRows<E>::rows;
};

template <HasRows E>
constexpr const auto& specOf(E value) {
    return EnumRows<E>::rows[static_cast<std::size_t>(value)];
}

template <class Row, std::size_t count>
constexpr std::array<std::string_view, count> namesOfRows(const std::array<Row, count>& rows) {
    std::array<std::string_view, count> names;
    for (std::size_t i = 0; i < count; ++i) names[i] = rows[i].name;
    return names;
}

template <HasRows E>
struct EnumNames<E> {
    static constexpr auto names = namesOfRows(EnumRows<E>::rows);
};

/// All names of an enumeration.
template <class E>
constexpr std::span<const std::string_view> namesOf() {
    return EnumNames<E>::names;
}

/// nameOf(AttentionForm::kv_pos) == "kv+pos".
template <class E>
constexpr std::string_view nameOf(E value) {
    return EnumNames<E>::names[static_cast<std::size_t>(value)];
}

/// Empty when there is no such name.
template <class E>
constexpr std::optional<E> fromName(std::string_view name) {
    for (std::size_t i = 0; i < EnumNames<E>::names.size(); ++i) {
        if (EnumNames<E>::names[i] == name) return static_cast<E>(i);
    }
    return std::nullopt;
}

}  // namespace lab
