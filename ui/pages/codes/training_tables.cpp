#include "ui/pages/codes/training_tables.h"

#include <QCoreApplication>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int trainingLine = 17;  // logical px at 100 %

struct TrainingWords {
    Q_DECLARE_TR_FUNCTIONS(TrainingTables)
};

std::vector<double> sharesOf(const std::vector<TrainingColumn>& form) {
    std::vector<double> shares;
    for (const TrainingColumn& column : form) shares.push_back(column.share);
    return shares;
}

TrainingCell noCell() {
    return {QStringLiteral("\u2013")};
}

TrainingCell shareCell(double share) {
    return {percent(share), share};
}

TrainingCell partCell(int part, int whole) {
    return whole > 0 ? shareCell(static_cast<double>(part) / whole) : noCell();
}

TrainingCell tallyCell(const Tally& tally) {
    return tally.asked > 0 ? shareCell(tally.share()) : noCell();
}

TrainingCell fixedCell(double value) {
    return {fixed(value, 1), value};
}

/// "any" of all of them, else the number.
TrainingCell placeCell(int place) {
    return {place < 0 ? TrainingWords::tr("any") : QString::number(place), static_cast<double>(place)};
}

TrainingRow symbolRow(const codes::SymbolRow& row) {
    const TrainingCell place = placeCell(row.position);
    if (row.changes == 0) return {{place, noCell(), noCell(), noCell(), noCell()}, row.position < 0};
    return {{place,
             partCell(row.unnoticed, row.changes),
             fixedCell(row.slotsChanged),
             {significant(row.medianMove, 2), row.medianMove},
             row.exact ? tallyCell(*row.exact) : noCell()},
            row.position < 0};
}

TrainingRow flipRow(const codes::SlotRow& row) {
    const TrainingCell place = placeCell(row.slot);
    if (row.flips == 0) return {{place, noCell(), noCell(), noCell()}, row.slot < 0};
    return {{place, partCell(row.unnoticed, row.flips), fixedCell(row.positions), shareCell(row.stillExact)}, row.slot < 0};
}

TrainingRow lengthRow(const codes::LengthRow& row) {
    const TrainingCell name{row.trained ? TrainingWords::tr("%1, trained").arg(row.length) : QString::number(row.length),
                            static_cast<double>(row.length)};
    if (!row.isMeasured()) return {{name, noCell(), noCell(), noCell(), noCell()}, row.trained};
    return {{name, tallyCell(row.exact), tallyCell(row.positions), partCell(row.colliding, row.sequences), fixedCell(row.bitsNeeded)},
            row.trained};
}

TrainingCell correlationCell(const std::optional<double>& correlation) {
    return correlation ? TrainingCell{signedFixed(*correlation, 2), *correlation} : noCell();
}

}  // namespace

TrainingTable::TrainingTable(const QString& name, const std::vector<TrainingColumn>& form, QWidget* parent)
    : ShareTable(name, trainingLine, sharesOf(form), parent) {
    std::vector<TableColumn> columns;
    for (std::size_t i = 0; i < form.size(); ++i) columns.push_back(makeColumn(form[i], i));
    setColumns(std::move(columns));
}

TableColumn TrainingTable::makeColumn(const TrainingColumn& form, std::size_t index) const {
    TableColumn column{form.id, form.title, form.help, index == 0 ? Qt::AlignLeft : Qt::AlignRight, index == 0};
    const auto at = [this, index](std::size_t row) -> const TrainingCell& { return m_rows[row].cells[index]; };
    column.cell = [this, at](std::size_t row) {
        const Role ink = verdictRole(at(row).text);
        return TableCell{at(row).text, ink, m_rows[row].bold || ink != Role::text};
    };
    column.number = [at](std::size_t row) { return at(row).number; };
    column.written = [at](std::size_t row) { return std::isnan(at(row).number) ? at(row).text.toStdString() : numberText(at(row).number); };
    return column;
}

void TrainingTable::setRows(std::vector<TrainingRow> rows) {
    const std::optional<std::size_t> cursor = chosen();
    m_rows = std::move(rows);
    showAll(m_rows.size(), cursor && *cursor < m_rows.size() ? cursor : std::nullopt);
    arrangeColumns();
}

int TrainingTable::neededWidth(int column) const {
    return roomFor(column, ShareTable::neededWidth(column));
}

