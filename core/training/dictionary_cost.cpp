#include "core/training/dictionary_cost.h"

#include <cassert>

#include "core/config/experiment.h"
#include "core/config/layer_config.h"
#include "core/tasks/glossary.h"

namespace lab {
namespace {

/// Rows that go through a stack, and the pairs of a query of theirs and a key that it sees.
struct Rows {
    double rows = 0;
    double pairs = 0;
    double memoryPairs = 0;  ///< of cross-attention
};

double keyWidth(const LayerConfig& layer) {
    return double{1} * layer.num_kv_heads * layer.head_dim;
}

/// Queries, keys, values and the output's projection, as far as the form has them; then scores and mixing.
double ofAttention(const LayerConfig& layer, double rows, double pairs) {
    const FormSpec& form = specOf(layer.form);
    const double d = layer.d_model, projections = d * d * (1 + form.ownQuery) + d * keyWidth(layer) * (1 + form.ownValue);
    return rows * projections + 2 * pairs * d;
}

/// Queries and output of the text's rows; the keys and values of the memory belong to its reading.
double ofCrossAttention(const LayerConfig& layer, const Rows& rows) {
    return rows.memoryPairs > 0 ? rows.rows * 2 * layer.d_model * layer.d_model + 2 * rows.memoryPairs * layer.d_model : 0;
}

double ofFeedForward(const LayerConfig& layer, double rows) {
    const double inputs = layer.d_model + layer.looked_up, projections = specOf(layer.activation).gated ? 2 : 1;
    return rows * layer.d_ff * (inputs * projections + layer.d_model);
}

double ofStack(const ModelConfig& model, Side side, const Rows& rows) {
    double sum = 0;
    for (const LayerConfig& layer : layersOf(model, side))
        sum += ofAttention(layer, rows.rows, rows.pairs) + ofCrossAttention(layer, rows) + ofFeedForward(layer, rows.rows);
    return sum;
}

double ofHead(const ModelConfig& model, double answers) {
    const double d = model.d_model, hidden = model.output.kind == OutputKind::mlp ? d * d : 0;
    return answers * (hidden + d * *model.num_classes);
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
    for (const LayerConfig& layer : layersOf(model, side))
        cost.kept += sizeof(float) * entries * keyWidth(layer) * (specOf(layer.form).ownValue ? 2 : 1);
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
        cost.reading += tokens * 2 * layer.d_model * keyWidth(layer);
        cost.kept += sizeof(float) * tokens * 2 * keyWidth(layer);
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
    cost.text += ofHead(experiment.model, task.questions);
    cost.answer = cost.text / task.questions;
    if (given.inFront) cost.tokens = static_cast<int>(tokens);
    return cost;
}

}  // namespace lab
