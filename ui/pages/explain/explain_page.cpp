#include "ui/pages/explain/explain_page.h"

#include <QComboBox>
#include <QCursor>
#include <QLabel>
#include <QMenu>
#include <QRegularExpression>
#include <QScrollArea>
#include <QShowEvent>
#include <QStackedWidget>
#include <QTextDocument>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/data/dataset.h"
#include "core/examples/worked_example.h"
#include "core/explain/plane.h"
#include "core/explain/twin.h"
#include "core/explain/walk_limits.h"
#include "core/explain/waterfall.h"
#include "core/model/block_keys.h"
#include "core/training/schedule.h"
#include "ui/pages/explain/block_strip.h"
#include "ui/pages/explain/checker.h"
#include "ui/pages/explain/formula_strip.h"
#include "ui/pages/explain/moment_finder.h"
#include "ui/pages/explain/stage_rail.h"
#include "ui/pages/explain/statements_view.h"
#include "ui/pages/explain/term_list.h"
#include "ui/pages/explain/vector_plane.h"
#include "ui/scenes/input_name.h"
#include "ui/scenes/key_words.h"
#include "ui/scenes/no_attention.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/matrix_picture.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/stage_desk.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

/// What is said of a run that has no walk; nothing of one that has, and without a run.
std::optional<NoAttention> noWalk(const Run* run) {
    if (const auto lack = noAttention(run)) return lack;
    const Message why = run ? explain::whyNoWalk(run->experiment().model) : Message();
    if (why.empty()) return std::nullopt;
    return NoAttention{ExplainPage::tr("This model is not explained number by number"), shown(why)};
}

using explain::CellRef;

const QString asCode = QStringLiteral("code.");  // before a stage's id in a place

QString rich(const Message& formula) {
    return formulaHtml(Theme::instance().font(TextSize::text), shown(formula));
}

const QString tilesStage = QStringLiteral("tiles");  // the row in hand tile by tile
const QString statementStage = QStringLiteral("statement.");

bool traceIsOf(const Trace& trace, const Input& input) {
    return trace.tokens == input.tokens;
}

QString link(const QString& to, const QString& text) {
    const QString color = Theme::instance().color(Role::muted).name();
    return QStringLiteral("<a href=\"%1\" style=\"color:%2\">%3</a>").arg(to, color, text);
}

/// Each line of what stands under the self-check, no wider than `width`; a link stays whole.
QString elidedLines(const QString& text, const QFont& font, int width) {
    if (text.startsWith(QLatin1String("<a"))) return text;
    const QFontMetrics metrics(font);
    QStringList lines = text.split(QStringLiteral("<br>"));
    for (QString& line : lines) line = metrics.elidedText(line, Qt::ElideRight, width);
    return lines.join(QStringLiteral("<br>"));
}

/// Of two questions about the same trace.
bool sameNumbers(const explain::Question& one, const explain::Question& other) {
    return one.block == other.block && one.head == other.head && one.query == other.query && one.key == other.key &&
           one.firstMoment == other.firstMoment;
}

}  // namespace

const explain::Stage* ExplainPage::shownStage() const {
    const auto at = static_cast<std::size_t>(m_stage);
    return at < m_walk.stages.size() ? &m_walk.stages[at] : nullptr;
}

QString ExplainPage::stage() const {
    if (m_stack->currentWidget() == m_statements) return statementStage + m_statements->current();
    if (const QString part = modelPart(); !part.isEmpty()) return part;
    if (m_stack->currentWidget() == m_tilesPage) return tilesStage;
    return (shownView() == View::code ? asCode : QString()) + qt(m_stageId);
}

CellRef ExplainPage::shownCell() const {
    return m_walk.grid(m_hovered) ? m_hovered : m_chosen;
}

void ExplainPage::showEvent(QShowEvent* event) {
    focus().setWantsGradients(true);
    Page::showEvent(event);
    if (!event->spontaneous() && m_stack->currentWidget() == m_content) deskInHand()->setFocus();
}

void ExplainPage::hideEvent(QHideEvent* event) {
    play(false);
    focus().setWantsGradients(false);
    Page::hideEvent(event);
}

