#include "ui/pages/codes/usage_map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/map/map_layout.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int usageLeft = 38, usageRight = 46, usageTop = 18, usageBottom = 4;
constexpr int usageUsualRow = 13, usageLeastRow = 4, usageMostRow = 24, usageLabelRoom = 12, usageGapFrom = 6;
constexpr int usageScaleWidth = 150, usageScaleHeight = 20, usageScaleBarHeight = 6, usageScaleBarWidth = 110;

struct UsagePlace {
    QRectF cells;
    QSizeF cell;

    QRectF rect(int slot, int code) const {
        return {cells.left() + code * cell.width(), cells.top() + slot * cell.height(), cell.width(), cell.height()};
    }
};

/// Whole px where that gives away little.
double usageCell(double exact) {
    return exact >= 4 ? std::floor(exact) : exact;
}

UsagePlace usagePlace(const QRectF& room, const BottleneckShape& shape) {
    const Theme& theme = Theme::instance();
    const QRectF inner = room.adjusted(theme.px(usageLeft), theme.px(usageTop), -theme.px(usageRight), -theme.px(usageBottom));
    const double width = usageCell(std::max(1.0, inner.width() / std::max(1, shape.codes)));
    const double most = std::max(1.0, inner.height() / std::max(1, shape.slotCount));
    const double height = usageCell(std::min<double>(most, theme.px(usageMostRow)));
    return {QRectF(inner.topLeft(), QSizeF(width * shape.codes, height * shape.slotCount)), {width, height}};
}

double usageShare(const codes::CodeReport& report, int slot, int code) {
    const int count = report.usage[static_cast<std::size_t>(slot)].counts[static_cast<std::size_t>(code)];
    return report.sequences > 0 ? static_cast<double>(count) / report.sequences : 0;
}

void usageText(QPainter& painter, const QRectF& room, Qt::Alignment side, const QString& text, Role role, bool bold = false) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption, bold));
    painter.setPen(theme.color(role));
    painter.drawText(room, side | Qt::AlignVCenter, text);
}

void paintUsageNames(QPainter& painter, const QRectF& room, const UsageScene& scene, const UsagePlace& place) {
    const Theme& theme = Theme::instance();
    const codes::CodeReport& report = *scene.report;
    const double label = theme.px(usageLabelRoom), gap = theme.px(8), right = place.cells.right() + gap;
    const QRectF line(room.left(), room.top() + theme.px(2), place.cells.left() - room.left() - gap, theme.px(usageTop - 3));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, line, Qt::AlignRight, UsageMap::tr("slot"));
    const QRectF entropies(right, line.top(), theme.px(usageRight - 12), line.height());
    drawFormula(painter, entropies, Qt::AlignRight, QStringLiteral("e^{H}"));
    const int columns = niceStep(1.7 * label / place.cell.width()), rows = niceStep(label / place.cell.height());
    for (int code = 0; code < report.shape.codes; code += columns) {
        const QRectF cell = place.rect(0, code);
        usageText(painter, {cell.center().x() - label, line.top(), 2 * label, line.height()}, Qt::AlignHCenter, QString::number(code),
                  Role::muted);
    }
    for (int slot = 0; slot < report.shape.slotCount; slot += rows) {
        const QRectF cell = place.rect(slot, 0);
        const auto beside = [&](double left, double width) { return QRectF(left, cell.center().y() - label, width, 2 * label); };
        const bool chosen = slot == scene.slot;
        const codes::SlotUsage& usage = report.usage[static_cast<std::size_t>(slot)];
        usageText(painter, beside(room.left(), line.width()), Qt::AlignRight, QString::number(slot), chosen ? Role::accent : Role::muted,
                  chosen);
        usageText(painter, beside(right, entropies.width()), Qt::AlignRight, fixed(usage.perplexity(), 1), Role::text, usage.unused() > 0);
    }
}

