#include "ui/pages/sweeps/heat_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double leastCellWidth = 34, mostCellWidth = 150, leastCellHeight = 22, mostCellHeight = 52;
constexpr double captionHeight = 16, labelHeight = 18, gap = 6;

QString value(const std::string& text) {
    return QString::fromStdString(text);
}

/// The keys' names stand at the corner: rows' below columns'.
double labelWidth(const HeatScene& scene) {
    const Theme& theme = Theme::instance();
    int width = textWidth(theme.font(TextSize::caption), scene.rowName);
    for (const std::string& row : scene.table.rows) width = std::max(width, textWidth(theme.font(TextSize::axis), value(row)));
    return width + theme.px(gap + 2);
}

void paintCell(QPainter& painter, const HeatScene& scene, const RowGroup& group, const QRectF& cell) {
    const Theme& theme = Theme::instance();
    const double dot = 1;
    const QRectF inside = cell.adjusted(0, 0, -dot, -dot);
    if (!group.mean) {
        painter.setPen(theme.color(group.diverged > 0 ? Role::wrong : Role::muted));
        painter.setFont(theme.font(TextSize::caption));
        const QString text = group.rows == 0      ? QStringLiteral("\u2013")
                             : group.diverged > 0 ? QStringLiteral("\u00D7")
                                                  : QStringLiteral("\u2013");
        painter.drawText(inside, Qt::AlignCenter, text);
        return;
    }
    const double shown = *group.mean * scene.number.factor;
    const QRgb color = scene.scaling.color(shown);
    painter.fillRect(inside, QColor(color));
    painter.setFont(theme.font(TextSize::axis));
    const QString text = scene.number.written(shown);
    if (textWidth(painter.font(), text) + 4 > inside.width()) return;
    painter.setPen(ColorMap::ink(color));
    const bool roomForCount = inside.height() >= theme.px(34);
    painter.drawText(roomForCount ? inside.adjusted(0, theme.px(2), 0, -theme.px(14)) : inside, Qt::AlignCenter, text);
    if (!roomForCount) return;
    painter.setFont(theme.font(TextSize::caption));
    QString count = HeatView::tr("n %1").arg(group.numbers.size());
    if (group.diverged > 0) count = HeatView::tr("%1, %2 div.").arg(count).arg(group.diverged);
    if (textWidth(painter.font(), count) + 4 <= inside.width())
        painter.drawText(inside.adjusted(0, theme.px(16), 0, -theme.px(1)), Qt::AlignCenter, count);
}

}  // namespace

QString HeatScene::describe(std::size_t row, std::size_t column) const {
    const RowGroup& group = table.cell(row, column);
    QString where = QStringLiteral("%1 %2").arg(rowName, value(table.rows[row]));
    if (!columnName.isEmpty()) where += QStringLiteral(", %1 %2").arg(columnName, value(table.columns[column]));
    const QString diverged = group.diverged > 0 ? HeatView::tr("%n diverged.", nullptr, group.diverged) : QString();
    if (group.rows == 0) return HeatView::tr("%1: no runs").arg(where);
    if (!group.mean) return sentences({HeatView::tr("%1: no number.").arg(where), diverged});
    const bool several = group.numbers.size() > 1;
    Message text = Message(several ? LAB_PLURAL("sweeps", "%1: %2 %3, mean of %n run(s), \u00B1 %4 (standard deviation), from %5 to %6.")
                                   : LAB_PLURAL("sweeps", "%1: %2 %3, mean of %n run(s)."))
                       .count(std::ssize(group.numbers))
                       .arg(where.toStdString())
                       .arg(number.title.toStdString())
                       .arg(number.text(group.mean).toStdString());
    if (several)
        for (const double value : {group.deviation, group.low, group.high}) text.arg(number.text(value).toStdString());
    return sentences({shown(text), diverged});
}

QString HeatScene::countSentence() const {
    std::size_t least = 0, most = 0;
    for (const RowGroup& group : table.cells) {
        if (!group.mean) continue;
        least = least == 0 ? group.numbers.size() : std::min(least, group.numbers.size());
        most = std::max(most, group.numbers.size());
    }
    if (most == 0) return {};
    if (least == most)
        return most == 1 ? HeatView::tr("one run each")
                         : counted(LAB_PLURAL("sweeps", "means of %n run(s)"), static_cast<std::int64_t>(most));
    return counted(LAB_PLURAL("sweeps", "means of %1 to %n run(s)"), static_cast<std::int64_t>(most), {QString::number(least)});
}

