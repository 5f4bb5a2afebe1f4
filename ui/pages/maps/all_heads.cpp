#include "ui/pages/maps/all_heads.h"

#include <QScrollArea>
#include <algorithm>

#include "ui/pages/maps/head_grid.h"
#include "ui/text/message_text.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int narrowMap = 80;  // side of a small map beside an enlarged one
constexpr int narrowest = 284;
constexpr int widestNarrow = 380, widestOfMany = 480;
constexpr int largestMap = 400;
constexpr int titleAndGap = 32;
constexpr int leastBelow = 100, mostBelow = 480;  // height of a companion under the maps
constexpr int leastBeside = 300;                  // its width at their right
constexpr int leastScale = 140;                   // its ticks must not touch

}  // namespace

class AllHeads::Body : public QWidget {
public:
    Body(HeadGrid& grid, QScrollArea& scroll, ColorScaleBar& scale, AllHeads& panel)
        : m_grid(grid), m_scroll(scroll), m_scale(scale), m_panel(panel) {
        scroll.setParent(this);
        scale.setParent(this);
    }

    void arrange() {
        const int scaleHeight = m_scale.sizeHint().height();
        const int room = height() - scaleHeight - Theme::instance().px(4);
        const int used = std::max(0, std::min(room, m_grid.heightFor(QSize(width(), room))));
        m_scroll.setGeometry(0, 0, width(), used);
        m_scale.setGeometry(0, used, width(), scaleHeight);
        const QRect maps = m_grid.mapsRect();
        const int least = Theme::instance().px(leastScale);
        m_scale.setSpan(maps.left(), std::min(std::max(maps.width(), least), width() - maps.left() - Theme::instance().px(8)));
        const QRect left = leftRoom(used + scaleHeight);
        if (m_companion) m_companion->setGeometry(left);
        if (m_hasRoom == !left.isEmpty()) return;
        m_hasRoom = !left.isEmpty();
        emit m_panel.roomChanged();
    }

    void setCompanion(QWidget* companion) {
        m_companion = companion;
        if (!companion) return;
        companion->setParent(this);
        arrange();
    }
    bool hasRoom() const { return m_hasRoom; }

protected:
    void resizeEvent(QResizeEvent*) override { arrange(); }

private:
    /// Below the maps and their scale, else at their right; its frame lies on that of the panel.
    QRect leftRoom(int used) const {
        const Theme& theme = Theme::instance();
        const int below = height() - used - theme.px(8);
        if (below >= theme.px(leastBelow) && width() >= theme.px(narrowest - 4)) {
            const int high = std::min(below, theme.px(mostBelow));
            return {-1, height() - high + 1, width() + 2, high};
        }
        const int grid = m_grid.widthIn(QSize(width(), height() - m_scale.sizeHint().height() - theme.px(4)), m_grid.largestMap());
        const int maps = std::max(grid, m_grid.mapsRect().left() + theme.px(leastScale + 8));
        const int beside = width() - maps - theme.px(8);
        return beside >= theme.px(leastBeside) ? QRect(width() - beside, -1, beside + 1, height() + 2) : QRect();
    }

    HeadGrid& m_grid;
    QScrollArea& m_scroll;
    ColorScaleBar& m_scale;
    AllHeads& m_panel;
    QWidget* m_companion = nullptr;
    bool m_hasRoom = false;
};

AllHeads::AllHeads(QWidget* parent) : PanelFrame(tr("All heads"), parent) {
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_grid = named("maps.grid.heads", new HeadGrid);
    m_scroll->setWidget(m_grid);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_grid->setAutoFillBackground(false);
    m_scale = new ColorScaleBar;
    m_scale->setQuantity(tr("weight"));
    m_body = new Body(*m_grid, *m_scroll, *m_scale, *this);
    setContent(m_body);
    whenThemed(this, &AllHeads::applyWidth);
    setNarrow(false);
}

void AllHeads::setScene(const MapsScene& scene, const StageMaps& maps) {
    m_grid->setScene(scene, maps);
    // With scales of their own the bar is that of the first head until one is in hand.
    m_scale->setScaling(maps.at(0, 0).scaling);
    m_scale->setQuantity(stageQuantity(maps.look().stage));
    const auto blocks = scene.blocks.size();
    const auto heads = scene.empty() ? 0 : scene.blocks.front().heads.size();
    // With cross-attention a layer has more than one row.
    const bool cross = std::any_of(scene.blocks.begin(), scene.blocks.end(), [](const MapsBlock& block) { return block.info.cross; });
    const QString rows = counted(cross ? LAB_PLURAL("maps", "%n attention block(s)") : LAB_PLURAL("maps", "%n layer(s)"), blocks);
    setSubtitle(tr("%1 \u00D7 %2").arg(rows, counted(LAB_PLURAL("maps", "%n head(s)"), heads)));
    applyWidth();
}

void AllHeads::setNeedle(std::optional<double> value, const ColorScaling& scaling) {
    m_scale->setScaling(scaling);
    m_scale->setNeedle(value);
}

void AllHeads::setNarrow(bool narrow) {
    m_narrow = narrow;
    m_grid->setLargestMap(narrow ? 2 * narrowMap : largestMap);
    applyWidth();
}

void AllHeads::setCompanion(QWidget* companion) {
    m_body->setCompanion(companion);
}

bool AllHeads::hasRoomForCompanion() const {
    return m_body->hasRoom();
}

int AllHeads::narrowWidth() const {
    const Theme& theme = Theme::instance();
    const int widest = std::clamp(m_grid->minimumSizeHint().width(), theme.px(widestNarrow), theme.px(widestOfMany));
    return std::clamp(m_grid->widthFor(narrowMap) + 2, theme.px(narrowest), widest + 2);
}

int AllHeads::roomBeside(QSize room) const {
    return room.width() - narrowWidth();
}

int AllHeads::emptyRoom(QSize room) const {
    const int around = m_scale->sizeHint().height() + Theme::instance().px(titleAndGap);
    return room.width() - m_grid->widthIn(room.shrunkBy({0, 0, 0, around}), largestMap);
}

void AllHeads::applyWidth() {
    const int narrow = narrowWidth();
    setMinimumWidth(m_narrow ? narrow : 0);
    setMaximumWidth(m_narrow ? narrow : QWIDGETSIZE_MAX);
    m_body->arrange();
}

}  // namespace lab
