#pragma once

#include "ui/pages/page_tab.h"
#include "ui/pages/stream/lens_scene.h"
#include "ui/pages/stream/lens_study.h"
#include "ui/scenes/parts_figure.h"

class QStackedWidget;

namespace lab {

class ColorScaleBar;
class DepthPanel;
class EmptyState;
class LensMap;
class LogitPanel;
class PanelFrame;
class SegmentedControl;
class ThemedLabel;

/// What every state of the residual stream already says, and what a logit is made of.
class LensTab : public PageTab {
    Q_OBJECT

public:
    explicit LensTab(Focus& focus, QWidget* parent = nullptr);
    ~LensTab() override;

    TabHeading heading() const override;
    void refresh() override;
    bool ready() const override;
    std::vector<FigureOffer> figures() override;
    /// "3,11": a place of the stream and a position.
    bool showCell(const QString& cell) override;
    bool escape() override;
    QWidget* mainPart() override;
    bool showsWeights() const override { return true; }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    const LensStudy& study() const { return m_study; }
    const LensScene& scene() const { return m_scene; }

private:
    void makeControls();
    QWidget* makeMap();
    QWidget* makeFoot();
    QWidget* makeContent();
    void meet(Run* run);
    void applyNotes();
    void ask();
    void showAll();
    void showNothing(const QString& sentence);
    void showMap();
    void showHand();
    int placeInHand() const;
    void take(int place, int position);
    void openExplain(int row, int position);
    void openMaps(int block, int head, int key);
    FigureSubject subject() const;

    LensStudy m_study;
    LensScene m_scene;
    QPointer<Run> m_run;
    int m_place = -1, m_position = -1;  ///< -1: the last ones
    QString m_check;
    std::optional<QJsonObject> m_kept;  ///< notes that wait for their run

    SegmentedControl *m_rows, *m_cell;
    QStackedWidget* m_stack;
    EmptyState* m_none;
    PanelFrame* m_mapPanel;
    LensMap* m_map;
    ColorScaleBar* m_scale;
    ThemedLabel* m_verdict;
    DepthPanel* m_depth;
    LogitPanel* m_logit;
};

}  // namespace lab
