// How the page is put together.

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "core/data/dataset.h"
#include "core/examples/worked_example.h"
#include "ui/pages/explain/answer_throw.h"
#include "ui/pages/explain/block_strip.h"
#include "ui/pages/explain/checker.h"
#include "ui/pages/explain/code_view.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/formula_strip.h"
#include "ui/pages/explain/model_view.h"
#include "ui/pages/explain/moment_finder.h"
#include "ui/pages/explain/shape_line.h"
#include "ui/pages/explain/shape_picture.h"
#include "ui/pages/explain/softmax_lab_view.h"
#include "ui/pages/explain/stage_rail.h"
#include "ui/pages/explain/statements_view.h"
#include "ui/pages/explain/term_list.h"
#include "ui/pages/explain/tiles_view.h"
#include "ui/pages/explain/vector_plane.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/matrix_picture.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/stage_desk.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int explainPagePartsMargin = 8;
constexpr int explainPagePartsHeaderHeight = 36;
constexpr int railWidth = 172;
constexpr int rightWidth = 272;
constexpr int briefHeight = 500;

QScrollArea* scrolling(QWidget* content) {
    auto* area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(content);
    area->setFocusPolicy(Qt::NoFocus);
    return area;
}

/// The next validation sample that is as long; empty when there is none near.
Input sampleLike(const Input& input, int sample, const Dataset& samples) {
    constexpr int mostTried = 50;
    Input other;
    for (int i = 1; i <= std::min(mostTried, samples.validationSize()); ++i) {
        const Sample next = samples.validationSample((sample + i) % samples.validationSize());
        if (next.tokens.size() != input.tokens.size() || next.targetTokens.size() != input.targetTokens.size()) continue;
        other.tokens = next.tokens;
        other.targetTokens = next.targetTokens;
        other.vectors = next.vectors;
        break;
    }
    return other;
}

}  // namespace

ExplainPage::ExplainPage(Focus& focus, QWidget* parent) : Page(focus, parent) {
    m_checker = new Checker(this);
    m_moments = new MomentFinder(this);
    m_timer = new QTimer(this);
    makeHeader();
    m_stack = new QStackedWidget(this);
    m_content = new QWidget(m_stack);
    auto* parts = new QHBoxLayout(m_content);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->addWidget(makeRail());
    parts->addWidget(makeMiddle(), 1);
    m_statements = new StatementsView;
    m_lab = new SoftmaxLabView;
    m_model = new ModelView;
    m_tiles = new TilesView;
    m_empty = named("explain.empty",
                    new EmptyState(tr("Nothing to explain yet"),
                                   tr("Open an experiment; every number of its attention can then be opened here."), {}, m_stack));
    // Wrapped texts would claim height for the whole stack; these scroll instead.
    m_labPage = scrolling(m_lab);
    m_modelPage = scrolling(m_model);
    m_tilesPage = scrolling(m_tiles);
    for (QWidget* widget :
         {m_content, static_cast<QWidget*>(m_statements), m_labPage, m_modelPage, m_tilesPage, static_cast<QWidget*>(m_empty)})
        m_stack->addWidget(widget);
    m_content->setMinimumWidth(200);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_stack, 1);
    setFocusPolicy(Qt::ClickFocus);
    connectParts();
    followTheme(this, &ExplainPage::applyMeasures);
    showControls();
}

ExplainPage::~ExplainPage() = default;