void paintUsageCells(QPainter& painter, const UsageScene& scene, const UsagePlace& place) {
    const Theme& theme = Theme::instance();
    const codes::CodeReport& report = *scene.report;
    const ColorScaling scaling = usageScaling(report);
    const double gapX = place.cell.width() >= theme.px(usageGapFrom) ? 1 : 0, gapY = place.cell.height() >= theme.px(usageGapFrom) ? 1 : 0;
    drawFrame(painter, place.cells.adjusted(-1, -1, 1 - gapX, 1 - gapY), 0, theme.color(Role::hairline));
    for (int slot = 0; slot < report.shape.slotCount; ++slot)
        for (int code = 0; code < report.shape.codes; ++code)
            painter.fillRect(place.rect(slot, code).adjusted(0, 0, -gapX, -gapY),
                             QColor::fromRgb(scaling.color(usageShare(report, slot, code))));
    if (static_cast<int>(scene.code.size()) != report.shape.slotCount) return;
    for (int slot = 0; slot < report.shape.slotCount; ++slot) {
        const QRectF own = place.rect(slot, scene.code[static_cast<std::size_t>(slot)]).adjusted(0, 0, -gapX, -gapY);
        drawFrame(painter, own, 0, theme.color(Role::text), Qt::transparent, 1.5 * theme.scale());
    }
}

}  // namespace

ColorScaling usageScaling(const codes::CodeReport& report) {
    double most = 0;
    for (int slot = 0; slot < report.shape.slotCount; ++slot)
        for (int code = 0; code < report.shape.codes; ++code) most = std::max(most, usageShare(report, slot, code));
    for (const double high : {0.1, 0.2, 0.5})
        if (most <= high) return {ColorMap::Kind::trace, 0, high};
    return {ColorMap::Kind::trace, 0, 1};
}

UsageMap::UsageMap(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    describe();
}

void UsageMap::setScene(UsageScene scene) {
    m_scene = std::move(scene);
    if (m_scene.report) {
        m_slot = std::clamp(m_slot, 0, m_scene.report->shape.slotCount - 1);
        m_code = std::clamp(m_code, 0, m_scene.report->shape.codes - 1);
    }
    describe();
    updateGeometry();
    update();
}

void UsageMap::setEmptyText(const QString& text) {
    m_emptyText = text;
    describe();
    update();
}

QRectF UsageMap::cellRect(int slot, int code) const {
    return m_scene.report ? usagePlace(rect(), m_scene.report->shape).rect(slot, code) : QRectF();
}

double UsageMap::heightOf(int slotCount) {
    return usageTop + usageBottom + usageUsualRow * std::max(1, slotCount);
}

QSize UsageMap::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(420), theme.px(heightOf(m_scene.report ? m_scene.report->shape.slotCount : 8))};
}

QSize UsageMap::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    const int rows = m_scene.report ? m_scene.report->shape.slotCount : 8;
    return {theme.px(usageLeft + usageRight + 100), theme.px(usageTop + usageBottom + std::max(80, usageLeastRow * rows))};
}

void UsageMap::paint(QPainter& painter, const QRectF& room, const UsageScene& scene) {
    const UsagePlace place = usagePlace(room, scene.report->shape);
    paintUsageNames(painter, room, scene, place);
    paintUsageCells(painter, scene, place);
}

void UsageMap::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::screen));
    if (!m_scene.report) return paintEmpty(painter, rect(), m_emptyText);
    paint(painter, rect(), m_scene);
    if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, cellRect(m_slot, m_code), 0);
}

bool UsageMap::cellAt(const QPointF& point, int& slot, int& code) const {
    if (!m_scene.report) return false;
    const UsagePlace place = usagePlace(rect(), m_scene.report->shape);
    if (point.y() < place.cells.top() || point.y() >= place.cells.bottom()) return false;
    slot = static_cast<int>((point.y() - place.cells.top()) / place.cell.height());
    code = static_cast<int>(std::floor((point.x() - place.cells.left()) / place.cell.width()));
    return slot < m_scene.report->shape.slotCount;
}

void UsageMap::moveTo(int slot, int code) {
    const BottleneckShape& shape = m_scene.report->shape;
    m_slot = std::clamp(slot, 0, shape.slotCount - 1);
    m_code = std::clamp(code, 0, shape.codes - 1);
    describe();
    update();
}

