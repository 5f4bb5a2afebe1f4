#include "ui/pages/stream/circuits_tab.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/runs/budget.h"
#include "ui/pages/stream/circuit_view.h"
#include "ui/pages/stream/elhage.h"
#include "ui/pages/stream/joint_panel.h"
#include "ui/pages/stream/later_heads_panel.h"
#include "ui/pages/stream/match_panel.h"
#include "ui/pages/stream/stream_figures.h"
#include "ui/pages/stream/stream_tab.h"
#include "ui/runs/token_text.h"
#include "ui/scenes/no_attention.h"
#include "ui/text/message_text.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/column.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int circuitsGap = 8;  // logical px at 100 %

}  // namespace

CircuitsTab::CircuitsTab(Focus& focus, QWidget* parent) : PageTab(focus, parent) {
    auto* lines = column(this);
    m_content = new QWidget(this);
    m_none = named("stream.circuits.none", new EmptyState(QString(), QString(), QString(), this));
    lines->addWidget(m_content, 1);
    lines->addWidget(m_none, 1);
    m_grid = new QGridLayout(m_content);
    m_grid->setContentsMargins(0, 0, 0, 0);
    makeControls();
    m_grid->addWidget(makeGraph(), 0, 0);
    m_match = new MatchPanel(m_content);
    m_together = new JointPanel(m_content);
    m_grid->addWidget(m_match, 0, 1);
    m_grid->addWidget(makeWrites(), 0, 2);
    m_grid->addWidget(m_together, 1, 0);
    m_table = new LaterHeadsPanel(m_content);
    m_grid->addWidget(m_table, 1, 1, 1, 2);
    m_grid->setColumnStretch(0, 48);
    m_grid->setColumnStretch(1, 33);
    m_grid->setColumnStretch(2, 34);
    m_grid->setRowStretch(0, 35);
    m_grid->setRowStretch(1, 22);
    m_rest.setSingleShot(true);
    connectParts();
    followTheme(this, &CircuitsTab::applyMeasures);
}

void CircuitsTab::makeControls() {
    m_controls = new QWidget(this);
    auto* row = new QHBoxLayout(m_controls);
    m_layers = named("stream.circuits.layers", new QComboBox);
    m_layers->setAccessibleName(tr("Layers"));
    m_layers->setToolTip(tr("Two layers that follow one another"));
    m_layers->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_lines = named("stream.circuits.lines",
                    new SegmentedControl({tr("all"), QStringLiteral("Q"), QStringLiteral("K"), QStringLiteral("V")}, tr("Lines")));
    m_above = named("stream.circuits.above", new SegmentedControl({tr("random"), QStringLiteral("0")}, tr("Above")));
    m_above->setToolTip(
        tr("Matrices of any heads compose a little by accident: what random ones of the same shapes have on average is taken off"));
    row->addWidget(m_layers);
    row->addWidget(new Caption(tr("Lines"), m_lines));
    row->addWidget(m_lines);
    row->addWidget(new Caption(tr("Above"), m_above));
    row->addWidget(m_above);
    keepSpacing(row, {0, 0, 0, 0}, 6);
}

QWidget* CircuitsTab::makeGraph() {
    m_graphPanel = new PanelFrame(circuitTitle(), m_content);
    m_graph = named("stream.circuits.graph", new CircuitView);
    m_graph->setToolTip(
        tr("How much of what the lower head writes the upper one reads through its query, key or value: ‖W_read W_O W_V‖ / (‖W_read‖ "
           "‖W_O W_V‖), by the weights alone, norms’ gains left out. Click a head or a line; Left, Right, Up, Down go through the heads, "
           "Q, K, V choose the line.") +
        QLatin1Char('\n') + elhageSource());
    m_graphPanel->setContent(m_graph);
    return m_graphPanel;
}

QWidget* CircuitsTab::makeWrites() {
    m_writesPanel = new PanelFrame(tr("OV: what is written"), m_content);
    m_writesPanel->setShortTitle(tr("OV"));
    m_writes = circuitMap(QStringLiteral("stream.circuits.writes"), tr("OV: what is written"));
    m_writes->setAxes(tr("token attended to"), tr("logit raised"));
    m_writes->setQuantity(tr("logit"), [](double logit) { return signedFixed(logit, 2); });
    m_writes->setTip(tr("What looking at a token alone adds to the logit of each token, less the mean over all: by the straight way to the "
                        "output head, the last norm’s scale left out. A blue diagonal copies.") +
                     QLatin1Char('\n') + elhageSource());
    m_writesPanel->setContent(m_writes);
    return m_writesPanel;
}

