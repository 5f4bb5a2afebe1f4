#pragma once

#include <optional>

#include "core/analysis/positions/position_map_terms.h"
#include "ui/pages/positions/position_view.h"

class QGridLayout;

namespace lab {

class PanelFrame;
class SegmentedControl;
class TextTable;
class Map;
class Plot;

/// KV+Pos taken apart: the scale s, the column bias g(j), the table P, what it adds to the scores, and one query's row with and without
/// the terms that cancel.
class PositionMapView : public PositionView {
    Q_OBJECT

public:
    explicit PositionMapView(QWidget* parent = nullptr);
    void look(const PositionScene& scene) override;
    QString absence(const PositionScene& scene) const override;

    int channel() const { return m_channel; }
    void setChannel(int channel);

private:
    void makePlots();
    void makeMaps();
    bool hasSlopes() const;  ///< ALiBi's, besides the map
    void describeTerms();
    void showTerms();
    void showChannel();
    void showRow();
    void showPart();

    PositionScene m_scene;
    std::optional<PositionMapTerms> m_terms;
    int m_length = 0, m_channel = 0;
    QGridLayout* m_grid;
    PanelFrame *m_weightPanel, *m_termPanel, *m_gridPanel, *m_partPanel, *m_rowPanel, *m_numberPanel;
    Plot *m_weights, *m_columns, *m_row;
    Map *m_channelMap, *m_partMap;
    SegmentedControl* m_part;
    TextTable* m_numbers;
};

}  // namespace lab
