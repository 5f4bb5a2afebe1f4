#include "ui/pages/compare/run_table.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr StillTable::Look runTableLook{
    .leastRow = 26, .fullRow = 26, .overflow = StillTable::Overflow::cut, .size = TextSize::text, .headerGround = Role::panel};
constexpr int cellPadding = 8;
constexpr int lineSample = 30;
constexpr int usualName = 200;
constexpr int runTableRoomForAll = 980;  // below: without tokens/s

/// Of the columns with numbers; name and difference share the rest 4 to 5. Without a difference a name has the room of a usual one.
constexpr int widths[] = {32, 0, 96, 60, 60, 100, 108, 90, 68, 102, 0};

}  // namespace

RunTable::RunTable(QWidget* parent) : StillTable(runTableLook, parent) {
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);  // it fills its panel: a ring around it would not be seen
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    nameColumns();
    describe();
}

void RunTable::setRows(std::vector<RunRow> rows) {
    if (rows == m_rows) return;
    m_rows = std::move(rows);
    describe();
    setRowCount(static_cast<int>(m_rows.size()));
}

void RunTable::setHeaders(const QString& effortText, const QString& differenceText) {
    if (effortText == m_effortHeader && differenceText == m_differenceHeader) return;
    m_effortHeader = effortText;
    m_differenceHeader = differenceText;
    nameColumns();
}

/// What a screen reader hears: the run in hand, column by column.
void RunTable::describe() {
    const int index = currentRow();
    QStringList parts;
    if (index >= 0) {
        const RunRow& row = m_rows[static_cast<std::size_t>(index)];
        parts = QStringList{row.name,
                            row.state,
                            tr("step %1").arg(row.step),
                            tr("loss %1").arg(row.loss),
                            tr("%1 %2").arg(measurePhrase(m_measure), row.accuracy),
                            tr("%1 parameters").arg(row.parameters),
                            row.difference};
    }
    describePicture(this, tr("Runs"), parts.join(QStringLiteral(", ")));
}

void RunTable::setMeasure(Measure measure) {
    if (measure == m_measure) return;
    m_measure = measure;
    nameColumns();
    describe();
    update();
}

int RunTable::currentRow() const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [](const RunRow& row) { return row.current; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

QSize RunTable::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(900), theme.px(runTableLook.header) + rowCount() * theme.px(runTableLook.fullRow)};
}

QSize RunTable::minimumSizeHint() const {
    return {Theme::instance().px(700), sizeHint().height()};
}

std::vector<QRect> RunTable::columnRects(const QRect& row) const {
    const Theme& theme = Theme::instance();
    int fixed = 0;
    const bool all = row.width() >= theme.px(runTableRoomForAll);
    for (int column = 0; column < columnCount; ++column)
        if (all || column != rate) fixed += theme.px(widths[column]);
    const int rest = std::max(row.width() - fixed, 0);
    const bool differs = std::ranges::any_of(m_rows, [](const RunRow& each) { return !each.difference.isEmpty(); });
    std::vector<QRect> rects;
    int x = row.left();
    for (int column = 0; column < columnCount; ++column) {
        int width = theme.px(widths[column]);
        if (column == name) width = std::max(rest * 4 / 9, differs ? 0 : std::min(rest, theme.px(usualName)));
        if (column == difference) width = row.right() + 1 - x;
        if (column == rate && !all) width = 0;
        rects.emplace_back(x, row.top(), width, row.height());
        x += width;
    }
    return rects;
}

