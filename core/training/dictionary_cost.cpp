#include "core/training/dictionary_cost.h"

#include <cassert>

#include "core/config/experiment.h"
#include "core/config/layer_cost.h"
#include "core/tasks/glossary.h"

namespace lab {
namespace {

/// Rows that go through a stack, and the pairs of a query of theirs and a key that it sees.
struct Rows {
    double rows = 0;
    double pairs = 0;
    double memoryPairs = 0;  ///< of cross-attention
};

double ofAttention(const LayerConfig& layer, double rows, double pairs) {
    return rows * (queryProducts(layer) + keyProducts(layer)) + pairs * pairProducts(layer);
}

/// Queries and output of the text's rows; the keys and values of the memory belong to its reading.
double ofCrossAttention(const LayerConfig& layer, const Rows& rows) {
    const LayerConfig cross = crossAttentionOf(layer);
    return rows.memoryPairs > 0 ? rows.rows * queryProducts(cross) + rows.memoryPairs * pairProducts(cross) : 0;
}

double ofStack(const ModelConfig& model, Side side, const Rows& rows) {
    double sum = 0;
    for (const LayerConfig& layer : layersOf(model, side))
        sum += ofAttention(layer, rows.rows, rows.pairs) + ofCrossAttention(layer, rows) + rows.rows * feedForwardProducts(layer);
    return sum;
}

/// Pairs of `n` positions in blocks of so many that see each other; without itself, where a position has another to see.
double pairsOfBlocks(const ModelConfig& model, double n, double block) {
    return n * (model.attention.mask_diagonal && block > 1 ? block - 1 : block);
}

/// Pairs of a decoder's first `n` positions; the first of all sees itself in any case.
double triangle(const ModelConfig& model, double n) {
    if (n == 0 || !model.attention.mask_diagonal) return n * (n + 1) / 2;
    return n * (n - 1) / 2 + 1;
}

/// One sequence: the dictionary's rows, if they stand in front, and the text's behind them.
DictionaryCost inOneSequence(const ModelConfig& model, double entries, double text) {
    DictionaryCost cost;
    const bool decoder = model.architecture == Architecture::decoder;
    const Side side = decoder ? Side::decoder : Side::encoder;
    if (!decoder) {
        const double all = entries + text;
        cost.text = ofStack(model, side, {all, pairsOfBlocks(model, all, all)});
        return cost;
    }
    cost.reading = ofStack(model, side, {entries, triangle(model, entries)});
    cost.text = ofStack(model, side, {text, triangle(model, entries + text) - triangle(model, entries)});
    for (const LayerConfig& layer : layersOf(model, side)) cost.kept += sizeof(float) * entries * cachedNumbers(layer);
    return cost;
}

DictionaryCost ofTwoSides(const ModelConfig& model, double tokens, double text) {
    DictionaryCost cost;
    const double entry = *model.dictionary.entry, entries = tokens / entry;
    cost.reading = ofStack(model, Side::encoder, {tokens, pairsOfBlocks(model, tokens, entry)});
    const bool looksUp = specOf(model.dictionary.kind).lookedUp;
    cost.text = ofStack(model, Side::decoder, {text, triangle(model, text), looksUp ? 0 : text * tokens});
    if (looksUp) cost.kept = sizeof(float) * entries * model.d_model;
    if (looksUp) return cost;
    for (const LayerConfig& layer : layersOf(model, Side::decoder)) {
        const LayerConfig cross = crossAttentionOf(layer);
        cost.reading += tokens * keyProducts(cross);
        cost.kept += sizeof(float) * tokens * cachedNumbers(cross);
    }
    return cost;
}

}  // namespace

DictionaryCost dictionaryCost(const Experiment& experiment) {
    assert(experiment.task.kind->source == TaskSource::glossary && experiment.model.attends());
    const GlossaryConfig task = glossaryConfig(experiment.task);
    const DictionarySpec& given = specOf(experiment.model.dictionary.kind);
    const double tokens = double{1} * task.entries * task.entryTokens(), text = task.textTokens();
    DictionaryCost cost =
        given.apart ? ofTwoSides(experiment.model, tokens, text) : inOneSequence(experiment.model, given.inFront ? tokens : 0, text);
    cost.text += task.questions * answerProducts(experiment.model);
    cost.answer = cost.text / task.questions;
    if (given.inFront) cost.tokens = static_cast<int>(tokens);
    return cost;
}

}  // namespace lab