CheckpointPtr ExplainPage::traceCheckpoint() const {
    CheckpointPtr checkpoint = focus().checkpoint();
    const std::int64_t step = focus().traceStep();
    if (!checkpoint || checkpoint->step != step) checkpoint = focus().run()->history().atOrBefore(step);
    return checkpoint && checkpoint->step == step ? checkpoint : nullptr;
}

/// The weights of the walk; null while another run is open and the page, hidden perhaps, still has the walk of the one before.
CheckpointPtr ExplainPage::walkCheckpoint() const {
    return focus().run() && m_trace && focus().run()->model() == m_walkOf ? traceCheckpoint() : nullptr;
}

explain::Question ExplainPage::question() const {
    return question(*m_trace, focus().input(), focus().traceStep());
}

namespace {

/// A class; of several numbers which one it is.
std::string answerName(const SequenceWords& words, int m) {
    if (!words.numbers()) return words.classText(m).toStdString();
    return *words.model().num_classes == 1 ? "y" : "y" + std::to_string(m);
}

std::vector<std::string> textsOf(const QStringList& words) {
    std::vector<std::string> texts;
    for (const QString& word : words) texts.push_back(word.toStdString());
    return texts;
}

/// Of whichever block looks at slots.
std::vector<std::string> slotNamesOf(const std::vector<AttentionBlock>& blocks, const Trace& trace) {
    std::vector<std::string> names;
    const auto looking = std::ranges::find_if(blocks, [](const AttentionBlock& block) { return block.slotCount > 0; });
    if (looking == blocks.end()) return names;
    for (const Message& slot : slotNames(*looking, &trace)) names.push_back(shown(slot).toStdString());
    return names;
}

}  // namespace

explain::Question ExplainPage::question(const Trace& trace, const Input& input, std::int64_t step) const {
    const Run& run = *focus().run();
    const auto& blocks = run.model()->attentionBlocks();
    explain::Question q;
    q.input = input;
    q.block = std::clamp(focus().selection().block, 0, static_cast<int>(blocks.size()) - 1);
    const AttentionBlock& block = blocks[static_cast<std::size_t>(q.block)];
    const Tensor& weights = trace.at(block.name + ".weights");
    q.head = std::clamp(focus().selection().head, 0, block.heads - 1);
    q.query = std::clamp(focus().selection().query, 0, static_cast<int>(weights.extent(1)) - 1);
    q.key = std::clamp(focus().selection().key, 0, static_cast<int>(weights.extent(2)) - 1);
    const SequenceWords words(run);
    q.sourceTokens = textsOf(words.all(q.input));
    q.targetTokens = textsOf(words.all(q.input, true));
    q.slotNames = slotNamesOf(blocks, trace);
    q.queryTokens = textsOf(queryWords(words, block, q.input));
    q.keyTokens = textsOf(keyWords(words, block, q.input, &trace));
    for (int m = 0; m < *run.model()->config().num_classes; ++m) q.classNames.push_back(answerName(words, m));
    const TrainingConfig& training = run.experiment().training;
    q.optimizer = training.optimizer;
    q.learningRate = learningRateAt(training, run.model()->config().d_model, step + 1);
    q.answerCost = training.answer_cost;
    q.clipNorm = training.clip_norm;
    q.frozen = training.frozen;
    q.adapterRank = training.adapters.rank;
    q.keepZeros = training.keep_zeros;
    if (m_stageId == "update") addMoments(q, *focus().run(), step);
    return q;
}

/// While a run trains, those of a step not long before; the stage says so.
void ExplainPage::addMoments(explain::Question& question, Run& run, std::int64_t step) const {
    const std::shared_ptr<const TrainingState> state = m_moments->stateAt(run, step);
    if (!state || state->hasAdapters() || state->firstMoment.empty()) return;
    question.firstMoment = {state, &state->firstMoment};
    if (!state->secondMoment.empty()) question.secondMoment = {state, &state->secondMoment};
    question.step = state->step;
    question.shownStep = step;
}

