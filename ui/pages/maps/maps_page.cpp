#include "ui/pages/maps/maps_page.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/analysis/ablation.h"
#include "core/analysis/memory_keys.h"
#include "core/config/experiment.h"
#include "ui/pages/maps/ablation_view.h"
#include "ui/pages/maps/all_heads.h"
#include "ui/pages/maps/cell_story.h"
#include "ui/pages/maps/difference_view.h"
#include "ui/pages/maps/habits_part.h"
#include "ui/pages/maps/head_curves.h"
#include "ui/pages/maps/head_grid.h"
#include "ui/pages/maps/head_view.h"
#include "ui/pages/maps/heads_view.h"
#include "ui/pages/maps/line_view.h"
#include "ui/pages/maps/look_boxes.h"
#include "ui/pages/maps/maps_strips.h"
#include "ui/pages/maps/maps_views.h"
#include "ui/pages/maps/row_table.h"
#include "ui/pages/maps/stage_controls.h"
#include "ui/runs/comparison.h"
#include "ui/scenes/head_names.h"
#include "ui/scenes/input_name.h"
#include "ui/scenes/maps_figures.h"
#include "ui/scenes/no_attention.h"
#include "ui/scenes/parts_figure.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int mapsPageStoryWidth = 324;
constexpr int mapsPageMargin = 8;
constexpr int mapsPageHeaderHeight = 36;
constexpr int leastHead = 400;        // width of an enlarged head that opens by itself
constexpr int muchEmpty = 300;        // beside the grid
constexpr int differenceChoice = 3;   // of the ways to show a head
constexpr int leastFormation = 596;   // of the page: below, the row needs the room
constexpr int leastRowTable = 430;    // of the page: below, the story needs it
constexpr int leastWideHead = 700;    // of a head shown as map and lines, or on two inputs, with the grid beside it
constexpr int leastNextToGrid = 320;  // of any other
constexpr int leastHeader = 640;
constexpr int narrowTitle = 240;  // what the header keeps for its text and the export

}  // namespace

MapsPage::MapsPage(Focus& focus, QWidget* parent) : Page(focus, parent) {
    m_stack = new CurrentStack(this);
    m_views = new MapsViews(focus, *this);
    makeHeader();
    m_content = new QWidget(m_stack);
    auto* parts = new QHBoxLayout(m_content);
    parts->setContentsMargins(0, 0, 0, 0);
    m_allHeads = new AllHeads(m_content);
    parts->addWidget(m_allHeads, 1);
    m_habits = new HabitsPart(*m_allHeads, *this);
    parts->addWidget(makeHeadPanel(), 1);
    parts->addWidget(makeStoryColumn());
    m_stack->addWidget(m_content);
    m_views->addTo(*m_stack);
    makeEmptyStates();
    auto* layout = column(this);
    layout->addWidget(m_header);
    layout->addWidget(m_habits->filter());
    layout->addWidget(m_views->notice());
    layout->addWidget(m_stack, 1);
    m_strips = new MapsStrips(this);
    layout->addWidget(m_strips);
    connect(m_strips, &MapsStrips::heightChanged, this, &MapsPage::arrangeParts, Qt::QueuedConnection);
    connectParts();
    followTheme(this, &MapsPage::applyMeasures);
    arrangeHeads(false);
}

QWidget* MapsPage::mainPart() {
    if (m_stack->currentWidget() != m_content) return m_stack;
    return m_enlarged ? static_cast<QWidget*>(m_headPanel) : m_allHeads;
}

void MapsPage::makeHeader() {
    m_header = new PageHeader(this);
    m_header->setLeastWidth(leastHeader);
    // What comes and goes stands at the left of what stays: nothing moves away under the hand.
    m_backButton = named("maps.header.back", new Button(tr("All heads"), m_header));
    m_backButton->setKeycap(tr("Esc"));
    m_backButton->setToolTip(tr("Back to the grid of all heads"));
    m_header->addControl(m_backButton);
    m_controls = named("maps.header", new StageControls);
    m_header->addControl(m_controls);
    m_header->addControl(m_views->chooser());
    m_header->addControl(makeExportButton());
}

