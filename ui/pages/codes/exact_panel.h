#pragma once

#include "ui/pages/codes/goedel_study.h"
#include "ui/widgets/panel.h"

namespace lab {

class FactorColumns;
class NumberLine;
class ThemedLabel;

/// A sequence's number: its factors by column, and all of it.
class ExactPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit ExactPanel(QWidget* parent = nullptr);

    void setStudy(const GoedelStudyPtr& study, std::size_t column);
    FactorColumns& columns() const { return *m_columns; }
    NumberLine& number() const { return *m_number; }
    /// "38 digits", "125 bits".
    QString digits() const;
    QString bits() const;
    /// Of all of it, at this width.
    int neededHeight() const;

signals:
    void columnChosen(std::size_t column);
    void heightChanged();

private:
    FactorColumns* m_columns;
    NumberLine* m_number;
    ThemedLabel *m_digits, *m_bits;
};

}  // namespace lab
