#pragma once

#include <QImage>
#include <QSize>
#include <cmath>
#include <memory>

#include "ui/widgets/color_map.h"

namespace lab {

/// A table of values to be shown as cells. Shares the numbers with whoever made them (the aliasing constructor of shared_ptr keeps a
/// whole Trace alive): nothing is copied.
struct MapData {
    int rows = 0;
    int columns = 0;
    std::shared_ptr<const float> values;         ///< [rows, columns], row-major
    std::shared_ptr<const float> allowedScores;  ///< [rows, columns] or null; a cell that is -inf here takes no part (masked)

    bool empty() const { return rows <= 0 || columns <= 0 || !values; }
    bool contains(int row, int column) const { return row >= 0 && row < rows && column >= 0 && column < columns; }
    float value(int row, int column) const { return values.get()[index(row, column)]; }
    bool masked(int row, int column) const {
        if (allowedScores && std::isinf(allowedScores.get()[index(row, column)])) return true;
        return std::isinf(value(row, column));
    }
    bool operator==(const MapData&) const = default;

private:
    std::ptrdiff_t index(int row, int column) const { return static_cast<std::ptrdiff_t>(row) * columns + column; }
};

/// One pixel a cell, or, where a side has more cells than `atMost` has pixels, one pixel for several cells: it shows the one that lies
/// farthest from the colour of zero, so that a thin line of weight never vanishes. Masked cells are transparent.
QImage mapImage(const MapData& data, const ColorScaling& scaling, QSize atMost);

/// The side of a cell for which there is room of `exact`: a whole number of device pixels (`dots` make one px) unless that gives away
/// more than a fifth of the room, as with cells of one or two pixels.
double snappedCell(double exact, double dots);

/// A map ready to be painted: keeps its picture until data, scaling, size or theme change.
class MapPicture {
public:
    void set(const MapData& data, const ColorScaling& scaling);
    const MapData& data() const { return m_data; }
    const ColorScaling& scaling() const { return m_scaling; }

    /// Draws the cells into `rect` (in the painter's units), hatching what is masked.
    void paint(QPainter& painter, const QRectF& rect) const;

private:
    MapData m_data;
    ColorScaling m_scaling;
    mutable QImage m_image;
    mutable QSize m_imageFor;
    mutable bool m_imageDark = false;
};

}  // namespace lab
