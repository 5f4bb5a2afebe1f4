#include "core/analysis/position_probe.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <array>
#include <cassert>

#include "core/config/model_config.h"
#include "core/model/abandonable_trace.h"

namespace lab {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::RowVectorXd;

constexpr double ridge = 1e-4;  ///< of the mean variance of a channel
constexpr double leastPenalty = 1e-20;

Matrix matrixOf(const PositionSamples& samples) {
    return Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
               samples.values.data(), static_cast<Eigen::Index>(samples.rows()), samples.width)
        .cast<double>();
}

/// The vectors on the way through one block, all inputs below each other.
struct Stages {
    PositionSamples before, heads, afterOutput, afterSum;
    std::array<PositionSamples*, 4> all() { return {&before, &heads, &afterOutput, &afterSum}; }
};

void append(PositionSamples& to, const std::vector<float>& values, int width) {
    to.width = width;
    to.values.insert(to.values.end(), values.begin(), values.end());
    to.positions = static_cast<int>(values.size()) / width;
    for (int i = 0; i < to.positions; ++i) to.position.push_back(i);
}

/// [H, T, d] -> [T, H d]
std::vector<float> concatenated(const Tensor& heads) {
    const auto count = static_cast<std::size_t>(heads.extent(0)), rows = static_cast<std::size_t>(heads.extent(1)),
               width = static_cast<std::size_t>(heads.extent(2));
    std::vector<float> result(heads.values.size());
    for (std::size_t h = 0; h < count; ++h)
        for (std::size_t t = 0; t < rows; ++t)
            std::copy_n(heads.values.data() + (h * rows + t) * width, width, result.data() + (t * count + h) * width);
    return result;
}

std::vector<float> sum(std::vector<float> a, const std::vector<float>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

/// The stream that the block's output is added to.
std::vector<float> streamBefore(const Model& model, const Trace& trace, const AttentionBlock& block) {
    const std::string layer = block.side + "." + std::to_string(block.layer);
    if (block.cross) {
        if (model.config().norm.placement == NormPlacement::post) return trace.at(layer + ".attention_norm").values;
        AttentionBlock own = block;
        own.cross = false;
        return sum(streamBefore(model, trace, own), trace.at(layer + ".attention.output").values);
    }
    if (block.layer > 0) return trace.at(block.side + "." + std::to_string(block.layer - 1) + ".residual").values;
    return trace.at(trace.contains("target_embedding") && block.side == "decoder" ? "target_embedding" : "embedding").values;
}

void gather(const Model& model, const Trace& trace, std::vector<Stages>& stages) {
    for (std::size_t b = 0; b < stages.size(); ++b) {
        const AttentionBlock& block = model.attentionBlocks()[b];
        const Tensor& output = trace.at(block.name + ".output");
        const Tensor& heads = trace.at(block.name + ".head_output");
        const std::vector<float> before = streamBefore(model, trace, block);
        const int d = model.config().d_model;
        append(stages[b].before, before, d);
        append(stages[b].heads, concatenated(heads), static_cast<int>(heads.extent(0) * heads.extent(2)));
        append(stages[b].afterOutput, output.values, d);
        append(stages[b].afterSum, sum(before, output.values), d);
    }
}

}  // namespace

double linearPositionProbe(const PositionSamples& learned, const PositionSamples& heldOut) {
    assert(learned.rows() > 0 && heldOut.rows() > 0 && learned.width == heldOut.width);
    Matrix x = matrixOf(learned);
    const Vector mean = x.colwise().mean();
    x.rowwise() -= mean;
    Matrix y = Matrix::Zero(x.rows(), learned.positions);
    for (Eigen::Index r = 0; r < y.rows(); ++r) y(r, learned.position[static_cast<std::size_t>(r)]) = 1.0;
    const Vector share = y.colwise().mean();
    y.rowwise() -= share;
    Eigen::MatrixXd squares = x.transpose() * x;
    const double penalty = ridge * squares.trace() / static_cast<double>(learned.width) + leastPenalty;
    squares.diagonal().array() += penalty;
    const Matrix map = squares.ldlt().solve(Eigen::MatrixXd(x.transpose() * y));
    Matrix answers = (matrixOf(heldOut).rowwise() - mean) * map;
    answers.rowwise() += share;
    std::size_t right = 0;
    for (Eigen::Index r = 0; r < answers.rows(); ++r) {
        Eigen::Index named = 0;
        answers.row(r).maxCoeff(&named);
        right += named == heldOut.position[static_cast<std::size_t>(r)] ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(heldOut.rows());
}

std::optional<PositionProbes> positionProbes(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                             const std::function<bool()>& cancelled, const std::function<void(int, int)>& progress) {
    assert(samples.size() >= 4);
    const std::function<bool()> abandoned = [&] { return cancelled && cancelled(); };
    const std::size_t blocks = model.attentionBlocks().size(), heldOut = samples.size() / 4;
    const int total = static_cast<int>(samples.size() + blocks);
    std::vector<Stages> learned(blocks), tested(blocks);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const Input input{samples[i].tokens, samples[i].targetTokens, {}, {}, {}, samples[i].vectors};
        const auto trace = traceUnlessAbandoned(model, weights, input, abandoned);
        if (!trace) return std::nullopt;
        gather(model, *trace, i + heldOut < samples.size() ? learned : tested);
        if (progress) progress(static_cast<int>(i) + 1, total);
    }
    PositionProbes result{static_cast<int>(samples.size() - heldOut),
                          static_cast<int>(heldOut),
                          static_cast<int>(samples.front().tokens.size()),
                          static_cast<int>(samples.front().targetTokens.size()),
                          {}};
    for (std::size_t b = 0; b < blocks; ++b) {
        std::array<double, 4> right{};
        for (std::size_t s = 0; s < right.size(); ++s) {
            if (abandoned()) return std::nullopt;
            right[s] = linearPositionProbe(*learned[b].all()[s], *tested[b].all()[s]);
        }
        result.blocks.push_back({static_cast<int>(b), right[0], right[1], right[2], right[3]});
        if (progress) progress(static_cast<int>(samples.size() + b) + 1, total);
    }
    return result;
}

}  // namespace lab
