#pragma once

#include "ui/scenes/stage_maps.h"
#include "ui/widgets/panel.h"

class QScrollArea;

namespace lab {

class ColorScaleBar;
class HeadGrid;

/// The panel of all heads: their grid, scrolled when it is too tall, with the common scale right beneath it.
class AllHeads : public PanelFrame {
    Q_OBJECT

public:
    explicit AllHeads(QWidget* parent = nullptr);

    HeadGrid& grid() { return *m_grid; }
    void setScene(const MapsScene& scene, const StageMaps& maps);
    /// Where the value in hand stands on its head's scale.
    void setNeedle(std::optional<double> value, const ColorScaling& scaling);
    /// Narrow: beside an enlarged head.
    void setNarrow(bool narrow);
    /// Stands where the maps leave room, below or beside them, while hasRoomForCompanion(). Null lets go of what stood there.
    void setCompanion(QWidget* companion);
    bool hasRoomForCompanion() const;
    /// What an enlarged head beside the grid would have in a room of this size.
    int roomBeside(QSize room) const;
    /// What the whole grid would leave empty at its right in a room of this size.
    int emptyRoom(QSize room) const;

signals:
    /// hasRoomForCompanion() changed.
    void roomChanged();

private:
    class Body;
    void applyWidth();
    int narrowWidth() const;

    HeadGrid* m_grid;
    QScrollArea* m_scroll;
    ColorScaleBar* m_scale;
    Body* m_body;
    bool m_narrow = false;
};

}  // namespace lab
