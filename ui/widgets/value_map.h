#pragma once

#include <QString>
#include <QWidget>
#include <functional>
#include <vector>

#include "ui/widgets/heatmap.h"
#include "ui/widgets/map_data.h"

namespace lab {

/// A table of numbers as cells that stretch to the room, with indices, axis names, scale and a read-out of the cell under the mouse or in
/// hand. Arrows move the cell in hand, a click chooses it.
class ValueMap : public QWidget {
    Q_OBJECT

public:
    explicit ValueMap(const QString& name, QWidget* parent = nullptr);

    void setData(const MapData& data, const ColorScaling& scaling);
    const MapData& data() const { return m_picture.data(); }
    /// Instead of cells where there are none; such a map takes no focus.
    void setEmptyText(const QString& text);
    /// "position", "channel": stand at the axes and in the read-out.
    void setAxes(const QString& rows, const QString& columns);
    /// What stands at the indices: tokens. Empty: the indices alone.
    void setNames(std::vector<QString> rows, std::vector<QString> columns);
    /// What a value is: "angle"; and how it is written.
    void setQuantity(const QString& quantity, std::function<QString(double)> format);
    /// Cells are squares.
    void setSquare(bool square);
    /// Without a signal. A column of -1 selects a whole row.
    void setSelection(MapCell cell);
    MapCell selection() const { return m_selection; }
    /// Shows what `other` shows, without selection: for a picture of it.
    void copy(const ValueMap& other);
    QString name() const { return m_name; }
    QString rowAxis() const { return m_rows; }
    QString columnAxis() const { return m_columns; }
    QString quantity() const { return m_quantity; }
    QRectF mapRect() const;
    QRectF cellRect(MapCell cell) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void selected(int row, int column);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    MapCell cellAt(const QPointF& at) const;
    MapCell shownCell() const { return m_hover.valid() ? m_hover : m_selection; }
    QString reading(MapCell cell) const;
    void choose(MapCell cell);
    void describe();
    void paintIndices(QPainter& painter) const;
    void paintScale(QPainter& painter) const;

    QString shortName(const std::vector<QString>& names, int index, double room) const;
    QString indexText(const std::vector<QString>& names, int index) const;

    QString m_name, m_rows, m_columns, m_quantity, m_emptyText;
    std::vector<QString> m_rowNames, m_columnNames;
    std::function<QString(double)> m_format;
    MapPicture m_picture;
    bool m_square = false;
    bool m_forPaper = false;  ///< cells as rectangles
    MapCell m_selection, m_hover;
};

/// A table whose numbers it owns.
MapData mapOf(std::vector<float> values, int rows, int columns);

/// From zero up where nothing is negative, else balanced.
ColorScaling scalingFromZero(const MapData& data);

/// Symmetric about zero, as far as the largest finite magnitude.
ColorScaling balancedScaling(const MapData& data);

}  // namespace lab
