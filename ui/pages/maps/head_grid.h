#pragma once

#include <QWidget>
#include <vector>

#include "ui/scenes/head_names.h"
#include "ui/scenes/stage_maps.h"
#include "ui/widgets/map/map.h"

namespace lab {

/// All heads as small maps, a row a block, a column a head. Arrow keys move, Enter or a click enlarges.
class HeadGrid : public QWidget {
    Q_OBJECT

public:
    explicit HeadGrid(QWidget* parent = nullptr);

    /// `maps` of the scene's heads, not empty.
    void setScene(const MapsScene& scene, const StageMaps& maps);
    /// What each head does, in the order of the scene; stands below its map. Empty: not known yet.
    void setBadges(const std::vector<HeadBadge>& badges);
    /// Without a signal.
    void setCurrent(int block, int head);
    /// The largest side of a small map, in logical px at 100 %.
    void setLargestMap(int at100);
    int largestMap() const { return m_largest; }
    /// The smallest one: 40 unless told.
    void setSmallestMap(int at100);
    /// The width at which small maps have the given side (logical px at 100 %).
    int widthFor(int side) const;
    /// The width that the grid would make use of in a room of this size, with small maps of at most this side (logical px at 100 %).
    int widthIn(QSize room, int largest) const;

    /// The height that the grid makes use of in a room of this size.
    int heightFor(QSize room) const;
    /// All small maps together.
    QRect mapsRect() const;

    /// Where a head's cells are painted.
    QRectF mapRect(int block, int head) const;

    QSize sizeHint() const override { return minimumSizeHint(); }
    QSize minimumSizeHint() const override;

signals:
    void currentChanged(int block, int head);
    void enlarged(int block, int head);
    void cellHovered(int block, int head, int query, int key);  ///< -1 everywhere when the mouse is over no cell

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Entry {
        QString name;
        QString brief;
        HeadBadge badge;
        QString reach;  ///< how far a scale of its own reaches: "to 0.4"
        MapPicture picture;
    };
    struct Place {
        int block = -1;
        int head = -1;
        bool valid() const { return block >= 0; }
        bool operator==(const Place&) const = default;
    };

    /// Where a block's maps stand: of two bands the left one has the lower layers.
    struct Spot {
        int band = 0, row = 0;
        bool operator==(const Spot&) const = default;
    };

    void placeBlocks(const MapsScene& scene);
    const std::vector<Spot>& spots(int bands) const { return bands > 1 ? m_twoBands : m_oneBand; }
    int rowsIn(int bands) const;
    double widthOf(double side, int bands) const;
    double smallestSide() const;
    double sideFor(QSize room, int largest, int bands) const;
    int bandsFor(QSize room, int largest) const;
    double sideFor(QSize room, int largest) const { return sideFor(room, largest, bandsFor(room, largest)); }
    QRect entriesRect() const;
    void arrange();
    void announce();
    Place placeAt(const QPointF& position) const;
    QRectF frameRect(Place place) const;
    void paintLabels(QPainter& painter) const;
    void paintEntry(QPainter& painter, Place place, const Entry& entry) const;
    void paintFoot(QPainter& painter, const QRectF& room, bool current, const Entry& entry) const;
    void paintReach(QPainter& painter, const QRectF& frame, double top, const Entry& entry) const;
    void moveCurrent(int rows, int columns);

    std::vector<QString> m_labels;
    std::vector<QString> m_briefLabels;  ///< where rows are low: "enc 0"
    std::vector<std::vector<Entry>> m_rows;
    std::size_t m_columns = 0;
    std::vector<Spot> m_oneBand, m_twoBands;  ///< of each block; two in an encoder-decoder only, whose blocks are many
    int m_bands = 1;
    int m_mostCells = 0;  ///< along one side of a small map
    Place m_current{0, 0};
    Place m_hover;
    int m_largest = 320, m_smallest = 40;
    double m_side = 0.0;  ///< of a small map, device-independent px
};

}  // namespace lab