void ExplainPage::makeHeader() {
    m_header = new QWidget(this);
    auto* row = new QHBoxLayout(m_header);
    row->setContentsMargins(0, 0, 0, 0);
    m_crumbs = named("explain.header.place", new ThemedLabel({}, TextSize::text, Role::muted));
    m_crumbs->setTextFormat(Qt::RichText);
    m_crumbs->installEventFilter(this);
    m_crumbs->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_crumbs->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_direction = named("explain.header.direction", new SegmentedControl({tr("forward"), tr("backward")}, tr("Direction"), m_header));
    m_source =
        named("explain.header.numbers", new SegmentedControl({tr("model\u2019s numbers"), tr("own numbers")}, tr("Numbers"), m_header));
    m_overviewButton = named("explain.header.overview", new Button(tr("Overview"), m_header));
    m_overviewButton->setToolTip(tr("The whole transformer as a picture: every part leads to its stage"));
    m_statementsButton = named("explain.header.statements", new Button(tr("Check the chatbot"), m_header));
    m_statementsButton->setToolTip(tr("Statements about attention as they circulate: judge each first, then see why, with numbers"));
    m_handoutButton = named("explain.header.handout", new Button(tr("Handout\u2026"), m_header));
    m_handoutButton->setToolTip(
        tr("Chosen stages on 1 to 6 pages, as a handout or as a worksheet with its solution; or the whole walk as Markdown"));
    m_exportButton = makeExportButton();
    row->addWidget(m_crumbs, 1);
    for (QWidget* control :
         {static_cast<QWidget*>(m_direction), static_cast<QWidget*>(m_source), static_cast<QWidget*>(m_overviewButton),
          static_cast<QWidget*>(m_statementsButton), static_cast<QWidget*>(m_handoutButton), static_cast<QWidget*>(m_exportButton)})
        row->addWidget(control);
}

QWidget* ExplainPage::makeRail() {
    m_railPanel = new PanelFrame(QString(), m_content);
    m_railPanel->setOnScreen(false);
    auto* previous = named("explain.walk.previous", new Button(Glyph::chevronLeft, tr("Previous stage (Page Up)")));
    m_playButton = named("explain.walk.play", new Button(Glyph::play, tr("Play the walk (Shift+Page Down)")));
    auto* next = named("explain.walk.next", new Button(Glyph::chevronRight, tr("Next stage (Page Down)")));
    m_paceButton = named("explain.walk.pace", new Button(tr("2 s")));
    m_paceButton->setWidthFor({tr("2 s"), tr("4 s")});
    m_paceButton->setToolTip(tr("Seconds a stage while playing"));
    m_paceButton->setAccessibleName(tr("Pace"));
    m_counter = new ThemedLabel({}, TextSize::text, Role::text, true);
    for (Button* button : {previous, m_playButton, next}) {
        button->setHeight(20);
        m_railPanel->addControl(button);
    }
    m_paceButton->setHeight(20);
    m_railPanel->addControl(m_counter);
    connect(previous, &QPushButton::clicked, this, [this] { step(-1); });
    connect(next, &QPushButton::clicked, this, [this] { step(1); });
    connect(m_playButton, &QPushButton::clicked, this, [this] { play(!m_timer->isActive()); });
    connect(m_paceButton, &QPushButton::clicked, this, [this] {
        m_seconds = m_seconds == 1 ? 2 : m_seconds == 2 ? 4 : 1;
        m_paceButton->setText(tr("%1 s").arg(m_seconds));
        m_timer->setInterval(m_seconds * 1000);
    });
    m_rail = named("explain.walk.stages", new StageRail);
    m_railScroll = new QScrollArea;
    m_railScroll->setFrameShape(QFrame::NoFrame);
    m_railScroll->setWidgetResizable(true);
    m_railScroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_railScroll->setWidget(m_rail);
    m_railScroll->setFocusPolicy(Qt::NoFocus);
    auto* column = new QWidget;
    auto* rows = new QVBoxLayout(column);
    rows->setContentsMargins(0, 0, 0, 4);
    rows->addWidget(m_railScroll, 1);
    auto* paceRow = new QHBoxLayout;
    paceRow->setContentsMargins(8, 0, 8, 0);
    paceRow->addWidget(new ElidedLabel(tr("Play: one stage in"), TextSize::caption, Role::muted), 1);
    paceRow->addWidget(m_paceButton);
    rows->addLayout(paceRow);
    m_railPanel->setContent(column);
    return m_railPanel;
}

