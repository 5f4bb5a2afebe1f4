#pragma once

#include <optional>
#include <vector>

#include "core/base/message.h"
#include "core/model/model.h"
#include "core/model/trace.h"

namespace lab {

/// What the columns of an attention block's maps are, its keys.
enum class KeysOf {
    source,     ///< tokens of the encoder, or of a model of one side
    target,     ///< tokens of an encoder-decoder's decoder
    bottleneck  ///< slots
};

/// Whether the rows of its maps, its queries, are the target's tokens; `twoSides`: the model is an encoder-decoder.
bool queriesAreTargets(const AttentionBlock& block, bool twoSides);
KeysOf keysOf(const AttentionBlock& block, bool twoSides);
/// Of sequences of these lengths; targetLength 0 without a target side.
int keyCount(const AttentionBlock& block, std::size_t sourceLength, std::size_t targetLength);

/// "slot 2"; with its code "slot 2: 5".
Message slotName(int slot, std::optional<int> code = {});
/// The names of keys that are slots, with the codes of `trace` unless that is null; none where the keys are tokens.
std::vector<Message> slotNames(const AttentionBlock& block, const Trace* trace);

}  // namespace lab
