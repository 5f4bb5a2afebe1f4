#include "ui/window/presenter.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScreen>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/forms/experiment_panel.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/page_cover.h"
#include "ui/lessons/prediction_box.h"
#include "ui/pages/page.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"
#include "ui/window/alone.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/presenter_line.h"
#include "ui/window/timeline_bar.h"

namespace lab {
namespace {

constexpr QSizeF presentedScreen(1280 / 1.5,
                                 800 / 1.5);  ///< logical px of the whole screen: on one of 1280 x 800 letters are half again as large
constexpr double leastChange = 0.02;          ///< of the scale
constexpr int presentedMargins = 16, presentedBelow = 40;  ///< logical px, beside the part and below it

/// What the keyboard writes into.
bool takesText(const QWidget* widget) {
    return qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
           qobject_cast<const QPlainTextEdit*>(widget);
}

}  // namespace

Presenter::Presenter(MainWindow& window, LessonActions& lessons, QObject* parent) : QObject(parent), m_window(window), m_lessons(lessons) {
    window.actions().on("view.present", this, &Presenter::toggle);
}

Presenter::~Presenter() = default;

void Presenter::toggle() {
    m_on ? end() : begin();
}

Page& Presenter::page() const {
    return m_window.page();
}

void Presenter::begin() {
    if (m_window.pageIndex() < 0) return;
    if (m_window.instead()) m_window.showPage(m_window.pageIndex());
    m_before = {
        Theme::instance().scale(),   m_window.size(), m_window.windowState(), m_window.focusWidget(), m_window.experimentPanel().isFolded(),
        m_lessons.panel().isFolded()};
    m_on = true;
    m_window.layout()->setSizeConstraint(QLayout::SetNoConstraint);  // what is there for a moment in large letters enlarges no window
    if (!m_line) {
        m_line = new PresenterLine;
        m_window.centralWidget()->layout()->addWidget(m_line);
        connect(m_line, &PresenterLine::backWanted, this, [this] { go(-1); });
        connect(m_line, &PresenterLine::nextWanted, this, [this] { go(1); });
        connect(m_line, &PresenterLine::leaveWanted, this, &Presenter::end);
    }
    m_line->show();
    m_lessons.panel().setFolded(false);
    arrange();
    m_window.setWindowState(m_before.states | Qt::WindowFullScreen);
    if (m_lessons.guide().row())
        m_lessons.panel().setFocus();
    else
        m_window.centralWidget()->setFocus();
    // Who hides what is away already is not heard.
    connect(&m_window, &MainWindow::rearranges, this, [this] { m_alone.reset(); });
    connect(&m_window, &MainWindow::rearranged, this, &Presenter::arrange);
    connect(&m_window, &MainWindow::insteadChanged, this, [this] {
        if (m_window.instead()) end();
    });
    connect(&m_window.focus(), &Focus::stepChanged, this, &Presenter::say);
    connect(&m_window.focus(), &Focus::runChanged, this, &Presenter::say);
    connect(&m_lessons.guide(), &LessonGuide::stepChanged, this, &Presenter::say);
    connect(&m_lessons.guide(), &LessonGuide::stageChanged, this, &Presenter::say);
    connect(&m_window, &MainWindow::pageRefreshed, this, &Presenter::arrange);
    qApp->installEventFilter(this);
}

void Presenter::end() {
    if (!m_on) return;
    m_on = false;
    qApp->removeEventFilter(this);
    m_window.disconnect(this);
    m_window.focus().disconnect(this);
    m_lessons.guide().disconnect(this);
    m_line->hide();
    Theme::instance().setScale(m_before.scale);
    m_alone.reset();
    page().drawAgain();
    m_lessons.panel().setFolded(m_before.lessonFolded);
    m_window.experimentPanel().setFolded(m_window.instead() || m_before.panelFolded);
    m_window.setWindowState(m_before.states);
    // When the layout has its old measures.
    QTimer::singleShot(0, &m_window, [window = &m_window, size = m_before.size] {
        window->layout()->setSizeConstraint(QLayout::SetDefaultConstraint);
        if (!window->isFullScreen() && !window->isMaximized()) window->resize(size);
    });
    if (m_before.focus) m_before.focus->setFocus();
}

/// Anew when the page is another, or what it shows above all.
void Presenter::arrange() {
    QWidget* part = page().mainPart();
    if (!m_alone || m_alone->part() != part) {
        m_alone.reset();
        std::vector<QWidget*> kept{m_line, &m_lessons.panel()};
        for (QWidget* each : m_window.findChildren<PageCover*>()) kept.push_back(each);
        if (auto* problem = m_window.findChild<QWidget*>(QStringLiteral("window.problem"))) kept.push_back(problem);
        m_alone = std::make_unique<Alone>(*part, *m_window.centralWidget(), kept);
        page().drawAgain();
        enlarge(*part);
        QTimer::singleShot(0, this, [this] {
            if (m_on) enlarge(*page().mainPart());  // when its layout has its new measures
        });
    }
    say();
}

/// As large as the screen lets it be, whole.
void Presenter::enlarge(const QWidget& part) {
    Theme& theme = Theme::instance();
    const QSizeF screen = m_window.screen()->size(),
                 least = QSizeF(part.minimumSizeHint().expandedTo(page().minimumSizeHint())) / theme.scale();
    const double beside = m_lessons.panel().isHidden() ? presentedMargins : presentedMargins + m_lessons.panel().width() / theme.scale();
    const double width = std::max(presentedScreen.width(), least.width() + beside),
                 height = std::max(presentedScreen.height(), least.height() + presentedBelow);
    const double scale = std::max(1.0, std::min(screen.width() / width, screen.height() / height));
    if (std::abs(scale - theme.scale()) > leastChange) theme.setScale(scale);
}

/// Those with a pin and both ends, else all that are kept.
std::vector<std::int64_t> Presenter::moments() const {
    std::vector<std::int64_t> steps;
    const Run* run = m_window.focus().run();
    if (!run) return steps;
    const auto& kept = run->history().checkpoints();
    for (const CheckpointPtr& each : kept)
        if (run->history().pins().empty() || each == kept.front() || each == kept.back() || run->history().pins().contains(each->step))
            steps.push_back(each->step);
    return steps;
}

Presenter::Station Presenter::station() const {
    const LessonGuide& guide = m_lessons.guide();
    if (guide.row()) return {std::max(guide.index(), 0), static_cast<int>(guide.row()->lesson.steps.size())};
    if (const QStringList stages = page().walkedStages(); !stages.isEmpty())
        return {static_cast<int>(stages.indexOf(page().stage())), static_cast<int>(stages.size())};
    const std::vector<std::int64_t> steps = moments();
    const std::int64_t shown = m_window.focus().wantedStep();
    const auto behind = std::ranges::upper_bound(steps, shown);
    return {static_cast<int>(behind - steps.begin()) - 1, static_cast<int>(steps.size())};
}

void Presenter::say() {
    const LessonGuide& guide = m_lessons.guide();
    const Station at = station();
    QStringList what{page().title(), m_window.session().shownTitle()};
    if (page().showsWeights() && m_window.focus().run()) what << TimelineBar::tr("step %1").arg(grouped(m_window.focus().shownStep()));
    if (guide.row() && guide.stage() == LessonGuide::Stage::asking) what << PageCover::tr("Predict first");
    const QString counter = LessonList::tr("%1 of %2").arg(std::min(at.now + 1, at.count)).arg(at.count);
    m_line->setTexts(what.join(QStringLiteral(" \u00b7 ")), at.count > 1 ? counter : QString());
}

void Presenter::go(int by) {
    if (m_lessons.guide().row()) return goInLesson(by);
    const Station at = station();
    const int to = at.now + by;
    if (to < 0 || to >= at.count) return;
    if (const QStringList stages = page().walkedStages(); !stages.isEmpty()) {
        page().showStage(stages[to], {});
        return arrange();
    }
    m_window.focus().showStep(moments()[static_cast<std::size_t>(to)]);
}

/// What the lesson's own buttons do; a prediction comes before what follows it.
void Presenter::goInLesson(int by) {
    LessonGuide& guide = m_lessons.guide();
    if (by < 0) return guide.back();
    if (guide.isBehindTheLast()) return;
    guide.stage() == LessonGuide::Stage::done ? guide.next() : guide.act();
}

bool Presenter::isKey(int key) const {
    if (key == Qt::Key_Escape || key == Qt::Key_PageDown || key == Qt::Key_PageUp) return true;
    if (key != Qt::Key_Right && key != Qt::Key_Left && key != Qt::Key_Space) return false;
    const QWidget* focused = m_window.focusWidget();
    const PredictionBox* box = m_lessons.guide().row() ? m_lessons.panel().box() : nullptr;
    return !takesText(focused) && !(box && focused && box->isAncestorOf(focused));
}

/// Before any shortcut, and before what has the keyboard.
bool Presenter::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Close && watched == &m_window) end();  // what is kept for the next start is not this
    if (!m_on || (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)) return false;
    const auto* widget = qobject_cast<QWidget*>(watched);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool here = widget && widget->window() == &m_window && !QApplication::activePopupWidget();
    if (!here || (key->modifiers() & ~Qt::KeypadModifier) || !isKey(key->key())) return false;
    event->accept();
    if (event->type() == QEvent::ShortcutOverride) return true;
    if (key->key() == Qt::Key_Escape)
        end();
    else
        go(key->key() == Qt::Key_PageUp || key->key() == Qt::Key_Left ? -1 : 1);
    return true;
}

}  // namespace lab
