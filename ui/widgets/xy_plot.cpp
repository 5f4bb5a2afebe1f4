#include "ui/widgets/xy_plot.h"

#include <QKeyEvent>
#include <QLineF>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int axisColumn = 46;
constexpr int topRoom = 8;
constexpr int rightRoom = 14;
constexpr int tickRow = 22;
constexpr int titleRow = 14;
/// Points that are stroked together: long smooth lines at once take several times as long.
constexpr qsizetype pieceOfLine = 48;

}  // namespace

XyPlot::XyPlot(const QString& name, QWidget* parent)
    : QWidget(parent), m_name(name), m_format([](double value) { return fixed(value, 2); }), m_legend(new PlotLegend(this)) {
    m_legend->hide();
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    describePicture(this, name);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        m_still = {};
        updateGeometry();
    });
}

void XyPlot::setKept(bool kept) {
    m_kept = kept;
}

void XyPlot::redraw() {
    m_still = {};
    update();
}

void XyPlot::setSeries(std::vector<XySeries> series) {
    m_series = std::move(series);
    refit();
    updateLegend();
    redraw();
}

void XyPlot::setBand(std::optional<Band> band) {
    m_band = std::move(band);
    refit();
    updateLegend();
    redraw();
}

void XyPlot::setMarks(std::vector<Mark> marks) {
    m_marks = std::move(marks);
    redraw();
}

void XyPlot::setLevel(std::optional<double> y, const QString& label) {
    m_level = y;
    m_levelLabel = label;
    refit();
    redraw();
}

void XyPlot::setShaded(std::optional<std::pair<double, double>> range, const QString& label) {
    m_shaded = range;
    m_shadeLabel = label;
    redraw();
}

void XyPlot::setScales(AxisScale x, AxisScale y) {
    m_xScale = x;
    m_yScale = y;
    refit();
    redraw();
}

void XyPlot::setXRange(double low, double high) {
    m_xLow = low;
    m_xHigh = std::max(high, low + 1e-9);
    redraw();
}

void XyPlot::setYRange(std::optional<std::pair<double, double>> range) {
    m_fixedY = range;
    refit();
    redraw();
}

void XyPlot::setXTitle(const QString& title) {
    m_xTitle = title;
    redraw();
}

void XyPlot::setReading(std::function<QString(double)> format) {
    m_format = std::move(format);
    updateLegend();
}

void XyPlot::setHand(std::optional<double> x, const QString& flag, bool movable) {
    m_hand = x;
    m_flag = flag;
    m_handMovable = movable;
    updateLegend();
    update();
}

void XyPlot::setEmptyText(const QString& text) {
    m_emptyText = text;
    update();
}

void XyPlot::copy(const XyPlot& other) {
    m_series = other.m_series;
    m_band = other.m_band;
    m_marks = other.m_marks;
    m_shaded = other.m_shaded;
    m_shadeLabel = other.m_shadeLabel;
    m_level = other.m_level;
    m_levelLabel = other.m_levelLabel;
    m_fixedY = other.m_fixedY;
    m_xScale = other.m_xScale;
    m_yScale = other.m_yScale;
    m_xLow = other.m_xLow;
    m_xHigh = other.m_xHigh;
    m_xTitle = other.m_xTitle;
    m_format = other.m_format;
    m_hand = other.m_hand;
    m_flag = other.m_flag;
    m_legend->setRows(other.m_legend->rows());
    refit();
    updateLegend();
}

QSize XyPlot::sizeHint() const {
    return {Theme::instance().px(360), Theme::instance().px(190)};
}
QSize XyPlot::minimumSizeHint() const {
    return {Theme::instance().px(160), Theme::instance().px(96)};
}

void XyPlot::refit() {
    const std::pair<double, double> range = m_fixedY ? *m_fixedY : yRange();
    m_yLow = range.first;
    m_yHigh = range.second;
}

std::pair<double, double> XyPlot::yRange() const {
    double low = 1e300, high = -1e300;
    const auto take = [&](const std::vector<double>& values) {
        for (const double y : values) {
            if (!std::isfinite(y) || (m_yScale == AxisScale::logarithmic && y <= 0)) continue;
            low = std::min(low, y);
            high = std::max(high, y);
        }
    };
    for (const XySeries& series : m_series) take(series.y);
    if (m_band) take(m_band->low), take(m_band->high);
    if (m_level) take({*m_level});
    if (low > high) return {m_yScale == AxisScale::logarithmic ? 0.1 : 0.0, 1.0};
    if (m_yScale == AxisScale::logarithmic) return {low / 1.25, high * 1.25};
    const double room = std::max((high - low) * 0.06, std::max(std::abs(high), 1.0) * 1e-6);
    return {low - room, high + room};
}