HeatLayout heatLayout(const HeatScene& scene, const QRectF& rect) {
    HeatLayout layout;
    if (scene.empty()) return layout;
    const Theme& theme = Theme::instance();
    const double left = labelWidth(scene), top = theme.px(captionHeight + labelHeight);
    const auto columns = static_cast<double>(scene.table.columns.size()), rows = static_cast<double>(scene.table.rows.size());
    layout.cellWidth =
        std::floor(std::clamp((rect.width() - left) / columns, double(theme.px(leastCellWidth)), double(theme.px(mostCellWidth))));
    layout.cellHeight =
        std::floor(std::clamp((rect.height() - top) / rows, double(theme.px(leastCellHeight)), double(theme.px(mostCellHeight))));
    layout.cells = QRectF(rect.left() + left, rect.top() + top, layout.cellWidth * columns, layout.cellHeight * rows);
    return layout;
}

void paintHeat(QPainter& painter, const HeatScene& scene, const HeatLayout& layout) {
    if (scene.empty()) return;
    const Theme& theme = Theme::instance();
    const QRectF& cells = layout.cells;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double labelsTop = cells.top() - theme.px(labelHeight);
    painter.drawText(QRectF(0, labelsTop, cells.left() - theme.px(gap), theme.px(labelHeight)), Qt::AlignRight | Qt::AlignVCenter,
                     scene.rowName);
    painter.drawText(
        QRectF(cells.left(), labelsTop - theme.px(captionHeight), std::max(cells.width(), double(theme.px(120))), theme.px(captionHeight)),
        Qt::AlignLeft | Qt::AlignVCenter, scene.columnName);
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::text));
    for (std::size_t c = 0; c < scene.table.columns.size(); ++c) {
        const QRectF room(cells.left() + static_cast<double>(c) * layout.cellWidth, labelsTop, layout.cellWidth - 2, theme.px(labelHeight));
        painter.drawText(room, Qt::AlignCenter,
                         painter.fontMetrics().elidedText(value(scene.table.columns[c]), Qt::ElideRight, static_cast<int>(room.width())));
    }
    for (std::size_t r = 0; r < scene.table.rows.size(); ++r) {
        const double y = cells.top() + static_cast<double>(r) * layout.cellHeight;
        painter.setFont(theme.font(TextSize::axis));
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(0, y, cells.left() - theme.px(gap), layout.cellHeight), Qt::AlignRight | Qt::AlignVCenter,
                         value(scene.table.rows[r]));
        for (std::size_t c = 0; c < scene.table.columns.size(); ++c)
            paintCell(painter, scene, scene.table.cell(r, c),
                      {cells.left() + static_cast<double>(c) * layout.cellWidth, y, layout.cellWidth, layout.cellHeight});
    }
}

HeatView::HeatView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    FocusRing::exempt(this);
    connect(&Theme::instance(), &Theme::changed, this, &HeatView::arrange);
    announce();
}

void HeatView::setScene(HeatScene scene) {
    m_scene = std::move(scene);
    m_row = std::clamp(m_row, 0, std::max(static_cast<int>(m_scene.table.rows.size()) - 1, 0));
    m_column = std::clamp(m_column, 0, std::max(static_cast<int>(m_scene.table.columns.size()) - 1, 0));
    point(std::nullopt);
    arrange();
    announce();
}

QSize HeatView::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    if (m_scene.empty()) return {theme.px(120), theme.px(60)};
    return {static_cast<int>(labelWidth(m_scene)) + theme.px(leastCellWidth) * static_cast<int>(m_scene.table.columns.size()) +
                theme.px(2 * gap),
            theme.px(captionHeight + labelHeight + 4) + theme.px(leastCellHeight) * static_cast<int>(m_scene.table.rows.size())};
}

void HeatView::arrange() {
    const int side = Theme::instance().px(gap);
    m_layout = heatLayout(m_scene, QRectF(rect()).adjusted(side, 0, -side, -side / 2.0));
    updateGeometry();
    update();
}

