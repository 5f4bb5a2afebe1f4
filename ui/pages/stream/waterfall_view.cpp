#include "ui/pages/stream/waterfall_view.h"

#include <QCoreApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/axis_ticks.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

struct WaterfallViewText {
    Q_DECLARE_TR_FUNCTIONS(lab::WaterfallViewText)
};

// Logical px at 100 %.
constexpr double axisRoom = 44, topRoom = 20, labelRoom = 18, layerRoom = 20, leastSlot = 27, narrowSlot = 38, mostSlot = 60, groupGap = 8;
constexpr double sumWidth = 60, barShare = 0.72, leastBar = 1.5, hintHeight = 150, leastHeight = 120;
constexpr double strength = 0.62;  ///< of a bar's colour on the scale from -1 to 1

bool beginsLayer(const WaterfallScene& scene, std::size_t bar) {
    return bar > 0 && scene.bars[bar].layer != scene.bars[bar - 1].layer;
}

int layerChanges(const WaterfallScene& scene) {
    int changes = 0;
    for (std::size_t bar = 0; bar < scene.bars.size(); ++bar) changes += beginsLayer(scene, bar) ? 1 : 0;
    return changes;
}

QColor barColor(double value) {
    return QColor(ColorScaling{ColorMap::Kind::balance, -1, 1}.color(value < 0 ? -strength : strength));
}

void paintAxis(QPainter& painter, const WaterfallLayout& layout) {
    const Theme& theme = Theme::instance();
    const double right = layout.lefts.back() + theme.px(sumWidth);
    painter.setFont(theme.font(TextSize::caption));
    for (const AxisTicks::Label& label : axisTicks(AxisScale::linear, layout.low, layout.high, 4).labels) {
        const double y = layout.y(label.value);
        drawHairline(painter, {layout.field.left(), y}, {right, y}, theme.color(label.value == 0 ? Role::controlBorder : Role::grid));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(0, y - 10, layout.field.left() - theme.px(6), 20), Qt::AlignRight | Qt::AlignVCenter, label.text);
    }
}

void paintBar(QPainter& painter, const WaterfallScene& scene, const WaterfallLayout& layout, std::size_t bar, bool chosen, bool hovered) {
    const Theme& theme = Theme::instance();
    const WaterfallScene::Bar& part = scene.bars[bar];
    const QRectF rect = layout.barRect(scene, bar);
    painter.fillRect(rect, barColor(part.value));
    if (chosen) drawFrame(painter, rect.adjusted(-2, -2, 2, 2), 0, theme.color(Role::fill), Qt::transparent, theme.px(2.5));
    if (hovered && !chosen) drawFrame(painter, rect.adjusted(-1, -1, 1, 1), 0, theme.color(Role::text));
    const double end = layout.y(scene.reach(bar).second);
    const double next = bar + 1 < scene.bars.size() ? layout.barRect(scene, bar + 1).right() : layout.sumRect(scene).left();
    drawHairline(painter, {rect.left(), end}, {next, end}, theme.color(Role::muted));
    const double left = layout.lefts[bar], line = theme.px(14);
    painter.setFont(theme.font(TextSize::caption, chosen));
    painter.setPen(theme.color(Role::text));
    const QRectF above(left - 4, part.value >= 0 ? rect.top() - line : rect.bottom() + 1, layout.slot + 8, line);
    drawElided(painter, above, Qt::AlignHCenter, signedFixed(part.value, layout.slot < theme.px(narrowSlot) ? 1 : 2));
    painter.setFont(theme.font(layout.slot < theme.px(narrowSlot) ? TextSize::caption : TextSize::axis, chosen));
    painter.setPen(theme.color(chosen ? Role::text : Role::muted));
    drawElided(painter, QRectF(left - 3, layout.field.bottom() + theme.px(2), layout.slot + 6, theme.px(labelRoom)), Qt::AlignHCenter,
               part.label);
}