QWidget* MapsPage::makeHeadPanel() {
    m_headPanel = new PanelFrame(QString(), m_content);
    m_headStack = new CurrentStack(m_headPanel);
    m_head = new HeadView;
    m_difference = new DifferenceView;
    m_headStack->addWidget(m_head);
    m_headStack->addWidget(m_difference);
    auto* content = new QWidget;
    auto* parts = column(content);
    m_caption = new ThemedLabel(QStringLiteral(" "), TextSize::text, Role::muted);
    m_caption->setWordWrap(true);
    m_caption->setAccessibleDescription(tr("What this head does"));
    auto* captionRow = new QHBoxLayout;
    m_boxes = new LookBoxes;
    captionRow->addWidget(m_caption, 1);
    captionRow->addWidget(m_boxes);
    parts->addLayout(captionRow);
    parts->addWidget(m_headStack, 1);
    m_headPanel->setContent(content);
    m_shows = named("maps.head.shows", new SegmentedControl({tr("map"), tr("lines"), tr("both"), tr("difference")}, tr("Shown as")));
    m_shows->setHeight(20);
    m_shows->setChoiceToolTip(0, tr("The map: a row a query, a column a key"));
    m_shows->setChoiceToolTip(1, tr("Lines from queries to keys, thicker for more weight"));
    m_shows->setChoiceToolTip(2, tr("Map and lines side by side"));
    m_headPanel->addControl(m_shows);
    m_headPanel->addControl(m_views->headSwitch());
    return m_headPanel;
}

QWidget* MapsPage::makeStoryColumn() {
    m_storyColumn = new QWidget(m_content);
    auto* layout = column(m_storyColumn);
    m_story = named("maps.story", new CellStory(m_storyColumn));
    m_rowTable = named("maps.row.table", new RowTable(m_storyColumn));
    layout->addWidget(m_story);
    layout->addWidget(m_rowTable, 1);
    layout->addWidget(m_views->formation());
    return m_storyColumn;
}

void MapsPage::makeEmptyStates() {
    m_empty = new EmptyState({}, {}, {}, m_stack);
    m_stack->addWidget(m_empty);
    m_error = ErrorStrip::pageOf(*m_stack);
}

void MapsPage::connectParts() {
    connectGrid();
    connectHead();
    connectViews();
    connectComparison();
    connect(m_controls, &StageControls::lookChanged, this, &MapsPage::takeLook);
    connect(m_boxes, &LookBoxes::chosen, this, [this](bool dimSinks, bool joinWords) {
        MapsLook wanted = m_controls->look();
        wanted.dimSinks = dimSinks;
        wanted.joinWords = joinWords;
        m_controls->choose(wanted);
    });
    connect(m_backButton, &QPushButton::clicked, this, &MapsPage::backToGrid);
    connect(m_story, &CellStory::explanationWanted, this, &MapsPage::explain);
    connect(m_rowTable, &RowTable::memoryWanted, this, [this] {
        if (m_scene.empty()) return;
        focus().select(shownCell());
        emit placeWanted(*Place::parse(QStringLiteral("memory?stage=attention")));
    });
    connect(m_story, &CellStory::lockWanted, this, [this](bool locked) {
        if (locked) focus().select(shownCell());
        setLocked(locked);
    });
}

void MapsPage::connectGrid() {
    connect(m_allHeads, &AllHeads::headChosen, this, &MapsPage::chooseHead);
    // Not while the layout is at work.
    connect(m_allHeads, &AllHeads::roomChanged, this, &MapsPage::placeFormation, Qt::QueuedConnection);
    connect(m_allHeads, &AllHeads::enlarged, this, [this](int block, int head) {
        chooseHead(block, head);
        setEnlarged(true);
        m_head->map().setFocus();
    });
    connect(m_allHeads, &AllHeads::cellHovered, this, [this](int block, int head, int query, int key) {
        if (m_head->map().locked()) return;
        m_hovering = block >= 0;
        if (m_hovering) m_hovered = tokensOf(block, head, query, key);
        refreshStory();
    });
}