QRectF XyPlot::plotRect() const {
    const Theme& theme = Theme::instance();
    return QRectF(theme.px(axisColumn), theme.px(topRoom), std::max(10, width() - theme.px(axisColumn + rightRoom)),
                  std::max(10, height() - theme.px(topRoom + tickRow + (m_xTitle.isEmpty() ? 0 : titleRow))));
}

QPointF XyPlot::place(double x, double y) const {
    const QRectF room = plotRect();
    const auto share = [](AxisScale scale, double v, double low, double high) {
        if (scale == AxisScale::linear) return (v - low) / (high - low);
        return (std::log(std::max(v, 1e-300)) - std::log(low)) / (std::log(high) - std::log(low));
    };
    return {room.left() + room.width() * share(m_xScale, x, m_xLow, m_xHigh),
            room.bottom() - room.height() * share(m_yScale, y, m_yLow, m_yHigh)};
}

double XyPlot::xAt(double px) const {
    const QRectF room = plotRect();
    const double share = std::clamp((px - room.left()) / room.width(), 0.0, 1.0);
    if (m_xScale == AxisScale::linear) return m_xLow + share * (m_xHigh - m_xLow);
    return std::exp(std::log(m_xLow) + share * (std::log(m_xHigh) - std::log(m_xLow)));
}

/// The value at x, between two of them by a straight line.
std::optional<double> XyPlot::valueOf(const XySeries& series, double x) const {
    const auto& xs = series.x;
    if (xs.empty() || x < xs.front() - 1e-9 || x > xs.back() + 1e-9) return std::nullopt;
    const std::size_t right = std::min(static_cast<std::size_t>(std::lower_bound(xs.begin(), xs.end(), x) - xs.begin()), xs.size() - 1);
    if (right == 0 || xs[right] <= x) return series.y[right];
    const double share = (x - xs[right - 1]) / (xs[right] - xs[right - 1]);
    return series.y[right - 1] * (1 - share) + series.y[right] * share;
}

void XyPlot::updateLegend() {
    const std::optional<double> x = m_crosshair ? m_crosshair : m_hand;
    std::vector<PlotLegend::Entry> entries;
    QStringList spoken;
    for (const XySeries& series : m_series) {
        if (series.name.isEmpty()) continue;
        const std::optional<double> value = x ? valueOf(series, *x) : std::nullopt;
        entries.push_back({series.name, series.role, false, value ? m_format(*value) : QString(), series.verdict});
        spoken << series.name + (value ? QStringLiteral(" ") + m_format(*value) : QString());
        if (entries.size() == 1 && m_band && !m_band->name.isEmpty()) entries.push_back({m_band->name, series.role, true, {}, {}});
    }
    m_legend->setEntries(std::move(entries));
    const QString where = m_hand && !m_crosshair ? m_flag + QStringLiteral(": ") : QString();
    describePicture(this, m_name, where + spoken.join(QStringLiteral(", ")));
}

void XyPlot::setCrosshair(std::optional<double> x) {
    if (x == m_crosshair) return;
    m_crosshair = x;
    updateLegend();
    update();
}

void XyPlot::moveHand(double px) {
    const double x = std::round(xAt(px));
    if (m_hand && x != *m_hand) emit handMoved(x);
}

void XyPlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && m_hand && m_handMovable) {
        setCrosshair(std::nullopt);
        moveHand(event->position().x());
    }
}

void XyPlot::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton) && m_hand && m_handMovable)
        moveHand(event->position().x());
    else if (plotRect().contains(event->position()))
        setCrosshair(xAt(event->position().x()));
    else
        setCrosshair(std::nullopt);
}

void XyPlot::leaveEvent(QEvent*) {
    setCrosshair(std::nullopt);
}

void XyPlot::keyPressEvent(QKeyEvent* event) {
    const int way = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (event->key() == Qt::Key_Escape && m_crosshair) {
        setCrosshair(std::nullopt);
    } else if (way == 0) {
        QWidget::keyPressEvent(event);
    } else if (m_hand && m_handMovable) {
        emit handMoved(std::clamp(*m_hand + way * (event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1), m_xLow, m_xHigh));
    } else {
        const double from = m_crosshair.value_or(m_xLow);
        const double next = m_xScale == AxisScale::linear ? from + way * std::max((m_xHigh - m_xLow) / 100, 1e-9)
                                                          : from * std::pow(m_xHigh / m_xLow, way / 100.0);
        setCrosshair(std::clamp(next, m_xLow, m_xHigh));
    }
}

