#include "ui/widgets/plot/plot_picture.h"

#include <algorithm>
#include <cmath>

#include "ui/widgets/empty_state.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/plot/plot_names.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

/// Logical px at 100 %.
struct Measures {
    int axisColumn, rightRoom, tickRow, titleRow, majorMark, labelTop, mostRows;
};
constexpr Measures ofFunctions{46, 14, 22, 14, 5, 6, 8}, ofProgress{44, 16, 20, 0, 4, 4, 6};
constexpr int plotPictureTopRoom = 8, minorMark = 3, plotPictureLineHeight = 14, valueDistance = 38, xDistance = 76,
              leastBetweenXLabels = 6;

const Measures& measures(const PlotScene& scene) {
    return scene.progress() ? ofProgress : ofFunctions;
}

QRectF roomIn(const QRectF& rect, const PlotScene& scene) {
    const Theme& theme = Theme::instance();
    const Measures& m = measures(scene);
    const int bottom = theme.px(m.tickRow + (scene.xTitle.isEmpty() ? 0 : m.titleRow));
    const double right = scene.namesAtEnds ? endNamesRoom(scene.series) : theme.px(m.rightRoom);
    return {rect.left() + theme.px(m.axisColumn), rect.top() + theme.px(plotPictureTopRoom),
            std::max(10.0, rect.width() - theme.px(m.axisColumn) - right),
            std::max(10.0, rect.height() - theme.px(plotPictureTopRoom) - bottom)};
}

}  // namespace

PlotPicture::PlotPicture(const PlotScene& scene, const PlotAxis& x, const PlotAxis& y, const QRectF& rect)
    : m_scene(scene), m_rect(rect), m_field{roomIn(rect, scene), x, y} {}

void PlotPicture::paint(QPainter& painter, std::optional<double> crosshair) const {
    paintStill(painter);
    paintMoving(painter, crosshair);
}

void PlotPicture::paintStill(QPainter& painter) const {
    if (m_scene.series.empty() && !m_scene.progress() && !m_scene.emptyText.isEmpty())
        return paintEmpty(painter, m_rect, m_scene.emptyText);
    paintShade(painter);
    paintValueAxis(painter);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const auto& series = m_scene.series;
    for (const PlotSeries& each : series)
        if (!each.low.empty()) painterOn(painter).band({each.x, each.low}, {each.x, each.high}, each.role);
    for (const bool onTop : {false, true})
        for (std::size_t i = 0; i < series.size(); ++i) {
            const PlotSeries& each = series[m_scene.progress() ? i : series.size() - 1 - i];
            if (each.onTop == onTop) paintSeries(painter, each);
        }
    painter.restore();
    if (m_scene.progress() && m_scene.isEmpty()) return paintEmpty(painter, m_field.room, m_scene.emptyText, 0);
    paintLevels(painter);
    if (m_scene.progress()) paintNames(painter);
    if (m_scene.namesAtEnds) paintEndNames(painter, m_field, m_scene.series);
    paintPointNames(painter);
}

void PlotPicture::paintMoving(QPainter& painter, std::optional<double> crosshair) const {
    if (m_scene.progress() ? m_scene.isEmpty() : m_scene.series.empty() && !m_scene.emptyText.isEmpty()) return;
    paintXAxis(painter);
    paintMarks(painter);
    paintShadeLabel(painter);
    painter.setRenderHint(QPainter::Antialiasing);
    if (handShown()) paintHand(painter);
    if (crosshair) paintCrosshair(painter, *crosshair);
}

std::pair<double, double> PlotPicture::shadeEnds() const {
    return {std::max(m_field.xOf(m_scene.shade->from), m_field.room.left()),
            std::min(m_field.xOf(m_scene.shade->to), m_field.room.right())};
}

void PlotPicture::paintShade(QPainter& painter) const {
    if (!m_scene.shade) return;
    const auto [left, right] = shadeEnds();
    const QRectF shade(left, m_field.room.top(), right - left, m_field.room.height());
    if (right > left) painter.fillRect(shade, Theme::instance().color(Role::panel));
}

