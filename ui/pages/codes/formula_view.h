#pragma once

#include <QWidget>

#include "core/goedel/formula.h"
#include "ui/pages/codes/codes_state.h"

class QStackedWidget;

namespace lab {

class EmptyState;
class ThemedLabel;

/// A formula sign by sign, with its free variables marked, or the sign where it stops being one.
class FormulaLine : public QWidget {
    Q_OBJECT

public:
    explicit FormulaLine(QWidget* parent = nullptr);

    void setSequence(const CodedSequence& sequence, const goedel::SyntaxReading& reading);
    const CodedSequence& sequence() const { return m_sequence; }
    /// Where a sign stands, or behind the last one the end.
    QRectF signRect(std::size_t position) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    std::size_t columns() const;
    void arrange();

    CodedSequence m_sequence;
    goedel::SyntaxReading m_reading;
};

/// The sequence as a formula: what is free in it, or what is wrong with it and where.
class FormulaView : public QWidget {
    Q_OBJECT

public:
    explicit FormulaView(CodesState& state, QWidget* parent = nullptr);

    void refresh();
    QString sentence() const;
    FormulaLine& line() const { return *m_line; }

private:
    CodesState& m_state;
    QStackedWidget* m_stack;
    EmptyState* m_none;
    FormulaLine* m_line;
    ThemedLabel *m_sentence, *m_help;
};

}  // namespace lab
