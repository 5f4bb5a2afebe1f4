#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct Experiment;
struct ModelConfig;

/// Sets of training steps worth measuring.
enum class BenchGrid {
    quick,    ///< four encoders and a char-LM decoder, from a few hundred microseconds to half a second a step
    paper,    ///< d 32, 64, 256; L 2, 4; h 2, 4; n 16, 64, 128; forms qkv, kv, kv+pos
    pytorch,  ///< those of quick and four larger ones, which tests/benchmarks/compare_pytorch.py has too
};
std::optional<BenchGrid> benchGridNamed(std::string_view name);

/// The resolved experiments of a grid; their steps never validate.
std::vector<Experiment> benchExperiments(BenchGrid grid);
/// The threads each of them is measured with unless others are asked for.
std::vector<int> benchThreads(BenchGrid grid, int processors);

/// Tokens a sequence of this experiment has, of two sides each of them.
int benchLength(const Experiment& experiment);
/// Both sides together.
int benchTokens(const Experiment& experiment);

/// Multiply-adds of one sequence's forward pass, by what they grow with. Attention is counted in full, also what a causal mask excludes,
/// but of a pattern only the pairs that are seen; gathering embeddings is no product.
struct ForwardProducts {
    double projections = 0;  ///< queries, keys, values and output
    double feedForward = 0;
    double pairs = 0;  ///< scores and mixing
    double answers = 0;

    double total() const { return projections + feedForward + pairs + answers; }
};
ForwardProducts forwardProducts(const ModelConfig& model, int length);
/// All of them.
double forwardMultiplyAdds(const ModelConfig& model, int length);
/// The steps of a grid never end by themselves, and nothing is validated between them.
Experiment benchable(Experiment experiment);

/// Floating point operations of one training step: 3 x 2 x the multiply-adds of the batch (the backward pass has two products for each of
/// the forward's).
double stepFlops(const Experiment& experiment);

/// "encoder qkv, d 32, L 2, h 2, n 16, batch 128"; of two sides "L 2+2", of shared keys "h 8/2", with a pattern its name behind n.
std::string benchName(const Experiment& experiment);

}  // namespace lab
