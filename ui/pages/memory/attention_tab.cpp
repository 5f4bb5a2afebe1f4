#include "ui/pages/memory/attention_tab.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <cmath>

#include "core/config/experiment.h"
#include "ui/pages/memory/attention_words.h"
#include "ui/scenes/head_names.h"
#include "ui/scenes/input_name.h"
#include "ui/scenes/key_words.h"
#include "ui/scenes/no_attention.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int wordsHeight = 20 + 9 * 18 + 2;  // of the table with all its rows

/// In a scroll area, so that long sentences ask for no room.
QScrollArea* scrolled(QWidget* content) {
    auto* area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(content);
    area->setFocusPolicy(Qt::NoFocus);
    return area;
}

}  // namespace

AttentionTab::AttentionTab(Focus& focus, MemoryState& state, QWidget* parent) : MemoryTab(focus, state, parent) {
    auto* lines = column(this);
    m_content = new QWidget(this);
    m_none = named("memory.attention.none", new EmptyState({}, {}, {}, this));
    lines->addWidget(m_content, 1);
    lines->addWidget(m_none, 1);
    m_grid = new QGridLayout(m_content);
    m_grid->setContentsMargins(0, 0, 0, 0);
    makeControls();
    m_grid->addWidget(makeBars(), 0, 0, 1, 2);
    m_grid->addWidget(makeReasons(), 1, 0);
    m_grid->addWidget(makeFound(), 1, 1);
    m_grid->addWidget(makeWhy(), 0, 2);
    m_grid->addWidget(makeSettling(), 1, 2);
    m_grid->setColumnStretch(0, 3);
    m_grid->setColumnStretch(1, 3);
    m_grid->setColumnStretch(2, 4);
    m_grid->setRowStretch(0, 1);
    m_grid->setRowStretch(1, 1);
    connectParts();
    followTheme(this, &AttentionTab::applyMeasures);
}

void AttentionTab::makeControls() {
    m_controls = new QWidget(this);
    auto* row = new QHBoxLayout(m_controls);
    m_head = named("memory.attention.head", new QComboBox);
    m_head->setAccessibleName(tr("Head"));
    m_head->setToolTip(tr("The head whose keys are the stored patterns"));
    m_queryBox = named("memory.attention.query", new QSpinBox);
    setAround(*m_queryBox, tr("query %1"));
    m_queryBox->setAccessibleName(tr("Query"));
    m_queryBox->setToolTip(tr("The position whose query is the state"));
    m_maps = named("memory.attention.maps", new Button(tr("See in Maps")));
    m_maps->setToolTip(tr("This head and query on the page Maps"));
    m_explain = named("memory.attention.explain", new Button(tr("See in Explain")));
    m_explain->setToolTip(tr("Every number of this row on the page Explain"));
    row->addWidget(m_head);
    row->addWidget(m_queryBox);
    row->addWidget(m_maps);
    row->addWidget(m_explain);
    keepSpacing(row, {0, 0, 0, 0}, 6);
}

QWidget* AttentionTab::makeBars() {
    m_barsPanel = new PanelFrame(tr("This is one attention update"), m_content);
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_sentence = new WrappedText(2);
    m_bars = named("memory.attention.bars", new BridgeBars);
    m_scroll = scrolled(m_bars);
    m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_verdict = new ThemedLabel({}, TextSize::text, Role::right, true);
    m_verdict->setToolTip(
        tr("The largest difference between the network's weights, computed here in double precision from the head's query and "
           "keys, and the weights that the model computed. Equal: below 1e−5."));
    lines->addWidget(m_sentence);
    lines->addWidget(m_scroll, 1);
    lines->addWidget(m_verdict);
    keepSpacing(lines, {8, 4, 8, 4}, 2);
    m_barsPanel->setContent(body);
    connect(m_bars, &BridgeBars::wantsToBeSeen, this,
            [this](const QRect& part) { m_scroll->ensureVisible(part.center().x(), 0, part.width(), 0); });
    return m_barsPanel;
}

