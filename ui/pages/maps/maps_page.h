#pragma once

#include <QPointer>

#include "ui/pages/maps/maps_scene.h"
#include "ui/pages/page.h"
#include "ui/widgets/color_map.h"

class QStackedWidget;

namespace lab {

class AllHeads;
class Button;
class CellStory;
class EmptyState;
class ErrorStrip;
class HeadView;
class PageHeader;
class PanelFrame;
class RowTable;

/// Where every head looks: all heads as a grid of layers by heads, one of them enlarged, and beside them how the number of the cell in hand
/// comes about. Click or Enter enlarges a head, Escape returns to the grid.
class MapsPage : public Page {
    Q_OBJECT

public:
    explicit MapsPage(Focus& focus, QWidget* parent = nullptr);

    QString title() const override { return tr("Maps"); }
    QString iconName() const override { return QStringLiteral("maps"); }

    bool enlarged() const { return m_enlarged; }
    /// As the person wishes. Until then a new run opens with its head enlarged where the grid alone would leave much of the page empty.
    void setEnlarged(bool enlarged);
    bool escape() override;

    std::vector<FigureOffer> figures() override;

protected:
    void refresh() override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHeadPanel();
    QWidget* makeStoryColumn();
    void makeEmptyStates();
    void connectParts();
    void applyMeasures();

    void arrangeHeads(bool enlarged);
    void arrangeByRoom();
    void refreshHeader();
    void refreshHead();
    void refreshRow();
    void refreshStory();
    void tellStory(const MapsBlock& block, const Selection& cell);
    void showAbsence();
    /// The cell whose story is told: under the mouse, else selected.
    Selection shownCell() const;
    std::optional<double> shownPositionFactor(const AttentionBlock& block) const;
    void backToGrid();
    void chooseHead(int block, int head);
    const MapsBlock& blockInHand() const;

    // What the scene was made of: the focus may be ahead of it until the next refresh.
    MapsScene m_scene;
    QPointer<Run> m_run;
    std::shared_ptr<const Trace> m_trace;
    std::int64_t m_traceStep = -1;

    ColorScaling m_scaling;
    Selection m_hovered;
    bool m_hovering = false;
    bool m_enlarged = false;
    bool m_chosen = false;  ///< the person has decided between grid and head for this run

    PageHeader* m_header;
    QStackedWidget* m_stack;
    QWidget* m_content;
    EmptyState* m_empty;
    QWidget* m_errorPage;
    ErrorStrip* m_error;
    AllHeads* m_allHeads;
    PanelFrame* m_headPanel;
    Button* m_backButton;
    HeadView* m_head;
    QWidget* m_storyColumn;
    CellStory* m_story;
    RowTable* m_rowTable;
};

}  // namespace lab
