#include "ui/pages/train/text_over_time.h"

#include <QLineEdit>
#include <QSpinBox>
#include <limits>

#include "core/config/experiment.h"
#include "ui/runs/focus.h"
#include "ui/scenes/sample_list.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spin_text.h"

namespace lab {
namespace {

constexpr int mostTextTokens = 500;
constexpr int usualTextTokens = 32;
constexpr int longestPrompt = 30;  ///< characters shown in front of each text
constexpr int textsHeight = 140;   ///< of a title and six rows, logical px at 100 %: the curves keep the rest

}  // namespace

TextOverTime::TextOverTime(QWidget* parent) : PanelFrame(tr("Text over time"), parent) {
    setDense(true);
    m_prompt = named("train.tables.prompt", new QLineEdit);
    m_prompt->setAccessibleName(tr("Prompt of the texts"));
    m_prompt->setToolTip(tr("What the texts go on from; empty: the beginning of a text of this run"));
    m_length = named("train.tables.length", new QSpinBox);
    m_length->setRange(1, mostTextTokens);
    m_length->setValue(usualTextTokens);
    setAround(*m_length, tr("%1 tokens"));
    m_length->setAccessibleName(tr("Length of the texts"));
    m_seed = named("train.tables.seed", new QSpinBox);
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setValue(static_cast<int>(Sampling().seed));
    setAround(*m_seed, tr("seed %1"));
    m_seed->setAccessibleName(tr("Seed of the texts"));
    m_list = named("train.tables.texts", new SampleList);
    for (QWidget* each : {static_cast<QWidget*>(m_prompt), static_cast<QWidget*>(m_length), static_cast<QWidget*>(m_seed)})
        addControl(each);
    setContent(m_list);
    followTheme(m_list, [this] { m_list->setFixedHeight(Theme::instance().px(textsHeight)); });
    connect(m_list, &SampleList::stepChosen, this, &TextOverTime::stepChosen);
    connect(&m_log, &SampleLog::changed, this, &TextOverTime::showSamples);
    connect(m_prompt, &QLineEdit::editingFinished, this, &TextOverTime::refreshWanted);
    connect(m_length, &QSpinBox::valueChanged, this, &TextOverTime::refreshWanted);
    connect(m_seed, &QSpinBox::valueChanged, this, &TextOverTime::refreshWanted);
}

bool TextOverTime::suits(const Run& run) {
    const Experiment& experiment = run.experiment();
    const TaskSpec& task = *experiment.task.kind;
    return task.framing == Framing::nextToken && !task.isBuiltIn() && experiment.model.architecture == Architecture::decoder;
}

void TextOverTime::showMoments(const Focus& focus, std::vector<CheckpointPtr> moments) {
    if (m_run != focus.run()) m_own = promptOf(*focus.run());
    m_run = focus.run();
    m_shown = focus.shownStep();
    m_prompt->setPlaceholderText(m_own);
    WritingQuestion question = questionOf(*m_run, nullptr, m_prompt->text().isEmpty() ? m_own : m_prompt->text());
    question.options.count = m_length->value();
    question.options.sampling.seed = static_cast<std::uint64_t>(m_seed->value());
    m_log.setThrifty(m_run->state() == RunState::training);
    m_log.ask(question, std::move(moments));
    showSamples();
}

void TextOverTime::showSamples() {
    if (!m_run) return;
    std::vector<double> losses;
    for (const SampleOfStep& sample : m_log.samples()) losses.push_back(validationLossAt(*m_run, sample.checkpoint->step));
    const QString prompt = m_prompt->text().isEmpty() ? m_own : m_prompt->text();
    m_list->setSamples(m_log.samples(), std::move(losses), prompt.right(longestPrompt), m_shown);
}

QJsonObject TextOverTime::notes() const {
    return {{QStringLiteral("prompt"), m_prompt->text()},
            {QStringLiteral("length"), m_length->value()},
            {QStringLiteral("seed"), m_seed->value()}};
}

void TextOverTime::takeNotes(const QJsonObject& notes) {
    m_prompt->setText(notes[QStringLiteral("prompt")].toString(m_prompt->text()));
    m_length->setValue(notes[QStringLiteral("length")].toInt(m_length->value()));
    m_seed->setValue(notes[QStringLiteral("seed")].toInt(m_seed->value()));
}

}  // namespace lab