void MapsPage::connectHead() {
    Map& map = m_head->map();
    connect(&map, &Map::hovered, this, [this](int row, int key) {
        m_hovering = row >= 0;
        if (m_hovering) m_hovered = tokensOf(focus().selection().block, focus().selection().head, row, key);
        refreshStory();
    });
    connect(&map, &Map::selected, this, [this](int row, int key) {
        const Selection chosen = tokensOf(focus().selection().block, focus().selection().head, row, key);
        m_hovering = m_hovering && m_hovered == chosen;
        focus().select(chosen);
        refreshStory();
    });
    connect(&map, &Map::activated, this, [this](int row, int key) {
        const Selection cell = tokensOf(focus().selection().block, focus().selection().head, row, key);
        explainCell(cell.query, cell.key);
    });
    connect(&map, &Map::lightChanged, this, &MapsPage::refreshStory);
    connect(&map, &Map::lockChanged, this, &MapsPage::setLocked);
    connect(m_shows, &SegmentedControl::chosen, this, &MapsPage::takeShow);
}

void MapsPage::takeShow(int choice) {
    m_headStack->setCurrentIndex(choice == differenceChoice ? 1 : 0);
    if (choice != differenceChoice) m_head->setShow(static_cast<HeadView::Show>(choice));
    arrangeParts();
    refreshHead();
    refreshStory();
}

/// The grid, unless there is a single head, or one that needs the room; the return leads back to it.
void MapsPage::arrangeParts() {
    const Theme& theme = Theme::instance();
    const int choice = m_shows->current();
    const bool wide = choice == differenceChoice || choice == static_cast<int>(HeadView::Show::both);
    const QSize both(width() - theme.px(mapsPageStoryWidth + 4 * mapsPageMargin), heightForParts());
    m_allHeads->setRoom(both);
    const int beside = m_allHeads->roomBeside(both);
    const bool room = beside >= theme.px(wide ? leastWideHead : leastNextToGrid);
    m_headPanel->setVisible(m_enlarged);
    m_allHeads->setVisible(!m_enlarged || (m_scene.headCount() > 1 && room));
    m_allHeads->setNarrow(m_enlarged);
    placeFormation();
}

/// Where the small maps leave room for it, else below the row if that has enough: a kept input takes its own from the page.
void MapsPage::placeFormation() {
    HeadCurves* formation = m_views->formation();
    const bool withMaps = !m_allHeads->isHidden() && m_allHeads->hasRoomForCompanion();
    if (withMaps != m_formationWithMaps) {
        m_formationWithMaps = withMaps;
        m_allHeads->setCompanion(nullptr);
        m_views->setFormationRoomy(withMaps);
        if (withMaps)
            m_allHeads->setCompanion(m_views->companion());
        else
            m_storyColumn->layout()->addWidget(formation);
        m_views->companion()->setVisible(withMaps);
    }
    m_rowTable->setVisible(heightForParts() >= Theme::instance().px(leastRowTable));
    formation->setVisible(withMaps || (!showsDifference() && heightForParts() >= Theme::instance().px(leastFormation)));
}

/// Of the page, without what the strips take.
int MapsPage::heightForParts() const {
    return height() - m_strips->takenHeight();
}

bool MapsPage::showsDifference() const {
    return m_enlarged && m_headStack->currentWidget() == m_difference;
}

/// Whoever keeps an input wants to see what changes: the difference opens, and goes with the kept input.
void MapsPage::connectComparison() {
    const auto takeComparison = [this] {
        const bool active = focus().comparison().active();
        m_shows->setChoiceEnabled(differenceChoice, active, tr("Press Compare below, then change the input: what changes stands here"));
        if (active) m_shows->setChoiceToolTip(differenceChoice, tr("The kept input, the present one, and now \u2212 kept"));
        if (active && !showsDifference()) m_showBefore = m_shows->current();
        if (active && !m_enlarged && !m_scene.empty()) setEnlarged(true);
        m_shows->setCurrent(active ? differenceChoice : m_showBefore);
        takeShow(m_shows->current());
    };
    connect(&focus().comparison(), &Comparison::inputChanged, this, takeComparison);
    connect(&focus().comparison(), &Comparison::traceChanged, this, &MapsPage::scheduleRefresh);
    const auto choose = [this](int row, int key) {
        focus().select({focus().selection().block, focus().selection().head, row, key});
        refreshStory();
    };
    connect(m_difference, &DifferenceView::selected, this, choose);
    connect(m_difference, &DifferenceView::activated, this, &MapsPage::explainCell);
    takeComparison();
}

