#include "ui/pages/incontext/induction_tab.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/analysis/head_metrics.h"
#include "core/config/experiment.h"
#include "core/data/guessing.h"
#include "ui/scenes/run_style.h"
#include "ui/text/terms.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int inductionGap = 8;
constexpr std::size_t mostLines = 6;  // colours that differ
const QString inductionComparison = QStringLiteral("10-induction");

/// So that long sentences ask for no room.
QScrollArea* inductionScrolled(QWidget* content) {
    auto* area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(content);
    content->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    return area;
}

}  // namespace

InductionTab::InductionTab(Focus& focus, Workspace& workspace, QWidget* parent) : IncontextTab(focus, workspace, parent) {
    m_stack = new QStackedWidget(this);
    m_none = named("incontext.induction.none",
                   new EmptyState(tr("No open run repeats a block"),
                                  tr("Induction is measured where every next token is predicted: task repeat with a decoder. Three small "
                                     "models are ready: one layer with a fixed and with a random period, two layers with a random one."),
                                  tr("Open all three")));
    auto* content = new QWidget;
    m_grid = new QGridLayout(content);
    m_grid->setContentsMargins(0, 0, 0, 0);
    makeControls();
    m_grid->addWidget(makeLoss(), 0, 0);
    m_grid->addWidget(makeScore(), 0, 1);
    m_grid->addWidget(makeHeads(m_before, QStringLiteral("incontext.induction.before"), tr("Previous-token head"),
                                tr("The share of its weight that the run's strongest head puts on the token before, at the steps that are "
                                   "kept: the mean over all queries of %n sequence(s).",
                                   nullptr, InductionHistory::sampleCount)),
                      1, 0);
    m_grid->addWidget(makeHeads(m_matching, QStringLiteral("incontext.induction.matching"), tr("Induction head"),
                                withTerm({}, QStringLiteral("induction_head"))),
                      1, 1);
    m_grid->addWidget(makeWords(), 0, 2, 2, 1);
    for (int c = 0; c < 3; ++c) m_grid->setColumnStretch(c, 1);
    for (int r = 0; r < 2; ++r) m_grid->setRowStretch(r, 1);
    m_stack->addWidget(m_none);
    m_stack->addWidget(content);
    column(this)->addWidget(m_stack);
    connect(m_none, &EmptyState::activated, m_open, &Button::click);
    connect(&workspace, &Workspace::runAboutToBeRemoved, this, &InductionTab::forget);
    followTheme(this, &InductionTab::applyMeasures);
}

InductionTab::~InductionTab() = default;

void InductionTab::makeControls() {
    m_controls = new QWidget(this);
    auto* row = new QHBoxLayout(m_controls);
    m_open = named("incontext.induction.open", new Button(tr("Open all three")));
    m_open->setToolTip(
        tr("Opens one layer with a fixed period, one layer with a random one, and two layers with a random one, to be "
           "trained beside each other"));
    row->addWidget(m_open);
    keepSpacing(row, {0, 0, 0, 0}, 6);
    connect(m_open, &Button::clicked, this, [this] { openComparison(inductionComparison); });
}

QWidget* InductionTab::makeLoss() {
    m_lossPanel = new PanelFrame(tr("Loss of each token"));
    m_loss = named("incontext.induction.loss", new Plot(tr("Loss of each token")));
    m_loss->setXTitle(tr("token, from 0"));
    m_loss->setReading([](double value) { return fixed(value, 2); });
    m_loss->setFlag([](double token) { return tr("token %1").arg(static_cast<int>(std::lround(token))); });
    m_loss->setToolTip(
        tr("Mean of −ln p of token t given the tokens before it, at the step shown. The first token is not predicted. With a "
           "random period the second block begins somewhere before the last quarter: the curve falls where more and more "
           "sequences have reached it."));
    m_loss->legend()->show();
    m_lossPanel->addControl(m_loss->legend());
    m_lossPanel->setContent(m_loss);
    return m_lossPanel;
}

