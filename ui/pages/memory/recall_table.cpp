#include "ui/pages/memory/recall_table.h"

#include <cmath>

#include "core/memory/modern_recall.h"
#include "core/memory/wrong_pixels.h"
#include "ui/pages/memory/recall_study.h"
#include "ui/widgets/format.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

constexpr int lineHeight = 18;  // logical px at 100 %
const std::string modern = "modern";

MakeMemory memoryOf(const std::string& rule, RecallMode mode, double beta) {
    return rule == modern ? modernMemory(beta) : classicalMemory(storageRule(rule), mode);
}

QString titleOf(const std::string& rule) {
    return rule == modern ? RecallTable::tr("modern") : ruleBrief(rule);
}

QString helpOf(const std::string& rule, double beta) {
    if (rule != modern) return ruleHelp(rule);
    return RecallTable::tr(
               "The continuous net: \u03BE \u2190 X softmax(\u03B2 X\u1D40 \u03BE) (patterns as columns of X) until nothing moves, then "
               "the signs; "
               "\u03B2 = %1, "
               "chosen on the tab Modern "
               "(Ramsauer et al. 2020). All pixels change together, whatever the update.")
        .arg(significant(beta, 3));
}

}  // namespace

RecallTable::RecallTable(QWidget* parent) : DataTable(tr("Wrong pixels by rule"), lineHeight, parent), m_task(Worker::Priority::givesWay) {
    for (const StorageRule* rule : storageRules()) m_columns.push_back({std::string(rule->name), {}});
    m_columns.push_back({modern, {}});
    nameColumns();
}

void RecallTable::nameColumns() {
    std::vector<TableColumn> columns(1 + m_columns.size());
    columns[0] = {"pattern", tr("pattern"), tr("Asked for from itself, with noise"), Qt::AlignLeft, true};
    columns[0].cell = [this](std::size_t row) { return TableCell{QString::fromStdString(m_value.patterns[row].name)}; };
    columns[0].widest = QStringLiteral("wwwwww");
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        TableColumn& column = columns[i + 1];
        const std::string rule = m_columns[i].rule;
        column = {rule, titleOf(rule), tr("Wrong pixels after recall.\n%1").arg(helpOf(rule, m_value.beta))};
        column.cell = [this, i](std::size_t row) { return cell(i, row); };
        column.number = [this, rule](std::size_t row) {
            const std::optional<int> found = wrong(row, rule);
            return found ? static_cast<double>(*found) : std::nan("");
        };
        column.written = [this, rule](std::size_t row) {
            const std::optional<int> found = wrong(row, rule);
            return found ? std::to_string(*found) : std::string();
        };
        column.strong = rule == m_value.rule;
    }
    setColumns(std::move(columns));
}

TableCell RecallTable::cell(std::size_t column, std::size_t row) const {
    const std::optional<int> found = wrong(row, m_columns[column].rule);
    if (!found) return {QStringLiteral("\u2026"), Role::muted};
    const QString text = verdictText(*found == 0, QString::number(*found));
    return {text, verdictRole(text), m_columns[column].rule == m_value.rule};
}

std::optional<int> RecallTable::wrong(std::size_t pattern, const std::string& rule) const {
    if (m_counted != m_asked) return std::nullopt;
    for (const Column& column : m_columns)
        if (column.rule == rule && pattern < column.wrong.size()) return column.wrong[pattern];
    return std::nullopt;
}

void RecallTable::setValue(const MemoryValue& value) {
    const bool otherRule = value.rule != m_value.rule || value.beta != m_value.beta;
    m_value = value;
    if (otherRule) nameColumns();
    const Question question{value.patterns, value.noise, value.seed, value.synchronous, value.beta};
    const std::optional<std::size_t> cursor = value.chosen < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(value.chosen));
    if (question == m_asked && !otherRule) return setChosen(cursor);
    const bool again = question != m_asked;
    m_asked = question;
    showAll(value.patterns.size(), cursor);
    if (!again) return;
    if (value.patterns.empty()) {
        m_task.cancel();
        m_counted = m_asked;
        return;
    }
    m_task.request([this, question, columns = m_columns](const LatestTask::Wanted& wanted) mutable -> LatestTask::Found {
        const RecallMode mode = question.synchronous ? RecallMode::synchronous : RecallMode::asynchronous;
        for (Column& column : columns) {
            if (!wanted()) break;
            column.wrong = wrongPixels(memoryOf(column.rule, mode, question.beta), question.patterns, question.noise / 100.0, question.seed,
                                       [&wanted] { return !wanted(); });
        }
        return [this, question, columns = std::move(columns)] {
            m_columns = columns;
            m_counted = question;
            viewport()->update();
            emit counted();
        };
    });
}

}  // namespace lab
