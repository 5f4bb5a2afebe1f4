#include "ui/window/file_actions.h"

#include <QActionGroup>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>
#include <cstdio>

#include "core/base/files.h"
#include "core/data/loaded_task.h"
#include "core/io/session_file.h"
#include "core/tasks/model_tokens.h"
#include "ui/documents/document_source.h"
#include "ui/forms/experiment_panel.h"
#include "ui/forms/settings_form.h"
#include "ui/runs/session_view.h"
#include "ui/text/data_text.h"
#include "ui/text/language.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/theme.h"
#include "ui/window/about_dialog.h"
#include "ui/window/action_table.h"
#include "ui/window/actions.h"
#include "ui/window/ask_actions.h"
#include "ui/window/compare_actions.h"
#include "ui/window/compression_dialog.h"
#include "ui/window/experiments_dialog.h"
#include "ui/window/guide_actions.h"
#include "ui/window/help_actions.h"
#include "ui/window/lesson_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/own_data_actions.h"
#include "ui/window/presenter.h"
#include "ui/window/preset_menu.h"
#include "ui/window/serve_button.h"
#include "ui/window/serve_dialog.h"
#include "ui/window/start_actions.h"
#include "ui/window/sweep_actions.h"
#include "ui/window/teacher_actions.h"
#include "ui/window/text_actions.h"
#include "ui/window/timeline_bar.h"
#include "ui/window/write_actions.h"

namespace lab {
namespace {

QString fileFilters() {
    const QStringList filters = {
        FileActions::tr("Experiments, checkpoints, pairs, sweeps, own data (*.json *.safetensors *.tsv *.csv *.txt)"),
        FileActions::tr("Experiments (*.json)"),
        FileActions::tr("Checkpoints (*.safetensors)"),
        FileActions::tr("Pairs, own texts and tables (*.tsv *.csv *.txt)"),
        FileActions::tr("Results of sweeps (*.csv)"),
        FileActions::tr("Models of other programs (*.gguf *.safetensors)"),
        FileActions::tr("All files (*)")};
    return filters.join(QStringLiteral(";;"));
}

/// A name that leaves room for the buttons behind it.
constexpr qsizetype longestName = 40;

QString defaultSessionFile() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/session.safetensors");
}

/// Where the program keeps what it keeps by itself.
QString folderOfSession(const QString& sessionFile) {
    return QFileInfo(sessionFile.isEmpty() ? defaultSessionFile() : sessionFile).path();
}

WindowSettings settingsOf(const QString& file) {
    return file.isEmpty() ? WindowSettings() : WindowSettings(file);
}

/// A model of another program has no training to be seen: its maps are what it is opened for.
void showWhatWasMade(MainWindow& window, const Run* run) {
    const bool elsewhere = run && madeElsewhere(run->experiment().task) && run->step() == 0;
    if (elsewhere && (window.instead() || window.pageIndex() == window.indexOf(QStringLiteral("train"))))
        window.showPage(window.indexOf(QStringLiteral("maps")));
}

}  // namespace

FileActions::FileActions(MainWindow& window, const QString& settingsFile, const QString& sessionFile, FileActions* before)
    : QObject(&window),
      m_window(window),
      m_settings(settingsOf(settingsFile)),
      m_session(window.session()),
      m_keeper(m_session.keepIn(sessionFile.isEmpty() ? defaultSessionFile() : sessionFile)),
      m_ownData(new OwnDataActions(window, m_settings, this)),
      m_texts(new TextActions(window, m_settings, this)) {
    Theme::instance().setMode(m_settings.themeMode());
    auto* ask = new AskActions(window, this);
    makeFileMenu();
    new PresetMenu(*window.presetMenu(), m_session, this);
    new CompareActions(window, this);
    m_sweeps = new SweepActions(window, m_settings, *m_sweepMenu, this);
    m_lessons = new LessonActions(window, m_settings, folderOfSession(sessionFile) + QStringLiteral("/lessons.csv"), this,
                                  before ? before->m_lessons : nullptr);
    connect(ask, &AskActions::lessonWanted, m_lessons, &LessonActions::goOnWith);
    new GuideActions(window, this);
    m_start = new StartActions(window, m_settings, *m_lessons, this);
    new Presenter(window, *m_lessons, this);
    m_view->insertAction(window.actions().find(QStringLiteral("panel.toggle")), window.actions().find(QStringLiteral("view.present")));
    connect(m_start, &StartActions::recentWanted, this, &FileActions::openRecent);
    new TeacherActions(window, m_settings, *m_lessons, this);
    if (before) before->m_writing->keep();
    m_writing = new WriteActions(window, *m_lessons, folderOfSession(sessionFile) + QStringLiteral("/lesson-draft.json"), this);
    connectSession();
    connectKeeper();
}

