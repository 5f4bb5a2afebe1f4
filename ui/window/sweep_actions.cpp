#include "ui/window/sweep_actions.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QStandardPaths>
#include <QTimer>
#include <QUrl>
#include <algorithm>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/sweep/finished_results.h"
#include "core/sweep/grid_draft.h"
#include "core/sweep/saved_run_files.h"
#include "core/sweep/sweep_results.h"
#include "ui/pages/sweeps/filter_bar.h"
#include "ui/pages/sweeps/report.h"
#include "ui/pages/sweeps/sweeps_page.h"
#include "ui/runs/sweep_book.h"
#include "ui/runs/sweep_run.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/notice_strip.h"
#include "ui/window/action_table.h"
#include "ui/window/actions.h"
#include "ui/window/main_window.h"
#include "ui/window/sweep_button.h"
#include "ui/window/window_settings.h"

namespace lab {
namespace {

std::filesystem::path toPath(const QString& path) {
    return pathFromUtf8(path.toStdString());
}

QString pathText(const std::filesystem::path& path) {
    return QString::fromStdString(utf8Text(path));
}

SweepDialog::Source sourceOf(const QString& title, const Sweep& sweep) {
    SweepDialog::Source source;
    source.title = title;
    if (auto draft = draftOf(sweep))
        source.draft = std::move(*draft);
    else
        source.fixed = sweep;
    return source;
}

}  // namespace

SweepActions::SweepActions(MainWindow& window, WindowSettings& settings, QMenu& menu, QObject* parent)
    : QObject(parent), m_window(window), m_settings(settings), m_book(window.workspace().sweepBook()) {
    makeActions(menu);
    window.pages().whenMade<SweepsPage>(this, [this](SweepsPage& page) { takePage(page); });
    connect(&m_book, &SweepBook::failed, &window, &MainWindow::showProblem);
    connect(&m_book, &SweepBook::opened, this, &SweepActions::remember);
    auto* progress = new SweepButton(m_book);
    connect(progress, &Button::clicked, this, &SweepActions::showPage);
    window.addTool(progress);
}

void SweepActions::takePage(SweepsPage& page) {
    connect(&page, &SweepsPage::newWanted, this, [this] { askForSweep(); });
    connect(&page, &SweepsPage::openWanted, this, &SweepActions::chooseFile);
    connect(&page, &SweepsPage::reportWanted, this, &SweepActions::chooseReport);
    connect(&page, &SweepsPage::recentWanted, this, &SweepActions::open);
    connect(&page, &SweepsPage::finishedWanted, this, &SweepActions::openFinished);
    connect(&page, &SweepsPage::runWanted, this, &SweepActions::openRun);
    page.setRecent(m_settings.recentSweeps());
}

SweepsPage& SweepActions::page() const {
    return m_window.pages().get<SweepsPage>();
}

void SweepActions::makeActions(QMenu& menu) {
    const auto on = [&](const char* id, auto slot) {
        QAction* action = m_window.actions().on(id, this, slot);
        menu.addAction(action);
        return action;
    };
    on("sweep.new", [this] { askForSweep(); });
    on("sweep.open", [this] { chooseFile(); });
    for (const FinishedResult& result : finishedResults()) {
        const QString name = QString::fromUtf8(result.name.data(), std::ssize(result.name));
        QAction* action =
            m_window.actions().add(QStringLiteral("sweep.finished.%1").arg(name),
                                   tr("Finished: %1").arg(dataText(DataFiles::sweeps, gridOf(result).name)), {}, sweepsGroup());
        connect(action, &QAction::triggered, this, [this, name] { openFinished(name); });
        menu.addAction(action);
    }
    for (const BuiltInSweep& built : builtInSweeps()) {
        const std::string name(built.name);
        const Sweep sweep = parseSweep(built.json, {});
        QAction* action = m_window.actions().add(QStringLiteral("sweep.%1").arg(QString::fromStdString(name)),
                                                 dataText(DataFiles::sweeps, sweep.name), {}, sweepsGroup());
        connect(action, &QAction::triggered, this, [this, name] { askForSweep(name); });
        menu.addAction(action);
        action->setToolTip(QStringLiteral("<p>%1</p>").arg(dataText(DataFiles::sweeps, sweep.about).toHtmlEscaped()));
    }
    menu.setToolTipsVisible(true);
    menu.addSeparator();
    QAction* stop = on("sweep.stop", [this] { m_book.cancel(); });
    QAction* resume = on("sweep.resume", [this] { m_book.resume(); });
    QAction* run = on("sweep.open_run", [this] { page().openChosen(); });
    on("sweep.filter", [this] {
        showPage();
        page().filter().field().setFocus(Qt::ShortcutFocusReason);
        page().filter().field().selectAll();
    });
    QAction* report = on("sweep.report", [this] { chooseReport(); });
    const auto enable = [this, stop, resume, run, report] {
        const SweepBook& book = m_book;
        const auto& contents = book.contents();
        stop->setEnabled(book.state() == SweepBook::State::running);
        resume->setEnabled(book.state() == SweepBook::State::still && contents && contents->runsLeft().value_or(0) > 0);
        run->setEnabled(contents != nullptr);
        report->setEnabled(contents && !contents->rows.table.rows.empty());
    };
    connect(&menu, &QMenu::aboutToShow, this, enable);
}

QString SweepActions::resultsFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/sweeps");
}