void PlotPicture::paintValueAxis(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF& room = m_field.room;
    const int count = std::clamp(static_cast<int>(room.height() / theme.px(valueDistance)), 2, measures(m_scene).mostRows);
    const AxisTicks ticks = inColumn(m_field.y.ticks(count));
    for (const double y : ticks.major) {
        const bool zero = !m_scene.progress() && !m_field.y.logarithmic() && std::abs(y) < 1e-12;
        painterOn(painter).across(y, theme.color(zero ? Role::controlBorder : Role::grid));
    }
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double half = QFontMetricsF(painter.font()).height() / 2;
    const auto spanOf = [&](const AxisTicks::Label& label) {
        return LabelSpan(m_field.yOf(label.value) - half, m_field.yOf(label.value) + half);
    };
    for (const auto& label : labelsWithRoom(ticks, spanOf)) {
        const double at = m_field.yOf(label.value);
        if (at < room.top() - 2 || at > room.bottom() + 2) continue;
        painter.drawText(QRectF(m_rect.left(), at - theme.px(8), room.left() - theme.px(6) - m_rect.left(), theme.px(16)),
                         Qt::AlignRight | Qt::AlignVCenter, label.text);
    }
    drawHairline(painter, room.bottomLeft(), room.bottomRight(), theme.color(Role::controlBorder));
    if (m_scene.progress()) drawHairline(painter, room.topLeft(), room.bottomLeft(), theme.color(Role::controlBorder));
}

void PlotPicture::paintSeries(QPainter& painter, const PlotSeries& series) const {
    const PlotPainter out = painterOn(painter);
    if (series.line) out.line(m_field.points(series.values()), seriesPen(series.role, series.width));
    const double radius = 2.5 * Theme::instance().scale();
    for (std::size_t i = 0; i < series.x.size() && (series.squares || series.dots); ++i) {
        const QPointF at = m_field.place(series.x[i], series.y[i]);
        if (series.squares) out.square(at, 2 * radius, series.role);
        if (series.dots && std::abs(series.x[i] - std::round(series.x[i])) < 1e-9)
            out.dot(at, radius, Theme::instance().color(series.role));
    }
}

/// The words at the levels' lines: above or below, from the right end leftwards to where no curve and no other words are.
std::vector<QRectF> PlotPicture::levelBoxes() const {
    const Theme& theme = Theme::instance();
    const QRectF& room = m_field.room;
    std::vector<QRectF> boxes;
    const auto isFree = [&](const QRectF& box) {
        const auto meets = [&](const QRectF& other) { return other.intersects(box); };
        const auto strikes = [&](const PlotScene::Level& level) {
            return box.top() < m_field.yOf(level.y) && m_field.yOf(level.y) < box.bottom();
        };
        return box.bottom() <= room.bottom() && !crossed(box) && std::ranges::none_of(boxes, meets) &&
               std::ranges::none_of(m_scene.levels, strikes);
    };
    for (const PlotScene::Level& level : m_scene.levels) {
        const double size = textWidth(theme.font(TextSize::caption), level.label), y = m_field.yOf(level.y);
        const double above = y - theme.px(15), below = y + theme.px(1), right = room.right() - theme.px(4) - size;
        const bool roomAbove = above >= room.top() - theme.px(4);
        const auto at = [&](double left, bool higher) {
            return QRectF(left, higher ? above : below, size, theme.px(plotPictureLineHeight));
        };
        QRectF box = at(right, roomAbove);
        for (double left = right; left >= room.left() && !isFree(box); left -= theme.px(plotPictureLineHeight)) {
            box = at(left, roomAbove);
            if (!isFree(box)) box = at(left, !roomAbove);
        }
        boxes.push_back(isFree(box) ? box : at(right, roomAbove));
    }
    return boxes;
}

void PlotPicture::paintLevels(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const std::vector<QRectF> boxes = levelBoxes();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const double y = m_field.yOf(m_scene.levels[i].y);
        painterOn(painter).dotted({m_field.room.left(), y}, {m_field.room.right(), y});
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(boxes[i], Qt::AlignCenter, m_scene.levels[i].label);
    }
}

