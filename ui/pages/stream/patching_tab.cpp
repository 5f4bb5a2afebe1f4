#include "ui/pages/stream/patching_tab.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "ui/pages/stream/answer_row.h"
#include "ui/pages/stream/patch_map.h"
#include "ui/pages/stream/patch_runs.h"
#include "ui/pages/stream/patch_side.h"
#include "ui/pages/stream/path_row.h"
#include "ui/pages/stream/stream_figures.h"
#include "ui/pages/stream/stream_tab.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int patchingGap = 8, patchScaleWidth = 300;  // logical px at 100 %

}  // namespace

PageTab* makePatchingTab(Focus& focus, QWidget* parent) {
    return new PatchingTab(focus, parent);
}

PatchingTab::PatchingTab(Focus& focus, QWidget* parent) : PageTab(focus, parent) {
    m_stack = new QStackedWidget(this);
    m_none = named("stream.patching.none", new EmptyState({}, {}));
    m_stack->addWidget(m_none);
    m_stack->addWidget(makeContent());
    column(this)->addWidget(m_stack);
    connectParts();
}

PatchingTab::~PatchingTab() = default;

QWidget* PatchingTab::makeChoice() {
    auto* choice = new QWidget;
    auto* row = new QHBoxLayout(choice);
    m_parts =
        named("stream.patching.part",
              new SegmentedControl({tr("stream"), tr("attention"), tr("feed-fwd"), tr("heads"), tr("weights"), tr("values")}, tr("Patch")));
    for (std::size_t part = 0; part < namesOf<PatchPart>().size(); ++part)
        m_parts->setChoiceToolTip(static_cast<int>(part), shown(specOf(static_cast<PatchPart>(part)).help));
    m_into = named("stream.patching.into", new SegmentedControl({tr("corrupted"), tr("clean")}, tr("Into")));
    m_into->setChoiceToolTip(0, tr("Parts of the clean run are put into the corrupted one: what is enough to bring the answer back"));
    m_into->setChoiceToolTip(1, tr("Parts of the corrupted run are put into the clean one: what is needed for the answer"));
    row->addWidget(new ThemedLabel(tr("Patch"), TextSize::axis, Role::muted));
    row->addWidget(m_parts);
    row->addWidget(new ThemedLabel(tr("Into"), TextSize::axis, Role::muted));
    row->addWidget(m_into);
    row->addStretch(1);
    for (SegmentedControl* control : {m_parts, m_into}) control->setHeight(20);
    keepSpacing(row, {4, 0, 0, 2}, 6);
    return choice;
}

QWidget* PatchingTab::makeContent() {
    auto* content = new QWidget;
    auto* lines = new QVBoxLayout(content);
    auto* top = new QHBoxLayout;
    auto* bottom = new QHBoxLayout;
    top->addWidget(makeMap(), 1);
    m_side = new PatchSide;
    top->addWidget(m_side);
    m_headsPanel = new PanelFrame(tr("One head at a time"));
    m_headsPanel->setNote(tr("at all positions"));
    m_heads = named("stream.patching.heads", new PatchMap(tr("How much one head brings back")));
    m_headsPanel->setContent(m_heads);
    bottom->addWidget(m_headsPanel, 5);
    bottom->addWidget(makeBars(), 9);
    m_runs = new PatchRuns;
    bottom->addWidget(m_runs, 6);
    lines->addLayout(top, 3);
    lines->addLayout(bottom, 2);
    for (QHBoxLayout* row : {top, bottom}) keepSpacing(row, {0, 0, 0, 0}, patchingGap);
    keepSpacing(lines, {0, 0, 0, 0}, patchingGap);
    return content;
}

QWidget* PatchingTab::makeMap() {
    m_mapPanel = new PanelFrame(patchTitle());
    m_mapPanel->setToolTip(
        tr("Activation patching (Vig et al. 2020; Meng et al. 2022, arXiv 2202.05262; Wang et al. 2022, arXiv 2211.00593): one part of one "
           "run is put into the run of the other input, and the answer is measured again. 0: as without it, 1: as if all had been put "
           "there; single parts may lie below 0 and above 1."));
    m_stop = named("stream.patching.stop", new Button(tr("Stop")));
    m_suggest = named("stream.patching.suggest", new Button(tr("Suggest")));
    m_suggest->setToolTip(tr("The one token changed on which the answer depends most"));
    m_swap = named("stream.patching.swap", new Button(tr("Swap inputs")));
    for (Button* button : {m_stop, m_suggest, m_swap}) {
        button->setHeight(20);
        m_mapPanel->addControl(button);
    }
    m_stop->setWidthFor({tr("Stop"), tr("Go on")});
    m_map = named("stream.patching.map", new PatchMap(tr("How much of the answer comes back")));
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    lines->addWidget(makeChoice());
    lines->addWidget(m_map, 1);
    lines->addWidget(makeFoot());
    keepSpacing(lines, {6, 4, 6, 4}, 2);
    m_mapPanel->setContent(body);
    return m_mapPanel;
}

