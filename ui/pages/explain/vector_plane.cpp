#include "ui/pages/explain/vector_plane.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "ui/text/language.h"
#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/clipped_line.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int vectorPlaneLegendRow = 17;
constexpr int captionRows = 4;
constexpr int leastPlane = 90;

Role seriesRole(std::size_t index, bool others) {
    if (others) return Role::series5;
    constexpr Role roles[] = {Role::series1, Role::series2, Role::series3};
    return roles[std::min<std::size_t>(index, 2)];
}

void drawArrow(QPainter& painter, QPointF from, QPointF to, const QColor& color, double width, bool dotted, double head) {
    const QPointF line = to - from;
    const double length = std::hypot(line.x(), line.y());
    if (length < 1.0) return;
    const QPointF unit = line / length, across(-unit.y(), unit.x());
    const double h = std::min(head, length * 0.6);
    QPen pen(color, width);
    if (dotted) pen.setDashPattern({1.0, 1.0});
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLine(from, to - unit * h);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF({to, to - unit * h + across * (h * 0.5), to - unit * h - across * (h * 0.5)}));
    painter.setBrush(Qt::NoBrush);
}

}  // namespace

double PlaneScene::legendHeight(Legend form) const {
    const auto arrows = static_cast<int>(picture.arrows.size());
    const int rows = form == Legend::dense ? (arrows + 1) / 2 : arrows;
    return Theme::instance().px(rows * vectorPlaneLegendRow + (form == Legend::captioned ? captionRows * 14 : 0) + 10);
}

PlaneScene::Legend PlaneScene::legendIn(double height) const {
    for (const Legend form : {Legend::captioned, Legend::plain})
        if (height - legendHeight(form) >= Theme::instance().px(leastPlane)) return form;
    return Legend::dense;
}

QString PlaneScene::caption() const {
    const QString held = QObject::tr("This plane holds %1 of the mean squared length of v; dashed: each v.").arg(percent(picture.held, 0));
    const QString why = picture.opposed
                            ? QObject::tr("o is %1 shorter than the lengths it is made of: some of them point against each other.")
                            : QObject::tr("o is %1 shorter than the lengths it is made of; none of them points against o.");
    return held + QLatin1Char(' ') + why.arg(percent(picture.shortened, 0));
}

PlaneScene::Mapping PlaneScene::mapping(const QRectF& place) const {
    const Theme& theme = Theme::instance();
    double left = 0, right = 0, low = 0, high = 0;
    const auto take = [&](double x, double y) {
        left = std::min(left, x), right = std::max(right, x), low = std::min(low, y), high = std::max(high, y);
    };
    for (const auto& arrow : picture.arrows) take(arrow.toX, arrow.toY);
    take(picture.sumX, picture.sumY);
    const double spread = std::max({right - left, high - low, 1e-9});
    const double scale = 0.92 * std::min((place.width() - theme.px(64)) / std::max(right - left, 0.15 * spread),
                                         (place.height() - theme.px(56)) / std::max(high - low, 0.15 * spread));
    return {place.center(), {(left + right) / 2, (low + high) / 2}, scale};
}

/// Arrows have theirs on the side away from the sum, the sum on the side where the arrows' are not.
PlaneScene::Names PlaneScene::names(const QRectF& place) const {
    const Theme& theme = Theme::instance();
    const Mapping at = mapping(place);
    const QPointF origin = at(0, 0), tip = at(picture.sumX, picture.sumY), half = (origin + tip) / 2;
    const auto around = [&](const QPointF& point, int wide, int high) {
        return QRectF(point.x() - theme.px(wide) / 2.0, point.y() - theme.px(high) / 2.0, theme.px(wide), theme.px(high));
    };
    const auto across = [](const QPointF& line) {
        const double length = std::max(1.0, std::hypot(line.x(), line.y()));
        return QPointF(-line.y() / length, line.x() / length);
    };
    Names result;
    QPointF aside = across(tip - origin);
    double taken = 0.0;
    for (const auto& arrow : picture.arrows) {
        const QPointF from = at(arrow.fromX, arrow.fromY), to = at(arrow.toX, arrow.toY), mid = (from + to) / 2;
        taken += QPointF::dotProduct(mid - half, aside);
        result.arrows.emplace_back();
        if (arrow.key < 0 || std::hypot((to - from).x(), (to - from).y()) < theme.px(44)) continue;
        QPointF away = across(to - from);
        if (QPointF::dotProduct(mid - half, away) < 0) away = -away;
        result.arrows.back() = around(mid + away * theme.px(20), 80, 16);
        taken += QPointF::dotProduct(away * theme.px(20), aside);
    }
    if (taken > 0) aside = -aside;
    result.sum = around(half + aside * theme.px(18), 40, 20);
    return result;
}