QWidget* AttentionTab::makeReasons() {
    m_reasonPanel = new PanelFrame(tr("How far it is the network"), m_content);
    m_reasons = new ThemedLabel({});
    m_reasons->setWordWrap(true);
    m_reasons->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_reasons->setMargin(6);
    m_reasonPanel->setContent(scrolled(m_reasons));
    return m_reasonPanel;
}

QWidget* AttentionTab::makeFound() {
    m_foundPanel = new PanelFrame(tr("What is found"), m_content);
    m_foundPanel->setShortTitle(tr("Found"));
    m_found = named("memory.attention.found", new Plot(tr("What is found, by channel")));
    m_found->setXTitle(tr("channel of the value"));
    m_found->setReading([](double value) { return fixed(value, 3); });
    m_found->setToolTip(
        tr("Σ a v: the weights mix the values, not the keys. After one update this is the head's output; after the last, what "
           "the settled memory would give."));
    m_found->legend()->show();
    m_foundPanel->addControl(m_found->legend());
    m_foundPanel->setContent(m_found);
    return m_foundPanel;
}

QWidget* AttentionTab::makeWhy() {
    m_whyPanel = new PanelFrame(tr("Why 1/√d?"), m_content);
    m_why = named("memory.attention.why", new Plot(tr("Keys really used against β")));
    m_why->setScales(AxisScale::logarithmic, AxisScale::linear);
    m_why->setXTitle(tr("β, log"));
    m_why->setReading([](double keys) { return fixed(keys, 2); });
    m_why->setFlag([](double beta) { return tr("β %1").arg(significant(beta, 3)); });
    m_why->setToolTip(
        tr("e^H of the weights: over how many keys evenly spread weight would be as spread out. Small β: the mean of all keys. "
           "Large β: one key. What is added to the scores stays as it is. If the components of q and k are independent with mean 0 and "
           "variance 1, q·k has standard deviation √d; divided by √d it has 1 whatever d is, so the weights are neither nearly even nor "
           "nearly on one key."));
    m_why->legend()->show();
    m_whyPanel->addControl(m_why->legend());
    m_whyPanel->setContent(m_why);
    return m_whyPanel;
}

QWidget* AttentionTab::makeSettling() {
    m_settlePanel = new PanelFrame(tr("More updates"), m_content);
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_updateBox = named("memory.attention.update", new QSpinBox);
    setAround(*m_updateBox, tr("update %1"));
    m_updateBox->setAccessibleName(tr("Update shown"));
    m_updateBox->setToolTip(tr("The weights of this update stand in the last row of the bars. Attention makes the first one only."));
    m_settlePanel->addControl(m_updateBox);
    m_regime = new WrappedText(2, TextSize::text, Role::text, true);
    m_words = named("memory.attention.words", new TextTable(tr("Memory and attention")));
    m_words->setColumns({tr("in Hopfield"), tr("in attention"), tr("here")}, {0.36, 0.34, 0.3});
    lines->addWidget(m_regime);
    lines->addWidget(m_words, 1);
    keepSpacing(lines, {8, 4, 0, 0}, 2);
    m_settlePanel->setContent(body);
    return m_settlePanel;
}

void AttentionTab::connectParts() {
    connect(m_head, &QComboBox::activated, this, &AttentionTab::chooseHead);
    connect(m_queryBox, &QSpinBox::valueChanged, this, &AttentionTab::chooseQuery);
    connect(m_updateBox, &QSpinBox::valueChanged, this, [this](int update) {
        m_update = m_scene.look && update == static_cast<int>(m_scene.look->weights.size()) ? 0 : update;
        showBars();
        showFound();
        showSettling();
        emit changed();
    });
    connect(m_maps, &QPushButton::clicked, this, [this] { leadTo(QStringLiteral("maps?stage=weights")); });
    connect(m_explain, &QPushButton::clicked, this, [this] {
        leadTo(QStringLiteral("explain?stage=weights&cell=weights:0,%1").arg(m_scene.look ? m_scene.look->heaviest.front() : 0));
    });
}

