#pragma once

#include <QPainter>
#include <optional>

#include "core/explain/waterfall.h"

namespace lab {

/// A stage that multiplies by a matrix, as a picture: the matrix as a small map with the row in use framed, what it reads and the row's
/// weights as bars above one another, their products, and the sum growing product by product. For the screen and for paper.
class MatrixScene {
public:
    /// `cell`: in hand; it says which matrix and which row.
    void setStage(const explain::Stage& stage, const explain::CellRef& cell);
    bool empty() const { return m_matrices.empty(); }
    /// The sum's number is to be filled in by hand.
    void setBlank(bool blank) { m_blank = blank; }

    /// Whose sum is shown.
    const explain::CellRef& summed() const { return m_summed; }
    const explain::Waterfall& waterfall() const { return m_fall; }
    QString result() const;

    void paint(QPainter& painter, const QRectF& place) const;
    /// What it is at least high.
    double leastHeight() const;

    /// The cell under a point: of a map, or of a product (its weight).
    std::optional<explain::CellRef> cellAt(const QPointF& point, const QRectF& place) const;
    /// The product under a point of the bars, as its place in the waterfall.
    std::optional<std::size_t> productAt(const QPointF& point, const QRectF& place) const;
    QString productText(std::size_t product) const;
    /// The matrix before or behind the one in hand, the row above or below: its cell.
    explain::CellRef moved(int matrices, int rows) const;

private:
    struct Areas {
        std::vector<QRectF> maps;  ///< of each matrix
        QRectF results;            ///< beside the map in hand; null where its cells are the results
        QRectF left, right, products, sums;
    };
    Areas areas(const QRectF& place) const;
    const explain::Grid& grid(std::size_t matrix) const { return m_stage.grids[m_matrices[matrix]]; }
    bool rowsAreSums(std::size_t matrix) const { return !grid(matrix).master.empty(); }
    void paintMap(QPainter& painter, std::size_t matrix, const Areas& areas) const;
    void paintBars(QPainter& painter, const QRectF& area, const std::vector<double>& values, const QString& name) const;
    void paintSums(QPainter& painter, const QRectF& area) const;
    void paintLabel(QPainter& painter, const QRectF& area, const QString& text) const;

    explain::Stage m_stage;
    std::vector<std::size_t> m_matrices;  ///< among the grids
    std::size_t m_inHand = 0;             ///< of m_matrices
    explain::CellRef m_summed;
    int m_slot = -1;  ///< the column in hand
    explain::Expression m_expression;
    explain::Waterfall m_fall;
    bool m_blank = false;
};

}  // namespace lab