void XyPlot::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    if (m_series.empty() && !m_emptyText.isEmpty()) {
        painter.fillRect(rect(), theme.color(Role::screen));
        painter.setFont(theme.font(TextSize::text));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(rect().adjusted(theme.px(24), 0, -theme.px(24), 0), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    if (m_kept) {
        const double ratio = devicePixelRatioF();
        const QSize pixels = (QSizeF(size()) * ratio).toSize();
        if (m_still.size() != pixels) {
            m_still = QPixmap(pixels);
            m_still.setDevicePixelRatio(ratio);
            QPainter still(&m_still);
            paintStill(still);
        }
        painter.drawPixmap(0, 0, m_still);
    } else {
        paintStill(painter);
    }
    paintXAxis(painter);
    paintMarks(painter);
    paintHand(painter);
}

/// What stays while the hand moves.
void XyPlot::paintStill(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF room = plotRect();
    painter.fillRect(rect(), theme.color(Role::screen));
    if (m_shaded) {
        const double left = std::max(place(m_shaded->first, m_yLow).x(), room.left());
        const double right = std::min(place(m_shaded->second, m_yLow).x(), room.right());
        if (right > left) painter.fillRect(QRectF(left, room.top(), right - left, room.height()), theme.color(Role::panel));
    }
    paintYAxis(painter);
    painter.save();
    painter.setClipRect(room.adjusted(-theme.px(3), -theme.px(3), theme.px(3), theme.px(3)));
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_band && !m_band->x.empty()) {
        QPolygonF outline;
        for (std::size_t i = 0; i < m_band->x.size(); ++i) outline << place(m_band->x[i], m_band->high[i]);
        for (std::size_t i = m_band->x.size(); i-- > 0;) outline << place(m_band->x[i], m_band->low[i]);
        QColor fill = theme.color(Role::series1);
        fill.setAlphaF(theme.dark() ? 0.2F : 0.13F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(outline);
        painter.setBrush(Qt::NoBrush);
    }
    for (auto series = m_series.rbegin(); series != m_series.rend(); ++series) paintSeries(painter, *series);
    painter.restore();
    paintLevel(painter);
}

void XyPlot::paintYAxis(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF room = plotRect();
    const AxisTicks ys = axisTicks(m_yScale, m_yLow, m_yHigh, std::clamp(static_cast<int>(room.height() / theme.px(38)), 2, 8));
    painter.setFont(theme.font(TextSize::caption));
    for (const double y : ys.major) {
        const double at = place(m_xLow, y).y();
        const bool zero = m_yScale == AxisScale::linear && std::abs(y) < 1e-12;
        drawHairline(painter, {room.left(), at}, {room.right(), at}, theme.color(zero ? Role::controlBorder : Role::grid));
    }
    painter.setPen(theme.color(Role::muted));
    for (const auto& label : ys.labels) {
        const double at = place(m_xLow, label.value).y();
        if (at < room.top() - 2 || at > room.bottom() + 2) continue;
        painter.drawText(QRectF(0, at - theme.px(8), room.left() - theme.px(6), theme.px(16)), Qt::AlignRight | Qt::AlignVCenter,
                         label.text);
    }
}

void XyPlot::paintXAxis(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF room = plotRect();
    painter.setFont(theme.font(TextSize::caption));
    // Positions, pairs and channels are whole numbers.
    const int wholes = m_xScale == AxisScale::linear ? std::max(1, static_cast<int>(m_xHigh - m_xLow)) : 1000;
    const AxisTicks xs = axisTicks(m_xScale, m_xLow, m_xHigh, std::min(wholes, std::max(2, static_cast<int>(room.width() / theme.px(76)))));
    drawHairline(painter, room.bottomLeft(), room.bottomRight(), theme.color(Role::controlBorder));
    for (const double x : xs.minor)
        if (const double at = place(x, m_yLow).x(); at >= room.left() - 1 && at <= room.right() + 1)
            drawHairline(painter, {at, room.bottom()}, {at, room.bottom() + theme.px(3)}, theme.color(Role::controlBorder));
    for (const double x : xs.major)
        if (const double at = place(x, m_yLow).x(); at >= room.left() - 1 && at <= room.right() + 1)
            drawHairline(painter, {at, room.bottom()}, {at, room.bottom() + theme.px(5)}, theme.color(Role::controlBorder));
    const QRectF flag = flagRect().adjusted(-theme.px(6), 0, theme.px(6), 0);
    painter.setPen(theme.color(Role::muted));
    for (const auto& label : xs.labels) {
        const double at = place(label.value, m_yLow).x();
        if (at < room.left() - 1 || at > room.right() + 1) continue;
        const double text = textWidth(painter.font(), label.text);
        const QRectF box(std::min(at - text / 2, width() - text - theme.px(2)), room.bottom() + theme.px(6), text, theme.px(14));
        if (!flag.intersects(box)) painter.drawText(box, Qt::AlignCenter, label.text);
    }
    if (!m_xTitle.isEmpty())
        painter.drawText(QRectF(room.left(), height() - theme.px(titleRow + 1), room.width(), theme.px(titleRow)),
                         Qt::AlignRight | Qt::AlignVCenter, m_xTitle);
}

void XyPlot::paintMarks(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF room = plotRect();
    painter.setFont(theme.font(TextSize::caption));
    const auto boxAt = [&](double x, const QString& text, bool left) {
        const double size = textWidth(painter.font(), text);
        left = left || x + size + theme.px(6) > room.right();
        QRectF box(left ? x - size - theme.px(4) : x + theme.px(4), room.top() + theme.px(1), size, theme.px(14));
        box.moveLeft(std::max(box.left(), std::min(room.left() + theme.px(2), room.right() - size)));
        return box;
    };
    const auto write = [&](const QRectF& box, const QString& text, Role ground) {
        if (text.isEmpty()) return;
        QColor sheet = theme.color(ground);
        sheet.setAlphaF(0.85F);
        painter.fillRect(box, sheet);
        painter.setPen(theme.color(Role::muted));
        painter.drawText(box, Qt::AlignCenter, text);
    };
    for (const Mark& mark : m_marks) {
        if (mark.x < m_xLow || mark.x > m_xHigh) continue;
        const double x = place(mark.x, m_yLow).x();
        QPen pen(theme.color(Role::muted), std::max(1.0, theme.scale()));
        pen.setDashPattern({2, 4});
        painter.setPen(pen);
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()));
        write(freeBox(boxAt(x, mark.label, false), x), mark.label, Role::screen);
    }
    if (!m_shaded) return;
    // At the left end of the shade, or at its right where the hand stands in the way.
    const double from = std::max(place(m_shaded->first, m_yLow).x(), room.left());
    const double to = std::min(place(m_shaded->second, m_yLow).x(), room.right());
    const double size = textWidth(painter.font(), m_shadeLabel) + theme.px(12), hand = m_hand ? place(*m_hand, m_yLow).x() : -1e9;
    const bool atRight = hand > from - theme.px(8) && hand < from + size && to - from > 2 * size;
    write(boxAt(atRight ? to : from, m_shadeLabel, atRight), m_shadeLabel, Role::panel);
}