QWidget* PatchingTab::makeFoot() {
    auto* foot = new QWidget;
    auto* row = new QHBoxLayout(foot);
    m_scale = new ColorScaleBar;
    m_scale->setScaling(recoveredScaling);
    m_scale->setQuantity(tr("answer recovered"));
    followTheme(m_scale, [scale = m_scale] { scale->setFixedWidth(Theme::instance().px(patchScaleWidth)); });
    row->addWidget(m_scale);
    row->addStretch(1);
    row->addWidget(new ElidedLabel(tr("0: as it was, 1: as the run that gives, − pushes away"), TextSize::caption, Role::muted));
    keepSpacing(row, {0, 0, 0, 0}, 12);
    return foot;
}

QWidget* PatchingTab::makeBars() {
    m_barsPanel = new PanelFrame;
    m_measure = named("stream.patching.measure", new SegmentedControl({tr("logit difference"), tr("probability")}, tr("Measure")));
    m_measure->setHeight(20);
    m_measure->setChoiceToolTip(0, tr("The logit of the answer less that of its rival"));
    m_measure->setChoiceToolTip(1, tr("The probability of the answer"));
    m_barsPanel->addControl(m_measure);
    m_bars = new PatchBars;
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_answers = new AnswerRow;
    m_paths = new PathRow;
    lines->addWidget(m_answers);
    lines->addWidget(m_bars, 1);
    lines->addWidget(m_paths);
    keepSpacing(lines, {6, 4, 6, 4}, 2);
    m_barsPanel->setContent(body);
    return m_barsPanel;
}

void PatchingTab::connectParts() {
    connect(&m_study, &PatchStudy::changed, this, &PageTab::refreshWanted);
    connect(m_parts, &SegmentedControl::chosen, this, [this](int index) { choosePart(static_cast<PatchPart>(index)); });
    connect(m_into, &SegmentedControl::chosen, this, [this](int index) { intoClean(index == 1); });
    connect(m_measure, &SegmentedControl::chosen, this, [this](int index) { byProbability(index == 1); });
    connect(m_swap, &Button::clicked, this, &PatchingTab::swapInputs);
    connect(m_suggest, &Button::clicked, this, [this] {
        m_ownCorrupted.reset();
        m_swapped = false;
        refresh();
    });
    connect(m_stop, &Button::clicked, this, [this] {
        if (!m_study.stop()) m_study.goOn();
        refresh();
    });
    m_map->setCheck([this](const QString& text) { return wrongToken(text); });
    connect(m_map, &PatchMap::tokenTyped, this, &PatchingTab::typeToken);
    connect(m_map, &PatchMap::positionWanted, this, &PatchingTab::readAt);
    for (PatchMap* map : {m_map, m_heads}) {
        connect(map, &PatchMap::chosenByHand, this, [this, map] {
            m_headsInHand = map == m_heads;
            m_chosen = true;
            (m_headsInHand ? m_map : m_heads)->setChosen({});
            showCard();
            showRuns();
            emit changed();
        });
    }
    connect(m_answers, &AnswerRow::chosen, this, &PatchingTab::measureAnswers);
    connect(m_paths, &PathRow::chosen, this, &PatchingTab::refresh);
}

bool PatchingTab::showsNothing() const {
    return m_stack->currentIndex() == 0;
}

PatchPart PatchingTab::part() const {
    return static_cast<PatchPart>(m_parts->current());
}

void PatchingTab::choosePart(PatchPart part) {
    m_parts->setCurrent(static_cast<int>(part));
    m_chosen = m_headsInHand = false;
    refresh();
}

void PatchingTab::intoClean(bool clean) {
    pin();
    m_into->setCurrent(clean ? 1 : 0);
    refresh();
}

void PatchingTab::byProbability(bool probability) {
    pin();
    m_measure->setCurrent(probability ? 1 : 0);
    refresh();
}

void PatchingTab::swapInputs() {
    pin();
    m_swapped = !m_swapped;
    refresh();
}

void PatchingTab::measureAnswers(const ChosenAnswers& answers) {
    pin();
    m_answersChosen = answers;
    refresh();
}

void PatchingTab::readAt(int position) {
    pin();
    m_position = position;
    m_answersChosen = {};
    refresh();
}

/// A suggestion that has been found stays the corrupted input.
void PatchingTab::pin() {
    const auto& found = m_study.found();
    if (!found || m_ownCorrupted) return;
    const Input &clean = m_swapped ? found->corrupted : found->clean, &corrupted = m_swapped ? found->clean : found->corrupted;
    if (clean.tokens == m_input.tokens && corrupted.tokens != clean.tokens) m_ownCorrupted = corrupted.tokens;
}