QWidget* InductionTab::makeScore() {
    auto* panel = new PanelFrame(tr("ICL score"));
    m_score = named("incontext.induction.score", new Plot(tr("ICL score over training"), PlotScene::Kind::progress));
    m_score->setReading([](double value) { return fixed(value, 2); });
    m_score->setToolTip(withTerm({}, QStringLiteral("icl_score")));
    m_score->setEmptyText(tr("Press Space: the run trains"));
    m_score->legend()->show();
    panel->addControl(m_score->legend());
    panel->setContent(m_score);
    connect(m_score, &Plot::handMoved, this, &InductionTab::moveTo);
    return panel;
}

QWidget* InductionTab::makeHeads(Plot*& plot, const QString& name, const QString& title, const QString& help) {
    auto* panel = new PanelFrame(title);
    plot = named(name, new Plot(tr("%1 over training").arg(title), PlotScene::Kind::progress));
    plot->setReading([](double value) { return fixed(value, 2); });
    plot->setYRange(std::pair(0.0, 1.05));
    plot->setLevel(mostOfTheWeight, tr("half"));
    plot->setToolTip(help);
    plot->setEmptyText(tr("Press Space: the run trains"));
    plot->legend()->show();
    panel->addControl(plot->legend());
    panel->setContent(plot);
    connect(plot, &Plot::handMoved, this, &InductionTab::moveTo);
    return panel;
}

QWidget* InductionTab::makeWords() {
    m_wordsPanel = new PanelFrame(tr("What formed, and when"));
    m_table = named("incontext.induction.table", new TextTable(tr("Runs that repeat")));
    m_table->setColumns({tr("run"), tr("layers"), tr("period"), tr("step"), tr("score"), tr("before"), tr("induction")},
                        {0.26, 0.08, 0.12, 0.1, 0.1, 0.17, 0.17});
    m_table->setToolTip(
        tr("At the step shown of each run: the ICL score, and of all heads the strongest on the token before and the "
           "strongest on what followed an earlier copy."));
    m_words = new ThemedLabel({});
    m_words->setWordWrap(true);
    m_words->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_words->setMargin(6);
    auto* body = new QWidget;
    QVBoxLayout* lines = column(body);
    lines->addWidget(m_table);
    lines->addWidget(inductionScrolled(m_words), 1);
    m_wordsPanel->setContent(body);
    return m_wordsPanel;
}

void InductionTab::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(inductionGap));
    m_table->setFixedHeight(m_table->fullHeight());
}

TabHeading InductionTab::heading() const {
    if (m_lines.empty()) return {tr("Induction")};
    const int n = m_lines.front().run->experiment().task.seq_len;
    return {tr("Induction"), tr("the first %n validation sequence(s), %1 tokens", nullptr, InductionHistory::sampleCount).arg(n)};
}

void InductionTab::showEvent(QShowEvent* event) {
    IncontextTab::showEvent(event);
    watchAll(true);
}

void InductionTab::hideEvent(QHideEvent* event) {
    IncontextTab::hideEvent(event);
    watchAll(false);
}

void InductionTab::watchAll(bool watched) {
    for (const auto& each : m_histories) each.second->setWatched(watched);
}

InductionHistory& InductionTab::historyOf(Run& run) {
    auto& history = m_histories[&run];
    if (!history) {
        history = std::make_unique<InductionHistory>(run);
        connect(history.get(), &InductionHistory::changed, this, &PageTab::refreshWanted);
        history->setWatched(isVisible());
    }
    return *history;
}

void InductionTab::forget(Run* run) {
    std::erase_if(m_lines, [run](const InductionLine& line) { return line.run == run; });
    m_histories.erase(run);
}

/// In the order in which they are open; the one in focus always among them.
std::vector<Run*> InductionTab::shownRuns() const {
    std::vector<Run*> runs;
    for (Run* run : workspace().runs())
        if (predictsEveryToken(run->experiment())) runs.push_back(run);
    const auto focused = std::ranges::find(runs, focus().run());
    if (focused != runs.end() && static_cast<std::size_t>(focused - runs.begin()) >= mostLines)
        std::iter_swap(focused, runs.begin() + mostLines - 1);
    runs.resize(std::min(runs.size(), mostLines));
    return runs;
}

