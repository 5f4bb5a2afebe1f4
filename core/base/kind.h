#pragma once

#include <algorithm>
#include <cassert>
#include <optional>
#include <span>
#include <string_view>

namespace lab {

/// Which row of a table an experiment chose: a task, an optimizer, a pattern. Whoever needs to know something about the kind asks the row
/// (`task.kind->answer`); nobody switches on it. A row type has `std::string_view name` and `static std::span<const Row* const> table()`,
/// whose first row is the default.
template <class Row>
class Kind {
public:
    Kind() : m_row(Row::table().front()) {}
    Kind(std::string_view name) : m_row(find(name).value().m_row) {}  // NOLINT(google-explicit-constructor): a name is a kind
    Kind(const char* name) : Kind(std::string_view(name)) {}          // NOLINT(google-explicit-constructor)
    explicit Kind(const Row& row) : m_row(&row) {}

    /// Empty when there is no such row.
    static std::optional<Kind> find(std::string_view name) {
        const auto rows = Row::table();
        const auto found = std::ranges::find_if(rows, [name](const Row* row) { return row->name == name; });
        return found == rows.end() ? std::nullopt : std::optional(Kind(**found));
    }

    std::string_view name() const { return m_row->name; }
    /// In the order of the table, from 0.
    std::ptrdiff_t place() const {
        const auto rows = Row::table();
        return std::ranges::find(rows, m_row) - rows.begin();
    }
    const Row* operator->() const { return m_row; }
    const Row& operator*() const { return *m_row; }
    friend bool operator==(const Kind& a, const Kind& b) { return a.m_row == b.m_row; }

private:
    const Row* m_row;
};

}  // namespace lab