void PlaneScene::paintPlane(QPainter& painter, const QRectF& place) const {
    const Theme& theme = Theme::instance();
    const Mapping at = mapping(place);
    const Names where = names(place);
    const QPointF origin = at(0, 0);
    painter.setPen(QPen(theme.color(Role::grid), 1.5));
    painter.drawLine(QPointF(place.left(), origin.y()), QPointF(place.right(), origin.y()));
    painter.drawLine(QPointF(origin.x(), place.top()), QPointF(origin.x(), place.bottom()));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(place.left(), origin.y() - theme.px(16), place.width() - theme.px(4), theme.px(14)), Qt::AlignRight,
                     axes.value(0));
    painter.drawText(QPointF(origin.x() + theme.px(4), place.top() + theme.px(12)), axes.value(1));
    paintValues(painter, place, origin, at.scale);
    drawArrow(painter, origin, at(picture.sumX, picture.sumY), theme.color(Role::text), 5, false, theme.px(15));
    for (std::size_t i = 0; i < picture.arrows.size(); ++i) {
        const auto& arrow = picture.arrows[i];
        drawArrow(painter, at(arrow.fromX, arrow.fromY), at(arrow.toX, arrow.toY), theme.color(seriesRole(i, arrow.key < 0)),
                  arrow.key < 0 ? 2.5 : 3, arrow.key < 0, theme.px(arrow.key < 0 ? 8 : 10));
        if (where.arrows[i].isNull()) continue;
        painter.setFont(theme.font(TextSize::axis));
        painter.setPen(theme.color(Role::text));
        drawFormula(painter, where.arrows[i], Qt::AlignHCenter, fixed(arrow.weight, 2) + QStringLiteral(" v_{%1}").arg(arrow.key));
    }
    painter.setFont(theme.font(TextSize::meter, true));
    painter.setPen(theme.color(Role::text));
    drawFormula(painter, where.sum, Qt::AlignHCenter, sum);
}

/// Directions of the values themselves, as far as there is room.
void PlaneScene::paintValues(QPainter& painter, const QRectF& place, const QPointF& origin, double scale) const {
    QPen dashed(Theme::instance().color(Role::muted), 1);
    dashed.setDashPattern({3, 3});
    painter.setPen(dashed);
    for (const auto& arrow : picture.arrows) {
        if (arrow.key < 0) continue;
        const QPointF tip = origin + QPointF(arrow.valueX * scale, -arrow.valueY * scale);
        for (const QPolygonF& piece : clippedLine(QPolygonF({origin, tip}), place)) painter.drawPolyline(piece);
    }
}

void PlaneScene::paintLegendRow(QPainter& painter, const QRectF& row, std::size_t index, bool withToken) const {
    const Theme& theme = Theme::instance();
    const auto& arrow = picture.arrows[index];
    QPen pen(theme.color(seriesRole(index, arrow.key < 0)), 3);
    if (arrow.key < 0) pen.setDashPattern({0.7, 0.7});
    painter.setPen(pen);
    const int sample = withToken ? 22 : 14;
    painter.drawLine(QPointF(row.left(), row.center().y()), QPointF(row.left() + theme.px(sample), row.center().y()));
    painter.setFont(theme.font(TextSize::text));
    painter.setPen(theme.color(Role::text));
    const QFont plain = painter.font(), bold = theme.font(TextSize::text, true);
    const QString name = arrow.key < 0 ? counted(LAB_PLURAL("explain", "%n other(s)"), picture.others)
                         : withToken   ? QStringLiteral("a_{%1,%2} v_{%2} ").arg(query).arg(arrow.key)
                                       : QStringLiteral("v_{%1}").arg(arrow.key);
    const QString weight = fixed(arrow.weight, 3);
    QRectF words = row.adjusted(theme.px(sample + 5), 0, -textWidth(bold, weight) - theme.px(6), 0);
    drawElidedFormula(painter, words, Qt::AlignLeft, name);
    words.setLeft(words.left() + formulaWidth(plain, name));
    if (arrow.key >= 0 && withToken) drawElided(painter, words, Qt::AlignLeft, quoted(tokens.value(arrow.key)));
    painter.setFont(bold);
    painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, weight);
}

