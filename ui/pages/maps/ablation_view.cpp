#include "ui/pages/maps/ablation_view.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "core/config/experiment.h"
#include "ui/scenes/head_names.h"
#include "ui/scenes/measure_words.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/sample_table.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int ablationViewGap = 8;
constexpr int ablationViewLabelWidth = 76;
constexpr int ablationViewLeastTable = 590, leastOutcome = 300;

using State = AblationTable::State;

}  // namespace

QString headChangesText(const std::vector<Intervention>& changes) {
    const auto count = [&](Intervention::Kind kind) {
        return std::count_if(changes.begin(), changes.end(), [kind](const Intervention& i) { return i.kind == kind; });
    };
    const auto off = count(Intervention::Kind::headOff), uniform = count(Intervention::Kind::headUniform);
    QStringList parts;
    if (off > 0) parts << counted(LAB_PLURAL("maps", "%n head(s) off"), off);
    if (uniform > 0) parts << counted(LAB_PLURAL("maps", "%n head(s) uniform"), uniform);
    return parts.join(QStringLiteral(", "));
}

AblationView::AblationView(Focus& focus, QWidget* parent) : QWidget(parent), m_focus(focus) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    makeTablePanel();
    makeOutcomePanels();
    layout->addWidget(m_tablePanel, 5);
    layout->addWidget(m_right, 4);
    connect(&m_study, &AblationStudy::changed, this, &AblationView::refresh);
    followTheme(this, &AblationView::applyMeasures);
}

void AblationView::makeTablePanel() {
    m_tablePanel = new PanelFrame(tr("Switch heads off"), this);
    m_table = named("maps.switches.table", new AblationTable);
    m_tablePanel->setContent(m_table);
    m_allOn = named("maps.switches.all_on", new Button(tr("All on")));
    m_allOn->setHeight(20);
    m_allOn->setToolTip(tr("Every head as it was trained"));
    m_rank = named("maps.switches.rank", new Button(tr("Rank all heads")));
    m_rank->setHeight(20);
    m_rank->setWidthFor({tr("Rank all heads"), tr("Cancel")});
    m_tablePanel->addControl(m_allOn);
    m_tablePanel->addControl(m_rank);
    connect(m_table, &AblationTable::switched, this, &AblationView::setState);
    connect(m_allOn, &QPushButton::clicked, this, [this] { m_focus.setHeadChanges({}); });
    connect(m_rank, &QPushButton::clicked, this, &AblationView::rankOrCancel);
}

void AblationView::makeOutcomePanels() {
    m_right = new QWidget(this);
    auto* layout = new QVBoxLayout(m_right);
    layout->setContentsMargins(0, 0, 0, 0);
    m_outcomePanel = new PanelFrame(tr("What it does"), m_right);
    m_outcome = new TextTable(tr("With and without the changes"));
    m_outcome->setColumns({QString(), tr("as trained"), tr("changed"), tr("difference")}, {0.34, 0.22, 0.22, 0.22});
    m_outcomePanel->setContent(m_outcome);
    m_answerPanel = new PanelFrame(tr("Predictions"), m_right);
    m_answers = named("maps.switches.answers", new SampleTable(tr("model"), 3));
    m_answers->setAccessibleName(tr("Predictions"));
    m_answers->setLabelWidth(ablationViewLabelWidth);
    m_answerPanel->setContent(m_answers);
    layout->addWidget(m_outcomePanel);
    layout->addWidget(m_answerPanel);
    layout->addStretch(1);
}

void AblationView::applyMeasures() {
    const int space = Theme::instance().px(ablationViewGap);
    layout()->setSpacing(space);
    m_right->layout()->setSpacing(space);
    m_tablePanel->setMinimumWidth(Theme::instance().px(ablationViewLeastTable));
    m_right->setMinimumWidth(Theme::instance().px(leastOutcome));
}

void AblationView::look(const MapsScene& scene) {
    Run* run = m_focus.run();
    if (!run) return;
    m_subjects = ablationSubjects(*run->model());
    m_names.clear();
    for (const AblationSubject& subject : m_subjects) {
        const AttentionBlock& block = scene.blocks[static_cast<std::size_t>(subject.block)].info;
        const Architecture architecture = run->experiment().model.architecture;
        m_names.push_back(subject.head < 0 ? tr("%1 all").arg(shortBlockName(block, architecture))
                                           : shortHeadName(block, subject.head, architecture));
    }
    const Measure measure = measureOf(run->experiment().model);
    m_table->setMeasure(measure);
    m_rank->setToolTip(
        tr("Switches off and makes uniform each head and each layer, one at a time, and measures what the loss and the %1 become")
            .arg(measurePhrase(measure)));
    m_study.look(run, m_focus.checkpoint(), m_focus.input(), m_focus.headChanges());
    m_table->setJudgesVectors(m_study.judgesVectors());
    refresh();
}

