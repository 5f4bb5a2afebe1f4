#include "ui/widgets/plot_legend.h"

#include <QPainter>
#include <cmath>

#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {

PlotLegend::PlotLegend(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
}

void PlotLegend::setEntries(std::vector<Entry> entries) {
    const QSize before = sizeHint();
    m_entries = std::move(entries);
    if (sizeHint() != before) updateGeometry();
    update();
}

double PlotLegend::widthOf(const Entry& entry) const {
    const Theme& theme = Theme::instance();
    const QFont plain = theme.font(TextSize::text), bold = theme.font(TextSize::text, true);
    double width = theme.px(22 + 6 + 12) + textWidth(plain, entry.name);
    if (!entry.value.isEmpty()) width += textWidth(bold, entry.value) + theme.px(5);
    if (!entry.verdict.isEmpty()) width += textWidth(bold, entry.verdict) + theme.px(5);
    return width;
}

QSize PlotLegend::sizeHint() const {
    double width = 0;
    for (const Entry& entry : m_entries) width += widthOf(entry);
    return {static_cast<int>(std::ceil(width)), Theme::instance().px(20)};
}

void PlotLegend::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    double x = std::max(width() - sizeHint().width(), 0) + theme.px(8);
    for (const Entry& entry : m_entries) {
        const double middle = height() / 2.0, next = x + widthOf(entry);
        if (next > width() + theme.px(12)) return;  // half a name says nothing
        if (entry.band) {
            QColor fill = theme.color(entry.role);
            fill.setAlphaF(0.25F);
            painter.fillRect(QRectF(x, middle - theme.px(5), theme.px(22), theme.px(10)), fill);
        } else {
            painter.setPen(seriesPen(entry.role, 2.2));
            painter.drawLine(QPointF(x, middle), QPointF(x + theme.px(22), middle));
        }
        x += theme.px(28);
        const auto put = [&](const QString& text, bool bold, Role role) {
            if (text.isEmpty()) return;
            painter.setFont(theme.font(TextSize::text, bold));
            painter.setPen(theme.color(role));
            painter.drawText(QRectF(x, 0, 1000, height()), Qt::AlignLeft | Qt::AlignVCenter, text);
            x += textWidth(painter.font(), text) + theme.px(5);
        };
        put(entry.name, false, entry.band ? Role::muted : Role::text);
        put(entry.value, true, Role::text);
        put(entry.verdict, true, Role::wrong);
        x = next;
    }
}

}  // namespace lab