bool PatchingTab::showCell(const QString& cell) {
    if (cell.isEmpty()) return true;
    const QStringList parts = cell.split(QLatin1Char(','));
    if (parts.size() < 3 || parts.size() > 4) return false;
    bool isPosition = false, isChanged = false;
    const Wish wish{parts[0].toInt(&isPosition), parts[1].toInt(&isChanged), parts[2]};
    const auto part = parts.size() < 4 ? std::optional(this->part()) : fromName<PatchPart>(parts[3].toStdString());
    if (!isPosition || !isChanged || !part) return false;
    m_wish = wish;
    m_parts->setCurrent(static_cast<int>(*part));
    emit refreshWanted();
    return true;
}

void PatchingTab::takeWish() {
    const auto wish = std::exchange(m_wish, std::nullopt);
    if (!wish || !m_run || !wrongToken(wish->token).isEmpty()) return;
    const auto length = static_cast<int>(m_input.tokens.size());
    const auto counted = [length](int place) { return place < 0 ? length + place : place; };
    const int position = counted(wish->position), changed = counted(wish->changed);
    if (std::min(position, changed) < 0 || std::max(position, changed) >= length) return;
    m_ownCorrupted = m_input.tokens;
    (*m_ownCorrupted)[static_cast<std::size_t>(changed)] = m_run->dataset()->tokenizer().encodeOne(wish->token.toStdString());
    m_position = position;
    m_answersChosen = {};
    m_swapped = m_chosen = m_headsInHand = false;
}

QString PatchingTab::wrongToken(const QString& text) const {
    try {
        if (m_run) m_run->dataset()->tokenizer().encodeOne(text.toStdString());
        return {};
    } catch (const InputError& error) {
        return shown(error);
    }
}

void PatchingTab::typeToken(int column, const QString& text) {
    if (!wrongToken(text).isEmpty() || !m_study.found()) return;
    pin();
    std::vector<int> corrupted = m_study.found()->corrupted.tokens;
    corrupted[static_cast<std::size_t>(column)] = m_run->dataset()->tokenizer().encodeOne(text.toStdString());
    if (m_swapped) {
        // What was the clean input stands below and is changed: the pair begins anew from the one above.
        Input clean = focus().input();
        clean.tokens = m_study.found()->clean.tokens;
        clean.targets.clear();
        m_swapped = false;
        m_position = m_study.found()->question.position;
        focus().setInput(clean);
        m_input = focus().input();
    }
    m_ownCorrupted = corrupted;
    refresh();
}

PatchCase PatchingTab::wantedCase() const {
    PatchCase wanted;
    wanted.clean = focus().input();
    if (m_ownCorrupted) {
        wanted.corrupted = wanted.clean;
        wanted.corrupted->tokens = *m_ownCorrupted;
    }
    wanted.position = m_position;
    wanted.byProbability = m_measure->current() == 1;
    wanted.intoClean = m_into->current() == 1;
    wanted.swapped = m_swapped;
    wanted.answers = m_answersChosen;
    return wanted;
}

QString PatchingTab::absence() const {
    if (!m_run) return tr("No run is open");
    const ModelConfig& config = m_run->model()->config();
    if (config.readsVectors()) return tr("Patching changes a token, and this model reads vectors");
    if (SequenceWords(*m_run).numbers()) return tr("Patching measures a logit, and this model answers with numbers");
    return {};
}

void PatchingTab::refresh() {
    const Input& input = focus().input();
    const bool otherRun = focus().run() != m_run;
    if (otherRun || input.tokens != m_input.tokens || input.targetTokens != m_input.targetTokens) {
        m_ownCorrupted.reset();
        m_answersChosen = {};
        m_position = -1;
        m_swapped = m_chosen = m_headsInHand = false;
        m_map->endEditing(false);
    } else if (focus().checkpoint() != m_checkpoint) {
        pin();
    }
    m_run = focus().run();
    m_input = input;
    m_checkpoint = focus().checkpoint();
    takeWish();
    if (const QString lack = absence(); !lack.isEmpty()) {
        m_study.forget();
        showNothing(lack);
        return emit changed();
    }
    if (otherRun) m_paths->meet(*m_run);
    applyNotes();
    m_study.look(m_run, m_checkpoint, wantedCase(), part(), m_paths->path());
    showFound();
    emit changed();
}

void PatchingTab::showFound() {
    const auto& found = m_study.found();
    if (!found) return showNothing(tr("Both inputs are being read"));
    m_stack->setCurrentIndex(1);
    showMap();
    showProgress();
    showCard();
    showRuns();
    m_answers->showFound(*m_run, *found, m_answersChosen);
    m_paths->showFound(*found);
}

