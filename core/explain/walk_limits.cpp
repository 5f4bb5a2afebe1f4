#include "core/explain/walk_limits.h"

#include "core/config/model_config.h"

namespace lab::explain {

Message whyNoWalk(const ModelConfig& model) {
    if (model.attends() && model.attention.differential)
        return LAB_TEXT(
            "explain",
            "Differential attention is not opened here: behind the softmax of two heads stands their difference, and a norm of "
            "the pair. The trace has the heads\u2019 own maps as softmax_weights, what the second is multiplied by as lambda, and "
            "what the norm makes of the heads\u2019 outputs as normalised_pair.");
    if (!specOf(model.dictionary.kind).lookedUp) return {};
    return LAB_TEXT(
        "explain",
        "A standing dictionary is not opened here: what its encoder makes of an entry reaches the feed-forward layer by a table, "
        "beside attention. The trace has the table as dictionary, and what each token read of it as dictionary.read.");
}

Message whyNoWayBack(const ModelConfig& model) {
    if (!specOf(model.output.kind).projects)
        return LAB_TEXT("explain",
                        "The way back is not opened where the rows themselves are the result (model.output.kind none): nothing is read "
                        "off them.");
    if (!model.sharesKeys()) return {};
    return LAB_TEXT("explain",
                    "The way back is not opened where layers share keys and values: what reaches a key is the sum over all layers that "
                    "read it, which no single layer explains. The trace has each layer\u2019s part of it as the gradient of its key and "
                    "value, and the whole as that of the layer that makes them.");
}

Message whyNoCode(const ModelConfig& model) {
    if (const Message noWalk = whyNoWalk(model); !noWalk.empty()) return noWalk;
    if (model.sharesKeys())
        return LAB_TEXT("explain",
                        "Code is not written for a model whose layers share keys and values: its numbers are opened as numbers alone.");
    if (specOf(model.depth.kind).tied)
        return LAB_TEXT("explain",
                        "Code is not written for a model whose steps share one layer\u2019s weights: its numbers are opened as numbers "
                        "alone.");
    if (model.hasExperts())
        return LAB_TEXT(
            "explain",
            "Code is not written for a mixture of experts, whose rows go through layers of their own: its numbers are opened as "
            "numbers alone.");
    if (!specOf(model.output.kind).projects)
        return LAB_TEXT("explain",
                        "Code is not written for a model whose rows themselves are the result (model.output.kind none): its numbers are "
                        "opened as numbers alone.");
    if (model.output.kind == OutputKind::masked_word)
        return LAB_TEXT("explain",
                        "Code is not written for a model with a head that fills gaps (model.output.kind masked-word): its numbers are "
                        "opened as numbers alone.");
    if (specOf(model.residual).parallel)
        return LAB_TEXT("explain",
                        "Code is not written for a model whose attention and feed-forward layers stand side by side (model.residual "
                        "parallel): its numbers are opened as numbers alone.");
    if (!model.readsVectors() && model.embedding_dim.value_or(model.d_model) != model.d_model)
        return LAB_TEXT("explain",
                        "Code is not written for a model whose embeddings are of another width than its stream (model.embedding_dim): its "
                        "numbers are opened as numbers alone.");
    if (!model.hasBottleneck()) return {};
    return LAB_TEXT("explain", "Code is not written for a model with a bottleneck: its numbers are opened as numbers alone.");
}

}  // namespace lab::explain