void AttentionTab::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(panelGap));
    m_words->setMinimumHeight(Theme::instance().px(wordsHeight));
}

TabHeading AttentionTab::heading() const {
    if (!focus().run()) return {tr("Attention as memory")};
    return {tr("Attention as memory"), tr("%1, step %2, %3").arg(focus().run()->name(), grouped(focus().shownStep()), inputName(focus()))};
}

/// Every head of every block, by its short name.
void AttentionTab::fillHeads() {
    const Run* run = focus().run();
    QStringList names;
    QList<QPoint> places;
    const auto& blocks = run->model()->attentionBlocks();
    for (int b = 0; b < static_cast<int>(blocks.size()); ++b)
        for (int h = 0; h < blocks[static_cast<std::size_t>(b)].heads; ++h) {
            names << shortHeadName(blocks[static_cast<std::size_t>(b)], h, run->experiment().model.architecture);
            places << QPoint(b, h);
        }
    bool same = m_head->count() == names.size();
    for (int i = 0; same && i < names.size(); ++i) same = m_head->itemText(i) == names[i] && m_head->itemData(i).toPoint() == places[i];
    if (same) return;
    m_head->clear();
    for (int i = 0; i < names.size(); ++i) m_head->addItem(names[i], places[i]);
}

void AttentionTab::chooseHead() {
    const QPoint place = m_head->currentData().toPoint();
    Selection selection = focus().selection();
    selection.block = place.x();
    selection.head = place.y();
    focus().select(selection);
    emit refreshWanted();
}

void AttentionTab::chooseQuery() {
    Selection selection = focus().selection();
    selection.query = m_queryBox->value();
    focus().select(selection);
    emit refreshWanted();
}

/// The trace may lag behind the shown step: its own weights count. Without a trace where that is of another input.
AttentionTab::Wanted AttentionTab::wanted() const {
    Wanted wanted{focus().run(), focus().trace(), focus().checkpoint(), focus().input(), {}};
    if (!wanted.run || !wanted.trace) return wanted;
    const Selection& at = focus().selection();
    wanted.question = {at.block, at.head, at.query};
    const auto& blocks = wanted.run->model()->attentionBlocks();
    const bool has = at.block < static_cast<int>(blocks.size()) && at.head < blocks[static_cast<std::size_t>(at.block)].heads;
    const bool ofInput = wanted.trace->tokens == wanted.input.tokens && wanted.trace->targetTokens == wanted.input.targetTokens;
    if (wanted.checkpoint && wanted.checkpoint->step != focus().traceStep())
        wanted.checkpoint = wanted.run->history().atOrBefore(focus().traceStep());
    const bool ofStep = wanted.checkpoint && wanted.checkpoint->step == focus().traceStep();
    if (!has || !ofInput || !ofStep || !wanted.trace->contains(blocks[static_cast<std::size_t>(at.block)].name + ".masked_scores"))
        wanted.trace = nullptr;
    if (wanted.trace) {
        const auto queries = wanted.trace->at(blocks[static_cast<std::size_t>(at.block)].name + ".weights").extent(1);
        wanted.question.query = std::clamp(at.query, 0, static_cast<int>(queries) - 1);
    }
    return wanted;
}

void AttentionTab::refresh() {
    const Wanted now = wanted();
    m_waits = false;
    const bool usable = now.run && now.run->model() && now.run->experiment().model.attends();
    m_controls->setEnabled(usable);
    if (const auto lack = noAttention(now.run)) return showAbsence(lack->sentence, lack->help);
    if (!now.run)
        return showAbsence(tr("There is no model yet"), tr("Choose a preset at the top left: its keys become the stored patterns."));
    if (!focus().traceError().isEmpty()) return showAbsence(tr("This input has no weights"), focus().traceError());
    fillHeads();
    if (!now.trace) {
        m_waits = true;
        if (now.run != m_shown.run) showAbsence(tr("The weights are on their way"), {});
        return;
    }
    const QSignalBlocker quiet(m_queryBox);
    const AttentionBlock& block = now.run->model()->attentionBlocks()[static_cast<std::size_t>(now.question.block)];
    m_queryBox->setRange(0, static_cast<int>(now.trace->at(block.name + ".weights").extent(1)) - 1);
    m_queryBox->setValue(now.question.query);
    m_head->setCurrentIndex(m_head->findData(QPoint(now.question.block, now.question.head)));
    const bool same = now.trace == m_shown.trace && now.input == m_shown.input && now.question.block == m_shown.question.block &&
                      now.question.head == m_shown.question.head && now.question.query == m_shown.question.query;
    m_runName = now.run->name();
    if (!same) ask(now);
}

