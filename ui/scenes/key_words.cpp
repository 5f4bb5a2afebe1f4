#include "ui/scenes/key_words.h"

#include "core/model/block_keys.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

bool hasTwoSides(const SequenceWords& words) {
    return specOf(words.model().architecture).twoSides();
}

}  // namespace

QStringList queryWords(const SequenceWords& words, const AttentionBlock& block, const Trace& trace) {
    return queryWords(words, block, inputOf(trace));
}

QStringList queryWords(const SequenceWords& words, const AttentionBlock& block, const Input& input) {
    return words.all(input, queriesAreTargets(block, hasTwoSides(words)));
}

QStringList keyWords(const SequenceWords& words, const AttentionBlock& block, const Trace& trace) {
    return keyWords(words, block, inputOf(trace), &trace);
}

QStringList keyWords(const SequenceWords& words, const AttentionBlock& block, const Input& input, const Trace* trace) {
    const KeysOf keys = keysOf(block, hasTwoSides(words));
    if (keys != KeysOf::bottleneck) return words.all(input, keys == KeysOf::target);
    QStringList names;
    for (const Message& slot : slotNames(block, trace)) names << shown(slot);
    return names;
}

std::vector<int> specialQueries(const SequenceWords& words, const AttentionBlock& block, const Input& input) {
    return words.specials(input, queriesAreTargets(block, hasTwoSides(words)));
}

std::vector<int> specialKeys(const SequenceWords& words, const AttentionBlock& block, const Input& input) {
    const KeysOf keys = keysOf(block, hasTwoSides(words));
    return keys == KeysOf::bottleneck ? std::vector<int>() : words.specials(input, keys == KeysOf::target);
}

}  // namespace lab