/// Both under the same weights: the focus may have reached a later step already.
void MapsPage::refreshDifference() {
    const Comparison& comparison = focus().comparison();
    const auto now = comparison.counterpart();
    if (!comparison.trace() || !now)
        return m_difference->clear(comparison.error().isEmpty() ? tr("The kept input is being looked at.") : comparison.error());
    const MapsBlock& block = blockInHand();
    const int b = static_cast<int>(&block - m_scene.blocks.data()), head = std::min(focus().selection().head, block.info.heads - 1);
    const MapsScene kept = mapsScene(m_run, comparison.trace()), present = mapsScene(m_run, now);
    const StageMaps maps(kept, comparison.trace(), m_maps.look()), presentMaps(present, now, m_maps.look());
    if (maps.empty() || presentMaps.empty())
        return m_difference->clear(tr("The right answer to the kept input is not known, so it has no gradients."));
    const MapsBlock& keptBlock = kept.blocks[static_cast<std::size_t>(b)];
    const MapsBlock& presentBlock = present.blocks[static_cast<std::size_t>(b)];
    const MapStage stage = m_maps.look().stage;
    m_difference->set(headDifference(stage, maps.at(b, head), presentMaps.at(b, head)),
                      {headTitle(block, head), comparison.name(), inputName(focus()), stage, keptBlock.rowTokens, keptBlock.columnTokens,
                       presentBlock.rowTokens, presentBlock.columnTokens});
    m_difference->setSelection({focus().selection().query, focus().selection().key});
}

void MapsPage::connectViews() {
    connect(m_views, &MapsViews::viewChanged, this, &MapsPage::refresh);
    connect(m_views, &MapsViews::wanted, this, [this] { emit placeWanted({.page = iconName()}); });
    connect(m_views, &MapsViews::metricsChanged, this, &MapsPage::refreshBadges);
    connect(m_views, &MapsViews::headOpened, this, [this](int block, int head) {
        chooseHead(block, head);
        m_views->setView(MapsViews::View::maps);
        setEnlarged(true);
        m_head->map().setFocus();
    });
}

void MapsPage::refreshBadges() {
    std::vector<HeadBadge> badges;
    const std::vector<HeadMetrics>& metrics = m_views->metrics();
    if (static_cast<int>(metrics.size()) == m_scene.headCount())  // else they are of the run before
        for (const HeadMetrics& head : metrics) badges.push_back(headBadge(m_scene, badges.size(), head));
    m_allHeads->grid().setBadges(badges);
    refreshHeader();
    refreshCaption();
}

void MapsPage::refreshCaption() {
    const HeadMetrics* head = m_views->metricsInHand();
    if (m_scene.empty() || !m_run) return;
    const std::vector<MapsHead>& heads = blockInHand().heads;
    const MapsHead& inHand = heads[std::min(static_cast<std::size_t>(std::max(focus().selection().head, 0)), heads.size() - 1)];
    QStringList said{pairCaption(blockInHand(), static_cast<int>(&inHand - heads.data())),
                     spanCaption(inHand, m_run->experiment().model.attention.span_ramp)};
    if (head) said.prepend(liveCaption(*head, blockInHand().sources, blockInHand().info.cross));
    said.removeAll(QString());
    const QString caption = said.join(QStringLiteral(". "));
    // A sentence in a line of its own: beside the grid the title bar has no room for it.
    // It keeps its room while it is not known yet.
    m_caption->setText(caption.isEmpty() ? QStringLiteral(" ") : caption.left(1).toUpper() + caption.mid(1));
    const ModelConfig& model = m_run->experiment().model;
    const FormSpec& form = specOf(model.attention.form);
    const PositionSpec& position = specOf(model.position.kind);
    const bool keyIsQuery = !form.ownQuery && !form.positionMap && !model.attention.unit_keys && !blockInHand().info.cross &&
                            !position.biasTable && !position.vectors;
    QStringList notes;
    if (keyIsQuery)
        notes << tr("Keys are queries: only the scores are symmetric. The weights are not: each row is divided by its own sum.");
    if (!blockInHand().segmentStarts.empty())
        notes << tr("Framed: memory of the query in hand, which no gradient reaches. Lines: segments");
    m_head->setNote(notes.join(QLatin1Char(' ')));
}

