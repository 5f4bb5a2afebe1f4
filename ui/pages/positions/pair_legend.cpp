#include "ui/pages/positions/pair_legend.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int rowHeight = 17;
constexpr int sampleWidth = 18;

QString degrees(double radians) {
    return fixed(radians * 180 / std::numbers::pi, 0) + QStringLiteral("\u00B0");
}

}  // namespace

PairLegend::PairLegend(RopeStudy& study, QWidget* parent) : QWidget(parent), m_study(study) {
    connect(&study, &RopeStudy::vectorsChanged, this, qOverload<>(&QWidget::update));
    connect(&study, &RopeStudy::positionsChanged, this, qOverload<>(&QWidget::update));
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

QSize PairLegend::sizeHint() const {
    return {Theme::instance().px(290), Theme::instance().px(3 * rowHeight + 12)};
}

QString PairLegend::turned(const QString& name, int position) const {
    const double theta = m_study.geometry().pairs()[static_cast<std::size_t>(m_study.pair())].theta;
    return QStringLiteral("%1: %2 \u03B8 = %3").arg(name).arg(position).arg(degrees(position * theta));
}

QString PairLegend::product() const {
    const RopeGeometry& geometry = m_study.geometry();
    const RopePair& p = geometry.pairs()[static_cast<std::size_t>(m_study.pair())];
    const double angle = geometry.angle(m_study.pair(), m_study.distance());
    const QString times = QStringLiteral(" \u00D7 ");
    QString text = fixed(p.queryLength * p.keyLength, 2) + times + fixed(std::cos(angle), 2);
    return text + attentionFactorText(geometry) + QStringLiteral(" / \u221A%1 = ").arg(geometry.headDim());
}

QString PairLegend::spoken() const {
    if (m_study.pairs() == 0) return {};
    const QString term = product() + signedFixed(m_study.geometry().term(m_study.pair(), m_study.distance()), 3);
    return tr("%1; %2; between them %3: %4")
        .arg(turned(QStringLiteral("q"), m_study.queryPosition()), turned(QStringLiteral("k"), m_study.keyPosition()),
             degrees(m_study.geometry().angle(m_study.pair(), m_study.distance())), term);
}

void PairLegend::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, {0, 0}, QPointF(width(), 0), theme.color(Role::hairline));
    if (m_study.pairs() == 0) return;
    const auto put = [&](double x, int line, Role sample, const QString& text, const QString& bold) {
        const double top = theme.px(4 + line * rowHeight), middle = top + theme.px(rowHeight) / 2.0;
        painter.fillRect(QRectF(x, middle - theme.px(1.5), theme.px(sampleWidth), theme.px(3)), theme.color(sample));
        painter.setPen(theme.color(Role::text));
        painter.setFont(theme.font(TextSize::text));
        const double at = x + theme.px(sampleWidth + 6);
        painter.drawText(QRectF(at, top, width(), theme.px(rowHeight)), Qt::AlignLeft | Qt::AlignVCenter, text);
        const double used = textWidth(painter.font(), text);
        painter.setFont(theme.font(TextSize::text, true));
        painter.drawText(QRectF(at + used, top, width(), theme.px(rowHeight)), Qt::AlignLeft | Qt::AlignVCenter, bold);
    };
    const auto halves = [](const QString& text) {
        const qsizetype at = text.lastIndexOf(QLatin1Char(' ')) + 1;
        return std::pair(text.left(at), text.mid(at));
    };
    const auto [qText, qBold] = halves(turned(QStringLiteral("q"), m_study.queryPosition()));
    const auto [kText, kBold] = halves(turned(QStringLiteral("k"), m_study.keyPosition()));
    put(theme.px(10), 0, Role::series3, qText, qBold);
    put(width() / 2.0 + theme.px(2), 0, Role::series4, kText, kBold);
    const RopeGeometry& geometry = m_study.geometry();
    const QString angle = degrees(geometry.angle(m_study.pair(), m_study.distance()));
    put(theme.px(10), 1, Role::text, angle + QStringLiteral(": ") + product(),
        signedFixed(geometry.term(m_study.pair(), m_study.distance()), std::max(m_study.decimals(), 3)));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    QString key = tr("dashed: before rotation \u00B7 dots: one position each");
    if (textWidth(painter.font(), key) > width() - theme.px(20)) key = tr("dashed: before rotation \u00B7 dots: positions");
    painter.drawText(QRectF(theme.px(10), theme.px(4 + 2 * rowHeight), width() - theme.px(20), theme.px(rowHeight)),
                     Qt::AlignLeft | Qt::AlignVCenter, key);
}

}  // namespace lab