QWidget* ExplainPage::makeMiddle() {
    auto* middle = new QWidget(m_content);
    auto* rows = new QVBoxLayout(middle);
    rows->setContentsMargins(0, 0, 0, 0);
    m_block = named("explain.block.parts", new BlockStrip(middle));
    m_strip = new FormulaStrip(middle);
    rows->addWidget(m_block);
    m_shapeLine = new ShapeLine(middle);
    rows->addWidget(m_strip);
    rows->addWidget(m_shapeLine);
    auto* below = new QHBoxLayout;
    m_deskPanel = new PanelFrame(QString(), middle);
    m_deskPanel->setDense(true);
    m_labButton = named("explain.desk.lab", new Button(tr("Softmax lab")));
    m_memoryButton = named("explain.desk.memory", new Button(tr("As memory")));
    m_memoryButton->setToolTip(
        tr("Sees this head and query as a memory: its keys are the stored patterns, the query is the state (Ctrl+H)"));
    m_exampleBox = named("explain.desk.example", new QComboBox);
    m_exampleBox->setAccessibleName(tr("Numbers to work on"));
    m_exampleBox->addItem(tr("this model"));
    for (const explain::Example& example : explain::examples()) {
        m_exampleBox->addItem(shown(example.name));
        m_exampleBox->setItemData(m_exampleBox->count() - 1, shown(example.about), Qt::ToolTipRole);
    }
    m_exampleBox->insertSeparator(m_exampleBox->count());
    for (const WorkedExampleRow& row : workedExamples()) {
        m_exampleBox->addItem(dataText(DataFiles::examples, row.name), QString::fromStdString(row.id));
        m_exampleBox->setItemData(m_exampleBox->count() - 1, dataText(DataFiles::examples, row.about), Qt::ToolTipRole);
    }
    m_undoButton = named("explain.desk.undo", new Button(tr("Undo")));
    m_redoButton = named("explain.desk.redo", new Button(tr("Redo")));
    m_view = named("explain.desk.view", new SegmentedControl({tr("picture"), tr("numbers"), tr("code")}, tr("Stage as")));
    m_view->setHeight(20);
    for (QWidget* control :
         {static_cast<QWidget*>(m_view), static_cast<QWidget*>(m_exampleBox), static_cast<QWidget*>(m_undoButton),
          static_cast<QWidget*>(m_redoButton), static_cast<QWidget*>(m_memoryButton), static_cast<QWidget*>(m_labButton)})
        m_deskPanel->addControl(control);
    for (Button* button : {m_undoButton, m_redoButton, m_memoryButton, m_labButton}) button->setHeight(20);
    m_desk = named("explain.desk.numbers", new StageDesk);
    m_throw = named("explain.desk.throw", new AnswerThrow);
    m_throw->hide();
    auto* deskRows = new QWidget;
    auto* stacked = new QVBoxLayout(deskRows);
    stacked->setContentsMargins(0, 0, 0, 0);
    stacked->setSpacing(0);
    m_picture = named("explain.desk.picture", new MatrixPicture);
    m_pictureScroll = scrolling(m_picture);
    m_deskStack = new QStackedWidget;
    m_deskStack->addWidget(m_desk);
    m_deskStack->addWidget(m_pictureScroll);
    m_code = new CodeView;
    m_deskStack->addWidget(m_code);
    stacked->addWidget(m_deskStack, 1);
    stacked->addWidget(m_throw);
    m_deskPanel->setContent(deskRows);
    below->addWidget(m_deskPanel, 1);
    below->addWidget(makeRight());
    rows->addLayout(below, 1);
    return middle;
}

