#include "ui/window/write_actions.h"

#include <QApplication>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/config/experiment_json.h"
#include "core/lessons/settings_between.h"
#include "ui/documents/document_source.h"
#include "ui/lessons/lesson_editor.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/notice_strip.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/lesson_papers.h"
#include "ui/window/main_window.h"

namespace lab {
namespace {

constexpr int keepAfter = 800;  ///< ms behind the last key

QStringList lessonActionNames(const Actions& actions) {
    QStringList names = {QStringLiteral("train.toggle"), QStringLiteral("train.step")};
    for (const QAction* action : actions.all())
        if (!action->objectName().isEmpty() && !names.contains(action->objectName())) names << action->objectName();
    return names;
}

bool isSame(const LessonRow& a, const LessonRow& b) {
    return a.lesson == b.lesson && a.texts == b.texts;
}

bool isEmptyLesson(const LessonRow& row) {
    return row.lesson == Lesson{} && withoutEmptyTexts(row).texts.empty();
}

}  // namespace

WriteActions::WriteActions(MainWindow& window, LessonActions& lessons, const QString& draftFile, QObject* parent)
    : QObject(parent),
      m_window(window),
      m_lessons(lessons),
      m_draft(draftFile),
      m_editor(new LessonEditor(lessonActionNames(window.actions()))),
      m_recorder(new LessonRecorder(m_editor->recordedRow(), this)),
      m_bar(named("write.bar", new NoticeStrip)) {
    window.dock(m_editor);
    window.addStrip(m_bar);
    m_editor->hide();
    m_bar->hide();
    m_keeping.setSingleShot(true);
    m_keeping.setInterval(keepAfter);
    readDraft();
    QAction* write = window.actions().on("lessons.write", this, &WriteActions::open);
    connect(&lessons, &LessonActions::writeWanted, write, &QAction::trigger);
    connect(&m_keeping, &QTimer::timeout, this, &WriteActions::keep);
    connect(m_editor, &LessonEditor::changed, &m_keeping, qOverload<>(&QTimer::start));
    connect(m_editor, &LessonEditor::changed, this, [this] { m_written = m_editor->row(); });
    connect(m_editor, &LessonEditor::recordWanted, this, &WriteActions::record);
    connect(m_editor, &LessonEditor::openWanted, this, &WriteActions::askWhich);
    connect(m_editor, &LessonEditor::checkWanted, this, &WriteActions::check);
    connect(m_editor, &LessonEditor::tryWanted, this, &WriteActions::tryIt);
    connect(m_editor, &LessonEditor::saveWanted, this, &WriteActions::askWhere);
    connect(m_editor, &LessonEditor::offerTaken, this, [this] {
        if (const auto offered = std::exchange(m_offered, nullptr)) offered();
    });
    connect(m_editor, &LessonEditor::closeWanted, this, &WriteActions::close);
    connect(m_editor, &LessonEditor::placeWanted, this, &WriteActions::showHere);
    connect(m_recorder, &LessonRecorder::recorded, this, &WriteActions::showRecording);
    connect(&window.focus(), &Focus::runChanged, this, &WriteActions::takeRun, Qt::QueuedConnection);
    connect(&window.focus(), &Focus::inputChanged, this, &WriteActions::takeInput, Qt::QueuedConnection);
    connect(&lessons.guide(), &LessonGuide::stepChanged, this, [this] {
        if (m_tried && !m_lessons.guide().row() && m_editor->isHidden() && !m_recorder->isOn()) m_editor->show();
    });
    for (QAction* action : window.actions().all())
        connect(action, &QAction::triggered, this, [this, name = action->objectName()] {
            m_recorder->act(name);
            if (!name.startsWith(QLatin1String("train."))) lookSoon();
        });
}

WriteActions::~WriteActions() {
    if (m_recorder->isOn()) qApp->removeEventFilter(this);
    if (m_editor || m_keeping.isActive()) keep();
}

void WriteActions::open() {
    if (m_recorder->isOn()) return;
    m_window.showPage(m_window.pageIndex());
    if (isEmptyLesson(m_editor->row())) return record();
    m_editor->show();
    m_editor->setFocus();
}

void WriteActions::close() {
    m_editor->hide();
    keep();
}

void WriteActions::record() {
    if (m_lessons.guide().row()) m_lessons.close();
    m_editor->hide();
    begin();
    m_recorder->begin(place());
    qApp->installEventFilter(this);
    showRecording();
}

/// What a new lesson opens is what is open now.
void WriteActions::begin() {
    LessonRow& row = m_editor->recordedRow();
    Session& session = m_window.session();
    m_run = nullptr;
    takeRun();
    if (row.lesson.steps.empty() && row.lesson.preset.empty() && row.lesson.example.empty() && !session.presetName().empty()) {
        const std::string prefix = examplePrefix, name = session.presetName();
        const bool example = name.starts_with(prefix);
        (example ? row.lesson.example : row.lesson.preset) = example ? name.substr(prefix.size()) : name;
        if (!example) row.lesson.set = settingsBetween(presetSource(name).experiment, session.experiment());
    }
    m_base = session.experiment();
}

void WriteActions::stopRecording() {
    if (!m_recorder->isOn()) return;
    qApp->removeEventFilter(this);
    m_recorder->end();
    m_bar->hide();
    m_editor->refresh();
    m_editor->show();
    m_editor->setFocus();
}

void WriteActions::showRecording() {
    if (!m_recorder->isOn()) return;
    const Lesson& lesson = m_editor->row().lesson;
    QString last;
    if (!lesson.steps.empty()) {
        const LessonStep& step = lesson.steps.back();
        QStringList parts{qt(step.show)};
        if (step.act) parts << qt(step.act->action.empty() ? step.act->input : step.act->action) << qt(step.act->until);
        parts.removeAll(QString());
        last = QStringLiteral("%1: %2").arg(qt(step.id), parts.join(QStringLiteral(" \u00b7 ")));
    }
    m_bar->setTexts(tr("\u25cf Recording: what you do becomes steps of the lesson"), last);
    if (m_bar->isHidden()) {
        m_bar->clearActions();
        connect(m_bar->addAction(tr("Next step")), &Button::clicked, m_recorder, &LessonRecorder::nextStep);
        connect(m_bar->addAction(tr("Open a lesson\u2026")), &Button::clicked, this, [this] {
            stopRecording();
            askWhich();
        });
        connect(m_bar->addAction(tr("Stop recording")), &Button::clicked, this, &WriteActions::stopRecording);
        m_bar->show();
    }
    m_keeping.start();
}

/// Before a click or a key the window may have changed by itself; behind it, the person changed it.
bool WriteActions::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::MouseButtonPress:
        case QEvent::KeyPress:
        case QEvent::ShortcutOverride:
            if (watched->isWindowType()) m_recorder->drift(place());
            break;
        case QEvent::MouseButtonRelease:
        case QEvent::KeyRelease:
            if (watched->isWindowType()) lookSoon();
            break;
        default:
            break;
    }
    return QObject::eventFilter(watched, event);
}

