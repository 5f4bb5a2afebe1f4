#include "ui/pages/explain/overview_scene.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/text/message_text.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

using explain::OverviewPart;
using explain::OverviewRow;

// Logical px at 100 %.
constexpr int overviewSceneMargin = 12;
constexpr int chipHeight = 34;
constexpr int chipInside = 5;
constexpr int leastChip = 26;
constexpr int chipGap = 7;
constexpr int streamAt = 44;  ///< from the column's left
constexpr int branchAt = 88;  ///< where a branch's boxes begin
constexpr int returnHeight = 18;
constexpr int normHeight = 34;
constexpr int rowSpace = 8;
constexpr int layerInside = 5;
constexpr int overviewSceneTitleHeight = 20;
constexpr int columnSpace = 34;
constexpr int sumRadius = 8;
constexpr int tipLength = 4;
constexpr int overviewSceneNameHeight = 18;

constexpr const char* architecture = "model.architecture";

QString captionOf(const OverviewPart& part) {
    if (part.there) return shown(part.detail);
    // A side or part that is of another architecture says so once, beside it.
    return part.key.empty() || part.key == architecture ? QString() : OverviewScene::shortKey(part.key);
}

bool isSum(const OverviewPart& part) {
    return part.name == explain::Words("+");
}

double pxOfOverview(double at100) {
    return Theme::instance().px(at100);
}

}  // namespace

QString OverviewScene::shortKey(const std::string& key) {
    QString text = QString::fromStdString(key);
    if (text.endsWith(QLatin1String(".kind"))) text.chop(5);
    return text.section(QLatin1Char('.'), -1);
}

void OverviewScene::setOverview(const explain::Overview& overview) {
    m_overview = overview;
    layOut();
}

void OverviewScene::layOut() {
    m_boxes.clear();
    m_labels.clear();
    m_lines.clear();
    m_frames.clear();
    m_readers.clear();
    double left = pxOfOverview(overviewSceneMargin);
    for (const explain::OverviewSide& of : m_overview.sides) left = side(of, left) + pxOfOverview(columnSpace);
    memoryLines();
    moveDown();
}

/// The picture was laid out from y = 0 up.
void OverviewScene::moveDown() {
    double top = 0.0, right = 0.0;
    for (const Box& box : m_boxes) top = std::min(top, box.place.top()), right = std::max(right, box.place.right());
    for (const QRectF& frame : m_frames) top = std::min(top, frame.top()), right = std::max(right, frame.right());
    for (const Line& line : m_lines)
        top = std::min(top, line.path.boundingRect().top()), right = std::max(right, line.path.boundingRect().right());
    for (const Label& label : m_labels) right = std::max(right, label.place.right());
    const double down = pxOfOverview(overviewSceneMargin) - top;
    for (Box& box : m_boxes) box.place.translate(0, down);
    for (QRectF& frame : m_frames) frame.translate(0, down);
    for (Label& label : m_labels) label.place.translate(0, down);
    for (Line& line : m_lines) line.path.translate(0, down), line.tip.translate(0, down);
    m_size = {right + pxOfOverview(overviewSceneMargin), down + pxOfOverview(overviewSceneTitleHeight + overviewSceneMargin)};
}

double OverviewScene::widthOf(const OverviewPart& part) const {
    if (isSum(part)) return pxOfOverview(2 * sumRadius);
    const Theme& theme = Theme::instance();
    const double text =
        std::max(formulaWidth(theme.font(TextSize::text), shown(part.name)), formulaWidth(theme.font(TextSize::caption), captionOf(part)));
    return std::ceil(std::max(text + pxOfOverview(2 * chipInside), pxOfOverview(leastChip)));
}

/// With its lower edge at y; gives its right edge.
double OverviewScene::add(const OverviewPart& part, double x, double y) {
    const double wide = widthOf(part), high = isSum(part) ? wide : pxOfOverview(chipHeight);
    m_boxes.push_back({part, QRectF(x, y - high, wide, high)});
    return x + wide;
}