std::vector<TrainingColumn> symbolForm() {
    return {{"position", TrainingWords::tr("position"),
             TrainingWords::tr(
                 "Each symbol of the first sequences of the test set is replaced by every other one; any: all positions together"),
             0.2},
            {"unnoticed", TrainingWords::tr("unnoticed"), TrainingWords::tr("Of the changes, those after which the code is the same"), 0.2},
            {"slots", TrainingWords::tr("slots"), TrainingWords::tr("How many slots get another code, on average"), 0.2},
            {"move", TrainingWords::tr("move"), TrainingWords::tr("The distance of the two numbers as a share of all numbers, the median"),
             0.2},
            {"exact", TrainingWords::tr("exact"), TrainingWords::tr("Of the changed sequences, those that are read back without an error"),
             0.2}};
}

std::vector<TrainingRow> symbolRows(const codes::SymbolRobustness& symbols) {
    std::vector<TrainingRow> rows{symbolRow(symbols.all)};
    for (const codes::SymbolRow& row : symbols.byPosition) rows.push_back(symbolRow(row));
    return rows;
}

std::vector<TrainingColumn> flipForm() {
    return {
        {"slot", TrainingWords::tr("slot"),
         TrainingWords::tr("Each slot of the codes of the first sequences of the test set is set to every other code; any: all slots "
                           "together"),
         0.25},
        {"unnoticed", TrainingWords::tr("unnoticed"), TrainingWords::tr("Of these flips, those after which the same is read back"), 0.25},
        {"positions", TrainingWords::tr("positions"), TrainingWords::tr("How many positions of what is read back are others, on average"),
         0.25},
        {"still_exact", TrainingWords::tr("still exact"),
         TrainingWords::tr("Of these flips, those after which the right answer is read back"), 0.25}};
}

std::vector<TrainingRow> flipRows(const codes::SlotRobustness& flips) {
    std::vector<TrainingRow> rows{flipRow(flips.all)};
    for (const codes::SlotRow& row : flips.bySlot) rows.push_back(flipRow(row));
    return rows;
}

std::vector<TrainingColumn> lengthForm() {
    return {{"length", TrainingWords::tr("length"), TrainingWords::tr("Sequences drawn anew for each length, through the same slots"), 0.4},
            {"exact", TrainingWords::tr("exact"), TrainingWords::tr("Of these sequences, those that are read back without an error"), 0.15},
            {"positions", TrainingWords::tr("positions"), TrainingWords::tr("Of their positions, those that are read back right"), 0.15},
            {"collisions", TrainingWords::tr("collisions"),
             TrainingWords::tr("Of these sequences, those whose code another one of them has too"), 0.15},
            {"bits_needed", TrainingWords::tr("bits"), TrainingWords::tr("Needed to tell all sequences of this length apart"), 0.15}};
}

std::vector<TrainingRow> lengthRows(const std::vector<codes::LengthRow>& lengths) {
    std::vector<TrainingRow> rows;
    for (const codes::LengthRow& length : lengths) rows.push_back(lengthRow(length));
    return rows;
}

std::vector<TrainingColumn> orderForm() {
    return {
        {"measure", QString(),
         TrainingWords::tr("In order: a sequence that comes later in a dictionary has the larger number. Moves: of one symbol one up or "
                           "down, the median, as a share of the larger number and of the ranks"),
         0.5},
        {"learned", TrainingWords::tr("learned"), TrainingWords::tr("The number that the code is"), 0.25},
        {"goedel", TrainingWords::tr("Gödel\u2019s"), TrainingWords::tr("The product of primes of the same sequences"), 0.25}};
}

std::vector<TrainingRow> orderRows(const codes::NumberOrder& order) {
    std::vector<TrainingRow> rows;
    const auto add = [&](const QString& what, auto cell) { rows.push_back({{{what}, cell(order.learned), cell(order.goedel)}}); };
    using Measures = const codes::NumberMeasures&;
    add(TrainingWords::tr("bits, median"), [](Measures m) { return fixedCell(m.medianBits); });
    add(TrainingWords::tr("bits, most"), [](Measures m) { return fixedCell(m.mostBits); });
    add(TrainingWords::tr("rank correlation"), [](Measures m) { return correlationCell(m.rankCorrelation); });
    add(TrainingWords::tr("pairs in order"), [](Measures m) { return shareCell(m.pairsInOrder); });
    add(TrainingWords::tr("number moves by"), [](Measures m) { return shareCell(m.medianMove); });
    add(TrainingWords::tr("ranks passed"), [](Measures m) { return shareCell(m.medianRankMove); });
    add(TrainingWords::tr("nothing lost"), [](Measures m) { return TrainingCell{verdictText(m.lossless)}; });
    return rows;
}

}  // namespace lab
