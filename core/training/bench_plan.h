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
    quick,  ///< four encoders and a char-LM decoder, from a few hundred microseconds to half a second a step
    paper,  ///< d 32, 64, 256; L 2, 4; h 2, 4; n 16, 64, 128; forms qkv, kv, kv+pos
};
std::optional<BenchGrid> benchGridNamed(std::string_view name);

/// The resolved experiments of a grid; their steps never validate.
std::vector<Experiment> benchExperiments(BenchGrid grid);
/// The threads each of them is measured with unless others are asked for.
std::vector<int> benchThreads(BenchGrid grid, int processors);

/// Tokens a sequence of this experiment has. Encoders and decoders only, as in all that follows.
int benchLength(const Experiment& experiment);
/// Multiply-adds of all matrix products of one sequence's forward pass. Attention is counted in full, also what a causal mask excludes;
/// gathering embeddings is no product.
double forwardMultiplyAdds(const ModelConfig& model, int length);
/// Floating point operations of one training step: 3 x 2 x the multiply-adds of the batch (the backward pass has two products for each of
/// the forward's).
double stepFlops(const Experiment& experiment);

/// "encoder qkv, d 32, L 2, h 2, n 16, batch 128"
std::string benchName(const Experiment& experiment);

}  // namespace lab
