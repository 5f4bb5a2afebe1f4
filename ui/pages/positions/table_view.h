#pragma once

#include "ui/pages/positions/position_view.h"

class QGridLayout;

namespace lab {

class PanelFrame;
class Map;
class Plot;

/// Positions that are added to the embedding: the table, its rows as curves, and how like positions are to one another. Sinusoidal tables
/// are a formula and exist without a model; learned ones are the model's at the shown step.
class TableView : public PositionView {
    Q_OBJECT

public:
    enum class Kind { sinusoidal, learned };
    explicit TableView(Kind kind, QWidget* parent = nullptr);

    void look(const PositionScene& scene) override;
    QString absence(const PositionScene& scene) const override;

private:
    void showCell();

    Kind m_kind;
    std::vector<float> m_values, m_similar;
    int m_rows = 0, m_columns = 0;
    int m_row = 0, m_channel = 0, m_sceneRow = -1;
    int m_trained = 0;  ///< positions seen in training
    QGridLayout* m_grid;
    PanelFrame *m_tablePanel, *m_similarPanel, *m_rowPanel, *m_channelPanel;
    Map *m_table, *m_similarity;
    Plot *m_rowPlot, *m_channelPlot;
};

}  // namespace lab