void RunTable::nameColumns() {
    std::vector<TableColumn> columns;
    using Text = QString RunRow::*;
    const auto add = [&](const QString& title, const QString& help, Text text, bool bold = false, Text spread = nullptr) {
        columns.push_back({"", title, help});
        columns.back().cell = [this, text, bold, spread](std::size_t row) {
            const RunRow& of = m_rows[row];
            return TableCell{of.*text, Role::text, bold, {}, {}, spread ? of.*spread : QString()};
        };
    };
    add(tr("map"), tr("Whether its map stands below: two to four do (M)"), &RunRow::name);
    add(tr("run"), tr("Line and name of the run that the window shows in amber. Up and Down choose, F2 renames, Delete removes."),
        &RunRow::name);
    add(tr("state"), tr("Click, or Enter: train or pause this run"), &RunRow::state);
    add(tr("step"), QString(), &RunRow::step);
    add(tr("loss"), tr("Exponential average (factor 0.93) of the loss on each step's batch, before its update"), &RunRow::loss, true);
    add(tr("%1 %").arg(measureName(m_measure)),
        tr("Of the newest validation; without validation samples the exponential average over the batches. ± is the standard "
           "deviation over seeds, divided by n − 1."),
        &RunRow::accuracy, true, &RunRow::accuracySpread);
    add(m_effortHeader, tr("The first validation that found at least this %1; – = not yet").arg(measurePhrase(m_measure)), &RunRow::effort,
        true, &RunRow::effortSpread);
    add(tr("parameters"), tr("Weights and biases of the whole model"), &RunRow::parameters);
    add(tr("tokens/s"), tr("Tokens read in a second of computing time; the runs share the processors"), &RunRow::rate);
    add(tr("cache B/token"),
        tr("Bytes that decoding keeps for each token: 2 · layers · num_kv_heads · head_dim · 4 (q+kv: keys and values once; share_kv: once "
           "for so many layers); an encoder "
           "keeps none, "
           "an encoder-decoder for each token of the answer and, in the cross-attention, for each of the source: both together"),
        &RunRow::cache);
    add(m_differenceHeader, tr("Every setting in which the runs differ, and no other"), &RunRow::difference, true);
    columns[map].side = Qt::AlignHCenter;
    for (const Column words : {name, state, difference}) columns[words].side = Qt::AlignLeft;
    columns[difference].strong = true;
    columns[map].paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintMapped(painter, m_rows[row], room); };
    columns[name].paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintName(painter, m_rows[row], room); };
    columns[state].paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintState(painter, m_rows[row], room); };
    setColumns(std::move(columns));
}

std::vector<QRectF> RunTable::rooms(const QRectF& line) const {
    const int pad = Theme::instance().px(cellPadding);
    std::vector<QRectF> places;
    for (const QRect& column : columnRects(line.toRect()))
        places.push_back(column.width() == 0 ? QRectF() : places.size() == map ? QRectF(column) : QRectF(column.adjusted(pad, 0, -pad, 0)));
    return places;
}

/// Words may end where the column does.
std::vector<QRectF> RunTable::titleRooms(const QRectF& line) const {
    std::vector<QRectF> places = rooms(line);
    for (const int column : {name, state, difference})
        places[static_cast<std::size_t>(column)].adjust(0, 0, Theme::instance().px(cellPadding), 0);
    return places;
}

std::optional<Role> RunTable::groundOf(int row) const {
    return m_rows[static_cast<std::size_t>(row)].current ? std::optional(Role::selection) : std::nullopt;
}

int RunTable::columnAt(const QPoint& position) const {
    const auto rects = columnRects(QRect(0, 0, width(), height()));
    for (int column = 0; column < columnCount; ++column)
        if (rects[static_cast<std::size_t>(column)].contains(position)) return column;
    return -1;
}

void RunTable::choose(int row) {
    if (row >= 0 && row < static_cast<int>(m_rows.size()) && row != currentRow()) emit chosen(row);
}

void RunTable::mousePressEvent(QMouseEvent* event) {
    const int row = rowAt(event->position().toPoint());
    if (row < 0 || event->button() != Qt::LeftButton) return;
    const int column = columnAt(event->position().toPoint());
    if (column == map)
        emit mapToggled(row);
    else if (column == state && m_rows[static_cast<std::size_t>(row)].does != RunRow::Does::nothing)
        emit toggled(row);
    else
        choose(row);
}

void RunTable::mouseDoubleClickEvent(QMouseEvent* event) {
    const int row = rowAt(event->position().toPoint());
    if (row >= 0 && columnAt(event->position().toPoint()) == name) edit(row);
}

void RunTable::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const int row = byKey ? currentRow() : rowAt(event->pos());
    if (row < 0) return;
    const QRect place = columnRects(rowRect(row))[name];
    emit menuWanted(row, byKey ? mapToGlobal(place.bottomLeft()) : event->globalPos());
}

