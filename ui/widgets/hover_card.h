#pragma once

#include <QWidget>

namespace lab {

/// The small card beside a hovered cell: its value, and from where to where. A child of the map it speaks of; mouse events pass through.
class HoverCard : public QWidget {
    Q_OBJECT

public:
    explicit HoverCard(QWidget* parent);

    /// Shows the card 8 px below and right of `cell` (in the parent's coordinates), or where there is room without covering the cell's row
    /// or column.
    void showBeside(const QRectF& cell, const QString& value, const QString& where);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_value;
    QString m_where;
};

}  // namespace lab
