#include "ui/pages/maps/token_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <algorithm>

#include "ui/scenes/stage_maps.h"
#include "ui/text/language.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int tokenViewGap = 8;  // logical px at 100 %

}  // namespace

TokenView::TokenView(Focus& focus, QWidget* parent) : QWidget(parent), m_focus(focus) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_fromPanel = new PanelFrame(QString(), this);
    m_toPanel = new PanelFrame(QString(), this);
    m_from = named("maps.token.from", new Map(MapForm::values(), tr("Where the token looks, in every head")));
    m_to = named("maps.token.to", new Map(MapForm::values(), tr("Who looks at the token, in every head")));
    m_tokens = named("maps.token.token", new QComboBox);
    m_tokens->setAccessibleName(tr("Token"));
    m_fromPanel->setContent(m_from);
    m_toPanel->setContent(m_to);
    m_fromPanel->addControl(new Caption(tr("token"), m_tokens));
    m_fromPanel->addControl(m_tokens);
    layout->addWidget(m_fromPanel, 1);
    layout->addWidget(m_toPanel, 1);
    m_from->setAxes(tr("layer, head"), tr("key j: attended to"));
    m_to->setAxes(tr("layer, head"), tr("query i: attends"));
    for (Map* map : {m_from, m_to}) map->setTip(tr("Click: the head in hand. Double click: enlarge it"));
    connectMap(*m_from, true);
    connectMap(*m_to, false);
    connect(m_tokens, &QComboBox::activated, this, &TokenView::takeToken);
    keepSpacing(layout, tokenViewGap);
}

void TokenView::connectMap(Map& map, bool from) {
    connect(&map, &Map::selected, this, [this, from](int row, int column) {
        const auto index = static_cast<std::size_t>(row);
        if (index >= m_reach.heads.size()) return;
        const auto [block, head] = m_reach.heads[index];
        Selection selection = m_focus.selection();
        selection.block = block;
        selection.head = head;
        if (from) selection.key = column;
        m_focus.select(selection);
    });
    connect(&map, &Map::activated, this, [this](int row, int) {
        const auto index = static_cast<std::size_t>(row);
        if (index < m_reach.heads.size()) emit headOpened(m_reach.heads[index].block, m_reach.heads[index].head);
    });
}

void TokenView::takeToken(int token) {
    Selection selection = m_focus.selection();
    selection.query = token;
    m_focus.select(selection);
    show();
}

const MapsBlock* TokenView::blockOfToken() const {
    return m_reach.heads.empty() ? nullptr : &m_scene.blocks[static_cast<std::size_t>(m_reach.heads.front().block)];
}

void TokenView::look(const MapsScene& scene, const std::shared_ptr<const Trace>& trace, std::int64_t step) {
    m_scene = scene;
    m_trace = trace;
    m_step = step;
    show();
}

/// Of the side that the head in hand reads; a token that is not there counts as the last.
void TokenView::show() {
    if (m_scene.empty() || !m_trace || !m_focus.run()) return;
    const Selection selection = m_focus.selection();
    const auto hand = static_cast<std::size_t>(std::clamp(selection.block, 0, static_cast<int>(m_scene.blocks.size()) - 1));
    const MapsBlock& inHand = m_scene.blocks[hand];
    const int token = std::clamp(selection.query, 0, static_cast<int>(inHand.rowTokens.size()) - 1);
    m_reach = tokenReach(*m_focus.run()->model(), *m_trace, inHand.info.side, token);
    const MapsBlock* block = blockOfToken();
    if (!block) {
        for (Map* map : {m_from, m_to}) {
            map->setEmptyText(tr("The queries of these heads are no keys of theirs"));
            map->setData({}, {});
        }
        return;
    }
    const QSignalBlocker blocker(m_tokens);
    m_tokens->clear();
    for (std::size_t i = 0; i < block->rowTokens.size(); ++i) m_tokens->addItem(QStringLiteral("%1  %2").arg(i).arg(block->rowTokens[i]));
    m_tokens->setCurrentIndex(token);
    const QString name = quoted(block->rowTokens[static_cast<std::size_t>(token)]);
    showMap(*m_from, *m_fromPanel, m_reach.from, tr("Where %1 looks").arg(name));
    showMap(*m_to, *m_toPanel, m_reach.to, tr("Who looks at %1").arg(name));
}

void TokenView::showMap(Map& map, PanelFrame& panel, const std::vector<float>& values, const QString& title) {
    const MapsBlock& block = *blockOfToken();
    std::vector<QString> heads;
    int inHand = -1;
    for (const auto& [ofBlock, head] : m_reach.heads) {
        if (ofBlock == m_focus.selection().block && head == m_focus.selection().head) inHand = static_cast<int>(heads.size());
        heads.push_back(m_scene.blocks[static_cast<std::size_t>(ofBlock)].heads[static_cast<std::size_t>(head)].name);
    }
    panel.setTitle(title);
    panel.setSubtitle(tr("all layers and heads, step %1").arg(grouped(m_step)));
    const MapData cells = mapOf(values, static_cast<int>(heads.size()), m_reach.length);
    map.setNames(heads, block.rowTokens);
    map.setQuantity(tr("weight"), [](double value) { return fixed(value, 4); });
    map.setHiddenName(block.info.visibility.causal() ? tr("hidden") : QString());
    map.setData(cells, weightScaling(cells, m_scene.hasSignedWeights(block)));
    map.setSelection({inHand, std::clamp(m_focus.selection().key, 0, m_reach.length - 1)});
}

}  // namespace lab
