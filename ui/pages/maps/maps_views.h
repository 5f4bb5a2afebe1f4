#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

#include "ui/runs/focus.h"
#include "ui/runs/head_history.h"
#include "ui/runs/head_measure.h"
#include "ui/scenes/maps_scene.h"
#include "ui/widgets/export_panel.h"

class QStackedWidget;

namespace lab {

class AblationView;
class AverageView;
class Button;
class FlowView;
class HeadCurves;
struct HeadCurve;
class HeadsView;
class PictureView;
class SegmentedControl;
class ThemedLabel;
class TokenView;
class VectorsView;

/// What the Maps page shows beside its maps: the metrics of all heads, heads switched off, how attention adds up over the layers, what is
/// left of it over many inputs, one token in all heads, what its queries and keys are, and, in the column of the maps themselves, when the
/// head in hand formed.
class MapsViews : public QObject {
    Q_OBJECT

public:
    enum class View { maps, metrics, switches, flow, average, picture, token, vectors };

    MapsViews(Focus& focus, QWidget& page);
    /// Puts its views into a stack of the page: once the header is there, which comes before them in the order of Tab.
    void addTo(QStackedWidget& stack);

    View view() const { return m_view; }
    void setView(View view);
    /// Its kept name: "flow"; empty for the maps.
    QString viewName() const;
    /// False when no view is called so.
    bool showNamed(const QString& name);
    /// Null while the maps are shown.
    QWidget* current() const;
    /// "Head metrics"; empty while the maps are shown.
    QString title() const;

    /// For the page's header.
    SegmentedControl* chooser() const { return m_chooser; }
    /// For the column beside a map.
    HeadCurves* formation() const { return m_formation; }
    /// Takes the room that the small maps leave: the formation, and above it the table of heads where that is high.
    QWidget* companion() const { return m_companion; }
    /// It stands where there is room, under or beside the small maps, instead of in the column.
    void setFormationRoomy(bool roomy);
    /// A line above the maps, visible while every head is uniform: that it is so, and the likely reason.
    ThemedLabel* notice() const { return m_notice; }
    /// For the panel of the head in hand.
    Button* headSwitch() const { return m_switch; }

    /// All that look() asked for off the GUI thread has come.
    bool ready() const;

    /// An empty scene forgets.
    void look(const MapsScene& scene, Run* run, const std::shared_ptr<const Trace>& trace, std::int64_t step);
    /// Of every head of the scene, in its order; empty before they are measured.
    const std::vector<HeadMetrics>& metrics() const;
    const HeadMetrics* metricsInHand() const;  ///< null before they are measured
    /// Of the view that is shown.
    std::vector<FigureOffer> figures() const;

    HeadHistory& history() { return m_history; }
    TokenView& token() const { return *m_token; }
    PictureView& picture() const { return *m_picture; }

    bool eventFilter(QObject* object, QEvent* event) override;

signals:
    void viewChanged();
    /// Numbers came that the maps' badges and captions stand on.
    void metricsChanged();
    void headOpened(int block, int head);
    /// What a job found is to be seen here.
    void wanted();

private:
    void refresh();
    void offerPicture();
    void connectJobs();
    void refreshFormation();
    void refreshWords();
    bool follows() const;
    HeadCurve curveOf(std::size_t head, HeadMetric metric) const;
    std::vector<HeadCurve> othersThan(std::size_t head, HeadMetric metric) const;
    QString earliestText(HeadMetric metric) const;
    void placeTable();
    void refreshSwitch();
    void refreshNotice();
    void toggleHead();

    Focus& m_focus;
    View m_view = View::maps;
    MapsScene m_scene;
    QPointer<Run> m_run;
    std::shared_ptr<const Trace> m_trace;
    std::int64_t m_step = 0;
    HeadMeasure m_measure;
    HeadHistory m_history;
    SegmentedControl* m_chooser;
    HeadCurves* m_formation;
    QWidget* m_companion;
    bool m_formationRoomy = false;
    QTimer m_wordsRest;  ///< since they were written for a training that goes on
    bool m_wordsDue = false;
    ThemedLabel* m_notice;
    Button* m_switch;
    HeadsView* m_heads;
    AblationView* m_ablation;
    FlowView* m_flow;
    AverageView* m_average;
    PictureView* m_picture;
    TokenView* m_token;
    VectorsView* m_vectors;
};

}  // namespace lab
