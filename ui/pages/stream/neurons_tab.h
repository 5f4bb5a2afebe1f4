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

    /// Null while there is nothing to show.
    std::shared_ptr<const NeuronLook> look() const { return m_look; }
    const std::vector<NeuronExample>& examples() const { return m_examples; }
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
    LatestTask m_task, m_search;  ///< end first
};

}  // namespace lab