/// On a row's names too: they take its slot in hand.
void UsageMap::mousePressEvent(QMouseEvent* event) {
    int slot = 0, code = 0;
    if (!cellAt(event->position(), slot, code)) return QWidget::mousePressEvent(event);
    moveTo(slot, code < 0 || code >= m_scene.report->shape.codes ? m_code : code);
    emit slotChosen(slot);
}

bool UsageMap::takesKey(int key) const {
    return m_scene.report && (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down ||
                              key == Qt::Key_Home || key == Qt::Key_End || key == Qt::Key_Return || key == Qt::Key_Enter);
}

void UsageMap::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (!takesKey(key)) return QWidget::keyPressEvent(event);
    if (key == Qt::Key_Return || key == Qt::Key_Enter) return emit slotChosen(m_slot);
    if (key == Qt::Key_Home) return moveTo(m_slot, 0);
    if (key == Qt::Key_End) return moveTo(m_slot, m_scene.report->shape.codes - 1);
    moveTo(m_slot + (key == Qt::Key_Down) - (key == Qt::Key_Up), m_code + (key == Qt::Key_Right) - (key == Qt::Key_Left));
}

void UsageMap::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void UsageMap::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

bool UsageMap::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && takesKey(static_cast<QKeyEvent*>(event)->key())) {
        event->accept();
        return true;
    }
    if (event->type() != QEvent::ToolTip || !m_scene.report) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    int slot = 0, code = 0;
    if (!cellAt(help->pos(), slot, code)) return QWidget::event(event);
    QToolTip::showText(help->globalPos(), words(slot, code), this);
    return true;
}

/// Of a code that there is none of: what the slot is worth.
QString UsageMap::words(int slot, int code) const {
    const codes::CodeReport& report = *m_scene.report;
    const codes::SlotUsage& usage = report.usage[static_cast<std::size_t>(slot)];
    if (code < 0 || code >= report.shape.codes)
        return tr("Slot %1: its codes tell as much as %2 codes used alike (e to the entropy H); %3 are left unused")
            .arg(QString::number(slot), fixed(usage.perplexity(), 1), QString::number(usage.unused()));
    return tr("Slot %1, code %2: %3 of %4 sequences, %5")
        .arg(QString::number(slot), QString::number(code), grouped(usage.counts[static_cast<std::size_t>(code)]), grouped(report.sequences),
             percent(usageShare(report, slot, code)));
}

void UsageMap::describe() {
    describePicture(this, tr("Usage of the codes"), m_scene.report ? words(m_slot, m_code) : m_emptyText);
}

UsageScale::UsageScale(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    describePicture(this, tr("Colour scale of the share of sequences"));
}

void UsageScale::setScaling(const ColorScaling& scaling) {
    m_scaling = scaling;
    describePicture(this, tr("Colour scale of the share of sequences"), tr("0 to %1").arg(percent(scaling.high, 0)));
    update();
}

QSize UsageScale::sizeHint() const {
    return {Theme::instance().px(usageScaleWidth), Theme::instance().px(usageScaleHeight)};
}

void UsageScale::paint(QPainter& painter, const QRectF& room, const ColorScaling& scaling) {
    const Theme& theme = Theme::instance();
    const double width = theme.px(usageScaleBarWidth);
    const QRectF bar(room.center().x() - width / 2, room.top() + theme.px(1), width, theme.px(usageScaleBarHeight));
    constexpr int steps = 64;
    for (int i = 0; i < steps; ++i) {
        const double left = bar.left() + bar.width() * i / steps, right = bar.left() + bar.width() * (i + 1) / steps;
        painter.fillRect(QRectF(left, bar.top(), right - left, bar.height()),
                         QColor::fromRgb(scaling.color(scaling.low + (scaling.high - scaling.low) * (i + 0.5) / steps)));
    }
    drawFrame(painter, bar, 0, theme.color(Role::controlBorder));
    for (const double share : {0.0, 0.5, 1.0}) {
        const QRectF at(bar.left() + share * bar.width() - theme.px(20), bar.bottom(), theme.px(40), room.bottom() - bar.bottom());
        usageText(painter, at, Qt::AlignHCenter, share > 0 ? cellNumber(share * scaling.high) : QStringLiteral("0"), Role::muted);
    }
}

void UsageScale::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint(painter, rect(), m_scaling);
}

}  // namespace lab
