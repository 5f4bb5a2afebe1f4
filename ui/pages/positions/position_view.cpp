#include "ui/pages/positions/position_view.h"

namespace lab {

const AttentionBlock* PositionScene::block() const {
    if (!run) return nullptr;
    const auto& blocks = run->model()->attentionBlocks();
    const std::size_t index = static_cast<std::size_t>(selection.block);
    return index < blocks.size() ? &blocks[index] : nullptr;
}

}  // namespace lab