/// The same box beside the line at `x` where it covers no curve and no other words: above, in the middle or below, at the right or the
/// left, close to the line or a little away.
QRectF XyPlot::freeBox(const QRectF& box, double x) const {
    const QRectF room = plotRect(), level = levelBox();
    const double half = box.height() / 2 + 1;
    for (const double away : {4.0, 28.0})
        for (const double centre : {room.top() + half, room.center().y(), room.bottom() - half}) {
            const double apart = away * Theme::instance().scale();
            for (const double left : {x + apart, x - apart - box.width()}) {
                const QRectF tried(left, centre - box.height() / 2, box.width(), box.height());
                const bool inside = left >= room.left() && tried.right() <= room.right();
                if (inside && !crossed(tried) && !tried.intersects(level)) return tried;
            }
        }
    return box;
}

/// The words at the level's line; empty without one.
QRectF XyPlot::levelBox() const {
    if (!m_level) return {};
    const Theme& theme = Theme::instance();
    const double size = textWidth(theme.font(TextSize::caption), m_levelLabel);
    return {plotRect().right() - theme.px(4) - size, place(m_xLow, *m_level).y() - theme.px(15), size, double(theme.px(14))};
}

/// Whether a curve goes through it.
bool XyPlot::crossed(const QRectF& box) const {
    constexpr int looks = 12;
    for (const XySeries& series : m_series)
        for (int i = 0; i <= looks; ++i) {
            const double px = box.left() + box.width() * i / looks;
            const std::optional<double> y = valueOf(series, xAt(px));
            if (y && std::isfinite(*y) && box.top() <= place(m_xLow, *y).y() && place(m_xLow, *y).y() <= box.bottom()) return true;
        }
    return false;
}

