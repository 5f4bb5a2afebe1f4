#pragma once

#include "ui/pages/memory/memory_state.h"
#include "ui/runs/latest_task.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

/// Every stored pattern asked for by each rule, and by the modern net, from the same noise: how many pixels are wrong in the end. Counted
/// on a thread of its own.
class RecallTable : public DataTable {
    Q_OBJECT

public:
    explicit RecallTable(QWidget* parent = nullptr);

    void setValue(const MemoryValue& value);
    bool ready() const { return m_counted == m_asked; }
    /// Wrong pixels of a pattern by a rule, or "modern"; nothing while it is counted.
    std::optional<int> wrong(std::size_t pattern, const std::string& rule) const;

signals:
    void counted();

private:
    /// What the counts are of.
    struct Question {
        std::vector<Pattern> patterns;
        int noise = 0;
        std::uint64_t seed = 0;
        bool synchronous = false;
        double beta = 0;
        bool operator==(const Question&) const = default;
    };
    struct Column {
        std::string rule;
        std::vector<int> wrong;
    };
    void nameColumns();
    TableCell cell(std::size_t column, std::size_t row) const;

    MemoryValue m_value;
    Question m_asked, m_counted;
    std::vector<Column> m_columns;
    LatestTask m_task;
};

}  // namespace lab
