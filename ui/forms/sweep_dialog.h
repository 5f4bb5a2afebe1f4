#pragma once

#include <QDialog>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/sweep/grid_draft.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/sweep_thread.h"

class QComboBox;
class QLineEdit;
class QVBoxLayout;

namespace lab {

class Button;
class GridKeyRow;
class ProblemLabel;
class ThemedLabel;

/// Makes a grid: an experiment or a grid that there is, keys with their values, where the results go, and how much of the machine it
/// takes. Says at once what is wrong with a key, how many runs there are and about how long they take. Never in the way: the window stays
/// usable.
class SweepDialog : public QDialog {
    Q_OBJECT

public:
    /// A grid to begin with, under the name that stands in the list.
    struct Source {
        QString title;
        GridDraft draft;
        std::optional<Sweep> fixed;  ///< a grid that cannot be typed: it can be run as it is
    };

    /// `folder`: where results go unless told. `checker` outlives the dialog: closing it must not wait for a step of a large model.
    SweepDialog(std::vector<Source> sources, const QString& folder, LatestTask& checker, QWidget* parent = nullptr);
    ~SweepDialog() override;

    void chooseSource(int index);
    QComboBox& sourceBox() const { return *m_source; }
    QLineEdit& nameField() const { return *m_name; }
    QLineEdit& pathField() const { return *m_path; }
    QComboBox& jobsBox() const { return *m_jobs; }
    QComboBox& threadsBox() const { return *m_threads; }
    Button& startButton() const { return *m_start; }
    Button& addButton() const { return *m_add; }
    const std::vector<GridKeyRow*>& rows() const { return m_rows; }
    /// What stands below: runs and time, or what is wrong.
    QString verdict() const;
    /// The key's name and values as typed.
    GridDraft draft() const;

signals:
    void wanted(const lab::Sweep& sweep, const QString& csv, const lab::SweepOptions& options);

private:
    struct Verdict;
    void arrange();
    void addRow(const DraftKey& key);
    void removeRow(GridKeyRow* row);
    void suggestPath();
    void browse();
    void check();
    void showVerdict(const Verdict& verdict);
    void say(const QString& text, bool wrong);
    SweepOptions options() const;

    std::vector<Source> m_sources;
    QString m_folder;
    bool m_pathEdited = false;
    std::optional<Sweep> m_ready;
    std::pair<std::string, double> m_rate;  ///< of the run (its settings) that was measured last; 0: none
    std::stop_source m_measuring;

    QComboBox* m_source;
    QLineEdit* m_name;
    QWidget* m_keys;
    QVBoxLayout* m_keyColumn;
    std::vector<GridKeyRow*> m_rows;
    int m_rowsMade = 0;
    ThemedLabel* m_fixed;
    Button* m_add;
    QLineEdit* m_path;
    QComboBox* m_jobs;
    QComboBox* m_threads;
    ThemedLabel* m_verdict;
    Button* m_start;
    LatestTask& m_checker;
};

/// One key of the grid with its values, and what is wrong with them.
class GridKeyRow : public QWidget {
    Q_OBJECT

public:
    explicit GridKeyRow(const DraftKey& key, QWidget* parent = nullptr);

    DraftKey key() const;
    QComboBox& keyBox() const { return *m_key; }
    QLineEdit& valuesField() const { return *m_values; }
    void setProblem(const QString& sentence);
    QString problem() const;

signals:
    void edited();
    void removed();

private:
    void explainKey();

    QComboBox* m_key;
    QLineEdit* m_values;
    ProblemLabel* m_problem;
};

}  // namespace lab
