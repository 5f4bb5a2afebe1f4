#include "ui/pages/compare/run_plot.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/plot_legend.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int axisColumn = 44;
constexpr int topRoom = 8;
constexpr int rightRoom = 16;
constexpr int tickRow = 20;
constexpr float bandShare = 0.18F;

}  // namespace

/// Where the axes lie in the widget, and values on them.
struct RunPlot::Frame {
    const RunPlot& plot;
    QRectF room;

    double x(double value) const { return room.left() + room.width() * (value - plot.m_xLow) / (plot.m_xHigh - plot.m_xLow); }
    double y(double value) const {
        const bool log = plot.m_scale == AxisScale::logarithmic;
        const auto on = [log](double v) { return log ? std::log(std::max(v, 1e-30)) : v; };
        const double share = (on(value) - on(plot.m_yLow)) / (on(plot.m_yHigh) - on(plot.m_yLow));
        return room.bottom() - room.height() * std::clamp(share, -1.0, 2.0);
    }
    QPointF place(const QPointF& point) const { return {x(point.x()), y(point.y())}; }
    double value(double px) const {
        return plot.m_xLow + std::clamp((px - room.left()) / room.width(), 0.0, 1.0) * (plot.m_xHigh - plot.m_xLow);
    }
};

RunPlot::RunPlot(const QString& name, AxisScale scale, std::function<QString(double)> format, QWidget* parent)
    : QWidget(parent), m_name(name), m_scale(scale), m_format(std::move(format)), m_legend(new PlotLegend(this)) {
    m_legend->hide();
    m_flag = [](double x) { return grouped(std::llround(x)); };
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    describePicture(this, name);
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
    refit();
}

RunPlot::Frame RunPlot::frame(const QRectF& rect) const {
    const Theme& theme = Theme::instance();
    return {*this, rect.adjusted(theme.px(axisColumn), theme.px(topRoom), -theme.px(rightRoom), -theme.px(tickRow))};
}

void RunPlot::setLines(std::vector<RunPlotLine> lines) {
    m_lines = std::move(lines);
    refit();
    updateLegend();
    update();
}

void RunPlot::setReference(std::optional<double> y, const QString& label) {
    m_reference = y;
    m_referenceLabel = label;
    refit();
    update();
}

void RunPlot::setYRange(std::optional<std::pair<double, double>> range) {
    m_fixedY = range;
    refit();
    update();
}

void RunPlot::setXAxis(const QString& title, std::function<QString(double)> flag) {
    m_xTitle = title;
    m_flag = std::move(flag);
    updateLegend();
    update();
}

void RunPlot::setShown(std::optional<double> x) {
    m_shown = x;
    update();
}

void RunPlot::setEmptyText(const QString& text) {
    m_emptyText = text;
    update();
}

void RunPlot::copy(const RunPlot& other) {
    m_xTitle = other.m_xTitle;
    m_flag = other.m_flag;
    m_reference = other.m_reference;
    m_referenceLabel = other.m_referenceLabel;
    m_fixedY = other.m_fixedY;
    setLines(other.m_lines);
}

QSize RunPlot::sizeHint() const {
    return {Theme::instance().px(420), Theme::instance().px(190)};
}
QSize RunPlot::minimumSizeHint() const {
    return {Theme::instance().px(220), Theme::instance().px(104)};
}

bool RunPlot::isEmpty() const {
    return std::all_of(m_lines.begin(), m_lines.end(), [](const RunPlotLine& line) { return line.line.isEmpty(); });
}

void RunPlot::refit() {
    double right = 0, low = 1e300, high = -1e300;
    const bool log = m_scale == AxisScale::logarithmic;
    for (const RunPlotLine& each : m_lines)
        for (const QPolygonF* points : {&each.line, &each.low, &each.high})
            for (const QPointF& point : *points) {
                right = std::max(right, point.x());
                if (!std::isfinite(point.y()) || (log && point.y() <= 0)) continue;
                low = std::min(low, point.y());
                high = std::max(high, point.y());
            }
    if (m_reference) {
        low = std::min(low, *m_reference);
        high = std::max(high, *m_reference);
    }
    m_xLow = 0;
    m_xHigh = right > 0 ? right : 1;
    if (m_fixedY) {
        std::tie(m_yLow, m_yHigh) = *m_fixedY;
    } else if (low > high) {
        m_yLow = log ? 0.1 : 0.0;
        m_yHigh = 1;
    } else if (log) {
        m_yLow = low / 1.25;
        m_yHigh = high * 1.25;
    } else {
        const double room = std::max((high - low) * 0.05, 1e-6);
        m_yLow = low - room;
        m_yHigh = high + room;
    }
}