State AblationView::stateOf(const AblationSubject& subject) const {
    const Run* run = m_focus.run();
    const auto& blocks = run->model()->attentionBlocks();
    if (static_cast<std::size_t>(subject.block) >= blocks.size()) return State::on;  // of the run before
    const AttentionBlock& block = blocks[static_cast<std::size_t>(subject.block)];
    const auto& changes = m_focus.headChanges();
    std::optional<State> common;
    for (int head = 0; head < block.heads; ++head) {
        if (subject.head >= 0 && head != subject.head) continue;
        const auto change =
            std::find_if(changes.begin(), changes.end(), [&](const Intervention& i) { return i.name == block.name && i.head == head; });
        const State state = change == changes.end() ? State::on : change->kind == Intervention::Kind::headOff ? State::off : State::uniform;
        if (common && *common != state) return State::several;
        common = state;
    }
    return common.value_or(State::on);
}

void AblationView::setState(const AblationSubject& subject, State state) {
    const Run* run = m_focus.run();
    if (!run) return;
    const auto kind = state == State::off ? Intervention::Kind::headOff : Intervention::Kind::headUniform;
    const std::vector<Intervention> wanted = ablationOf(*run->model(), subject, kind);
    std::vector<Intervention> changes = m_focus.headChanges();
    std::erase_if(changes, [&](const Intervention& old) {
        return std::any_of(wanted.begin(), wanted.end(), [&](const Intervention& i) { return i.name == old.name && i.head == old.head; });
    });
    if (state != State::on) changes.insert(changes.end(), wanted.begin(), wanted.end());
    m_focus.setHeadChanges(std::move(changes));
    if (!m_names.empty()) refreshTable();
}

void AblationView::rankOrCancel() {
    if (m_study.ranking())
        m_study.cancelRanking();
    else
        m_study.rank(m_focus.run(), m_focus.checkpoint());
    if (m_study.ranking()) m_study.job()->setOpener(this, [this] { emit rankingWanted(); });
}

void AblationView::refresh() {
    if (!m_focus.run() || m_names.empty()) return;
    if (m_wasRanking && !m_study.ranking() && m_study.ranked().whole && m_study.ranked().done() == m_study.ranked().total())
        m_table->sortByColumn(AblationTable::offLoss, false);
    m_wasRanking = m_study.ranking();
    refreshTable();
    refreshOutcome();
    refreshAnswers();
}

void AblationView::refreshTable() {
    std::vector<AblationTable::Row> rows;
    for (std::size_t i = 0; i < m_subjects.size(); ++i) {
        AblationTable::Row row{m_names[i], {m_subjects[i], {}, {}}, stateOf(m_subjects[i])};
        for (const AblationStudy::Entry& entry : m_study.ranked().entries)
            if (entry.subject == m_subjects[i]) row.entry = entry;
        rows.push_back(std::move(row));
    }
    m_table->setRows(std::move(rows), m_study.ranked().whole);
    m_rank->setText(m_study.ranking() ? tr("Cancel") : tr("Rank all heads"));
    m_allOn->setEnabled(!m_focus.headChanges().empty());
    const QString changes = headChangesText(m_focus.headChanges());
    m_tablePanel->setSubtitle(changes.isEmpty() ? tr("all on") : changes);
    const AblationStudy::Ranking& ranked = m_study.ranked();
    QString note = m_study.rankingError();
    if (m_study.ranking())
        note = tr("%1 of %2 measured").arg(ranked.done()).arg(ranked.total());
    else if (ranked.whole)
        note = (ranked.done() < ranked.total() ? tr("cancelled at step %1") : tr("ranked at step %1")).arg(grouped(ranked.step));
    else if (note.isEmpty())
        note = tr("not ranked yet");
    m_tablePanel->setNote(note);
}

QString AblationView::samplesText() const {
    const QString set = m_study.ofValidation() ? tr("over %1 validation samples") : tr("over %1 training samples");
    return set.arg(m_study.sampleCount());
}

