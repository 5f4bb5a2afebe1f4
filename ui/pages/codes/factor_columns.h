#pragma once

#include <QWidget>

#include "ui/pages/codes/goedel_study.h"

class QScrollBar;

namespace lab {

/// A sequence's number, column by column: position, symbol, prime, factor, and the bits of the factor as a bar; their sum below. More
/// columns than there is room for scroll. Left and Right, Home and End, and clicks take a column in hand.
class FactorColumns : public QWidget {
    Q_OBJECT

public:
    explicit FactorColumns(QWidget* parent = nullptr);

    void setStudy(GoedelStudyPtr study, std::size_t column);
    std::size_t column() const { return m_column; }
    /// Where it stands now, in the widget; what is scrolled away lies outside of columnsRoom().
    QRectF columnRect(std::size_t column) const;
    QRectF columnsRoom() const;
    /// What a column says, in a sentence.
    QString words(std::size_t column) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    /// Columns first .. first + count in a room that holds them, each as wide as in the window, with the names of the rows at the left;
    /// below the last of them the sum.
    static void paint(QPainter& painter, const QRectF& room, const GoedelStudy& study, std::size_t first, std::size_t count, bool last);
    /// Of so many columns with the names of the rows, and of one line of them, in logical px at 100 %.
    static int widthOf(std::size_t columns);
    static int heightOf();

signals:
    void columnChosen(std::size_t column);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    std::size_t count() const { return m_study ? m_study->of.length() : 0; }
    QRectF pictureRoom() const;
    void arrange();
    void showColumn();
    void choose(std::ptrdiff_t column);
    void describe();

    GoedelStudyPtr m_study;
    std::size_t m_column = 0;
    double m_wide = 1;  ///< px of a column
    QScrollBar* m_scroll;
};

}  // namespace lab
