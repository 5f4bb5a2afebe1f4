#include "core/training/bench_plan.h"

#include "core/base/enum_names.h"
#include "core/config/experiment.h"
#include "core/config/layer_cost.h"
#include "core/config/validation.h"
#include "core/training/cost.h"

namespace lab {
namespace {

struct Shape {
    int d, layers, heads, length;
};

/// The encoder of the paper presets (reverse, batch 128, dropout 0) in another shape.
Experiment encoder(AttentionForm form, const Shape& shape) {
    Experiment e;
    e.task.seq_len = shape.length;
    e.model.attention.form = form;
    e.model.d_model = shape.d;
    e.model.num_layers = shape.layers;
    e.model.num_heads = shape.heads;
    return benchable(std::move(e));
}

/// Next-symbol prediction over 65 characters in the shape that nanoGPT trains on a processor. Its text is replaced by blocks of random
/// symbols shown twice (task repeat): what the symbols are makes no difference to the time. Not yet resolved, as those behind it.
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
    return e;
}

std::vector<Experiment> quickGrid() {
    std::vector<Experiment> rows;
    for (const Shape& shape : {Shape{32, 2, 2, 16}, Shape{64, 2, 2, 16}, Shape{64, 2, 2, 64}, Shape{256, 4, 2, 128}})
        rows.push_back(encoder(AttentionForm::qkv, shape));
    rows.push_back(benchable(charDecoder()));
    return rows;
}

/// The recipe own-text with a larger vocabulary. Texts of other shapes start from it.
Experiment textDecoder() {
    Experiment e = charDecoder();
    e.task.seq_len = 128;
    e.task.vocab_size = 2048;
    e.model.d_model = 192;
    e.model.num_layers = 6;
    e.model.num_heads = 6;
    e.model.d_ff = 512;
    e.model.bias = false;
    e.model.position.kind = PositionKind::rope;
    e.model.norm.kind = NormKind::rms;
    e.model.feed_forward.activation = Activation::swiglu;
    e.training.batch_size = 32;
    return e;
}

/// The encoder-decoder of Vaswani 2017 in small, which reverses.
Experiment twoSides() {
    Experiment e;
    e.task.seq_len = 32;
    e.model.architecture = Architecture::encoder_decoder;
    e.model.d_model = 128;
    e.model.num_layers = 2;
    e.model.num_heads = 4;
    e.model.d_ff = 512;
    e.model.output.kind = OutputKind::linear;
    e.model.output.tied = true;
    e.training.batch_size = 64;
    return e;
}

/// A query's key-value heads are shared by four.
Experiment groupedDecoder() {
    Experiment e = textDecoder();
    e.task.seq_len = 256;
    e.task.vocab_size = 512;
    e.model.d_model = 256;
    e.model.num_layers = 4;
    e.model.num_heads = 8;
    e.model.num_kv_heads = 2;
    e.model.d_ff = 688;
    e.training.batch_size = 16;
    return e;
}

Experiment windowDecoder() {
    constexpr int window = 32;
    Experiment e = textDecoder();
    e.task.seq_len = 1024;
    e.task.vocab_size = 512;
    e.model.d_model = 128;
    e.model.num_layers = 4;
    e.model.num_heads = 4;
    e.model.d_ff = 344;
    e.model.attention.pattern.kind = "sliding-window";
    e.model.attention.pattern.parameters.set("window", window);
    e.training.batch_size = 4;
    return e;
}

std::vector<Experiment> pytorchGrid() {
    std::vector<Experiment> rows = quickGrid();
    for (const auto& make : {textDecoder, twoSides, groupedDecoder, windowDecoder}) rows.push_back(benchable(make()));
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

Experiment benchable(Experiment experiment) {
    experiment.task.validation_size = 0;
    experiment.task.test_size = 0;
    experiment.training.steps = 1000000;
    experiment.training.validate_every = experiment.training.steps;
    return resolved(std::move(experiment));
}

std::optional<BenchGrid> benchGridNamed(std::string_view name) {
    if (name == "quick") return BenchGrid::quick;
    if (name == "paper") return BenchGrid::paper;
    if (name == "pytorch") return BenchGrid::pytorch;
    return std::nullopt;
}

std::vector<Experiment> benchExperiments(BenchGrid grid) {
    if (grid == BenchGrid::pytorch) return pytorchGrid();
    return grid == BenchGrid::quick ? quickGrid() : paperGrid();
}

std::vector<int> benchThreads(BenchGrid grid, int processors) {
    return grid == BenchGrid::paper ? std::vector<int>{processors} : std::vector<int>{1, 2};
}

int benchLength(const Experiment& experiment) {
    return *experiment.model.max_seq_len;
}

int benchTokens(const Experiment& experiment) {
    return benchLength(experiment) * (specOf(experiment.model.architecture).twoSides() ? 2 : 1);
}

ForwardProducts forwardProducts(const ModelConfig& model, int length) {
    const double n = length;
    ForwardProducts products;
    products.answers = n * answerProducts(model);
    const auto attend = [&](const LayerConfig& layer) {
        const double seen = layer.visibility.hasPattern() ? pairsSeen(layer.visibility, length).pairs : n * n;
        products.projections += n * (queryProducts(layer) + keyProducts(layer));
        products.pairs += seen * pairProducts(layer);
    };
    for (const Side side : {Side::encoder, Side::decoder})
        for (const LayerConfig& layer : layersOf(model, side)) {
            products.feedForward += n * feedForwardProducts(layer);
            products.projections += mixingProducts(layer);
            if (model.attends()) attend(layer);
            if (side == Side::decoder && model.crossAttends()) attend(crossAttentionOf(layer));
        }
    return products;
}

double forwardMultiplyAdds(const ModelConfig& model, int length) {
    return forwardProducts(model, length).total();
}

double stepFlops(const Experiment& experiment) {
    return 3.0 * 2.0 * experiment.training.batch_size * forwardMultiplyAdds(experiment.model, benchLength(experiment));
}

std::string benchName(const Experiment& experiment) {
    const ModelConfig& model = experiment.model;
    const auto number = [](int value) { return std::to_string(value); };
    const std::string decoderLayers = specOf(model.architecture).twoSides() ? "+" + number(*model.num_decoder_layers) : "";
    const std::string keyHeads = *model.num_kv_heads == model.num_heads ? "" : "/" + number(*model.num_kv_heads);
    const Kind<PatternSpec> pattern = model.attention.pattern.kind;
    const std::string patternName = pattern == Kind<PatternSpec>() ? "" : ", " + std::string(pattern.name());
    return std::string(nameOf(model.architecture)) + " " + std::string(nameOf(model.attention.form)) + ", d " + number(model.d_model) +
           ", L " + number(model.num_layers) + decoderLayers + ", h " + number(model.num_heads) + keyHeads + ", n " +
           number(benchLength(experiment)) + patternName + ", batch " + number(experiment.training.batch_size);
}

}  // namespace lab
