#pragma once

#include <QPointer>

#include "ui/pages/page.h"
#include "ui/scenes/stage_maps.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/map/map_layout.h"

class QStackedWidget;

namespace lab {

class AllHeads;
class Button;
class CellStory;
class DifferenceView;
class EmptyState;
class ErrorStrip;
class HabitsPart;
class HeadView;
class LookBoxes;
class Map;
class MapsStrips;
class MapsViews;
class PageHeader;
struct StoryContext;
struct StoryLine;
struct SoftmaxSteps;
class PanelFrame;
class RowTable;
class SegmentedControl;
class StageControls;
class ThemedLabel;

/// Where every head looks: all heads as a grid of layers by heads, one of them enlarged, and beside them how the number of the cell in hand
/// comes about. Click or Enter enlarges a head, Escape returns to the grid.
class MapsPage : public Page {
    Q_OBJECT

public:
    explicit MapsPage(Focus& focus, QWidget* parent = nullptr);

    static QString pageTitle() { return tr("Maps"); }
    static QString pageName() { return QStringLiteral("maps"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }
    QString stage() const override;
    bool showStage(const QString& stage, const QString& cell) override;

    /// The metrics, switches and rollout that stand in for the maps when the person asks for them.
    MapsViews& views() { return *m_views; }
    bool enlarged() const { return m_enlarged; }
    /// As the person wishes. Until then a new run opens with its head enlarged where the grid alone would leave much of the page empty.
    void setEnlarged(bool enlarged);
    bool escape() override;

    const MapsLook& look() const { return m_maps.look(); }
    /// Selects the cell in hand and asks for its explanation.
    void explain();

    std::vector<FigureOffer> figures() override;
    QWidget* mainPart() override;

protected:
    void refresh() override;
    bool standsOnTrace() const override { return true; }
    bool ready() const override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void makeHeader();
    QWidget* makeHeadPanel();
    QWidget* makeStoryColumn();
    void makeEmptyStates();
    void connectParts();
    void connectGrid();
    void connectHead();
    void applyMeasures();

    void arrangeHeads(bool enlarged);
    void arrangeByRoom();
    void arrangeHeader();
    void connectComparison();
    void takeLook();
    void takeShow(int choice);
    bool showsDifference() const;
    void placeFormation();
    int heightForParts() const;
    void arrangeParts();
    void explainCell(int query, int key);
    void wantExplanation();
    void refreshDifference();
    bool takeScene();
    void refreshHeader();
    void refreshHead();
    void refreshRow();
    QString distanceOfRow(int row) const;
    void refreshStory();
    void tellStory(const MapsBlock& block, const Selection& cell);
    void tellRow(const MapsBlock& block, const Selection& cell);
    void setLocked(bool locked);
    QString tokenName(const std::vector<QString>& tokens, int i) const;
    void showAbsence();
    void connectViews();
    void refreshBadges();
    void refreshCaption();
    void showMap(Map& map, const MapsBlock& block, const StageMap& shown);
    /// The cell whose story is told: under the mouse, else selected.
    Selection shownCell() const;
    /// A cell of a map, which may show words, as tokens.
    Selection tokensOf(int block, int head, int row, int column) const;
    MapCell shownAt(const Selection& selection) const;
    CheckpointPtr tracedCheckpoint() const;
    std::optional<double> shownPositionFactor(const AttentionBlock& block) const;
    void backToGrid();
    void chooseHead(int block, int head);
    const MapsBlock& blockInHand() const;

    // What the scene was made of: the focus may be ahead of it until the next refresh.
    MapsScene m_scene;
    QPointer<Run> m_run;
    std::shared_ptr<const Trace> m_trace;
    std::int64_t m_traceStep = -1;

    StageMaps m_maps;  ///< of the scene
    Selection m_hovered;
    bool m_hovering = false;
    bool m_enlarged = false;
    bool m_formationWithMaps = false;
    int m_showBefore = 0;   ///< how the head was shown before two inputs were compared
    bool m_chosen = false;  ///< the person has decided between grid and head for this run

    PageHeader* m_header;
    MapsViews* m_views;
    StageControls* m_controls;
    SegmentedControl* m_shows;
    QStackedWidget* m_stack;
    QWidget* m_content;
    EmptyState* m_empty;
    ErrorStrip* m_error;
    AllHeads* m_allHeads;
    HabitsPart* m_habits;
    MapsStrips* m_strips;
    PanelFrame* m_headPanel;
    Button* m_backButton;
    QStackedWidget* m_headStack;
    ThemedLabel* m_caption;
    LookBoxes* m_boxes;
    HeadView* m_head;
    DifferenceView* m_difference;
    QWidget* m_storyColumn;
    CellStory* m_story;
    RowTable* m_rowTable;
};

}  // namespace lab
