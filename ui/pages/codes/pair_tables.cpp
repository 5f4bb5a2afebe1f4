#include "ui/pages/codes/pair_tables.h"

#include "core/codes/code_number.h"
#include "ui/pages/codes/learned_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int pairLine = 18;  // logical px at 100 %
constexpr std::size_t pairDigits = 13, pairEdge = 6;

QString pairPlaces(const std::vector<int>& places) {
    QStringList words;
    for (const int place : places) words << QString::number(place);
    return words.join(QStringLiteral(", "));
}

TableColumn pairText(const char* id, const QString& title, const QString& help, std::function<QString(std::size_t)> text) {
    TableColumn column{id, title, help, Qt::AlignLeft, true};
    column.cell = [text](std::size_t row) { return TableCell{text(row)}; };
    column.toolTip = text;
    return column;
}

/// How many there are, which ones in the tool tip.
TableColumn pairCount(const char* id, const QString& title, const QString& help,
                      std::function<const std::vector<int>&(std::size_t)> places) {
    TableColumn column{id, title, help};
    column.cell = [places](std::size_t row) { return TableCell{QString::number(places(row).size())}; };
    column.number = [places](std::size_t row) { return static_cast<double>(places(row).size()); };
    column.toolTip = [places](std::size_t row) { return pairPlaces(places(row)); };
    return column;
}

}  // namespace

CollisionTable::CollisionTable(QWidget* parent)
    : ShareTable(tr("Sequences with the same code"), pairLine, {0.42, 0.42, 0.08, 0.08}, parent) {
    setColumns(makeColumns());
}

void CollisionTable::setScene(PairScene scene) {
    const std::optional<std::size_t> cursor = chosen();
    m_scene = std::move(scene);
    setColumns(makeColumns());
    showAll(count(), cursor && *cursor < count() ? cursor : std::nullopt);
    arrangeColumns();
}

std::vector<TableColumn> CollisionTable::makeColumns() const {
    std::vector<TableColumn> columns;
    columns.push_back(pairText("sequence", tr("sequence"), tr("A sequence of the test set"),
                               [this](std::size_t row) { return m_scene.texts[collision(row).first]; }));
    columns.push_back(pairText("same_code_as", tr("same code as"),
                               tr("Another one whose code is the same: from the code alone they cannot be told apart"),
                               [this](std::size_t row) { return m_scene.texts[collision(row).second]; }));
    columns.push_back(pairCount("differ", tr("differ"), tr("At how many positions the two are different"),
                                [this](std::size_t row) -> const std::vector<int>& { return collision(row).differing; }));
    TableColumn code{"code", tr("code"), tr("The number that both have")};
    code.cell = [this](std::size_t row) { return TableCell{codeNumberText(collision(row).number, pairDigits, pairEdge), Role::muted}; };
    code.number = [this](std::size_t row) { return collision(row).number.toDouble(); };
    code.written = [this](std::size_t row) { return collision(row).number.toDecimal(); };
    code.toolTip = [this](std::size_t row) { return codeNumberText(collision(row).number); };
    if (m_scene.report) code.widest = codeNumberText(codes::largestNumber(m_scene.report->shape), pairDigits, pairEdge);
    columns.push_back(std::move(code));
    return columns;
}

NeighbourTable::NeighbourTable(QWidget* parent)
    : ShareTable(tr("Sequences with the nearest codes"), pairLine, {0.46, 0.2, 0.18, 0.16}, parent) {
    setColumns(makeColumns());
}

void NeighbourTable::setScene(PairScene scene, std::vector<codes::Neighbour> neighbours) {
    const std::optional<std::size_t> cursor = chosen();
    m_scene = std::move(scene);
    m_neighbours = m_scene.set ? std::move(neighbours) : std::vector<codes::Neighbour>();
    showAll(count(), cursor && *cursor < count() ? cursor : std::nullopt);
}

std::vector<TableColumn> NeighbourTable::makeColumns() const {
    std::vector<TableColumn> columns;
    columns.push_back(pairText("sequence", tr("sequence"), tr("A sequence of the test set, the nearest first"),
                               [this](std::size_t row) { return m_scene.texts[neighbour(row).index]; }));
    columns.push_back(pairCount("slots", tr("other slots"), tr("How many slots have another code than the dials show"),
                                [this](std::size_t row) -> const std::vector<int>& { return neighbour(row).otherSlots; }));
    TableColumn distance{"distance", tr("distance"), tr("Euclid\u2019s, of the numbers that the decoder is sent")};
    distance.cell = [this](std::size_t row) { return TableCell{fixed(neighbour(row).distance, 2)}; };
    distance.number = [this](std::size_t row) { return neighbour(row).distance; };
    columns.push_back(std::move(distance));
    columns.push_back(pairCount("differ", tr("differ"), tr("At how many positions it is another sequence"),
                                [this](std::size_t row) -> const std::vector<int>& { return neighbour(row).differing; }));
    return columns;
}

}  // namespace lab
