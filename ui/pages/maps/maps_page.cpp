#include "ui/pages/maps/maps_page.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/maps/all_heads.h"
#include "ui/pages/maps/cell_story.h"
#include "ui/pages/maps/head_grid.h"
#include "ui/pages/maps/head_view.h"
#include "ui/pages/maps/maps_figures.h"
#include "ui/pages/maps/row_table.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int storyWidth = 324;
constexpr int margin = 8;
constexpr int headerHeight = 36;
constexpr int leastHead = 400;  // width of an enlarged head that opens by itself
constexpr int muchEmpty = 300;  // beside the grid

QVBoxLayout* column(QWidget* widget) {
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    return layout;
}

}  // namespace

MapsPage::MapsPage(Focus& focus, QWidget* parent) : Page(focus, parent) {
    m_header = new PageHeader(this);
    m_backButton = new Button(tr("All heads"), m_header);
    m_backButton->setKeycap(tr("Esc"));
    m_backButton->setToolTip(tr("Back to the grid of all heads"));
    m_header->addControl(m_backButton);
    m_header->addControl(makeExportButton());
    m_stack = new QStackedWidget(this);
    m_content = new QWidget(m_stack);
    auto* parts = new QHBoxLayout(m_content);
    parts->setContentsMargins(0, 0, 0, 0);
    m_allHeads = new AllHeads(m_content);
    parts->addWidget(m_allHeads, 1);
    parts->addWidget(makeHeadPanel(), 1);
    parts->addWidget(makeStoryColumn());
    m_stack->addWidget(m_content);
    makeEmptyStates();
    auto* layout = column(this);
    layout->addWidget(m_header);
    layout->addWidget(m_stack, 1);
    connectParts();
    connect(&Theme::instance(), &Theme::changed, this, &MapsPage::applyMeasures);
    applyMeasures();
    arrangeHeads(false);
}

QWidget* MapsPage::makeHeadPanel() {
    m_headPanel = new PanelFrame(QString(), m_content);
    m_head = new HeadView;
    m_headPanel->setContent(m_head);
    return m_headPanel;
}

QWidget* MapsPage::makeStoryColumn() {
    m_storyColumn = new QWidget(m_content);
    auto* layout = column(m_storyColumn);
    m_story = new CellStory(m_storyColumn);
    m_rowTable = new RowTable(m_storyColumn);
    layout->addWidget(m_story);
    layout->addWidget(m_rowTable, 1);
    return m_storyColumn;
}

void MapsPage::makeEmptyStates() {
    m_empty = new EmptyState(tr("No run is open"), tr("Choose a preset at the top left, or open an experiment."), {}, m_stack);
    m_errorPage = new QWidget(m_stack);
    auto* layout = column(m_errorPage);
    m_error = new ErrorStrip(m_errorPage);
    layout->addWidget(m_error);
    layout->addStretch();
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_errorPage);
}

void MapsPage::connectParts() {
    connect(&m_allHeads->grid(), &HeadGrid::currentChanged, this, &MapsPage::chooseHead);
    connect(&m_allHeads->grid(), &HeadGrid::enlarged, this, [this](int block, int head) {
        chooseHead(block, head);
        setEnlarged(true);
        m_head->map().setFocus();
    });
    connect(&m_allHeads->grid(), &HeadGrid::cellHovered, this, [this](int block, int head, int query, int key) {
        m_hovering = block >= 0;
        if (m_hovering) m_hovered = {block, head, query, key};
        refreshStory();
    });
    connect(&m_head->map(), &Heatmap::hovered, this, [this](int row, int key) {
        m_hovering = row >= 0;
        if (m_hovering) m_hovered = {focus().selection().block, focus().selection().head, row, key};
        refreshStory();
    });
    connect(&m_head->map(), &Heatmap::selected, this, [this](int row, int key) {
        m_hovering = m_hovering && m_hovered.query == row && m_hovered.key == key;
        focus().select({focus().selection().block, focus().selection().head, row, key});
        refreshStory();
    });
    connect(m_backButton, &QPushButton::clicked, this, &MapsPage::backToGrid);
}

void MapsPage::backToGrid() {
    setEnlarged(false);
    m_allHeads->grid().setFocus();
}

void MapsPage::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(theme.px(margin), 0, theme.px(margin), theme.px(margin));
    m_content->layout()->setSpacing(theme.px(margin));
    m_storyColumn->layout()->setSpacing(theme.px(margin));
    m_storyColumn->setFixedWidth(theme.px(storyWidth));
}

void MapsPage::setEnlarged(bool enlarged) {
    m_chosen = true;
    arrangeHeads(enlarged);
}

