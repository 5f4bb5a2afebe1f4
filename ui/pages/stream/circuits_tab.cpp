#include "ui/pages/stream/circuits_tab.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/config/experiment.h"
#include "core/runs/budget.h"
#include "ui/pages/stream/circuit_view.h"
#include "ui/pages/stream/joint_view.h"
#include "ui/pages/stream/stream_tab.h"
#include "ui/runs/token_text.h"
#include "ui/scenes/no_attention.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int circuitsGap = 8, circuitsRow = 22, circuitsBar = 34;  // logical px at 100 %
constexpr double leastLine = 0.08;
constexpr PathEnd pathEnds[] = {PathEnd::query, PathEnd::key, PathEnd::value};

const QString elhage = QStringLiteral("Elhage et al. 2021, A Mathematical Framework for Transformer Circuits");

void fillCircuitMap(Map& map, const Eigen::MatrixXd& cells, const QStringList& tokens) {
    std::vector<float> values;
    for (std::ptrdiff_t r = 0; r < cells.rows(); ++r)
        for (std::ptrdiff_t c = 0; c < cells.cols(); ++c) values.push_back(static_cast<float>(cells(r, c)));
    const MapData data = mapOf(std::move(values), static_cast<int>(cells.rows()), static_cast<int>(cells.cols()));
    map.setData(data, balancedScaling(data));
    const std::vector<QString> names(tokens.begin(), tokens.end());
    map.setNames(names, names);
}

Map* circuitMap(const QString& name, const QString& subject) {
    auto* map = named(name, new Map(MapForm::values(), subject));
    map->setSquare(true);
    return map;
}

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
    m_grid->addWidget(makeMatch(), 0, 1);
    m_grid->addWidget(makeWrites(), 0, 2);
    m_grid->addWidget(makeTogether(), 1, 0);
    m_grid->addWidget(makeTable(), 1, 1, 1, 2);
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
    m_graphPanel = new PanelFrame(tr("Which head reads which"), m_content);
    m_graph = named("stream.circuits.graph", new CircuitView);
    m_graph->setToolTip(
        tr("How much of what the lower head writes the upper one reads through its query, key or value: ‖W_read W_O W_V‖ / (‖W_read‖ "
           "‖W_O W_V‖), by the weights alone, norms’ gains left out. Click a head or a line; Left, Right, Up, Down go through the heads, "
           "Q, K, V choose the line.") +
        QLatin1Char('\n') + elhage);
    m_graphPanel->setContent(m_graph);
    return m_graphPanel;
}

QWidget* CircuitsTab::makeMatch() {
    m_matchPanel = new PanelFrame(tr("QK: who is looked for"), m_content);
    m_matchPanel->setShortTitle(tr("QK"));
    m_way = named("stream.circuits.way", new SegmentedControl({tr("direct"), tr("via")}, tr("Keys are")));
    m_way->setHeight(20);
    m_matchPanel->addControl(m_way);
    m_match = circuitMap(QStringLiteral("stream.circuits.match"), tr("QK: who is looked for"));
    m_match->setQuantity(tr("score"), [](double score) { return signedFixed(score, 2); });
    m_match->setTip(
        tr("q · k / √d of a query token and a key token, as the head would read them if nothing had been added to them; without "
           "positions. Via the earlier head: the key is what that head writes when it looks at the token alone.") +
        QLatin1Char('\n') + elhage);
    m_matchPanel->setContent(m_match);
    return m_matchPanel;
}

QWidget* CircuitsTab::makeWrites() {
    m_writesPanel = new PanelFrame(tr("OV: what is written"), m_content);
    m_writesPanel->setShortTitle(tr("OV"));
    m_writes = circuitMap(QStringLiteral("stream.circuits.writes"), tr("OV: what is written"));
    m_writes->setAxes(tr("token attended to"), tr("logit raised"));
    m_writes->setQuantity(tr("logit"), [](double logit) { return signedFixed(logit, 2); });
    m_writes->setTip(tr("What looking at a token alone adds to the logit of each token, less the mean over all: by the straight way to the "
                        "output head, the last norm’s scale left out. A blue diagonal copies.") +
                     QLatin1Char('\n') + elhage);
    m_writesPanel->setContent(m_writes);
    return m_writesPanel;
}

QWidget* CircuitsTab::makeTogether() {
    m_togetherPanel = new PanelFrame(tr("What the two heads do together"), m_content);
    m_togetherPanel->setSubtitle(tr("on this input"));
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_together = named("stream.circuits.together", new JointView);
    m_together->setToolTip(tr("The keys with the most weight, drawn from %1 on. Click a token, or Left and Right, for another query.")
                               .arg(fixed(JointScene::leastArc, 1)));
    m_words = new WrappedText(3);
    lines->addWidget(m_together, 1);
    lines->addWidget(m_words);
    keepSpacing(lines, {8, 4, 8, 4}, 2);
    m_togetherPanel->setContent(body);
    return m_togetherPanel;
}