/// When what was clicked has come about.
void WriteActions::lookSoon() {
    if (m_recorder->isOn()) QTimer::singleShot(0, m_recorder, [this] { m_recorder->look(place()); });
}

Place WriteActions::place() const {
    Place place = m_window.place();
    place.run.clear();
    if (m_window.focus().live()) place.step.reset();
    return place;
}

Experiment WriteActions::asked() const {
    return m_window.session().experiment();
}

void WriteActions::takeRun() {
    Run* run = m_window.focus().run();
    if (run == m_run) return;
    if (m_run) disconnect(m_run, nullptr, this, nullptr);
    m_run = run;
    m_tokens = m_window.focus().input().tokens;  // what it reads at first is nobody's act
    m_trainedTo = run ? run->step() : 0;
    if (!run) return;
    connect(run, &Run::stateChanged, this, &WriteActions::takeTraining);
    connect(run, &Run::metricsExtended, this, &WriteActions::takeTraining);  // the last of them come behind the pause
    if (m_recorder->isOn()) m_recorder->start(settingsBetween(m_base, asked()));
}

void WriteActions::takeTraining() {
    if (!m_run || m_run->state() == Run::State::training) return;
    if (m_run->step() != m_trainedTo) m_recorder->trained(m_run->step());
    m_trainedTo = m_run->step();
}

void WriteActions::takeInput() {
    Focus& focus = m_window.focus();
    Run* run = focus.run();
    if (!m_recorder->isOn() || !run || run != m_run || focus.input().tokens == m_tokens) return;
    m_tokens = focus.input().tokens;
    if (m_tokens.empty() || !focus.input().targetTokens.empty()) return;
    const Tokenizer& tokenizer = run->dataset()->tokenizer();
    const std::string text = tokenizer.decode(focus.input().tokens);
    try {
        if (tokenizer.encode(text) == focus.input().tokens) m_recorder->read(text);
    } catch (const InputError&) {  // it cannot be typed
    }
}

