#pragma once

#include <memory>

#include "core/stream/circuit_graph.h"
#include "ui/widgets/panel.h"

class QStackedWidget;

namespace lab {

class Map;
class Plot;
class SegmentedControl;

/// A square map of numbers about tokens or positions.
Map* circuitMap(const QString& name, const QString& subject);
void fillCircuitMap(Map& map, const Eigen::MatrixXd& cells, const QStringList& names);

/// Whom the later head looks for: tokens by themselves, tokens that the earlier head wrote, or positions alone.
class MatchPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit MatchPanel(QWidget* parent = nullptr);

    enum class Way { direct, through, positions };
    Way way() const;
    /// Without a signal.
    void setWay(Way way);
    /// `tokens`: their names; `first`: that of the earlier head.
    void showLook(const CircuitLook& look, const QStringList& tokens, const QString& first);

signals:
    void wayChosen();

private:
    void showPositions(const CircuitLook& look);

    SegmentedControl* m_way;
    QStackedWidget* m_stack;
    Map* m_map;
    Plot* m_distances;
};

}  // namespace lab