void OverviewScene::label(const QString& text, const QRectF& place, Role ink, bool bold) {
    m_labels.push_back({text, place, ink, bold});
}

void OverviewScene::line(std::initializer_list<QPointF> points, bool dim, bool arrow, bool memory) {
    Line made{{}, dim, memory};
    QPointF before, last;
    for (const QPointF& point : points) {
        if (made.path.elementCount() == 0)
            made.path.moveTo(point);
        else
            made.path.lineTo(point);
        before = std::exchange(last, point);
    }
    if (arrow) {
        const QPointF along = last - before;
        const double length = std::max(std::hypot(along.x(), along.y()), 1e-6);
        const QPointF way = along / length * pxOfOverview(tipLength), across(-way.y(), way.x());
        made.tip = QPolygonF({last, last - way * 1.4 + across * 0.8, last - way * 1.4 - across * 0.8});
    }
    m_lines.push_back(std::move(made));
}

/// A branch's boxes from x on, their lower edges at y; gives the last one's right edge.
double OverviewScene::chips(const std::vector<OverviewPart>& parts, Column& column, double x, double y, bool there) {
    const double middle = y - pxOfOverview(chipHeight) / 2.0;
    double right = x;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) {
            line({{right, middle}, {right + pxOfOverview(chipGap), middle}}, !there, false);
            right += pxOfOverview(chipGap);
        }
        right = add(parts[i], right, y);
    }
    column.right = std::max(column.right, right);
    return right;
}

double OverviewScene::side(const explain::OverviewSide& of, double left) {
    Column column{left, left + pxOfOverview(streamAt), 0.0, of.there};
    for (const OverviewRow& one : of.rows) row(one, column);
    QString title = shown(of.name);
    if (!of.there) title += QStringLiteral(": ") + shortKey(architecture);
    const double wide = std::max(column.right - left, formulaWidth(Theme::instance().font(TextSize::text, true), title) + pxOfOverview(8));
    label(title, QRectF(left, pxOfOverview(4), wide, pxOfOverview(overviewSceneTitleHeight)), of.there ? Role::text : Role::muted,
          of.there);
    return left + wide;
}

void OverviewScene::row(const OverviewRow& row, Column& column) {
    switch (row.kind) {
        case OverviewRow::Kind::input:
            return inputRow(row, column);
        case OverviewRow::Kind::part:
            return partRow(row, column);
        case OverviewRow::Kind::layer:
            return layerRow(row, column);
        case OverviewRow::Kind::end:
            return endRow(row, column);
    }
}

void OverviewScene::inputRow(const OverviewRow& row, Column& column) {
    const double right = chips(row.parts, column, column.left, column.y, row.there);
    const double up = column.y - pxOfOverview(chipHeight + returnHeight / 2.0), middle = column.y - pxOfOverview(chipHeight / 2.0);
    line({{right, middle},
          {right + pxOfOverview(rowSpace), middle},
          {right + pxOfOverview(rowSpace), up},
          {column.stream, up},
          {column.stream, up - pxOfOverview(rowSpace)}},
         !row.there, true);
    column.right = std::max(column.right, right + pxOfOverview(rowSpace));
    column.y = up - pxOfOverview(rowSpace);
}

