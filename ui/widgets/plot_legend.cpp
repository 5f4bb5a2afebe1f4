#include "ui/widgets/plot_legend.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

constexpr int plotLegendRowHeight = 20, leastName = 36;  // logical px at 100 %

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

QString PlotLegend::shownName(const Entry& entry, const Fit& fit) const {
    const QFont font = Theme::instance().font(TextSize::text);
    return textWidth(font, entry.name) <= fit.longestName
               ? entry.name
               : QFontMetrics(font).elidedText(entry.name, Qt::ElideRight, static_cast<int>(fit.longestName));
}

PlotLegend::Fit PlotLegend::fit() const {
    const double room = width() + Theme::instance().px(4);  // the first is indented by 8, behind the last 12 stay free
    Fit fit;
    if (m_rows > 1 || widthOf(fit) <= room) return fit;
    fit.bands = false;
    if (widthOf(fit) <= room) return fit;
    fit.longestName = Theme::instance().px(leastName);
    fit.values = widthOf(fit) <= room;
    double least = 0, most = width();
    while (most - least > 0.5) {
        fit.longestName = (least + most) / 2;
        (widthOf(fit) <= room ? least : most) = fit.longestName;
    }
    fit.longestName = least;
    return fit;
}

QStringList PlotLegend::shownNames() const {
    QStringList names;
    for (const Entry& entry : m_entries)
        if (!entry.band || fit().bands) names << shownName(entry, fit());
    return names;
}

double PlotLegend::widthOf(const Fit& fit) const {
    double width = 0;
    for (const Entry& entry : m_entries)
        if (!entry.band || fit.bands) width += widthOf(entry, fit);
    return width;
}

double PlotLegend::widthOf(const Entry& entry, const Fit& fit) const {
    const Theme& theme = Theme::instance();
    const QFont plain = theme.font(TextSize::text), bold = theme.font(TextSize::text, true);
    double width = theme.px(fit.sample() + 6 + 12) + textWidth(plain, shownName(entry, fit));
    if (fit.values && !entry.value.isEmpty()) width += textWidth(bold, entry.value) + theme.px(5);
    if (!entry.verdict.isEmpty()) width += textWidth(bold, entry.verdict) + theme.px(5);
    return width;
}

int PlotLegend::columns() const {
    return (static_cast<int>(m_entries.size()) + m_rows - 1) / m_rows;
}

double PlotLegend::columnWidth() const {
    double width = 0;
    for (const Entry& entry : m_entries) width = std::max(width, widthOf(entry, {}));
    return width;
}

void PlotLegend::setRows(int rows) {
    m_rows = rows;
    updateGeometry();
    update();
}

QSize PlotLegend::sizeHint() const {
    const double width = m_rows > 1 ? columns() * columnWidth() : widthOf({});
    return {static_cast<int>(std::ceil(width)), Theme::instance().px(plotLegendRowHeight * m_rows)};
}

/// The whole of what a row has no room for.
bool PlotLegend::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        QStringList lines;
        for (const Entry& entry : m_entries) lines << QStringList({entry.name, entry.value}).join(QLatin1Char(' ')).trimmed();
        setToolTip(fit().bands ? QString() : lines.join(QLatin1Char('\n')));
    }
    return QWidget::event(event);
}

void PlotLegend::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const Fit fit = this->fit();
    const double left = std::max(width() - sizeHint().width(), 0) + theme.px(8), end = width() + theme.px(12);
    double x = left;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (m_entries[i].band && !fit.bands) continue;
        const int row = m_rows == 1 ? 0 : static_cast<int>(i) / columns();
        if (m_rows > 1) x = left + static_cast<int>(i) % columns() * columnWidth();
        const double next = x + widthOf(m_entries[i], fit);
        if (m_rows == 1 || next <= end) paintEntry(painter, m_entries[i], fit, x, row * theme.px(plotLegendRowHeight));
        x = next;
    }
}

void PlotLegend::paintEntry(QPainter& painter, const Entry& entry, const Fit& fit, double x, double top) const {
    const Theme& theme = Theme::instance();
    const double row = theme.px(plotLegendRowHeight), middle = top + row / 2;
    if (entry.band) {
        QColor fill = theme.color(entry.role);
        fill.setAlphaF(0.25F);
        painter.fillRect(QRectF(x, middle - theme.px(5), theme.px(fit.sample()), theme.px(10)), fill);
    } else {
        painter.setPen(seriesPen(entry.role, 2.2));
        painter.drawLine(QPointF(x, middle), QPointF(x + theme.px(fit.sample()), middle));
    }
    x += theme.px(fit.sample() + 6);
    const auto put = [&](const QString& text, bool bold, Role role) {
        if (text.isEmpty()) return;
        painter.setFont(theme.font(TextSize::text, bold));
        painter.setPen(theme.color(role));
        painter.drawText(QRectF(x, top, 1000, row), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += textWidth(painter.font(), text) + theme.px(5);
    };
    put(shownName(entry, fit), false, entry.band ? Role::muted : Role::text);
    if (fit.values) put(entry.value, true, Role::text);
    put(entry.verdict, true, Role::wrong);
}

}  // namespace lab
