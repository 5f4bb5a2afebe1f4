#pragma once

#include <QWidget>
#include <vector>

#include "ui/scenes/head_names.h"
#include "ui/scenes/stage_maps.h"

class QScrollArea;

namespace lab {

class DenseGrid;
class HeadGrid;
class ThemedLabel;

/// The grid of many heads, scrolled where it must be; where its maps are tiny, or room is left, the heads of the layer in hand stand below
/// it, larger.
class ManyHeads : public QWidget {
    Q_OBJECT

public:
    explicit ManyHeads(QWidget* parent = nullptr);

    DenseGrid& grid() { return *m_grid; }
    HeadGrid& layer() { return *m_layer; }
    void setScene(const MapsScene& scene, const StageMaps& maps);
    void setHabits(const std::vector<HeadBadge>& badges, const std::vector<HeadHabit>& habits);
    void setCurrent(int block, int head);
    /// Beside an enlarged head.
    void setTight(bool tight);
    /// As wide as it wants to be there, at most `most`.
    int tightWidth(int most) const;
    /// What the grid alone makes use of.
    int widthIn(QSize room) const;

signals:
    void headChosen(int block, int head);
    void enlarged(int block, int head);
    void cellHovered(int block, int head, int query, int key);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void placeGrid(int room, bool shrinks);
    void showLayer();
    void reveal();

    MapsScene m_scene;
    StageMaps m_maps;
    std::vector<HeadBadge> m_badges;
    int m_block = 0, m_head = 0;
    bool m_tight = false;
    bool m_showsLayer = false;
    QScrollArea* m_scroll;
    DenseGrid* m_grid;
    ThemedLabel* m_layerTitle;
    HeadGrid* m_layer;
};

}  // namespace lab