bool ExplainPage::buildModelWalk() {
    Run* run = focus().run();
    const auto trace = focus().trace();
    if (!run || noWalk(run) || !trace || !traceIsOf(*trace, focus().input())) return false;
    for (const AttentionBlock& block : run->model()->attentionBlocks())
        if (!trace->contains(block.name + ".weights")) return false;
    const CheckpointPtr checkpoint = traceCheckpoint();
    if (!checkpoint) return false;
    m_trace = trace;
    m_walkOf = run->model();
    m_asked = question();
    m_walk = explain::buildWalk(run->model(), {checkpoint, &checkpoint->weights}, explain::NumberSource(trace), m_asked);
    // Its weights are what it is about.
    if (const WorkedExampleRow* example = checkpoint->step == 0 ? exampleOf(run->experiment()) : nullptr) {
        WorkedExampleRow said = *example;
        said.about = dataText(DataFiles::examples, example->about).toStdString();
        addAbout(m_walk, said);
    }
    m_checker->request(run->model(), checkpoint, m_asked, trace);
    return true;
}

void ExplainPage::refresh() {
    if (m_example >= 0) {
        m_exampleQuery = std::clamp(m_exampleQuery, 0, m_exampleNow.count() - 1);
        m_exampleKey = std::clamp(m_exampleKey, 0, m_exampleNow.count() - 1);
        m_walk = explain::exampleWalk(m_exampleNow, m_exampleQuery, m_exampleKey);
        adoptWalk();
        return;
    }
    if (buildModelWalk()) {
        adoptWalk();
        if (m_stack->currentWidget() == m_statements) fillStatements();
        return;
    }
    const auto lack = noWalk(focus().run());
    if (focus().run() && !lack && focus().traceError().isEmpty()) return;  // the trace is on its way: what stands there stays for a moment
    const bool walked = std::exchange(m_hasWalk, false);
    m_walk = {};
    m_trace.reset();
    const QString error = focus().traceError();
    if (lack)
        m_empty->setTexts(lack->sentence, lack->help);
    else
        m_empty->setTexts(tr("Nothing to explain yet"),
                          error.isEmpty() ? tr("Open an experiment; every number of its attention can then be opened here.") : error);
    // What needs no model and was opened since stays while a run without attention trains.
    if (!lack || walked || m_stack->currentWidget() == m_content) m_stack->setCurrentWidget(m_empty);
    showModelView();
}

bool ExplainPage::lacksWalk() const {
    return m_example < 0 && noWalk(focus().run());
}

void ExplainPage::adoptWalk() {
    const bool judges = m_stack->currentWidget() == m_statements;  // it needs no walk, and may be there before the first one
    if (m_stack->currentWidget() == m_empty || (!m_hasWalk && !judges)) m_stack->setCurrentWidget(m_content);
    m_hasWalk = true;
    std::vector<StageRail::Entry> entries;
    for (const explain::Stage& s : m_walk.stages) entries.push_back({shown(s.symbol), shown(s.caption), s.backward, qt(s.group)});
    m_rail->setEntries(entries);
    m_block->setWalk(m_walk);
    if (m_stageId.empty()) m_stageId = "mix";
    const auto same = std::find_if(m_walk.stages.begin(), m_walk.stages.end(), [&](const explain::Stage& s) { return s.id == m_stageId; });
    m_stage = same != m_walk.stages.end() ? static_cast<int>(same - m_walk.stages.begin())
                                          : std::min(m_stage, static_cast<int>(m_walk.stages.size()) - 1);
    m_stageId = m_walk.stages[static_cast<std::size_t>(m_stage)].id;
    showCurrentStage();
    if (m_stack->currentWidget() == m_tilesPage && !fillTiles()) m_stack->setCurrentWidget(m_content);
    if (std::exchange(m_wantsTiles, false)) openTiles();
}

