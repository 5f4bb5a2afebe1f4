#include "ui/pages/stream/patching_tab.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "ui/pages/stream/patch_map.h"
#include "ui/pages/stream/stream_tab.h"
#include "ui/scenes/head_names.h"
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
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int patchingGap = 8, patchSideWidth = 280, patchScaleWidth = 300;  // logical px at 100 %
constexpr std::array partsInOrder{PatchPart::stream, PatchPart::attention, PatchPart::feed_forward,
                                  PatchPart::head,   PatchPart::weights,   PatchPart::values};

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
    for (std::size_t i = 0; i < partsInOrder.size(); ++i)
        m_parts->setChoiceToolTip(static_cast<int>(i), shown(specOf(partsInOrder[i]).help));
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
    top->addWidget(makeSide());
    m_headsPanel = new PanelFrame(tr("One head at a time"));
    m_headsPanel->setNote(tr("at all positions"));
    m_heads = named("stream.patching.heads", new PatchMap(tr("How much one head brings back")));
    m_headsPanel->setContent(m_heads);
    bottom->addWidget(m_headsPanel, 5);
    bottom->addWidget(makeBars(), 9);
    bottom->addWidget(makeRuns(), 6);
    lines->addLayout(top, 3);
    lines->addLayout(bottom, 2);
    for (QHBoxLayout* row : {top, bottom}) keepSpacing(row, {0, 0, 0, 0}, patchingGap);
    keepSpacing(lines, {0, 0, 0, 0}, patchingGap);
    return content;
}

