#include "ui/pages/positions/position_view.h"

namespace lab {

const AttentionBlock* PositionScene::block() const {
    if (!run) return nullptr;
    const auto& blocks = run->model()->attentionBlocks();
    const std::size_t index = static_cast<std::size_t>(selection.block);
    return index < blocks.size() ? &blocks[index] : nullptr;
}

QString PositionView::factorTitle() {
    return tr("Factor on a weight, before normalising");
}

QString PositionView::crossAbsence() {
    return tr("Cross-attention has no position terms; choose a head of self-attention.");
}

}  // namespace lab
