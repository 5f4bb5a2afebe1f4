#pragma once

#include <QWidget>
#include <optional>

#include "core/sweep/row_statistics.h"
#include "ui/pages/sweeps/result_text.h"
#include "ui/widgets/color_map.h"

namespace lab {

/// What a heat table shows.
struct HeatScene {
    HeatTable table;
    QString rowName, columnName;  ///< of the keys
    ResultNumber number;
    ColorScaling scaling;  ///< in shown units

    bool empty() const { return table.cells.empty(); }
    /// "sort, kv: 93.12 mean of 6 runs, ± 1.20, 91.00 to 94.80"
    QString describe(std::size_t row, std::size_t column) const;
    /// "means of 6 runs", "means of 2 to 6 runs"
    QString countSentence() const;
};

/// Draws the table into `rect`, with the names of rows and columns; answers with where the cells lie.
struct HeatLayout {
    QRectF cells;
    double cellWidth = 0, cellHeight = 0;
};
HeatLayout heatLayout(const HeatScene& scene, const QRectF& rect);
void paintHeat(QPainter& painter, const HeatScene& scene, const HeatLayout& layout);

/// A number's means over the rest, by two keys, as coloured cells with the number in them. The arrows move the cursor; Enter, a click or a
/// double click looks at the runs of a cell.
class HeatView : public QWidget {
    Q_OBJECT

public:
    explicit HeatView(QWidget* parent = nullptr);

    void setScene(HeatScene scene);
    /// What stands there while there is nothing to draw.
    void setEmptyText(const QString& text) { m_emptyText = text; }
    const HeatScene& scene() const { return m_scene; }
    QRectF cellRect(int row, int column) const;

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override { return minimumSizeHint(); }

signals:
    void cellChosen(int row, int column);
    /// Nothing when the mouse is elsewhere: the number shown, for the scale's needle.
    void pointed(std::optional<double> shown);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    void arrange();
    void announce();
    std::optional<std::pair<int, int>> cellAt(const QPointF& position) const;
    void point(std::optional<std::pair<int, int>> cell);

    HeatScene m_scene;
    QString m_emptyText;
    HeatLayout m_layout;
    std::optional<std::pair<int, int>> m_hover;
    int m_row = 0, m_column = 0;
};

}  // namespace lab
