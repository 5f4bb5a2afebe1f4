#include "ui/pages/maps/all_heads.h"

#include <QPainter>
#include <QScrollArea>
#include <algorithm>

#include "ui/pages/maps/dense_grid.h"
#include "ui/pages/maps/head_grid.h"
#include "ui/pages/maps/many_heads.h"
#include "ui/text/message_text.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int narrowMap = 80;  // side of a small map beside an enlarged one
constexpr int narrowest = 284;
constexpr int widestNarrow = 380, widestOfMany = 480;
constexpr int roomyHead = 440;  // width of an enlarged head that has enough
constexpr int largestMap = 400;
constexpr int titleAndGap = 32;
constexpr int leastBelow = 100, mostBelow = 480;  // height of a companion under the maps
constexpr int leastBeside = 300;                  // its width at their right
constexpr int leastScaleWidth = 140;                   // its ticks must not touch

constexpr int titleScaleBar = 80, titleScaleHeight = 7;

}  // namespace

/// Where the maps need the height: the ends of the scale and its colours between them.
class AllHeads::TitleScale : public QWidget {
public:
    explicit TitleScale(QWidget* parent) : QWidget(parent) {
        whenThemed(this, [this] { adjust(); });
    }

    void setScaling(const ColorScaling& scaling) {
        m_scaling = scaling;
        adjust();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        const QRectF bar((width() - theme.px(titleScaleBar)) / 2.0, (height() - theme.px(titleScaleHeight)) / 2.0, theme.px(titleScaleBar),
                         theme.px(titleScaleHeight));
        painter.drawText(QRectF(0, 0, bar.left() - theme.px(3), height()), Qt::AlignRight | Qt::AlignVCenter, low());
        painter.drawText(QRectF(bar.right() + theme.px(3), 0, width() - bar.right(), height()), Qt::AlignLeft | Qt::AlignVCenter, high());
        const int dots = static_cast<int>(bar.width());
        for (int x = 0; x < dots; ++x)
            painter.fillRect(QRectF(bar.left() + x, bar.top(), 1, bar.height()),
                             QColor::fromRgb(m_scaling.color(m_scaling.low + (x + 0.5) / dots * (m_scaling.high - m_scaling.low))));
        drawFrame(painter, bar, 0, theme.color(Role::controlBorder));
    }

private:
    QString low() const { return scaleText(m_scaling.low, m_scaling); }
    QString high() const { return scaleText(m_scaling.high, m_scaling); }
    void adjust() {
        const Theme& theme = Theme::instance();
        const QFont font = theme.font(TextSize::caption);
        const int text = std::max(textWidth(font, low()), textWidth(font, high())) + theme.px(4);
        setFixedSize(theme.px(titleScaleBar) + 2 * text, theme.px(20));
        update();
    }
    ColorScaling m_scaling;
};

class AllHeads::Body : public QWidget {
public:
    Body(HeadGrid& grid, QScrollArea& scroll, ColorScaleBar& scale, ManyHeads& many, AllHeads& panel)
        : m_grid(grid), m_scroll(scroll), m_scale(scale), m_many(many), m_panel(panel) {
        scroll.setParent(this);
        scale.setParent(this);
        many.setParent(this);
    }

    void arrange() {
        const bool isMany = m_panel.showsMany();
        m_many.setVisible(isMany);
        m_scroll.setVisible(!isMany);
        m_scale.setVisible(!isMany);
        if (!isMany) return arrangeFew();
        m_many.setGeometry(rect());
        setRoomFor({});
    }

