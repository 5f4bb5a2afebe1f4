#pragma once

#include "ui/widgets/table/still_table.h"

namespace lab {

/// Rows of answers, token by token: wrong ones struck out on the wrong background, the count of right ones at the end. A click, or Up,
/// Down and Enter, activate a row.
class SampleTable : public StillTable {
    Q_OBJECT

public:
    struct Cell {
        QString text;
        bool wrong = false;
        QString toolTip{};
        bool other = false;  ///< a text that goes on otherwise, which is no error: muted

        bool operator==(const Cell&) const = default;
    };
    struct Row {
        QString label;  ///< a step, a sample's index
        std::vector<Cell> cells;
        int right = 0;
        bool judged = true;   ///< false: nobody knows what would be right
        bool shown = false;   ///< on the selection tint, label bold: the row the window looks at
        bool marked = false;  ///< dashed frame: the row of the crosshair

        bool operator==(const Row&) const = default;
    };

    /// `what` names a row for screen readers: "step", "sample". Room is kept for `rows` rows.
    SampleTable(const QString& what, int rows, QWidget* parent = nullptr);

    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return m_rows; }
    /// Written where no rows are yet.
    void setHint(const QString& text);
    /// The cell that stays in sight where not all do; -1: none.
    void setFollowed(int cell);
    /// Width of the label column in logical px at 100 %.
    void setLabelWidth(int at100);

    /// Empty for a cell that is left out because the row is too long.
    QRect cellRect(int row, int cell) const;

    // What stands before and behind the tokens.
    static TableCell labelCell(const Row& row);
    static TableCell countCell(const Row& row, bool ofAll);  ///< "12/16" instead of "12"

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void activated(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    std::vector<QRectF> rooms(const QRectF& line) const override;
    std::optional<Role> groundOf(int row) const override;
    void paintOver(QPainter& painter, const QRect& line, int row) const override;

private:
    struct Columns {
        int width = 0;   ///< of a cell with its gap
        int head = 0;    ///< cells before the gap
        int middle = 0;  ///< cells around the one that is followed, with a gap of their own
        int tail = 0;    ///< cells after it; 0 = all are shown
        /// Where a cell of `count` stands; -1: in a gap.
        int placeOf(int cell, int count, int followed) const;
    };
    Columns columns() const;
    void measure();
    void paintCells(QPainter& painter, int row) const;
    void paintCell(QPainter& painter, const QRect& rect, const Cell& cell) const;
    QString toolTipAt(const QPoint& position) const;
    static QString toolTipOf(const Cell& cell, int width);
    void describe();

    QString m_what;
    int m_usualRows;
    std::vector<Row> m_rows;
    QString m_hint;
    int m_labelWidth = 56;
    int m_mostCells = 0;
    int m_widestText = 0;
    int m_followed = -1;
    int m_hovered = -1;
    int m_cursor = 0;
};

}  // namespace lab
