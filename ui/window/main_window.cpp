#include "ui/window/main_window.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QScreen>
#include <QScrollArea>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "core/examples/worked_example.h"
#include "core/tasks/model_tokens.h"
#include "ui/forms/experiment_panel.h"
#include "ui/forms/settings_form.h"
#include "ui/lessons/choice_box.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/taken.h"
#include "ui/widgets/theme.h"
#include "ui/window/action_table.h"
#include "ui/window/coach.h"
#include "ui/window/input_bar.h"
#include "ui/window/jobs_panel.h"
#include "ui/window/page_rail.h"
#include "ui/window/page_table.h"
#include "ui/window/preset_button.h"
#include "ui/window/shortcuts_dialog.h"
#include "ui/window/split_view.h"
#include "ui/window/text_actions.h"
#include "ui/window/timeline_bar.h"
#include "ui/window/transport_bar.h"
#include "ui/window/window_scales.h"

namespace lab {
namespace {

constexpr QSize firstSize(1280, 800);
constexpr int titleBarRoom = 40;
const QString geometryKey = QStringLiteral("window/geometry");
const QString scaleKey = QStringLiteral("window/scale");
const QString pageKey = QStringLiteral("window/page");
const QString budgetKey = QStringLiteral("history/budget_mb");
const QString foldedKey = QStringLiteral("window/panel_folded");

/// The ground the page stands on.
class Ground : public QWidget {
public:
    Ground() { setAttribute(Qt::WA_OpaquePaintEvent); }

protected:
    void paintEvent(QPaintEvent*) override { QPainter(this).fillRect(rect(), Theme::instance().color(Role::window)); }
};

}  // namespace

MainWindow::MainWindow(Workspace& workspace, Focus& focus, QWidget* parent)
    : MainWindow(std::make_unique<Session>(workspace, focus), nullptr, parent) {}

MainWindow::MainWindow(Session& session, QWidget* parent) : MainWindow(nullptr, &session, parent) {}

MainWindow::MainWindow(std::unique_ptr<Session> own, Session* session, QWidget* parent)
    : QMainWindow(parent),
      m_workspace((own ? own.get() : session)->workspace()),
      m_focus((own ? own.get() : session)->focus()),
      m_actions(new Actions(this)),
      m_ownSession(std::move(own)),
      m_session(m_ownSession ? *m_ownSession : *session) {
    setWindowTitle(tr("Attention Lab"));
    setAcceptDrops(true);
    makeActions();
    m_transport = new TransportBar(m_focus, *m_actions);
    auto* jobs = named("window.transport.jobs", new JobsButton(m_workspace.jobs()));
    connect(jobs, &QAbstractButton::clicked, m_actions->find(QStringLiteral("jobs.show")), &QAction::trigger);
    m_transport->addTool(jobs);
    m_rail = new PageRail;
    m_stack = new QStackedWidget;
    m_split = new SplitView(m_focus, m_workspace, m_stack);
    m_problem = named("window.problem", new ErrorStrip);
    m_problem->hide();
    m_notice = named("window.notice", new NoticeStrip);
    m_notice->hide();
    m_advice = named("window.advice", new NoticeStrip);
    auto* coach = new Coach(m_focus, *m_advice, this);
    connect(&m_session, &Session::madeRoom, coach, &Coach::say);
    connect(&m_session, &Session::told, coach, &Coach::say);
    m_panel = named("window.settings", new ExperimentPanel);
    m_inputBar = named("window.input", new InputBar(m_focus));
    m_timeline = named("window.timeline", new TimelineBar(m_focus));
    makePages();
    arrange();
    connect(m_rail, &PageRail::chosen, this, &MainWindow::showPage);
    connect(m_split, &SplitView::placeWanted, this, &MainWindow::showPlace);
    connect(m_split, &SplitView::settingWanted, this, &MainWindow::showSetting);
    connect(m_panel, &ExperimentPanel::foldedChanged, this, [this](bool folded) {
        if (!m_applyingPanel && pageIndex() >= 0) m_panelFolded[static_cast<std::size_t>(pageIndex())] = folded;
    });
    connect(&m_focus, &Focus::runChanged, this, &MainWindow::watchRun);
    connect(&m_workspace, &Workspace::runAboutToBeRemoved, this, [this](Run* run) {
        if (m_focus.run() == run) m_focus.setRun(nullptr);
    });
    connectTimeline();
    connectSession();
    qApp->installEventFilter(this);
    showPage(0);
    if (!m_session.run()) return;
    showDocument();
    watchRun();
    m_timeline->setRuns(m_workspace.runs());
}

MainWindow::~MainWindow() = default;

void MainWindow::makeActions() {
    Actions& actions = *m_actions;
    actions.on("train.toggle", this, &MainWindow::toggleTraining)->setAutoRepeat(false);
    actions.on("train.step", this, &MainWindow::step);
    actions.on("train.reset", &m_session, &Session::reset);
    actions.on("time.follow", this, [this] { m_focus.followLive(); });
    actions.on("time.pin", this, [this] { m_timeline->togglePin(); });
    actions.on("time.name", this, [this] { m_timeline->namePin(); });
    actions.on("time.play", this, [this] { m_timeline->togglePlaying(); });
    actions.on("time.continue", this, [this] { m_timeline->continueButton().click(); });

    actions.on("input.previous", this, [this] { m_inputBar->previousSample(); });
    actions.on("input.next", this, [this] { m_inputBar->nextSample(); });
    actions.on("input.type", this, [this] { m_inputBar->typeInput(); });
    actions.on("input.shuffle", this, [this] { m_inputBar->shuffle(); });
    actions.on("input.mask", this, [this] { m_inputBar->toggleMask(); });
    actions.on("input.compare", this, [this] { m_inputBar->toggleComparison(); });
    actions.on("input.likely", this, [this] { m_inputBar->toggleLikely(); });
    actions.on("input.write", this, [this] { m_inputBar->writeOut(); });

    actions.on("panel.toggle", this, [this] { m_panel->setFolded(!m_panel->isFolded()); });
    actions.on("view.larger", this, [this] { zoom(1); });
    actions.on("view.smaller", this, [this] { zoom(-1); });
    actions.on("view.cycle", this, &MainWindow::cycleZoom);
    actions.on("view.split", this, [this] {
        if (!m_split->toggle()) showProblem(tr("There is no other run to show beside this one"), tr("Ctrl+D duplicates it with a change."));
    });
    actions.on("page.export", this, [this] {
        if (pageIndex() >= 0) page().showExport();
    });
    actions.on("memory.see", this, [this] { showPlace(*Place::parse(QStringLiteral("memory?stage=attention"))); });
    actions.on("jobs.show", this, &MainWindow::showJobs);
    actions.on("help.shortcuts", this, &MainWindow::showShortcuts);
}

void MainWindow::makePages() {
    m_pages = new PageBook(m_focus, &m_workspace, *m_stack, this);
    connect(m_pages, &PageBook::made, this, &MainWindow::takePage);
    for (int i = 0; i < static_cast<int>(m_pages->size()); ++i) {
        const PageRow& row = pageTable()[static_cast<std::size_t>(i)];
        const QString key = keyOfPage(i), name = QStringLiteral("page.") + row.name();
        m_rail->addPage(row.title(), row.name(), key)->setProperty(actionProperty, name);
        QAction* action = m_actions->add(name, tr("Page %1").arg(row.title()), {QKeySequence(key)}, pagesGroup());
        connect(action, &QAction::triggered, this, [this, i] { showPage(i); });
        // LOOK.md 1: open on Train, folded elsewhere.
        m_panelFolded.push_back(i != 0);
    }
}

void MainWindow::takePage(Page* page) {
    connect(page, &Page::placeWanted, this, &MainWindow::showPlace);
    connect(page, &Page::settingWanted, this, &MainWindow::showSetting);
    connect(page, &Page::textWanted, this, &MainWindow::textWanted);
    connect(page, &Page::refreshed, this, &MainWindow::pageRefreshed);
    connect(page, &Page::barsChanged, this, [this, page] {
        if (page == m_pages->ifMade(static_cast<std::size_t>(pageIndex()))) applyBars();
    });
    page->setMoreFigures([this, page] { return page->ownBars().timeline ? std::vector<FigureOffer>() : m_timeline->figures(); });
}

Page& MainWindow::page() const {
    return *(*m_pages)[static_cast<std::size_t>(pageIndex())];
}

void MainWindow::arrange() {
    auto* frame = new QWidget;
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_transport);
    column->addWidget(makeMiddle(), 1);
    m_bars = new QVBoxLayout;
    m_bars->setSpacing(0);
    m_bars->addWidget(m_inputBar);
    m_bars->addWidget(m_timeline);
    column->addLayout(m_bars);
    setCentralWidget(frame);
    // Where the focus is at first, and after a click on the ground: nowhere one could see.
    frame->setFocusPolicy(Qt::ClickFocus);
    FocusRing::exempt(frame);
    frame->setFocus();
}