void ExplainPage::showCurrentStage() {
    const explain::Stage* now = shownStage();
    if (!now) return;
    if (m_chosen.stage != now->id || !m_walk.grid(m_chosen)) m_chosen = now->result;
    if (m_hovered.stage != now->id) m_hovered = {};
    m_rail->setCurrent(m_stage);
    m_railScroll->ensureVisible(0, m_rail->height() * (2 * m_stage + 1) / (2 * std::max<int>(1, static_cast<int>(m_walk.stages.size()))), 0,
                                Theme::instance().px(40));
    m_counter->setText(QString::number(m_stage + 1) +
                       QStringLiteral("<span style=\"font-weight:400\">/%1</span>").arg(m_walk.stages.size()));
    m_direction->setCurrent(now->backward ? 1 : 0);
    m_direction->setChoiceEnabled(1, m_walk.hasBackward, shown(m_walk.whyNoBackward));
    m_strip->setStage(*now);
    showShapes();
    m_desk->setStage(*now);
    m_desk->setSelected(m_chosen);
    m_block->setCurrent(*now);
    if (explain::hasMatrix(*now)) m_picture->setStage(*now, m_chosen);
    if (std::exchange(m_deskQuery, m_walk.query) != m_walk.query) m_desk->revealLit();
    showPlane(*now);
    showShapePicture(*now);
    showCell();
    showCheck();
    showControls();
    if (m_wantedPart) openModelView(*std::exchange(m_wantedPart, {}));
}

void ExplainPage::showCell() {
    const CellRef cell = shownCell();
    if (!m_walk.grid(cell)) return;
    const explain::Expression expression = m_walk.explain(cell);
    m_strip->setExpression(expression);
    m_terms->setExpression(expression);
    showCrumbs();
}

void ExplainPage::showCrumbs() {
    const explain::Stage* now = shownStage();
    if (!now) return;
    const auto query = [&](int at, const std::vector<std::string>& tokens) {
        m_queryToken = qt(tokens[static_cast<std::size_t>(at)]);
        const QString token = elidedWord(m_crumbs->font(), m_queryToken).toHtmlEscaped();
        return link(QStringLiteral("query"), tr("query %1 \u201C%2\u201D").arg(QString::number(at), token));
    };
    m_path.clear();
    if (m_example >= 0) {
        m_path << (m_exampleNow.name.empty() ? tr("own numbers") : shown(m_exampleNow.name).toHtmlEscaped())
               << query(m_walk.query, m_exampleNow.tokens);
    } else {
        const explain::Question q = question();
        const AttentionBlock& block = focus().run()->model()->attentionBlocks()[static_cast<std::size_t>(q.block)];
        const QString layer = (block.cross                                                ? tr("cross-attention %1")
                               : block.side == "decoder" && !q.input.targetTokens.empty() ? tr("decoder %1")
                                                                                          : tr("layer %1"))
                                  .arg(block.layer);
        m_path << tr("step %1").arg(grouped(focus().traceStep())) << link(QStringLiteral("block"), layer)
               << link(QStringLiteral("head"), tr("head %1").arg(q.head)) << query(q.query, q.queryTokens);
    }
    if (!m_trail.empty()) {
        const explain::Stage* from = m_walk.find(m_trail.back().cell.stage);
        m_path << link(QStringLiteral("back"), from ? rich(from->symbol) : tr("back"));
    }
    m_path << rich(now->symbol);
    const CellRef cell = shownCell();
    if (m_walk.grid(cell))
        m_path << QStringLiteral("<b style=\"color:%1\">%2</b>")
                      .arg(Theme::instance().color(Role::text).name(), rich(m_walk.explain(cell).name));
    fitCrumbs();
}

/// Of too long a path the end is kept, which says what is looked at.
void ExplainPage::fitCrumbs() {
    const QString arrow = QStringLiteral(" \u203A ");
    QStringList left = m_path;
    QTextDocument document;
    document.setDocumentMargin(0);
    document.setDefaultFont(m_crumbs->font());
    document.setHtml(left.join(arrow));
    QString help =
        tr("Layer, head and query can be chosen here; keys: [ and ] the head, Alt+Up and Alt+Down the query, Alt+Left and "
           "Alt+Right the key whose k and v are opened, Backspace back up");
    const QString token = elidedWord(m_crumbs->font(), m_queryToken);
    if (token != m_queryToken || (m_crumbs->isVisible() && document.idealWidth() > m_crumbs->width()))
        help.prepend(document.toPlainText().replace(token, m_queryToken) + QLatin1Char('\n'));
    for (qsizetype count = m_path.size() - 1; count > 0 && m_crumbs->isVisible() && document.idealWidth() > m_crumbs->width(); --count) {
        left = QStringList(QStringLiteral("\u2026")) + m_path.last(count);
        document.setHtml(left.join(arrow));
    }
    m_crumbs->setText(left.join(arrow));
    m_crumbs->setToolTip(help);
}