/// Off the stream into the boxes, and over them back to the sum.
void OverviewScene::partRow(const OverviewRow& row, Column& column) {
    const bool dim = !row.there;
    const double bottom = column.y - pxOfOverview(rowSpace), middle = bottom - pxOfOverview(chipHeight / 2.0);
    const double up = bottom - pxOfOverview(chipHeight + returnHeight);
    double x = column.left + pxOfOverview(branchAt);
    for (const OverviewPart& norm : row.before) {
        line({{column.stream, middle}, {x, middle}}, dim, true);
        const double end = add(norm, x, bottom);
        line({{end, middle}, {end + pxOfOverview(chipGap), middle}}, dim, false);
        x = end + pxOfOverview(chipGap);
    }
    if (row.before.empty()) line({{column.stream, middle}, {x, middle}}, dim, true);
    if (row.readsMemory) m_readers.emplace_back(x + pxOfOverview(leastChip) / 2.0, bottom);
    const double right = chips(row.parts, column, x, bottom, row.there), turn = right + pxOfOverview(rowSpace);
    QString name = shown(row.name);
    if (dim) name += QStringLiteral(": ") + shortKey(architecture);
    label(name,
          QRectF(column.left + pxOfOverview(branchAt), up + pxOfOverview(2), right - column.left - pxOfOverview(branchAt),
                 pxOfOverview(returnHeight - 3)),
          Role::muted, false);
    if (!dim) line({{right, middle}, {turn, middle}, {turn, up}, {column.stream + pxOfOverview(sumRadius), up}}, dim, true);
    column.right = std::max(column.right, turn);
    double above = up;
    for (const OverviewPart& sum : row.sum) {
        add(sum, column.stream - pxOfOverview(sumRadius), up + pxOfOverview(sumRadius));
        above = up - pxOfOverview(sumRadius);
    }
    line({{column.stream, column.y}, {column.stream, row.sum.empty() ? up : up + pxOfOverview(sumRadius)}}, !column.there, false);
    column.y = above;
    for (const OverviewPart& norm : row.after) {
        line({{column.stream, column.y}, {column.stream, column.y - pxOfOverview(rowSpace)}}, dim, true);
        column.y -= pxOfOverview(rowSpace);
        add(norm, column.stream - widthOf(norm) / 2.0, column.y);
        column.y -= pxOfOverview(normHeight);
    }
}

void OverviewScene::layerRow(const OverviewRow& row, Column& column) {
    const bool dim = !row.there;
    const double bottom = column.y - pxOfOverview(rowSpace), inside = bottom - pxOfOverview(layerInside);
    line({{column.stream, column.y}, {column.stream, bottom}}, dim, true);
    const double x = column.left + pxOfOverview(branchAt), top = inside - pxOfOverview(chipHeight + layerInside);
    const double right = chips(row.parts, column, x, inside, row.there);
    if (row.readsMemory) {
        const int cross = boxOf(row.id + ".cross");
        m_readers.emplace_back(m_boxes[static_cast<std::size_t>(cross)].place.center().x(), inside);
    }
    m_frames.emplace_back(column.left, top, right + pxOfOverview(layerInside) - column.left, bottom - top);
    label(shown(row.name), QRectF(column.left + pxOfOverview(layerInside), top, pxOfOverview(branchAt - 2 * layerInside), bottom - top),
          dim ? Role::muted : Role::text, false);
    column.right = std::max(column.right, right + pxOfOverview(layerInside));
    column.y = top;
}

/// On the stream: a single box stands in it, several lead to the right.
void OverviewScene::endRow(const OverviewRow& row, Column& column) {
    const double bottom = column.y - pxOfOverview(rowSpace);
    if (row.parts.size() == 1) {
        line({{column.stream, column.y}, {column.stream, bottom}}, false, true);
        const double wide = widthOf(row.parts.front());
        column.right = std::max(column.right, add(row.parts.front(), column.stream - wide / 2.0, bottom));
        column.y = bottom - pxOfOverview(chipHeight);
        return;
    }
    const double middle = bottom - pxOfOverview(chipHeight / 2.0), x = column.left + pxOfOverview(branchAt);
    line({{column.stream, column.y}, {column.stream, middle}, {x, middle}}, false, true);
    chips(row.parts, column, x, bottom, true);
    column.y = bottom - pxOfOverview(chipHeight);
}

/// From the encoder's output between the columns down, and from below to where keys and values are made of it.
void OverviewScene::memoryLines() {
    const int from = boxOf("encoder.memory.m");
    if (from < 0 || m_readers.empty()) return;
    const QRectF start = m_boxes[static_cast<std::size_t>(from)].place;
    double gutter = 0.0;
    for (const Box& box : m_boxes)
        if (box.part.id.starts_with("encoder.")) gutter = std::max(gutter, box.place.right());
    for (const QRectF& frame : m_frames)
        if (frame.left() < gutter) gutter = std::max(gutter, frame.right());
    gutter += pxOfOverview(columnSpace) / 2.0;
    const double below = pxOfOverview(layerInside - 2);
    for (const QPointF& to : m_readers)
        line({{start.right(), start.center().y()}, {gutter, start.center().y()}, {gutter, to.y() + below}, {to.x(), to.y() + below}, to},
             false, true, true);
}

