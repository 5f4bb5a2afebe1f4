#pragma once

#include <QImage>
#include <QPixmap>
#include <QRectF>
#include <cmath>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/analysis/pooling.h"
#include "ui/widgets/color_map.h"

namespace lab {

/// Rows and columns of a map whose cells keep 45 % of their colour: of keys that the others are shown without.
struct MapFaint {
    std::vector<bool> rows, columns;  ///< as many as there are, or none

    bool at(int row, int column) const { return has(rows, row) || has(columns, column); }

private:
    static bool has(const std::vector<bool>& list, int i) { return std::cmp_less(i, list.size()) && list[static_cast<std::size_t>(i)]; }
};

/// A table of values to be shown as cells. Shares the numbers with whoever made them (the aliasing constructor of shared_ptr keeps a
/// whole Trace alive): nothing is copied.
struct MapData {
    int rows = 0;
    int columns = 0;
    std::shared_ptr<const float> values;         ///< [rows, columns], row-major
    std::shared_ptr<const float> allowedScores;  ///< [rows, columns] or null; a cell that is -inf here takes no part (masked)
    std::shared_ptr<const MapFaint> faint{};     ///< null: all cells in full

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

/// The colour of a cell on the screen's ground.
QRgb cellColor(const MapData& data, const ColorScaling& scaling, int row, int column);

/// One pixel for factor x factor cells. Where no cell takes part it is transparent.
QImage mapImage(const MapData& data, const ColorScaling& scaling, int factor = 1, Pooling pooling = Pooling::strongest);

/// How many cells along a side one dot of the screen has to stand for, so that none is skipped; `dots` per cell.
int poolingFactor(double dots);

/// The side of a cell for which there is room of `exact`: a whole number of device pixels (`dots` make one px) unless that gives away
/// more than a fifth of the room, as with cells of one or two pixels.
double snappedCell(double exact, double dots);

/// A map ready to be painted: keeps its picture at each level of detail it was painted at until data, scaling, pooling or theme change.
class MapPicture {
public:
    void set(const MapData& data, const ColorScaling& scaling);
    /// How several cells become one dot where there is not a dot for each.
    void setPooling(Pooling pooling);
    /// Whether what takes no part is hatched, as it is unless told, or empty.
    void setHatched(bool hatched) { m_hatched = hatched; }
    bool hatched() const { return m_hatched; }
    const MapData& data() const { return m_data; }
    const ColorScaling& scaling() const { return m_scaling; }
    Pooling pooling() const { return m_pooling; }

    /// Draws all cells into `rect` (in the painter's units), what is masked hatched.
    void paint(QPainter& painter, const QRectF& rect) const;
    /// Draws the part `cells` (in cells: x = columns, y = rows) of the map into `rect`.
    void paintPart(QPainter& painter, const QRectF& rect, const QRectF& cells) const;

private:
    const QImage& level(int factor) const;

    MapData m_data;
    ColorScaling m_scaling;
    Pooling m_pooling = Pooling::strongest;
    bool m_hatched = true;
    mutable std::map<int, QImage> m_levels;  ///< by factor
    mutable bool m_dark = false;
    mutable QPixmap m_hatch;
    mutable double m_hatchScale = 0.0;
};

}  // namespace lab