QRectF HeatView::cellRect(int row, int column) const {
    return {m_layout.cells.left() + column * m_layout.cellWidth, m_layout.cells.top() + row * m_layout.cellHeight, m_layout.cellWidth,
            m_layout.cellHeight};
}

std::optional<std::pair<int, int>> HeatView::cellAt(const QPointF& position) const {
    if (m_scene.empty() || !m_layout.cells.contains(position)) return std::nullopt;
    const int row = static_cast<int>((position.y() - m_layout.cells.top()) / m_layout.cellHeight);
    const int column = static_cast<int>((position.x() - m_layout.cells.left()) / m_layout.cellWidth);
    return std::pair(std::min(row, static_cast<int>(m_scene.table.rows.size()) - 1),
                     std::min(column, static_cast<int>(m_scene.table.columns.size()) - 1));
}

void HeatView::announce() {
    const QString name = m_scene.empty()
                             ? tr("Heat table")
                             : tr("Heat table of %1 by %2 and %3").arg(m_scene.number.title, m_scene.rowName, m_scene.columnName);
    describePicture(
        this, name,
        m_scene.empty() ? tr("no runs") : m_scene.describe(static_cast<std::size_t>(m_row), static_cast<std::size_t>(m_column)));
}

void HeatView::point(std::optional<std::pair<int, int>> cell) {
    if (cell == m_hover) return;
    m_hover = cell;
    std::optional<double> shown;
    if (cell)
        if (const auto& mean = m_scene.table.cell(static_cast<std::size_t>(cell->first), static_cast<std::size_t>(cell->second)).mean)
            shown = *mean * m_scene.number.factor;
    emit pointed(shown);
    update();
}

void HeatView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    if (m_scene.empty()) {
        painter.setFont(theme.font(TextSize::text));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(rect(), Qt::AlignCenter, m_emptyText);
        return;
    }
    paintHeat(painter, m_scene, m_layout);
    if (m_hover) {
        painter.setPen(QPen(theme.color(Role::text), 1, Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(cellRect(m_hover->first, m_hover->second).adjusted(0.5, 0.5, -1.5, -1.5));
    }
    if (hasFocus() && FocusRing::byKeyboard())
        drawFrame(painter, cellRect(m_row, m_column).adjusted(-1, -1, 0, 0), 0, theme.color(Role::accent), Qt::transparent, theme.px(2));
}

void HeatView::resizeEvent(QResizeEvent*) {
    arrange();
}

void HeatView::mouseMoveEvent(QMouseEvent* event) {
    point(cellAt(event->position()));
}

void HeatView::mousePressEvent(QMouseEvent* event) {
    const auto cell = cellAt(event->position());
    if (!cell || event->button() != Qt::LeftButton) return;
    std::tie(m_row, m_column) = *cell;
    announce();
    update();
    emit cellChosen(m_row, m_column);
}

void HeatView::leaveEvent(QEvent*) {
    point(std::nullopt);
}

void HeatView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void HeatView::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

void HeatView::keyPressEvent(QKeyEvent* event) {
    const int rows = static_cast<int>(m_scene.table.rows.size()), columns = static_cast<int>(m_scene.table.columns.size());
    int row = m_row, column = m_column;
    switch (event->key()) {
        case Qt::Key_Up:
            --row;
            break;
        case Qt::Key_Down:
            ++row;
            break;
        case Qt::Key_Left:
            --column;
            break;
        case Qt::Key_Right:
            ++column;
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (!m_scene.empty()) emit cellChosen(m_row, m_column);
            return;
        default:
            return QWidget::keyPressEvent(event);
    }
    if (m_scene.empty()) return;
    m_row = std::clamp(row, 0, rows - 1);
    m_column = std::clamp(column, 0, columns - 1);
    announce();
    update();
}

bool HeatView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto cell = cellAt(help->pos());
    if (cell)
        // Below and right of the cell: its row and its column stay in sight.
        QToolTip::showText(
            mapToGlobal(cellRect(cell->first, cell->second).bottomRight().toPoint()) - QPoint(0, Theme::instance().px(12)),
            QStringLiteral("<p>%1</p><p>%2</p>")
                .arg(m_scene.describe(static_cast<std::size_t>(cell->first), static_cast<std::size_t>(cell->second)).toHtmlEscaped(),
                     tr("Click or Enter: only these runs.")),
            this);
    else
        QToolTip::hideText();
    return true;
}

}  // namespace lab