/// Colour is never the only mark. The seeds of a variant share its name.
void PlotPicture::paintNames(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QFont font = theme.font(TextSize::caption);
    NameField field{m_field.room, double(theme.px(3)), {}, {}};
    for (const PlotSeries& each : m_scene.series) field.tracks.push_back(trackOf(m_field, each.values()));
    field.taken = levelBoxes();
    for (const PlotScene::Level& level : m_scene.levels)
        field.taken.push_back({m_field.room.left(), m_field.yOf(level.y) - 1, m_field.room.width(), 2});
    QStringList named;
    painter.setFont(font);
    for (std::size_t i = 0; i < m_scene.series.size(); ++i) {
        const PlotSeries& each = m_scene.series[i];
        if (each.x.empty() || named.contains(each.name)) continue;
        std::optional<std::pair<int, bool>> place;
        const QSizeF size(textWidth(font, each.name) + theme.px(4), theme.px(plotPictureLineHeight));
        const auto box = placeName(field, field.tracks[i], size, place);
        if (!box) continue;
        paintOnSheet(painter, *box, each.name, theme.color(each.role), Role::screen, 0.7F);
        field.taken.push_back(*box);
        named << each.name;
    }
}

bool PlotPicture::holdsPoint(const QRectF& box) const {
    const double radius = 2.5 * Theme::instance().scale();
    const QRectF reached = box.adjusted(-radius, -radius, radius, radius);
    for (const PlotSeries& each : m_scene.series)
        for (std::size_t i = 0; i < each.x.size() && each.dots; ++i)
            if (reached.contains(m_field.place(each.x[i], each.y[i]))) return true;
    return false;
}

/// Beside its point: above it at the right, below it at the left, and so on, where no curve, no point and no other name is.
void PlotPicture::paintPointNames(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::text));
    std::vector<QRectF> taken = levelBoxes();
    for (const PlotSeries& each : m_scene.series)
        for (const auto& [index, name] : each.pointNames) {
            const QPointF at = m_field.place(each.x[index], each.y[index]);
            const double width = textWidth(painter.font(), name), height = theme.px(plotPictureLineHeight), away = theme.px(5);
            for (const QPointF& corner : {QPointF(away, -away - height), QPointF(away, -height / 2), QPointF(-away - width, away),
                                          QPointF(-away - width, -height / 2), QPointF(away, away)}) {
                const QRectF box(at + corner, QSizeF(width, height));
                const auto meets = [&box](const QRectF& other) { return other.intersects(box); };
                if (!m_field.room.contains(box) || crossed(box) || holdsPoint(box) || std::ranges::any_of(taken, meets)) continue;
                painter.drawText(box, Qt::AlignCenter, name);
                taken.push_back(box);
                break;
            }
        }
}

void PlotPicture::paintXAxis(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const PlotPainter out = painterOn(painter);
    const bool whole = m_scene.wholeX && !m_scene.progress() && !m_field.x.logarithmic();
    const int most = whole ? std::max(1, static_cast<int>(m_field.x.high - m_field.x.low)) : 1000;
    const AxisTicks ticks = m_field.x.ticks(std::min(most, std::max(2, static_cast<int>(m_field.room.width() / theme.px(xDistance)))));
    const QColor color = theme.color(Role::controlBorder);
    for (const double x : ticks.minor) out.markBelow(x, theme.px(minorMark), color);
    for (const double x : ticks.major) out.markBelow(x, theme.px(measures(m_scene).majorMark), color);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    paintXLabels(painter, ticks);
}

