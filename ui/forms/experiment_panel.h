#pragma once

#include <QWidget>

#include "core/config/experiment.h"

class QScrollArea;

namespace lab {

class Button;
class ParameterBar;
class ProblemLabel;
class SettingsForm;
class ThemedLabel;

/// The settings at the window's right edge: parameter count, what to watch, the form, 'New run'. A run never changes: what is edited here
/// is a draft, and New run (or Train on a draft) starts another run with it; of a model that was opened from elsewhere one with its
/// weights. Folded it is a strip with its name.
class ExperimentPanel : public QWidget {
    Q_OBJECT

public:
    explicit ExperimentPanel(QWidget* parent = nullptr);

    /// Shows the settings of a run (not resolved, so that derived values follow the others); `preset` is what changes are marked against.
    /// `complete` is what the run has. Forgets a draft.
    void setExperiment(const Experiment& experiment, const Experiment& preset, const Experiment& complete = {});
    const Experiment& draft() const;
    /// Changes that were made before, as if they were made now.
    void setDraft(const Experiment& draft);
    /// The draft differs from the experiment set, or holds a text that cannot be read.
    bool hasChanges() const;
    bool isValid() const;

    bool isFolded() const { return m_folded; }
    void setFolded(bool folded);
    /// Opens the panel at the row of a key; false: the key does not apply to these settings.
    bool reveal(const std::string& path);

    SettingsForm& form() const { return *m_form; }
    Button& newRunButton() const { return *m_newRun; }
    ParameterBar& parameters() const { return *m_parameters; }
    /// What training takes of the memory.
    const ThemedLabel& memory() const { return *m_memory; }
    /// What is wrong, above the foot of the panel.
    const ProblemLabel& problem() const { return *m_problem; }
    /// Leads the eye and the keyboard to what is wrong; false while it cannot be seen.
    bool showProblem();

signals:
    void draftChanged();
    void newRunRequested();
    void foldedChanged(bool folded);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeFooter();
    void refresh();
    void tellStart(bool valid, bool changed);
    void tellMemory(const Experiment& complete);
    void placeProblem();
    void applyMeasures();

    Experiment m_experiment;
    Experiment m_preset;
    bool m_goesOn = false;  ///< what is edited trains the weights of an opened model further
    bool m_folded = false;
    QWidget* m_open;  ///< everything but the folded strip
    QWidget* m_header;
    QWidget* m_footer;
    ParameterBar* m_parameters;
    ThemedLabel* m_memory;
    ThemedLabel* m_watch;
    QScrollArea* m_scroll;
    SettingsForm* m_form;
    QWidget* m_problemStrip;  ///< lies over the lower end of the form
    ProblemLabel* m_problem;
    ThemedLabel* m_note;
    Button* m_newRun;
    Button* m_fold;
    Button* m_unfold;
};

}  // namespace lab