EvenMapsEvidence AblationView::evidenceAt(std::int64_t step) const {
    EvenMapsEvidence evidence;
    const AblationStudy::Ranking& ranked = m_study.ranked();
    const bool complete = ranked.whole && ranked.done() == ranked.total() && !ranked.entries.empty();
    if (!complete || ranked.step != step || m_study.run() != m_focus.run()) return evidence;
    std::vector<AblationScore> off, uniform;
    for (const AblationStudy::Entry& entry : ranked.entries) {
        off.push_back(*entry.off);
        uniform.push_back(*entry.uniform);
    }
    return {aloneAblation(*ranked.whole, off, uniform), ranked.entries.size(), samplesText()};
}

void AblationView::refreshOutcome() {
    const auto& outcome = m_study.outcome();
    m_outcomePanel->setSubtitle(samplesText() +
                                (outcome ? QStringLiteral(" \u00B7 ") + tr("step %1").arg(grouped(outcome->step)) : QString()));
    m_outcomePanel->setNote(QString());
    if (!outcome) return m_outcome->setRows({});
    if (!outcome->error.isEmpty()) {
        m_outcomePanel->setNote(outcome->error);
        return m_outcome->setRows({});
    }
    const AblationScore &was = outcome->unchanged, &is = outcome->changed;
    if (m_study.judgesVectors()) {
        m_outcomePanel->setNote(tr("mean vector beside the whole model's"));
        return m_outcome->setRows(
            {TextTable::Row{{tr("1 \u2212 cosine"), lossText(was.loss), lossText(is.loss), lossChangeText(is.loss - was.loss)}}});
    }
    const auto share = [&](const QString& name, double before, double after) {
        return TextTable::Row{{name, percent(before), percent(after), signedFixed(100 * (after - before), 1) + tr("\u00A0pp")}};
    };
    const ModelConfig& model = m_focus.run()->experiment().model;
    std::vector<TextTable::Row> rows({{{tr("loss"), lossText(was.loss), lossText(is.loss), lossChangeText(is.loss - was.loss)}},
                                      share(measureName(measureOf(model)), was.accuracy, is.accuracy)});
    if (judgesSequences(model)) rows.push_back(share(tr("whole sequences right"), was.sequenceAccuracy, is.sequenceAccuracy));
    m_outcome->setRows(std::move(rows));
}

/// Numbers are not right or wrong: they stand beside what is true.
void AblationView::refreshNumbers(const SequenceWords& words, const AblationStudy::Outcome& outcome) {
    const auto row = [&](const QString& label, const auto& numberAt) {
        SampleTable::Row result;
        result.label = label;
        result.judged = false;
        for (std::size_t i = 0; i < outcome.input.tokens.size(); ++i)
            if (words.asks(outcome.input, i)) result.cells.push_back({numberAt(i), false});
        return result;
    };
    std::vector<SampleTable::Row> rows;
    if (!outcome.input.targets.empty()) rows.push_back(row(tr("truth"), [&](std::size_t i) { return words.truth(outcome.input, i); }));
    rows.push_back(row(tr("as trained"), [&](std::size_t i) { return vectorText(words.answeredAt(outcome.numbers, i)); }));
    rows.push_back(row(tr("changed"), [&](std::size_t i) { return vectorText(words.answeredAt(outcome.changedNumbers, i)); }));
    rows.back().shown = true;
    m_answers->setRows(std::move(rows));
}

void AblationView::refreshAnswers() {
    const auto& outcome = m_study.outcome();
    const Run& run = *m_focus.run();
    m_answerPanel->setSubtitle(run.experiment().model.architecture == Architecture::encoder ? tr("on this input")
                                                                                            : tr("on this input, given the true answer"));
    if (!outcome || outcome->answer.empty()) return m_answers->setRows({});
    const SequenceWords words(run);
    if (words.numbers()) return refreshNumbers(words, *outcome);
    const std::vector<int>& targets = outcome->input.targets;
    const auto asked = [&](std::size_t i) { return words.asks(outcome->input, i); };
    const auto row = [&](const QString& label, const std::vector<int>& tokens, bool judge) {
        SampleTable::Row result;
        result.label = label;
        result.judged = judge && !targets.empty();
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            if (!asked(i)) continue;
            const bool wrong = result.judged && tokens[i] != targets[i];
            result.cells.push_back({words.classText(tokens[i]), wrong});
            result.right += wrong ? 0 : 1;
        }
        return result;
    };
    std::vector<SampleTable::Row> rows;
    if (!targets.empty()) rows.push_back(row(tr("target"), targets, false));
    rows.push_back(row(tr("as trained"), outcome->answer, true));
    rows.push_back(row(tr("changed"), outcome->changedAnswer, true));
    rows.back().shown = true;
    m_answers->setRows(std::move(rows));
}

}  // namespace lab