FileActions::~FileActions() {
    if (m_session.host() == this) m_session.setHost(nullptr);
}

void FileActions::takeOver(const FileActions& before) {
    m_sweeps->takeOver(*before.m_sweeps);
    if (!before.m_window.notice().isHidden() && before.m_offers) offerSession();
    if (before.m_serve && before.m_serve->isVisible()) showServing();
    m_help->takeOver(*before.m_help);
}

void FileActions::begin(const std::optional<std::filesystem::path>& file) {
    QString what, where;
    const auto watch = connect(&m_session, &Session::failed, this, [&](const QString& thing, const QString& reason) {
        what = thing;
        where = reason;
    });
    const QString path = file ? QString::fromStdString(utf8Text(*file)) : QString();
    const bool isElse =
        TextActions::takes(path) || OwnDataActions::takes(path) || SweepActions::isOfASweep(path) || LessonActions::takes(path);
    const bool isDocument = file && (holdsWeights(path) || !isElse);
    const bool later = isDocument && takesLongToRead(path);  // meanwhile there is something to look at
    const bool opened = isDocument && !later && m_session.openFile(path);
    const bool reading = later || m_session.isReading();
    disconnect(watch);
    if (opened) return;
    m_session.openPreset("reverse");
    m_window.workspace().jobs().clearEnded();
    if (reading) {
        m_session.openFile(path);
        return;
    }
    if (!file) offerSession();
    if (file && !isDocument) open(path);
    // Another run clears what stood there; the named file is still worth a sentence.
    if (!what.isEmpty()) m_window.showProblem(what, where);
}

void FileActions::beginLesson(const QString& name) {
    m_lessons->begin(name);
}

bool FileActions::open(const QString& path) {
    if (holdsWeights(path)) return m_session.openFile(path);
    if (TextActions::takes(path)) return m_texts->open({path}) != nullptr;
    if (OwnDataActions::takes(path)) return m_ownData->open(path) != nullptr;
    if (LessonActions::takes(path)) {
        m_lessons->begin(path);
        return true;
    }
    if (!SweepActions::isOfASweep(path)) return m_session.openFile(path);
    m_sweeps->open(path);
    return true;
}

void FileActions::end() {
    m_sweeps->stop();
    m_window.workspace().stop();
    const QString error = m_keeper.saveAtEnd();
    if (!error.isEmpty()) std::fprintf(stderr, "error: the session could not be kept: %s\n", qPrintable(error));
}

void FileActions::connectSession() {
    m_session.setHost(this);
    connect(&m_window, &MainWindow::fileWanted, this, &FileActions::open);
    connect(&m_window, &MainWindow::textWanted, m_texts, &TextActions::open);
    connect(m_texts, &TextActions::tableWanted, this, [this](const QString& path) { m_ownData->open(path); });
    connect(&m_session, &Session::sessionOpened, this, &FileActions::showSession);
    connect(&m_session, &Session::documentChanged, this, &FileActions::saySaving);
    const auto allowBack = [this] { m_window.actions().allow(QStringLiteral("file.back"), m_session.canBringBack()); };
    connect(&m_session, &Session::documentChanged, this, allowBack);
    connect(&m_window.workspace(), &Workspace::runRemoved, this, allowBack);
    allowBack();
    const auto remember = [this](const QString& path) {
        if (path.isEmpty()) return;
        m_settings.addRecentFile(path);
        fillRecentMenu();
    };
    connect(&m_session, &Session::opened, this, remember);
    connect(&m_session, &Session::opened, this, [this] { showWhatWasMade(m_window, m_session.run()); });
    connect(&m_session, &Session::saved, this, remember);
}

