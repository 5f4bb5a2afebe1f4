#include "core/moments/maps_wish.h"

#include "core/base/errors.h"

namespace lab {
namespace {

void check(const MapsWish& wish, const RunMoment& moment, const Input& input) {
    if (const Message why = whyNoHeads(*moment.model); !why.empty()) throw InputError(why);
    const ModelConfig& model = moment.experiment.model;
    if (wish.view != MapsWish::View::maps) chosenHead(*moment.model, wish.head);
    if (wish.view == MapsWish::View::rope && model.headDim() % 2 != 0)
        throw InputError(
            "view", Message(LAB_TEXT("moments", "pairs of channels need an even head dimension, this model's is %1")).arg(model.headDim()));
    if (!hasStage(model.attention, wish.quantity))
        throw InputError("quantity", Message(LAB_TEXT("moments", "this model has no %1")).arg(mapStageName(wish.quantity)));
    if (wish.needsGradients() && input.targets.empty())
        throw InputError("targets", LAB_TEXT("moments", "gradients are those of a loss: say what is right"));
}

void checkPlaces(const MapsWish& wish, const Model& model, const Trace& trace) {
    if (wish.view != MapsWish::View::rope) return;
    const auto& block = model.attentionBlocks()[static_cast<std::size_t>(chosenHead(model, wish.head).block)];
    const Tensor& scores = trace.at(block.name + ".scores");
    if (wish.query) placeBelow("query", *wish.query, scores.extent(1));
    if (wish.key) placeBelow("key", *wish.key, scores.extent(2));
}

}  // namespace

std::shared_ptr<const Trace> traceFor(const MapsWish& wish, const RunMoment& moment, const Input& input) {
    check(wish, moment, input);
    TraceRequest request;
    request.gradients = wish.needsGradients();
    request.cost = moment.experiment.training.answer_cost;
    TraceMemory memory;
    auto trace = std::make_shared<const Trace>(traceOnDemand(moment.model, moment.weights, input, request, memory));
    checkPlaces(wish, *moment.model, *trace);
    return trace;
}

}  // namespace lab