void MapsPage::arrangeByRoom() {
    if (m_chosen || m_scene.empty()) return;
    const Theme& theme = Theme::instance();
    const QSize room(width() - theme.px(storyWidth + 4 * margin), height() - theme.px(headerHeight + margin));
    const bool wide = m_allHeads->roomBeside(room) >= theme.px(leastHead) && m_allHeads->emptyRoom(room) >= theme.px(muchEmpty);
    const bool enlarge = m_scene.headCount() == 1 || wide;
    if (enlarge != m_enlarged) arrangeHeads(enlarge);
}

void MapsPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    arrangeByRoom();
}

void MapsPage::arrangeHeads(bool enlarged) {
    m_enlarged = enlarged;
    m_headPanel->setVisible(enlarged);
    m_backButton->setVisible(enlarged);
    // A single head needs no grid beside it.
    m_allHeads->setVisible(!enlarged || m_scene.headCount() > 1);
    m_allHeads->setNarrow(enlarged);
    refreshHeader();
    refreshHead();
    refreshStory();
}

std::vector<FigureOffer> MapsPage::figures() {
    if (m_scene.empty() || !m_run || !m_trace) return {};
    const MapsSubject subject = mapsSubject(*m_run, m_trace, m_traceStep, m_scaling);
    const MapsBlock& shown = blockInHand();
    const int block = static_cast<int>(&shown - m_scene.blocks.data()), head = std::min(focus().selection().head, shown.info.heads - 1);
    const int query = std::clamp(focus().selection().query, 0, shown.heads.front().weights.rows - 1);
    const QString name = fileNameOf(tr("%1 step %2").arg(m_run->name()).arg(m_traceStep)) + QLatin1Char('-');
    const QString headName = headTitle(shown, head);
    const auto film = [run = m_run, input = focus().input(), scaling = m_scaling](int ofBlock, int ofHead) {
        return [=]() -> std::unique_ptr<FilmSource> {
            return run ? std::make_unique<MapsFilm>(*run, input, scaling, ofBlock, ofHead) : nullptr;
        };
    };
    FigureOffer all{tr("All heads"), name + fileNameOf(tr("all heads")), [=] { return allHeadsFigure(subject); }, film(-1, 0)};
    FigureOffer one{headName, name + fileNameOf(headName), [=] { return headFigure(subject, block, head); }, film(block, head)};
    const QString rowName = tr("%1, row of query %2").arg(headName).arg(query);
    FigureOffer row{rowName, name + fileNameOf(rowName), [=] { return rowFigure(subject, block, head, query); }};
    if (m_enlarged) return {one, row, all};
    return {all, one, row};
}

void MapsPage::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape || !escape()) Page::keyPressEvent(event);
}

bool MapsPage::escape() {
    const bool had = m_enlarged;
    if (had) backToGrid();
    return had;
}

const MapsBlock& MapsPage::blockInHand() const {
    const std::size_t last = m_scene.blocks.size() - 1;
    return m_scene.blocks[std::min(static_cast<std::size_t>(std::max(focus().selection().block, 0)), last)];
}

void MapsPage::chooseHead(int block, int head) {
    Selection selection = focus().selection();
    selection.block = block;
    selection.head = head;
    m_hovering = false;
    focus().select(selection);
    refreshHeader();
    refreshHead();
    refreshStory();
}

void MapsPage::refresh() {
    const bool otherRun = !m_run || m_run != focus().run();
    m_run = focus().run();
    m_trace = focus().trace();
    m_traceStep = focus().traceStep();
    m_scene = mapsScene(m_run, m_trace);
    if (m_scene.empty()) {
        if (otherRun) m_run = nullptr;  // still to be met
        showAbsence();
        return;
    }
    m_stack->setCurrentWidget(m_content);
    m_allHeads->setScene(m_scene, m_scaling);
    m_allHeads->grid().setCurrent(focus().selection().block, focus().selection().head);
    if (otherRun) {
        m_hovering = false;
        m_chosen = false;
        arrangeHeads(m_scene.headCount() == 1);
        arrangeByRoom();
        return;
    }
    refreshHeader();
    refreshHead();
    refreshStory();
}

void MapsPage::showAbsence() {
    refreshHeader();
    const QString error = focus().traceError();
    if (!error.isEmpty()) {
        m_error->setTexts(tr("There are no maps of this input"), error, tr("Training and the curves are not concerned."));
        m_stack->setCurrentWidget(m_errorPage);
    } else if (!focus().run()) {
        m_stack->setCurrentWidget(m_empty);
    }
    // Else the first trace of this run is on its way: what stands there stays for a moment.
}

