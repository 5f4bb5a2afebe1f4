#include "ui/pages/stream/later_heads_panel.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/config/experiment.h"
#include "ui/pages/stream/circuit_scene.h"
#include "ui/pages/stream/elhage.h"
#include "ui/scenes/head_names.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/data_table.h"

namespace lab {
namespace {

constexpr int laterHeadsRow = 22, laterHeadsBar = 34;  // logical px at 100 %

using HeadNumber = std::function<double(std::size_t row)>;

TableColumn headColumn(const char* id, const QString& title, const QString& help, double bar, const HeadNumber& number) {
    TableColumn column{id, title, help};
    column.bar = bar;
    column.number = number;
    column.widest = QStringLiteral("\u22120.00");
    column.cell = [number, bar](std::size_t row) {
        const double value = number(row);
        if (!std::isfinite(value)) return noNumber();
        TableCell cell{fixed(value, 2)};
        if (bar > 0) cell.bar = std::clamp(value, 0.0, 1.0);
        return cell;
    };
    return column;
}

}  // namespace

LaterHeadsPanel::LaterHeadsPanel(QWidget* parent) : PanelFrame(QString(), parent) {
    auto* body = new QWidget;
    auto* lines = column(body);
    m_table = named("stream.circuits.table", new DataTable(tr("Heads of the later layer"), laterHeadsRow));
    fillColumns();
    auto* foot = new QWidget;
    auto* row = new QHBoxLayout(foot);
    m_numbers = new ElidedLabel(QString());
    m_numbers->setToolTip(tr("Eigenvalues of QK and OV over the whole vocabulary: their sum over the sum of their absolute values, from −1 "
                             "to 1. 1: every token "
                             "looks for its like, every token looked at is raised.") +
                          QLatin1Char('\n') + elhageSource());
    m_switch = named("stream.circuits.switch", new Button(tr("Switch off")));
    m_cost = new ThemedLabel(QString(), TextSize::text, Role::text, true);
    row->addWidget(m_numbers, 1);
    row->addWidget(m_switch);
    row->addWidget(m_cost);
    keepSpacing(row, {8, 4, 8, 4}, 8);
    lines->addWidget(m_table, 1);
    lines->addWidget(foot);
    setContent(body);
    connect(m_table, &DataTable::rowChosen, this, [this](std::size_t head) { emit headChosen(static_cast<int>(head)); });
    connect(m_switch, &Button::clicked, this, &LaterHeadsPanel::switchWanted);
}

void LaterHeadsPanel::fillColumns() {
    std::vector<TableColumn> columns(1);
    columns[0] = {"head", tr("head"), tr("L = layer, H = head, from 0."), Qt::AlignLeft, true};
    columns[0].cell = [this](std::size_t row) {
        return TableCell{m_look && m_run ? nameOf({m_look->second.block, static_cast<int>(row)}) : QString(), Role::text, true};
    };
    columns[0].number = [](std::size_t row) { return static_cast<double>(row); };
    const QString largest = tr("The largest over the heads of the earlier layer.") + QLatin1Char('\n') + elhageSource();
    const auto composition = [&](const char* id, PathEnd end, double bar) {
        columns.push_back(headColumn(id, endLetter(end), largest, bar, [this, end](std::size_t row) {
            return m_look ? m_look->graph.largest(static_cast<int>(row), end, m_aboveRandom) : std::nan("");
        }));
    };
    composition("query", PathEnd::query, 0);
    composition("key", PathEnd::key, laterHeadsBar);
    composition("value", PathEnd::value, 0);
    columns.push_back(
        headColumn("copying", tr("copying"), tr("1: what is looked at is raised.") + QLatin1Char('\n') + elhageSource(), laterHeadsBar,
                   [this](std::size_t row) { return m_look && row < m_look->copying.size() ? m_look->copying[row] : std::nan(""); }));
    columns.push_back(headColumn(
        "prefix_matching", tr("prefix matching"), metricHelp(HeadMetric::induction, {}) + QStringLiteral("\nOlsson et al. 2022"), 0,
        [this](std::size_t row) {
            return m_look && row < m_look->secondMetrics.size() ? m_look->secondMetrics[row][HeadMetric::induction] : std::nan("");
        }));
    m_table->setColumns(std::move(columns));
    m_table->sortByColumn(2, false);
}

QString LaterHeadsPanel::nameOf(const StreamHead& head) const {
    return shortHeadName(m_run->model()->attentionBlocks()[static_cast<std::size_t>(head.block)], head.head,
                         m_run->experiment().model.architecture);
}

void LaterHeadsPanel::forget() {
    m_look.reset();
    m_run = nullptr;
}

void LaterHeadsPanel::showLook(const std::shared_ptr<const CircuitLook>& look, Run& run, bool aboveRandom) {
    m_look = look;
    m_run = &run;
    m_aboveRandom = aboveRandom;
    setTitle(tr("Heads of layer %1").arg(run.model()->attentionBlocks()[static_cast<std::size_t>(look->second.block)].layer));
    const Composition& base = look->graph.baseline;
    setNote(aboveRandom ? tr("above random: Q %1, K %2, V %3").arg(fixed(base.q, 2), fixed(base.k, 2), fixed(base.v, 2))
                        : tr("random: Q %1, K %2, V %3").arg(fixed(base.q, 2), fixed(base.k, 2), fixed(base.v, 2)));
    m_table->showAll(static_cast<std::size_t>(look->graph.secondHeads), static_cast<std::size_t>(look->second.head));
    const QString direct = signedFixed(look->direct.matching, 2), through = signedFixed(look->through.matching, 2);
    QStringList numbers{tr("QK matches %1, via %2 %3").arg(direct, nameOf(look->first), through)};
    if (!look->copying.empty())
        numbers << tr("OV copies %1").arg(signedFixed(look->copying[static_cast<std::size_t>(look->second.head)], 2));
    m_numbers->setText(numbers.join(QStringLiteral("   ")));
}

void LaterHeadsPanel::showCost(const AblationStudy& study, bool off) {
    const QString name = nameOf(m_look->first);
    m_switch->setText(off ? tr("Switch %1 on").arg(name) : tr("Switch %1 off").arg(name));
    m_switch->setToolTip(counted(LAB_PLURAL("stream",
                                            "Everywhere, until it is switched on again. The loss is the mean over %n sample(s), with "
                                            "the heads that are off now."),
                                 study.sampleCount()));
    const auto& outcome = study.outcome();
    if (!outcome || !outcome->error.isEmpty()) return m_cost->setText(outcome ? outcome->error : QString());
    const QString before = fixed(outcome->unchanged.loss, 2);
    m_cost->setText(outcome->interventions.empty() ? tr("loss %1").arg(before)
                                                   : tr("loss %1 → %2").arg(before, fixed(outcome->changed.loss, 2)));
}

}  // namespace lab