    void arrangeFew() {
        const int scaleHeight = m_scale.sizeHint().height();
        const int room = height() - scaleHeight - Theme::instance().px(4);
        const int used = std::max(0, std::min(room, m_grid.heightFor(QSize(width(), room))));
        m_scroll.setGeometry(0, 0, width(), used);
        m_scale.setGeometry(0, used, width(), scaleHeight);
        const QRect maps = m_grid.mapsRect();
        const int least = Theme::instance().px(leastScaleWidth);
        m_scale.setSpan(maps.left(), std::min(std::max(maps.width(), least), width() - maps.left() - Theme::instance().px(8)));
        setRoomFor(leftRoom(used + scaleHeight));
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
    void setRoomFor(const QRect& companion) {
        if (m_companion) m_companion->setGeometry(companion);
        if (m_hasRoom == !companion.isEmpty()) return;
        m_hasRoom = !companion.isEmpty();
        emit m_panel.roomChanged();
    }

    /// Below the maps and their scale, else at their right; its frame lies on that of the panel.
    QRect leftRoom(int used) const {
        const Theme& theme = Theme::instance();
        const int below = height() - used - theme.px(8);
        if (below >= theme.px(leastBelow) && width() >= theme.px(narrowest - 4)) {
            const int high = std::min(below, theme.px(mostBelow));
            return {-1, height() - high + 1, width() + 2, high};
        }
        const int grid = m_grid.widthIn(QSize(width(), height() - m_scale.sizeHint().height() - theme.px(4)), m_grid.largestMap());
        const int maps = std::max(grid, m_grid.mapsRect().left() + theme.px(leastScaleWidth + 8));
        const int beside = width() - maps - theme.px(8);
        return beside >= theme.px(leastBeside) ? QRect(width() - beside, -1, beside + 1, height() + 2) : QRect();
    }

    HeadGrid& m_grid;
    QScrollArea& m_scroll;
    ColorScaleBar& m_scale;
    ManyHeads& m_many;
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
    m_many = new ManyHeads;
    m_titleScale = new TitleScale(this);
    addControl(m_titleScale);
    m_body = new Body(*m_grid, *m_scroll, *m_scale, *m_many, *this);
    setContent(m_body);
    connect(m_grid, &HeadGrid::currentChanged, this, &AllHeads::headChosen);
    connect(m_grid, &HeadGrid::enlarged, this, &AllHeads::enlarged);
    connect(m_grid, &HeadGrid::cellHovered, this, &AllHeads::cellHovered);
    connect(m_many, &ManyHeads::headChosen, this, &AllHeads::headChosen);
    connect(m_many, &ManyHeads::enlarged, this, &AllHeads::enlarged);
    connect(m_many, &ManyHeads::cellHovered, this, &AllHeads::cellHovered);
    whenThemed(this, &AllHeads::applyWidth);
    setNarrow(false);
}

void AllHeads::setCurrent(int block, int head) {
    if (m_isMany)
        m_many->setCurrent(block, head);
    else
        m_grid->setCurrent(block, head);
}

void AllHeads::takeFocus() {
    (m_isMany ? static_cast<QWidget*>(&m_many->grid()) : m_grid)->setFocus();
}

void AllHeads::setScene(const MapsScene& scene, const StageMaps& maps) {
    m_isMany = DenseGrid::isFor(scene);
    m_titleScale->setVisible(m_isMany);
    m_titleScale->setScaling(maps.at(0, 0).scaling);
    if (m_isMany)
        m_many->setScene(scene, maps);
    else
        m_grid->setScene(scene, maps);
    // With scales of their own the bar is that of the first head until one is in hand.
    m_scale->setScaling(maps.at(0, 0).scaling);
    m_scale->setQuantity(stageQuantity(maps.look().stage));
    tellShape(scene, maps);
    applyWidth();
}

/// What the maps are, and what is not seen in them.
void AllHeads::tellShape(const MapsScene& scene, const StageMaps& maps) {
    const auto blocks = scene.blocks.size();
    const auto heads = scene.empty() ? 0 : scene.blocks.front().heads.size();
    // With cross-attention a layer has more than one row.
    const bool cross = std::any_of(scene.blocks.begin(), scene.blocks.end(), [](const MapsBlock& block) { return block.info.cross; });
    const QString rows = counted(cross ? LAB_PLURAL("maps", "%n attention block(s)") : LAB_PLURAL("maps", "%n layer(s)"), blocks);
    QStringList said{tr("%1 \u00D7 %2").arg(rows, counted(LAB_PLURAL("maps", "%n head(s)"), heads))};
    if (m_isMany) {
        const AttentionBlock& info = scene.blocks.front().info;
        const int shared = info.heads / std::max(1, info.kvHeads);
        if (m_many->grid().layersAcross()) said << tr("layers across");
        if (shared > 1) said << tr("%1 heads share one KV head").arg(shared);
        said << m_many->grid().dotText();
    }
    said << lookNote(scene.blocks.front(), maps.look());
    said.removeAll(QString());
    setSubtitle(said.join(QStringLiteral(" \u00B7 ")));
}

void AllHeads::setNeedle(std::optional<double> value, const ColorScaling& scaling) {
    m_scale->setScaling(scaling);
    m_titleScale->setScaling(scaling);
    m_scale->setNeedle(value);
}

void AllHeads::setNarrow(bool narrow) {
    m_narrow = narrow;
    m_grid->setLargestMap(narrow ? 2 * narrowMap : largestMap);
    m_many->setTight(narrow);
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
    if (m_isMany) return m_many->tightWidth(std::max(theme.px(widestOfMany), m_room.width() - theme.px(roomyHead)));
    const int widest = std::clamp(m_grid->minimumSizeHint().width(), theme.px(widestNarrow), theme.px(widestOfMany));
    return std::clamp(m_grid->widthFor(narrowMap) + 2, theme.px(narrowest), widest + 2);
}

void AllHeads::setRoom(QSize room) {
    if (room == m_room) return;
    m_room = room;
    applyWidth();
}

int AllHeads::roomBeside(QSize room) const {
    return room.width() - narrowWidth();
}

int AllHeads::emptyRoom(QSize room) const {
    if (m_isMany) return room.width() - m_many->widthIn(room);
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
