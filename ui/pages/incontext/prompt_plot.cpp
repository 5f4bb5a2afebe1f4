#include "ui/pages/incontext/prompt_plot.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr double dotRadius = 4.5, heldRadius = 6, queryRadius = 6, within = 9;  // logical px at 100 %
constexpr double finest = 200, far = 10;                                        // a key's step is this part of the axis; with Shift

/// Up to the next mark of a coarse rule, so that axes do not creep along with what is dragged.
double roundedUp(double value) {
    const double power = std::pow(10.0, std::floor(std::log10(std::max(value, 1e-6))));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0})
        if (value <= step * power) return step * power;
    return 10 * power;
}

}  // namespace

PromptPlot::PromptPlot(const QString& name, QWidget* parent) : Plot(name, parent) {
    setFractions();
    setXTitle(tr("x"));
    setReading([](double value) { return fixed(value, 3); });
}

void PromptPlot::setPrompt(Scene scene) {
    m_prompt = std::move(scene);
    if (m_held >= static_cast<int>(m_prompt.pairs.size())) m_held = -1;
    if (!m_drags && !m_dragsQuery) applyRanges();
    std::vector<PlotSeries> series;
    PlotSeries pairs{.name = tr("pairs"), .role = Role::text, .line = false, .squares = true, .onTop = true};
    std::vector<QPointF> byX = m_prompt.pairs;
    std::ranges::sort(byX, {}, [](const QPointF& pair) { return pair.x(); });
    for (const QPointF& pair : byX) {
        pairs.x.push_back(pair.x());
        pairs.y.push_back(pair.y());
    }
    if (!byX.empty()) series.push_back(std::move(pairs));
    series.insert(series.end(), m_prompt.lines.begin(), m_prompt.lines.end());
    setHand(series.empty() ? std::nullopt : std::optional(m_prompt.query), tr("x = %1").arg(fixed(m_prompt.query, 2)), false);
    setSeries(std::move(series));
    describe();
}

/// Room for pairs, query and lines; held still while something is dragged.
void PromptPlot::applyRanges() {
    double reach = std::abs(m_prompt.query), low = 0, high = 0;
    for (const QPointF& pair : m_prompt.pairs) {
        reach = std::max(reach, std::abs(pair.x()));
        low = std::min(low, pair.y());
        high = std::max(high, pair.y());
    }
    m_reach = roundedUp(std::max(1.1 * reach, 0.1));
    const double most = roundedUp(1.25 * std::max({high, -low, 0.1}));
    m_high = most;
    m_low = -most;
    setXRange(-m_reach, m_reach);
    setYRange(std::pair(m_low, m_high));
}

QPointF PromptPlot::placeOfPair(int pair) const {
    const QPointF& at = m_prompt.pairs[static_cast<std::size_t>(pair)];
    return place(at.x(), at.y());
}

int PromptPlot::pairAt(const QPointF& at) const {
    int nearest = -1;
    double least = Theme::instance().px(within);
    for (int i = 0; i < static_cast<int>(m_prompt.pairs.size()); ++i) {
        const QPointF apart = placeOfPair(i) - at;
        const double distance = std::hypot(apart.x(), apart.y());
        if (distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return nearest;
}

QPointF PromptPlot::valueAt(const QPointF& at) const {
    const QRectF room = plotRect();
    const double across = std::clamp((at.x() - room.left()) / std::max(room.width(), 1.0), 0.0, 1.0);
    const double up = std::clamp((room.bottom() - at.y()) / std::max(room.height(), 1.0), 0.0, 1.0);
    return {-m_reach + 2 * m_reach * across, m_low + (m_high - m_low) * up};
}

void PromptPlot::hold(int pair) {
    m_held = pair;
    describe();
    update();
}

void PromptPlot::describe() {
    if (m_prompt.pairs.empty()) return describePicture(this, name());
    const QString query = tr("query at x = %1, answer %2").arg(fixed(m_prompt.query, 2), fixed(m_prompt.answer, 3));
    if (m_held < 0) return describePicture(this, name(), tr("%1 pairs; %2").arg(m_prompt.pairs.size()).arg(query));
    const QPointF& pair = m_prompt.pairs[static_cast<std::size_t>(m_held)];
    describePicture(
        this, name(),
        tr("pair %1 in hand: x = %2, y = %3; %4").arg(QString::number(m_held + 1), fixed(pair.x(), 2), fixed(pair.y(), 2), query));
}

void PromptPlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_prompt.movable || m_prompt.pairs.empty()) return Plot::mousePressEvent(event);
    const int pair = pairAt(event->position());
    hold(pair);
    m_drags = pair >= 0;
    m_dragsQuery = !m_drags;
    setCrosshair(std::nullopt);
    if (m_dragsQuery) emit queryMoved(valueAt(event->position()).x());
}

