#include "ui/widgets/scatter_plot.h"

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"
#include "ui/widgets/hover_card.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double scatterLegend = 22, scatterBottom = 22, scatterLeft = 44, scatterRight = 12;
constexpr double markRadius = 3.2, otherRadius = 2.2, holdWithin = 12, scatterScaleWidth = 96;
/// The sequential map begins as the screen: a point begins where it can be seen.
constexpr double faintest = 0.34;
constexpr std::array kindRoles{Role::series1, Role::series2, Role::series3, Role::series4, Role::series5};

QPolygonF shapeOf(std::size_t kind, const QPointF& at, double r) {
    switch (kind) {
        case 1:
            return QPolygonF({at + QPointF(-r, -r), at + QPointF(r, -r), at + QPointF(r, r), at + QPointF(-r, r)});
        case 2:
            return QPolygonF({at + QPointF(0, -1.2 * r), at + QPointF(1.1 * r, r), at + QPointF(-1.1 * r, r)});
        case 3:
            return QPolygonF({at + QPointF(0, -1.3 * r), at + QPointF(1.3 * r, 0), at + QPointF(0, 1.3 * r), at + QPointF(-1.3 * r, 0)});
        default:
            return {};
    }
}

}  // namespace

PlotField ScatterScene::field(const QRectF& room) const {
    const Theme& theme = Theme::instance();
    PlotField field;
    field.room = room.adjusted(theme.px(scatterLeft), theme.px(scatterLegend), -theme.px(scatterRight), -theme.px(scatterBottom));
    double left = 0, right = 0, bottom = 0, top = 0;
    for (const Point& point : points) {
        left = std::min(left, point.x), right = std::max(right, point.x);
        bottom = std::min(bottom, point.y), top = std::max(top, point.y);
    }
    // One scale for both: distances are to be seen as they are.
    const double scale =
        1.08 * std::max({(right - left) / std::max(field.room.width(), 1.0), (top - bottom) / std::max(field.room.height(), 1.0), 1e-9});
    const double halfX = scale * field.room.width() / 2, halfY = scale * field.room.height() / 2;
    field.x = {AxisScale::linear, (left + right) / 2 - halfX, (left + right) / 2 + halfX};
    field.y = {AxisScale::linear, (bottom + top) / 2 - halfY, (bottom + top) / 2 + halfY};
    return field;
}

QColor ScatterScene::colorOf(const Point& point) const {
    if (!byNumber()) return Theme::instance().color(kindRoles[std::min(point.kind, kinds - 1)]);
    return QColor(ColorMap::themed(ColorMap::Kind::trace).color(faintest + (1 - faintest) * point.share));
}

void ScatterScene::paintMark(QPainter& painter, const QPointF& at, const Point& point) const {
    const QColor color = colorOf(point);
    const bool other = !byNumber() && point.kind + 1 >= kinds;
    const double r = Theme::instance().scale() * (other ? otherRadius : markRadius);
    painter.setPen(QPen(color, point.filled ? 1.0 : 1.5));
    painter.setBrush(point.filled ? QBrush(color) : QBrush(Qt::NoBrush));
    const QPolygonF shape = byNumber() ? QPolygonF() : shapeOf(point.kind, at, r);
    if (shape.isEmpty())
        painter.drawEllipse(at, r, r);
    else
        painter.drawPolygon(shape);
}