QWidget* ExplainPage::makeRight() {
    m_right = new QWidget(m_content);
    auto* rows = new QVBoxLayout(m_right);
    rows->setContentsMargins(0, 0, 0, 0);
    m_planePanel = new PanelFrame(tr("As vectors"), m_right);
    m_planePanel->setDense(true);
    m_planePanel->setOnScreen(false);
    m_planeX = named("explain.plane.x", new QComboBox);
    m_planeY = named("explain.plane.y", new QComboBox);
    m_planeX->setAccessibleName(tr("Horizontal direction of the plane"));
    m_planeY->setAccessibleName(tr("Vertical direction of the plane"));
    for (QComboBox* box : {m_planeX, m_planeY}) {
        box->setToolTip(tr("%1: PC, a principal direction of the weighted values, holds most of their squared length, from 0 and not from "
                           "their mean; or one of their numbers")
                            .arg(box->accessibleName()));
        m_planePanel->addControl(box);
        connect(box, &QComboBox::activated, this, [this] {
            if (const explain::Stage* now = shownStage()) showPlane(*now);
        });
    }
    m_plane = new VectorPlane;
    m_planePanel->setContent(m_plane);
    m_shapePanel = new PanelFrame(QString(), m_right);
    m_shapePanel->setDense(true);
    m_shapePicture = new ShapePictureView;
    m_shapePanel->setContent(m_shapePicture);
    m_termsPanel = new PanelFrame(tr("Where this number comes from"), m_right);
    m_termsPanel->setDense(true);
    m_terms = named("explain.terms.list", new TermList);
    m_termsPanel->setContent(m_terms);
    m_check = named("explain.check.links", new ThemedLabel({}, TextSize::text, Role::right, true));
    m_check->setTextFormat(Qt::RichText);
    m_check->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    rows->addWidget(m_planePanel, 5);
    rows->addWidget(m_shapePanel);
    rows->addWidget(m_termsPanel, 2);
    rows->addWidget(m_check);
    return m_right;
}

