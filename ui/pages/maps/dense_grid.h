#pragma once

#include <QPixmap>
#include <QWidget>
#include <optional>
#include <vector>

#include "ui/scenes/head_names.h"
#include "ui/scenes/stage_maps.h"

namespace lab {

/// Many heads as small maps side by side, each with the letter of what it usually does. Layers run down, or across where heads or layers
/// are so many that a dot must do for a token; heads that share keys stand together there. Arrow keys walk, Home and End go to the first
/// and the last layer, a letter shows one kind of heads, 0 all of them, Enter or a click enlarges.
class DenseGrid : public QWidget {
    Q_OBJECT

public:
    explicit DenseGrid(QWidget* parent = nullptr);

    /// More heads than this stand in a grid of this kind.
    static constexpr int fromHeads = 48;
    static bool isFor(const MapsScene& scene) { return scene.headCount() > fromHeads; }

    void setScene(const MapsScene& scene, const StageMaps& maps);
    /// In the order of the scene's heads; empty: not known yet.
    void setHabits(const std::vector<HeadBadge>& badges, const std::vector<HeadHabit>& habits);
    /// The others step back and keep their place; nothing: all are shown.
    void setFilter(std::optional<HeadHabit> filter);
    std::optional<HeadHabit> filter() const { return m_filter; }
    /// Without a signal.
    void setCurrent(int block, int head);
    /// What there is for it: as large as that lets maps be, between the smallest and twice that. `tight`: beside an enlarged head.
    void setRoom(QSize room, bool tight);

    bool layersAcross() const { return m_across; }
    /// What a dot of the small maps says, for a title: "a dot is the largest of 4 × 4 weights"; empty where each weight has a dot.
    QString dotText() const;
    /// Where a head's cells are painted.
    QRectF mapRect(int block, int head) const;
    /// In a room of this size.
    QSize sizeFor(QSize room, bool tight) const;

    QSize sizeHint() const override { return m_layout.size; }
    QSize minimumSizeHint() const override { return m_layout.size; }

signals:
    void currentChanged(int block, int head);
    void enlarged(int block, int head);
    void cellHovered(int block, int head, int query, int key);  ///< -1 everywhere when the mouse is over no cell
    void filterWanted(std::optional<lab::HeadHabit> filter);    ///< by its letter; nothing: all

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Entry {
        QString name;
        HeadBadge badge;
        HeadHabit habit = HeadHabit::mixed;
        MapPicture picture;
    };
    struct Place {
        int block = -1, head = -1;
        bool valid() const { return block >= 0; }
        bool operator==(const Place&) const = default;
    };
    struct Layout {
        double side = 0;  ///< of a map
        QPointF origin, pitch;
        double groupGap = 0;  ///< more between heads that do not share keys
        QSize size;
    };

    Layout layoutFor(QSize room, bool tight) const;
    /// Rows and columns as far apart as the room allows.
    Layout spread(Layout layout) const;
    QSize sizeOf(const Layout& layout) const;
    /// Columns, rows, and groups of rows.
    struct Counts {
        double across, down, groups;
    };
    Counts counts() const;
    double sideIn(double fit, bool tight) const;
    QPointF cornerOf(const Layout& layout, Place place) const;
    void arrange();
    void announce();
    bool isHere(Place place) const;
    bool stepsBack(const Entry& entry) const { return m_filter && entry.habit != *m_filter; }
    Entry& at(Place place) { return m_rows[static_cast<std::size_t>(place.block)][static_cast<std::size_t>(place.head)]; }
    const Entry& at(Place place) const { return m_rows[static_cast<std::size_t>(place.block)][static_cast<std::size_t>(place.head)]; }
    Place placeAt(const QPointF& position) const;
    QRectF reachOf(Place place) const;
    template <class Visit>
    void eachPlace(Visit visit) const;
    void paintMaps();
    void paintLabels(QPainter& painter) const;
    void paintGroups(QPainter& painter) const;
    void paintOver(QPainter& painter, Place place) const;
    void paintCurrent(QPainter& painter) const;
    bool takesKey(const QKeyEvent& event) const;
    std::optional<HeadHabit> habitOf(const QKeyEvent& event) const;
    void moveTo(Place place);
    void walk(int layers, int heads);

    std::vector<std::vector<Entry>> m_rows;  ///< a row a block
    std::size_t m_columns = 0;
    int m_mostCells = 1;  ///< along one side of a small map
    int m_shared = 1;     ///< heads that read the same keys
    bool m_across = false;
    bool m_known = false;  ///< what heads do
    std::optional<HeadHabit> m_filter;
    Place m_current{0, 0}, m_hover;
    QSize m_room;
    bool m_tight = false;
    Layout m_layout;
    QPixmap m_maps;  ///< all of them, as they were painted last; null: to be painted anew
};

}  // namespace lab
