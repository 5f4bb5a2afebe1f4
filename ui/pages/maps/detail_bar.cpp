#include "ui/pages/maps/detail_bar.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr double step = 1.25;

/// "120 – 260"
QString range(int first, int end) {
    return QStringLiteral("%1\u2013%2").arg(grouped(first), grouped(end - 1));
}

}  // namespace

DetailBar::DetailBar(Map& map, QWidget* parent)
    : QWidget(parent),
      m_map(map),
      m_text(new ThemedLabel({}, TextSize::caption, Role::muted)),
      m_pooling(named("maps.detail.pooling", new SegmentedControl({tr("strongest"), tr("mean")}, tr("Several cells in one dot")))),
      m_closer(named("maps.detail.closer", new Button(tr("+")))),
      m_farther(named("maps.detail.farther", new Button(QStringLiteral("\u2212")))),
      m_all(named("maps.detail.whole", new Button(tr("Whole")))) {
    m_pooling->setHeight(20);
    for (Button* button : {m_farther, m_closer, m_all}) button->setHeight(20);
    m_closer->setToolTip(tr("Larger cells (+, or the wheel)"));
    m_closer->setAccessibleName(tr("Larger cells"));
    m_farther->setToolTip(tr("Smaller cells (\u2212, or the wheel)"));
    m_farther->setAccessibleName(tr("Smaller cells"));
    m_all->setToolTip(tr("All cells (0). Drag the map, or Shift with the arrow keys, to look around"));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_pooling);
    row->addStretch();
    for (Button* button : {m_farther, m_closer, m_all}) row->addWidget(button);
    auto* lines = new QVBoxLayout(this);
    lines->addWidget(m_text);
    lines->addLayout(row);
    connect(m_pooling, &SegmentedControl::chosen, this, [this](int choice) {
        m_map.setPooling(choice == 0 ? Pooling::strongest : Pooling::mean);
        follow();
    });
    connect(m_closer, &QAbstractButton::clicked, this, [this] { m_map.zoom(step); });
    connect(m_farther, &QAbstractButton::clicked, this, [this] { m_map.zoom(1.0 / step); });
    connect(m_all, &QAbstractButton::clicked, this, [this] { m_map.showAll(); });
    connect(&m_map, &Map::layoutChanged, this, &DetailBar::follow);
    keepSpacing(lines, {8, 0, 8, 2}, 2);
}

QString DetailBar::text() const {
    return m_text->text();
}

void DetailBar::follow() {
    const MapData& table = m_map.data();
    const int cells = m_map.cellsPerDot();
    const bool zoomed = !m_map.view().whole();
    QStringList parts;
    if (cells > 1)
        parts << (m_map.pooling() == Pooling::strongest ? tr("one dot = the strongest of %1 \u00D7 %1 cells").arg(cells)
                                                        : tr("one dot = the mean of %1 \u00D7 %1 cells").arg(cells));
    if (zoomed && !table.empty()) {
        const QRectF seen = m_map.seenCells();
        parts << tr("queries %1, keys %2 of %3")
                     .arg(range(static_cast<int>(seen.top()), std::min(table.rows, static_cast<int>(std::ceil(seen.bottom() - 1e-6)))),
                          range(static_cast<int>(seen.left()), std::min(table.columns, static_cast<int>(std::ceil(seen.right() - 1e-6)))),
                          grouped(std::max(table.rows, table.columns)));
    } else if (!table.empty()) {
        parts << tr("%1 \u00D7 %2 cells").arg(grouped(table.rows), grouped(table.columns));
    }
    m_text->setText(parts.join(QStringLiteral(" \u00B7 ")));
    m_text->setToolTip(m_text->text());
    m_farther->setEnabled(zoomed);
    m_all->setEnabled(zoomed);
    for (int choice : {0, 1}) m_pooling->setChoiceEnabled(choice, cells > 1, tr("Every cell has its own dots here"));
    if (cells > 1) {
        m_pooling->setChoiceToolTip(0, tr("A dot has the colour of the cell farthest from zero: a thin line of weight never vanishes"));
        m_pooling->setChoiceToolTip(1, tr("A dot has the colour of the mean of its cells: how much weight lies there"));
    }
    const bool needed = !table.empty() && (zoomed || m_map.isLong());
    if (needed == m_needed) return;
    m_needed = needed;
    emit neededChanged();
}

}  // namespace lab