void PlotPicture::paintXLabels(QPainter& painter, const AxisTicks& ticks) const {
    const Theme& theme = Theme::instance();
    const QRectF& room = m_field.room;
    const double top = room.bottom() + theme.px(measures(m_scene).labelTop), height = theme.px(plotPictureLineHeight);
    QRectF taken = flagBox().adjusted(-theme.px(6), 0, theme.px(6), 0);
    if (m_scene.progress() && !m_scene.xTitle.isEmpty()) {
        const double width = textWidth(painter.font(), m_scene.xTitle);
        const QRectF title(room.right() - width, top, width, height);
        painter.drawText(title, Qt::AlignRight | Qt::AlignVCenter, m_scene.xTitle);
        taken = title.adjusted(-theme.px(6), 0, theme.px(plotPictureTopRoom + 60), 0);
    } else if (!m_scene.xTitle.isEmpty()) {
        const double left = m_rect.left() + theme.px(2);  // a long title reaches below the numbers of y
        drawElided(painter, QRectF(left, m_rect.bottom() - theme.px(plotPictureLineHeight + 1), room.right() - left, height), Qt::AlignRight,
                   m_scene.xTitle);
    }
    const auto boxOf = [&](const AxisTicks::Label& label) {
        const double width = textWidth(painter.font(), label.text);
        return QRectF(std::min(m_field.xOf(label.value) - width / 2, m_rect.right() - width - theme.px(2)), top, width, height);
    };
    const double half = theme.px(leastBetweenXLabels) / 2.0;
    const auto spanOf = [&](const AxisTicks::Label& label) { return LabelSpan(boxOf(label).left() - half, boxOf(label).right() + half); };
    for (const auto& label : labelsWithRoom(ticks, spanOf)) {
        const double at = m_field.xOf(label.value);
        if (at < room.left() - 1 || at > room.right() + 1) continue;
        const QRectF box = boxOf(label);
        if (!taken.intersects(box)) painter.drawText(box, Qt::AlignCenter, label.text);
    }
}

QRectF PlotPicture::labelBox(double x, const QString& text, bool left) const {
    const Theme& theme = Theme::instance();
    const double size = textWidth(theme.font(TextSize::caption), text);
    left = left || x + size + theme.px(6) > m_field.room.right();
    QRectF box(left ? x - size - theme.px(4) : x + theme.px(4), m_field.room.top() + theme.px(1), size, theme.px(plotPictureLineHeight));
    box.moveLeft(std::max(box.left(), std::min(m_field.room.left() + theme.px(2), m_field.room.right() - size)));
    return box;
}

/// The same box beside the line at `x` where it covers no curve and no other words: above, in the middle or below, at the right or the
/// left, close to the line or a little away.
QRectF PlotPicture::freeBox(const QRectF& box, double x) const {
    const QRectF room = m_field.room;
    const auto named = [&, levels = levelBoxes()](const QRectF& tried) {
        return std::ranges::any_of(levels, [&](const QRectF& level) { return tried.intersects(level); });
    };
    const double half = box.height() / 2 + 1;
    for (const double away : {4.0, 28.0})
        for (const double centre : {room.top() + half, room.center().y(), room.bottom() - half}) {
            const double apart = away * Theme::instance().scale();
            for (const double left : {x + apart, x - apart - box.width()}) {
                const QRectF tried(left, centre - box.height() / 2, box.width(), box.height());
                const bool inside = left >= room.left() && tried.right() <= room.right();
                if (inside && !crossed(tried) && !named(tried)) return tried;
            }
        }
    return box;
}

/// Whether a curve goes through it.
bool PlotPicture::crossed(const QRectF& box) const {
    constexpr int looks = 12;
    for (const PlotSeries& each : m_scene.series)
        for (int i = 0; i <= looks; ++i) {
            const auto value = each.values().valueAt(m_field.xAt(box.left() + box.width() * i / looks));
            const double y = value ? m_field.yOf(*value) : std::nan("");
            if (box.top() <= y && y <= box.bottom()) return true;
        }
    return false;
}

void PlotPicture::paintMarks(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    for (const PlotScene::Mark& mark : m_scene.marks) {
        if (!m_field.x.contains(mark.x)) continue;
        const double x = m_field.xOf(mark.x);
        painterOn(painter).dotted({x, m_field.room.top()}, {x, m_field.room.bottom()});
        if (mark.label.isEmpty()) continue;
        paintOnSheet(painter, freeBox(labelBox(x, mark.label, false), x), mark.label, theme.color(Role::muted), Role::screen, 0.85F);
    }
}