QWidget* MainWindow::makeMiddle() {
    auto* ground = new Ground;
    m_column = new QVBoxLayout;
    m_column->setSpacing(0);
    m_column->addWidget(m_notice);
    m_column->addWidget(m_problem);
    m_column->addWidget(m_split, 1);
    m_column->addWidget(m_advice);  // above the input bar: what is looked at stays where it is
    m_middle = new QHBoxLayout(ground);
    m_middle->setContentsMargins(0, 0, 0, 0);
    m_middle->setSpacing(0);
    m_middle->addWidget(m_rail);
    m_middle->addLayout(m_column, 1);
    m_middle->addWidget(m_panel);
    return ground;
}

void MainWindow::dock(QWidget* part) {
    m_middle->insertWidget(1, part);
    m_docked.push_back(part);
}

void MainWindow::addStrip(QWidget* strip) {
    m_column->insertWidget(0, strip);
}

QWidget* MainWindow::addInstead(QWidget* part) {
    auto* all = scrolled(part);
    all->hide();
    m_column->insertWidget(m_column->indexOf(m_split) + 1, all, 1);
    return all;
}

void MainWindow::showInstead(QWidget* added) {
    if (m_instead) m_instead->hide();
    m_instead = added;
    m_split->hide();
    added->show();
    m_rail->setCurrent(-1);
    m_applyingPanel = true;  // showPage() brings back how it was
    m_panel->setFolded(true);
    m_applyingPanel = false;
    emit insteadChanged();
}

