#include "ui/widgets/table/sort_header.h"

#include <QPainter>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int sortHeaderHeaderHeight = 22;
constexpr int sortHeaderPadding = 6;

}  // namespace

SortHeader::SortHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setSectionsClickable(true);
    setSectionResizeMode(QHeaderView::Fixed);
    setMinimumSectionSize(1);
    followTheme(this, &SortHeader::applyMeasures);
}

void SortHeader::applyMeasures() {
    setFixedHeight(Theme::instance().px(sortHeaderHeaderHeight));
}

void SortHeader::setSorted(int column, bool ascending) {
    m_column = column;
    m_ascending = ascending;
    viewport()->update();
}

void SortHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    const Theme& theme = Theme::instance();
    const bool sorted = section == m_column;
    painter->fillRect(rect, theme.color(Role::screen));
    drawHairline(*painter, QPointF(rect.left(), rect.bottom()), QPointF(rect.right() + 1, rect.bottom()), theme.color(Role::hairline));
    const QString arrow = !sorted ? QString() : m_ascending ? QStringLiteral(" \u25B4") : QStringLiteral(" \u25BE");
    painter->setFont(theme.font(TextSize::caption, sorted));
    painter->setPen(theme.color(sorted ? Role::text : Role::muted));
    const QRect room = rect.adjusted(theme.px(sortHeaderPadding), 0, -theme.px(sortHeaderPadding), 0);
    const QString title = model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
    const int left = room.width() - textWidth(painter->font(), arrow);
    const QString text = QFontMetrics(painter->font()).elidedText(title, Qt::ElideRight, left) + arrow;
    const auto side = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).value<Qt::Alignment>();
    painter->drawText(room, side | Qt::AlignVCenter, text);
}

}  // namespace lab
