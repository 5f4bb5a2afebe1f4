#pragma once

#include <QStringList>
#include <vector>

#include "core/model/model.h"
#include "ui/scenes/sequence_words.h"

namespace lab {

/// What stands beside the rows of a block's maps: the positions of its own side's sequence.
QStringList queryWords(const SequenceWords& words, const AttentionBlock& block, const Trace& trace);
QStringList queryWords(const SequenceWords& words, const AttentionBlock& block, const Input& input);

/// And what stands above their columns: positions of the sequence that the block looks at, or the slots of a bottleneck, with the codes
/// that the trace has.
QStringList keyWords(const SequenceWords& words, const AttentionBlock& block, const Trace& trace);
/// Of an input, whose slots have their codes in `trace` unless that is null.
QStringList keyWords(const SequenceWords& words, const AttentionBlock& block, const Input& input, const Trace* trace);

/// The rows and the columns of a block's maps whose tokens stand for no text.
std::vector<int> specialQueries(const SequenceWords& words, const AttentionBlock& block, const Input& input);
std::vector<int> specialKeys(const SequenceWords& words, const AttentionBlock& block, const Input& input);

}  // namespace lab