void ExplainPage::followCrumb(const QString& where) {
    if (where == QLatin1String("back")) return goBack();
    QMenu menu;
    const auto add = [&](const QString& text, bool on, const std::function<void()>& act) {
        QAction* action = menu.addAction(text, this, act);
        action->setCheckable(true);
        action->setChecked(on);
    };
    Selection selection = focus().selection();
    const auto select = [this](const Selection& chosen) {
        focus().select(chosen);
        refresh();
    };
    if (m_example >= 0) {
        for (int i = 0; i < m_exampleNow.count(); ++i)
            add(tr("query %1 \u201C%2\u201D").arg(i).arg(qt(m_exampleNow.tokens[static_cast<std::size_t>(i)])), i == m_exampleQuery,
                [this, i] {
                    m_exampleQuery = i;
                    refresh();
                });
    } else if (focus().run() && m_trace) {
        const auto& blocks = focus().run()->model()->attentionBlocks();
        const explain::Question q = question();
        if (where == QLatin1String("block"))
            for (int b = 0; b < static_cast<int>(blocks.size()); ++b)
                add(qt(blocks[static_cast<std::size_t>(b)].name), b == q.block, [=] {
                    Selection next = selection;
                    next.block = b;
                    select(next);
                });
        if (where == QLatin1String("head"))
            for (int h = 0; h < blocks[static_cast<std::size_t>(q.block)].heads; ++h)
                add(tr("head %1").arg(h), h == q.head, [=] {
                    Selection next = selection;
                    next.head = h;
                    select(next);
                });
        if (where == QLatin1String("query"))
            for (int i = 0; i < static_cast<int>(q.queryTokens.size()); ++i)
                add(tr("query %1 \u201C%2\u201D").arg(i).arg(qt(q.queryTokens[static_cast<std::size_t>(i)])), i == q.query, [=] {
                    Selection next = selection;
                    next.query = i;
                    select(next);
                });
    }
    // By the keyboard the menu opens under the line, not where the mouse happens to be.
    numberActions(menu, m_crumbs->objectName());
    menu.exec(m_crumbs->hasFocus() && !m_crumbs->underMouse() ? m_crumbs->mapToGlobal(m_crumbs->rect().bottomLeft()) : QCursor::pos());
}

void ExplainPage::moveSelection(int block, int head, int query, int key) {
    if (m_example >= 0) {
        m_exampleQuery += query;
        m_exampleKey += key;
        return refresh();
    }
    if (!focus().run() || !m_trace) return;
    const auto& blocks = focus().run()->model()->attentionBlocks();
    const explain::Question now = question();
    Selection selection{now.block, now.head + head, now.query + query, now.key + key};
    const auto count = [&] { return blocks[static_cast<std::size_t>(selection.block)].heads; };
    if (selection.head < 0 && selection.block > 0) --selection.block, selection.head = count() - 1;
    if (selection.head >= count() && selection.block + 1 < static_cast<int>(blocks.size())) ++selection.block, selection.head = 0;
    selection.block = std::clamp(selection.block + block, 0, static_cast<int>(blocks.size()) - 1);
    selection.head = std::clamp(selection.head, 0, count() - 1);
    selection.query = std::clamp(selection.query, 0, static_cast<int>(now.queryTokens.size()) - 1);
    selection.key = std::clamp(selection.key, 0, static_cast<int>(now.keyTokens.size()) - 1);
    focus().select(selection);
    refresh();
}

void ExplainPage::fillAxes(int dims) {
    if (m_planeX->count() == 1 + dims) return;
    for (QComboBox* box : {m_planeX, m_planeY}) {
        const int before = std::clamp(box->currentIndex(), 0, dims);
        box->clear();
        box->addItem(tr("PC"));
        for (int p = 0; p < dims; ++p) box->addItem(tr("dim %1").arg(p));
        box->setCurrentIndex(before);
    }
}

