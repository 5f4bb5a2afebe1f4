#include "ui/widgets/plot_legend.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

constexpr int rowHeight = 20;  // logical px at 100 %

}  // namespace

PlotLegend::PlotLegend(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
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

int PlotLegend::columns() const {
    return (static_cast<int>(m_entries.size()) + m_rows - 1) / m_rows;
}

double PlotLegend::columnWidth() const {
    double width = 0;
    for (const Entry& entry : m_entries) width = std::max(width, widthOf(entry));
    return width;
}

void PlotLegend::setRows(int rows) {
    m_rows = rows;
    updateGeometry();
    update();
}

QSize PlotLegend::sizeHint() const {
    double width = 0;
    for (const Entry& entry : m_entries) width += widthOf(entry);
    if (m_rows > 1) width = columns() * columnWidth();
    return {static_cast<int>(std::ceil(width)), Theme::instance().px(rowHeight * m_rows)};
}

void PlotLegend::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const double left = std::max(width() - sizeHint().width(), 0) + theme.px(8), end = width() + theme.px(12);
    const bool bands = sizeHint().width() <= width();  // of too much the bands go first: they show what they are
    double x = left;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (m_entries[i].band && !bands) continue;
        const int row = m_rows == 1 ? 0 : static_cast<int>(i) / columns();
        if (m_rows > 1) x = left + static_cast<int>(i) % columns() * columnWidth();
        const double next = x + widthOf(m_entries[i]);
        if (next <= end)
            paintEntry(painter, m_entries[i], x, row * theme.px(rowHeight));
        else if (m_rows == 1)
            return;  // half a name says nothing
        x = next;
    }
}

void PlotLegend::paintEntry(QPainter& painter, const Entry& entry, double x, double top) const {
    const Theme& theme = Theme::instance();
    const double row = theme.px(rowHeight), middle = top + row / 2;
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
        painter.drawText(QRectF(x, top, 1000, row), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += textWidth(painter.font(), text) + theme.px(5);
    };
    put(entry.name, false, entry.band ? Role::muted : Role::text);
    put(entry.value, true, Role::text);
    put(entry.verdict, true, Role::wrong);
}

}  // namespace lab
