#pragma once

#include <QJsonObject>
#include <QWidget>

#include "core/memory/concepts.h"
#include "ui/widgets/table/table_column.h"

class QComboBox;
class QGridLayout;
class QPlainTextEdit;
class QSpinBox;

namespace lab {

class Button;
class DataTable;
class ProblemLabel;
class PanelFrame;
class Plot;
class SegmentedControl;
class TextTable;
class WrappedText;

/// Hebb's rule run on the co-activations of concept nodes, beside the evidence of the same events: a stream that is typed, or clicked for
/// two nodes, a table of all pairs in both orders, and where these disagree.
class ConceptPanel : public QWidget {
    Q_OBJECT

public:
    explicit ConceptPanel(QWidget* parent = nullptr);

    const ConceptStream& stream() const { return m_stream; }
    const std::vector<PairRow>& rows() const { return m_rows; }
    /// As if typed.
    void setText(const QString& text);
    QString text() const;
    QString verdict() const;  ///< where the orders disagree
    /// Adds one event of the two chosen nodes, as a click does.
    void addEvent(bool first, bool second);

    DataTable& table() const { return *m_table; }
    QJsonObject notes() const;
    void takeNotes(const QJsonObject& notes);

signals:
    /// Something else is to be seen.
    void changed();

private:
    QWidget* makeEvents();
    QWidget* makeTable();
    QWidget* makePair();
    void nameColumns();
    void applyMeasures();
    void takeText();
    void fill();
    void fillNodes();
    void showPair();
    void choosePair(std::size_t row);
    QString pairName(const PairRow& row) const;
    NodeStates states() const;

    ConceptStream m_stream;
    std::vector<PairRow> m_rows;
    int m_first = 0, m_second = 1;  ///< the two nodes in hand
    QGridLayout* m_grid;
    PanelFrame *m_eventPanel, *m_tablePanel, *m_pairPanel;
    QPlainTextEdit* m_text;
    ProblemLabel* m_error;
    QComboBox *m_firstBox, *m_secondBox;
    SegmentedControl* m_states;
    DataTable* m_table;
    WrappedText* m_verdict;
    Plot* m_history;
    QSpinBox* m_cut;
    TextTable* m_revision;
};

}  // namespace lab