/// A bracket under the bars of a layer.
void paintLayers(QPainter& painter, const WaterfallScene& scene, const WaterfallLayout& layout) {
    const Theme& theme = Theme::instance();
    const double y = layout.field.bottom() + theme.px(labelRoom + 3);
    for (std::size_t from = 0; from < scene.bars.size();) {
        std::size_t end = from + 1;
        while (end < scene.bars.size() && scene.bars[end].layer == scene.bars[from].layer) ++end;
        if (scene.bars[from].layer >= 0) {
            const double left = layout.lefts[from] + 3, right = layout.lefts[end - 1] + layout.slot - 3;
            const QColor color = theme.color(Role::controlBorder);
            drawHairline(painter, {left, y}, {right, y}, color);
            for (const double x : {left, right}) drawHairline(painter, {x, y - theme.px(4)}, {x, y}, color);
            painter.setFont(theme.font(TextSize::caption));
            painter.setPen(theme.color(Role::muted));
            const QString layer = WaterfallViewText::tr("layer %1").arg(scene.bars[from].layer);
            const bool fits = textAdvance(painter.font(), layer) <= right - left + 4;
            drawElided(painter, QRectF(left - 4, y + 1, right - left + 8, theme.px(layerRoom - 4)), Qt::AlignHCenter,
                       fits ? layer : QString::number(scene.bars[from].layer));
        }
        from = end;
    }
}

void paintSum(QPainter& painter, const WaterfallScene& scene, const WaterfallLayout& layout) {
    const Theme& theme = Theme::instance();
    const QRectF rect = layout.sumRect(scene);
    painter.fillRect(rect, theme.color(Role::series1));
    painter.setFont(theme.font(TextSize::token, true));
    painter.setPen(theme.color(Role::text));
    const QRectF above(rect.left() - 10, scene.logit >= 0 ? rect.top() - theme.px(20) : rect.bottom(), rect.width() + 20, theme.px(20));
    drawElided(painter, above, Qt::AlignHCenter, fixed(scene.logit, 3));
    painter.setFont(theme.font(TextSize::axis, true));
    drawElided(painter, QRectF(rect.left() - 10, layout.field.bottom() + theme.px(2), rect.width() + 20, theme.px(labelRoom)),
               Qt::AlignHCenter, scene.sumLabel);
}

}  // namespace

QRectF WaterfallLayout::barRect(const WaterfallScene& scene, std::size_t bar) const {
    const auto [from, to] = scene.reach(bar);
    const double top = y(std::max(from, to)), width = slot * barShare;
    return {lefts[bar] + (slot - width) / 2, top, width, std::max(y(std::min(from, to)) - top, leastBar)};
}

QRectF WaterfallLayout::sumRect(const WaterfallScene& scene) const {
    const double top = y(std::max(scene.logit, 0.0)), width = Theme::instance().px(sumWidth) * 0.8;
    return {lefts.back() + Theme::instance().px(sumWidth) * 0.1, top, width, std::max(y(std::min(scene.logit, 0.0)) - top, leastBar)};
}

double leastWidth(const WaterfallScene& scene) {
    const Theme& theme = Theme::instance();
    return theme.px(axisRoom) + theme.px(leastSlot) * static_cast<double>(scene.bars.size()) + theme.px(groupGap) * layerChanges(scene) +
           theme.px(groupGap + sumWidth);
}

WaterfallLayout layoutOf(const WaterfallScene& scene, const QSizeF& room) {
    const Theme& theme = Theme::instance();
    WaterfallLayout layout;
    layout.field = {double(theme.px(axisRoom)), double(theme.px(topRoom)), room.width() - theme.px(axisRoom),
                    std::max(room.height() - theme.px(topRoom + labelRoom + layerRoom), 1.0)};
    layout.group = theme.px(groupGap);
    const double gaps = layout.group * (layerChanges(scene) + 1) + theme.px(sumWidth);
    const double share = (layout.field.width() - gaps) / static_cast<double>(std::max<std::size_t>(scene.bars.size(), 1));
    layout.slot = std::clamp<double>(share, theme.px(leastSlot), theme.px(mostSlot));
    double x = layout.field.left();
    for (std::size_t bar = 0; bar < scene.bars.size(); ++bar) {
        if (beginsLayer(scene, bar)) x += layout.group;
        layout.lefts.push_back(x);
        x += layout.slot;
    }
    layout.lefts.push_back(x + layout.group);
    const double low = scene.low(), high = scene.high(), spread = std::max(high - low, 1e-6);
    const bool below = std::ranges::any_of(scene.bars, [](const WaterfallScene::Bar& bar) { return bar.value < 0; });
    layout.low = below ? low - spread * 0.13 : low;  // their numbers stand below them
    layout.high = high + spread * 0.06;
    return layout;
}

