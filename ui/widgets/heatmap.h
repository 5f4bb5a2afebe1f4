#pragma once

#include <QWidget>
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "ui/widgets/map_data.h"

namespace lab {

class HoverCard;

/// A cell of a map; row = query, column = key, from 0.
struct MapCell {
    int row = -1;
    int column = -1;

    bool valid() const { return row >= 0 && column >= 0; }
    bool operator==(const MapCell&) const = default;
};

/// Which part of a map is looked at: all of it, or from `origin` (in cells) on with cells of the given side.
struct MapView {
    double cell = 0.0;  ///< 0 = all of it, as large as the room lets it be
    QPointF origin;

    bool whole() const { return cell <= 0.0; }
};

/// Measures of a heatmap in device-independent px: where the cells lie and how labels are set.
struct MapLayout {
    double cell = 0.0;         ///< side of a cell (snappedCell)
    double wholeCell = 0.0;    ///< the same when all cells are looked at
    QRectF map;                ///< the cells that are looked at
    QPointF origin;            ///< in cells: what lies at the map's top left corner
    double left = 0.0;         ///< of the row caption
    double indexRight = 0.0;   ///< right edge of the row indices
    double tokenRight = 0.0;   ///< right edge of the row tokens
    double indexBottom = 0.0;  ///< of the column indices
    double tokenBottom = 0.0;  ///< of the column tokens
    int rowStep = 1;           ///< every how many rows carry a label
    int columnStep = 1;
    bool uprightColumns = true;  ///< false: long column tokens are turned

    double x(double column) const { return map.left() + (column - origin.x()) * cell; }
    double y(double row) const { return map.top() + (row - origin.y()) * cell; }
    QRectF cells() const { return {origin.x(), origin.y(), map.width() / cell, map.height() / cell}; }
    int firstRow() const { return static_cast<int>(origin.y()); }
    int firstColumn() const { return static_cast<int>(origin.x()); }
    int endRow(const MapData& data) const { return std::min(data.rows, static_cast<int>(std::ceil(cells().bottom() - 1e-6))); }
    int endColumn(const MapData& data) const { return std::min(data.columns, static_cast<int>(std::ceil(cells().right() - 1e-6))); }
};

/// A row or a column that stands out while the others step back.
struct MapLight {
    enum class Axis { none, row, column };
    Axis axis = Axis::none;
    int index = 0;

    bool operator==(const MapLight&) const = default;
};

/// One head's map with tokens, indices, hover, selection and keyboard (LOOK.md 4): arrows move the selection, Home and End go along the
/// row, Enter or a double click activates; R and C light up the row and the column of the selected cell, as a label does that is pointed
/// at or clicked; L locks the shown cell, so that pointing elsewhere changes nothing. Plus, minus and the wheel zoom, 0 shows all;
/// dragging and Shift with the arrows move what is looked at.
class Heatmap : public QWidget {
    Q_OBJECT

public:
    explicit Heatmap(QWidget* parent = nullptr);
    ~Heatmap() override;

    void setData(const MapData& data, const ColorScaling& scaling = {});
    const MapData& data() const { return m_picture.data(); }
    /// As many as rows and columns; shown in ink beside the muted indices.
    void setTokens(const std::vector<QString>& rows, const std::vector<QString>& columns);
    void setCaptions(const QString& rows, const QString& columns);
    /// What the map is, for screen readers: "weights of layer 0, head 1".
    void setSubject(const QString& subject);
    /// Stands before a value: "a" for a = 0.6133; and how values are written. Empty format: four decimals.
    void setSymbol(const QString& symbol, std::function<QString(double)> format = {});
    /// Without a signal.
    void setSelection(MapCell cell);

    MapCell selection() const { return m_selection; }
    MapCell hoveredCell() const { return m_hover; }
    /// The cell that frames, profile and story speak of: under the mouse, else selected.
    MapCell shownCell() const { return m_hover.valid() && !m_locked ? m_hover : m_selection; }

    /// Without a signal.
    void setLocked(bool locked);
    bool locked() const { return m_locked; }
    /// The row or column that stands out: of the label pointed at, else of the selected cell once it was asked for.
    MapLight light() const;
    void setLit(MapLight::Axis axis);
    /// Lights up and selects one of its cells; once more puts it out.
    void lightUp(const MapLight& light);

    // For a view beside it that shows the same: as if the mouse were over a label or a cell, without the card.
    void pointAt(const MapLight& label) { setHoverLight(label); }
    void pointAt(MapCell cell);
    /// Selects as a click does.
    void choose(MapCell cell);
    /// False when the key means nothing to a map.
    bool takeKey(QKeyEvent* event);

    /// How several cells become one dot where there is not a dot for each.
    void setPooling(Pooling pooling);
    Pooling pooling() const { return m_picture.pooling(); }
    /// How many cells along a side one dot stands for; 1 when every cell is seen.
    int cellsPerDot() const;
    /// `factor` > 1 enlarges; what lies at `anchor` stays there.
    void zoom(double factor, const QPointF& anchor);
    void zoom(double factor);  ///< about the shown cell
    void showAll();
    const MapView& view() const { return m_view; }
    /// The cells that are looked at (x = columns, y = rows).
    QRectF seenCells() const { return m_layout.cells(); }
    /// So many cells that single ones are hard to see when all are looked at.
    bool isLong() const;

    /// The part of the widget in which cells are seen.
    QRectF mapRect() const { return m_layout.map; }
    /// Where a column begins; outside mapRect() when it is not looked at.
    double columnLeft(int column) const { return m_layout.x(column); }
    double cellSize() const { return m_layout.cell; }
    QRectF cellRect(MapCell cell) const;
    MapCell cellAt(const QPointF& position) const;
    /// "query 5 “9” → key 10 “5”".
    QString describe(MapCell cell) const;

    /// What the map needs at most at this width: cells stay square.
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void hovered(int row, int column);  ///< -1, -1 when the mouse leaves the cells
    void selected(int row, int column);
    void activated(int row, int column);
    void lightChanged();
    void lockChanged(bool locked);
    void layoutChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void arrange();
    void setHover(MapCell cell);
    void setHoverLight(const MapLight& light);
    bool moveKey(int key);
    MapLight labelAt(const QPointF& position) const;
    void reveal(MapCell cell);
    void pan(const QPointF& cells);
    bool viewKey(QKeyEvent* event);
    bool lightKey(QKeyEvent* event);
    QString written(double value) const;
    void announce();
    QString token(const std::vector<QString>& tokens, int index) const;

    MapPicture m_picture;
    std::vector<QString> m_rowTokens;
    std::vector<QString> m_columnTokens;
    QString m_rowCaption;
    QString m_columnCaption;
    QString m_subject;
    QString m_symbol;
    MapCell m_hover;
    MapCell m_selection;
    std::function<QString(double)> m_format;
    MapView m_view;
    MapLayout m_layout;
    MapLight::Axis m_lit = MapLight::Axis::none;
    MapLight m_hoverLight;
    bool m_locked = false;
    QPointF m_pressedAt;
    MapView m_pressedView;
    bool m_pressed = false;
    bool m_dragging = false;
    HoverCard* m_card;
};

}  // namespace lab