void PlaneScene::paintLegend(QPainter& painter, const QRectF& place, Legend form) const {
    const Theme& theme = Theme::instance();
    const double margin = theme.px(8), high = theme.px(vectorPlaneLegendRow);
    const std::size_t columns = form == Legend::dense ? 2 : 1;
    const double wide = (place.width() - margin) / static_cast<double>(columns);
    for (std::size_t i = 0; i < picture.arrows.size(); ++i)
        paintLegendRow(painter,
                       {place.left() + margin + static_cast<double>(i % columns) * wide,
                        place.top() + static_cast<double>(i / columns) * high, wide - margin, high},
                       i, form != Legend::dense);
    if (form != Legend::captioned) return;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(place.left() + margin, place.top() + static_cast<double>(picture.arrows.size()) * high + theme.px(3),
                            place.width() - 2 * margin, theme.px(captionRows * 14)),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, caption());
}

void PlaneScene::paint(QPainter& painter, const QRectF& place) const {
    const Legend form = legendIn(place.height());
    const QRectF plane = place.adjusted(0, 0, 0, -legendHeight(form));
    painter.fillRect(plane, Theme::instance().color(Role::screen));
    paintPlane(painter, plane);
    paintLegend(painter, QRectF(place.left(), plane.bottom() + Theme::instance().px(4), place.width(), legendHeight(form)), form);
}

VectorPlane::VectorPlane(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("The same sum as vectors"));
}

void VectorPlane::setScene(const PlaneScene& scene) {
    m_scene = scene;
    setToolTip(scene.caption());
    describePicture(this, tr("The same sum as vectors"), scene.caption());
    updateGeometry();
    update();
}

QSize VectorPlane::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(240), theme.px(220) + static_cast<int>(m_scene.legendHeight())};
}

QSize VectorPlane::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(200), theme.px(leastPlane) + static_cast<int>(m_scene.legendHeight(PlaneScene::Legend::dense))};
}

void VectorPlane::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    m_scene.paint(painter, rect());
}

namespace {

class PlaneFigure : public Figure {
public:
    explicit PlaneFigure(const PlaneScene& scene) : m_scene(scene) { caption = scene.caption(); }
    FigureTable table() const override {
        FigureTable result{{"key", "weight", "from_x", "from_y", "to_x", "to_y"}, {}};
        for (const explain::PlaneArrow& a : m_scene.picture.arrows) {
            std::vector<std::string> row{a.key < 0 ? "others" : std::to_string(a.key)};
            for (const double value : {a.weight, a.fromX, a.fromY, a.toX, a.toY})
                row.push_back(QString::number(value, 'g', 9).toStdString());
            result.rows.push_back(std::move(row));
        }
        return result;
    }

protected:
    QSizeF bodySize(double width) const override {
        const double side = width > 0 ? std::min(width, largestSide) : largestSide;
        return {side, side + m_scene.legendHeight()};
    }
    void paintBody(QPainter& painter, double width) const override { m_scene.paint(painter, QRectF(QPointF(), bodySize(width))); }

private:
    static constexpr double largestSide = 420;
    PlaneScene m_scene;
};

}  // namespace

std::unique_ptr<Figure> planeFigure(const PlaneScene& scene, const QString& title) {
    auto figure = std::make_unique<PlaneFigure>(scene);
    figure->title = title;
    return figure;
}

}  // namespace lab
