#include "ui/pages/maps/many_heads.h"

#include <QScrollArea>
#include <QScrollBar>
#include <algorithm>
#include <utility>

#include "ui/pages/maps/dense_grid.h"
#include "ui/pages/maps/head_grid.h"
#include "ui/text/message_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int layerMap = 72, leastLayerMap = 22;  ///< four times the small one
constexpr int layerTitle = 24;
constexpr int leastLayer = 120;  ///< height of the heads of the layer in hand
constexpr int leastGridAbove = 120;

}  // namespace

ManyHeads::ManyHeads(QWidget* parent) : QWidget(parent) {
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_grid = named("maps.many.heads", new DenseGrid);
    m_scroll->setWidgetResizable(true);
    m_scroll->setWidget(m_grid);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_grid->setAutoFillBackground(false);
    m_layerTitle = new ThemedLabel(QString(), TextSize::text, Role::text, true, this);
    m_layer = named("maps.many.layer", new HeadGrid(this));
    m_layer->setLargestMap(layerMap);
    m_layer->setSmallestMap(leastLayerMap);
    connect(m_grid, &DenseGrid::currentChanged, this, &ManyHeads::headChosen);
    connect(m_grid, &DenseGrid::enlarged, this, &ManyHeads::enlarged);
    connect(m_grid, &DenseGrid::cellHovered, this, &ManyHeads::cellHovered);
    connect(m_layer, &HeadGrid::currentChanged, this, [this](int, int head) { emit headChosen(m_block, head); });
    connect(m_layer, &HeadGrid::enlarged, this, [this](int, int head) { emit enlarged(m_block, head); });
    connect(m_layer, &HeadGrid::cellHovered, this,
            [this](int block, int head, int query, int key) { emit cellHovered(block < 0 ? -1 : m_block, head, query, key); });
    whenThemed(this, &ManyHeads::arrange);
}

void ManyHeads::setScene(const MapsScene& scene, const StageMaps& maps) {
    m_scene = scene;
    m_maps = maps;
    m_grid->setScene(scene, maps);
    showLayer();
    arrange();
}

void ManyHeads::setHabits(const std::vector<HeadBadge>& badges, const std::vector<HeadHabit>& habits) {
    m_badges = badges;
    m_grid->setHabits(badges, habits);
    showLayer();
}

void ManyHeads::setCurrent(int block, int head) {
    const bool otherLayer = block != m_block;
    m_block = block;
    m_head = head;
    m_grid->setCurrent(block, head);
    if (otherLayer)
        showLayer();
    else
        m_layer->setCurrent(0, head);
    reveal();
}

void ManyHeads::setTight(bool tight) {
    m_tight = tight;
    arrange();
}

int ManyHeads::widthIn(QSize room) const {
    return m_grid->sizeFor(room, false).width();
}

int ManyHeads::tightWidth(int most) const {
    const int bar = m_scroll->verticalScrollBar()->sizeHint().width();
    return std::min(most, m_grid->sizeFor(QSize(most - bar, height()), true).width() + bar);
}

/// The block in hand as a grid of one row.
void ManyHeads::showLayer() {
    const bool shown = m_showsLayer && !m_scene.empty();
    m_layer->setVisible(shown);
    m_layerTitle->setVisible(shown);
    if (!shown) return;
    const auto block = static_cast<std::size_t>(std::clamp(m_block, 0, static_cast<int>(m_scene.blocks.size()) - 1));
    MapsScene one;
    one.attention = m_scene.attention;
    one.blocks.push_back(m_scene.blocks[block]);
    std::vector<HeadBadge> badges;
    for (std::size_t i = 0; i < m_scene.heads.size(); ++i) {
        if (static_cast<std::size_t>(m_scene.heads[i].block) != block) continue;
        one.heads.push_back({0, m_scene.heads[i].head});
        if (i < m_badges.size()) badges.push_back(m_badges[i]);
    }
    m_layerTitle->setText(tr("%1, its heads larger").arg(one.blocks.front().title));
    m_layer->setScene(one, m_maps.only(static_cast<int>(block)));
    m_layer->setBadges(badges);
    m_layer->setCurrent(0, m_head);
}

void ManyHeads::arrange() {
    const Theme& theme = Theme::instance();
    const int below = theme.px(layerTitle + leastLayer);
    const int wanted = m_grid->sizeFor(size(), m_tight).height();
    const bool layer = m_grid->layersAcross() || (!m_tight && wanted + below <= height());
    const int most = m_grid->layersAcross() ? std::max(height() - below, std::min(height(), theme.px(leastGridAbove))) : wanted;
    placeGrid(layer ? most : height(), layer);
    if (layer) {
        const int used = m_scroll->height();
        m_layerTitle->setGeometry(theme.px(8), used, width() - theme.px(16), theme.px(layerTitle));
        m_layer->setGeometry(0, used + theme.px(layerTitle), width(), std::max(0, height() - used - theme.px(layerTitle)));
    }
    if (std::exchange(m_showsLayer, layer) != layer) showLayer();
}

/// `shrinks`: it takes no more than it wants.
void ManyHeads::placeGrid(int room, bool shrinks) {
    m_grid->setRoom(QSize(width(), room), m_tight);
    const QSize wanted = m_grid->sizeHint();
    if (wanted.height() > room) m_grid->setRoom(QSize(width() - m_scroll->verticalScrollBar()->sizeHint().width(), room), m_tight);
    const int bar = wanted.width() > width() ? m_scroll->horizontalScrollBar()->sizeHint().height() : 0;
    m_scroll->setGeometry(0, 0, width(), shrinks ? std::min(room, wanted.height() + bar) : height());
}

void ManyHeads::reveal() {
    const QRectF map = m_grid->mapRect(m_block, m_head);
    const int around = Theme::instance().px(24);
    m_scroll->ensureVisible(qRound(map.center().x()), qRound(map.center().y()), around + qRound(map.width()),
                            around + qRound(map.height()));
}

void ManyHeads::resizeEvent(QResizeEvent*) {
    arrange();
}

}  // namespace lab
