#pragma once

#include "core/analysis/positions/learned_biases.h"
#include "ui/pages/positions/position_view.h"
#include "ui/widgets/map/map_layout.h"

class QGridLayout;

namespace lab {

class Map;
class PanelFrame;
class Plot;
struct PlotSeries;

/// What heads have learned to add to a score for the distance alone, at the shown step: relative-bias, a number for each bucket of
/// distances, and relative, where a learned vector asks the vector of the distance. Every head's curve, the pairs of the one in hand, and
/// what it does to a weight.
class BiasView : public PositionView {
    Q_OBJECT

public:
    explicit BiasView(QWidget* parent = nullptr);
    void look(const PositionScene& scene) override;
    QString absence(const PositionScene& scene) const override;

    int head() const { return m_head; }
    /// Key - query, of the distance in hand.
    int offset() const { return m_offset; }
    void setOffset(int offset);

private:
    void makeCurves();
    void makeFactor();
    void makePairs();
    void describe(const PositionScene& scene);
    void keepPair(const Selection& selection);
    void choosePair(MapCell cell);
    void showCurves();
    void showFactor();
    void showPairs();
    void showHand();

    bool causal() const { return m_visibility.causal(); }
    int lastOffset() const { return causal() ? 0 : m_bias.farthest; }
    PlotSeries curveOf(int head, double (*shown)(double)) const;
    std::vector<double> borders() const;
    QString bucketSentence() const;

    DistanceBias m_bias;
    Visibility m_visibility;
    Selection m_selection{-1, -1, -1, -1};  ///< the window's, as it was shown last
    int m_queries = 0, m_keys = 0, m_trained = 0;
    int m_head = 0, m_offset = 0;
    MapCell m_pair;         ///< as far apart as that; invalid where no pair of the map is
    bool m_capped = false;  ///< scores are bent behind the bias
    QGridLayout* m_grid;
    PanelFrame *m_curvePanel, *m_factorPanel, *m_pairPanel;
    Plot *m_curves, *m_factor;
    Map* m_pairs;
};

}  // namespace lab