void ScatterScene::paintAxes(QPainter& painter, const PlotField& field) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    const auto grid = [&](bool across, const PlotAxis& axis, double room) {
        const AxisTicks ticks = axis.ticks(std::max(2, static_cast<int>(room / theme.px(90))));
        for (const double value : ticks.major) {
            const double at = across ? field.xOf(value) : field.yOf(value);
            const QPointF from = across ? QPointF(at, field.room.top()) : QPointF(field.room.left(), at);
            const QPointF to = across ? QPointF(at, field.room.bottom()) : QPointF(field.room.right(), at);
            drawHairline(painter, from, to, theme.color(value == 0 ? Role::hairline : Role::grid));
        }
        painter.setPen(theme.color(Role::muted));
        for (const auto& [value, text] : ticks.labels) {
            const QRectF label =
                across ? QRectF(field.xOf(value) - 40, field.room.bottom() + 2, 80, theme.px(16))
                       : QRectF(field.room.left() - theme.px(scatterLeft), field.yOf(value) - 10, theme.px(scatterLeft - 6), 20);
            painter.drawText(label, across ? Qt::AlignHCenter | Qt::AlignTop : Qt::AlignRight | Qt::AlignVCenter, text);
        }
    };
    grid(true, field.x, field.room.width());
    grid(false, field.y, field.room.height());
    drawHairline(painter, field.room.bottomLeft(), field.room.bottomRight(), theme.color(Role::controlBorder));
    drawHairline(painter, field.room.topLeft(), field.room.bottomLeft(), theme.color(Role::controlBorder));
    painter.setPen(theme.color(Role::text));
    painter.drawText(field.room.adjusted(0, 0, -4, -2), Qt::AlignRight | Qt::AlignBottom, xTitle);
    painter.drawText(field.room.adjusted(6, 2, 0, 0), Qt::AlignLeft | Qt::AlignTop, yTitle);
}

void ScatterScene::paintLegend(QPainter& painter, const QRectF& row) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::axis));
    double x = row.left();
    const auto word = [&](const QString& text, Role role = Role::text) {
        const double width = textAdvance(painter.font(), text);
        if (x + width > row.right()) return false;
        painter.setPen(theme.color(role));
        painter.drawText(QRectF(x, row.top(), width + 2, row.height()), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += width + theme.px(12);
        return true;
    };
    const auto mark = [&](const Point& point) {
        paintMark(painter, QPointF(x + theme.px(5), row.center().y()), point);
        x += theme.px(14);
    };
    for (const bool filled : {true, false}) {
        const QString& name = filled ? filledName : ringName;
        if (name.isEmpty()) continue;
        mark({.filled = filled, .share = 0.7, .kind = 0});
        word(name);
    }
    for (qsizetype kind = 0; kind < kindNames.size(); ++kind) {
        if (kindNames[kind].isEmpty()) continue;
        mark({.share = 0, .kind = static_cast<std::size_t>(kind)});
        if (!word(kindNames[kind])) return;
    }
    if (!byNumber()) return;
    word(scaleName, Role::muted);
    word(low);
    x -= theme.px(6);
    const int steps = theme.px(scatterScaleWidth);
    for (int i = 0; i < steps; ++i) {
        const QColor color = colorOf({.share = static_cast<double>(i) / (steps - 1)});
        painter.fillRect(QRectF(x + i, row.center().y() - theme.px(5), 1.2, theme.px(10)), color);
    }
    x += steps + theme.px(6);
    word(high);
}

void ScatterScene::paint(QPainter& painter, const QRectF& room) const {
    const PlotField at = field(room);
    paintLegend(painter, QRectF(room.left() + Theme::instance().px(8), room.top(), room.width() - Theme::instance().px(16),
                                Theme::instance().px(scatterLegend)));
    paintAxes(painter, at);
    painter.setRenderHint(QPainter::Antialiasing, true);
    // What is named lies on top of what is not.
    for (const bool named : {false, true})
        for (const Point& point : points)
            if ((byNumber() || point.kind + 1 < kinds) == named) paintMark(painter, at.place(point.x, point.y), point);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
}

ScatterPlot::ScatterPlot(const QString& name, QWidget* parent) : QWidget(parent), m_name(name), m_card(new HoverCard(this)) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    whenThemed(this, [this] {
        m_still = {};
        update();
    });
    describe();
}

void ScatterPlot::setScene(ScatterScene scene) {
    m_scene = std::move(scene);
    m_still = {};
    hold(std::nullopt);
    update();
}

