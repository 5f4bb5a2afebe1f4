#pragma once

#include <QDialog>
#include <QPointer>
#include <array>
#include <memory>

#include "ui/documents/session.h"
#include "ui/runs/jobs.h"
#include "ui/window/compression_tables.h"

class QSpinBox;

namespace lab {

class Button;
class DataTable;
class ExportPanel;
struct FigureOffer;
class SegmentedControl;
class ThemedLabel;

/// Smaller forms of the run shown: its weights in few bits, or without a share of its heads or weights; what each costs, and each as a run
/// beside it or as a file. The run itself stays as it is; the window stays usable.
class CompressionDialog : public QDialog {
    Q_OBJECT

public:
    explicit CompressionDialog(Session& session, QWidget* parent = nullptr);
    ~CompressionDialog() override;

    enum class Kind { quantise, heads, weights };
    Kind kind() const;
    void choose(Kind kind, PruneBy by = PruneBy::size);
    /// Measures what is chosen, or cancels that.
    void start();
    bool running() const { return m_job && !m_job->ended(); }
    const ExperimentTable& result() const { return m_shown; }

    /// The chosen row as a run beside those that are open; null when there is none. Quantised ones are done: there is nothing to train.
    /// Pruned ones train the steps that are asked for.
    Run* openBeside();
    /// The chosen row as a file; says in the dialog why that failed.
    bool saveTo(const QString& path);

    DataTable& table() const { return *m_table; }
    const ThemedLabel& said() const { return *m_said; }
    Button& startButton() const { return *m_start; }
    Button& openButton() const { return *m_open; }
    Button& saveButton() const { return *m_save; }
    QSpinBox& steps() const { return *m_steps; }

private:
    struct Result {
        QPointer<Run> run;
        std::shared_ptr<const MeasuredForms> measured;
        ExperimentTable table;
    };
    void makeParts();
    void arrange();
    PruneBy by() const;
    Result& resultOf(Kind kind, PruneBy by);
    const Result& shownResult() const;
    void submit(Run& run, const CheckpointPtr& checkpoint);
    void take(const std::shared_ptr<const MeasuredForms>& measured, Run* of, Kind kind, PruneBy by);
    const Compressed* chosenForm() const;
    Experiment settingsOf(const Compressed& form) const;
    void chooseFile();
    void refresh();
    void refreshChoice();
    void showTable();
    QString about() const;
    std::vector<FigureOffer> offers() const;

    Session& m_session;
    JobPtr m_job;
    Kind m_jobKind = Kind::quantise;
    PruneBy m_jobBy = PruneBy::size;
    QString m_problem, m_done;  ///< what went wrong, what was done last
    ExperimentTable m_shown;
    std::vector<std::string> m_columnIds;
    std::array<Result, 5> m_results;  ///< quantised; heads and weights by each order
    SegmentedControl *m_chooser, *m_order;
    ThemedLabel *m_about, *m_said;
    DataTable* m_table;
    QSpinBox* m_steps;
    Button *m_start, *m_open, *m_save, *m_exportButton;
    ExportPanel* m_export = nullptr;
};

}  // namespace lab