void ExplainPage::showPlane(const explain::Stage& now) {
    const bool mixes = now.id == "mix" || now.id == "weights";
    m_planePanel->setVisible(mixes);
    const explain::Stage* mix = m_walk.find("mix");
    if (!mixes || !mix) return;
    const int dims = mix->find("mix")->rows;
    fillAxes(dims);
    const int x = m_planeX->currentIndex() - 1;
    if (x >= 0 && m_planeY->currentIndex() - 1 == x) m_planeY->setCurrentIndex(1 + (x + 1) % dims);  // a plane has two directions
    const int y = m_planeY->currentIndex() - 1;
    const auto name = [](int component, int other, int rank) {
        return component >= 0 ? tr("dim %1").arg(component) : other >= 0 ? tr("widest other") : tr("PC %1").arg(rank);
    };
    PlaneScene scene;
    scene.picture = explain::planeOf(*mix, {x, y});
    scene.axes = {name(x, y, 1), name(y, x, 2)};
    scene.sum = shown(mix->find("mix")->masterLabel);
    scene.query = m_walk.query;
    for (const std::string& token : mix->grids.front().columnTokens) scene.tokens << qt(token);
    m_plane->setScene(scene);
}

void ExplainPage::showCheck() {
    const explain::Stage* now = shownStage();
    const Theme& theme = Theme::instance();
    const int room = m_right->maximumWidth() - 2 * theme.px(10);
    const auto say = [&](const QString& head, const QString& detail, Role role) {
        m_check->setText(
            QStringLiteral("<span style=\"color:%1\"><b>%2</b></span><br><span style=\"color:%3;font-weight:400;font-size:%4px\">%5</span>")
                .arg(theme.color(role).name(), elidedLines(head, theme.font(TextSize::text, true), room), theme.color(Role::muted).name())
                .arg(theme.px(11))
                .arg(elidedLines(detail, theme.font(TextSize::caption), room)));
        m_check->setToolTip(QString(head + QStringLiteral("<br>") + detail).replace(QLatin1String("<br>"), QLatin1String(" ")));
        const QString frame = QStringLiteral("border:1px solid %1;border-left:3px solid %2;border-radius:4px;background:%3")
                                  .arg(theme.color(Role::hairline).name(), theme.color(role).name(), theme.color(Role::panel).name());
        if (m_check->styleSheet() != frame) m_check->setStyleSheet(frame);
    };
    if (!now) return;
    if (m_example >= 0) return say(tr("Numbers without a model"), tr("computed in double precision"), Role::muted);
    const Checked checked = checkedStage(*now);
    if (!checked.known) return say(tr("checking\u2026"), tr("the slow twin computes it again"), Role::muted);
    m_worst = checked.check.worst;
    const QString checkedStep = grouped(checked.step), wanted = grouped(focus().traceStep());
    const QString how =
        m_brief ? QString()
        : hasOwnNumbers(focus().input())
            ? tr("recomputed in double precision from your<br>numbers and the weights of step %1").arg(checkedStep)
        : checked.step == focus().traceStep()
            ? tr("recomputed in double precision from the<br>tokens and the weights of step %1").arg(checkedStep)
            : tr("recomputed in doubles from the tokens and<br>weights of step %1; step %2 follows").arg(checkedStep, wanted);
    say(shown(explain::checkText(checked.check)).replace(QLatin1Char('\n'), QLatin1String("<br>")),
        checked.check.agrees ? how : link(QStringLiteral("cell"), tr("show the cell")), checked.check.agrees ? Role::right : Role::wrong);
}