/// A locked cell stays in hand while the mouse moves on, in the small maps too.
void MapsPage::setLocked(bool locked) {
    m_hovering = m_hovering && !locked;
    m_head->map().setLocked(locked);
    m_story->setLocked(locked);
    refreshStory();
}

void MapsPage::explain() {
    if (m_scene.empty()) return;
    focus().select(shownCell());
    wantExplanation();
}

void MapsPage::explainCell(int query, int key) {
    focus().select({focus().selection().block, focus().selection().head, query, key});
    wantExplanation();
}

/// Of the weight of the selected cell.
void MapsPage::wantExplanation() {
    emit placeWanted(*Place::parse(QStringLiteral("explain?stage=weights&cell=weights:0,%1").arg(focus().selection().key)));
}

QString MapsPage::stage() const {
    return m_views->current() ? m_views->viewName() : QString::fromStdString(mapStageName(look().stage));
}

bool MapsPage::showStage(const QString& stage, const QString& cell) {
    if (!cell.isEmpty() || stage.isEmpty() || m_views->showNamed(stage)) return cell.isEmpty();
    const std::optional<MapStage> named = findMapStage(stage.toStdString());
    if (!named) return false;
    m_views->setView(MapsViews::View::maps);
    MapsLook wanted = m_controls->look();
    wanted.stage = *named;
    m_controls->choose(wanted);
    return true;
}

void MapsPage::showEvent(QShowEvent* event) {
    focus().setWantsGradients(needsGradients(m_controls->look().stage), this);
    Page::showEvent(event);
}

void MapsPage::hideEvent(QHideEvent* event) {
    focus().setWantsGradients(false, this);
    Page::hideEvent(event);
}

void MapsPage::takeLook() {
    focus().setWantsGradients(needsGradients(m_controls->look().stage), this);
    refresh();
}

void MapsPage::backToGrid() {
    setEnlarged(false);
    m_allHeads->takeFocus();
}

void MapsPage::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(theme.px(mapsPageMargin), 0, theme.px(mapsPageMargin), theme.px(mapsPageMargin));
    m_content->layout()->setSpacing(theme.px(mapsPageMargin));
    m_storyColumn->layout()->setSpacing(theme.px(mapsPageMargin));
    m_caption->setContentsMargins(theme.px(8), theme.px(4), theme.px(8), 0);
    m_storyColumn->setFixedWidth(theme.px(mapsPageStoryWidth));
}

void MapsPage::setEnlarged(bool enlarged) {
    m_chosen = true;
    arrangeHeads(enlarged);
}

void MapsPage::arrangeByRoom() {
    if (m_chosen || m_scene.empty()) return;
    const Theme& theme = Theme::instance();
    const QSize room(width() - theme.px(mapsPageStoryWidth + 4 * mapsPageMargin),
                     heightForParts() - theme.px(mapsPageHeaderHeight + mapsPageMargin));
    const bool wide = m_allHeads->roomBeside(room) >= theme.px(leastHead) && m_allHeads->emptyRoom(room) >= theme.px(muchEmpty);
    const bool enlarge = m_scene.headCount() == 1 || wide;
    if (enlarge != m_enlarged) arrangeHeads(enlarge);
}

void MapsPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    arrangeHeader();
    arrangeParts();
    arrangeByRoom();
}

/// The controls become lists before the header's text has to give way.
void MapsPage::arrangeHeader() {
    const int others = m_views->chooser()->sizeHint().width() + m_backButton->sizeHint().width() + Theme::instance().px(narrowTitle);
    m_controls->setRoom(width() - others);
}

void MapsPage::arrangeHeads(bool enlarged) {
    m_enlarged = enlarged;
    m_backButton->setVisible(enlarged && !m_views->current());
    arrangeParts();
    refreshHeader();
    refreshHead();
    refreshStory();
}