QWidget* CircuitsTab::makeTable() {
    m_tablePanel = new PanelFrame(QString(), m_content);
    auto* body = new QWidget;
    auto* lines = column(body);
    m_table = named("stream.circuits.table", new DataTable(tr("Heads of the later layer"), circuitsRow));
    fillColumns();
    auto* foot = new QWidget;
    auto* row = new QHBoxLayout(foot);
    m_numbers = new ElidedLabel(QString());
    m_numbers->setToolTip(tr("Eigenvalues of QK and OV over the whole vocabulary: their sum over the sum of their absolute values, from −1 "
                             "to 1. 1: every token "
                             "looks for its like, every token looked at is raised.") +
                          QLatin1Char('\n') + elhage);
    m_switch = named("stream.circuits.switch", new Button(tr("Switch off")));
    m_cost = new ThemedLabel(QString(), TextSize::text, Role::text, true);
    row->addWidget(m_numbers, 1);
    row->addWidget(m_switch);
    row->addWidget(m_cost);
    keepSpacing(row, {8, 4, 8, 4}, 8);
    lines->addWidget(m_table, 1);
    lines->addWidget(foot);
    m_tablePanel->setContent(body);
    return m_tablePanel;
}

void CircuitsTab::fillColumns() {
    std::vector<TableColumn> columns(1);
    columns[0] = {"head", tr("head"), tr("L = layer, H = head, from 0."), Qt::AlignLeft, true};
    columns[0].cell = [this](std::size_t row) {
        return TableCell{m_look && m_run ? nameOf({m_look->second.block, static_cast<int>(row)}) : QString(), Role::text, true};
    };
    columns[0].number = [](std::size_t row) { return static_cast<double>(row); };
    const auto add = [&](const char* id, const QString& title, const QString& help, double bar, std::function<double(std::size_t)> number) {
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
        columns.push_back(std::move(column));
    };
    const QString largest = tr("The largest over the heads of the earlier layer.") + QLatin1Char('\n') + elhage;
    for (const PathEnd end : pathEnds)
        add(end == PathEnd::query ? "query"
            : end == PathEnd::key ? "key"
                                  : "value",
            endLetter(end), largest, end == PathEnd::key ? circuitsBar : 0, [this, end](std::size_t row) {
                return m_look ? m_look->graph.largest(static_cast<int>(row), end, aboveRandom()) : std::nan("");
            });
    add("copying", tr("copying"), tr("1: what is looked at is raised.") + QLatin1Char('\n') + elhage, circuitsBar,
        [this](std::size_t row) { return m_look && row < m_look->copying.size() ? m_look->copying[row] : std::nan(""); });
    add("prefix_matching", tr("prefix matching"), metricHelp(HeadMetric::induction, {}) + QStringLiteral("\nOlsson et al. 2022"), 0,
        [this](std::size_t row) {
            return m_look && row < m_look->secondMetrics.size() ? m_look->secondMetrics[row][HeadMetric::induction] : std::nan("");
        });
    m_table->setColumns(std::move(columns));
    m_table->sortByColumn(2, false);
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
    connect(m_way, &SegmentedControl::chosen, this, [this] {
        if (m_look && m_run) showMatch();
    });
    connect(m_graph, &CircuitView::firstChosen, this, [this](int head) {
        if (m_look) chooseHeads(head, m_look->second.head, {});
    });
    connect(m_graph, &CircuitView::secondChosen, this, [this](int head) { chooseHeads({}, head, {}); });
    connect(m_graph, &CircuitView::lineChosen, this, [this](int first, int second, PathEnd end) { chooseHeads(first, second, end); });
    connect(m_table, &DataTable::rowChosen, this, [this](std::size_t row) {
        if (m_look && static_cast<int>(row) != m_look->second.head) chooseHeads({}, static_cast<int>(row), {});
    });
    connect(m_together, &JointView::queryChosen, this, [this](int query) {
        m_query = query;
        showTogether();
    });
    connect(m_switch, &QPushButton::clicked, this, &CircuitsTab::switchFirst);
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
    if (now.input != m_asked.input || now.run != m_asked.run) m_query = -1;
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
    if (otherLine) m_way->setCurrent(look->end == PathEnd::key ? 1 : 0);
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
    CircuitScene scene;
    const auto pattern = sourcePattern(m_run->experiment().task, m_run->experiment().model.architecture);
    const auto heads = [&](int block, int count, const std::vector<HeadMetrics>& metrics) {
        std::vector<CircuitScene::Head> made;
        for (int head = 0; head < count; ++head)
            made.push_back(
                {nameOf({block, head}), metrics.empty() ? HeadBadge{} : headBadge(metrics[static_cast<std::size_t>(head)], pattern)});
        return made;
    };
    const CircuitGraph& graph = m_look->graph;
    scene.first = heads(graph.blocks.first, graph.firstHeads, m_look->firstMetrics);
    scene.second = heads(graph.blocks.second, graph.secondHeads, m_look->secondMetrics);
    for (int second = 0; second < graph.secondHeads; ++second)
        for (int first = 0; first < graph.firstHeads; ++first)
            for (const PathEnd end : pathEnds) {
                const bool asked = m_lines->current() == 0 || pathEnds[m_lines->current() - 1] == end;
                if (asked && value(second, first, end) >= leastLine) scene.lines.push_back({first, second, end, value(second, first, end)});
            }
    std::ranges::stable_sort(scene.lines, {}, &CircuitScene::Line::value);
    scene.chosenFirst = m_look->first.head;
    scene.chosenSecond = m_look->second.head;
    scene.chosenEnd = m_look->end;
    scene.foot = scene.lines.empty() ? tr("no line from %1 on: no head reads another more than that").arg(fixed(leastLine, 2))
                                     : tr("lines from %1 on").arg(fixed(leastLine, 2));
    return scene;
}