void ExplainPage::connectParts() {
    // The walk's keys are its own: laboratory and statements use the same ones otherwise.
    const auto shortcut = [this](const QKeySequence& key, auto act) {
        auto* made = new QShortcut(key, this);
        connect(made, &QShortcut::activated, this, act);
        connect(m_stack, &QStackedWidget::currentChanged, made, [this, made] { made->setEnabled(m_stack->currentWidget() == m_content); });
    };
    shortcut(Qt::Key_PageUp, [this] { step(-1); });
    shortcut(Qt::Key_PageDown, [this] { step(1); });
    shortcut(Qt::Key_Backspace, [this] { goBack(); });
    shortcut(Qt::SHIFT | Qt::Key_PageDown, [this] { play(!m_timer->isActive()); });
    shortcut(Qt::ALT | Qt::Key_Up, [this] { moveSelection(0, 0, -1, 0); });
    shortcut(Qt::ALT | Qt::Key_Down, [this] { moveSelection(0, 0, 1, 0); });
    shortcut(Qt::ALT | Qt::Key_Left, [this] { moveSelection(0, 0, 0, -1); });
    shortcut(Qt::ALT | Qt::Key_Right, [this] { moveSelection(0, 0, 0, 1); });
    shortcut(Qt::Key_BracketLeft, [this] { moveSelection(0, -1, 0, 0); });
    shortcut(Qt::Key_BracketRight, [this] { moveSelection(0, 1, 0, 0); });
    shortcut(QKeySequence::Redo, [this] { redo(); });
    connect(m_moments, &MomentFinder::found, this, &ExplainPage::scheduleRefresh);
    connect(m_desk, &StageDesk::edited, this,
            [this](const explain::CellRef& cell, double value, bool goesOn) { edit(cell, value, goesOn); });
    connect(m_throw, &AnswerThrow::moved, this, [this](double value, bool goesOn) { edit(m_thrown, value, goesOn); });
    connect(m_timer, &QTimer::timeout, this, [this] {
        if (m_stage + 1 >= static_cast<int>(m_walk.stages.size())) return play(false);
        step(1);
    });
    connect(m_rail, &StageRail::chosen, this, [this](int index) { step(index - m_stage); });
    connect(m_desk, &StageDesk::hovered, this, [this](const explain::CellRef& cell) {
        m_hovered = cell;
        showCell();
    });
    connect(m_desk, &StageDesk::chosen, this, &ExplainPage::choose);
    connect(m_desk, &StageDesk::activated, this, &ExplainPage::activate);
    connect(m_picture, &MatrixPicture::chosen, this, &ExplainPage::choose);
    connect(m_picture, &MatrixPicture::activated, this, &ExplainPage::activate);
    connect(m_view, &SegmentedControl::chosen, this, [this](int view) { showAs(static_cast<View>(view)); });
    connect(m_code, &CodeView::languageChosen, this, &ExplainPage::showCode);
    connect(m_block, &BlockStrip::chosen, this, [this](int stage) { step(stage - m_stage); });
    connect(m_terms, &TermList::dug, this, &ExplainPage::dig);
    connect(m_crumbs, &QLabel::linkActivated, this, &ExplainPage::followCrumb);
    connect(m_check, &QLabel::linkActivated, this, [this] {
        if (!m_walk.grid(m_worst)) return;
        showPictures(false);
        m_desk->setSelected(m_worst);
        choose(m_worst);
    });
    connect(m_checker, &Checker::answered, this, &ExplainPage::showCheck);
    connect(m_direction, &SegmentedControl::chosen, this, [this](int backward) { goToStage(backward ? "d_logits" : "mix"); });
    connect(m_source, &SegmentedControl::chosen, this, [this](int own) {
        if (own == 0) returnToModel();
        showControls();
    });
    connect(m_exampleBox, &QComboBox::activated, this, [this](int index) {
        const QString worked = m_exampleBox->itemData(index).toString();
        if (worked.isEmpty()) return showExample(index - 1);
        returnToModel();
        emit placeWanted({.page = QStringLiteral("explain"), .stage = exampleStage + worked});
    });
    connect(m_undoButton, &QPushButton::clicked, this, &ExplainPage::undo);
    connect(m_redoButton, &QPushButton::clicked, this, &ExplainPage::redo);
    connect(m_handoutButton, &QPushButton::clicked, this, &ExplainPage::openHandout);
    connect(m_statementsButton, &QPushButton::clicked, this, [this] { showStatement(m_statements->current()); });
    connect(m_memoryButton, &QPushButton::clicked, this,
            [this] { emit placeWanted(*Place::parse(QStringLiteral("memory?stage=attention"))); });
    connect(m_labButton, &QPushButton::clicked, this, [this] {
        openLab();
        m_stack->setCurrentWidget(m_labPage);
        m_lab->setFocus();
    });
    const auto back = [this] {
        m_stack->setCurrentWidget(lacksWalk() ? static_cast<QWidget*>(m_empty) : m_content);
        if (!lacksWalk()) deskInHand()->setFocus();
    };
    connect(m_statements, &StatementsView::closed, this, back);
    connect(m_statements, &StatementsView::placeWanted, this, &ExplainPage::leaveFor);
    connect(m_lab, &SoftmaxLabView::closed, this, back);
    connect(m_lab, &SoftmaxLabView::tilesWanted, this, &ExplainPage::openTiles);
    connect(m_model, &ModelView::closed, this, back);
    connect(m_tiles, &TilesView::closed, this, back);
    connectModelView();
}

/// Of the model that is open, and beside this input a sample that follows it.
void ExplainPage::fillStatements() {
    explain::StatementScene scene;
    const CheckpointPtr checkpoint = walkCheckpoint();
    if (checkpoint) {
        const Run& run = *focus().run();
        scene.model = run.model();
        scene.weights = {checkpoint, &checkpoint->weights};
        scene.numbers = explain::NumberSource(m_trace);
        scene.question = question();
        scene.other = sampleLike(focus().input(), focus().sampleIndex(), *run.dataset());
    }
    m_statements->setScene(scene);
}

bool ExplainPage::showStatement(const QString& id) {
    if (!explain::findStatement(id.toStdString())) return false;
    m_stack->setCurrentWidget(m_statements);  // first: its list turns to the statement in its own room
    m_statements->show(id);
    fillStatements();
    m_statements->setFocus();
    return true;
}