void CircuitsTab::connectParts() {
    connect(m_layers, &QComboBox::activated, this, [this](int index) {
        m_question = {m_pairs[static_cast<std::size_t>(index)], {}, {}, {}};
        emit refreshWanted();
    });
    for (SegmentedControl* control : {m_lines, m_above})
        connect(control, &SegmentedControl::chosen, this, [this] {
            if (m_look && m_run) showAll();
        });
    connect(m_match, &MatchPanel::wayChosen, this, [this] {
        if (m_look && m_run) showMatch();
    });
    connect(m_graph, &CircuitView::firstChosen, this, [this](int head) {
        if (m_look) chooseHeads(head, m_look->second.head, {});
    });
    connect(m_graph, &CircuitView::secondChosen, this, [this](int head) { chooseHeads({}, head, {}); });
    connect(m_graph, &CircuitView::lineChosen, this, [this](int first, int second, PathEnd end) { chooseHeads(first, second, end); });
    connect(m_table, &LaterHeadsPanel::headChosen, this, [this](int head) {
        if (m_look && head != m_look->second.head) chooseHeads({}, head, {});
    });
    connect(m_together, &JointPanel::queryChosen, this, [this](int query) {
        m_query = query;
        showTogether();
    });
    connect(m_table, &LaterHeadsPanel::switchWanted, this, &CircuitsTab::switchFirst);
    connect(&m_study, &AblationStudy::changed, this, &CircuitsTab::showCost);
    connect(&m_rest, &QTimer::timeout, this, &PageTab::refreshWanted);
}

void CircuitsTab::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(circuitsGap));
}

void CircuitsTab::chooseHeads(std::optional<int> first, std::optional<int> second, std::optional<PathEnd> end) {
    m_question.first = first;
    m_question.second = second;
    m_question.end = end;
    emit refreshWanted();
}

QString CircuitsTab::nameOf(const StreamHead& head) const {
    const auto& blocks = m_run->model()->attentionBlocks();
    return shortHeadName(blocks[static_cast<std::size_t>(head.block)], head.head, m_run->experiment().model.architecture);
}

TabHeading CircuitsTab::heading() const {
    if (!m_look || !m_run) return {tr("Heads that read heads")};
    const QString title = QStringLiteral("%1 \u2192 %2").arg(nameOf(m_look->first), nameOf(m_look->second));
    const bool all = static_cast<int>(m_look->tokens.size()) == m_run->model()->config().vocab_size;
    const QString letter = endLetter(m_look->end);
    const QString composition = all ? tr("composition through %1").arg(letter)
                                    : counted(LAB_PLURAL("stream", "composition through %1, the commonest %n token(s) of this input"),
                                              static_cast<std::int64_t>(m_look->tokens.size()), {letter});
    if (m_look->secondMetrics.empty()) return {title, composition};
    const auto pattern = sourcePattern(m_run->experiment().task, m_run->experiment().model.architecture);
    const HeadBadge badge = headBadge(m_look->secondMetrics[static_cast<std::size_t>(m_look->second.head)], pattern);
    return {title, QStringLiteral("%1 \u00B7 %2").arg(badge.text, composition)};
}

void CircuitsTab::meet(Run* run) {
    if (run == m_run) return;
    m_task.cancel();
    m_busy = false;
    m_look.reset();
    m_run = run;
    m_pairs.clear();
    m_question = {};
    m_query = -1;
    m_table->forget();
    m_asked = {};
    m_book.reset();
    m_bookOf.reset();
    if (!run || noAttention(run)) return;
    m_pairs = blockPairs(*run->model());
    // What is said last is said by the last layers.
    m_question.blocks = m_pairs.back();
    fillPairs();
}

void CircuitsTab::fillPairs() {
    m_layers->clear();
    const auto& blocks = m_run->model()->attentionBlocks();
    const Architecture architecture = m_run->experiment().model.architecture;
    for (const BlockPair& pair : m_pairs)
        m_layers->addItem(QStringLiteral("%1 \u2192 %2")
                              .arg(shortBlockName(blocks[static_cast<std::size_t>(pair.first)], architecture),
                                   shortBlockName(blocks[static_cast<std::size_t>(pair.second)], architecture)));
    m_layers->setCurrentIndex(static_cast<int>(m_pairs.size()) - 1);
    m_layers->setVisible(m_pairs.size() > 1);
}

