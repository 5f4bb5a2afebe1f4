#pragma once

#include <QPointer>
#include <map>

#include "ui/pages/incontext/incontext_tab.h"
#include "ui/pages/incontext/regression_scene.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/similarity_history.h"
#include "ui/runs/work_rest.h"
#include "ui/scenes/parts_figure.h"

class QHBoxLayout;
class QSpinBox;
class QVBoxLayout;

namespace lab {

class AnswersPanel;
class BetweenView;
class Button;
class CurrentStack;
class EmptyState;
class ExamplesPanel;
class LayersView;
class PanelFrame;
class ProductsView;
class PromptPlot;
class SegmentedControl;
class ShiftView;
class StatementsPanel;
class TrainingView;

/// Learning a function from the pairs of the prompt, beside gradient descent on them. The prompt is the input of the focus; weights are
/// the run's at the shown step, or the construction's while that is on.
class RegressionTab : public IncontextTab {
    Q_OBJECT

public:
    RegressionTab(Focus& focus, Workspace& workspace, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override;
    std::vector<FigureOffer> figures() override;
    bool showCell(const QString& cell) override;
    bool showsWeights() const override { return m_absence.isEmpty() && !m_scene.constructed; }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    const RegressionScene& scene() const { return m_scene; }
    /// Why there is nothing to show; empty: there is.
    QString absence() const { return m_absence; }
    TaskLines& lines() { return m_lines; }
    SimilarityHistory& history() { return m_history; }
    /// On how many prompts a model's loss is measured; for tests.
    void setPrompts(int prompts) { m_prompts = prompts; }

private:
    /// What the look is of.
    struct Wanted {
        QPointer<const Run> run;
        CheckpointPtr checkpoint;
        FunctionPrompt prompt;
        std::vector<Method> methods;
        bool constructed = false;
        bool operator==(const Wanted&) const = default;
    };
    /// What the study is of.
    struct Studied {
        QPointer<const Run> run;
        CheckpointPtr checkpoint;
        bool constructed = false, shift = false, between = false, products = false;
        bool operator==(const Studied&) const = default;
        bool sameParts(const Studied& other) const {
            return constructed == other.constructed && shift == other.shift && between == other.between && products == other.products;
        }
    };
    struct Measured {
        std::int64_t step = -1;
        double loss = 0;
    };

    void makeControls();
    QWidget* makePrompt();
    QWidget* makeLosses();
    QWidget* makeNearness();
    void connectParts();
    void applyMeasures();

    std::optional<FunctionPrompt> promptInFocus() const;
    int mostPoints() const;
    std::vector<Method> methods() const;
    bool refuse();
    void showAbsence(const QString& sentence, const QString& help);
    void takeRun();
    void askLook();
    void askStudy();
    void askRuns();
    void noteRuns();
    void takeLook(std::shared_ptr<const PromptLook> look, std::optional<ConstructionCheck> check);
    void showPrompt();
    void showPanels();
    void showButtons();

    void setPrompt(const FunctionPrompt& prompt);
    void newTask();
    void addPair();
    void type();
    void setConstructed(bool on);
    void openWith(bool product);
    std::shared_ptr<const Weights> weights() const;
    FigureSubject subject() const;

    RegressionScene m_scene;
    QString m_absence;
    std::optional<Wanted> m_wanted, m_failed;
    QString m_failure;  ///< of m_failed
    std::optional<Studied> m_studied;
    QPointer<const Run> m_known;  ///< whose construction is known
    bool m_asked = false, m_studies = false, m_studyDue = false, m_measures = false;
    int m_prompts = 10'000;
    WorkRest m_lookRest, m_studyRest;
    std::map<const Run*, Measured> m_losses;
    TaskLines m_lines;
    SimilarityHistory m_history;

    QWidget* m_controls;
    SegmentedControl* m_kernel;
    QSpinBox* m_steps;
    Button* m_construct;
    EmptyState* m_none;
    QWidget* m_content;
    QHBoxLayout* m_across;
    QVBoxLayout *m_left, *m_right;
    QHBoxLayout* m_pair;
    PanelFrame* m_promptPanel;
    PromptPlot* m_plot;
    Button *m_new, *m_add, *m_type;
    ExamplesPanel* m_examples;
    AnswersPanel* m_answers;
    PanelFrame *m_lossPanel, *m_nearPanel;
    SegmentedControl *m_lossChoice, *m_nearChoice;
    CurrentStack *m_lossStack, *m_nearStack;
    LayersView* m_layers;
    ShiftView* m_shift;
    TrainingView* m_training;
    BetweenView* m_between;
    ProductsView* m_products;
    StatementsPanel* m_statements;
    LatestTask m_lookTask, m_studyTask{Worker::Priority::givesWay}, m_runsTask{Worker::Priority::givesWay};  ///< end first
};

}  // namespace lab
