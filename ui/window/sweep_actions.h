#pragma once

#include <QObject>
#include <QPointer>
#include <filesystem>
#include <map>

#include "core/sweep/sweep.h"
#include "ui/forms/sweep_dialog.h"
#include "ui/runs/jobs.h"
#include "ui/runs/sweep_thread.h"

class QMenu;

namespace lab {

class MainWindow;
class Run;
class SweepBook;
class SweepsPage;
class WindowSettings;

/// Joins the Sweeps page with the window: starting, opening and stopping sweeps, their rows as runs, reports.
class SweepActions : public QObject {
    Q_OBJECT

public:
    /// `menu` gets the actions.
    SweepActions(MainWindow& window, WindowSettings& settings, QMenu& menu, QObject* parent);

    /// Whether a file is a grid or, by its name, results.
    static bool isOfASweep(const QString& path);
    /// Results are shown; a grid opens the form that starts it.
    void open(const QString& path);
    /// The form for a new sweep, with the present experiment, or a sweep that comes with the program.
    SweepDialog* askForSweep(const std::string& builtIn = {});
    /// Writes the report of what is open, HTML or PDF by the name's end; reported() or the window's problem follows.
    void writeReport(const QString& path);
    /// Knows which of the workspace's runs came from a sweep.
    void takeOver(const SweepActions& before) { m_opened = before.m_opened; }
    /// Stops and joins, for the end of the program.
    void stop();

    /// Where results go unless told.
    static QString resultsFolder();

signals:
    void reported(const QString& path);

private:
    void makeActions(QMenu& menu);
    void takePage(SweepsPage& page);
    SweepsPage& page() const;
    void showPage();
    void openFinished(const QString& name);
    SweepDialog* ask(std::vector<SweepDialog::Source> sources, int chosen);
    void showReported(const QString& path);
    void begin(const Sweep& sweep, const QString& csv, const SweepOptions& options);
    void openRun(const std::filesystem::path& csv, int run, const QString& name);
    void chooseFile();
    void chooseReport();
    void remember();

    MainWindow& m_window;
    WindowSettings& m_settings;
    SweepBook& m_book;
    std::map<std::pair<std::filesystem::path, int>, QPointer<Run>> m_opened;
    JobPtr m_opening, m_reporting;
    LatestTask m_checker;  ///< of the forms for new sweeps
};

}  // namespace lab
