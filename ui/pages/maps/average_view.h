#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/average_maps.h"
#include "ui/runs/focus.h"
#include "ui/runs/latest_task.h"
#include "ui/scenes/maps_scene.h"

class QComboBox;

namespace lab {

class Map;
class PanelFrame;
class ThemedLabel;

/// One head on this input, on the mean over many inputs of the same length, and how much it changes from input to input. Computed beside
/// the window.
class AverageView : public QWidget {
    Q_OBJECT

public:
    explicit AverageView(Focus& focus, QWidget* parent = nullptr);

    void look(const MapsScene& scene, std::int64_t step);
    /// Nothing is computed any more: the average is of the weights and the length asked for.
    bool ready() const { return !m_busy && m_computed == wanted(); }
    /// "mean of 64 validation inputs of 16 tokens"; empty before the first.
    QString inputsText() const;
    std::int64_t drawnStep() const { return m_result ? m_result->step : -1; }
    Map& ownMap() const { return *m_own.map; }
    Map& meanMap() const { return *m_mean.map; }
    Map& spreadMap() const { return *m_spread.map; }
    QComboBox& heads() const { return *m_heads; }
    QComboBox& counts() const { return *m_counts; }
    const ThemedLabel& caption() const { return *m_caption; }

private:
    struct Shown {
        PanelFrame* panel;
        Map* map;
    };
    /// What an average is of.
    struct Question {
        const Run* run = nullptr;
        CheckpointPtr checkpoint;
        Sample like;  ///< its lengths count
        std::size_t most = 0;
        bool operator==(const Question& other) const;
    };
    struct Result {
        const Run* run;
        std::int64_t step;
        Sample like;
        std::optional<AverageMaps> maps;  ///< nothing: no input is as long, or all are too long
        bool fits;
        double seconds;
    };
    Shown makeShown(const char* id, const QString& title, const QString& help);
    void makeControls();
    Question wanted() const;
    void compute();
    void take(const Result& result);
    void fillHeads();
    void show();
    void showMap(const Shown& shown, const MapData& cells, const ColorScaling& scaling, const QString& quantity);
    QString lengthText(const Sample& like) const;

    Focus& m_focus;
    MapsScene m_scene;
    std::int64_t m_step = 0;
    std::shared_ptr<const Result> m_result;
    Question m_computed;
    bool m_busy = false;
    QTimer m_rest;  ///< while the run trains
    Shown m_own, m_mean, m_spread;
    QComboBox *m_heads, *m_counts;
    ThemedLabel* m_caption;
    LatestTask m_task;
};

}  // namespace lab
