#include "core/explain/walk_limits.h"

#include "core/config/model_config.h"

namespace lab::explain {

Message whyNoWalk(const ModelConfig& model) {
    if (!specOf(model.dictionary.kind).lookedUp) return {};
    return LAB_TEXT(
        "explain",
        "A standing dictionary is not opened here: what its encoder makes of an entry reaches the feed-forward layer by a table, "
        "beside attention. The trace has the table as dictionary, and what each token read of it as dictionary.read.");
}

Message whyNoCode(const ModelConfig& model) {
    if (!model.hasBottleneck()) return {};
    return LAB_TEXT("explain", "Code is not written for a model with a bottleneck: its numbers are opened as numbers alone.");
}

}  // namespace lab::explain