int OverviewScene::boxAt(const QPointF& point) const {
    const auto found = std::ranges::find_if(m_boxes, [&](const Box& box) { return box.place.contains(point); });
    return found == m_boxes.end() ? -1 : static_cast<int>(found - m_boxes.begin());
}

int OverviewScene::boxOf(const std::string& id) const {
    const auto found = std::ranges::find_if(m_boxes, [&](const Box& box) { return box.part.id == id; });
    return found == m_boxes.end() ? -1 : static_cast<int>(found - m_boxes.begin());
}

int OverviewScene::nextBox(int from, int dx, int dy) const {
    if (from < 0 || from >= static_cast<int>(m_boxes.size())) return from;
    constexpr double aside = 3.0;  // what lies off the direction counts more
    const QPointF here = m_boxes[static_cast<std::size_t>(from)].place.center();
    int best = from;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        const QPointF by = m_boxes[i].place.center() - here;
        const double along = by.x() * dx + by.y() * dy, across = std::abs(by.x() * dy) + std::abs(by.y() * dx);
        if (!m_boxes[i].part.leads() || along <= 0.5 || (dx != 0 && across > pxOfOverview(chipHeight) / 2.0 + along)) continue;
        if (const double far = along + aside * across; far < least) least = far, best = static_cast<int>(i);
    }
    return best;
}

void OverviewScene::paint(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const QRectF& frame : m_frames) drawFrame(painter, frame, theme.px(4), theme.color(Role::hairline), theme.color(Role::panel));
    for (const Line& line : m_lines) {
        const QColor ink = theme.color(line.memory ? Role::series1 : line.dim ? Role::hairline : Role::muted);
        painter.setPen(QPen(ink, (line.memory ? 1.8 : 1.2) * theme.scale(), line.dim ? Qt::DashLine : Qt::SolidLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(line.path);
        if (line.tip.isEmpty()) continue;
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        painter.drawPolygon(line.tip);
    }
    for (const Label& label : m_labels) {
        painter.setFont(theme.font(label.bold ? TextSize::text : TextSize::caption, label.bold));
        painter.setPen(theme.color(label.ink));
        drawFormula(painter, label.place, Qt::AlignLeft, label.text);
    }
    for (const Box& box : m_boxes) paintBox(painter, box);
}

void OverviewScene::paintBox(QPainter& painter, const Box& box) const {
    const Theme& theme = Theme::instance();
    const bool here = box.part.id == m_overview.current, there = box.part.there;
    const QColor border = theme.color(here ? Role::accent : there ? Role::controlBorder : Role::hairline);
    const double radius = isSum(box.part) ? box.place.width() / 2.0 : theme.px(3);
    if (there) {
        drawFrame(painter, box.place, radius, border, theme.color(here ? Role::selection : Role::control),
                  here ? 2.0 * theme.scale() : 0.0);
    } else {
        painter.setPen(QPen(here ? border : theme.color(Role::muted), here ? 2.0 * theme.scale() : 1.0, Qt::DashLine));
        painter.setBrush(theme.color(Role::screen));
        painter.drawRoundedRect(box.place.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    }
    const QString caption = captionOf(box.part);
    QRectF name = box.place;
    if (!caption.isEmpty()) name.setHeight(theme.px(overviewSceneNameHeight));
    painter.setFont(theme.font(TextSize::text, here));
    painter.setPen(theme.color(there ? Role::text : Role::muted));
    drawFormula(painter, name, Qt::AlignHCenter, shown(box.part.name));
    if (caption.isEmpty()) return;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    drawFormula(painter, QRectF(box.place.left(), name.bottom() - theme.px(2), box.place.width(), box.place.bottom() - name.bottom()),
                Qt::AlignHCenter, caption);
}

}  // namespace lab