std::optional<double> RunPlot::valueAt(const RunPlotLine& line, double x) {
    const QPolygonF& points = line.line;
    if (points.isEmpty() || x < points.front().x() || x > points.back().x()) return std::nullopt;
    const auto right = std::lower_bound(points.begin(), points.end(), x, [](const QPointF& point, double at) { return point.x() < at; });
    if (right == points.begin() || right->x() == x) return right->y();
    const QPointF& before = *(right - 1);
    const double share = (x - before.x()) / (right->x() - before.x());
    return before.y() * (1 - share) + right->y() * share;
}

void RunPlot::updateLegend() {
    std::vector<PlotLegend::Entry> entries;
    QStringList spoken;
    for (const RunPlotLine& line : m_lines) {
        std::optional<double> value;
        if (m_crosshair)
            value = valueAt(line, *m_crosshair);
        else if (!line.line.isEmpty())
            value = line.line.back().y();
        const QString text = value ? m_format(*value) : QStringLiteral("–");
        // The seeds of a variant share its name and look: one entry, with the first one's value.
        if (!entries.empty() && entries.back().name == line.name && entries.back().role == line.role) continue;
        entries.push_back({line.name, line.role, false, text, {}});
        spoken << line.name + QLatin1Char(' ') + text;
    }
    m_legend->setEntries(std::move(entries));
    const QString where = m_crosshair ? m_flag(*m_crosshair) + QStringLiteral(": ") : QString();
    describePicture(this, m_name, where + spoken.join(QStringLiteral(", ")));
}

void RunPlot::setCrosshair(std::optional<double> x) {
    if (x == m_crosshair) return;
    m_crosshair = x;
    updateLegend();
    update();
}

void RunPlot::moveCrosshair(std::optional<double> x) {
    if (x == m_crosshair) return;
    setCrosshair(x);
    emit crosshairMoved(x);
}

void RunPlot::mouseMoveEvent(QMouseEvent* event) {
    const Frame at = frame(rect());
    const bool inside = !m_lines.empty() && at.room.adjusted(-2, -2, 2, 2).contains(event->position());
    moveCrosshair(inside ? std::optional(at.value(event->position().x())) : std::nullopt);
}

void RunPlot::leaveEvent(QEvent*) {
    moveCrosshair(std::nullopt);
}

void RunPlot::keyPressEvent(QKeyEvent* event) {
    const double stride = (m_xHigh - m_xLow) / (event->modifiers() & Qt::ShiftModifier ? 10 : 100);
    const double from = m_crosshair.value_or(m_xHigh);
    switch (event->key()) {
        case Qt::Key_Left:
            return moveCrosshair(std::max(m_xLow, from - stride));
        case Qt::Key_Right:
            return moveCrosshair(std::min(m_xHigh, from + stride));
        case Qt::Key_Home:
            return moveCrosshair(m_xLow);
        case Qt::Key_End:
            return moveCrosshair(m_xHigh);
        case Qt::Key_Escape:
            if (m_crosshair) return moveCrosshair(std::nullopt);
            break;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

/// While the plot has the focus these keys are its own, not the timeline's.
bool RunPlot::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        const bool plain = !(key->modifiers() & ~Qt::ShiftModifier);
        const bool moves =
            key->key() == Qt::Key_Left || key->key() == Qt::Key_Right || key->key() == Qt::Key_Home || key->key() == Qt::Key_End;
        if (plain && (moves || (key->key() == Qt::Key_Escape && m_crosshair))) event->accept();
    }
    return QWidget::event(event);
}

void RunPlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    paint(painter, rect());
}

void RunPlot::paint(QPainter& painter, const QRectF& rect) const {
    const Theme& theme = Theme::instance();
    const Frame at = frame(rect);
    paintAxes(painter, at);
    paintLines(painter, at);
    paintReference(painter, at);
    paintNames(painter, at);
    paintHands(painter, at);
    if (!isEmpty() || m_emptyText.isEmpty()) return;
    painter.setFont(theme.font(TextSize::text));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(at.room, Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

void RunPlot::paintAxes(QPainter& painter, const Frame& at) const {
    const Theme& theme = Theme::instance();
    const AxisTicks ys = axisTicks(m_scale, m_yLow, m_yHigh, std::clamp(static_cast<int>(at.room.height() / theme.px(38)), 2, 6));
    painter.setFont(theme.font(TextSize::caption));
    for (const double y : ys.major)
        if (y >= m_yLow && y <= m_yHigh)
            drawHairline(painter, {at.room.left(), at.y(y)}, {at.room.right(), at.y(y)}, theme.color(Role::grid));
    painter.setPen(theme.color(Role::muted));
    for (const auto& label : ys.labels) {
        if (label.value < m_yLow || label.value > m_yHigh) continue;
        const double y = at.y(label.value);
        painter.drawText(QRectF(at.room.left() - theme.px(axisColumn), y - theme.px(8), theme.px(axisColumn - 6), theme.px(16)),
                         Qt::AlignRight | Qt::AlignVCenter, label.text);
    }
    drawHairline(painter, at.room.bottomLeft(), at.room.bottomRight(), theme.color(Role::controlBorder));
    drawHairline(painter, at.room.topLeft(), at.room.bottomLeft(), theme.color(Role::controlBorder));
    if (isEmpty()) return;
    const double titleLeft = at.room.right() - textWidth(painter.font(), m_xTitle);
    const AxisTicks xs = axisTicks(AxisScale::linear, m_xLow, m_xHigh, std::max(2, static_cast<int>(at.room.width() / theme.px(76))));
    for (const double x : xs.major)
        if (x >= m_xLow && x <= m_xHigh)
            drawHairline(painter, {at.x(x), at.room.bottom()}, {at.x(x), at.room.bottom() + theme.px(4)}, theme.color(Role::controlBorder));
    painter.setPen(theme.color(Role::muted));
    for (const auto& label : xs.labels) {
        const double half = textWidth(painter.font(), label.text) / 2.0;
        if (label.value > m_xHigh || (!m_xTitle.isEmpty() && at.x(label.value) + half > titleLeft - theme.px(6))) continue;
        painter.drawText(QRectF(at.x(label.value) - half - 2, at.room.bottom() + theme.px(4), 2 * half + 4, theme.px(15)), Qt::AlignCenter,
                         label.text);
    }
    painter.drawText(QRectF(titleLeft - 2, at.room.bottom() + theme.px(4), at.room.right() - titleLeft + 4, theme.px(15)),
                     Qt::AlignRight | Qt::AlignVCenter, m_xTitle);
}

void RunPlot::paintLines(QPainter& painter, const Frame& at) const {
    const Theme& theme = Theme::instance();
    painter.save();
    painter.setClipRect(at.room.adjusted(0, -2, 2, 0));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const RunPlotLine& each : m_lines) {
        if (each.low.isEmpty()) continue;
        QPolygonF outline;
        for (const QPointF& point : each.high) outline << at.place(point);
        for (qsizetype i = each.low.size(); i-- > 0;) outline << at.place(each.low[i]);
        QColor fill = theme.color(each.role);
        fill.setAlphaF(bandShare);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(outline);
    }
    painter.setBrush(Qt::NoBrush);
    for (const bool current : {false, true})
        for (const RunPlotLine& each : m_lines) {
            if (each.current != current) continue;
            QPolygonF line;
            for (const QPointF& point : each.line) line << at.place(point);
            painter.setPen(seriesPen(each.role, current ? 2.6 : 1.8));
            painter.drawPolyline(line);
        }
    painter.restore();
}

void RunPlot::paintReference(QPainter& painter, const Frame& at) const {
    if (!m_reference || isEmpty()) return;
    const Theme& theme = Theme::instance();
    const double y = at.y(*m_reference);
    QPen pen(theme.color(Role::muted), std::max(1.0, theme.scale()));
    pen.setDashPattern({2, 4});
    painter.setPen(pen);
    painter.drawLine(QPointF(at.room.left(), y), QPointF(at.room.right(), y));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    // Above its line, or below where there is no room.
    const double top = y - theme.px(16) >= at.room.top() - theme.px(4) ? y - theme.px(16) : y + theme.px(1);
    painter.drawText(QRectF(at.room.left(), top, at.room.width() - theme.px(5), theme.px(15)), Qt::AlignRight | Qt::AlignVCenter,
                     m_referenceLabel);
}

/// Colour is never the only mark: a line is named at its end where there is room, above or below it.
void RunPlot::paintNames(QPainter& painter, const Frame& at) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    const double height = theme.px(14);
    std::vector<QRectF> taken;
    if (m_reference && !isEmpty()) {
        const double y = at.y(*m_reference);
        taken.emplace_back(at.room.left(), y - theme.px(17), at.room.width(), theme.px(34));
    }
    std::vector<QString> named;
    for (const RunPlotLine& each : m_lines) {
        if (each.line.isEmpty() || std::find(named.begin(), named.end(), each.name) != named.end()) continue;
        const QPointF end = at.place(each.line.back());
        const double width = textWidth(painter.font(), each.name) + theme.px(6);
        for (const double top : {end.y() + theme.px(3), end.y() - height - theme.px(3)}) {
            const QRectF box(end.x() - width - theme.px(6), top, width, height);
            const auto meets = [&box](const QRectF& other) { return other.intersects(box); };
            if (!at.room.contains(box) || std::any_of(taken.begin(), taken.end(), meets)) continue;
            QColor sheet = theme.color(Role::screen);
            sheet.setAlphaF(0.7F);
            painter.fillRect(box, sheet);
            painter.setPen(theme.color(each.role));
            painter.drawText(box, Qt::AlignCenter, each.name);
            taken.push_back(box);
            named.push_back(each.name);
            break;
        }
    }
}