QWidget* PatchingTab::makeMap() {
    m_mapPanel = new PanelFrame(tr("Where the answer travels"));
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

QWidget* PatchingTab::makeSide() {
    auto* side = new QWidget;
    auto* lines = new QVBoxLayout(side);
    m_card = new PanelFrame;
    m_card->setTinted(true);
    m_cardTable = new TextTable(tr("The cell in hand"));
    auto* card = new QWidget;
    auto* cardLines = new QVBoxLayout(card);
    cardLines->addWidget(m_cardTable, 1);
    cardLines->addWidget(new ElidedLabel(tr("(patched − before) ÷ (giving − before)"), TextSize::caption, Role::muted));
    keepSpacing(cardLines, {6, 2, 6, 4}, 2);
    m_card->setContent(card);
    m_readPanel = new PanelFrame(tr("Read it like this"));
    m_readPanel->setNote(tr("only what cells ≥ 0.3 say"));
    m_read = new WrappedText(3);
    m_read->setGrowing();
    auto* read = new QWidget;
    auto* readLines = new QVBoxLayout(read);
    readLines->addWidget(m_read);
    keepSpacing(readLines, {8, 6, 8, 6}, 0);
    m_readPanel->setContent(read);
    lines->addWidget(m_card, 1);
    lines->addWidget(m_readPanel, 1);
    keepSpacing(lines, {0, 0, 0, 0}, patchingGap);
    followTheme(side, [side] { side->setFixedWidth(Theme::instance().px(patchSideWidth)); });
    return side;
}

QWidget* PatchingTab::makeBars() {
    m_barsPanel = new PanelFrame;
    m_measure = named("stream.patching.measure", new SegmentedControl({tr("logit difference"), tr("probability")}, tr("Measure")));
    m_measure->setHeight(20);
    m_measure->setChoiceToolTip(0, tr("The logit of the clean run's answer less that of the corrupted run's answer"));
    m_measure->setChoiceToolTip(1, tr("The probability of the clean run's answer"));
    m_barsPanel->addControl(m_measure);
    m_bars = new PatchBars;
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    lines->addWidget(m_bars, 1);
    lines->addWidget(makePathRow());
    keepSpacing(lines, {6, 4, 6, 4}, 2);
    m_barsPanel->setContent(body);
    return m_barsPanel;
}

QWidget* PatchingTab::makePathRow() {
    auto* foot = new QWidget;
    foot->setToolTip(
        tr("Path patching (Wang et al. 2022): the output of the first head reaches the queries, keys or values of the second one alone, "
           "through the residual stream; all that lies between stays as it was."));
    auto* row = new QHBoxLayout(foot);
    m_from = named("stream.patching.from", new QComboBox);
    m_from->setAccessibleName(tr("The head that a path leaves"));
    m_to = named("stream.patching.to", new QComboBox);
    m_to->setAccessibleName(tr("The head that a path reaches"));
    m_end = named("stream.patching.end", new SegmentedControl({tr("q"), tr("k"), tr("v")}, tr("What of the head the path reaches")));
    m_end->setHeight(20);
    m_pathSaid = new ElidedLabel({}, TextSize::axis);
    row->addWidget(new ThemedLabel(tr("Path"), TextSize::axis, Role::muted));
    row->addWidget(m_from);
    row->addWidget(new ThemedLabel(QStringLiteral("→"), TextSize::axis, Role::muted));
    row->addWidget(m_to);
    row->addWidget(m_end);
    row->addWidget(m_pathSaid, 1);
    keepSpacing(row, {0, 0, 0, 0}, 6);
    return foot;
}

QWidget* PatchingTab::makeRuns() {
    auto* panel = new PanelFrame(tr("Runs"));
    m_runs = new TextTable(tr("Runs"));
    m_verdict = new ElidedLabel({}, TextSize::axis, Role::right, true);
    m_cost = new ElidedLabel({}, TextSize::caption, Role::muted);
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    lines->addWidget(m_runs, 1);
    lines->addWidget(m_verdict);
    lines->addWidget(m_cost);
    keepSpacing(lines, {6, 2, 6, 6}, 2);
    panel->setContent(body);
    return panel;
}

void PatchingTab::connectParts() {
    connect(&m_study, &PatchStudy::changed, this, &PageTab::refreshWanted);
    connect(m_parts, &SegmentedControl::chosen, this, [this](int index) { choosePart(partsInOrder[static_cast<std::size_t>(index)]); });
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
    connect(m_from, &QComboBox::activated, this, [this] {
        fillEnds();
        refresh();
    });
    connect(m_to, &QComboBox::activated, this, &PatchingTab::refresh);
    connect(m_end, &SegmentedControl::chosen, this, &PatchingTab::refresh);
}

bool PatchingTab::showsNothing() const {
    return m_stack->currentIndex() == 0;
}

PatchPart PatchingTab::part() const {
    return partsInOrder[static_cast<std::size_t>(m_parts->current())];
}

void PatchingTab::choosePart(PatchPart part) {
    m_parts->setCurrent(static_cast<int>(std::ranges::find(partsInOrder, part) - partsInOrder.begin()));
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

void PatchingTab::readAt(int position) {
    pin();
    m_position = position;
    refresh();
}

/// A suggestion that has been found stays the corrupted input.
void PatchingTab::pin() {
    const auto& found = m_study.found();
    if (!found || m_ownCorrupted) return;
    const Input &clean = m_swapped ? found->corrupted : found->clean, &corrupted = m_swapped ? found->clean : found->corrupted;
    if (clean.tokens == m_input.tokens && corrupted.tokens != clean.tokens) m_ownCorrupted = corrupted.tokens;
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
        m_position = -1;
        m_swapped = m_chosen = m_headsInHand = false;
        m_map->endEditing(false);
    } else if (focus().checkpoint() != m_checkpoint) {
        pin();
    }
    m_run = focus().run();
    m_input = input;
    m_checkpoint = focus().checkpoint();
    if (const QString lack = absence(); !lack.isEmpty()) {
        m_study.forget();
        showNothing(lack);
        return emit changed();
    }
    if (otherRun) fillPaths();
    m_study.look(m_run, m_checkpoint, wantedCase(), part(), path());
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
    showPath();
}

void PatchingTab::showNothing(const QString& sentence) {
    m_none->setTexts(sentence, tr("Patching puts parts of one run into the run of another input of the same length, and measures how much "
                                  "of the answer comes back."));
    m_stack->setCurrentIndex(0);
}

QString PatchingTab::answerText(int answer) const {
    const QString text = SequenceWords(*m_run).classText(answer);
    return text.trimmed().isEmpty() ? text : text.trimmed();
}

QString PatchingTab::measureName() const {
    const PatchQuestion& question = m_study.found()->question;
    const QString answer = answerText(question.answer);
    return question.other < 0 ? tr("p(%1)").arg(answer) : tr("%1 − %2").arg(answer, answerText(question.other));
}

QString PatchingTab::measureText(double value) const {
    return m_study.found()->question.other < 0 ? fixed(value, 3) : signedFixed(value, 3);
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
    m_read->setText(scene.cells() && found->error.isEmpty() ? patchSentence(scene) : QString());
    m_swap->setEnabled(found->clean.tokens != found->corrupted.tokens);
}

void PatchingTab::showProgress() {
    const PatchCells* cells = m_map->scene().cells();
    const auto& found = m_study.found();
    QString said;
    if (found->error.isEmpty())
        said = m_into->current() == 0 ? tr("how much of “%1” comes back when one cell is restored").arg(answerText(found->question.answer))
                                      : tr("how much of “%1” is lost when one cell is corrupted").arg(answerText(found->question.answer));
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
    m_card->setTitle(outcome ? handScene().place(handCell()) : tr("No cell in hand"));
    m_scale->setNeedle(outcome ? std::optional(outcome->recovered) : std::nullopt);
    std::vector<TextTable::Row> rows;
    if (outcome) {
        rows.push_back({{tr("clean run"), measureText(found->ofClean.measure)}});
        rows.push_back({{tr("corrupted run"), measureText(found->ofCorrupted.measure)}});
        rows.push_back(
            {{m_into->current() == 0 ? tr("corrupted, patched here") : tr("clean, patched here"), measureText(outcome->measure)}});
        rows.push_back({{tr("recovered"), fixed(outcome->recovered, 3)}, {}, true, true});
    }
    m_cardTable->setColumns({tr("run"), found->error.isEmpty() ? measureName() : QString()}, {3, 2});
    m_cardTable->setRows(std::move(rows));
}

void PatchingTab::showRuns() {
    const auto& found = m_study.found();
    const bool known = found->error.isEmpty();
    const PatchOutcome* outcome = known ? inHand() : nullptr;
    std::vector<TextTable::Row> rows;
    PatchBarsScene bars;
    const auto add = [&](const QString& name, const PatchOutcome& of, bool patched) {
        rows.push_back({{name, answerText(of.top), fixed(of.probability, 2), measureText(of.measure)}, {}, patched, patched});
    };
    if (known) {
        add(tr("clean"), found->ofClean, false);
        add(tr("corrupted"), found->ofCorrupted, false);
        if (outcome) add(tr("patched"), *outcome, true);
        bars.quantity = m_study.found()->question.other < 0
                            ? tr("p(%1) at position %2").arg(answerText(found->question.answer)).arg(found->question.position)
                            : tr("logit(%1) − logit(%2) at position %3")
                                  .arg(answerText(found->question.answer), answerText(found->question.other))
                                  .arg(found->question.position);
        bars.bars.push_back({tr("corrupted"), found->ofCorrupted.measure, false});
        if (outcome) bars.bars.push_back({tr("patched"), outcome->measure, true});
        bars.bars.push_back({tr("clean"), found->ofClean.measure, false});
    }
    m_runs->setColumns({tr("run"), tr("top answer"), tr("p"), known ? measureName() : QString()}, {4, 4, 2, 4});
    m_runs->setRows(std::move(rows));
    m_barsPanel->setTitle(bars.quantity);
    m_bars->setScene(bars);
    m_verdict->setText(known ? verdictText(found->changeByItself == 0.0,
                                           tr("patch of a run with itself: change %1").arg(differenceText(found->changeByItself)))
                             : QString());
    m_verdict->setRole(verdictRole(m_verdict->text()));
    const PatchCells* cells = m_map->scene().cells();
    m_cost->setText(known && cells
                        ? counted(LAB_PLURAL("stream", "%n cell(s) in %1 s, kept for this pair"), cells->known, {fixed(cells->seconds, 2)})
                        : QString());
}

void PatchingTab::fillPaths() {
    const QSignalBlocker quiet(m_from);
    m_from->clear();
    m_from->addItem(QStringLiteral("–"));
    const auto& blocks = m_run->model()->attentionBlocks();
    for (std::size_t b = 0; b + 1 < blocks.size(); ++b)
        for (int h = 0; h < blocks[b].heads; ++h)
            m_from->addItem(shortHeadName(blocks[b], h, m_run->model()->config().architecture), QPoint(static_cast<int>(b), h));
    m_from->setEnabled(blocks.size() > 1);
    fillEnds();
}

/// Heads behind the one that the path leaves.
void PatchingTab::fillEnds() {
    const QSignalBlocker quiet(m_to);
    const QVariant before = m_to->currentData();
    m_to->clear();
    m_to->addItem(QStringLiteral("–"));
    const auto& blocks = m_run->model()->attentionBlocks();
    const QVariant from = m_from->currentData();
    for (std::size_t b = from.isValid() ? static_cast<std::size_t>(from.toPoint().x()) + 1 : blocks.size(); b < blocks.size(); ++b)
        for (int h = 0; h < blocks[b].heads; ++h)
            m_to->addItem(shortHeadName(blocks[b], h, m_run->model()->config().architecture), QPoint(static_cast<int>(b), h));
    m_to->setCurrentIndex(std::max(before.isValid() ? m_to->findData(before) : 0, 0));
    m_to->setEnabled(m_to->count() > 1);
}

std::optional<PatchPath> PatchingTab::path() const {
    const QVariant from = m_from->currentData(), to = m_to->currentData();
    if (!from.isValid() || !to.isValid()) return std::nullopt;
    const QPoint a = from.toPoint(), b = to.toPoint();
    return PatchPath{{a.x(), a.y()}, {b.x(), b.y()}, static_cast<PathEnd>(m_end->current())};
}

void PatchingTab::choosePath(const PatchPath& path) {
    m_from->setCurrentIndex(m_from->findData(QPoint(path.from.block, path.from.head)));
    fillEnds();
    m_to->setCurrentIndex(m_to->findData(QPoint(path.to.block, path.to.head)));
    m_end->setCurrent(static_cast<int>(path.end));
    refresh();
}

void PatchingTab::showPath() {
    const std::optional<PatchPath> wanted = path();
    QString said = m_run->model()->attentionBlocks().size() > 1 ? tr("from a head into a later one") : tr("needs two layers");
    if (wanted) said = tr("is computed behind the maps");
    for (const PatchPathFound& way : m_study.found()->paths)
        if (wanted == way.path) said = way.error.isEmpty() ? tr("recovered %1").arg(fixed(way.recovered, 3)) : way.error;
    m_pathSaid->setText(said);
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

QString PatchingTab::sentence() const {
    return m_read->text();
}

QString PatchingTab::verdict() const {
    return m_verdict->text();
}

FigureSubject PatchingTab::subject() const {
    const PatchFound& found = *m_study.found();
    return {
        m_run->name(), found.step, {}, tr("%1, corrupted: %2").arg(inputWords(*m_run, found.clean), inputWords(*m_run, found.corrupted))};
}

std::vector<FigureOffer> PatchingTab::figures() {
    const auto& found = m_study.found();
    if (showsNothing() || !found || !found->error.isEmpty() || !m_map->scene().cells()) return {};
    const FigureSubject subject = this->subject();
    std::vector<FigureOffer> offers;
    const auto offer = [&](const QString& name, const QString& file, const PatchScene& scene) {
        if (!scene.cells()) return;
        offers.push_back({name, figureFile(subject, file), [=, measure = m_bars->scene().quantity] {
                              auto figure = std::make_unique<PatchFigure>();
                              figure->title = name;
                              figure->caption = subjectCaption(
                                  subject, PatchingTab::tr("Activation patching (Vig et al. 2020): share of %1 that comes back when one "
                                                           "cell is put from one run into the other")
                                               .arg(measure));
                              figure->scene = scene;
                              return figure;
                          }});
    };
    offer(tr("Where the answer travels"), tr("patching"), m_map->scene());
    offer(tr("One head at a time"), tr("patching-heads"), m_heads->scene());
    offers.push_back({tr("Runs"), figureFile(subject, tr("patching-runs")), [=, scene = m_bars->scene()] {
                          auto figure = std::make_unique<PatchBarsFigure>();
                          figure->title = scene.quantity;
                          figure->caption =
                              subjectCaption(subject, PatchingTab::tr("Measure of the corrupted, the patched and the clean run"));
                          figure->scene = scene;
                          return figure;
                      }});
    return offers;
}

}  // namespace lab