/// Of the numbers on the screen, or while a training runs ahead of the twin, of the newest step that it has answered for.
ExplainPage::Checked ExplainPage::checkedStage(const explain::Stage& now) {
    const Checker::Answer& answer = m_checker->answer();
    const Run& run = *focus().run();
    if (!answer.twin || answer.model != run.model() || answer.question.input != focus().input()) return {};
    const std::int64_t step = answer.checkpoint->step;
    const explain::Question q = question(*answer.trace, answer.question.input, step);
    if (m_checked.known && m_checked.trace == answer.trace && m_checked.stage == now.id && sameNumbers(m_checked.question, q))
        return m_checked;
    Checker::Answer asked = answer;
    if (!sameNumbers(asked.question, q)) asked.ask(q);  // another head or row was chosen since
    const explain::Stage *here = asked.walk->find(now.id), *there = asked.twinWalk->find(now.id);
    if (!here || !there) return {};
    // The optimizer's memory may have come since the walk was made.
    const bool isShown = answer.trace == m_trace && sameNumbers(m_asked, q);
    m_checked = {true, answer.trace, now.id, q, step, explain::checkStage(isShown ? now : *here, *there)};
    return m_checked;
}

bool ExplainPage::anyEditable(const explain::Stage& stage) const {
    return std::any_of(stage.grids.begin(), stage.grids.end(),
                       [](const explain::Grid& grid) { return !grid.tensor.empty() && grid.place; });
}

void ExplainPage::showControls() {
    const bool own = m_source->current() == 1;
    m_exampleBox->setVisible(own);
    m_undoButton->setVisible(own);
    m_redoButton->setVisible(own);
    m_undoButton->setEnabled(!m_undo.empty());
    m_redoButton->setEnabled(!m_redo.empty());
    const explain::Stage* now = shownStage();
    m_memoryButton->setVisible(!own && now && now->rowDesk && m_example < 0 && m_direction->current() == 0 && shownView() != View::code);
    m_labButton->setVisible(now && now->rowDesk && m_walk.find("exp") && shownView() != View::code);
    // Own numbers bring controls: the bar has no room for the heading as well.
    const QString row = now && now->rowDesk ? tr("row %1").arg(m_walk.query) : QString();
    m_deskPanel->setTitle(own && !row.isEmpty() ? tr("Row %1").arg(m_walk.query) : now ? shown(now->heading) : QString());
    m_deskPanel->setShortTitle(now ? shown(now->caption) : QString());
    m_deskPanel->setSubtitle(own ? QString() : row);
    m_deskPanel->setNote(deskNote());
    m_desk->setOwnNumbers(own);
    showDesk();
    showThrow();
}

/// False when the walk has none of this name; before there is a walk of what is looked at, it is what will be looked for.
bool ExplainPage::goToStage(const std::string& id) {
    if (m_example < 0 && (!m_trace || m_trace != focus().trace())) {
        m_stageId = id;
        scheduleRefresh();
        return true;
    }
    for (std::size_t i = 0; i < m_walk.stages.size(); ++i)
        if (m_walk.stages[i].id == id) {
            step(static_cast<int>(i) - m_stage);
            return true;
        }
    // The way back may come yet: a trace has no gradients until this page asks for them.
    const bool answered = std::ranges::any_of(focus().input().targets, [](int target) { return target >= 0; });
    const bool toCome = m_walk.stages.empty() || (m_example < 0 && answered && !m_walk.stages.back().backward);
    if (toCome) m_stageId = id;
    return toCome;
}

bool ExplainPage::showStage(const QString& id, const QString& cell) {
    if (id.startsWith(statementStage)) return cell.isEmpty() && showStatement(id.mid(statementStage.size()));
    if (m_stack->currentWidget() == m_statements && !id.isEmpty()) m_stack->setCurrentWidget(m_content);
    if (id.startsWith(exampleStage)) {
        const std::vector<explain::Example>& all = explain::examples();
        const std::string wanted = id.mid(exampleStage.size()).toStdString();
        if (wanted == "none" && m_example >= 0) returnToModel();
        if (wanted == "none") return cell.isEmpty();
        const auto found = std::ranges::find(all, wanted, &explain::Example::id);
        if (found == all.end() || !cell.isEmpty()) return false;
        showExample(static_cast<int>(found - all.begin()));
        return true;
    }
    if (cell.isEmpty() && showModelPart(id)) return true;
    if (cell.isEmpty() && id == tilesStage) {
        m_wantsTiles = !m_hasWalk;
        return m_wantsTiles || openTiles();
    }
    const bool code = id.startsWith(asCode);
    if (code && !cell.isEmpty()) return false;
    if (code && !goToStage(id.mid(asCode.size()).toStdString())) return false;
    if (code || (m_wanted == View::code && !id.isEmpty())) showAs(code ? View::code : View::picture);
    if (code) return true;
    if (cell.isEmpty()) return id.isEmpty() || goToStage(id.toStdString());
    static const QRegularExpression form(QStringLiteral("^(\\w+):(\\d+),(-1|\\d+)$"));
    const auto match = form.match(cell);
    if (!match.hasMatch()) return false;
    if (!focus().trace()) return true;
    returnToModel();
    dig({id.toStdString(), match.captured(1).toStdString(), match.captured(2).toInt(), match.captured(3).toInt()});
    return true;
}

