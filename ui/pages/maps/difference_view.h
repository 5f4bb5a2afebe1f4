#pragma once

#include <QWidget>

#include "ui/scenes/stage_maps.h"
#include "ui/widgets/map/map.h"

namespace lab {

class ColorScaleBar;
class ThemedLabel;

/// The three maps beside each other, or two above each other where there is little room, with their scales and the cells that changed most.
/// One cell is in hand in all of them.
class DifferenceView : public QWidget {
    Q_OBJECT

public:
    explicit DifferenceView(QWidget* parent = nullptr);

    struct Words {
        QString head;    ///< "Layer 0 · head 1"
        QString before;  ///< the kept input: "validation sample 12"
        QString after;   ///< the present one
        MapStage stage = MapStage::weights;
        std::vector<QString> beforeRows, beforeColumns, afterRows, afterColumns;
    };

    void set(const HeadDifference& difference, const Words& words);
    /// Nothing to show, and why.
    void clear(const QString& why);
    void setSelection(MapCell cell);

    Map& before() const { return *m_before; }
    Map& after() const { return *m_after; }
    Map& change() const { return *m_change; }
    /// What changed most, one line a cell.
    QStringList story() const { return m_story; }

    QSize minimumSizeHint() const override;

signals:
    void selected(int row, int column);
    void activated(int row, int column);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void follow(Map* map);
    void tell();
    void showNeedles();

    Map* m_before;
    Map* m_after;
    Map* m_change;
    ColorScaleBar* m_scale;
    ColorScaleBar* m_changeScale;
    Words m_words;
    QString m_why;
    QStringList m_story;
    QRect m_titles[3];
    QRect m_storyRoom;
};

}  // namespace lab