void RunPlot::paintHands(QPainter& painter, const Frame& at) const {
    const Theme& theme = Theme::instance();
    if (m_shown && *m_shown >= m_xLow && *m_shown <= m_xHigh) {
        painter.setPen(QPen(theme.color(Role::accent), 2 * theme.scale(), Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(at.x(*m_shown), at.room.top() - theme.px(2)), QPointF(at.x(*m_shown), at.room.bottom()));
    }
    if (!m_crosshair) return;
    const double x = at.x(*m_crosshair);
    QPen pen(theme.color(Role::text), std::max(1.0, theme.scale()));
    pen.setDashPattern({3, 2});
    painter.setPen(pen);
    painter.drawLine(QPointF(x, at.room.top()), QPointF(x, at.room.bottom()));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const RunPlotLine& each : m_lines) {
        const std::optional<double> value = valueAt(each, *m_crosshair);
        if (!value) continue;
        painter.setBrush(theme.color(Role::screen));
        painter.setPen(QPen(theme.color(each.role), 2 * theme.scale()));
        painter.drawEllipse(QPointF(x, at.y(*value)), 3.5 * theme.scale(), 3.5 * theme.scale());
    }
    painter.setBrush(Qt::NoBrush);
    painter.setFont(theme.font(TextSize::caption));
    const QString flag = m_flag(*m_crosshair);
    const double size = textWidth(painter.font(), flag) + theme.px(12);
    QRectF box(x - size / 2, at.room.bottom() + theme.px(2), size, theme.px(17));
    box.moveLeft(
        std::clamp(box.left(), at.room.left() - theme.px(axisColumn), std::max(0.0, at.room.right() + theme.px(rightRoom) - size)));
    painter.fillRect(box, theme.color(Role::text));
    painter.setPen(theme.color(Role::screen));
    painter.drawText(box, Qt::AlignCenter, flag);
}

}  // namespace lab