void MainWindow::connectTimeline() {
    const auto tellRuns = [this] { m_timeline->setRuns(m_workspace.runs()); };
    connect(&m_workspace, &Workspace::runAdded, m_timeline, tellRuns, Qt::QueuedConnection);
    connect(&m_workspace, &Workspace::runAboutToBeRemoved, m_timeline, tellRuns, Qt::QueuedConnection);
    connect(&m_focus, &Focus::runChanged, m_timeline, tellRuns, Qt::QueuedConnection);
    connect(m_timeline, &TimelineBar::runChosen, &m_focus, &Focus::setRun);
    connect(m_timeline, &TimelineBar::budgetChosen, this, &MainWindow::setHistoryBudget);
    setHistoryBudget(QSettings().value(budgetKey, static_cast<int>(History::defaultBudget >> 20)).toInt());
}

void MainWindow::setHistoryBudget(int megabytes) {
    QSettings().setValue(budgetKey, megabytes);
    m_workspace.setHistoryBudget(static_cast<std::size_t>(std::max(megabytes, 1)) << 20);
    m_timeline->setBudget(megabytes);
}

void MainWindow::connectSession() {
    connect(&m_session, &Session::failed, this, &MainWindow::showProblem);
    // The panel says it already, once: there is a second place for it only while that is folded.
    connect(&m_session, &Session::draftRefused, this, [this](const QString& problem) {
        if (!m_panel->showProblem()) showProblem(tr("The settings have an error"), problem);
    });
    connect(&m_session, &Session::documentChanged, this, &MainWindow::showDocument);
    connect(&m_session, &Session::modifiedChanged, this, &QWidget::setWindowModified);
    connect(&m_session, &Session::readyToClose, this, &QWidget::close, Qt::QueuedConnection);
    connect(m_panel, &ExperimentPanel::draftChanged, this, [this] {
        m_session.setDraft(m_panel->draft(), m_panel->isValid() ? QString() : m_panel->form().firstProblem());
        m_timeline->setDraftChanged(m_panel->hasChanges());
    });
    connect(m_panel, &ExperimentPanel::newRunRequested, this, [this] {
        const Run* run = m_session.run();
        if (run && madeElsewhere(run->experiment().task)) return static_cast<void>(m_session.trainDraft());
        m_session.startNewRun();
    });
    connect(m_timeline, &TimelineBar::continueRequested, this, [this] { m_session.continueFrom(m_focus.wantedStep()); });
}

