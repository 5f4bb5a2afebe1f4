#include "ui/pages/explain/shape_table.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int header = 22, rowHeightAt100 = 20, shapeTableMargin = 12;
constexpr double shares[] = {0.13, 0.10, 0.26, 0.36, 0.15};
enum Column { symbol, kind, axes, meaning, bytes };

}  // namespace

ShapeTable::ShapeTable(QWidget* parent)
    : StillTable({.header = header, .leastRow = rowHeightAt100, .fullRow = rowHeightAt100, .overflow = Overflow::cut, .formulas = true},
                 parent) {
    setFocusPolicy(Qt::StrongFocus);
    std::vector<TableColumn> columns(std::size(shares));
    const QString titles[] = {tr("tensor"), tr("kind"), tr("axes"), tr("what it is"), tr("bytes")};
    for (std::size_t c = 0; c < columns.size(); ++c) {
        columns[c].title = titles[c];
        columns[c].side = c == bytes ? Qt::AlignRight : Qt::AlignLeft;
        columns[c].cell = [this, c](std::size_t row) { return cellOf(m_rows[row], static_cast<int>(c)); };
    }
    setColumns(std::move(columns));
    describe();
}

void ShapeTable::setShapes(const explain::Shapes& shapes, const explain::AxisSizes& sizes) {
    m_shapes = shapes;
    m_sizes = sizes;
    m_rows.clear();
    for (std::size_t s = 0; s < m_shapes.stages.size(); ++s)
        for (int t = -1; t < static_cast<int>(m_shapes.stages[s].tensors.size()); ++t) m_rows.push_back({s, t});
    setRowCount(static_cast<int>(m_rows.size()));
    describe();
}

void ShapeTable::setCurrent(const std::string& stage) {
    m_current = stage;
    describe();
    update();
}

int ShapeTable::firstRowOf(const std::string& stage) const {
    const auto found = std::ranges::find_if(m_rows, [&](const Row& row) { return stageOf(row).stage == stage; });
    return static_cast<int>(found - m_rows.begin());
}

QRect ShapeTable::currentRect() const {
    return rowRect(firstRowOf(m_current));
}

TableCell ShapeTable::titleOf(const Row& row, int column) const {
    if (column == symbol) return {shown(stageOf(row).symbol), Role::text, true};
    if (column == kind) return {shown(stageOf(row).heading), Role::text, true};
    return {};
}

TableCell ShapeTable::cellOf(const Row& row, int column) const {
    if (row.tensor < 0) return titleOf(row, column);
    const explain::TensorShape& tensor = stageOf(row).tensors[static_cast<std::size_t>(row.tensor)];
    const explain::TensorKindRow& is = explain::tensorKindRow(tensor.kind);
    const bool trained = tensor.kind == explain::TensorKind::weight;
    switch (column) {
        case symbol:
            return {QString::fromUtf8(is.sign) + QStringLiteral("  ") + shown(tensor.symbol), Role::text, trained};
        case kind:
            return {shown(is.name), Role::muted};
        case axes:
            return {qt(explain::shapeText(tensor.axes, m_sizes)), Role::text, trained};
        case meaning:
            return {shown(tensor.meaning), Role::muted};
        default:
            break;
    }
    if (*tensor.type == '\0') return {tr("not counted"), Role::muted};
    return {QString::fromUtf8(tensor.type) + QStringLiteral("  ") + shown(explain::bytesText(tensor.bytes(m_sizes)))};
}

QString ShapeTable::rowText(int row) const {
    QStringList cells;
    for (std::size_t c = 0; c < std::size(shares); ++c) {
        const QString text = cellOf(m_rows[static_cast<std::size_t>(row)], static_cast<int>(c)).text;
        if (!text.isEmpty()) cells << plainFormula(text);
    }
    return cells.join(QStringLiteral(", "));
}

void ShapeTable::describe() {
    QStringList rows;
    for (int row = firstRowOf(m_current); row < rowCount() && stageOf(m_rows[static_cast<std::size_t>(row)]).stage == m_current; ++row)
        rows << rowText(row);
    describePicture(this, tr("Tensors of the stages"), rows.join(QStringLiteral("; ")));
}

QSize ShapeTable::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(560), theme.px(header) + theme.px(rowHeightAt100) * rowCount() + theme.px(4)};
}

/// A stage's title has all room behind its symbol.
std::vector<QRectF> ShapeTable::rooms(const QRectF& line) const {
    std::vector<QRectF> places;
    const double side = Theme::instance().px(shapeTableMargin), room = line.width() - 2 * side, gap = Theme::instance().px(8);
    double left = side;
    for (const double share : shares) {
        places.emplace_back(left, line.top(), room * share - gap, line.height());
        left += room * share;
    }
    const int row = line.top() < headerHeight() ? -1 : rowAt(line.center().toPoint());
    if (row >= 0 && m_rows[static_cast<std::size_t>(row)].tensor < 0) {
        places[kind].setRight(line.right() - side);
        for (const Column column : {axes, meaning, bytes}) places[column] = {};
    }
    return places;
}

std::optional<Role> ShapeTable::groundOf(int row) const {
    const Row& at = m_rows[static_cast<std::size_t>(row)];
    if (stageOf(at).stage == m_current) return Role::selection;
    return at.tensor < 0 ? std::optional(Role::panel) : std::nullopt;
}

void ShapeTable::paintOver(QPainter& painter, const QRect& line, int row) const {
    if (m_rows[static_cast<std::size_t>(row)].tensor >= 0) return;
    drawHairline(painter, QPointF(0, line.top()), QPointF(width(), line.top()), Theme::instance().color(Role::hairline));
}

void ShapeTable::mousePressEvent(QMouseEvent* event) {
    const int row = rowAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && row >= 0) emit chosen(qt(stageOf(m_rows[static_cast<std::size_t>(row)]).stage));
}

void ShapeTable::keyPressEvent(QKeyEvent* event) {
    const bool up = event->key() == Qt::Key_Up, down = event->key() == Qt::Key_Down;
    if (m_rows.empty() || (!up && !down && event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter)) return event->ignore();
    const int now = std::min(firstRowOf(m_current), rowCount() - 1);
    const std::size_t stage = m_rows[static_cast<std::size_t>(now)].stage;
    if (!up && !down) return emit chosen(qt(m_current));
    if (up && stage > 0) setCurrent(m_shapes.stages[stage - 1].stage);
    if (down && stage + 1 < m_shapes.stages.size()) setCurrent(m_shapes.stages[stage + 1].stage);
    emit moved();
}

}  // namespace lab