bool SweepActions::isOfASweep(const QString& path) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    return suffix == QLatin1String("csv") || (suffix == QLatin1String("json") && isSweepFile(toPath(path)));
}

void SweepActions::showPage() {
    m_window.showPage(m_window.indexOf(SweepsPage::pageName()));
}

void SweepActions::open(const QString& path) {
    if (QFileInfo(path).suffix().compare(QLatin1String("csv"), Qt::CaseInsensitive) == 0) {
        m_book.open(toPath(path));
        return showPage();
    }
    try {
        const Sweep sweep = sweepNamed(path.toStdString());
        SweepDialog::Source source = sourceOf(QFileInfo(path).fileName(), sweep);
        if (source.draft.name.empty()) source.draft.name = QFileInfo(path).completeBaseName().toStdString();
        showPage();
        ask({std::move(source)}, 0);
    } catch (const InputError& error) {
        m_window.showProblem(tr("%1 cannot be opened").arg(QFileInfo(path).fileName()), shown(messageOf(error)));
    }
}

/// As files among the person's own, so that all that works on results works on it.
void SweepActions::openFinished(const QString& name) {
    const auto found = std::ranges::find(finishedResults(), name.toStdString(), &FinishedResult::name);
    if (found == finishedResults().end()) return;
    try {
        open(pathText(placeFinishedResult(*found, toPath(resultsFolder()))));
    } catch (const std::exception& error) {
        m_window.showProblem(tr("The finished result cannot be opened"), shown(messageOf(error)));
    }
}

SweepDialog* SweepActions::askForSweep(const std::string& builtIn) {
    const Experiment& present = m_window.session().draft();
    SweepDialog::Source here;
    here.title = tr("The present experiment: %1").arg(experimentText(present.name));
    here.draft = {present.name.empty() ? tr("Sweep").toStdString() : tr("%1 sweep").arg(experimentText(present.name)).toStdString(),
                  present,
                  {{"model.attention.form", "qkv, kv"}, {"training.seed", "1..3"}},
                  m_window.session().folder(),
                  {}};
    std::vector<SweepDialog::Source> sources{std::move(here)};
    int chosen = 0;
    for (const BuiltInSweep& built : builtInSweeps()) {
        if (built.name == builtIn) chosen = static_cast<int>(sources.size());
        const Sweep sweep = parseSweep(built.json, {});
        sources.push_back(sourceOf(dataText(DataFiles::sweeps, sweep.name), sweep));
    }
    showPage();
    return ask(std::move(sources), chosen);
}