void AttentionTab::ask(const Wanted& now) {
    m_shown = now;
    const AttentionBlock& block = now.run->model()->attentionBlocks()[static_cast<std::size_t>(now.question.block)];
    m_headName = shortHeadName(block, now.question.head, now.run->experiment().model.architecture);
    m_inputWords = inputWords(*now.run, now.input);
    const SequenceWords words(*now.run);
    const QStringList keys = keyWords(words, block, *now.trace);
    const QString query = queryWords(words, block, *now.trace).value(now.question.query);
    m_asked = true;
    m_task.request(
        [this, keys, query, trace = now.trace, model = now.run->model(), checkpoint = now.checkpoint, input = now.input,
         question = now.question]() -> LatestTask::Found {
            auto memory = std::make_shared<AttentionMemory>(attentionMemory(*model, checkpoint->weights, input, *trace, question));
            std::shared_ptr<const BridgeLook> look = memory->isNet ? std::make_shared<BridgeLook>(bridgeLook(*memory)) : nullptr;
            return [this, look, memory, keys, query] { take(look, *memory, keys, query); };
        },
        [this](const QString& message) { fail(message); });
}

void AttentionTab::take(std::shared_ptr<const BridgeLook> look, const AttentionMemory& memory, const QStringList& keys,
                        const QString& query) {
    m_asked = false;
    m_query = query;
    m_scene = {std::move(look), keys, 1};
    if (!m_scene.look) {
        showAbsence(tr("No Hopfield network gives this row"), shown(memory.why));
        return;
    }
    m_absence.clear();
    m_content->show();
    m_none->hide();
    const auto last = static_cast<int>(m_scene.look->weights.size());
    const QSignalBlocker quiet(m_updateBox);
    m_updateBox->setRange(1, last);
    if (m_update > last) m_update = 0;
    m_updateBox->setValue(m_update == 0 ? last : m_update);
    showBars();
    showReasons();
    showFound();
    showWhy();
    showSettling();
    emit changed();
}

void AttentionTab::fail(const QString& message) {
    showAbsence(tr("This row could not be worked out"), message);
}

void AttentionTab::showAbsence(const QString& sentence, const QString& help) {
    m_task.cancel();
    m_asked = false;
    m_scene = {};
    if (m_waits || !m_shown.trace || help.isEmpty()) m_shown = {};
    m_absence = sentence;
    m_none->setTexts(sentence, help);
    m_content->hide();
    m_none->show();
    emit changed();
}

QString AttentionTab::queryName() const {
    return tr("query %1 “%2”").arg(QString::number(m_shown.question.query), m_query);
}

void AttentionTab::showBars() {
    if (!m_scene.look) return;
    const AttentionMemory& memory = m_scene.look->memory;
    m_scene.update = m_updateBox->value();
    m_bars->setScene(m_scene);
    m_scroll->setMinimumHeight(m_bars->minimumSizeHint().height() + m_scroll->horizontalScrollBar()->sizeHint().height());
    m_barsPanel->setSubtitle(betaWords(memory));
    m_sentence->setText(
        tr("Patterns: %1 of %2, of %3 numbers each. State: %4. The softmax weights are its attention row; then they mix the "
           "values.")
            .arg(counted(LAB_PLURAL("memory", "the %n stored key(s)"), memory.storedCount), headName())
            .arg(memory.patterns.dimension)
            .arg(queryName()));
    const QString difference = differenceText(memory.difference);
    const QString row = tr("row %1 of %2").arg(QString::number(m_shown.question.query), headName());
    m_verdict->setRole(verdictRole(memory.agrees));
    m_verdict->setText(memory.agrees ? verdictText(true, tr("equal to %1: max difference %2").arg(row, difference))
                                     : verdictText(false, tr("differs from %1 by %2").arg(row, difference)));
}