void ScatterPlot::setEmptyText(const QString& text) {
    m_empty = text;
    update();
}

QPointF ScatterPlot::placeOf(std::size_t point) const {
    return m_scene.field(rect()).place(m_scene.points[point].x, m_scene.points[point].y);
}

QSize ScatterPlot::sizeHint() const {
    return {Theme::instance().px(640), Theme::instance().px(420)};
}

QSize ScatterPlot::minimumSizeHint() const {
    return {Theme::instance().px(240), Theme::instance().px(160)};
}

void ScatterPlot::describe() {
    const QString held = m_held ? m_scene.points[*m_held].value + QLatin1Char(' ') + m_scene.points[*m_held].where : m_empty;
    describePicture(this, m_name, m_held || m_scene.points.empty() ? held : tr("%1 points").arg(grouped(std::ssize(m_scene.points))));
}

void ScatterPlot::hold(std::optional<std::size_t> point) {
    m_held = point;
    if (point) {
        const double r = Theme::instance().px(6);
        const QPointF at = placeOf(*point);
        m_card->showBeside(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r), m_scene.points[*point].value, m_scene.points[*point].where);
    } else {
        m_card->hide();
    }
    describe();
    update();
}

std::optional<std::size_t> ScatterPlot::nearest(const QPointF& at) const {
    const PlotField field = m_scene.field(rect());
    const double within = Theme::instance().px(holdWithin);
    double least = within * within;
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < m_scene.points.size(); ++i) {
        const QPointF gap = field.place(m_scene.points[i].x, m_scene.points[i].y) - at;
        const double squares = QPointF::dotProduct(gap, gap);
        if (squares > least) continue;
        least = squares;
        found = i;
    }
    return found;
}

void ScatterPlot::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    if (m_scene.points.empty()) {
        painter.fillRect(rect(), theme.color(Role::screen));
        painter.setFont(theme.font(TextSize::text));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_empty);
        return;
    }
    if (m_still.isNull()) {
        m_still = QPixmap(size() * devicePixelRatioF());
        m_still.setDevicePixelRatio(devicePixelRatioF());
        m_still.fill(theme.color(Role::screen));
        QPainter still(&m_still);
        m_scene.paint(still, rect());
    }
    painter.drawPixmap(0, 0, m_still);
    if (m_held) {
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.setPen(QPen(theme.color(Role::accent), 2));
        painter.drawEllipse(placeOf(*m_held), theme.px(6), theme.px(6));
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    if (hasFocus()) drawFocusRing(painter, QRectF(rect()).adjusted(3, 3, -3, -3), 2);
}

void ScatterPlot::mouseMoveEvent(QMouseEvent* event) {
    if (const auto found = nearest(event->position()); found != m_held) hold(found);
}

void ScatterPlot::mousePressEvent(QMouseEvent* event) {
    if (const auto found = nearest(event->position())) emit pointWanted(*found);
}

void ScatterPlot::leaveEvent(QEvent*) {
    hold(std::nullopt);
}

void ScatterPlot::keyPressEvent(QKeyEvent* event) {
    const std::size_t count = m_scene.points.size();
    const bool forward = event->key() == Qt::Key_Right, back = event->key() == Qt::Key_Left;
    if (count == 0) return QWidget::keyPressEvent(event);
    if (forward || back) {
        const std::size_t from = m_held.value_or(forward ? count - 1 : 0);
        return hold((from + (forward ? 1 : count - 1)) % count);
    }
    if (m_held && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        emit pointWanted(*m_held);
        return;
    }
    if (m_held && event->key() == Qt::Key_Escape) return hold(std::nullopt);
    QWidget::keyPressEvent(event);
}

void ScatterPlot::resizeEvent(QResizeEvent*) {
    m_still = {};
    hold(std::nullopt);
}

void ScatterPlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) m_still = {};
    QWidget::changeEvent(event);
}

}  // namespace lab