void MapsPage::refreshHeader() {
    const Run* run = focus().run();
    if (!run) {
        m_header->setText(tr("Maps"));
        return;
    }
    const QString input = focus().sampleIndex() < 0      ? tr("own input")
                          : focus().sampleIsValidation() ? tr("validation sample %1").arg(focus().sampleIndex())
                                                         : tr("training sample %1").arg(focus().sampleIndex());
    const std::int64_t step = m_trace ? m_traceStep : focus().shownStep();
    const QString dot = QStringLiteral(" \u00B7 ");
    const QString detail = tr("step %1").arg(grouped(step)) + dot + input + dot + run->name();
    const bool oneHead = m_enlarged && !m_scene.empty();
    m_header->setText(oneHead ? headTitle(blockInHand(), focus().selection().head) : tr("All heads"), detail);
}

void MapsPage::refreshHead() {
    if (m_scene.empty() || !m_run) return;
    const MapsBlock& block = blockInHand();
    const Selection selection = focus().selection();
    const int head = std::min(selection.head, block.info.heads - 1);
    const QString name = headTitle(block, head);
    m_headPanel->setTitle(name);
    if (!m_enlarged) return;
    m_headPanel->setSubtitle(liveCaption(headMetrics(*m_trace, block.info, head, block.sources), block.sources));
    Heatmap& map = m_head->map();
    map.setSubject(tr("Attention weights of %1").arg(name));
    map.setTokens(block.rowTokens, block.columnTokens);
    m_head->setMap(block.heads[static_cast<std::size_t>(head)].weights, m_scaling, tr("weight"));
    map.setSelection({selection.query, selection.key});
    const bool keyIsQuery = m_run->experiment().model.attention.form == AttentionForm::kv && !block.info.cross;
    m_head->setNote(keyIsQuery ? tr("KV: only the scores are symmetric. The weights are not: each row is divided by its own sum.")
                               : QString());
}

Selection MapsPage::shownCell() const {
    return m_hovering ? m_hovered : focus().selection();
}

std::optional<double> MapsPage::shownPositionFactor(const AttentionBlock& block) const {
    // The trace may lag behind the shown step: its own weights count.
    CheckpointPtr checkpoint = focus().checkpoint();
    if (!checkpoint || checkpoint->step != m_traceStep) checkpoint = m_run->history().atOrBefore(m_traceStep);
    if (!checkpoint || checkpoint->step != m_traceStep) return std::nullopt;
    return positionFactor(m_run->model()->layout(), checkpoint->weights, block);
}

void MapsPage::refreshRow() {
    const MapCell cell = m_head->map().shownCell();
    if (!m_enlarged || !m_head->map().data().contains(cell.row, cell.column)) {
        m_head->showRow(0.0);
        return;
    }
    const MapsBlock& block = blockInHand();
    m_head->showRow(rowByWeight(*m_trace, block.info, std::min(focus().selection().head, block.info.heads - 1), cell.row).front().fromHere);
}

void MapsPage::refreshStory() {
    if (m_scene.empty() || !m_run) return;
    refreshRow();
    const Selection cell = shownCell();
    const bool inside = cell.block >= 0 && static_cast<std::size_t>(cell.block) < m_scene.blocks.size() && cell.head >= 0 &&
                        cell.head < m_scene.blocks[static_cast<std::size_t>(cell.block)].info.heads &&
                        m_scene.blocks[static_cast<std::size_t>(cell.block)].heads.front().weights.contains(cell.query, cell.key);
    if (!inside) {
        m_story->clear();
        m_rowTable->clear();
        m_allHeads->setNeedle(std::nullopt);
        return;
    }
    tellStory(m_scene.blocks[static_cast<std::size_t>(cell.block)], cell);
}

void MapsPage::tellStory(const MapsBlock& block, const Selection& cell) {
    const ModelConfig& model = m_run->experiment().model;
    SoftmaxQuestion question;
    question.kernel = block.info.cross ? KernelKind::softmax : model.attention.kernel.kind;
    question.positionMap = !block.info.cross && model.attention.form == AttentionForm::kv_pos;
    if (question.positionMap) question.positionFactor = shownPositionFactor(block.info);
    const SoftmaxSteps steps = softmaxSteps(*m_trace, block.info, question, cell.head, cell.query, cell.key);
    const auto word = [](const std::vector<QString>& tokens, int i) {
        return static_cast<std::size_t>(i) < tokens.size() ? QStringLiteral(" \u201C%1\u201D").arg(tokens[static_cast<std::size_t>(i)])
                                                           : QString();
    };
    const QString query = tr("query %1").arg(cell.query) + word(block.rowTokens, cell.query);
    const QString key = tr("key %1").arg(cell.key) + word(block.columnTokens, cell.key);
    m_story->setCell(query + QStringLiteral(" \u2192 ") + key, cell.query, cell.key, steps,
                     {model.attention.form, question.kernel, model.position.kind, block.info.cross});
    m_rowTable->setRow(tr("Row of %1").arg(query), rowByWeight(*m_trace, block.info, cell.head, cell.query), block.columnTokens, cell.key);
    m_allHeads->setNeedle(steps.weightInTrace);
}

}  // namespace lab
