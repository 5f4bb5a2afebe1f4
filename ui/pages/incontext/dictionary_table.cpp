#include "ui/pages/incontext/dictionary_table.h"

#include "ui/pages/incontext/dictionary_words.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int lineHeight = 22;  // logical px at 100 %

}  // namespace

DictionaryWaysTable::DictionaryWaysTable(QWidget* parent) : DataTable(tr("Ways to give a dictionary"), lineHeight, parent) {
    setColumns(makeColumns());
}

void DictionaryWaysTable::setPoints(std::vector<DictionaryPoint> points) {
    const std::optional<std::size_t> cursor = chosen();
    m_points = std::move(points);
    showAll(m_points.size(), cursor && *cursor < m_points.size() ? cursor : std::nullopt);
}

TableColumn DictionaryWaysTable::column(const char* id, const QString& title, const QString& help,
                                        std::function<double(const DictionaryPoint&)> number,
                                        std::function<QString(const DictionaryPoint&)> text) const {
    TableColumn made{id, title, help};
    made.number = [this, number](std::size_t row) { return number(m_points[row]); };
    made.cell = [this, text](std::size_t row) { return TableCell{text(m_points[row])}; };
    return made;
}

std::vector<TableColumn> DictionaryWaysTable::makeColumns() const {
    TableColumn way{"dictionary", tr("dictionary"), tr("How the model is given it (model.dictionary.kind)"), Qt::AlignLeft, true};
    way.cell = [this](std::size_t row) {
        TableCell cell{dictionaryName(m_points[row].kind), Role::text, true};
        cell.line = dictionaryRole(m_points[row].kind);
        return cell;
    };
    way.widest = dictionaryName(DictionaryKind::context) + QStringLiteral("mmm");
    TableColumn accuracy = column(
        "accuracy", tr("accuracy"), tr("Answers of the test that are right: mean and standard deviation over the seeds"),
        [](const DictionaryPoint& p) { return p.accuracy; }, [](const DictionaryPoint& p) { return percent(p.accuracy); });
    accuracy.cell = [this](std::size_t row) {
        TableCell cell{percent(m_points[row].accuracy), Role::text, true};
        cell.behind = QStringLiteral(" \u00B1 %1").arg(fixed(100 * m_points[row].deviation, 1));
        return cell;
    };
    accuracy.widest = QStringLiteral("100.0 % \u00B1 10.0");
    std::vector<TableColumn> columns{std::move(way), std::move(accuracy)};
    columns.push_back(column(
        "multiply_adds", tr("multiply-adds"), tr("Of an answer, when all that can be kept of the dictionary is kept from text to text"),
        [](const DictionaryPoint& p) { return p.cost.answer; }, [](const DictionaryPoint& p) { return multiplyAdds(p.cost.answer); }));
    columns.push_back(column(
        "read_anew", tr("read anew"), tr("Multiply-adds of an answer, when the dictionary is read again for every text"),
        [](const DictionaryPoint& p) { return p.cost.unkept(); }, [](const DictionaryPoint& p) { return multiplyAdds(p.cost.unkept()); }));
    columns.push_back(column(
        "kept_bytes", tr("kept"), tr("Memory for keys and values, or vectors, of the dictionary: 4 bytes a number"),
        [](const DictionaryPoint& p) { return p.cost.kept; }, [](const DictionaryPoint& p) { return kibibytes(p.cost.kept); }));
    return columns;
}

}  // namespace lab
