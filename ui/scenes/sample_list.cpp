#include "ui/scenes/sample_list.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/data/dataset.h"
#include "core/data/loss_unit.h"
#include "ui/runs/run.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int sampleHeight = 19;  // logical px at 100 %
constexpr std::size_t promptTokens = 8;

/// On one line: ends of lines as a sign.
QString onOneLine(QString text) {
    return text.replace(QLatin1Char('\n'), QChar(0x21B5)).replace(QLatin1Char('\t'), QLatin1Char(' '));
}

}  // namespace

std::vector<CheckpointPtr> momentsOf(const Run& run, std::size_t most) {
    const std::vector<CheckpointPtr>& kept = run.history().checkpoints();
    if (kept.size() <= most) return kept;
    std::vector<CheckpointPtr> moments;
    // What is kept is dense at first and ever sparser, as what a model learns is.
    for (std::size_t i = 0; i < most; ++i) moments.push_back(kept[i * (kept.size() - 1) / (most - 1)]);
    return moments;
}

QString promptOf(const Run& run) {
    const Dataset& data = *run.dataset();
    if (data.validationSize() + data.trainSize() == 0) return {};
    std::vector<int> tokens = (data.validationSize() > 0 ? data.validationSample(0) : data.trainSample(0)).tokens;
    tokens.resize(std::min(tokens.size(), promptTokens));
    return QString::fromStdString(data.tokenizer().decode(tokens));
}

double validationLossAt(const Run& run, std::int64_t step) {
    double loss = std::numeric_limits<double>::quiet_NaN();
    for (const StepRecord& record : run.records()) {
        if (record.step > step) break;
        if (record.validation) loss = record.validation->loss;
    }
    return lossUnitOf(*run.dataset()).of(loss);
}

SampleList::SampleList(QWidget* parent) : DataTable(tr("Texts while training"), sampleHeight, parent) {
    std::vector<TableColumn> columns(3);
    columns[0] = {"step", tr("step"), tr("After so many steps"), Qt::AlignRight, true};
    columns[0].cell = [this](std::size_t row) { return TableCell{grouped(m_samples[row].checkpoint->step), Role::text, true}; };
    columns[0].number = [this](std::size_t row) { return static_cast<double>(m_samples[row].checkpoint->step); };
    columns[0].widest = QStringLiteral("000 000");
    columns[1] = {"loss", tr("loss"), tr("Validation loss there, in the unit of the curves"), Qt::AlignRight, true};
    columns[1].cell = [this](std::size_t row) {
        return std::isnan(m_losses[row]) ? noNumber() : TableCell{fixed(m_losses[row], 2), Role::muted};
    };
    columns[1].number = [this](std::size_t row) { return m_losses[row]; };
    columns[1].widest = QStringLiteral("00.00");
    columns[2] = {"text", tr("text"), tr("What the model wrote then: the same prompt, the same seed"), Qt::AlignLeft, true};
    columns[2].cell = [this](std::size_t row) { return TableCell{onOneLine(m_prompt + m_samples[row].text)}; };
    columns[2].written = [this](std::size_t row) { return m_samples[row].text.toStdString(); };
    columns[2].toolTip = [this](std::size_t row) { return m_prompt + m_samples[row].text; };
    columns[2].widest = QString(20, QLatin1Char('w'));
    setColumns(std::move(columns));
    connect(this, &DataTable::rowChosen, this, [this](std::size_t row) { emit stepChosen(m_samples[row].checkpoint->step); });
}

/// The text has all the room that is left.
void SampleList::arrangeColumns() {
    DataTable::arrangeColumns();
    const int others = columnWidth(0) + columnWidth(1);
    if (viewport()->width() > others + columnWidth(2)) setColumnWidth(2, viewport()->width() - others);
}

void SampleList::setSamples(std::vector<SampleOfStep> samples, std::vector<double> losses, const QString& prompt, std::int64_t shown) {
    m_samples = std::move(samples);
    m_losses = std::move(losses);
    m_prompt = prompt;
    const auto mine = std::ranges::find(m_samples, shown, [](const SampleOfStep& sample) { return sample.checkpoint->step; });
    showAll(m_samples.size(), mine == m_samples.end() ? std::nullopt : std::optional(static_cast<std::size_t>(mine - m_samples.begin())));
    viewport()->update();
}

}  // namespace lab
