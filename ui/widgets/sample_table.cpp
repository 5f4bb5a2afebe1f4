#include "ui/widgets/sample_table.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSet>
#include <QToolTip>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 % (look/source/train.html).
constexpr int sampleTableLineHeight = 19;
constexpr double sampleTableCellHeight = 17, cellWidth = 20, widestCell = 26, narrowest = 13, cellGap = 1, countColumn = 52,
                 sampleTablePadding = 8;

}  // namespace

TableCell SampleTable::labelCell(const Row& row) {
    return {row.label, row.shown ? Role::text : Role::muted, row.shown};
}

TableCell SampleTable::countCell(const Row& row, bool ofAll) {
    const int count = int(row.cells.size());
    if (count == 0 || !row.judged) return {noNumber().text, Role::text, true};
    const bool all = row.right == count;
    const QString text = ofAll ? QStringLiteral("%1/%2").arg(row.right).arg(count)
                         : all ? verdictText(true, QString::number(count))
                               : QString::number(row.right);
    return {text, all ? Role::right : Role::text, true};
}

SampleTable::SampleTable(const QString& what, int rows, QWidget* parent)
    : StillTable({.header = 0,
                  .leastRow = sampleTableLineHeight,
                  .fullRow = sampleTableLineHeight,
                  .overflow = Overflow::cut,
                  .size = TextSize::text},
                 parent),
      m_what(what),
      m_usualRows(rows) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    std::vector<TableColumn> columns(3);
    columns[0].cell = [this](std::size_t row) { return labelCell(m_rows[row]); };
    columns[1].paint = [this](QPainter& painter, const QRectF&, std::size_t row) { paintCells(painter, static_cast<int>(row)); };
    columns[2].cell = [this](std::size_t row) { return countCell(m_rows[row], false); };
    setColumns(std::move(columns));
    whenThemed(this, &SampleTable::measure);
    describe();
}

void SampleTable::setRows(std::vector<Row> rows) {
    if (rows == m_rows) return;
    m_rows = std::move(rows);
    measure();
    m_cursor = std::clamp(m_cursor, 0, std::max(0, int(m_rows.size()) - 1));
    describe();
    setRowCount(static_cast<int>(m_rows.size()));
}

void SampleTable::setHint(const QString& text) {
    m_hint = text;
    update();
}

void SampleTable::setFollowed(int cell) {
    m_followed = cell;
    update();
}

void SampleTable::setLabelWidth(int at100) {
    m_labelWidth = at100;
    update();
}

QSize SampleTable::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(m_labelWidth + 16 * (cellWidth + cellGap) + countColumn), m_usualRows * theme.px(sampleTableLineHeight) + theme.px(4)};
}

QSize SampleTable::minimumSizeHint() const {
    return {Theme::instance().px(m_labelWidth + 4 * cellWidth + countColumn), sizeHint().height()};
}

/// The row with the cursor first, then the others.
void SampleTable::describe() {
    QStringList rows;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        QStringList words;
        for (const Cell& cell : row.cells) words << cell.text;
        const QString head =
            row.judged ? tr("%1 %2: %3 of %4 right").arg(m_what, row.label).arg(row.right).arg(row.cells.size()) : m_what + ' ' + row.label;
        const QString said = head + QStringLiteral(": ") + words.join(QLatin1Char(' '));
        if (static_cast<int>(i) == m_cursor)
            rows.prepend(said);
        else
            rows << said;
    }
    describePicture(this, accessibleName().isEmpty() ? m_what : accessibleName(), rows.join(QStringLiteral("; ")));
}

/// Once for new rows, and each text once: measuring texts in every frame would cost more than painting them.
void SampleTable::measure() {
    const QFont bold = Theme::instance().font(TextSize::text, true);
    QSet<QString> measured;
    m_mostCells = 0;
    m_widestText = 0;
    for (const Row& row : m_rows) {
        m_mostCells = std::max(m_mostCells, int(row.cells.size()));
        for (const Cell& cell : row.cells) {
            if (measured.contains(cell.text)) continue;
            measured.insert(cell.text);
            m_widestText = std::max(m_widestText, textWidth(bold, cell.text));
        }
    }
}

SampleTable::Columns SampleTable::columns() const {
    const Theme& theme = Theme::instance();
    const int count = m_mostCells, room = width() - theme.px(m_labelWidth + countColumn);
    const int whole = std::max(m_widestText + theme.px(2), theme.px(narrowest)) + theme.px(cellGap);
    const int least = std::min(whole, longestWord()), wished = std::max(whole, theme.px(widestCell + cellGap));
    Columns result{std::clamp(count > 0 ? room / count : wished, least, wished), count, 0};
    if (count * result.width > room) {
        // Too long: the first and the last ones, with a gap of one cell between.
        constexpr int fewest = 2;
        result.width = std::min(result.width, std::max(1, room / (fewest + 1)));
        const int fitting = room / result.width - 1;
        result.tail = fitting / 2;
        result.head = fitting - result.tail;
        const bool hidden = m_followed >= result.head && m_followed < count - result.tail;
        if (hidden && fitting > 3) {
            result.middle = std::max(1, (fitting - 1) / 3);
            result.tail = std::max(1, (fitting - 1 - result.middle) / 2);
            result.head = fitting - 1 - result.middle - result.tail;
        }
    }
    return result;
}

int SampleTable::Columns::placeOf(int cell, int count, int followed) const {
    if (tail == 0 || count <= head + middle + tail || cell < head) return cell;
    const int afterMiddle = head + 1 + (middle > 0 ? middle + 1 : 0);
    if (cell >= count - tail) return afterMiddle + cell - (count - tail);
    const int first = std::clamp(followed - middle / 2, head, std::max(head, count - tail - middle));
    return cell >= first && cell < first + middle ? head + 1 + cell - first : -1;
}