void MainWindow::showDocument() {
    const Experiment draft = m_session.draft();  // the form begins with what the run has
    const bool drafted = m_session.hasDraftChanges();
    const Run* run = m_session.run();
    m_panel->setExperiment(m_session.experiment(), m_session.baseline(), run ? run->experiment() : Experiment());
    m_timeline->setDraftChanged(false);
    if (drafted) m_panel->setDraft(draft);
    setPresetTitle(m_session.shownTitle());
    setWindowTitle(QStringLiteral("%1[*] \u2013 Attention Lab").arg(m_session.shownTitle()));
    setWindowModified(m_session.isModified());
}

QMenu* MainWindow::menu() const {
    return m_transport->menu();
}
void MainWindow::addTool(QWidget* tool) {
    m_transport->addTool(tool);
}
QMenu* MainWindow::presetMenu() const {
    return m_transport->preset().menu();
}
void MainWindow::setPresetTitle(const QString& title) {
    m_transport->preset().setTitle(title);
}
int MainWindow::pageIndex() const {
    return m_stack->currentIndex();
}

void MainWindow::showPage(int index) {
    if (index < 0 || index >= static_cast<int>(m_pages->size())) return;
    index = m_rail->offered(index);
    const bool comesBack = m_instead;
    if (comesBack) {
        if (m_instead->isAncestorOf(focusWidget())) centralWidget()->setFocus();
        m_instead->hide();
    }
    m_instead = nullptr;
    m_split->show();
    (*m_pages)[static_cast<std::size_t>(index)];  // made before it is shown
    m_stack->setCurrentIndex(index);
    m_split->setPage(index);
    m_rail->setCurrent(index);
    applyBars();
    applyPanelState();
    foldIfNarrow();
    if (comesBack) emit insteadChanged();
}

bool MainWindow::offersPage(int index) const {
    return m_rail->offers(index);
}

QWidget* MainWindow::pageButton(const QString& page) const {
    return m_rail->findChild<QWidget*>(QStringLiteral("window.rail.") + page);
}

void MainWindow::leaveHiddenPage() {
    if (!m_instead && pageIndex() >= 0 && !m_rail->offers(pageIndex())) showPage(pageIndex());
}

/// The bars of the page in the place of those that speak of the training; the run keeps its place meanwhile.
void MainWindow::applyBars() {
    if (pageIndex() < 0) return;
    emit rearranges();
    const OwnBars bars = page().ownBars();
    const auto replace = [this](QWidget* usual, QWidget* own, QPointer<QWidget>& shown, int place) {
        if (shown == own) return;
        if (shown) {
            shown->hide();
            m_bars->removeWidget(shown);
        }
        shown = own;
        setShown(*usual, !own);
        if (!own) return;
        m_bars->insertWidget(std::min(place, m_bars->count()), own);
        own->show();
    };
    replace(m_inputBar, bars.input, m_ownInput, 0);
    replace(m_timeline, bars.timeline, m_ownTimeline, m_bars->count());
    m_transport->setOwn(bars.transport);
    QStringList resting;
    if (bars.transport) resting << QStringLiteral("train.");
    if (bars.input) resting << QStringLiteral("input.");
    if (bars.timeline) resting << QStringLiteral("time.");
    m_actions->lend(bars.actions, resting);
    emit rearranged();
}

namespace {

/// The id of the example that a place names and that is a model of its own; else empty.
QString workedExampleOf(const Place& place) {
    if (!place.stage.startsWith(exampleStage)) return {};
    const QString id = place.stage.mid(exampleStage.size());
    return findWorkedExample(id.toStdString()) ? id : QString();
}

/// What starts the comparison that a place names, "comparison.7-mixers"; null when it names none.
QAction* comparisonOf(const Place& place, const Actions& actions) {
    const QString prefix = QStringLiteral("comparison.");
    return place.stage.startsWith(prefix) ? actions.find(QStringLiteral("compare.") + place.stage.section(QLatin1Char('-'), 1)) : nullptr;
}

/// The preset that a place names, "preset.regression"; empty when it names none.
std::string presetOf(const Place& place) {
    const QString prefix = QStringLiteral("preset.");
    return place.stage.startsWith(prefix) ? place.stage.mid(prefix.size()).toStdString() : std::string();
}

}  // namespace

