#pragma once

#include <string_view>
#include <vector>

#include "core/config/field.h"

namespace lab {

/// All keys of the experiment in the order in which they are written. JSON, --set, validation and the settings form come from it.
class FieldTable {
public:
    explicit FieldTable(std::vector<FieldInfo> fields) : m_fields(std::move(fields)) {}

    const std::vector<FieldInfo>& fields() const { return m_fields; }
    auto begin() const { return m_fields.begin(); }
    auto end() const { return m_fields.end(); }

    /// Null when there is no such key. "model.attention.kernel.kind" means "model.attention.kernel".
    const FieldInfo* find(std::string_view path) const;
    /// Throws InputError ("model.heads: unknown key; did you mean model.num_heads?").
    const FieldInfo& at(std::string_view path) const;
    /// Whether keys lie, or lay, beneath this path: "model.attention".
    bool isSection(std::string_view path) const;
    /// Position in the order of the table; its size when there is no such key.
    std::size_t indexOf(std::string_view path) const;

private:
    std::vector<FieldInfo> m_fields;
};

/// The one table, immutable.
const FieldTable& fieldTable();

/// Paths of all keys whose values differ, in the table's order.
std::vector<std::string> differences(const Experiment& a, const Experiment& b);

}  // namespace lab