std::vector<FigureOffer> MapsPage::figures() {
    if (m_scene.empty() || !m_run || !m_trace) return {};
    if (m_views->current()) return m_views->figures();
    const MapsLook look = m_maps.look();
    const MapsSubject subject = mapsSubject(*m_run, m_trace, m_traceStep, look);
    const MapsBlock& shown = blockInHand();
    const int block = static_cast<int>(&shown - m_scene.blocks.data()), head = std::min(focus().selection().head, shown.info.heads - 1);
    const int query = std::clamp(focus().selection().query, 0, shown.heads.front().weights.rows - 1);
    const auto named = [of = FigureSubject{m_run->name(), m_traceStep}](const QString& what) { return figureFile(of, what); };
    const QString headName = headTitle(shown, head);
    const MapsFooters strips = m_strips->footers(m_run->model(), block, head);
    const auto film = [run = m_run, input = focus().input(), look, strips](int ofBlock, int ofHead) {
        return [=]() -> std::unique_ptr<FilmSource> {
            return run ? std::make_unique<MapsFilm>(*run, input, look, ofBlock, ofHead, strips) : nullptr;
        };
    };
    FigureOffer all{tr("All heads"), named(tr("all heads")), [=] { return allHeadsFigure(subject, strips); }, film(-1, 0)};
    FigureOffer one{headName, named(headName), [=] { return headFigure(subject, block, head, strips); }, film(block, head)};
    const QString rowName = tr("%1, row of query %2").arg(headName).arg(query);
    FigureOffer row{rowName, named(rowName), [=] { return rowFigure(subject, block, head, query); }};
    FigureOffer lines{tr("%1, lines").arg(headName), named(tr("%1 lines").arg(headName)), [=] { return lineFigure(subject, block, head); }};
    const Comparison& comparison = focus().comparison();
    if (showsDifference() && comparison.trace() && comparison.counterpart()) {
        const MapsSubject kept = mapsSubject(*m_run, comparison.trace(), comparison.step(), look);
        const MapsSubject now = mapsSubject(*m_run, comparison.counterpart(), comparison.step(), look);
        FigureOffer difference{tr("%1, two inputs").arg(headName), named(tr("%1 difference").arg(headName)),
                               [=] { return differenceFigure(kept, now, block, head); }};
        return {difference, one, row, lines, all};
    }
    std::vector<FigureOffer> offers{all, one, row, lines};
    if (m_enlarged)
        offers = m_head->shows() == HeadView::Show::lines ? std::vector{lines, one, row, all} : std::vector{one, row, lines, all};
    m_strips->addFigures(offers, {m_run->name(), m_traceStep, QString(), inputWords(*m_run, focus().input())});
    return offers;
}

void MapsPage::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape || !escape()) Page::keyPressEvent(event);
}

bool MapsPage::escape() {
    if (m_views->current()) {
        m_views->setView(MapsViews::View::maps);
        return true;
    }
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
    m_allHeads->setCurrent(block, head);
    refreshHeader();
    refreshHead();
    refreshStory();
}

