#include "ui/pages/text/document_table.h"

#include "core/text/documents.h"
#include "ui/pages/text/column_room.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int documentRow = 18;  // logical px at 100 %

}  // namespace

DocumentTable::DocumentTable(QWidget* parent) : DataTable(tr("Documents"), documentRow, parent) {
    std::vector<TableColumn> columns;
    columns.push_back({"document", QStringLiteral("#"), tr("In the order of the text, from 0"), Qt::AlignRight, true});
    columns.back().cell = [](std::size_t row) { return TableCell{grouped(static_cast<std::int64_t>(row)), Role::muted}; };
    columns.back().number = [](std::size_t row) { return static_cast<double>(row); };
    columns.push_back({"title", tr("title"), tr("Its first words"), Qt::AlignLeft, true});
    columns.back().cell = [this](std::size_t row) {
        return TableCell{QString::fromStdString(titleOf(m_view->corpus.textOf(m_view->corpus.documents[row])))};
    };
    columns.push_back(counts("characters", tr("characters"), tr("After cleaning"), &DocumentCount::characters));
    columns.push_back(counts("words", tr("words"), tr("Runs of letters and digits"), &DocumentCount::words));
    columns.push_back(sides());
    setColumns(std::move(columns));
}

TableColumn DocumentTable::counts(const char* id, const QString& title, const QString& help, std::uint32_t DocumentCount::*count) const {
    TableColumn column{id, title, help};
    column.cell = [this, count](std::size_t row) { return TableCell{grouped(m_view->statistics.ofDocument[row].*count)}; };
    column.number = [this, count](std::size_t row) { return static_cast<double>(m_view->statistics.ofDocument[row].*count); };
    return column;
}

TableColumn DocumentTable::sides() const {
    TableColumn column{"split", tr("split"), tr("Whether the model is trained on it, validated on it, or both"), Qt::AlignLeft, true};
    column.cell = [this](std::size_t row) {
        const TextSide side = m_view->corpus.documents[row].side;
        if (side == TextSide::train) return TableCell{tr("train"), Role::muted};
        return TableCell{side == TextSide::both ? tr("both") : tr("val"), Role::text, true};
    };
    return column;
}

void DocumentTable::arrangeColumns() {
    constexpr int wordsColumn = 3, enough = 330;  // px at 100 % from which on the words stand beside the characters
    setColumnHidden(wordsColumn, viewport()->width() < Theme::instance().px(enough));
    const auto count = static_cast<std::int64_t>(places().size());
    giveRoom(*this, columns(), {{grouped(count)}, {{}, 1}, {grouped(99999)}, {grouped(9999)}, {tr("train")}});
}

}  // namespace lab