/// The trace may lag behind the shown step: its own weights count. Nothing while it is on its way.
std::optional<CircuitsTab::Wanted> CircuitsTab::wanted() {
    Wanted wanted{m_run, focus().checkpoint(), nullptr, focus().input(), m_question};
    if (!focus().traceError().isEmpty()) return wanted;
    wanted.trace = focus().trace();
    if (!wanted.trace || wanted.trace->tokens != wanted.input.tokens || wanted.trace->targetTokens != wanted.input.targetTokens)
        return std::nullopt;
    if (wanted.checkpoint && wanted.checkpoint->step != focus().traceStep())
        wanted.checkpoint = m_run->history().atOrBefore(focus().traceStep());
    if (!wanted.checkpoint || wanted.checkpoint->step != focus().traceStep()) return std::nullopt;
    const std::string& last = m_run->model()->attentionBlocks()[static_cast<std::size_t>(m_question.blocks.second)].name;
    if (!wanted.trace->contains(last + ".weights")) wanted.trace = nullptr;
    return wanted;
}

void CircuitsTab::refresh() {
    Run* run = focus().run();
    m_waits = false;
    try {
        meet(run);
    } catch (const InputError& why) {
        m_controls->setEnabled(false);
        return showAbsence(tr("No head reads another"), shown(why));
    }
    m_controls->setEnabled(!m_pairs.empty());
    if (const auto lack = noAttention(run)) return showAbsence(lack->sentence, lack->help);
    if (!run) return showAbsence(tr("There is no model yet"), tr("Choose a preset at the top left."));
    if (m_pairs.empty()) return;  // said when the run was met
    applyNotes();
    m_study.look(run, focus().checkpoint(), focus().input(), focus().headChanges());
    const auto now = wanted();
    m_waits = !now;
    if (!now) return;
    const bool byHand = now->question != m_asked.question || now->input != m_asked.input || now->run != m_asked.run;
    const bool same = !byHand && now->checkpoint == m_asked.checkpoint && now->trace == m_asked.trace;
    if (same || (!byHand && (m_busy || m_rest.isActive()))) return;
    ask(*now);
}

/// Throws InputError for a model that reads vectors.
void CircuitsTab::openBook(const CheckpointPtr& checkpoint) {
    if (m_book && checkpoint == m_bookOf) return;
    m_book = std::make_shared<CircuitBook>(m_run->model(), std::shared_ptr<const Weights>(checkpoint, &checkpoint->weights));
    m_bookOf = checkpoint;
}

void CircuitsTab::ask(const Wanted& now) {
    if (now.input != m_asked.input || now.run != m_asked.run) m_query = std::exchange(m_keptQuery, -1);
    m_asked = now;
    m_busy = true;
    try {
        openBook(now.checkpoint);
    } catch (const InputError& why) {
        return showAbsence(tr("These heads have no circuits"), shown(why));
    }
    const AttentionBlock& block = m_run->model()->attentionBlocks()[static_cast<std::size_t>(now.question.blocks.second)];
    const bool targets = block.side == "decoder" && !now.input.targetTokens.empty();
    m_task.request(
        [this, book = m_book, question = now.question, task = m_run->experiment().task, trace = now.trace,
         read = targets ? now.input.targetTokens : now.input.tokens](const LatestTask::Wanted& isWanted) -> LatestTask::Found {
            const auto start = std::chrono::steady_clock::now();
            auto look = std::make_shared<CircuitLook>(book->look(question, task, read, trace.get(), [&isWanted] { return !isWanted(); }));
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            return [this, look, seconds] { take(look, seconds); };
        },
        [this](const QString& message) { showAbsence(tr("These heads have no circuits"), message); });
}

void CircuitsTab::take(const std::shared_ptr<const CircuitLook>& look, double seconds) {
    m_busy = false;
    if (!m_run) return;
    if (m_run->state() == Run::State::training) m_rest.start(budget::restAfter(seconds));
    const bool otherLine = !m_look || m_look->first != look->first || m_look->second != look->second || m_look->end != look->end;
    if (otherLine && m_match->way() != MatchPanel::Way::positions)
        m_match->setWay(look->end == PathEnd::key ? MatchPanel::Way::through : MatchPanel::Way::direct);
    m_look = look;
    m_absence.clear();
    m_none->hide();
    m_content->show();
    showAll();
    emit refreshWanted();  // newer weights may wait
}

