// Which heads differ: one cell a head, and the head in hand is the one that is clicked.

#include <algorithm>
#include <limits>

#include "core/analysis/weight_moved.h"
#include "ui/pages/compare/compare_maps.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"

namespace lab {

Map& CompareMaps::changesMap() const {
    return *m_changes;
}

void CompareMaps::makeChanges() {
    m_changesPanel = new PanelFrame(tr("Weight put elsewhere"), m_body);
    m_changesPanel->setDense(true);
    m_changesPanel->setToolTip(
        tr("Of each head the share of its weight that lies on other keys than in the run it is held against, on this "
           "input: 1 − Σⱼ min(Aᵢⱼ, Bᵢⱼ), mean over the queries. 0: the same map. A click shows the head."));
    m_changes = named("compare.maps.changes", new Map(MapForm::values(), tr("Weight that each head puts elsewhere")));
    m_changes->setAxes(tr("layer"), tr("head"));
    m_changes->setQuantity(tr("share"), [](double value) { return fixed(value, 3); });
    m_changesPanel->setContent(m_changes);
    m_changesPanel->hide();
    connect(m_changes, &Map::selected, this, [this](int block, int head) {
        const Selection& now = m_focus.selection();
        m_focus.select({block, head, now.query, now.key});
    });
}

bool CompareMaps::showsChanges() const {
    return m_runs.size() > 1 && m_shown.size() == m_runs.size() && !picturesShown() && differenceProblem().isEmpty() &&
           headPlaces(*m_runs[0]->model()).size() > 1 && !m_changes->data().empty();
}

void CompareMaps::refreshChanges() {
    m_changes->setData({});
    if (m_runs.size() < 2 || picturesShown() || !differenceProblem().isEmpty()) return;
    const Model& first = *m_runs[0]->model();
    const auto moved = weightMoved(first, *m_shown[0].trace, *m_runs[other()]->model(), *m_shown[other()].trace);
    int heads = 0;
    for (const AttentionBlock& block : first.attentionBlocks()) heads = std::max(heads, block.heads);
    const auto blocks = static_cast<int>(first.attentionBlocks().size());
    std::vector<float> cells(static_cast<std::size_t>(blocks) * static_cast<std::size_t>(heads), -std::numeric_limits<float>::infinity());
    const std::vector<HeadPlace> places = headPlaces(first);
    for (std::size_t i = 0; i < places.size(); ++i)
        if (moved[i]) cells[static_cast<std::size_t>(places[i].block * heads + places[i].head)] = static_cast<float>(*moved[i]);
    m_changes->setData(mapOf(std::move(cells), blocks, heads));
    m_changes->setSelection({m_shown[0].head.block, m_shown[0].head.head});
}

}  // namespace lab
