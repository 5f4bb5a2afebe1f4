#pragma once

#include <QPainterPath>
#include <QRectF>
#include <QString>
#include <vector>

#include "core/explain/overview.h"
#include "ui/widgets/theme.h"

class QPainter;

namespace lab {

/// The whole transformer: encoder and decoder side by side, each from its tokens up along the residual stream, from which attention and
/// feed-forward branch off and to which they are added. What the model lacks is dashed and names the setting that brings it.
class OverviewScene {
public:
    struct Box {
        explain::OverviewPart part;
        QRectF place;
    };

    void setOverview(const explain::Overview& overview);
    const explain::Overview& overview() const { return m_overview; }
    /// Lays it out anew, at the theme's present scale and fonts.
    void layOut();

    QSizeF size() const { return m_size; }
    const std::vector<Box>& boxes() const { return m_boxes; }
    /// -1: none.
    int boxAt(const QPointF& point) const;
    int boxOf(const std::string& id) const;
    /// The nearest box that leads somewhere, in this direction of the picture; the same when there is none.
    int nextBox(int from, int dx, int dy) const;

    void paint(QPainter& painter) const;

    /// "position" of "model.position.kind"
    static QString shortKey(const std::string& key);

private:
    struct Label {
        QString text;
        QRectF place;
        Role ink;
        bool bold;
    };
    struct Line {
        QPainterPath path;
        bool dim = false;
        bool memory = false;
        QPolygonF tip = {};
    };
    /// Where a column stands while it is laid out: y goes up.
    struct Column {
        double left, stream, y;
        bool there;
        double right = 0.0;
    };

    double widthOf(const explain::OverviewPart& part) const;
    double add(const explain::OverviewPart& part, double x, double y);
    double chips(const std::vector<explain::OverviewPart>& parts, Column& column, double x, double y, bool there);
    void line(std::initializer_list<QPointF> points, bool dim, bool arrow, bool memory = false);
    void label(const QString& text, const QRectF& place, Role ink, bool bold);
    double side(const explain::OverviewSide& side, double left);
    void row(const explain::OverviewRow& row, Column& column);
    void inputRow(const explain::OverviewRow& row, Column& column);
    void partRow(const explain::OverviewRow& row, Column& column);
    void layerRow(const explain::OverviewRow& row, Column& column);
    void endRow(const explain::OverviewRow& row, Column& column);
    void memoryLines();
    void moveDown();
    void paintBox(QPainter& painter, const Box& box) const;

    explain::Overview m_overview;
    QSizeF m_size;
    std::vector<Box> m_boxes;
    std::vector<Label> m_labels;
    std::vector<Line> m_lines;
    std::vector<QRectF> m_frames;    ///< of whole layers
    std::vector<QPointF> m_readers;  ///< where the encoder's output comes in
};

}  // namespace lab
