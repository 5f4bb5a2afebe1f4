#pragma once

#include <QJsonArray>

#include "core/memory/gram_mixing.h"
#include "ui/widgets/panel.h"

class QDoubleSpinBox;

namespace lab {

class SegmentedControl;
class TextTable;
class WrappedText;

/// (X Xᵀ) X of three vectors of two numbers, by hand: raw, with a softmax in each row, with β; beside it Hebb's matrix XᵀX.
class GramPanel : public PanelFrame {
    Q_OBJECT

public:
    static constexpr int count = 3, dimension = 2;

    explicit GramPanel(QWidget* parent = nullptr);

    const StoredVectors& vectors() const { return m_x; }
    void setVectors(const StoredVectors& vectors);
    const GramMixing& mixing() const { return m_mixing; }
    void setKind(GramWeights kind);
    void setRow(int row);
    /// Lines of the chosen row.
    QString byHand() const;

    QJsonObject notes() const;
    void takeNotes(const QJsonObject& notes);

signals:
    /// Something else is to be seen.
    void changed();

private:
    void makeFields(QWidget* body);
    void applyMeasures();
    void takeNumbers();
    void fill();

    StoredVectors m_x;
    GramWeights m_kind = GramWeights::raw;
    double m_beta = 2;
    int m_row = 0;
    GramMixing m_mixing;
    std::vector<QDoubleSpinBox*> m_numbers;
    SegmentedControl *m_kindChoice, *m_rowChoice;
    QDoubleSpinBox* m_betaBox;
    TextTable* m_table;
    WrappedText *m_hand, *m_hebb;
};

}  // namespace lab