bool MainWindow::showPlace(const Place& place) {
    if (QAction* comparison = comparisonOf(place, *m_actions)) return comparison->trigger(), true;
    if (const std::string preset = presetOf(place); !preset.empty()) return m_session.openPreset(preset);
    if (const QString example = workedExampleOf(place); !example.isEmpty()) return emit exampleWanted(example), true;
    const int index = place.page.isEmpty() ? pageIndex() : indexOf(place.page);
    if (index < 0) return showProblem(tr("There is no page %1").arg(place.page)), false;
    if (!m_rail->offers(index))
        return showProblem(tr("The page %1 is hidden").arg(pageTable()[static_cast<std::size_t>(index)].title()), hiddenHelp()), false;
    if (const QString lacks = lab::show(m_focus, m_workspace.runs(), place); !lacks.isEmpty()) return showProblem(lacks), false;
    showPage(index);
    Page& shown = page();
    shown.setFocus();
    if (shown.showStage(place.stage, place.cell)) return true;
    showProblem(tr("%1 does not show %2").arg(shown.title(), place.stage + place.cell));
    return false;
}

Place MainWindow::place() const {
    Place place = placeOf(m_focus);
    if (pageIndex() < 0) return place;
    const Page& shown = page();
    place.page = shown.iconName();
    place.stage = shown.stage();
    return place;
}

void MainWindow::applyPanelState() {
    m_applyingPanel = true;
    m_panel->setFolded(m_narrow || m_panelFolded[static_cast<std::size_t>(pageIndex())]);
    m_applyingPanel = false;
}

/// LOOK.md 1: never shrink, fold. A window too narrow for page and panel folds the panel; the person may still open it.
void MainWindow::foldIfNarrow() {
    if (pageIndex() < 0) return;
    const int least = page().minimumSizeHint().width();
    int beside = m_rail->width();
    for (const QWidget* part : m_docked)
        if (!part->isHidden()) beside += part->width();
    const bool narrow = width() < beside + least + Theme::instance().px(openPanelWidth);
    if (narrow == m_narrow) return;
    m_narrow = narrow;
    applyPanelState();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    foldIfNarrow();
}

/// Wherever the focus is: a key that reaches the window was wanted by nobody nearer.
void MainWindow::keyPressEvent(QKeyEvent* event) {
    const bool toPage = event->key() == Qt::Key_Escape && pageIndex() >= 0;
    if (toPage && m_instead) return showPage(pageIndex());
    if (!toPage || !page().escape()) QMainWindow::keyPressEvent(event);
}

void MainWindow::toggleTraining() {
    if (pageIndex() >= 0 && page().toggleTraining()) return;
    Run* run = m_focus.run();
    if (run && run->state() == Run::State::training) return run->pause();
    m_session.train();
}

void MainWindow::step() {
    Run* run = m_focus.run();
    if (run && (run->state() == Run::State::training || !m_session.trainDraft())) run->stepOnce();
}

void MainWindow::watchRun() {
    clearProblem();
    Run* run = m_focus.run();
    if (!run) return;
    connect(run, &Run::stateChanged, this, &MainWindow::showRunState);
    connect(run, &Run::wasReset, this, &MainWindow::clearProblem);
    showRunState();
}

/// Training events are told where one looks, never in a dialog (LOOK.md 7.9).
void MainWindow::showRunState() {
    const Run* run = m_focus.run();
    if (!run || (run->state() != Run::State::diverged && run->state() != Run::State::failed)) return;
    const QString kept = tr("The weights of step %1 are kept.").arg(grouped(run->latest()->step));
    const TrainingConfig& training = run->experiment().training;
    const QString tooFast = training.clip_norm > 0
                                ? tr("Most often learning_rate %1 is too large.")
                                : tr("Most often learning_rate %1 is too large; clip_norm, which bounds the gradient, is off.");
    const QString cause = run->state() == Run::State::diverged ? tooFast.arg(significant(training.optimizer.learning_rate)) : QString();
    m_problem->setTexts(tr("Stopped: %1").arg(run->message()), kept, cause);
    m_problem->clearActions();
    connect(m_problem->addAction(tr("Reset")), &QAbstractButton::clicked, &m_session, &Session::reset);
    connect(m_problem->addAction(tr("Close")), &QAbstractButton::clicked, this, &MainWindow::clearProblem);
    m_problem->show();
}