QWidget* ExplainPage::mainPart() {
    return m_stack->currentWidget() == m_content ? static_cast<QWidget*>(m_deskPanel) : m_stack;
}

QStringList ExplainPage::walkedStages() const {
    QStringList ids;
    if (m_stack->currentWidget() != m_content) return ids;
    for (const explain::Stage& stage : m_walk.stages) ids << (shownView() == View::code ? asCode : QString()) + qt(stage.id);
    return ids;
}

void ExplainPage::step(int by) {
    if (m_walk.stages.empty()) return;
    m_stage = std::clamp(m_stage + by, 0, static_cast<int>(m_walk.stages.size()) - 1);
    m_stageId = m_walk.stages[static_cast<std::size_t>(m_stage)].id;
    m_trail.clear();
    m_stack->setCurrentWidget(m_content);
    showCurrentStage();
    if (m_stageId == "update" && m_example < 0) refresh();  // which asks for the optimizer's memory
}

void ExplainPage::play(bool on) {
    if (on)
        m_timer->start(m_seconds * 1000);
    else
        m_timer->stop();
    m_playButton->setGlyph(on ? Glyph::pause : Glyph::play);
}

void ExplainPage::choose(const CellRef& cell) {
    m_chosen = cell;
    if (const explain::Stage* now = shownStage(); now && explain::hasMatrix(*now)) m_picture->setSelected(cell);
    m_desk->setSelected(cell);
    showCell();
    showThrow();
}

void ExplainPage::activate(const CellRef& cell) {
    if (!m_walk.grid(cell)) return;
    const explain::Expression e = m_walk.explain(cell);
    const explain::Operand* best = nullptr;
    double largest = -1.0;
    for (const explain::Term& term : e.terms)
        for (const explain::Operand& operand : term.factors)
            if (operand.hasOrigin() && std::abs(term.value()) > largest) {
                largest = std::abs(term.value());
                best = &operand;
                break;
            }
    if (best) dig(best->from);
}

void ExplainPage::dig(const CellRef& origin) {
    const CellRef to = origin;  // the caller's may go with the walk
    m_trail.push_back({m_chosen, m_walk.query, m_walk.key, focus().selection().block, focus().selection().head});
    if (to.query >= 0 || to.key >= 0 || to.block >= 0 || to.head >= 0) {
        if (m_example >= 0) {
            if (to.query >= 0) m_exampleQuery = to.query;
            if (to.key >= 0) m_exampleKey = to.key;
        } else {
            Selection selection = focus().selection();
            if (to.block >= 0) selection.block = to.block;
            if (to.head >= 0) selection.head = to.head;
            if (to.query >= 0) selection.query = to.query;
            if (to.key >= 0) selection.key = to.key;
            focus().select(selection);
        }
    }
    m_stageId = to.stage;
    m_chosen = {to.stage, to.grid, to.row, to.column};
    m_hovered = {};
    refresh();
}

void ExplainPage::goBack() {
    if (m_trail.empty()) return;
    const Step last = m_trail.back();
    m_trail.pop_back();
    if (m_example >= 0) {
        m_exampleQuery = last.query;
        m_exampleKey = last.key;
    } else {
        Selection selection = focus().selection();
        selection.block = last.block;
        selection.head = last.head;
        selection.query = last.query;
        selection.key = last.key;
        focus().select(selection);
    }
    m_stageId = last.cell.stage;
    m_chosen = last.cell;
    m_hovered = {};
    refresh();
}

}  // namespace lab
