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

/// The names of an enumeration that has a row for each enumerator.
template <class Row, std::size_t count>
constexpr std::array<std::string_view, count> namesOfRows(const std::array<Row, count>& rows) {
    std::array<std::string_view, count> names;
    for (std::size_t i = 0; i < count; ++i) names[i] = rows[i].name;
    return names;
}

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
