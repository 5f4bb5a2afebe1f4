#include "ui/pages/explain/stage_rail.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int stageRailLeastRow = 22;
constexpr int stageRailMostRow = 36;

}  // namespace

StageRail::StageRail(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    describe();
}

void StageRail::setEntries(const std::vector<Entry>& entries) {
    if (entries == m_entries) return;
    m_entries = entries;
    updateGeometry();
    update();
}

void StageRail::setCurrent(int index) {
    if (index == m_current) return;
    m_current = index;
    describe();
    update();
}

void StageRail::describe() {
    const bool inside = m_current >= 0 && static_cast<std::size_t>(m_current) < m_entries.size();
    const Entry entry = inside ? m_entries[static_cast<std::size_t>(m_current)] : Entry{};
    describePicture(
        this, tr("Stages"),
        tr("%1 of %2: %3, %4").arg(m_current + 1).arg(m_entries.size()).arg(plainFormula(entry.symbol), plainFormula(entry.caption)));
}

QSize StageRail::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(120), static_cast<int>(m_entries.size()) * theme.px(stageRailLeastRow)};
}

double StageRail::rowHeight() const {
    const Theme& theme = Theme::instance();
    const double share = static_cast<double>(height()) / static_cast<double>(std::max<std::size_t>(m_entries.size(), 1));
    return std::clamp<double>(share, theme.px(stageRailLeastRow), theme.px(stageRailMostRow));
}

void StageRail::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry& entry = m_entries[i];
        const int index = static_cast<int>(i);
        const QRectF row(0, rowHeight() * index, width(), rowHeight());
        const bool on = index == m_current;
        if (on) {
            painter.fillRect(row, theme.color(Role::selection));
            painter.fillRect(QRectF(0, row.top(), theme.px(3), row.height()), theme.color(Role::accent));
        }
        if (i > 0 && entry.backward != m_entries[i - 1].backward)
            drawHairline(painter, row.topLeft(), row.topRight(), theme.color(Role::controlBorder));
        else if (i > 0 && entry.group != m_entries[i - 1].group)
            drawHairline(painter, row.topLeft() + QPointF(theme.px(8), 0), row.topRight(), theme.color(Role::hairline));
        painter.setFont(theme.font(TextSize::axis, on));
        painter.setPen(theme.color(index <= m_current ? Role::text : Role::muted));
        painter.drawText(QRectF(0, row.top(), theme.px(22), row.height()), Qt::AlignRight | Qt::AlignVCenter, QString::number(index + 1));
        painter.setPen(theme.color(Role::text));
        painter.setFont(theme.font(TextSize::text, on));
        drawFormula(painter, QRectF(theme.px(29), row.top(), theme.px(56), row.height()), Qt::AlignLeft, entry.symbol);
        const double beside = theme.px(29 + 6) + formulaWidth(painter.font(), entry.symbol);  // a word may be wider
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        const double left = std::max<double>(theme.px(86), beside);
        const QRectF place(left, row.top(), width() - left - theme.px(1), row.height());
        drawElidedFormula(painter, place, Qt::AlignLeft, entry.caption);
    }
}

void StageRail::mousePressEvent(QMouseEvent* event) {
    const int index = static_cast<int>(event->position().y() / rowHeight());
    if (index >= 0 && static_cast<std::size_t>(index) < m_entries.size()) emit chosen(index);
}

void StageRail::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_entries.size()) - 1;
    switch (event->key()) {
        case Qt::Key_Up:
            emit chosen(std::max(m_current - 1, 0));
            return;
        case Qt::Key_Down:
            emit chosen(std::min(m_current + 1, last));
            return;
        case Qt::Key_Home:
            emit chosen(0);
            return;
        case Qt::Key_End:
            emit chosen(last);
            return;
        default:
            event->ignore();
    }
}

}  // namespace lab
