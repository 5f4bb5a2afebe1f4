#pragma once

#include <QWidget>
#include <vector>

#include "core/explain/walk.h"
#include "ui/widgets/theme.h"

namespace lab {

/// The operands of the number in hand, the largest first: each a step down to where it comes from. Up, Down, Left, Right, Enter, a click.
class TermList : public QWidget {
    Q_OBJECT

public:
    explicit TermList(QWidget* parent = nullptr);

    void setExpression(const explain::Expression& expression);
    /// Whether every factor in sight stands with its name.
    bool namesFit() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void dug(const lab::explain::CellRef& origin);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int visibleRows() const;
    QFont termFont(bool bold = false) const;
    QString number(double value) const;
    int productWidth() const;
    double measureColumns(std::vector<double>& names, std::vector<double>& numbers) const;
    void measure();
    QString nameOf(const explain::Operand& operand, std::size_t factor) const;
    QRectF factorRect(int row, int factor) const;
    const explain::Operand* operandAt(const QPointF& point) const;

    explain::Expression m_expression;
    std::vector<std::size_t> m_order;
    std::vector<double> m_widths;  ///< of each factor's column
    std::vector<bool> m_named;     ///< whether there is room for its names
    TextSize m_size = TextSize::axis;
    int m_digits = 3;
    int m_row = 0, m_factor = 0;
};

}  // namespace lab