/// At the left end of the shade, or at its right where the hand stands in the way.
void PlotPicture::paintShadeLabel(QPainter& painter) const {
    if (!m_scene.shade || m_scene.shade->label.isEmpty()) return;
    const Theme& theme = Theme::instance();
    const QString& label = m_scene.shade->label;
    const auto [from, to] = shadeEnds();
    const double size = textWidth(theme.font(TextSize::caption), label) + theme.px(12);
    const double hand = m_scene.hand ? m_field.xOf(m_scene.hand->x) : -1e9;
    const bool atRight = hand > from - theme.px(8) && hand < from + size && to - from > 2 * size;
    painter.setFont(theme.font(TextSize::caption));
    paintOnSheet(painter, labelBox(atRight ? to : from, label, atRight), label, theme.color(Role::muted), Role::panel, 0.85F);
}

/// Below the hand, within the picture; empty without one.
QRectF PlotPicture::flagBox() const {
    if (!handShown() || m_scene.hand->flag.isEmpty()) return {};
    const Theme& theme = Theme::instance();
    const double size = textWidth(theme.font(TextSize::axis, true), m_scene.hand->flag) + theme.px(12);
    const double least = m_field.room.left() - theme.px(4), wished = m_field.xOf(m_scene.hand->x) - size / 2;
    return {std::clamp(wished, least, std::max(least, m_rect.right() - size)), m_field.room.bottom() + theme.px(3), size,
            double(theme.px(17))};
}

void PlotPicture::paintHand(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const PlotPainter out = painterOn(painter);
    const PlotScene::Hand& hand = *m_scene.hand;
    out.shown(hand.x, theme.px(hand.flag.isEmpty() ? 2 : 4));
    if (hand.flag.isEmpty()) return;
    bool first = true;
    for (const PlotSeries& each : m_scene.series) {
        const auto y = each.values().valueAt(hand.x);
        if (!y || each.name.isEmpty() || each.quiet) continue;
        out.ring(m_field.place(hand.x, *y), first ? 5 : 4, first ? 2.5 : 2, first ? Role::accent : each.role);
        first = false;
    }
    const QRectF flag = flagBox();
    drawFrame(painter, flag, theme.px(2), theme.color(Role::fillBorder), theme.color(Role::fill));
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::onFill));
    painter.drawText(flag, Qt::AlignCenter, hand.flag);
}

void PlotPicture::paintCrosshair(QPainter& painter, double x) const {
    const Theme& theme = Theme::instance();
    painterOn(painter).crosshair(x);
    if (!m_scene.flag) return;
    for (const PlotSeries& each : m_scene.series)
        if (const auto y = each.values().valueAt(x)) painterOn(painter).ring(m_field.place(x, *y), 3.5, 2, each.role);
    painter.setFont(theme.font(TextSize::caption));
    const QString flag = m_scene.flag(x);
    const double size = textWidth(painter.font(), flag) + theme.px(12);
    QRectF box(m_field.xOf(x) - size / 2, m_field.room.bottom() + theme.px(2), size, theme.px(17));
    box.moveLeft(std::clamp(box.left(), m_rect.left(), std::max(m_rect.left(), m_rect.right() - size)));
    painter.fillRect(box, theme.color(Role::text));
    painter.setPen(theme.color(Role::screen));
    painter.drawText(box, Qt::AlignCenter, flag);
}

void paintPlot(QPainter& painter, const QRectF& rect, const PlotScene& scene) {
    painter.save();
    PlotPicture(scene, scene.xAxis(), scene.yAxis(), rect).paint(painter);
    painter.restore();
}

void paintPlotLegend(QPainter& painter, const QRectF& rect, const std::vector<PlotSeries>& series) {
    painter.setFont(Theme::instance().font(TextSize::axis));
    const double middle = rect.center().y();
    double x = rect.left();
    for (const PlotSeries& each : series) {
        painter.setPen(seriesPen(each.role, 2.2));
        painter.drawLine(QPointF(x, middle), QPointF(x + 24, middle));
        painter.setPen(Theme::instance().color(Role::text));
        const double width = textWidth(painter.font(), each.name);
        painter.drawText(QRectF(x + 30, rect.top(), width + 4, rect.height()), Qt::AlignLeft | Qt::AlignVCenter, each.name);
        x += width + 48;
    }
}

}  // namespace lab