void WriteActions::showHere(std::size_t step) {
    LessonStep& now = m_editor->recordedRow().lesson.steps[step];
    const Place here = place();
    now.show = shownPlaceOf(here);
    now.step = here.step ? std::to_string(*here.step) : "latest";
}

void WriteActions::check() {
    if (!m_editor->isWhole()) return;
    m_editor->setPlaying(true);
    m_playing = playBeside(m_window, withoutEmptyTexts(m_editor->row()), tr("Play %1").arg(qt(m_editor->row().lesson.id)), false);
    connect(m_playing.get(), &Job::changed, this, [this] {
        if (m_playing->ended()) m_editor->setPlaying(false);
    });
    connect(m_playing.get(), &Job::failed, m_editor, [this](const QString& why) { m_editor->say(why); });
    connect(m_playing.get(), &Job::finished, m_editor, [this, asked = m_editor->row()] {
        const auto played = m_playing->result<PlayedLesson>();
        if (played && asked.lesson == m_editor->row().lesson) m_editor->setFindings(played->findings);
    });
}

void WriteActions::tryIt() {
    if (!m_editor->isWhole()) return;
    if (m_lessons.guide().row()) m_lessons.close();
    if (m_lessons.guide().row()) return;  // one that is pinned stays
    m_tried = withoutEmptyTexts(m_editor->row());
    m_editor->hide();
    m_lessons.start(*m_tried);
    if (!m_lessons.guide().row()) m_editor->show();
}

void WriteActions::askWhich() {
    const QString file = QFileDialog::getOpenFileName(&m_window, tr("Open a lesson"), m_folder, tr("Lessons (*.json)"));
    if (!file.isEmpty()) openFile(file);
}

void WriteActions::openFile(const QString& file) {
    try {
        const LessonRow read = readLesson(pathOf(file));
        const auto take = [this, read, folder = QFileInfo(file).absolutePath()] {
            m_folder = folder;
            m_editor->setRow(read);
            m_saved = m_editor->row();
            m_written = m_editor->row();
            m_keeping.start();
        };
        if (isEmptyLesson(m_editor->row()) || (m_saved && isSame(*m_saved, m_editor->row()))) return take();
        m_offered = take;
        m_editor->say(tr("What is written here is not saved."), tr("Open without it"));
    } catch (const InputError& error) {
        m_editor->say(shown(error.message()));
    }
}

void WriteActions::askWhere() {
    if (!m_editor->isWhole()) return;
    const QString folder = QFileDialog::getExistingDirectory(&m_window, tr("Save the lesson into a folder"), m_folder);
    if (!folder.isEmpty()) saveTo(folder);
}

void WriteActions::saveTo(const QString& folder) {
    m_folder = folder;
    const auto there = filesInTheWay(m_editor->row(), pathOf(folder));
    if (there.empty()) return replace();
    QStringList names;
    for (const auto& file : there) names << qt(utf8Text(file.filename()));
    m_offered = [this] { replace(); };
    m_editor->say(tr("There already: %1").arg(names.join(QStringLiteral(", "))), tr("Replace them"));
}

void WriteActions::replace() {
    try {
        writeLesson(m_editor->row(), pathOf(m_folder));
        m_saved = m_editor->row();
        m_editor->say(tr("Saved: %1").arg(m_folder + QLatin1Char('/') + qt(m_editor->row().lesson.id) + QStringLiteral(".json")));
    } catch (const InputError& error) {
        m_editor->say(shown(error.message()));
    }
}

void WriteActions::keep() {
    m_keeping.stop();
    if (m_editor) m_written = m_editor->row();
    try {
        if (isEmptyLesson(m_written))
            QFile::remove(m_draft.path());
        else
            replaceFile(pathOf(m_draft.path()), {draftText(m_written)});
    } catch (const InputError& error) {
        if (m_editor) m_editor->say(shown(error.message()));
    }
}

void WriteActions::readDraft() {
    if (!QFileInfo::exists(m_draft.path())) return;
    try {
        m_editor->setRow(lab::readDraft(readFile(pathOf(m_draft.path()))));
    } catch (const InputError& error) {
        QFile::rename(m_draft.path(), m_draft.path() + QStringLiteral(".unreadable"));  // nothing of it is written over
        m_editor->say(shown(error.message()));
    }
}

}  // namespace lab
