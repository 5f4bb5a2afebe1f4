#pragma once

#include <QWidget>

#include "core/explain/walk.h"

namespace lab {

/// The stage's formula, one sentence about it, and the live expression of the cell in hand, ending in its number.
class FormulaStrip : public QWidget {
    Q_OBJECT

public:
    explicit FormulaStrip(QWidget* parent = nullptr);

    void setStage(const explain::Stage& stage);
    void setExpression(const explain::Expression& expression);
    /// What stands in the last line, for tests and screen readers.
    QString expressionText() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    int heightFor(int width) const;
    int headingHeight(int inner) const;
    bool sentenceFitsBeside(int width) const;

    QString m_formula, m_sentence;
    QStringList m_notes;
    explain::Expression m_expression;
};

}  // namespace lab
