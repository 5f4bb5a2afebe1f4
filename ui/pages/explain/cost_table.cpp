#include "ui/pages/explain/cost_table.h"

#include <cmath>

#include "core/explain/shapes.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int costLineHeight = 20;  // logical px at 100 %

}  // namespace

Role costRole(std::size_t line) {
    constexpr Role others[] = {Role::series2, Role::series3, Role::series4, Role::series5};
    return line == 0 ? Role::series1 : others[(line - 1) % std::size(others)];
}

QString productsText(double count) {
    constexpr double thousand = 1e3;
    const char* const units[] = {"G", "T", "P"};
    if (count < thousand * thousand * thousand) return compact(count);
    count /= thousand * thousand * thousand;
    std::size_t unit = 0;
    for (; count >= thousand && unit + 1 < std::size(units); ++unit) count /= thousand;
    return fixed(count, count < 10 ? 2 : count < 100 ? 1 : 0) + QChar(QChar::Nbsp) + QLatin1String(units[unit]);
}

QString pairsText(const ModelCost& cost) {
    const double pairs = cost.pairsPerQuery();
    const QString text = pairs == std::floor(pairs) ? grouped(static_cast<std::int64_t>(pairs)) : fixed(pairs, 1);
    return cost.pairs.exact ? text : CostTable::tr("about %1").arg(text);
}

CostTable::CostTable(QWidget* parent) : DataTable(tr("Cost at one length"), costLineHeight, parent) {
    setColumns(makeColumns());
}

void CostTable::setRows(std::vector<CostLine> lines, std::size_t point) {
    const std::optional<std::size_t> cursor = chosen();
    m_lines = std::move(lines);
    m_point = point;
    showAll(m_lines.size(), cursor && *cursor < m_lines.size() ? cursor : std::nullopt);
}

TableColumn CostTable::column(const char* id, const QString& title, const QString& help, std::function<double(const ModelCost&)> number,
                              std::function<QString(const ModelCost&)> text) const {
    TableColumn made{id, title, help};
    made.number = [this, number](std::size_t row) { return number(cost(row)); };
    made.cell = [this, text](std::size_t row) {
        TableCell cell{text(cost(row))};
        cell.bold = m_lines[row].own;
        return cell;
    };
    return made;
}

TableColumn CostTable::patternColumn() const {
    TableColumn pattern{"pattern", tr("pattern"), tr("Who sees whom (model.attention.pattern); bold: this model\u2019s own"), Qt::AlignLeft,
                        true};
    pattern.cell = [this](std::size_t row) {
        const QString name = shown(patternText(m_lines[row].pattern));
        TableCell cell{m_lines[row].own ? tr("%1 \u00B7 this model").arg(name) : name, Role::text, m_lines[row].own};
        cell.line = costRole(row);
        return cell;
    };
    for (const PatternSpec* row : PatternSpec::table())
        if (const QString text = shown(patternText(usualPattern(*row))); text.size() > pattern.widest.size()) pattern.widest = text;
    pattern.widest += QStringLiteral("mmmm");  // the line before it
    return pattern;
}

std::vector<TableColumn> CostTable::makeColumns() const {
    const auto bytes = [](double count) { return shown(explain::bytesText(count)); };
    std::vector<TableColumn> columns{patternColumn()};
    columns.push_back(column(
        "pairs_per_query", tr("pairs a query"),
        tr("Keys that a query sees, the mean over all queries; \u201C"
           "about\u201D: counted for some"),
        [](const ModelCost& c) { return c.pairsPerQuery(); }, pairsText));
    columns.push_back(column(
        "map_bytes", tr("one map"), tr("Weights of the pairs that are seen, one head of one layer: 4 bytes each"),
        [](const ModelCost& c) { return c.mapBytes; }, [bytes](const ModelCost& c) { return bytes(c.mapBytes); }));
    columns.push_back(column(
        "attention_multiply_adds_per_token", tr("scores and mixing"),
        tr("Multiply-adds a token for scores and mixing, all heads and layers together"),
        [](const ModelCost& c) { return c.attention / c.length; },
        [](const ModelCost& c) { return productsText(c.attention / c.length); }));
    columns.push_back(column(
        "multiply_adds_per_token", tr("all multiply-adds"), tr("Multiply-adds a token of the whole forward pass"),
        [](const ModelCost& c) { return c.productsPerToken(); }, [](const ModelCost& c) { return productsText(c.productsPerToken()); }));
    columns.push_back(column(
        "activation_bytes", tr("to train, about"),
        tr("What waits for the backward pass of one sequence as this program trains, which keeps the weights of every map it makes; about"),
        [](const ModelCost& c) { return c.activations; }, [bytes](const ModelCost& c) { return bytes(c.activations); }));
    columns.push_back(column(
        "cache_bytes", tr("cache"),
        tr("What a decoder keeps while it writes: keys and values, where weights fade a state; of segments what a query to come can see, "
           "else "
           "all of them, also where a learned span or another pattern no longer lets anybody see them"),
        [](const ModelCost& c) { return c.cache; },
        [bytes](const ModelCost& c) { return c.cache > 0 ? bytes(c.cache) : QStringLiteral("\u2013"); }));
    return columns;
}

}  // namespace lab