/// Of another run: its newest moment while the focus follows the training, else its last kept one up to the step shown.
CheckpointPtr InductionTab::momentOf(const Run& run) const {
    if (&run == focus().run()) return focus().checkpoint();
    return !focus().run() || focus().live() ? run.latest() : run.history().atOrBefore(focus().shownStep());
}

void InductionTab::gather() {
    m_lines.clear();
    for (Run* run : shownRuns()) {
        const CheckpointPtr moment = momentOf(*run);
        if (!moment) continue;
        InductionHistory& history = historyOf(*run);
        history.want(moment);
        m_lines.push_back({&history, run, run->name(), seriesRole(run->series()), moment->step});
    }
}

void InductionTab::refresh() {
    gather();
    m_stack->setCurrentIndex(m_lines.empty() ? 0 : 1);
    if (m_lines.empty()) return;
    showLoss();
    showCurves();
    showWords();
    emit changed();
}

void InductionTab::showLoss() {
    const Run& first = *m_lines.front().run;
    const int n = first.experiment().task.seq_len;
    std::vector<PlotSeries> series = lossByToken(m_lines);
    if (!series.empty()) m_loss->setSeries(std::move(series));  // the old picture stays until the new one is measured
    m_loss->setXRange(0, std::max(n - 1, 1));
    m_loss->setLevel(first.guesses().uniform.loss, tr("guessing"));
    const TokenRange late = lateTokens(n);
    if (late.empty())
        m_loss->setShaded(std::nullopt);
    else
        m_loss->setShaded(std::pair<double, double>(late.first, late.last), tr("late"));
    m_lossPanel->setSubtitle(tr("step %1").arg(grouped(focus().run() ? focus().shownStep() : m_lines.front().step)));
}

void InductionTab::showCurves() {
    m_score->setSeries(scoreOverSteps(m_lines));
    m_before->setSeries(headOverSteps(m_lines, &InductionHead::previousToken));
    m_matching->setSeries(headOverSteps(m_lines, &InductionHead::induction));
    const auto focused = std::ranges::find(m_lines, focus().run(), &InductionLine::run);
    for (Plot* plot : {m_score, m_before, m_matching}) {
        if (focused == m_lines.end())
            plot->setHand(std::nullopt);
        else
            plot->setHand(static_cast<double>(focused->step), tr("step %1").arg(grouped(focused->step)));
    }
}

void InductionTab::showWords() {
    m_table->setRows(inductionRows(m_lines));
    m_table->setFixedHeight(m_table->fullHeight());
    QStringList sentences;
    for (const InductionLine& line : m_lines) sentences << inductionWords(line);
    sentences
        << tr("In one layer a key is made of its own token and place and of nothing else. A fixed period needs no more: what comes next "
              "stands at a known distance. With a random one the key has to know which token stood before it: one layer writes that "
              "into each position, a later one looks for it.")
        << tr("A score below 0 alone is no induction: tokens that the sequence holds come again more often than others, and one layer "
              "can use that.");
    m_words->setText(sentences.join(QStringLiteral("\n\n")));
}

void InductionTab::moveTo(double step) {
    focus().showKeptStep(std::llround(std::max(step, 0.0)));
}

bool InductionTab::ready() const {
    return std::ranges::all_of(
        m_lines, [](const InductionLine& line) { return line.history->settled() && (line.now() || !line.history->error().isEmpty()); });
}

FigureSubject InductionTab::subject() const {
    QStringList names;
    for (const InductionLine& line : m_lines) names << line.name;
    return {names.join(QStringLiteral(" / ")), focus().run() ? focus().shownStep() : -1};
}

std::vector<FigureOffer> InductionTab::figures() {
    if (m_lines.empty()) return {};
    return partOffers(*this, subject());
}

IncontextTab* makeInductionTab(Focus& focus, Workspace& workspace, QWidget* parent) {
    return new InductionTab(focus, workspace, parent);
}

}  // namespace lab
