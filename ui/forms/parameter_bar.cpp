#include "ui/forms/parameter_bar.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>
#include <array>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int numberHeight = 24;
constexpr int barHeight = 10;
constexpr int captionHeight = 16;
constexpr int parameterBarMargin = 8;

/// Steps 0.35, 0.55 and 0.75 of the sequential colour map (LOOK.md 3): neighbours differ, more is darker on light and lighter on dark.
struct Shade {
    QRgb light;
    QRgb dark;
};
constexpr std::array<Shade, 3> shades = {{{0xFF4DB5E8, 0xFF025A8E}, {0xFF0282C6, 0xFF1790BB}, {0xFF005094, 0xFF70C3D7}}};

QColor shadeColor(int shade) {
    const Shade& both = shades[static_cast<std::size_t>(shade)];
    return QColor::fromRgb(Theme::instance().dark() ? both.dark : both.light);
}

}  // namespace

ParameterBar::ParameterBar(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Parameters"));
}

void ParameterBar::setGroups(const std::optional<ParameterGroups>& groups, std::size_t active) {
    m_stale = !groups;
    if (groups) {
        m_groups = groups;
        m_active = active;
    }
    setAccessibleDescription(describe());
    update();
}

QSize ParameterBar::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(200), theme.px(6 + numberHeight + barHeight + 2 + captionHeight)};
}

std::vector<ParameterBar::Share> ParameterBar::shares() const {
    const ParameterGroups& g = *m_groups;
    std::vector<Share> shares{
        {tr("embedding"), {}, g.embedding, 0},
        g.mixing > 0 ? Share{tr("mixing net"), tr("mixing"), g.mixing, 2} : Share{tr("attention"), tr("attention"), g.attention, 2},
        {tr("feed-forward"), tr("feed-fwd"), g.feedForward, 1}};
    if (g.halting > 0) shares.push_back({tr("halting unit"), {}, g.halting, 0});
    if (g.bottleneck > 0) shares.push_back({tr("bottleneck"), {}, g.bottleneck, 0});
    shares.push_back({tr("norms"), {}, g.norm, 2});
    shares.push_back({tr("output"), tr("out"), g.output, 0});
    return shares;
}

QString ParameterBar::describe() const {
    if (!m_groups) return tr("Not known yet.");
    QStringList parts;
    for (const Share& share : shares()) parts << share.name + QLatin1Char(' ') + grouped(static_cast<std::int64_t>(share.count));
    QString sum = grouped(static_cast<std::int64_t>(m_groups->total())) + QStringLiteral(" = ") + parts.join(QStringLiteral(" + "));
    if (m_active > 0 && m_active < m_groups->total())
        sum = tr("%1; one token goes through %2 of them").arg(sum, grouped(static_cast<std::int64_t>(m_active)));
    return m_stale ? tr("%1, before the last changes.").arg(sum) : sum;
}

bool ParameterBar::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const QString text =
            QStringLiteral("<p><b>%1</b></p><p>%2</p>").arg(tr("Parameters: the numbers that training changes"), describe());
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text, this);
        return true;
    }
    return QWidget::event(event);
}

void ParameterBar::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const QRectF inside = QRectF(rect()).adjusted(theme.px(parameterBarMargin), theme.px(6), -theme.px(parameterBarMargin), 0);
    const QRectF top(inside.left(), inside.top(), inside.width(), theme.px(numberHeight));
    painter.setFont(theme.font(TextSize::text));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(top, Qt::AlignLeft | Qt::AlignVCenter, tr("Parameters"));
    painter.setFont(theme.font(TextSize::meter, true));
    painter.setPen(m_stale ? faded(theme.color(Role::text)) : theme.color(Role::text));
    const QString number = m_groups ? grouped(static_cast<std::int64_t>(m_groups->total())) : QString(QChar(0x2013));
    painter.drawText(top, Qt::AlignRight | Qt::AlignVCenter, number);

    const QRectF bar(inside.left(), top.bottom(), inside.width(), theme.px(barHeight));
    paintBar(painter, bar);
    paintCaptions(painter, {inside.left(), bar.bottom() + theme.px(2), inside.width(), static_cast<double>(theme.px(captionHeight))});
}

void ParameterBar::paintBar(QPainter& painter, const QRectF& bar) const {
    const Theme& theme = Theme::instance();
    if (!m_groups) {
        painter.fillRect(bar, theme.color(Role::track));
        return;
    }
    if (m_stale) painter.setOpacity(0.45);
    const double gap = theme.px(2), total = static_cast<double>(m_groups->total());
    double x = bar.left();
    for (const Share& share : shares()) {
        const double width = bar.width() * static_cast<double>(share.count) / total;
        const bool last = x + width > bar.right() - gap;
        painter.fillRect(QRectF(x, bar.top(), qMax(1.0, width - (last ? 0 : gap)), bar.height()), shadeColor(share.shade));
        x += width;
    }
    painter.setOpacity(1);
}

void ParameterBar::paintCaptions(QPainter& painter, const QRectF& line) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(m_stale ? faded(theme.color(Role::muted)) : theme.color(Role::muted));
    if (!m_groups) return;
    QStringList whole, rounded;
    for (const Share& share : shares()) {
        if (share.caption.isEmpty()) continue;
        whole << share.caption + QLatin1Char(' ') + grouped(static_cast<std::int64_t>(share.count));
        rounded << share.caption + QLatin1Char(' ') + compact(static_cast<double>(share.count));
    }
    // Rounded where the whole numbers would run into each other; the tool tip has them all.
    const bool fits = textWidth(painter.font(), whole.join(QStringLiteral("   "))) <= line.width();
    const QStringList& texts = fits ? whole : rounded;
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, texts[0]);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, texts[2]);
    // In the middle of what the outer two leave.
    const QRectF between = line.adjusted(textWidth(painter.font(), texts[0]), 0, -textWidth(painter.font(), texts[2]), 0);
    drawElided(painter, between.adjusted(theme.px(4), 0, -theme.px(4), 0), Qt::AlignHCenter, texts[1]);
}

}  // namespace lab