/// To where the program shows what a statement is about: on the model, unless that place is an example.
void ExplainPage::leaveFor(const QString& place) {
    const std::optional<Place> to = Place::parse(place);
    if (!to) return;
    m_stack->setCurrentWidget(m_content);
    if (m_example >= 0) returnToModel();
    emit placeWanted(*to);
}

/// What the window leaves for the page, which is never lower than its parts need.
int ExplainPage::room() const {
    for (const QWidget* above = parentWidget(); above; above = above->parentWidget())
        if (const auto* area = qobject_cast<const QScrollArea*>(above)) return area->viewport()->height();
    return height();
}

/// Where there is little room, a name gets shorter and what a key does too goes.
void ExplainPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    const bool narrow = width() < Theme::instance().px(1080);
    m_exportButton->setVisible(!narrow);
    if (std::exchange(m_narrow, narrow) != narrow) m_deskPanel->setNote(deskNote());
    constexpr int roomForBlock = 480;  // where the desk needs no scrolling for it
    m_block->setVisible(height() >= Theme::instance().px(roomForBlock));
    constexpr int roomForShapes = 540;
    m_shapeLine->setVisible(height() >= Theme::instance().px(roomForShapes));
    m_statementsButton->setText(narrow ? tr("Check") : tr("Check the chatbot"));
    constexpr int roomForShapePicture = 590;  // else the column beside the desk would ask for more than there is
    const bool low = room() < Theme::instance().px(roomForShapePicture);
    if (const explain::Stage* now = shownStage(); std::exchange(m_low, low) != low && now) showCurrentStage();
    if (std::exchange(m_brief, height() < Theme::instance().px(briefHeight)) != m_brief) showCheck();
}

/// Not by a proxy: a page that has one tells a screen reader that it has the focus itself.
void ExplainPage::focusInEvent(QFocusEvent* event) {
    deskInHand()->setFocus(event->reason());
}

bool ExplainPage::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_crumbs && (event->type() == QEvent::Resize || event->type() == QEvent::Show)) fitCrumbs();
    return Page::eventFilter(watched, event);
}

/// Enter leads down from every part that has no use for it itself.
/// What was set by hand is taken back before the window, whose key it is as well, takes back a run.
bool ExplainPage::event(QEvent* event) {
    const bool mine = event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Undo) &&
                      m_stack->currentWidget() == m_content && !m_undo.empty();
    if (!mine) return Page::event(event);
    event->accept();
    return true;
}

void ExplainPage::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Undo) && m_stack->currentWidget() == m_content) return undo();
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!enter || m_stack->currentWidget() != m_content) return Page::keyPressEvent(event);
    activate(shownCell());
}

void ExplainPage::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(theme.px(explainPagePartsMargin), 0, theme.px(explainPagePartsMargin), theme.px(explainPagePartsMargin));
    m_header->setFixedHeight(theme.px(explainPagePartsHeaderHeight));
    m_header->layout()->setSpacing(theme.px(explainPagePartsMargin));
    m_content->layout()->setSpacing(theme.px(explainPagePartsMargin));
    for (QLayout* l : m_strip->parentWidget()->layout()->findChildren<QLayout*>()) l->setSpacing(theme.px(explainPagePartsMargin));
    m_strip->parentWidget()->layout()->setSpacing(theme.px(explainPagePartsMargin));
    m_right->layout()->setSpacing(theme.px(explainPagePartsMargin));
    m_railPanel->setFixedWidth(theme.px(railWidth));
    m_right->setFixedWidth(theme.px(rightWidth));
    for (QComboBox* box : {m_planeX, m_planeY}) box->setFixedWidth(theme.px(74));
    m_exampleBox->setFixedWidth(theme.px(150));
    m_check->setMargin(theme.px(8));
    if (m_hasWalk && (m_example >= 0 || walkCheckpoint())) showCurrentStage();  // links and the self-check's frame hold colours
}

}  // namespace lab