void PatchingTab::showNothing(const QString& sentence) {
    m_none->setTexts(sentence, tr("Patching puts parts of one run into the run of another input of the same length, and measures how much "
                                  "of the answer comes back."));
    m_stack->setCurrentIndex(0);
}

void PatchingTab::showMap() {
    const auto& found = m_study.found();
    const PatchScene scene = patchScene(*m_run, found, part(), true), heads = patchScene(*m_run, found, PatchPart::head, false);
    m_map->setScene(scene);
    m_map->setEmptyText(found->error.isEmpty() ? tr("The first cells are being computed") : found->error);
    m_heads->setScene(heads);
    m_heads->setEmptyText(found->error.isEmpty() ? tr("Comes behind the map above") : QString());
    m_headsPanel->setVisible(!m_run->model()->attentionBlocks().empty());
    if (!m_chosen) {
        m_headsInHand = false;
        m_heads->setChosen({});
        m_map->setChosen(strongestCell(scene));
    }
    m_side->showSentence(scene.cells() && found->error.isEmpty() ? patchSentence(scene) : QString());
    m_swap->setEnabled(found->clean.tokens != found->corrupted.tokens);
}

void PatchingTab::showProgress() {
    const PatchCells* cells = m_map->scene().cells();
    const auto& found = m_study.found();
    QString said;
    if (found->error.isEmpty())
        said = m_into->current() == 0
                   ? tr("how much of “%1” comes back when one cell is restored").arg(answerName(*m_run, found->question.answer))
                   : tr("how much of “%1” is lost when one cell is corrupted").arg(answerName(*m_run, found->question.answer));
    m_mapPanel->setSubtitle(said);
    const bool running = cells && !cells->complete();
    m_mapPanel->setNote(running ? tr("%1 of %2").arg(grouped(cells->known), grouped(cells->asked)) : QString());
    const PatchCells* heads = m_heads->scene().cells();
    m_headsPanel->setNote(heads && !heads->complete() ? tr("%1 of %2").arg(grouped(heads->known), grouped(heads->asked))
                                                      : tr("at all positions"));
    m_stop->setVisible(m_study.busy() || m_study.stopped());
    m_stop->setText(m_study.stopped() ? tr("Go on") : tr("Stop"));
    m_stop->setToolTip(m_study.stopped() ? tr("Computes the cells that are missing") : tr("What is there stays (Esc)"));
}

const PatchScene& PatchingTab::handScene() const {
    return (m_headsInHand ? m_heads : m_map)->scene();
}

MapCell PatchingTab::handCell() const {
    return (m_headsInHand ? m_heads : m_map)->chosen();
}

const PatchOutcome* PatchingTab::inHand() const {
    return handScene().at(handCell());
}

void PatchingTab::showCard() {
    const auto& found = m_study.found();
    const PatchOutcome* outcome = found->error.isEmpty() ? inHand() : nullptr;
    m_scale->setNeedle(outcome ? std::optional(outcome->recovered) : std::nullopt);
    m_side->showCell(*m_run, *found, handScene().place(handCell()), outcome, m_into->current() == 1);
}

void PatchingTab::showRuns() {
    const auto& found = m_study.found();
    const bool known = found->error.isEmpty();
    const PatchOutcome* outcome = known ? inHand() : nullptr;
    PatchBarsScene bars;
    if (known) {
        const PatchQuestion& question = found->question;
        bars.quantity = patchMeasure(question, answerName(*m_run, question.answer),
                                     question.other < 0 ? QString() : answerName(*m_run, question.other));
        bars.bars.push_back({tr("corrupted"), found->ofCorrupted.measure, false});
        if (outcome) bars.bars.push_back({tr("patched"), outcome->measure, true});
        bars.bars.push_back({tr("clean"), found->ofClean.measure, false});
    }
    m_barsPanel->setTitle(bars.quantity);
    m_bars->setScene(bars);
    m_runs->showFound(*m_run, *found, outcome, m_map->scene().cells());
}

void PatchingTab::choosePath(const PatchPath& path) {
    m_paths->setPath(path);
    refresh();
}

TabHeading PatchingTab::heading() const {
    const auto& found = m_study.found();
    if (showsNothing() || !found || !found->error.isEmpty() || !inHand()) return {tr("Residual stream")};
    return {tr("Residual stream"), tr("patch %1").arg(handScene().place(handCell()))};
}

bool PatchingTab::escape() {
    if (m_map->endEditing()) return true;
    const bool stopped = m_study.stop();
    if (stopped) refresh();
    return stopped;
}

QWidget* PatchingTab::mainPart() {
    return showsNothing() ? static_cast<QWidget*>(m_none) : m_mapPanel;
}

const TextTable& PatchingTab::runsTable() const {
    return m_runs->table();
}

QString PatchingTab::sentence() const {
    return m_side->sentence();
}

QString PatchingTab::verdict() const {
    return m_runs->verdict();
}

}  // namespace lab
