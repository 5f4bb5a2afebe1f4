#include "ui/window/lesson_actions.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QTimer>

#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/data/loaded_task.h"
#include "core/learn/lesson_file.h"
#include "core/model/model.h"
#include "ui/documents/document_source.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/page_cover.h"
#include "ui/lessons/target_frame.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/taken.h"
#include "ui/window/input_bar.h"
#include "ui/window/lesson_papers.h"
#include "ui/window/main_window.h"
#include "ui/window/split_view.h"
#include "ui/window/window_settings.h"

namespace lab {
namespace {

/// Goes on with the text that it reads.
bool isLanguageModel(const Run* run) {
    if (!run || !run->dataset()->tokenizer().isText()) return false;
    const ModelConfig& config = run->model()->config();
    return config.architecture == Architecture::decoder && specOf(config.output.kind).projects;
}

}  // namespace

LessonActions::LessonActions(MainWindow& window, WindowSettings& settings, const QString& file, QObject* parent, LessonActions* before)
    : QObject(parent),
      m_window(window),
      m_settings(settings),
      m_ownFolder(QFileInfo(file).path() + QStringLiteral("/lessons")),
      m_kept(before ? before->m_kept : std::make_shared<Course>(Course{LessonProgress(file), nullptr, {}, {}, {}})),
      m_progress(m_kept->progress),
      m_guide(m_kept->guide ? m_kept->guide.get() : new LessonGuide(window.focus(), *this, m_progress)),
      m_panel(new LessonPanel(*m_guide, window.focus())),
      m_course(new LessonList(m_progress)),
      m_target(new TargetFrame(&window)),
      m_cover(new PageCover(&window.split())),
      m_before(m_kept->before),
      m_own(m_kept->own),
      m_ownFile(m_kept->ownFile) {
    if (!m_kept->guide) m_kept->guide.reset(m_guide);
    window.dock(m_panel);
    setShown(*m_panel, false);
    m_instead = window.addInstead(m_course);
    window.actions().on("lessons.show", this, &LessonActions::toggleCourse);
    window.actions().on("lessons.pin", this, &LessonActions::togglePin);
    window.actions().allow(QStringLiteral("lessons.pin"), false);
    auto* tool = named("window.transport.lessons", new Button(tr("Lessons")));
    tool->setKeycap(QStringLiteral("F2"));
    tool->setHeight(28);
    tool->setFocusPolicy(Qt::TabFocus);
    connect(tool, &QAbstractButton::clicked, this, &LessonActions::toggleCourse);
    window.addTool(tool);
    connect(m_course, &LessonList::closeWanted, this, &LessonActions::leaveCourse);
    connect(m_course, &LessonList::lessonWanted, this, [this](const LessonRow* row, int step) { start(*row, step); });
    connect(m_course, &LessonList::ownWanted, this, &LessonActions::startFile);
    connect(m_course, &LessonList::partsWanted, this, &LessonActions::partsWanted);
    connect(m_course, &LessonList::folderWanted, this, &LessonActions::chooseFolder);
    connect(m_course, &LessonList::writeWanted, this, &LessonActions::writeWanted);
    auto* papers = new LessonPapers(window, this);
    connect(m_course, &LessonList::paperWanted, papers, [papers](const LessonRow* row, bool solution) {
        papers->ask(*row, solution ? LessonPaper::Kind::solution : LessonPaper::Kind::handout);
    });
    connect(m_course, &LessonList::exportWanted, this, &LessonActions::exportAnswers);
    connect(m_course, &LessonList::fileWanted, this, [this] {
        const QString path = QFileDialog::getOpenFileName(&m_window, tr("Open a lesson"), {}, tr("Lessons (*.json)"));
        if (!path.isEmpty()) startFile(path);
    });
    // A lesson, and what stands in the place of the page, have an amber button of their own.
    connect(&window, &MainWindow::insteadChanged, this, &LessonActions::showAmber);
    connect(&window.workspace(), &Workspace::runAboutToBeRemoved, m_guide, &LessonGuide::forget, Qt::UniqueConnection);
    connect(m_panel, &LessonPanel::closeWanted, this, &LessonActions::close);
    connect(m_panel, &LessonPanel::pinWanted, this, &LessonActions::togglePin);
    connect(m_panel, &LessonPanel::courseWanted, this, [this] {
        if (!mayLeave()) return;
        close();
        toggleCourse();
    });
    connect(m_guide, &LessonGuide::stepChanged, this, &LessonActions::showPin);
    if (before) goOn(*before);
}

LessonActions::~LessonActions() = default;

void LessonActions::goOn(const LessonActions& before) {
    m_guide->setHost(*this);
    if (m_guide->row()) {
        m_panel->takeOver(*before.m_panel);
        setShown(*m_panel, true);
        showAmber();
        showPin();
    }
    if (before.m_course->isVisible()) toggleCourse();
}

void LessonActions::toggleCourse() {
    if (m_course->isVisible()) return leaveCourse();
    showFolder();
    m_window.showInstead(m_instead);
    m_course->setFocus();
}

void LessonActions::leaveCourse() {
    m_window.showPage(m_window.pageIndex());
}

void LessonActions::showAmber() {
    trainButton().setPlain(m_window.instead() || (m_guide->row() && !isTaken(*m_panel)));
}

/// Reads the folders anew: who writes a lesson looks at it here.
void LessonActions::showFolder() {
    std::vector<std::filesystem::path> folders{pathOf(m_ownFolder)};
    const QString chosen = m_settings.lessonFolder();
    if (!chosen.isEmpty()) folders.insert(folders.begin(), pathOf(chosen));
    m_course->setOwn(lessonsIn(folders), chosen);
    m_course->refresh();
}

void LessonActions::chooseFolder() {
    const QString folder = QFileDialog::getExistingDirectory(&m_window, tr("Folder of your own lessons"), m_settings.lessonFolder());
    if (folder.isEmpty()) return;
    m_settings.setLessonFolder(folder);
    showFolder();
}

void LessonActions::start(const LessonRow& row, int step) {
    if (!mayLeave()) return;
    if (m_guide->row()) close();
    if (&row != own()) m_ownFile.clear();
    m_window.showPage(m_window.pageIndex());
    if (!m_guide->begin(row, step)) return;
    m_panel->setFolded(false);
    setShown(*m_panel, true);
    m_panel->setFocus();
    QTimer::singleShot(0, m_panel, [this] { m_panel->setFocus(); });  // a page that is shown now takes it
    showAmber();
}

bool LessonActions::takes(const QString& path) {
    return QFileInfo(path).suffix().compare(QLatin1String("json"), Qt::CaseInsensitive) == 0 && isLessonFile(pathOf(path));
}

void LessonActions::startFile(const QString& path, int step) {
    if (!mayLeave()) return;
    try {
        LessonRow read = readLesson(pathOf(path));
        if (m_guide->row()) close();  // it may be the one that is replaced
        m_own = std::move(read);
        m_ownFile = QFileInfo(path).absoluteFilePath();
        start(*m_own, step);
    } catch (const InputError& error) {
        m_window.showProblem(tr("The lesson cannot be opened"), shown(error.message()));
    }
}

PrimaryButton& LessonActions::trainButton() const {
    return *m_window.findChild<PrimaryButton*>(QStringLiteral("window.transport.train"));
}

void LessonActions::begin(const QString& name) {
    const QString wanted = name.isEmpty() ? m_settings.pinnedLesson() : name;
    if (wanted.isEmpty()) return;
    if (const LessonRow* row = QFileInfo::exists(wanted) ? nullptr : courseLesson(wanted.toStdString()))
        start(*row, stepOf(row->lesson));
    else
        startFile(wanted);
    if (name.isEmpty() && !m_guide->row()) m_settings.setPinnedLesson({});  // it is gone, and was told
}

/// Where it was left; a lesson that was walked through begins anew.
int LessonActions::stepOf(const Lesson& lesson) const {
    return m_progress.isDone(lesson) ? 0 : m_progress.stepsDone(lesson);
}

QString LessonActions::nameOfOpen() const {
    if (!m_guide->row()) return {};
    return m_guide->row() == own() ? m_ownFile : qt(m_guide->row()->lesson.id);
}

bool LessonActions::isPinned() const {
    return m_guide->row() && nameOfOpen() == m_settings.pinnedLesson();
}

void LessonActions::togglePin() {
    if (m_guide->row()) m_settings.setPinnedLesson(isPinned() ? QString() : nameOfOpen());
    showPin();
}

void LessonActions::showPin() {
    m_window.actions().allow(QStringLiteral("lessons.pin"), m_guide->row() != nullptr);
    m_panel->setPinned(isPinned());
}

bool LessonActions::mayLeave() {
    if (isPinned()) m_window.showProblem(tr("The lesson is pinned"), tr("Let it go first: the button Pinned, or the action of that name."));
    return !isPinned();
}

void LessonActions::close() {
    if (isPinned()) return;
    setShown(*m_panel, false);
    m_guide->end();
    showAmber();
}

Run* LessonActions::openFor(const Lesson& lesson) {
    Session& session = m_window.session();
    if (!m_before) m_before = Before{m_window.focus().run(), session.presetName(), session.path(), m_window.place()};
    Run* run = open(lesson, lesson.set);
    if (run && !lesson.input.empty()) read(QString::fromStdString(lesson.input));
    return run;
}

Run* LessonActions::open(const Lesson& lesson, const std::map<std::string, std::string>& settings) {
    Session& session = m_window.session();
    try {
        const std::string name = lesson.example.empty() ? lesson.preset : examplePrefix + lesson.example;
        if (name.empty()) return session.run();
        if (lesson.opened && isLanguageModel(m_window.focus().run())) return m_window.focus().run();
        if (settings.empty()) return session.openPreset(name) ? session.run() : nullptr;
        Experiment experiment = presetSource(name).experiment;
        for (const auto& [path, value] : settings) setJson(experiment, path, value);
        return session.openSettings(experiment, {}, loadTask(experiment, {})) ? session.run() : nullptr;
    } catch (const InputError& error) {
        m_window.showProblem(tr("The lesson cannot be opened"), shown(error.message()));
        return nullptr;
    }
}

Run* LessonActions::startWith(const Lesson& lesson, const std::map<std::string, std::string>& settings) {
    std::map<std::string, std::string> all = lesson.set;
    for (const auto& [path, value] : settings) all[path] = value;
    return open(lesson, all);
}

void LessonActions::look(const Place& place) {
    // An example that an earlier step showed would hide the model.
    const Place model{.page = QStringLiteral("explain"), .stage = exampleStage + QStringLiteral("none")};
    if (place.page == model.page && !place.stage.startsWith(exampleStage)) m_window.showPlace(model);
    m_window.showPlace(place);
}

void LessonActions::read(const QString& input) {
    Run* run = m_window.focus().run();
    if (!run) return;
    try {
        Input typed;
        typed.tokens = run->dataset()->tokenizer().encode(input.toStdString(), false);
        m_window.focus().setInput(typed);
    } catch (const InputError& error) {
        m_window.showProblem(tr("The lesson\u2019s input cannot be read"), shown(error.message()));
    }
}

void LessonActions::comeBack() {
    if (!m_before) return;
    const Before before = *std::exchange(m_before, std::nullopt);
    Session& session = m_window.session();
    if (before.run)
        m_window.focus().setRun(before.run);
    else if (!before.file.isEmpty())
        session.openFile(before.file);
    else if (!before.preset.empty())
        session.openPreset(before.preset);
    m_window.showPlace(before.place);
}

/// An action by the button that does it, anything else by its name.
QWidget* LessonActions::widgetOf(const std::string& name) const {
    const QString wanted = QString::fromStdString(name);
    // A page that was not needed yet is made for its widget.
    if (const int page = m_window.indexOf(wanted.section(QLatin1Char('.'), 0, 0)); page >= 0)
        m_window.pages()[static_cast<std::size_t>(page)];
    if (auto* widget = m_window.findChild<QWidget*>(wanted)) return widget;
    for (QWidget* widget : m_window.findChildren<QWidget*>())
        if (widget->property(actionProperty).toString() == wanted) return widget;
    return nullptr;
}

void LessonActions::highlight(const std::vector<std::string>& names) {
    m_target->setTarget(names.empty() ? nullptr : widgetOf(names.front()));
}

void LessonActions::cover(bool covered) {
    m_cover->setCovering(covered);
}

void LessonActions::exportAnswers() {
    const QString file = QFileDialog::getSaveFileName(&m_window, tr("Save answers"), QStringLiteral("lessons.csv"), tr("CSV (*.csv)"));
    if (file.isEmpty()) return;
    try {
        m_progress.exportTo(file);
    } catch (const InputError& error) {
        m_window.showProblem(tr("The answers could not be saved"), shown(error.message()));
    }
}

}  // namespace lab