void AttentionTab::showReasons() {
    m_reasons->setText(reasonWords(m_scene.look->memory));
    m_reasonPanel->setTinted(!m_scene.look->memory.isPlain());
    m_reasonPanel->setNote(m_scene.look->memory.isPlain() ? tr("the plain network") : tr("not the plain network"));
}

void AttentionTab::showFound() {
    if (!m_scene.look) return;
    const auto curve = [this](const QString& name, Role role, std::size_t update) {
        PlotSeries made{name, role};
        for (std::size_t c = 0; c < m_scene.look->found[update].size(); ++c) {
            made.x.push_back(static_cast<double>(c));
            made.y.push_back(m_scene.look->found[update][c]);
        }
        made.squares = made.x.size() <= 32;
        return made;
    };
    std::vector<PlotSeries> series{curve(tr("update 1"), Role::series1, 0)};
    const int update = m_updateBox->value();
    if (update > 1) series.push_back(curve(tr("update %1").arg(update), Role::series2, static_cast<std::size_t>(update) - 1));
    const auto width = static_cast<double>(m_scene.look->found.front().size());
    m_found->setXRange(-0.5, std::max(width - 0.5, 0.5));
    m_found->setSeries(std::move(series));
    m_foundPanel->setSubtitle(m_scene.look->memory.headOff ? tr("the head is off") : QString());
}

void AttentionTab::showWhy() {
    const BridgeLook& look = *m_scene.look;
    PlotSeries keys{tr("keys really used"), Role::series1};
    keys.x = look.curve.betas;
    keys.y = look.curve.effective;
    m_why->setXRange(keys.x.front(), keys.x.back());
    m_why->setYRange(std::pair(0.0, std::max(look.memory.storedCount * 1.08, 1.2)));
    m_why->setLevel(1, tr("one pattern"));
    if (look.memory.storedCount > 1) m_why->addLevel(look.memory.storedCount, tr("all keys alike"));
    if (look.memory.beta != 0)
        m_why->setHand(std::abs(look.memory.beta), shortBeta(look.memory), false);
    else
        m_why->setHand(std::nullopt);
    m_whyPanel->setSubtitle(look.memory.beta < 0 ? tr("|β|, which is negative here") : QString());
    m_why->setSeries({std::move(keys)});
}

void AttentionTab::showSettling() {
    if (!m_scene.look) return;
    m_regime->setText(settlingWords(*m_scene.look, m_scene.tokens));
    m_words->setToolTip(addsToScores(*m_scene.look) ? tr("b: what is added to the scores (−∞ where hidden)") : QString());
    std::vector<TextTable::Row> rows;
    for (std::vector<QString>& cells : correspondences(*m_scene.look, m_scene.tokens, queryName(), m_updateBox->value()))
        rows.push_back({std::move(cells)});
    m_words->setRows(std::move(rows));
}

void AttentionTab::leadTo(const QString& place) {
    Selection selection = focus().selection();
    if (m_scene.look) selection.key = m_scene.look->heaviest.front();
    focus().select(selection);
    emit placeWanted(*Place::parse(place));
}

FigureSubject AttentionTab::subject() const {
    return {m_runName, m_shown.checkpoint ? m_shown.checkpoint->step : -1, headName(), m_inputWords};
}

std::vector<FigureOffer> AttentionTab::figures() {
    if (!m_scene.look) return {};
    std::vector<FigureOffer> offers{bridgeOffer(m_scene, subject())};
    for (FigureOffer& offer : partOffers(*this, subject())) offers.push_back(std::move(offer));
    return offers;
}

MemoryTab* makeAttentionTab(Focus& focus, MemoryState& state, QWidget* parent) {
    return new AttentionTab(focus, state, parent);
}

}  // namespace lab