void CircuitsTab::showGraph() {
    m_graph->setScene(scene());
    QStringList values;
    for (const PathEnd end : pathEnds)
        values << QStringLiteral("%1 %2").arg(endLetter(end), fixed(value(m_look->second.head, m_look->first.head, end), 2));
    m_graphPanel->setNote(values.join(QStringLiteral("   ")));
}

QStringList CircuitsTab::tokenNames() const {
    QStringList names;
    for (const int token : m_look->tokens) names << tokenText(*m_run->dataset(), token);
    return names;
}

void CircuitsTab::showMatch() {
    const bool through = m_way->current() == 1;
    m_way->setChoiceText(1, tr("via %1").arg(nameOf(m_look->first)));
    m_match->setAxes(tr("query token"), through ? tr("token that %1 looked at").arg(nameOf(m_look->first)) : tr("key token"));
    fillCircuitMap(*m_match, (through ? m_look->through : m_look->direct).scores, tokenNames());
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

QString CircuitsTab::jointWords(const JointLook& look, const QStringList& tokens) const {
    const QString first = nameOf(m_look->first), second = nameOf(m_look->second);
    const auto at = [&](int position) { return tr("position %1 “%2”").arg(QString::number(position), tokens.value(position)); };
    const QString later = tr("At %1, %2 gives most weight to %3 (%4).").arg(at(look.query), second, at(look.key), cellNumber(look.weight));
    const QString earlier = tr("At %1, %2 looked at %3 (%4)").arg(at(look.place), first, at(look.source), cellNumber(look.sourceWeight));
    const QString role = m_look->end == PathEnd::query ? tr("%1: what it wrote there is part of the query.").arg(earlier)
                         : m_look->end == PathEnd::key ? tr("%1: what it wrote there is part of the key that is found.").arg(earlier)
                                                       : tr("%1: what it wrote there is part of what is copied.").arg(earlier);
    return sentences({later, role});
}

void CircuitsTab::showTogether() {
    if (!m_look || !m_run) return;
    JointScene scene;
    QString words;
    const SequenceWords speech(*m_run);
    const auto& looks = m_look->together;
    if (!looks.empty()) {
        const AttentionBlock& block = m_run->model()->attentionBlocks()[static_cast<std::size_t>(m_look->second.block)];
        scene.tokens = speech.all(m_asked.input, block.side == "decoder" && !m_asked.input.targetTokens.empty());
        const int telling = m_query >= 0 ? m_query : tellingLook(looks);
        scene.look = looks[static_cast<std::size_t>(telling >= 0 && telling < std::ssize(looks) ? telling : std::ssize(looks) - 1)];
        scene.firstName = nameOf(m_look->first);
        scene.secondName = nameOf(m_look->second);
        const auto& read =
            block.side == "decoder" && !m_asked.input.targetTokens.empty() ? m_asked.input.targetTokens : m_asked.input.tokens;
        const auto found = std::ranges::find(m_look->tokens, read[static_cast<std::size_t>(scene.look->key)]);
        if (m_look->writes.size() > 0 && found != m_look->tokens.end()) {
            Eigen::Index most = 0;
            m_look->writes.row(found - m_look->tokens.begin()).maxCoeff(&most);
            scene.written = tokenNames().value(most);
        }
        words = jointWords(*scene.look, scene.tokens);
    }
    m_together->setScene(scene, words);
    m_words->setText(words);
}

void CircuitsTab::showTable() {
    const AttentionBlock& block = m_run->model()->attentionBlocks()[static_cast<std::size_t>(m_look->second.block)];
    m_tablePanel->setTitle(tr("Heads of layer %1").arg(block.layer));
    const Composition& base = m_look->graph.baseline;
    m_tablePanel->setNote(aboveRandom() ? tr("above random: Q %1, K %2, V %3").arg(fixed(base.q, 2), fixed(base.k, 2), fixed(base.v, 2))
                                        : tr("random: Q %1, K %2, V %3").arg(fixed(base.q, 2), fixed(base.k, 2), fixed(base.v, 2)));
    m_table->showAll(static_cast<std::size_t>(m_look->graph.secondHeads), static_cast<std::size_t>(m_look->second.head));
    const QString direct = signedFixed(m_look->direct.matching, 2), through = signedFixed(m_look->through.matching, 2);
    QStringList numbers{tr("QK matches %1, via %2 %3").arg(direct, nameOf(m_look->first), through)};
    if (!m_look->copying.empty())
        numbers << tr("OV copies %1").arg(signedFixed(m_look->copying[static_cast<std::size_t>(m_look->second.head)], 2));
    m_numbers->setText(numbers.join(QStringLiteral("   ")));
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
    if (!m_look || !m_run) return;
    const QString name = nameOf(m_look->first);
    m_switch->setText(firstIsOff() ? tr("Switch %1 on").arg(name) : tr("Switch %1 off").arg(name));
    m_switch->setToolTip(counted(LAB_PLURAL("stream",
                                            "Everywhere, until it is switched on again. The loss is the mean over %n sample(s), with "
                                            "the heads that are off now."),
                                 m_study.sampleCount()));
    const auto& outcome = m_study.outcome();
    if (!outcome || !outcome->error.isEmpty()) return m_cost->setText(outcome ? outcome->error : QString());
    const QString before = fixed(outcome->unchanged.loss, 2);
    m_cost->setText(outcome->interventions.empty() ? tr("loss %1").arg(before)
                                                   : tr("loss %1 → %2").arg(before, fixed(outcome->changed.loss, 2)));
}

FigureSubject CircuitsTab::subject() const {
    return {m_run->name(), m_asked.checkpoint->step, nameOf(m_look->first) + QStringLiteral(" \u2192 ") + nameOf(m_look->second),
            inputWords(*m_run, m_asked.input)};
}

std::vector<FigureOffer> CircuitsTab::figures() {
    if (!m_look || !m_run) return {};
    const FigureSubject of = subject();
    std::vector<FigureOffer> offers;
    const QString name = m_graphPanel->title();
    offers.push_back({name, figureFile(of, name), [of, name, scene = m_graph->scene()] {
                          auto figure = std::make_unique<PartsFigure>();
                          figure->title = name;
                          figure->caption = subjectCaption(of, name);
                          figure->body = QSizeF(560, 340);
                          figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
                          figure->parts.back().paint = [scene](QPainter& painter, const QSizeF& room) {
                              scene.paint(painter, QRectF(QPointF(), room));
                          };
                          figure->numbers.header = {"from", "to", "through", "composition"};
                          for (const CircuitScene::Line& line : scene.lines)
                              figure->numbers.rows.push_back({scene.first[static_cast<std::size_t>(line.first)].name.toStdString(),
                                                              scene.second[static_cast<std::size_t>(line.second)].name.toStdString(),
                                                              endLetter(line.end).toStdString(), numberText(line.value)});
                          return figure;
                      }});
    for (FigureOffer& offer : partOffers(*this, of)) offers.push_back(std::move(offer));
    const QString together = m_togetherPanel->title();
    offers.push_back({together, figureFile(of, together), [of, together, scene = m_together->scene(), words = m_words->text()] {
                          auto figure = std::make_unique<PartsFigure>();
                          figure->title = together;
                          figure->caption = sentences({subjectCaption(of, together), words});
                          figure->body = QSizeF(560, 150);
                          figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
                          figure->parts.back().paint = [scene](QPainter& painter, const QSizeF& room) {
                              scene.paint(painter, QRectF(QPointF(), room));
                          };
                          figure->numbers.header = {"query", "key", "weight", "place", "source", "source_weight"};
                          if (scene.look)
                              figure->numbers.rows.push_back({std::to_string(scene.look->query), std::to_string(scene.look->key),
                                                              numberText(scene.look->weight), std::to_string(scene.look->place),
                                                              std::to_string(scene.look->source), numberText(scene.look->sourceWeight)});
                          return figure;
                      }});
    offers.push_back(tableOffer(m_tablePanel->title(), *m_table, m_tablePanel->title(), of));
    return offers;
}

PageTab* makeCircuitsTab(Focus& focus, QWidget* parent) {
    return new CircuitsTab(focus, parent);
}

}  // namespace lab
