#include "core/moments/head_choice.h"

#include <algorithm>

#include "core/base/errors.h"

namespace lab {

ChosenHead chosenHead(const Model& model, const HeadChoice& choice) {
    const auto& blocks = model.attentionBlocks();
    const auto block = std::ranges::find_if(blocks, [&choice](const AttentionBlock& each) {
        return choice.block.empty() ? each.layer == choice.layer : each.name == choice.block;
    });
    if (block == blocks.end() && !choice.block.empty())
        throw InputError("block", Message(LAB_TEXT("moments", "this model has no %1")).arg(choice.block));
    if (block == blocks.end()) throw InputError("layer", Message(LAB_TEXT("moments", "this model has no layer %1")).arg(choice.layer));
    if (choice.head < 0 || choice.head >= block->heads)
        throw InputError(
            "head",
            Message(LAB_TEXT("moments", "%1 has no head %2, only 0 to %3")).arg(block->name).arg(choice.head).arg(block->heads - 1));
    return {static_cast<int>(block - blocks.begin()), choice.head};
}

int placeBelow(const char* key, int place, std::int64_t count, SourceText none) {
    if (place >= 0 && place < count) return place;
    throw InputError(std::string(key), Message(none).arg(place).arg(count - 1));
}

Message whyNoHeads(const Model& model) {
    if (!model.attentionBlocks().empty()) return {};
    return LAB_TEXT("moments", "this model has no attention: a feed-forward net mixes its positions");
}

}  // namespace lab
