#pragma once

#include <vector>

#include "core/analysis/strongest_cells.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/map/map.h"

class QPainter;

namespace lab {

/// The weights of a head as lines from queries (left) to keys (right): a bipartite picture. Only the strongest of many are drawn.
class LinePicture {
public:
    void set(const MapData& weights, const std::vector<QString>& queries, const std::vector<QString>& keys);
    const MapData& weights() const { return m_weights; }
    const std::vector<QString>& queries() const { return m_queries; }
    const std::vector<QString>& keys() const { return m_keys; }

    /// Where a token stands in `room`.
    double queryY(const QRectF& room, double query) const;
    double keyY(const QRectF& room, double key) const;
    QPointF lineStart(const QRectF& room, int query) const;
    QPointF lineEnd(const QRectF& room, int key) const;
    /// The line within a few px of a point, the strongest of several; invalid when there is none.
    MapCell cellAt(const QRectF& room, const QPointF& position, const MapLight& light) const;
    /// The row or column whose token lies there.
    MapLight tokenAt(const QRectF& room, const QPointF& position) const;

    void paint(QPainter& painter, const QRectF& room, MapCell shown, const MapLight& light) const;
    /// What is not drawn: "the 600 strongest of 65 536 weights"; empty when all that can be seen are.
    QString omission() const;

private:
    std::vector<StrongCell> linesFor(const MapLight& light) const;
    double tokenColumn(const std::vector<QString>& tokens, int count) const;
    void paintTokens(QPainter& painter, const QRectF& room, MapCell shown, const MapLight& light) const;

    MapData m_weights;
    std::vector<QString> m_queries, m_keys;
    std::vector<StrongCell> m_strongest;
    bool m_omits = false;
};

/// The same for paper, with a scale of its lines.
class LineFigure : public Figure {
public:
    LinePicture picture;
    QString head;
    FigureTable numbers;  ///< of all cells

    FigureTable table() const override { return numbers; }

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;

private:
    double height() const;
};

}  // namespace lab
