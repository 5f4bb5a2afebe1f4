#pragma once

#include <QWidget>

namespace lab {

class Button;
class Map;
class SegmentedControl;
class ThemedLabel;

/// Below a map that is longer than the room, or zoomed: what a dot stands for, which part is seen, and the buttons for it.
class DetailBar : public QWidget {
    Q_OBJECT

public:
    explicit DetailBar(Map& map, QWidget* parent = nullptr);

    /// Whether the map is long or zoomed.
    bool needed() const { return m_needed; }
    QString text() const;

signals:
    void neededChanged();

private:
    void follow();

    Map& m_map;
    bool m_needed = false;
    ThemedLabel* m_text;
    SegmentedControl* m_pooling;
    Button* m_closer;
    Button* m_farther;
    Button* m_all;
};

}  // namespace lab