void MainWindow::showSetting(const QString& key) {
    if (isTaken(*m_panel)) return showProblem(tr("The settings are hidden"), hiddenHelp());
    if (!m_panel->reveal(key.toStdString())) showProblem(tr("%1 does not apply to these settings").arg(key));
}

/// How what is hidden is brought back.
QString MainWindow::hiddenHelp() const {
    return tr("Hide controls (Ctrl+Shift+T) shows it again.");
}

void MainWindow::showProblem(const QString& what, const QString& where) {
    m_problem->setTexts(what, where);
    m_problem->clearActions();
    connect(m_problem->addAction(tr("Close")), &QAbstractButton::clicked, this, &MainWindow::clearProblem);
    m_problem->show();
}

void MainWindow::clearProblem() {
    m_problem->hide();
}

QString MainWindow::problem() const {
    return m_problem->isHidden() ? QString() : m_problem->accessibleName();
}

void MainWindow::zoom(int steps) {
    const auto now = static_cast<int>(nearestScale(Theme::instance().scale()));
    const int wanted = std::clamp(now + steps, 0, static_cast<int>(scales.size()) - 1);
    setScale(scales[static_cast<std::size_t>(wanted)]);
}

bool MainWindow::fits(double scale) const {
    const QSize least = minimumSizeHint() * (scale / Theme::instance().scale());
    const QSize room = screen()->availableGeometry().size();
    return least.width() <= room.width() && least.height() <= room.height();
}

/// Unless the window would no longer fit the screen.
bool MainWindow::setScale(double scale) {
    Theme& theme = Theme::instance();
    if (scale > theme.scale() && !fits(scale)) return false;
    const bool grows = scale > theme.scale();
    const QSize before = size();
    theme.setScale(scale);
    m_narrow = false;
    foldIfNarrow();
    applyPanelState();
    QTimer::singleShot(0, this, [this, grows, before] { keepOnScreen(grows, before); });  // when the layout has its new measures
    return true;
}

void MainWindow::fitScale() {
    const std::size_t now = nearestScale(Theme::instance().scale());
    std::size_t i = now;
    while (i > 0 && !fits(scales[i])) --i;
    if (i != now) setScale(scales[i]);
}

/// A window that had to grow for its letters goes back with them, and no part of it leaves the screen.
void MainWindow::keepOnScreen(bool grew, QSize before) {
    if (isMaximized() || isFullScreen()) return;
    if (grew && !m_sizeBeforeGrowing.isValid() && size() != before) m_sizeBeforeGrowing = before;
    const QSize least = minimumSizeHint();
    if (!grew && m_sizeBeforeGrowing.isValid() && least.width() <= m_sizeBeforeGrowing.width() &&
        least.height() <= m_sizeBeforeGrowing.height())
        resize(std::exchange(m_sizeBeforeGrowing, QSize()));
    const QRect room = screen()->availableGeometry(), frame = frameGeometry();
    const QPoint outside(std::max(frame.right() - room.right(), 0), std::max(frame.bottom() - room.bottom(), 0));
    if (!outside.isNull()) move(std::max(pos().x() - outside.x(), room.left()), std::max(pos().y() - outside.y(), room.top()));
}

/// The next one that fits, and behind the largest the smallest.
void MainWindow::cycleZoom() {
    const std::size_t now = nearestScale(Theme::instance().scale());
    for (std::size_t i = 1; i < scales.size(); ++i)
        if (setScale(scales[(now + i) % scales.size()])) return;
    showProblem(tr("No larger size fits this screen"), tr("Everything is as small as it gets."));
}

