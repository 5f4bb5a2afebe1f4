#pragma once

#include <QTimer>
#include <QWidget>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/analysis/rollout.h"
#include "ui/runs/focus.h"
#include "ui/runs/latest_task.h"
#include "ui/scenes/maps_scene.h"

class QComboBox;

namespace lab {

class Map;
class PanelFrame;
class ThemedLabel;

/// How much of each input position reaches each position above a layer: attention rollout, and attention flow for short inputs. Both are
/// computed beside the window.
class FlowView : public QWidget {
    Q_OBJECT

public:
    explicit FlowView(Focus& focus, QWidget* parent = nullptr);

    void look(const MapsScene& scene, const std::shared_ptr<const Trace>& trace, std::int64_t step);
    /// Nothing is computed any more: the maps are of the trace and the layers asked for.
    bool ready() const { return !m_busy && m_computedOf == m_trace; }
    /// Of what is drawn.
    std::int64_t drawnStep() const { return m_resultStep; }
    Map& rolloutMap() { return *m_rollout; }
    Map& flowMap() { return *m_flow; }
    QComboBox& layers() { return *m_layers; }
    QComboBox& sides() { return *m_sides; }

private:
    struct Result {
        std::vector<AttentionMatrix> rollout;  ///< R_1 ..
        std::optional<AttentionMatrix> flow;   ///< through the chosen number of layers
        std::vector<QString> tokens;           ///< of the side
        double seconds = 0;
    };
    void makeControls();
    void fillChoices();
    void compute();
    void show();

    Focus& m_focus;
    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const Trace> m_trace;
    std::map<std::string, std::vector<QString>> m_tokens;  ///< of each side
    std::int64_t m_step = 0;
    Result m_result;
    std::int64_t m_resultStep = 0;
    std::shared_ptr<const Trace> m_computedOf;
    int m_computedLayers = 0;
    std::string m_computedSide;
    bool m_busy = false;
    bool m_shares = true;  ///< weights are shares of their row
    QTimer m_rest;         ///< while the run trains
    PanelFrame *m_rolloutPanel, *m_flowPanel;
    Map *m_rollout, *m_flow;
    QComboBox *m_layers, *m_sides;
    ThemedLabel* m_sideLabel;
    LatestTask m_task;
};

}  // namespace lab
