#include "ui/pages/text/merge_table.h"

#include <QPainter>

#include "core/data/tokenizers/pipeline/bpe.h"
#include "ui/pages/text/column_room.h"
#include "ui/pages/text/token_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int lineHeight = 21;
constexpr int mergeColumnGap = 3;

double paintChip(QPainter& painter, const QRectF& room, double left, const TextChip& chip) {
    const int width = textChipWidth(chip, ChipSize::table), height = textChipHeight(ChipSize::table);
    paintTextChip(painter, QRectF(left, room.top() + (room.height() - height) / 2, width, height), chip, {.size = ChipSize::table});
    return left + width + Theme::instance().px(mergeColumnGap);
}

double paintWord(QPainter& painter, const QRectF& room, double left, const QString& word) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    const double width = textAdvance(painter.font(), word);
    painter.drawText(QRectF(left, room.top(), width + 2, room.height()), Qt::AlignLeft | Qt::AlignVCenter, word);
    return left + width + theme.px(mergeColumnGap);
}

}  // namespace

MergeTable::MergeTable(QWidget* parent) : DataTable(tr("Merges"), lineHeight, parent) {
    nameColumns();
    connect(this, &DataTable::rowChosen, this, [this](std::size_t row) { emit mergesChosen(static_cast<int>(row) + 1); });
}

const Bpe* MergeTable::bpe() const {
    return m_known ? dynamic_cast<const Bpe*>(&m_known->pipeline->model()) : nullptr;
}

void MergeTable::arrangeColumns() {
    constexpr int timesColumn = 3, enough = 270;  // px at 100 % from which on there is room for the times, too
    setColumnHidden(timesColumn, viewport()->width() < Theme::instance().px(enough));
    giveRoom(*this, columns(), {{columns()[0].widest}, {{}, .5}, {{}, .5}, {grouped(99999)}});
}

/// Of the pair: side 0 or 1; 2: what it makes.
int MergeTable::pieceOf(std::size_t row, int side) const {
    const auto& [left, right] = bpe()->merges()[row];
    return side == 0 ? left : side == 1 ? right : bpe()->merge(left, right)->id;
}

TextChip MergeTable::chip(int id) const {
    return chipOf(faceOf(*m_known->pipeline, id));
}

MergeSaid MergeTable::said(int merge) const {
    const auto row = static_cast<std::size_t>(merge - 1);
    return {chip(pieceOf(row, 0)), chip(pieceOf(row, 1)), chip(pieceOf(row, 2)), m_known->study.merged[row]};
}

void MergeTable::nameColumns() {
    std::vector<TableColumn> columns(4);
    columns[0] = {"merge", tr("merge"), tr("In the order in which they were learned"), Qt::AlignLeft, true};
    columns[0].cell = [](std::size_t row) { return TableCell{grouped(static_cast<std::int64_t>(row) + 1), Role::muted}; };
    columns[0].number = [](std::size_t row) { return static_cast<double>(row); };
    columns[0].written = [](std::size_t row) { return std::to_string(row + 1); };
    columns[0].widest = QStringLiteral("0 000");
    columns[1] = {"pair", tr("pair"), tr("The two pieces that are joined"), Qt::AlignLeft, true};
    columns[1].cell = [this](std::size_t row) {
        return TableCell{chipSpoken(chip(pieceOf(row, 0))) + QStringLiteral(" + ") + chipSpoken(chip(pieceOf(row, 1)))};
    };
    columns[1].paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintPair(painter, room, row); };
    columns[1].written = [this](std::size_t row) {
        return m_known->pipeline->piece(pieceOf(row, 0)) + " " + m_known->pipeline->piece(pieceOf(row, 1));
    };
    columns[1].widest = QStringLiteral("wwwwwwww");
    columns[2] = {"token", tr("new token"), tr("The piece they make, and its id"), Qt::AlignLeft, true};
    columns[2].cell = [this](std::size_t row) { return TableCell{chipSpoken(chip(pieceOf(row, 2)))}; };
    columns[2].paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintMade(painter, room, row); };
    columns[2].written = [this](std::size_t row) { return m_known->pipeline->piece(pieceOf(row, 2)); };
    columns[2].widest = QStringLiteral("wwwwwwww");
    columns[3] = {"times", tr("times"), tr("How often it is done in the corpus")};
    columns[3].strong = true;
    columns[3].cell = [this](std::size_t row) { return TableCell{grouped(m_known->study.merged[row])}; };
    columns[3].number = [this](std::size_t row) { return static_cast<double>(m_known->study.merged[row]); };
    columns[3].widest = QStringLiteral("00 000");
    setColumns(std::move(columns));
}

void MergeTable::paintPair(QPainter& painter, const QRectF& room, std::size_t row) const {
    painter.save();
    painter.setClipRect(room);
    double left = paintChip(painter, room, room.left(), chip(pieceOf(row, 0)));
    left = paintWord(painter, room, left, QStringLiteral("+"));
    paintChip(painter, room, left, chip(pieceOf(row, 1)));
    painter.restore();
}

void MergeTable::paintMade(QPainter& painter, const QRectF& room, std::size_t row) const {
    painter.save();
    painter.setClipRect(room);
    const int id = pieceOf(row, 2);
    const double left = paintChip(painter, room, room.left(), chip(id));
    paintWord(painter, room, left, QString::number(id));
    painter.restore();
}

void MergeTable::setTokenizer(const StudiedPtr& known) {
    if (m_known == known) return;
    m_known = known;
    showAll(bpe() ? bpe()->merges().size() : 0, std::nullopt);
}

void MergeTable::setMerges(int merges) {
    updateGeometries();  // or the view would scroll in the range of the rows before
    setChosen(merges > 0 ? std::optional(static_cast<std::size_t>(merges) - 1) : std::nullopt);
}

}  // namespace lab
