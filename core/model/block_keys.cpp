#include "core/model/block_keys.h"

namespace lab {
namespace {

bool isDecoders(const AttentionBlock& block, bool twoSides) {
    return twoSides && block.side == "decoder";
}

}  // namespace

bool queriesAreTargets(const AttentionBlock& block, bool twoSides) {
    return isDecoders(block, twoSides);
}

KeysOf keysOf(const AttentionBlock& block, bool twoSides) {
    if (block.slotCount > 0) return KeysOf::bottleneck;
    return isDecoders(block, twoSides) && !block.cross ? KeysOf::target : KeysOf::source;
}

int keyCount(const AttentionBlock& block, std::size_t sourceLength, std::size_t targetLength) {
    const KeysOf keys = keysOf(block, targetLength > 0);
    if (keys == KeysOf::bottleneck) return block.slotCount;
    return static_cast<int>(keys == KeysOf::target ? targetLength : sourceLength);
}

Message slotName(int slot, std::optional<int> code) {
    if (!code) return Message(LAB_TEXT("model", "slot %1")).arg(slot);
    return Message(LAB_TEXT("model", "slot %1: %2")).arg(slot).arg(*code);
}

std::vector<Message> slotNames(const AttentionBlock& block, const Trace* trace) {
    const Tensor* codes = trace ? trace->find("bottleneck.codes") : nullptr;
    std::vector<Message> names;
    for (int slot = 0; slot < block.slotCount; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        const bool known = codes && at < codes->values.size();
        names.push_back(slotName(slot, known ? std::optional(static_cast<int>(codes->values[at])) : std::nullopt));
    }
    return names;
}

}  // namespace lab
