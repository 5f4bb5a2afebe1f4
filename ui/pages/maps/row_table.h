#pragma once

#include <QString>
#include <vector>

#include "core/analysis/softmax_steps.h"
#include "ui/widgets/panel.h"

namespace lab {

class Button;

/// The keys of one query from the largest weight down, or the queries of one key, what does not fit summed up in the last line.
class RowTable : public PanelFrame {
    Q_OBJECT

public:
    explicit RowTable(QWidget* parent = nullptr);

    /// `row` as rowByWeight() gives it; `tokens` by key.
    void setRow(const QString& title, const std::vector<RowWeight>& row, const std::vector<QString>& tokens, int keyInHand);
    /// `column` as columnByWeight() gives it; `tokens` by query.
    void setColumn(const QString& title, const std::vector<RowWeight>& column, const std::vector<QString>& tokens, int queryInHand);
    void clear();

signals:
    /// The row as a memory, whose stored patterns are the keys.
    void memoryWanted();

private:
    class Body;
    Body* m_body;
    Button* m_memory;  ///< of rows only
};

}  // namespace lab
