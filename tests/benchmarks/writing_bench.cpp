// Tokens a second that a decoder writes, one thread: d 128, 4 layers of 4 heads, as in the preset first-words. The median of the rounds.
// Usage: writing_bench [rounds]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/data/tokenizers/integer_tokenizer.h"
#include "core/model/initialise.h"
#include "core/ops/kernels.h"
#include "core/writing/text_writer.h"

namespace {

using namespace lab;

std::shared_ptr<const Model> modelOf(int classes, int window, bool learned) {
    Experiment e;
    e.model.architecture = Architecture::decoder;
    e.model.vocab_size = e.model.num_classes = classes;
    e.model.max_seq_len = window;
    e.model.d_model = 128;
    e.model.num_layers = 4;
    e.model.num_heads = 4;
    e.model.position.kind = learned ? PositionKind::learned : PositionKind::rope;
    if (!learned) e.model.norm.kind = NormKind::rms;
    e.model.norm.placement = NormPlacement::pre;
    e.model.feed_forward.activation = learned ? Activation::gelu : Activation::swiglu;
    e.model.d_ff = learned ? 512 : 344;
    e.model.bias = learned;
    e.model.output = {OutputKind::linear, true, false};
    return std::make_shared<const Model>(resolved(e).model);
}

/// Of the processor: others may be busy on the same machine.
template <class Function>
double secondsOf(Function f) {
    const std::clock_t begin = std::clock();
    f();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + std::ssize(values) / 2, values.end());
    return values[values.size() / 2];
}

void measure(int classes, int window, bool learned, int tokens, int rounds) {
    const auto model = modelOf(classes, window, learned);
    const Weights weights = initialWeights(*model, 1);
    const auto tokenizer = std::make_shared<IntegerTokenizer>(classes, std::nullopt);
    std::vector<double> writing, choosing, reading;
    for (int round = 0; round < rounds; ++round) {
        WritingOptions options;
        options.count = tokens;
        options.sampling.temperature = 1;
        TextWriter writer(model, weights, tokenizer, std::vector<int>{1}, options);
        writing.push_back(secondsOf([&] {
            while (writer.next()) {
            }
        }));
        const std::vector<int> past = writer.tokens();
        Decoding decoding(model, weights);
        std::vector<float> row;
        const int length = std::min(window, tokens);
        reading.push_back(secondsOf([&] { row = decoding.append({past.begin(), past.begin() + length}); }) / length);
        choosing.push_back(secondsOf([&] {
            for (std::size_t i = 0; i < static_cast<std::size_t>(tokens); ++i) candidatesOf(nextToken(row, past, options.sampling, i), 12);
        }));
    }
    std::printf(
        "%-8s V %5d  window %4d: %7.0f tokens/s written (%.1f us a token, %.1f of them for choosing), prompt read at %7.0f tokens/s\n",
        learned ? "learned" : "rope", classes, window, tokens / median(writing), 1e6 * median(writing) / tokens,
        1e6 * median(choosing) / tokens, 1 / median(reading));
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
    std::printf("instruction set %s\n", lab::selectIsa());
    for (const bool learned : {false, true})
        for (const int classes : {65, 512, 2048})
            for (const int window : {64, 128, 256}) measure(classes, window, learned, 512, rounds);
    return 0;
}