void FileActions::connectKeeper() {
    const QString what = tr("The session could not be saved");
    connect(&m_keeper, &SessionKeeper::failed, this, [this, what](const QString& error) {
        const QString outlook = m_session.closesNow() ? tr("Close once more to close without it.") : tr("It is tried again every minute.");
        m_window.showProblem(what, tr("%1. What was saved before is still there. %2").arg(error, outlook));
    });
    connect(&m_keeper, &SessionKeeper::saved, this, [this, what] {
        if (m_window.problem() == what) m_window.clearProblem();
    });
    // Who trains has answered the offer.
    connect(&m_window.focus(), &Focus::stepChanged, this, [this] {
        const Run* run = m_window.focus().run();
        if (run && run->step() > 0) m_window.notice().hide();
    });
}

void FileActions::showStart() {
    const std::optional<Offer> last = lastSession();
    m_start->toggle(last ? last->title : QString(), last ? last->detail : QString());
}

std::optional<FileActions::Offer> FileActions::lastSession() {
    std::optional<SessionSummary> last;
    try {
        last = m_keeper.last();
    } catch (const std::exception& error) {
        m_window.showProblem(tr("The last session cannot be read"), shown(messageOf(error)));
    }
    if (!last) return std::nullopt;
    QString detail = tr("step %1 of %2").arg(grouped(last->step), grouped(last->steps));
    if (last->runs > 1)
        detail +=
            QStringLiteral(" \u00B7 ") + shown(Message(LAB_PLURAL("files", "%n run(s)")).count(static_cast<std::int64_t>(last->runs)));
    QString title = dataText(DataFiles::presets, last->name);
    if (title.size() > longestName) title = title.left(longestName - 1) + QChar(0x2026);
    return Offer{title, detail};
}

/// Not a dialog: the window is ready to be used, and the offer waits beside it.
void FileActions::offerSession() {
    const std::optional<Offer> last = lastSession();
    if (!last) return;
    m_offers = true;
    NoticeStrip& notice = m_window.notice();
    notice.setTexts(tr("Continue where you were: %1").arg(last->title), last->detail);
    notice.clearActions();
    for (const char* name : {"session.restore", "session.fresh"}) {
        QAction* action = m_window.actions().find(QLatin1String(name));
        Button* button = notice.addAction(action->iconText(), action->shortcut().toString(QKeySequence::NativeText));
        setControlName(*button, QStringLiteral("window.notice.") + QString::fromLatin1(name).section(QLatin1Char('.'), 1));
        button->setToolTip(action->toolTip());
        connect(button, &QAbstractButton::clicked, action, &QAction::trigger);
    }
    notice.show();
}

void FileActions::sayThereIsNoSession() {
    m_window.showProblem(tr("There is no session to continue yet"),
                         tr("What is open is kept when the window closes, and offered at the next start."));
}

bool FileActions::restoreSession() {
    if (!QFile::exists(m_keeper.file()) && !QFile::exists(m_keeper.fileBefore())) return sayThereIsNoSession(), false;
    if (!m_keeper.restoreLast()) return false;
    m_window.notice().hide();
    return true;
}

/// Nothing is lost by it: the session found becomes 'the one before' when this one is saved.
void FileActions::startFresh() {
    m_window.notice().hide();
}

QByteArray FileActions::windowNotes() const {
    QJsonObject notes{{QStringLiteral("page"), m_window.place().page}, {QStringLiteral("view"), viewOf(m_window.focus())}};
    const QJsonObject pages = m_window.pages().notes();
    if (!pages.isEmpty()) notes[QStringLiteral("pages")] = pages;
    return QJsonDocument(notes).toJson(QJsonDocument::Compact);
}

void FileActions::showSession(const QByteArray& windowNotes) {
    m_window.notice().hide();
    if (m_session.hasDraftChanges()) m_window.experimentPanel().setDraft(m_session.draft());
    const QJsonObject notes = QJsonDocument::fromJson(windowNotes).object();
    m_window.pages().takeNotes(notes[QStringLiteral("pages")].toObject());
    showView(m_window.focus(), notes[QStringLiteral("view")].toObject());
    m_window.showPage(m_window.indexOf(notes[QStringLiteral("page")].toString()));
}