void paintWaterfall(QPainter& painter, const WaterfallScene& scene, const WaterfallLayout& layout, int chosen, int hovered) {
    if (scene.empty()) return;
    paintAxis(painter, layout);
    for (std::size_t bar = 0; bar < scene.bars.size(); ++bar)
        paintBar(painter, scene, layout, bar, static_cast<int>(bar) == chosen, static_cast<int>(bar) == hovered);
    paintLayers(painter, scene, layout);
    paintSum(painter, scene, layout);
}

WaterfallView::WaterfallView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    describe();
}

void WaterfallView::setScene(const WaterfallScene& scene) {
    m_scene = scene;
    m_chosen = -1;
    m_hovered = -1;
    updateGeometry();
    describe();
    update();
}

void WaterfallView::setChosen(int bar) {
    m_chosen = bar;
    describe();
    update();
}

QRectF WaterfallView::barRect(int bar) const {
    return layoutNow().barRect(m_scene, static_cast<std::size_t>(bar));
}

QString WaterfallView::reading(int bar) const {
    if (bar < 0 || bar >= static_cast<int>(m_scene.bars.size())) return {};
    const WaterfallScene::Bar& part = m_scene.bars[static_cast<std::size_t>(bar)];
    return tr("%1 gives %2").arg(part.name, signedFixed(part.value, 4));
}

QSize WaterfallView::sizeHint() const {
    return {minimumSizeHint().width(), Theme::instance().px(hintHeight)};
}

QSize WaterfallView::minimumSizeHint() const {
    return {static_cast<int>(std::ceil(leastWidth(m_scene))), Theme::instance().px(leastHeight)};
}

WaterfallLayout WaterfallView::layoutNow() const {
    return layoutOf(m_scene, QSizeF(size()));
}

int WaterfallView::barAt(const QPointF& position) const {
    const WaterfallLayout layout = layoutNow();
    for (std::size_t bar = 0; bar < m_scene.bars.size(); ++bar)
        if (position.x() >= layout.lefts[bar] && position.x() < layout.lefts[bar] + layout.slot) return static_cast<int>(bar);
    return -1;
}

void WaterfallView::setHovered(int bar) {
    if (bar == m_hovered) return;
    m_hovered = bar;
    update();
}

void WaterfallView::describe() {
    describePicture(this, tr("What made this logit"), reading(m_chosen));
}

bool WaterfallView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), reading(barAt(help->pos())), this);
    return true;
}

void WaterfallView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintWaterfall(painter, m_scene, layoutNow(), m_chosen, m_hovered);
}

void WaterfallView::mouseMoveEvent(QMouseEvent* event) {
    setHovered(barAt(event->position()));
}

void WaterfallView::leaveEvent(QEvent*) {
    setHovered(-1);
}

void WaterfallView::mousePressEvent(QMouseEvent* event) {
    const int bar = barAt(event->position());
    if (event->button() == Qt::LeftButton && bar >= 0) emit barPressed(bar);
}

void WaterfallView::keyPressEvent(QKeyEvent* event) {
    const int count = static_cast<int>(m_scene.bars.size());
    const bool back = event->key() == Qt::Key_Left, on = event->key() == Qt::Key_Right;
    if (count > 0 && (back || on)) return emit barReached(std::clamp(m_chosen + (back ? -1 : 1), 0, count - 1));
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && m_chosen >= 0) return emit barPressed(m_chosen);
    QWidget::keyPressEvent(event);
}

QSizeF WaterfallFigure::bodySize(double width) const {
    return {std::max(leastWidth(scene), width > 0 ? width : 900.0), hintHeight + 80 + 20};
}

void WaterfallFigure::paintBody(QPainter& painter, double width) const {
    const QSizeF size = bodySize(width);
    paintWaterfall(painter, scene, layoutOf(scene, {size.width(), size.height() - 20}), -1, -1);
    painter.setFont(Theme::instance().font(TextSize::caption));
    painter.setPen(Theme::instance().color(Role::muted));
    painter.drawText(QRectF(0, size.height() - 18, size.width(), 18), Qt::AlignLeft | Qt::AlignVCenter, check);
}

}  // namespace lab