void XyPlot::paintLevel(QPainter& painter) const {
    if (!m_level) return;
    const Theme& theme = Theme::instance();
    const QRectF room = plotRect();
    const double y = place(m_xLow, *m_level).y();
    QPen pen(theme.color(Role::muted), std::max(1.0, theme.scale()));
    pen.setDashPattern({2, 4});
    painter.setPen(pen);
    painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(levelBox(), Qt::AlignCenter, m_levelLabel);
}

void XyPlot::paintSeries(QPainter& painter, const XySeries& series) const {
    const Theme& theme = Theme::instance();
    if (series.line) {
        QPolygonF line;
        QPen pen = seriesPen(series.role, series.width);
        double travelled = 0;
        const auto flush = [&] {
            pen.setDashOffset(travelled / pen.widthF());
            painter.setPen(pen);
            painter.drawPolyline(line);
            for (qsizetype i = 1; i < line.size(); ++i) travelled += QLineF(line[i - 1], line[i]).length();
            line.remove(0, std::max<qsizetype>(line.size() - 1, 0));
        };
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (!std::isfinite(series.y[i])) {
                flush();
                line.clear();
                continue;
            }
            line << place(series.x[i], series.y[i]);
            if (line.size() > pieceOfLine) flush();
        }
        flush();
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(series.role));
    const double dot = 2.5 * theme.scale();
    for (std::size_t i = 0; i < series.x.size(); ++i) {
        const QPointF at = place(series.x[i], series.y[i]);
        if (series.squares) painter.drawRect(QRectF(at.x() - dot, at.y() - dot, 2 * dot, 2 * dot));
        if (series.dots && std::abs(series.x[i] - std::round(series.x[i])) < 1e-9) painter.drawEllipse(at, dot, dot);
    }
    painter.setBrush(Qt::NoBrush);
}

/// Below the hand, within the widget; empty without one.
QRectF XyPlot::flagRect() const {
    if (!m_hand || *m_hand < m_xLow || *m_hand > m_xHigh || m_flag.isEmpty()) return {};
    const Theme& theme = Theme::instance();
    const QRectF room = plotRect();
    const double size = textWidth(theme.font(TextSize::axis, true), m_flag) + theme.px(12);
    const double least = room.left() - theme.px(4), wished = place(*m_hand, m_yLow).x() - size / 2;
    return {std::clamp(wished, least, std::max(least, width() - size)), room.bottom() + theme.px(3), size, double(theme.px(17))};
}

void XyPlot::paintHand(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QRectF room = plotRect();
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_crosshair) {
        QPen pen(theme.color(Role::text), std::max(1.0, theme.scale()));
        pen.setDashPattern({3, 2});
        painter.setPen(pen);
        const double x = place(*m_crosshair, m_yLow).x();
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()));
    }
    if (!m_hand || *m_hand < m_xLow || *m_hand > m_xHigh) return;
    const double x = place(*m_hand, m_yLow).x();
    QPen pen(theme.color(Role::accent), 2 * theme.scale());
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLine(QPointF(x, room.top() - theme.px(4)), QPointF(x, room.bottom()));
    bool first = true;
    for (const XySeries& series : m_series) {
        const std::optional<double> y = valueOf(series, *m_hand);
        if (!y || series.name.isEmpty()) continue;
        painter.setBrush(theme.color(Role::screen));
        painter.setPen(QPen(theme.color(first ? Role::accent : series.role), (first ? 2.5 : 2.0) * theme.scale()));
        painter.drawEllipse(place(*m_hand, *y), (first ? 5 : 4) * theme.scale(), (first ? 5 : 4) * theme.scale());
        first = false;
    }
    painter.setBrush(Qt::NoBrush);
    if (m_flag.isEmpty()) return;
    painter.setFont(theme.font(TextSize::axis, true));
    const QRectF flag = flagRect();
    drawFrame(painter, flag, theme.px(2), theme.color(Role::fillBorder), theme.color(Role::fill));
    painter.setPen(theme.color(Role::onFill));
    painter.drawText(flag, Qt::AlignCenter, m_flag);
}

}  // namespace lab
