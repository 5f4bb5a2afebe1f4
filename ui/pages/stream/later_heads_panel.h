#pragma once

#include <QPointer>
#include <memory>

#include "core/stream/circuit_graph.h"
#include "ui/runs/ablation_study.h"
#include "ui/widgets/panel.h"

namespace lab {

class Button;
class DataTable;
class ThemedLabel;

/// The heads of the later of two blocks in numbers, and what it costs to switch the earlier head in hand off.
class LaterHeadsPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit LaterHeadsPanel(QWidget* parent = nullptr);

    void showLook(const std::shared_ptr<const CircuitLook>& look, Run& run, bool aboveRandom);
    void forget();
    /// `off`: the earlier head is.
    void showCost(const AblationStudy& study, bool off);
    const DataTable& table() const { return *m_table; }

signals:
    void headChosen(int head);
    void switchWanted();

private:
    void fillColumns();
    QString nameOf(const StreamHead& head) const;

    std::shared_ptr<const CircuitLook> m_look;
    QPointer<Run> m_run;
    bool m_aboveRandom = true;
    DataTable* m_table;
    ThemedLabel *m_numbers, *m_cost;
    Button* m_switch;
};

}  // namespace lab
