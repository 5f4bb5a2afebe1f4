#pragma once

#include "ui/scenes/stage_maps.h"
#include "ui/widgets/panel.h"

class QScrollArea;

namespace lab {

class ColorScaleBar;
class HeadGrid;
class ManyHeads;

/// The panel of all heads: their grid, scrolled when it is too tall, with the common scale right beneath it; of many heads a grid that is
/// made for them, with the scale in the title bar.
class AllHeads : public PanelFrame {
    Q_OBJECT

public:
    explicit AllHeads(QWidget* parent = nullptr);

    HeadGrid& grid() { return *m_grid; }
    ManyHeads& many() { return *m_many; }
    bool showsMany() const { return m_isMany; }
    /// Without a signal.
    void setCurrent(int block, int head);
    /// The keyboard goes on among the heads.
    void takeFocus();
    void setScene(const MapsScene& scene, const StageMaps& maps);
    /// Where the value in hand stands on its head's scale.
    void setNeedle(std::optional<double> value, const ColorScaling& scaling);
    /// Narrow: beside an enlarged head.
    void setNarrow(bool narrow);
    /// Stands where the maps leave room, below or beside them, while hasRoomForCompanion(). Null lets go of what stood there.
    void setCompanion(QWidget* companion);
    bool hasRoomForCompanion() const;
    /// What there is for it and an enlarged head together: many heads then take what the head can spare.
    void setRoom(QSize room);
    /// What an enlarged head beside the grid would have in a room of this size.
    int roomBeside(QSize room) const;
    /// What the whole grid would leave empty at its right in a room of this size.
    int emptyRoom(QSize room) const;

signals:
    void headChosen(int block, int head);
    void enlarged(int block, int head);
    void cellHovered(int block, int head, int query, int key);  ///< in cells of the maps; -1 everywhere when the mouse is over none
    /// hasRoomForCompanion() changed.
    void roomChanged();

private:
    class Body;
    class TitleScale;
    void applyWidth();
    void tellShape(const MapsScene& scene, const StageMaps& maps);
    int narrowWidth() const;

    HeadGrid* m_grid;
    QScrollArea* m_scroll;
    ColorScaleBar* m_scale;
    TitleScale* m_titleScale;
    ManyHeads* m_many;
    Body* m_body;
    bool m_isMany = false;
    QSize m_room;
    bool m_narrow = false;
};

}  // namespace lab