void FileActions::enableSessions() {
    const auto enable = [this](const char* name, const QString& file) {
        m_window.actions().find(QLatin1String(name))->setEnabled(QFile::exists(file));
    };
    enable("session.restore", QFile::exists(m_keeper.file()) ? m_keeper.file() : m_keeper.fileBefore());
    enable("session.before", m_keeper.fileBefore());
}

void FileActions::makeFileMenu() {
    Actions& actions = m_window.actions();
    QMenu& menu = *m_window.menu();
    const auto add = [&](const char* id, auto slot) { menu.addAction(actions.on(id, this, slot)); };
    add("file.new", [this] { m_session.newExperiment(); });
    add("file.open", [this] { chooseFile(); });
    add("file.open_model", [this] { chooseModel(); });
    actions.find(QStringLiteral("file.open_model"))
        ->setToolTip(tr("A downloaded model of BERT\u2019s, GPT-2\u2019s, Llama\u2019s and other families: config.json, its weights and "
                        "its tokenizer"));
    add("file.open_beside", [this] { chooseBeside(); });
    actions.find(QStringLiteral("file.open_beside"))
        ->setToolTip(tr("One more run, to compare with: a checkpoint, or of a downloaded model its weights"));
    add("file.text", [this] { m_texts->chooseFiles(); });
    add("file.own", [this] { m_ownData->chooseFile(); });
    m_recent = menu.addMenu(tr("Open &recent"));
    connect(m_recent, &QMenu::aboutToShow, this, &FileActions::fillRecentMenu);
    fillRecentMenu();
    m_sweepMenu = menu.addMenu(tr("S&weeps"));
    setControlName(*m_sweepMenu, QStringLiteral("file.sweeps"));
    add("run.experiments", [this] { showExperiments(); });
    add("run.compress", [this] { showCompression(); });
    menu.addSeparator();
    add("file.back", [this] { m_session.bringBack(); });
    add("file.save", [this] { m_session.save(); });
    add("file.save_as", [this] { m_session.saveAs(); });
    add("file.save_best", [this] { m_session.saveBest(); });
    add("file.save_adapters", [this] { m_session.saveAdapters(Session::Adapters::apart); });
    add("file.save_merged", [this] { m_session.saveAdapters(Session::Adapters::merged); });
    add("file.save_session", [this] { m_session.saveSession(); });
    menu.addSeparator();
    saySaving();
    const auto describe = [this](const char* name, const QString& shortText, const QString& tip) {
        QAction* action = m_window.actions().find(QLatin1String(name));
        action->setIconText(shortText);
        action->setToolTip(tip);
    };
    add("session.restore", [this] { restoreSession(); });
    describe("session.restore", tr("Restore"), tr("All runs with every kept step, the page, the input and the settings as they were"));
    add("session.before", [this] {
        if (!QFile::exists(m_keeper.fileBefore())) return sayThereIsNoSession();
        if (m_keeper.restoreBefore()) m_window.notice().hide();
    });
    m_earlier = menu.addMenu(tr("&Earlier sessions"));
    connect(m_earlier, &QMenu::aboutToShow, this, &FileActions::fillEarlierMenu);
    sayWhenNoneIsEarlier();  // no file is read before it is asked for
    add("session.fresh", [this] { startFresh(); });
    describe("session.fresh", tr("Start fresh"),
             tr("Nothing is lost: the last session stays in the menu until two newer ones have taken its place"));
    add("session.serve", [this] { showServing(); });
    describe("session.serve", tr("Serve"), tr("Other programs of this computer look at what is open and train it, over HTTP"));
    actions.allow(QStringLiteral("session.serve"), false);  // before it is offered
    connect(&menu, &QMenu::aboutToShow, this, &FileActions::enableSessions);
    menu.addSeparator();
    m_view = menu.addMenu(tr("&View"));
    makeThemeMenu(*m_view->addMenu(tr("&Theme")));
    makeLanguageMenu(*menu.addMenu(tr("&Language")));
    for (const char* name : {"view.larger", "view.smaller", "panel.toggle", "jobs.show"})
        if (QAction* action = actions.find(QLatin1String(name))) m_view->addAction(action);
    menu.addSeparator();
    add("help.start", [this] { showStart(); });
    for (const char* name : {"help.ask", "help.back", "help.shortcuts"})
        if (QAction* action = actions.find(QLatin1String(name))) menu.addAction(action);
    m_help = new HelpActions(m_window, *menu.addMenu(tr("&Guides and formats")), this);
    add("help.about", [this] { (new AboutDialog(&m_window))->show(); });
    menu.addSeparator();
    add("file.quit", [this] { m_window.close(); });
}

