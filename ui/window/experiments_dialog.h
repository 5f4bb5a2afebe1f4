#pragma once

#include <QDialog>
#include <QPointer>
#include <array>
#include <functional>

#include "ui/documents/session.h"
#include "ui/runs/jobs.h"
#include "ui/window/experiment_tables.h"

namespace lab {

class Button;
class DataTable;
class ExportPanel;
struct FigureOffer;
class SegmentedControl;
class ThemedLabel;

/// Experiments beside the run shown: its weights frozen in part, its maps replaced, a net in place of its attention, a probe for positions.
/// The run itself stays as it is; the window stays usable.
class ExperimentsDialog : public QDialog {
    Q_OBJECT

public:
    explicit ExperimentsDialog(Session& session, QWidget* parent = nullptr);
    ~ExperimentsDialog() override;

    enum class Kind { frozen, maps, net, positions };
    Kind kind() const;
    void choose(Kind kind);
    /// Starts what is chosen, or cancels it.
    void start();
    bool running() const { return m_job && !m_job->ended(); }
    const ExperimentTable& result() const { return m_shown; }

    SegmentedControl& chooser() const { return *m_chooser; }
    Button& startButton() const { return *m_start; }
    DataTable& table() const { return *m_table; }
    const ThemedLabel& said() const { return *m_said; }

private:
    struct Source;
    void makeParts();
    bool trains() const { return kind() == Kind::frozen || kind() == Kind::net; }
    std::vector<Experiment> frozenSettings() const;
    std::vector<Experiment> netSettings() const;
    std::vector<Experiment> settings() const { return kind() == Kind::frozen ? frozenSettings() : netSettings(); }
    void addRuns();
    ExperimentTable trainedTable(const Run& run) const;
    template <class Measured>
    void submit(const QString& title, const QString& analysis, std::function<Measured(const Source&, JobContext&)> measure,
                std::function<ExperimentTable(const Model&, const Measured&)> told);
    void refresh();
    void refreshTrained();
    void showTable();
    void makeColumns();
    void watch(Run* run);
    QString about() const;
    std::vector<FigureOffer> offers() const;

    Session& m_session;
    JobPtr m_job;
    Kind m_jobKind = Kind::maps;
    QString m_problem;
    ExperimentTable m_shown;
    std::vector<std::string> m_columnIds;
    std::array<ExperimentTable, 4> m_results;
    std::array<QPointer<Run>, 4> m_of;  ///< the run that a result is of
    SegmentedControl* m_chooser;
    ThemedLabel *m_about, *m_said;
    Button *m_start, *m_exportButton;
    DataTable* m_table;
    ExportPanel* m_export = nullptr;
};

}  // namespace lab
