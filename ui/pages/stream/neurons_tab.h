#pragma once

#include <QPointer>
#include <QTimer>
#include <memory>

#include "core/stream/neuron_look.h"
#include "ui/pages/page_tab.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"
#include "ui/scenes/parts_figure.h"

class QComboBox;
class QGridLayout;
class QSpinBox;

namespace lab {

class Button;
class DataTable;
class EmptyState;
class PanelFrame;
class SegmentedControl;
class TextTable;
class ThemedLabel;

/// The neurons of one feed-forward part at one position, where the chosen one is at its largest over the validation set, what it writes,
/// and what the model answers while it is held.
class NeuronsTab : public PageTab {
    Q_OBJECT

public:
    explicit NeuronsTab(Focus& focus, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override { return !m_busy && !m_searching; }
    std::vector<FigureOffer> figures() override;
    bool showsWeights() const override { return true; }
    bool escape() override { return stopSearch(); }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    /// Null while there is nothing to show.
    std::shared_ptr<const NeuronLook> look() const { return m_look; }
    const std::vector<NeuronExample>& examples() const { return m_examples; }
    /// Of the samples in which a neuron is looked for: how many of how many.
    std::pair<int, int> searched() const { return {m_looked, m_samples ? static_cast<int>(m_samples->size()) : 0}; }
    /// Why there is nothing.
    QString absence() const { return m_absence; }

private:
    struct Wanted {
        QPointer<Run> run;
        CheckpointPtr checkpoint;
        Input input;
        NeuronQuestion question;

        bool operator==(const Wanted&) const = default;
    };
    void makeControls();
    QWidget* makeActivations();
    QWidget* makeExamples();
    QWidget* makeWrites();
    QWidget* makeHeld();
    void fillColumns();
    void fillExampleColumns();
    void connectParts();
    void applyMeasures();
    void meet(Run* run);
    void ask(const Wanted& wanted);
    void take(const std::shared_ptr<const NeuronLook>& look, double seconds);
    void search();
    void startSearch();
    void takeExamples(std::vector<NeuronExample> examples, int looked);
    /// What was found stays; false: nothing was under way.
    bool stopSearch();
    void applyNotes();
    void showSearch();
    void showAbsence(const QString& sentence, const QString& help);
    void showAll();
    void showWrites();
    void showHeld();
    float heldValue() const;
    QString tokenAt(const Input& input, int position) const;
    FigureSubject subject() const;

    QPointer<Run> m_run;
    std::vector<int> m_layerList;
    std::optional<int> m_neuron;
    std::shared_ptr<const std::vector<Input>> m_samples;
    bool m_busy = false, m_searching = false;
    int m_looked = 0;                   ///< samples
    float m_largest = 0;                ///< of the neuron, when the last search ended
    std::optional<QJsonObject> m_kept;  ///< notes that wait for their run
    Wanted m_asked;
    Neuron m_searchedFor;
    CheckpointPtr m_searchedAt;
    QTimer m_rest;
    std::shared_ptr<const NeuronLook> m_look;
    std::vector<NeuronExample> m_examples;
    QString m_absence;

    QWidget *m_controls, *m_content;
    QComboBox* m_layers;
    QSpinBox* m_position;
    SegmentedControl* m_hold;
    EmptyState* m_none;
    QGridLayout* m_grid;
    PanelFrame *m_activationPanel, *m_examplePanel, *m_writePanel, *m_heldPanel;
    DataTable *m_activations, *m_found;
    TextTable *m_raised, *m_changed;
    ThemedLabel* m_noWrites;
    Button* m_stop;
    LatestTask m_task, m_search;  ///< end first
};

}  // namespace lab
