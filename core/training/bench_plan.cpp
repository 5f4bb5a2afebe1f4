#include "core/training/bench_plan.h"

#include <cassert>

#include "core/base/enum_names.h"
#include "core/config/experiment.h"
#include "core/config/layer_cost.h"
#include "core/config/validation.h"

namespace lab {
namespace {

struct Shape {
    int d, layers, heads, length;
};

Experiment withoutEvaluation(Experiment experiment) {
    experiment.task.validation_size = 0;
    experiment.task.test_size = 0;
    experiment.training.steps = 1000000;
    experiment.training.validate_every = experiment.training.steps;
    return resolved(std::move(experiment));
}

/// The encoder of the paper presets (reverse, batch 128, dropout 0) in another shape.
Experiment encoder(AttentionForm form, const Shape& shape) {
    Experiment e;
    e.task.seq_len = shape.length;
    e.model.attention.form = form;
    e.model.d_model = shape.d;
    e.model.num_layers = shape.layers;
    e.model.num_heads = shape.heads;
    return withoutEvaluation(std::move(e));
}

/// Next-symbol prediction over 65 characters in the shape that nanoGPT trains on a processor. Its text is replaced by blocks of random
/// symbols shown twice (task repeat): what the symbols are makes no difference to the time.
Experiment charDecoder() {
    Experiment e;
    e.task.kind = "repeat";
    e.task.seq_len = 64;
    e.task.vocab_size = 65;
    e.model.architecture = Architecture::decoder;
    e.model.d_model = 128;
    e.model.num_layers = 4;
    e.model.num_heads = 4;
    e.model.d_ff = 512;
    e.model.position.kind = PositionKind::learned;
    e.model.norm.placement = NormPlacement::pre;
    e.model.feed_forward.activation = Activation::gelu;
    e.model.init = Initialisation::gpt2;
    e.model.output.kind = OutputKind::linear;
    e.model.output.tied = true;
    e.training.batch_size = 12;
    return withoutEvaluation(std::move(e));
}

std::vector<Experiment> quickGrid() {
    std::vector<Experiment> rows;
    for (const Shape& shape : {Shape{32, 2, 2, 16}, Shape{64, 2, 2, 16}, Shape{64, 2, 2, 64}, Shape{256, 4, 2, 128}})
        rows.push_back(encoder(AttentionForm::qkv, shape));
    rows.push_back(charDecoder());
    return rows;
}

std::vector<Experiment> paperGrid() {
    std::vector<Experiment> rows;
    for (const int d : {32, 64, 256})
        for (const int layers : {2, 4})
            for (const int heads : {2, 4})
                for (const int length : {16, 64, 128})
                    for (const AttentionForm form : {AttentionForm::qkv, AttentionForm::kv, AttentionForm::kv_pos})
                        rows.push_back(encoder(form, {d, layers, heads, length}));
    return rows;
}

}  // namespace

std::optional<BenchGrid> benchGridNamed(std::string_view name) {
    if (name == "quick") return BenchGrid::quick;
    if (name == "paper") return BenchGrid::paper;
    return std::nullopt;
}

std::vector<Experiment> benchExperiments(BenchGrid grid) {
    return grid == BenchGrid::quick ? quickGrid() : paperGrid();
}

std::vector<int> benchThreads(BenchGrid grid, int processors) {
    return grid == BenchGrid::quick ? std::vector<int>{1, 2} : std::vector<int>{processors};
}

int benchLength(const Experiment& experiment) {
    assert(experiment.model.architecture != Architecture::encoder_decoder);
    return *experiment.model.max_seq_len;
}

double forwardMultiplyAdds(const ModelConfig& model, int length) {
    assert(model.architecture != Architecture::encoder_decoder);
    const double n = length;
    double products = n * answerProducts(model);
    for (const Side side : {Side::encoder, Side::decoder})
        for (const LayerConfig& layer : layersOf(model, side)) {
            products += n * feedForwardProducts(layer) + mixingProducts(layer);
            if (model.attends()) products += n * (queryProducts(layer) + keyProducts(layer)) + n * n * pairProducts(layer);
        }
    return products;
}

double stepFlops(const Experiment& experiment) {
    return 3.0 * 2.0 * experiment.training.batch_size * forwardMultiplyAdds(experiment.model, benchLength(experiment));
}

std::string benchName(const Experiment& experiment) {
    const ModelConfig& model = experiment.model;
    const auto number = [](int value) { return std::to_string(value); };
    return std::string(nameOf(model.architecture)) + " " + std::string(nameOf(model.attention.form)) + ", d " + number(model.d_model) +
           ", L " + number(model.num_layers) + ", h " + number(model.num_heads) + ", n " + number(benchLength(experiment)) + ", batch " +
           number(experiment.training.batch_size);
}

}  // namespace lab