SweepDialog* SweepActions::ask(std::vector<SweepDialog::Source> sources, int chosen) {
    QDir().mkpath(resultsFolder());
    auto* dialog = new SweepDialog(std::move(sources), resultsFolder(), m_checker, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->chooseSource(chosen);
    connect(dialog, &SweepDialog::wanted, this, &SweepActions::begin);
    // A file named at the start comes before the window, and would stand behind it.
    if (m_window.isVisible())
        dialog->show();
    else
        QTimer::singleShot(0, dialog, &QWidget::show);
    return dialog;
}

void SweepActions::begin(const Sweep& sweep, const QString& csv, const SweepOptions& options) {
    m_window.clearProblem();
    m_book.start(sweep, toPath(csv), options);
    showPage();
}

void SweepActions::remember() {
    m_settings.addRecentSweep(pathText(m_book.csv()));
    m_settings.addRecentFile(pathText(m_book.csv()));
    if (SweepsPage* page = m_window.pages().ifMade<SweepsPage>()) page->setRecent(m_settings.recentSweeps());
}

/// Its files are read and its first weights drawn off the window's thread.
void SweepActions::openRun(const std::filesystem::path& csv, int run, const QString& name) {
    const auto problem = [this, name](const QString& why) { m_window.showProblem(tr("%1 cannot be opened as a run").arg(name), why); };
    if (run < 0) return problem(tr("The folder %1, which keeps the runs, is not there.").arg(pathText(RunsFolder(csv).path())));
    if (const QPointer<Run> open = m_opened[{csv, run}]) {
        m_window.focus().setRun(open);
        return m_window.showPage(0);
    }
    if (std::error_code ignored; finishedResultOf(csv) && !std::filesystem::exists(RunsFolder(csv).checkpoint(run), ignored))
        return problem(tr("A result that comes with the program has its rows only. Train the sweep of the same name to have its runs."));
    struct Read {
        RunToRestore run;
        QString missing;
    };
    m_opening = m_window.workspace().jobs().submit(tr("Open %1").arg(name), {}, [csv, run, name](JobContext& context) {
        SavedSweepRun saved = readSweepRun(csv, run, watchOf(context));
        const QString missing = shown(saved.missing);
        return Read{preparedSweepRun(std::move(saved), name), missing};
    });
    connect(m_opening.get(), &Job::failed, this, problem);
    connect(m_opening.get(), &Job::finished, this, [this, job = std::weak_ptr<Job>(m_opening), csv, run, name] {
        const JobPtr held = job.lock();
        const Read* read = held ? held->result<Read>().get() : nullptr;
        if (!read) return;
        Run* opened = restore(m_window.workspace(), read->run);
        m_window.session().adopt(opened, RunsFolder(csv).path());
        m_opened[{csv, run}] = opened;
        m_window.focus().setRun(opened);
        m_window.showPage(0);
        if (!read->missing.isEmpty()) m_window.showProblem(tr("%1 has no curves").arg(name), read->missing);
    });
}

void SweepActions::chooseFile() {
    const QString path = QFileDialog::getOpenFileName(&m_window, tr("Open a grid or results"), m_settings.folder(),
                                                      tr("Grids and results (*.json *.csv)") + QStringLiteral(";;") + tr("All files (*)"));
    if (!path.isEmpty()) emit m_window.fileWanted(path);
}

void SweepActions::chooseReport() {
    const std::filesystem::path csv = m_book.csv();
    if (csv.empty()) return;
    const QString html = tr("HTML page (*.html)"), pdf = tr("PDF (*.pdf)");
    QString kind = html;
    const QString start =
        QFileInfo(pathText(csv)).absolutePath() + QLatin1Char('/') + QFileInfo(pathText(csv)).completeBaseName() + QStringLiteral(".html");
    QString path = QFileDialog::getSaveFileName(&m_window, tr("Write the report"), start, html + QStringLiteral(";;") + pdf, &kind);
    if (path.isEmpty()) return;
    const bool named = path.endsWith(QLatin1String(".html")) || path.endsWith(QLatin1String(".pdf"));
    if (!named) path += kind == pdf ? QStringLiteral(".pdf") : QStringLiteral(".html");
    writeReport(path);
}

void SweepActions::writeReport(const QString& path) {
    const std::filesystem::path csv = m_book.csv();
    const auto problem = [this, path](const QString& why) {
        m_window.showProblem(tr("The report %1 cannot be written").arg(QFileInfo(path).fileName()), why);
    };
    m_reporting = m_window.workspace().jobs().submit(tr("Report of %1").arg(pathText(csv.filename())), {},
                                                     [csv](JobContext&) { return reportParts(csv); });
    connect(m_reporting.get(), &Job::failed, this, problem);
    connect(m_reporting.get(), &Job::finished, this, [this, job = std::weak_ptr<Job>(m_reporting), path, problem] {
        const JobPtr held = job.lock();
        if (!held) return;
        try {
            const bool pdf = path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive);
            writeBytes(toPath(path), reportBytes(*held->result<ReportParts>(), pdf));
        } catch (const std::exception& error) {
            return problem(shown(messageOf(error)));
        }
        showReported(path);
        emit reported(path);
    });
}

void SweepActions::showReported(const QString& path) {
    NoticeStrip& notice = m_window.notice();
    notice.setTexts(tr("The report is written"), path);
    notice.clearActions();
    connect(notice.addAction(tr("Open it")), &Button::clicked, this, [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
    connect(notice.addAction(tr("Close")), &Button::clicked, &notice, &QWidget::hide);
    notice.show();
}

void SweepActions::stop() {
    m_book.stop();
}

}  // namespace lab
