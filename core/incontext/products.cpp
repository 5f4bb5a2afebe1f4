#include "core/incontext/products.h"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "core/config/layer_config.h"
#include "core/incontext/layer_maps.h"
#include "core/tasks/function_moments.h"

namespace lab {
namespace {

std::vector<double> productList(const MapMatrix& matrix) {
    return {matrix.data(), matrix.data() + matrix.size()};
}

/// A one-layer model as it answers (x, 0): own . x + sum over heads of x^T meeting^T C reading + constant.
struct OneLayer {
    Eigen::VectorXd own;                    ///< [d]
    std::vector<MapMatrix> meetings;        ///< [size, d] a head
    std::vector<Eigen::VectorXd> readings;  ///< [size] a head
    double constant = 0;

    /// The weights of x that the points make: answer = w . x_q + constant. `gram` is C.
    Eigen::VectorXd weightsOf(const MapMatrix& gram) const {
        Eigen::VectorXd weights = own;
        for (std::size_t h = 0; h < meetings.size(); ++h) weights += meetings[h].transpose() * (gram * readings[h]);
        return weights;
    }
};

OneLayer oneLayerOf(const Model& model, const Weights& weights, int dimensions) {
    const MapMatrix embedding = matrixOf(model, weights, "input_embedding.weight");
    const Eigen::VectorXd reading = matrixOf(model, weights, "output.projection.weight").row(0);
    const MapMatrix bias = matrixOf(model, weights, "output.projection.bias");
    OneLayer layer;
    layer.own = (embedding.transpose() * reading).head(dimensions);
    if (bias.size() > 0) layer.constant = bias(0, 0);
    const AttentionBlock& block = model.attentionBlocks().front();
    for (int h = 0; h < block.heads; ++h) {
        const StreamProducts products = streamProducts(model, weights, block, h);
        layer.meetings.emplace_back((embedding.transpose() * products.meeting * embedding).leftCols(dimensions));
        layer.readings.emplace_back(embedding.transpose() * (products.adding.transpose() * reading));
    }
    return layer;
}

/// One layer, joined points, the query nobody's key.
bool isOneLayer(const Model& model, const FunctionConfig& task) {
    const ModelConfig& config = model.config();
    return config.num_layers == 1 && task.layout == PromptLayout::joined && whyNotProducts(config).empty() &&
           patternOf(config, 0).kind.name() == "context" && config.input_dim == task.dimensions + 1;
}

/// sum e e^T over the points of a prompt, e = (x, y).
MapMatrix gramOf(const FunctionPrompt& prompt) {
    const int n = prompt.points(), d = prompt.dimensions;
    MapMatrix points(n, d + 1);
    points.leftCols(d) = Eigen::Map<const MapMatrix>(prompt.x.data(), n, d);
    points.col(d) = Eigen::Map<const Eigen::VectorXd>(prompt.y.data(), n);
    return points.transpose() * points;
}

}  // namespace

std::vector<HeadProducts> headProducts(const Model& model, const Weights& weights, Message* why) {
    const ModelConfig& config = model.config();
    const MapMatrix embedding = matrixOf(model, weights, "input_embedding.weight");
    Message problem = whyNotProducts(config);
    constexpr double leastShare = 1e-6;
    const bool square = embedding.rows() == embedding.cols() && embedding.size() > 0;
    if (problem.empty() && (!square || Eigen::FullPivLU<MapMatrix>(embedding).setThreshold(leastShare).rank() < embedding.rows()))
        problem = LAB_TEXT("incontext", "its stream is no one-to-one map of the vectors, so that its products are not theirs");
    if (why) *why = problem;
    if (!problem.empty()) return {};
    const MapMatrix back = embedding.inverse();
    std::vector<HeadProducts> all;
    for (const AttentionBlock& block : model.attentionBlocks())
        for (int h = 0; h < block.heads; ++h) {
            const StreamProducts products = streamProducts(model, weights, block, h);
            all.push_back({block.layer, h, static_cast<int>(embedding.rows()),
                           productList(embedding.transpose() * products.meeting * embedding),
                           productList(back * products.adding * embedding)});
        }
    return all;
}

HeadProducts constructedProducts(int dimensions, int points, double eta, double gamma) {
    const int size = dimensions + 1;
    MapMatrix meeting = MapMatrix::Identity(size, size), adding = -gamma / points * MapMatrix::Identity(size, size);
    meeting(dimensions, dimensions) = 0;
    adding(dimensions, dimensions) = -eta / points;
    return {0, 0, size, productList(meeting), productList(adding)};
}

std::optional<EffectiveStep> effectiveStep(const Model& model, const Weights& weights, const FunctionConfig& task) {
    if (!isOneLayer(model, task)) return std::nullopt;
    const int d = task.dimensions;
    const OneLayer layer = oneLayerOf(model, weights, d);
    MapMatrix map = MapMatrix::Zero(d, d);  // row the query's coordinate, column that of X^T y
    for (std::size_t h = 0; h < layer.meetings.size(); ++h) {
        const MapMatrix& meeting = layer.meetings[h];
        const Eigen::VectorXd& reading = layer.readings[h];
        map += reading(d) * meeting.topRows(d).transpose() + meeting.row(d).transpose() * reading.head(d).transpose();
    }
    EffectiveStep step{productList(map)};
    const Eigen::VectorXd diagonal = map.diagonal();
    step.eta = task.points * diagonal.mean();
    step.diagonalSpread = std::sqrt((diagonal.array() - diagonal.mean()).square().mean());
    map.diagonal().setZero();
    step.largestOff = map.cwiseAbs().maxCoeff();
    return step;
}

std::optional<LossInCommon> lossInCommon(const Model& model, const Weights& weights, const FunctionConfig& task, int tasks,
                                         std::uint64_t seed, const std::function<bool()>& cancelled) {
    const auto moments = momentsOf(task);
    if (!moments || !isOneLayer(model, task) || tasks < 2) return std::nullopt;
    const OneLayer layer = oneLayerOf(model, weights, task.dimensions);
    const double step = bestOneStep(*moments) / task.points;
    double sum = 0, squares = 0;
    for (int i = 0; i < tasks; ++i) {
        constexpr int between = 256;
        if (cancelled && i % between == 0 && cancelled()) return std::nullopt;
        const FunctionPrompt prompt = drawPrompt(task, seed, FunctionPart::study, i);
        const MapMatrix gram = gramOf(prompt);
        const Eigen::Map<const Eigen::VectorXd> w(prompt.weights.data(), task.dimensions);
        const Eigen::VectorXd pull = gram.col(task.dimensions).head(task.dimensions);
        // Over all queries: their coordinates are independent, of mean 0 and one variance.
        const double difference = 0.5 * moments->variance * ((layer.weightsOf(gram) - w).squaredNorm() - (step * pull - w).squaredNorm());
        sum += difference;
        squares += difference * difference;
    }
    LossInCommon result;
    result.tasks = tasks;
    result.step = 0.5 * moments->variance * moments->dimensions * moments->weight * (1 - step * task.points * moments->variance);
    result.difference = sum / tasks + 0.5 * layer.constant * layer.constant;
    result.standardError = std::sqrt(std::max(0.0, squares / tasks - sum / tasks * sum / tasks) / tasks);
    result.loss = result.step + result.difference;
    return result;
}

}  // namespace lab