void RunTable::keyPressEvent(QKeyEvent* event) {
    const int row = currentRow(), last = static_cast<int>(m_rows.size()) - 1;
    switch (event->key()) {
        case Qt::Key_Up:
            return choose(std::max(row - 1, 0));
        case Qt::Key_Down:
            return choose(std::min(row + 1, last));
        case Qt::Key_Home:
            return choose(0);
        case Qt::Key_End:
            return choose(last);
        default:
            break;
    }
    if (row < 0) return QWidget::keyPressEvent(event);
    switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            emit toggled(row);
            break;
        case Qt::Key_M:
            emit mapToggled(row);
            break;
        case Qt::Key_F2:
            edit(row);
            break;
        case Qt::Key_Delete:
            emit removeWanted(row);
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

void RunTable::edit(int index) {
    if (index < 0 || index >= static_cast<int>(m_rows.size())) return;
    delete m_editor;
    m_editor = named(objectName() + QStringLiteral(".name"), new QLineEdit(m_rows[static_cast<std::size_t>(index)].name, this));
    m_editor->setAccessibleName(tr("Name of the run"));
    QRect place = columnRects(rowRect(index))[name];
    place.setLeft(place.left() + Theme::instance().px(lineSample + cellPadding));
    m_editor->setGeometry(place.adjusted(0, 1, 0, -1));
    m_editor->selectAll();
    m_editor->show();
    m_editor->setFocus();
    connect(m_editor, &QLineEdit::editingFinished, this, [this, index] {
        if (!m_editor) return;
        QLineEdit* editor = m_editor;
        m_editor.clear();
        const QString text = editor->text().trimmed();
        editor->deleteLater();
        setFocus();
        if (!text.isEmpty()) emit renamed(index, text);
    });
}

bool RunTable::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        // While the list has the focus these keys are its own, not the timeline's.
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Home || key == Qt::Key_End || key == Qt::Key_M) event->accept();
    }
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int column = columnAt(help->pos()), row = rowAt(help->pos());
        QString text = column >= 0 ? columns()[static_cast<std::size_t>(column)].help : QString();
        if (row >= 0 && column == difference) text = m_rows[static_cast<std::size_t>(row)].difference;
        QToolTip::showText(help->globalPos(), text.isEmpty() ? text : QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped()), this);
        return true;
    }
    return QWidget::event(event);
}

void RunTable::paintEvent(QPaintEvent* event) {
    StillTable::paintEvent(event);
    QPainter painter(this);
    if (const int row = currentRow(); row >= 0) painter.setClipRegion(QRegion(rect()) - rowRect(row));
    const int x = columnRects(rect())[difference].left();
    drawHairline(painter, QPointF(x, 0), QPointF(x, height()), Theme::instance().color(Role::hairline));
    painter.setClipping(false);
    const double inset = Theme::instance().px(2);
    if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, QRectF(rect()).adjusted(inset, inset, -inset, -inset), 2);
}

void RunTable::paintMapped(QPainter& painter, const RunRow& row, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    const double box = theme.px(12);
    const QPoint middle = room.toRect().center();
    const QRectF square(middle.x() - box / 2 + 1, middle.y() - box / 2 + 1, box, box);
    drawFrame(painter, square, theme.px(2), theme.color(Role::controlBorder), theme.color(Role::control));
    if (row.mapped) painter.fillRect(square.adjusted(3, 3, -3, -3), theme.color(Role::text));
}

void RunTable::paintName(QPainter& painter, const RunRow& row, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    const double middle = room.toRect().center().y() + 0.5;
    painter.setPen(seriesPen(row.role, 2.2));
    painter.drawLine(QPointF(room.left(), middle), QPointF(room.left() + theme.px(lineSample), middle));
    paintTableCell(painter, room.adjusted(theme.px(lineSample + cellPadding), 0, theme.px(cellPadding), 0), {row.name, Role::text, true},
                   {Qt::AlignLeft, runTableLook.size});
}

void RunTable::paintState(QPainter& painter, const RunRow& row, QRectF room) const {
    const Theme& theme = Theme::instance();
    room.setRight(room.right() + theme.px(cellPadding));
    if (row.does != RunRow::Does::nothing) {
        const double side = theme.px(10);
        drawGlyph(painter, row.does == RunRow::Does::train ? Glyph::play : Glyph::pause,
                  QRectF(room.left(), room.toRect().center().y() - side / 2 + 0.5, side, side), theme.color(Role::text));
        room.setLeft(room.left() + theme.px(15));
    }
    paintTableCell(painter, room, {row.state, row.bad ? Role::wrong : Role::muted}, {Qt::AlignLeft, runTableLook.size});
}

}  // namespace lab