QRect SampleTable::cellRect(int row, int cell) const {
    const Theme& theme = Theme::instance();
    const Columns layout = columns();
    const int count = int(m_rows[std::size_t(row)].cells.size());
    const int column = layout.placeOf(cell, count, m_followed);
    if (column < 0) return {};
    const QRect line = rowRect(row);
    const int height = theme.px(sampleTableCellHeight);
    return {theme.px(m_labelWidth) + column * layout.width, line.top() + (line.height() - height) / 2, layout.width - theme.px(cellGap),
            height};
}

std::vector<QRectF> SampleTable::rooms(const QRectF& line) const {
    const Theme& theme = Theme::instance();
    const auto part = [&](double left, double right) { return QRectF(left, line.top(), right - left, line.height()); };
    const double label = theme.px(m_labelWidth), end = line.width() - theme.px(sampleTablePadding);
    return {part(0, theme.px(m_labelWidth - sampleTablePadding)), part(label, line.width() - theme.px(countColumn)), part(0, end)};
}

std::optional<Role> SampleTable::groundOf(int row) const {
    if (m_rows[std::size_t(row)].shown) return Role::selection;
    return row == m_hovered ? std::optional(Role::hover) : std::nullopt;
}

void SampleTable::paintEvent(QPaintEvent* event) {
    StillTable::paintEvent(event);
    const Theme& theme = Theme::instance();
    const QRect free = rect().adjusted(theme.px(sampleTablePadding), rowRect(rowCount()).top(), -theme.px(sampleTablePadding), 0);
    if (free.height() < 2 * theme.px(sampleTableLineHeight)) return;
    QPainter painter(this);
    paintEmpty(painter, free, m_hint, 0);
}

void SampleTable::paintCells(QPainter& painter, int row) const {
    const Theme& theme = Theme::instance();
    const std::vector<Cell>& cells = m_rows[std::size_t(row)].cells;
    QRect before;
    for (int cell = 0; cell < int(cells.size()); ++cell) {
        const QRect rect = cellRect(row, cell);
        if (rect.isEmpty()) continue;
        paintCell(painter, rect, cells[std::size_t(cell)]);
        if (before.isValid() && rect.left() - before.right() > rect.width()) {
            painter.setPen(theme.color(Role::muted));
            painter.setFont(theme.font(TextSize::text));
            painter.drawText(QRect(before.right(), rect.top(), rect.left() - before.right(), rect.height()), Qt::AlignCenter,
                             QStringLiteral("…"));
        }
        before = rect;
    }
}

void SampleTable::paintOver(QPainter& painter, const QRect& line, int row) const {
    const Theme& theme = Theme::instance();
    if (m_rows[std::size_t(row)].marked) {
        QPen pen(theme.color(Role::text), std::max(1, theme.px(1)));
        pen.setDashPattern({3, 2});
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(line.adjusted(0, 0, -1, -1));
    }
    if (hasFocus() && row == m_cursor) drawFocusRing(painter, QRectF(line).adjusted(3, 3, -3, -3), 2);
}

void SampleTable::paintCell(QPainter& painter, const QRect& rect, const Cell& cell) const {
    const Theme& theme = Theme::instance();
    QFont font = theme.font(TextSize::text, cell.wrong);
    if (cell.wrong) {
        painter.fillRect(rect, theme.color(Role::wrongBackground));
        font.setStrikeOut(true);
    }
    painter.setFont(font);
    painter.setPen(theme.color(cell.wrong ? Role::wrong : cell.other ? Role::muted : Role::text));
    drawElided(painter, rect, Qt::AlignHCenter, cell.text);
}

QString SampleTable::toolTipAt(const QPoint& position) const {
    const int row = rowAt(position);
    if (row < 0) return {};
    const auto& cells = m_rows[std::size_t(row)].cells;
    for (int cell = 0; cell < int(cells.size()); ++cell)
        if (const QRect rect = cellRect(row, cell); rect.contains(position)) return toolTipOf(cells[std::size_t(cell)], rect.width());
    return {};
}

/// With the whole word where its cell shows the beginning only.
QString SampleTable::toolTipOf(const Cell& cell, int width) {
    if (textWidth(Theme::instance().font(TextSize::text, cell.wrong), cell.text) <= width) return cell.toolTip;
    return cell.toolTip.isEmpty() ? cell.text : cell.text + QLatin1Char('\n') + cell.toolTip;
}

bool SampleTable::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const QString text = toolTipAt(help->pos());
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) event->accept();
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) update();
    return QWidget::event(event);
}

void SampleTable::mousePressEvent(QMouseEvent* event) {
    const int row = rowAt(event->pos());
    if (event->button() != Qt::LeftButton || row < 0) return;
    m_cursor = row;
    emit activated(row);
}

void SampleTable::mouseMoveEvent(QMouseEvent* event) {
    const int row = rowAt(event->pos());
    if (row == m_hovered) return;
    m_hovered = row;
    update();
}

void SampleTable::leaveEvent(QEvent*) {
    m_hovered = -1;
    update();
}

void SampleTable::keyPressEvent(QKeyEvent* event) {
    const int last = int(m_rows.size()) - 1;
    switch (event->key()) {
        case Qt::Key_Up:
            m_cursor = std::max(0, m_cursor - 1);
            describe();
            break;
        case Qt::Key_Down:
            m_cursor = std::max(0, std::min(last, m_cursor + 1));
            describe();
            break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_cursor <= last) emit activated(m_cursor);
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    update();
}

}  // namespace lab
