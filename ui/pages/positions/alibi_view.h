#pragma once

#include "ui/pages/positions/position_view.h"

class QGridLayout;

namespace lab {

class PanelFrame;
class TextTable;
class Map;
class Plot;

/// ALiBi: the slope of every head, the bias map of the one in hand, and what the bias does to a weight at each distance.
class AlibiView : public PositionView {
    Q_OBJECT

public:
    explicit AlibiView(QWidget* parent = nullptr);
    void look(const PositionScene& scene) override;

    int head() const { return m_head; }
    void setHead(int head);

private:
    void showHead();

    int m_heads = 8, m_queries = 16, m_keys = 16, m_trained = 16, m_query = 9, m_key = 6, m_head = 0, m_sceneHead = -1;
    Visibility m_visibility;
    QGridLayout* m_grid;
    PanelFrame *m_slopePanel, *m_mapPanel, *m_decayPanel;
    Plot *m_slopes, *m_decay;
    Map* m_map;
};

}  // namespace lab