void PromptPlot::mouseMoveEvent(QMouseEvent* event) {
    if (m_drags && m_held >= 0) return emit pairMoved(m_held, valueAt(event->position()));
    if (m_dragsQuery) return emit queryMoved(valueAt(event->position()).x());
    setCursor(m_prompt.movable && pairAt(event->position()) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    Plot::mouseMoveEvent(event);
}

void PromptPlot::mouseReleaseEvent(QMouseEvent* event) {
    Plot::mouseReleaseEvent(event);
    if (!m_drags && !m_dragsQuery) return;
    m_drags = m_dragsQuery = false;
    hold(-1);
    setPrompt(m_prompt);
}

bool PromptPlot::takesKey(int key) const {
    if (!m_prompt.movable || m_prompt.pairs.empty()) return false;
    if (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_PageUp || key == Qt::Key_PageDown) return true;
    return m_held >= 0 && (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_Delete || key == Qt::Key_Escape);
}

void PromptPlot::keyPressEvent(QKeyEvent* event) {
    const int key = event->key(), count = static_cast<int>(m_prompt.pairs.size());
    if (!takesKey(key)) return Plot::keyPressEvent(event);
    if (key == Qt::Key_PageDown) return hold((m_held + 1) % count);
    if (key == Qt::Key_PageUp) return hold(m_held <= 0 ? count - 1 : m_held - 1);
    if (key == Qt::Key_Escape) return hold(-1);
    if (key == Qt::Key_Delete) return emit pairRemoved(m_held);
    const double part = (event->modifiers().testFlag(Qt::ShiftModifier) ? far : 1.0) / finest;
    const double across = ((key == Qt::Key_Right) - (key == Qt::Key_Left)) * 2 * m_reach * part;
    const double up = ((key == Qt::Key_Up) - (key == Qt::Key_Down)) * (m_high - m_low) * part;
    if (m_held < 0) return emit queryMoved(m_prompt.query + across);
    emit pairMoved(m_held, m_prompt.pairs[static_cast<std::size_t>(m_held)] + QPointF(across, up));
}

void PromptPlot::focusOutEvent(QFocusEvent* event) {
    Plot::focusOutEvent(event);
    if (!m_drags) hold(-1);
}

bool PromptPlot::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (takesKey(key->key()) && !key->modifiers().testFlag(Qt::ControlModifier) && !key->modifiers().testFlag(Qt::AltModifier)) {
            event->accept();
            return true;
        }
    }
    return Plot::event(event);
}

void PromptPlot::paintEvent(QPaintEvent* event) {
    Plot::paintEvent(event);
    if (m_prompt.pairs.empty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintPairs(painter);
    paintQuery(painter);
}

void PromptPlot::paintPairs(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    QPen upright(theme.color(Role::muted), std::max(1.0, theme.scale()));
    upright.setDashPattern({2, 3});
    for (int i = 0; i < static_cast<int>(m_prompt.pairs.size()); ++i) {
        const QPointF at = placeOfPair(i);
        if (const auto index = static_cast<std::size_t>(i); index < m_prompt.residuals.size()) {
            painter.setPen(upright);
            const double line = std::clamp(m_prompt.residuals[index], m_low, m_high);
            painter.drawLine(at, place(m_prompt.pairs[index].x(), line));
        }
        const bool held = i == m_held;
        painter.setPen(held ? QPen(theme.color(Role::fillBorder), 1.5 * theme.scale()) : Qt::NoPen);
        painter.setBrush(theme.color(held ? Role::fill : Role::text));
        const double radius = (held ? heldRadius : dotRadius) * theme.scale();
        painter.drawEllipse(at, radius, radius);
    }
}

/// The model's answer, on the line of the query.
void PromptPlot::paintQuery(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    if (!std::isfinite(m_prompt.answer)) return;
    painter.setPen(QPen(theme.color(Role::accent), 2 * theme.scale()));
    painter.setBrush(theme.color(Role::screen));
    const double radius = queryRadius * theme.scale();
    painter.drawEllipse(place(m_prompt.query, std::clamp(m_prompt.answer, m_low, m_high)), radius, radius);
}

}  // namespace lab
