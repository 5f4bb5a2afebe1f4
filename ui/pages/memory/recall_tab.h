#pragma once

#include <QPointer>

#include "ui/pages/memory/memory_tab.h"
#include "ui/pages/memory/recall_clock.h"
#include "ui/pages/memory/recall_study.h"
#include "ui/runs/latest_task.h"

class QGridLayout;

namespace lab {

class CapacityPanel;
class FieldPanel;
class PanelFrame;
class PatternsPanel;
class RecallPanel;
class RecallTable;
class RecallTimeline;
class RecallTransport;
class SegmentedControl;
class ThemedLabel;
class WeightsPanel;

/// The classical memory: stored patterns, recall step by step, the weights, how much they hold.
class RecallTab : public MemoryTab {
    Q_OBJECT

public:
    RecallTab(Focus& focus, MemoryState& state, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override;
    void refresh() override;
    bool ready() const override;
    std::vector<FigureOffer> figures() override;
    bool escape() override;
    bool asksQuery() const override { return true; }
    OwnBars ownBars() override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    RecallClock& clock() { return m_clock; }
    RecallStudyPtr study() const { return m_study; }
    QString outcome() const;

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void makePanels();
    QWidget* makeTable();
    QWidget* makeWhy();
    void arrange();
    void ask();
    void takeStudy(RecallStudyPtr study, const QString& failure = {});
    void showUpdate();
    void set(const std::function<void(MemoryValue&)>& change);

    RecallClock m_clock;
    RecallStudyPtr m_study;
    MemoryValue m_asked;  ///< of the study that is there or on its way
    bool m_everAsked = false;
    bool m_pending = false;   ///< the study of m_asked is on its way
    int m_wantedUpdate = -1;  ///< of a session, once its recall is there
    QString m_failure;        ///< why there is no study; empty: nothing is stored
    QGridLayout* m_grid;
    SegmentedControl* m_rule = nullptr;
    PatternsPanel* m_patterns;
    RecallPanel* m_recall;
    WeightsPanel* m_weights;
    CapacityPanel* m_capacity;
    FieldPanel* m_field;
    PanelFrame* m_tablePanel;
    RecallTable* m_table;
    ThemedLabel* m_outcome;
    QPointer<RecallTransport> m_transport;
    QPointer<RecallTimeline> m_timeline;
    LatestTask m_task;
};

}  // namespace lab