void FileActions::showExperiments() {
    if (!m_experiments) {
        m_experiments = new ExperimentsDialog(m_session, &m_window);
        m_experiments->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_experiments->show();
    m_experiments->raise();
    m_experiments->activateWindow();
}

void FileActions::showCompression() {
    if (!m_compression) {
        m_compression = new CompressionDialog(m_session, &m_window);
        m_compression->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_compression->show();
    m_compression->raise();
    m_compression->activateWindow();
}

void FileActions::offerServing(Serving& serving) {
    m_serving = &serving;
    auto* mark = new ServeButton(serving);
    connect(mark, &Button::clicked, this, &FileActions::showServing);
    m_window.addTool(mark);
    m_window.actions().allow(QStringLiteral("session.serve"), true);
}

void FileActions::showServing() {
    if (!m_serve) m_serve = new ServeDialog(*m_serving, &m_window);
    m_serve->show();
    m_serve->raise();
    m_serve->activateWindow();
}

void FileActions::makeThemeMenu(QMenu& menu) {
    auto* choices = new QActionGroup(this);
    const auto add = [&](const char* id, Theme::Mode mode) {
        QAction* action = m_window.actions().on(id, this, [this, mode] {
            m_settings.setThemeMode(mode);
            Theme::instance().setMode(mode);
        });
        action->setCheckable(true);
        action->setChecked(m_settings.themeMode() == mode);
        choices->addAction(action);
        menu.addAction(action);
    };
    add("theme.system", Theme::Mode::system);
    add("theme.light", Theme::Mode::light);
    add("theme.dark", Theme::Mode::dark);
}

/// Each by its own name, for who cannot read the others.
void FileActions::makeLanguageMenu(QMenu& menu) {
    auto* choices = new QActionGroup(this);
    for (const Language& each : languages()) {
        QAction* action = m_window.actions().add(QStringLiteral("language.") + each.code, each.name, {}, viewGroup());
        action->setToolTip(tr("Language of the program"));
        action->setCheckable(true);
        action->setChecked(each.code == language());
        choices->addAction(action);
        menu.addAction(action);
        connect(action, &QAction::triggered, this, [this, code = each.code] { emit languageWanted(code); });
    }
}

void FileActions::saySaving() {
    const QString texts[] = {tr("&Save the settings"), tr("&Save the run with its weights"), tr("&Save the session")};
    m_window.actions().find(QStringLiteral("file.save"))->setText(texts[static_cast<int>(m_session.saves())]);
    const bool adapts = m_session.run() && m_session.run()->experiment().training.adapters.any();
    for (const char* name : {"file.save_adapters", "file.save_merged"}) m_window.actions().find(QLatin1String(name))->setVisible(adapts);
}

void FileActions::fillRecentMenu() {
    m_recent->clear();
    for (const QString& path : m_settings.recentFiles()) {
        QAction* action = m_recent->addAction(QFileInfo(path).fileName());
        action->setToolTip(path);
        connect(action, &QAction::triggered, this, [this, path] { openRecent(path); });
    }
    m_recent->setToolTipsVisible(true);
    if (m_recent->isEmpty()) {
        m_recent->addAction(tr("No file yet"))->setEnabled(false);
        return numberActions(*m_recent, QStringLiteral("file.recent"));
    }
    m_recent->addSeparator();
    connect(m_recent->addAction(tr("Clear this list")), &QAction::triggered, this, [this] { m_settings.clearRecentFiles(); });
    numberActions(*m_recent, QStringLiteral("file.recent"));
}

void FileActions::openRecent(const QString& path) {
    if (!QFile::exists(path)) m_settings.removeRecentFile(path);
    open(path);
}

/// Every session that lies there, newest first, whichever window wrote it.
void FileActions::fillEarlierMenu() {
    m_earlier->clear();
    for (const SessionKeeper::Found& found : m_keeper.found()) {
        QString title = QFileInfo(found.file).fileName();
        try {
            const SessionSummary summary = readSessionSummary(pathFromUtf8(found.file.toStdString()));
            title = tr("%1, step %2").arg(QString::fromStdString(summary.name).left(longestName), grouped(summary.step));
        } catch (const std::exception&) {
            title = tr("%1, which cannot be read").arg(title);
        }
        QAction* action =
            m_earlier->addAction(QStringLiteral("%1 \u00B7 %2").arg(title, shownLocale().toString(found.time, QLocale::ShortFormat)));
        connect(action, &QAction::triggered, this, [this, file = found.file] {
            if (m_keeper.restore(file)) m_window.notice().hide();
        });
    }
    sayWhenNoneIsEarlier();
}

void FileActions::sayWhenNoneIsEarlier() {
    if (m_earlier->isEmpty()) m_earlier->addAction(tr("No session yet"))->setEnabled(false);
    numberActions(*m_earlier, QStringLiteral("file.earlier"));
}

void FileActions::chooseFile() {
    const QString path = QFileDialog::getOpenFileName(&m_window, tr("Open"), m_settings.folder(), fileFilters());
    if (!path.isEmpty()) open(path);
}

void FileActions::chooseModel() {
    const QString path = QFileDialog::getExistingDirectory(&m_window, tr("Open a model folder"), m_settings.folder());
    if (!path.isEmpty()) m_session.openFile(path);
}

void FileActions::chooseBeside() {
    const QString path = QFileDialog::getOpenFileName(&m_window, tr("Open beside what is open"), m_settings.folder(),
                                                      tr("Runs and models (*.safetensors *.gguf *.json)"));
    if (!path.isEmpty()) m_session.addFile(path);
}

QString FileActions::choosePath(const QString& suggestedName) {
    if (suggestedName.endsWith(QLatin1String(".session.safetensors"))) return chooseSessionPath(suggestedName);
    const QString json = tr("Experiment: the settings (*.json)"), state = tr("Checkpoint: the run with its weights (*.safetensors)");
    QString chosen = suggestedName.endsWith(QLatin1String(".safetensors")) ? state : json;
    const QString start = QDir(m_settings.folder()).filePath(suggestedName);
    QString path = QFileDialog::getSaveFileName(&m_window, tr("Save as"), start, json + QStringLiteral(";;") + state, &chosen);
    if (path.isEmpty()) return path;
    // The kind chosen in the dialog says what is saved when the name does not.
    const QString suffix = chosen == state ? QStringLiteral(".safetensors") : QStringLiteral(".json");
    const bool known = path.endsWith(QLatin1String(".json")) || path.endsWith(QLatin1String(".safetensors"));
    return known ? path : path + suffix;
}

QString FileActions::chooseSessionPath(const QString& suggestedName) {
    const QString path = QFileDialog::getSaveFileName(&m_window, tr("Save session"), QDir(m_settings.folder()).filePath(suggestedName),
                                                      tr("Session: all runs with every kept step (*.safetensors)"));
    return path.isEmpty() || path.endsWith(QLatin1String(".safetensors")) ? path : path + QLatin1String(".safetensors");
}

SessionHost::Answer FileActions::askAboutChanges(const QString& title) {
    const QString texts[] = {tr("%1 has settings that are not saved."), tr("%1 has settings or steps that are not saved."),
                             tr("%1 has runs, steps or settings that are not saved.")};
    QMessageBox box(QMessageBox::NoIcon, tr("Unsaved changes"), texts[static_cast<int>(m_session.saves())].arg(title),
                    QMessageBox::NoButton, &m_window);
    box.setObjectName(QStringLiteral("unsaved changes"));
    const QPushButton* save = box.addButton(tr("Save"), QMessageBox::AcceptRole);
    const QPushButton* discard = box.addButton(tr("Discard"), QMessageBox::DestructiveRole);
    box.setEscapeButton(box.addButton(tr("Cancel"), QMessageBox::RejectRole));
    box.exec();
    if (box.clickedButton() == save) return Answer::save;
    return box.clickedButton() == discard ? Answer::discard : Answer::cancel;
}

}  // namespace lab