void MapsPage::refresh() {
    const bool otherRun = !m_run || m_run != focus().run();
    m_run = focus().run();
    if (otherRun && m_run && m_controls->showRun(*m_run) && isVisible())
        focus().setWantsGradients(needsGradients(m_controls->look().stage), this);
    if (!takeScene()) return;  // its gradients are on their way
    if (m_scene.empty()) {
        if (otherRun) m_run = nullptr;  // still to be met
        showAbsence();
        return;
    }
    QWidget* view = m_views->current();
    m_stack->setCurrentWidget(view ? view : m_content);
    m_controls->setVisible(!view);
    m_strips->setShown(!view);
    m_backButton->setVisible(m_enlarged && !view);
    m_views->look(m_scene, m_run, m_trace, m_traceStep);
    m_allHeads->setScene(m_scene, m_maps);
    m_allHeads->setCurrent(focus().selection().block, focus().selection().head);
    m_habits->look(m_scene, m_run, tracedCheckpoint(), !view);
    m_boxes->take(m_scene, m_maps.look());
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

bool MapsPage::ready() const {
    if (m_scene.empty()) return true;
    if (m_trace != focus().trace()) return false;  // its gradients are on their way
    const Comparison& comparison = focus().comparison();
    const bool compared = !showsDifference() || comparison.counterpart() == m_trace || !comparison.error().isEmpty();
    return compared && m_views->ready();
}

/// False while the trace lacks what the chosen stage needs and a better one is coming: what stands there stays for a moment. Gradients
/// need a right answer; without one the weights are shown.
bool MapsPage::takeScene() {
    MapsLook look = m_controls->look();
    const bool answerKnown = !focus().input().targets.empty();
    m_controls->setGradientsPossible(answerKnown,
                                     tr("The right answer to this input is not known, so there is no loss to take a gradient of"));
    if (needsGradients(look.stage) && !answerKnown) look.stage = MapStage::weights;
    const auto trace = focus().trace();
    MapsScene scene = mapsScene(m_run, trace);
    if (!hasStage(scene.attention, look.stage)) look.stage = MapStage::weights;
    m_controls->setKernels(scene.kernels());
    StageMaps maps(scene, trace, look);
    if (!scene.empty() && maps.empty()) return false;
    m_trace = trace;
    m_traceStep = focus().traceStep();
    m_scene = std::move(scene);
    if (const CheckpointPtr checkpoint = m_scene.empty() ? nullptr : tracedCheckpoint())
        addSpans(m_scene, *m_run->model(), checkpoint->weights);
    m_maps = std::move(maps);
    if (m_scene.empty())
        m_strips->clear();
    else
        m_strips->look(m_scene, *m_trace, m_run->model()->config());
    return true;
}

void MapsPage::showAbsence() {
    refreshHeader();
    const QString error = focus().traceError();
    if (!error.isEmpty()) {
        m_error->setTexts(tr("There are no maps of this input"), error, tr("Training and the curves are not concerned."));
        m_stack->setCurrentWidget(m_error->parentWidget());
    } else if (const auto lack = noAttention(focus().run()); lack || !focus().run()) {
        const auto none = lack.value_or(NoAttention{tr("No run is open"), tr("Choose a preset at the top left, or open an experiment.")});
        m_empty->setTexts(none.sentence, none.help);
        m_backButton->hide();
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
    const QString input = inputName(focus());
    const std::int64_t step = m_trace ? m_traceStep : focus().shownStep();
    const QString dot = QStringLiteral(" \u00B7 ");
    const QString detail = tr("step %1").arg(grouped(step)) + dot + input + dot + run->name();
    const bool oneHead = m_enlarged && !m_scene.empty();
    if (m_views->current())
        m_header->setText(m_views->title(), detail);
    else
        m_header->setText(oneHead            ? headTitle(blockInHand(), focus().selection().head)
                          : noAttention(run) ? tr("Maps")
                                             : tr("All heads"),
                          detail);
    const QString changes = headChangesText(focus().headChanges());
    const HeadMetrics* head = m_views->metricsInHand();
    if (!changes.isEmpty())
        m_header->setBadge(changes);
    else if (oneHead && head && !m_views->current())
        m_header->setBadge(headBadge(*head, patternOf(m_scene)).text, headBadge(*head, patternOf(m_scene)).kind);
    else
        m_header->clearBadge();
}

void MapsPage::refreshHead() {
    if (m_scene.empty() || !m_run) return;
    const MapsBlock& block = blockInHand();
    const Selection selection = focus().selection();
    const int head = std::min(selection.head, block.info.heads - 1);
    const QString name = headTitle(block, head);
    m_headPanel->setTitle(name);
    m_headPanel->setShortTitle(block.heads[static_cast<std::size_t>(head)].name);
    m_headPanel->setSubtitle(lookNote(block, m_maps.look()));
    m_strips->lookAt(block, *m_trace, head);
    if (!m_enlarged) return;
    refreshCaption();
    const StageMap& shown = m_maps.at(static_cast<int>(&block - m_scene.blocks.data()), head);
    const MapStage stage = m_maps.look().stage;
    Map& map = m_head->map();
    map.setSubject(stageSubject(stage).arg(name));
    map.setQuantity(stageSymbol(stage), [stage](double value) { return stageNumber(stage, value); });
    showMap(map, block, shown);
    m_head->lines().setSubject(tr("Lines of the attention weights of %1").arg(name));
    m_head->setWeights(block.heads[static_cast<std::size_t>(head)].weights, block.rowTokens, block.columnTokens);
    map.setSelection(shownAt(selection));
    if (showsDifference()) refreshDifference();
}

}  // namespace lab
