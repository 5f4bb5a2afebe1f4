#include "ui/pages/codes/code_bits.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int codeBitsLine = 22, codeBitsGap = 6, codeBitsBarHeight = 12, codeBitsValueWidth = 48, codeBitsNameMost = 150,
              codeBitsBarLeast = 60;

}  // namespace

CodeBits::CodeBits(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    describe();
}

void CodeBits::setReport(std::shared_ptr<const codes::CodeReport> report) {
    m_report = std::move(report);
    describe();
    update();
}

void CodeBits::setEmptyText(const QString& text) {
    m_emptyText = text;
    describe();
    update();
}

std::vector<CodeBits::Bar> CodeBits::barsOf(const codes::CodeReport& report) {
    const bool alphabet = report.needed.by == codes::NeededBy::alphabet;
    // 2^perSymbol symbols; n of them.
    const int symbols = static_cast<int>(std::lround(std::exp2(report.needed.perSymbol)));
    const QString needed = alphabet ? tr("needed, %1 log\u2082 %2").arg(report.needed.length).arg(symbols)
                                    : tr("needed, log\u2082 %1").arg(grouped(std::llround(std::exp2(report.needed.bits))));
    const QString room = tr("room, %1 log\u2082 %2").arg(report.shape.slotCount).arg(report.shape.codes);
    const QString used = tr("used, \u03A3 log\u2082 e^{H}");
    return {{needed, needed, report.needed.bits}, {room, room, report.bitsRoom}, {plainFormula(used), used, report.bitsUsed, true}};
}

QSize CodeBits::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(280), theme.px(3 * codeBitsLine + codeBitsGap)};
}

QSize CodeBits::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(180), theme.px(3 * codeBitsLine + codeBitsGap)};
}

void CodeBits::paint(QPainter& painter, const QRectF& room, const codes::CodeReport& report) {
    const Theme& theme = Theme::instance();
    const std::vector<Bar> bars = barsOf(report);
    double most = 1e-9, names = 0;
    for (const Bar& bar : bars) {
        most = std::max(most, bar.bits);
        names = std::max(names, formulaWidth(theme.font(TextSize::text, bar.strong), bar.formula));
    }
    const QRectF inner = room.adjusted(0, theme.px(codeBitsGap), 0, 0);
    const double value = theme.px(codeBitsValueWidth), gap = theme.px(codeBitsGap);
    const double mostNames = std::max<double>(0, inner.width() - value - 2 * gap - theme.px(codeBitsBarLeast));
    names = std::min({names + 1, mostNames, static_cast<double>(theme.px(codeBitsNameMost))});
    const double left = inner.left() + names + gap, width = std::max(1.0, inner.width() - names - value - 2 * gap);
    double top = inner.top();
    for (const Bar& bar : bars) {
        painter.setFont(theme.font(TextSize::text, bar.strong));
        painter.setPen(theme.color(bar.strong ? Role::text : Role::muted));
        drawElidedFormula(painter, {inner.left(), top, names, double(theme.px(codeBitsLine))}, Qt::AlignLeft, bar.formula);
        const double high = theme.px(codeBitsBarHeight), barTop = top + (theme.px(codeBitsLine) - high) / 2;
        painter.fillRect(QRectF(left, barTop, width, high), theme.color(Role::track));
        painter.fillRect(QRectF(left, barTop, width * bar.bits / most, high), theme.color(Role::series1));
        const double needed = left + width * std::min(1.0, report.needed.bits / most);
        painter.setPen(QPen(theme.color(Role::text), 1.5 * theme.scale(), Qt::DotLine, Qt::FlatCap));
        painter.drawLine(QPointF(needed, barTop), QPointF(needed, barTop + high));
        painter.setFont(theme.font(TextSize::text, true));
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(inner.right() - value, top, value, theme.px(codeBitsLine)), Qt::AlignRight | Qt::AlignVCenter,
                         fixed(bar.bits, 1));
        top += theme.px(codeBitsLine);
    }
}

void CodeBits::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    if (!m_report) return paintEmpty(painter, rect(), m_emptyText, 8);
    paint(painter, rect(), *m_report);
}

void CodeBits::describe() {
    QStringList words;
    if (m_report)
        for (const Bar& bar : barsOf(*m_report)) words << bar.name + QLatin1Char(' ') + fixed(bar.bits, 1);
    describePicture(this, tr("Bits of the code"), m_report ? words.join(QStringLiteral(", ")) : m_emptyText);
}

}  // namespace lab
