#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "ui/widgets/map/map_layout.h"

namespace lab {

class HoverCard;

/// A table of numbers as coloured cells, laid out by its form, with hover, selection and keyboard: arrows move the cell in hand, Home and
/// End go along the row (LOOK.md 4). A map of tokens does more: Enter or a double click activates; R and C light up the row and the column
/// of the selected cell, as a label does that is pointed at or clicked; L locks the shown cell, so that pointing elsewhere changes nothing;
/// plus, minus and the wheel zoom, 0 shows all; dragging and Shift with the arrows move what is looked at.
class Map : public QWidget {
    Q_OBJECT

public:
    /// Of tokens.
    explicit Map(QWidget* parent = nullptr);
    /// `subject`: what the map is, for screen readers and as the name of its picture.
    Map(const MapForm& form, const QString& subject, QWidget* parent = nullptr);
    ~Map() override;

    const MapForm& form() const { return m_form; }
    const MapContent& content() const { return m_content; }
    const MapData& data() const { return m_content.data(); }

    void setData(const MapData& data, const ColorScaling& scaling = {});
    /// Instead of cells where there are none.
    void setEmptyText(const QString& text);
    /// What stands at rows and columns: tokens, values of a key.
    void setNames(const std::vector<QString>& rows, const std::vector<QString>& columns);
    /// Rows and columns whose names step back: of tokens that stand for no text.
    void setMuted(const std::vector<int>& rows, const std::vector<int>& columns);
    /// In the place of names, which stay what is said of them; a null one leaves the name. Empty: names everywhere.
    void setPictures(const std::vector<QImage>& rows, const std::vector<QImage>& columns);
    /// Lines before these rows and columns, and which cells of the row in hand are marked, as are their columns' heads. What is
    /// marked may change with the data alone.
    void setBorders(const std::vector<int>& borders, std::function<bool(MapCell)> marked);
    /// What rows and columns are.
    void setAxes(const QString& rows, const QString& columns);
    /// "weights of layer 0, head 1".
    void setSubject(const QString& subject);
    QString subject() const { return m_subject; }
    /// What a value is, "angle", or how it is called, "a"; and how values are written. Empty format: a few decimals.
    void setQuantity(const QString& quantity, std::function<QString(double)> format = {});
    /// Said of the cells that take no part, which are empty then; without it they are hatched.
    void setHiddenName(const QString& name);
    /// Cells that fill their room are squares nevertheless.
    void setSquare(bool square);
    /// All of it at once, and what is said of a cell.
    void setContent(const MapContent& content, std::function<QString(MapCell)> readings);
    /// Below what is said of a cell when the mouse rests there; empty: no tips.
    void setTip(const QString& tip) { m_tip = tip; }
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
    Pooling pooling() const { return m_content.picture.pooling(); }
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
    double cellSize() const { return m_layout.cell.width(); }
    QRectF cellRect(MapCell cell) const { return m_layout.cellRect(cell); }
    MapCell cellAt(const QPointF& position) const { return m_layout.cellAt(position, data()); }
    /// What is said of a cell: "query 5 “9” → key 10 “5”: 0.2500".
    QString reading(MapCell cell) const;
    /// Without its value.
    QString describe(MapCell cell) const { return m_form.place(m_content, cell); }

    /// What a map of tokens needs at most at this width: cells stay square.
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return m_form.sizeHint(m_content); }
    QSize minimumSizeHint() const override { return m_form.minimumSizeHint(m_content); }

signals:
    void hovered(int row, int column);  ///< -1, -1 when the mouse leaves the cells
    void selected(int row, int column);
    void activated(int row, int column);
    void lightChanged();
    void lockChanged(bool locked);
    void layoutChanged();

protected:
    bool event(QEvent* event) override;
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
    void takeShape();
    MapMarks marks() const;
    void setHover(MapCell cell);
    void showCard();
    void setHoverLight(const MapLight& light);
    bool moveKey(int key);
    MapLight labelAt(const QPointF& position) const;
    void reveal(MapCell cell);
    void pan(const QPointF& cells);
    bool viewKey(QKeyEvent* event);
    bool lightKey(QKeyEvent* event);
    void announce();
    void showTip(const QPoint& at);

    const MapForm& m_form;
    MapContent m_content;
    std::function<QString(MapCell)> m_readings;
    QString m_subject, m_emptyText, m_tip;
    MapCell m_hover;
    MapCell m_selection;
    MapView m_view;
    MapLayout m_layout;
    MapLight::Axis m_lit = MapLight::Axis::none;
    MapLight m_hoverLight;
    bool m_locked = false;
    QPointF m_pressedAt;
    MapCell m_clicked;  ///< by the last click here
    MapView m_pressedView;
    bool m_pressed = false;
    bool m_dragging = false;
    HoverCard* m_card;
};

/// A table whose numbers it owns.
MapData mapOf(std::vector<float> values, int rows, int columns);

/// From zero up where nothing is negative, else balanced.
ColorScaling scalingFromZero(const MapData& data);

/// Symmetric about zero, as far as the largest finite magnitude.
ColorScaling balancedScaling(const MapData& data);

}  // namespace lab