void CircuitsTab::showAbsence(const QString& sentence, const QString& help) {
    m_task.cancel();
    m_busy = false;
    m_look.reset();
    m_absence = sentence;
    m_none->setTexts(sentence, help);
    m_content->hide();
    m_none->show();
    emit changed();
}

bool CircuitsTab::aboveRandom() const {
    return m_above->current() == 0;
}

void CircuitsTab::showAll() {
    showGraph();
    showMatch();
    showWrites();
    showTogether();
    showTable();
    showCost();
    emit changed();
}

CircuitScene CircuitsTab::scene() const {
    const auto pattern = sourcePattern(m_run->experiment().task, m_run->experiment().model.architecture);
    const auto heads = [&](int block, int count, const std::vector<HeadMetrics>& metrics) {
        std::vector<CircuitScene::Head> made;
        for (int head = 0; head < count; ++head)
            made.push_back(
                {nameOf({block, head}), metrics.empty() ? HeadBadge{} : headBadge(metrics[static_cast<std::size_t>(head)], pattern)});
        return made;
    };
    const CircuitGraph& graph = m_look->graph;
    const std::span<const PathEnd> all(everyPathEnd);
    const int through = m_lines->current();
    CircuitScene scene = circuitScene(graph, heads(graph.blocks.first, graph.firstHeads, m_look->firstMetrics),
                                      heads(graph.blocks.second, graph.secondHeads, m_look->secondMetrics),
                                      through == 0 ? all : all.subspan(static_cast<std::size_t>(through) - 1, 1), aboveRandom());
    scene.chosenFirst = m_look->first.head;
    scene.chosenSecond = m_look->second.head;
    scene.chosenEnd = m_look->end;
    const bool rotates = specOf(m_run->experiment().model.position.kind).rotates;
    if (rotates) scene.foot = tr("%1; Q and K at distance 0 (RoPE)").arg(scene.foot);
    return scene;
}

void CircuitsTab::showGraph() {
    m_graph->setScene(scene());
    QStringList values;
    for (const PathEnd end : everyPathEnd)
        values << QStringLiteral("%1 %2").arg(endLetter(end), fixed(value(m_look->second.head, m_look->first.head, end), 2));
    m_graphPanel->setNote(values.join(QStringLiteral("   ")));
}

QStringList CircuitsTab::tokenNames() const {
    QStringList names;
    for (const int token : m_look->tokens) names << tokenText(*m_run->dataset(), token);
    return names;
}

void CircuitsTab::showMatch() {
    m_match->showLook(*m_look, tokenNames(), nameOf(m_look->first));
}

void CircuitsTab::showWrites() {
    m_writes->setEmptyText(m_look->writes.size() == 0 ? shown(m_look->noWrites) : QString());
    if (m_look->writes.size() == 0)
        m_writes->setData({});
    else
        fillCircuitMap(*m_writes, m_look->writes, tokenNames());
    m_writesPanel->setNote(m_look->copying.empty()
                               ? QString()
                               : tr("copying %1").arg(signedFixed(m_look->copying[static_cast<std::size_t>(m_look->second.head)], 2)));
}

void CircuitsTab::showTogether() {
    if (m_look && m_run) m_together->showLook(*m_look, *m_run, m_asked.input, m_query, tokenNames());
}

void CircuitsTab::showTable() {
    m_table->showLook(m_look, *m_run, aboveRandom());
}

bool CircuitsTab::firstIsOff() const {
    const std::string& name = m_run->model()->attentionBlocks()[static_cast<std::size_t>(m_look->first.block)].name;
    return std::ranges::any_of(focus().headChanges(), [&](const Intervention& change) {
        return change.name == name && change.head == m_look->first.head && change.kind == Intervention::Kind::headOff;
    });
}

void CircuitsTab::switchFirst() {
    if (!m_look || !m_run) return;
    const auto wanted = ablationOf(*m_run->model(), {m_look->first.block, m_look->first.head}, Intervention::Kind::headOff);
    const bool off = firstIsOff();
    std::vector<Intervention> changes = focus().headChanges();
    std::erase_if(changes, [&](const Intervention& old) { return old.name == wanted.front().name && old.head == wanted.front().head; });
    if (!off) changes.insert(changes.end(), wanted.begin(), wanted.end());
    focus().setHeadChanges(std::move(changes));
    showCost();
}

void CircuitsTab::showCost() {
    if (m_look && m_run) m_table->showCost(m_study, firstIsOff());
}

PageTab* makeCircuitsTab(Focus& focus, QWidget* parent) {
    return new CircuitsTab(focus, parent);
}

}  // namespace lab