void MainWindow::showShortcuts() {
    auto* dialog = new ShortcutsDialog(*m_actions, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

void MainWindow::showJobs() {
    if (!m_jobs) m_jobs = new JobsPanel(m_workspace.jobs(), this);
    m_jobs->show();
    m_jobs->raise();
    m_jobs->activateWindow();
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() != QEvent::WindowStateChange) return;
    m_workspace.setWatched(!isMinimized());
    centralWidget()->setUpdatesEnabled(!isMinimized());  // not every system spares a window that nobody sees the painting
    const Qt::WindowStates before = static_cast<QWindowStateChangeEvent*>(event)->oldState();
    if (isFullScreen() || before.testFlag(Qt::WindowFullScreen)) return;  // its measures are the presenter's
    const bool was = before.testFlag(Qt::WindowMaximized);
    if (isMaximized() && !was) {
        m_scaleBeforeMaximising = Theme::instance().scale();
        Theme::instance().setScale(largestScaleFor(screen()->availableGeometry().size()));
    } else if (!isMaximized() && !isMinimized() && was && m_scaleBeforeMaximising > 0) {
        Theme::instance().setScale(m_scaleBeforeMaximising);
        m_scaleBeforeMaximising = 0;
    }
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!m_session.mayClose()) return event->ignore();
    saveWindowState();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.isEmpty() || !urls.front().isLocalFile()) return;
    event->acceptProposedAction();
    QStringList paths;
    for (const QUrl& url : urls)
        if (url.isLocalFile()) paths << url.toLocalFile();
    if (paths.size() > 1 && std::ranges::all_of(paths, TextActions::takes)) return emit textWanted(paths, {});
    emit fileWanted(paths.front());
}

/// Space belongs to the training, so Enter presses the button that has the focus.
bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    const bool moves = event->type() == QEvent::Show || event->type() == QEvent::Hide || event->type() == QEvent::Resize;
    if (moves && std::ranges::find(m_docked, watched) != m_docked.end()) foldIfNarrow();
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        auto* button = qobject_cast<QAbstractButton*>(watched);
        if (qobject_cast<AnswerCard*>(button) && button->isChecked()) button = nullptr;  // it is chosen: Enter goes on in the lesson
        if (button && button->window() == this && (key == Qt::Key_Return || key == Qt::Key_Enter)) {
            button->click();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::takeOver(MainWindow& old) {
    const double scale = Theme::instance().scale();
    restoreGeometry(old.saveGeometry());
    Theme::instance().setScale(scale);  // a maximised window has its own already
    m_scaleBeforeMaximising = old.m_scaleBeforeMaximising;
    m_sizeBeforeGrowing = old.m_sizeBeforeGrowing;
    m_pages->takeOver(*old.m_pages);
    m_inputBar->takeOver(*old.m_inputBar);
    m_panelFolded = old.m_panelFolded;
    showPage(old.pageIndex());
    m_split->setSecondRun(old.m_split->secondRun());
    if (old.m_jobs && old.m_jobs->isVisible()) showJobs();
}

void MainWindow::saveWindowState() const {
    QSettings settings;
    settings.setValue(geometryKey, saveGeometry());
    settings.setValue(scaleKey, m_scaleBeforeMaximising > 0 ? m_scaleBeforeMaximising : Theme::instance().scale());
    settings.setValue(pageKey, keptPageNumber(pageIndex()));
    QVariantList folded(static_cast<qsizetype>(m_panelFolded.size()), false);
    for (std::size_t i = 0; i < m_panelFolded.size(); ++i)
        folded[keptPageNumber(static_cast<int>(i))] = static_cast<bool>(m_panelFolded[i]);
    settings.setValue(foldedKey, folded);
}

void MainWindow::restoreWindowState() {
    const QSettings settings;
    Theme::instance().setScale(scales[nearestScale(settings.value(scaleKey, 1.0).toDouble())]);
    if (!restoreGeometry(settings.value(geometryKey).toByteArray())) {
        resize(firstSize);
        // With its title bar it must fit the screen, or the timeline lies below the edge.
        const QSize room = screen()->availableSize() - QSize(0, titleBarRoom);
        if (room.width() < firstSize.width() || room.height() < firstSize.height()) setWindowState(windowState() | Qt::WindowMaximized);
    }
    const QVariantList folded = settings.value(foldedKey).toList();
    int shown = 0;
    for (int i = 0; i < static_cast<int>(m_pages->size()); ++i) {
        const int kept = keptPageNumber(i);
        if (kept < folded.size()) m_panelFolded[static_cast<std::size_t>(i)] = folded[kept].toBool();
        if (kept == settings.value(pageKey, 0).toInt()) shown = i;
    }
    showPage(shown);
}

}  // namespace lab
