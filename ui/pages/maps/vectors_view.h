#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <vector>

#include "core/analysis/head_vectors.h"
#include "core/analysis/principal_plane.h"
#include "ui/runs/focus.h"
#include "ui/runs/latest_task.h"
#include "ui/scenes/maps_scene.h"
#include "ui/scenes/parts_figure.h"

class QComboBox;

namespace lab {

class PanelFrame;
class ScatterPlot;
class SegmentedControl;
class ThemedLabel;

/// Queries and keys of one head over many tokens, as points of the plane along which they are spread most: where the head puts what it
/// matches. Computed beside the window.
class VectorsView : public QWidget {
    Q_OBJECT

public:
    enum class Color { position, length, token };

    explicit VectorsView(Focus& focus, QWidget* parent = nullptr);

    void look(const MapsScene& scene, std::int64_t step);
    bool ready() const { return !m_busy && m_computed == wanted(); }
    std::vector<FigureOffer> figures(const FigureSubject& subject) const;

    ScatterPlot& plot() const { return *m_plot; }
    QComboBox& heads() const { return *m_heads; }
    SegmentedControl& colors() const { return *m_colors; }
    SegmentedControl& shown() const { return *m_shown; }
    SegmentedControl& rotation() const { return *m_rotation; }
    const ThemedLabel& caption() const { return *m_caption; }

private:
    /// What the vectors are of.
    struct Question {
        const Run* run = nullptr;
        CheckpointPtr checkpoint;
        int block = 0;
        bool beforeRotation = false;
        Sample own;  ///< an input that is no sample; empty without one
        bool operator==(const Question& other) const;
    };
    struct Result {
        const Run* run;
        std::int64_t step;
        int block;
        std::vector<Sample> samples;
        bool ownFirst;  ///< samples[0] is the person's own
        std::vector<VectorCloud> heads;
        double seconds;
    };
    void makeControls();
    Question wanted() const;
    void compute();
    void take(std::shared_ptr<const Result> result);
    void fillHeads();
    void show();
    void say(const PrincipalPlane& plane, std::size_t queries, std::size_t keys);
    VectorCloud chosen(const VectorCloud& all) const;
    QStringList commonest(const VectorCloud& vectors, std::vector<int>& ids) const;
    void goTo(std::size_t point);
    bool rotates() const;
    QString wordOf(int token) const;

    Focus& m_focus;
    MapsScene m_scene;
    std::shared_ptr<const Result> m_result;
    Question m_computed;
    bool m_busy = false;
    QTimer m_rest;                         ///< while the run trains
    std::vector<VectorCloud::Row> m_rows;  ///< of the points shown
    std::vector<PrincipalPlane> m_planes;  ///< the one shown, or none
    PanelFrame* m_panel;
    ScatterPlot* m_plot;
    QComboBox* m_heads;
    SegmentedControl *m_colors, *m_shown, *m_rotation;
    ThemedLabel* m_caption;
    LatestTask m_task;
};

}  // namespace lab
