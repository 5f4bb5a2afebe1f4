#include "core/stream/circuits.h"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <complex>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/layers/position/rope.h"
#include "core/layers/position/sinusoidal.h"
#include "core/stream/functional.h"

namespace lab {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
constexpr int tokensAtOnce = 512;

const AttentionBlock& blockAt(const Model& model, const StreamHead& head) {
    const auto& blocks = model.attentionBlocks();
    if (head.block < 0 || head.block >= static_cast<int>(blocks.size()) || head.head < 0 ||
        head.head >= blocks[static_cast<std::size_t>(head.block)].heads)
        throw InputError(Message(LAB_TEXT("stream", "There is no head %1 of attention block %2.")).arg(head.head).arg(head.block));
    return blocks[static_cast<std::size_t>(head.block)];
}

/// A parameter [rows, columns] in double; a vector is one column.
Eigen::MatrixXd matrixOf(const Weights& weights, const Parameter& p, int firstRow, int rows) {
    const int columns = p.shape.size() > 1 ? p.shape[1] : 1;
    const float* values = weights.data() + p.offset + static_cast<std::ptrdiff_t>(firstRow) * columns;
    return Eigen::Map<const RowMajor>(values, rows, columns).cast<double>();
}

/// The rows of one head of a projection "NAME.query"; the key's where the form has none of that name.
struct Projection {
    const Parameter* weight = nullptr;
    const Parameter* bias = nullptr;
    int firstRow = 0;
};

Projection projectionOf(const Model& model, const AttentionBlock& block, const std::string& what, int head, int headDim) {
    std::string name = block.keyOwner + ".key";
    if (what == "query" && model.layout().find(block.name + ".query.weight")) name = block.name + ".query";
    if (what == "value" && model.layout().find(block.keyOwner + ".value.weight")) name = block.keyOwner + ".value";
    Projection found{model.layout().find(name + ".weight"), model.layout().find(name + ".bias"), 0};
    if (!found.weight || found.weight->shape[1] != model.config().d_model)
        throw InputError(Message(LAB_TEXT("stream",
                                          "The keys and values of %1 are made of a vector other than the stream (form latent), so it "
                                          "has no matrices of this kind."))
                             .arg(block.name));
    const int owners = found.weight->shape[0] / headDim;
    found.firstRow = head * owners / block.heads * headDim;
    return found;
}

/// Sum of eigenvalues over the sum of their absolute values; 0 of a matrix of zeros.
double positivity(const Eigen::MatrixXd& square) {
    const Eigen::VectorXcd values = Eigen::EigenSolver<Eigen::MatrixXd>(square, false).eigenvalues();
    const double size = values.cwiseAbs().sum();
    return size > 0 ? values.real().sum() / size : 0.0;
}

double composed(const Eigen::MatrixXd& left, const Eigen::MatrixXd& right, const Eigen::MatrixXd& otherLeft,
                const Eigen::MatrixXd& otherRight) {
    // All four are thin: norms of products by their small Gram matrices, ||A B||^2 = tr(A^T A B B^T).
    const auto square = [](const Eigen::MatrixXd& a, const Eigen::MatrixXd& middle, const Eigen::MatrixXd& b) {
        const Eigen::MatrixXd outer = a.transpose() * a, inner = b * b.transpose();
        return (outer * middle * inner * middle.transpose()).trace();
    };
    const auto identity = [](const Eigen::MatrixXd& a) { return Eigen::MatrixXd::Identity(a.cols(), a.cols()); };
    const double first = square(left, identity(left), right), second = square(otherLeft, identity(otherLeft), otherRight);
    const double both = square(otherLeft, otherRight * left, right);
    return first > 0 && second > 0 ? std::sqrt(std::max(0.0, both) / (first * second)) : 0.0;
}

}  // namespace

HeadMatrices headMatrices(const Model& model, const Weights& weights, const StreamHead& head) {
    const AttentionBlock& block = blockAt(model, head);
    const Parameter& output = *model.layout().find(block.name + ".output.weight");
    const int headDim = output.shape[1] / block.heads;
    const auto part = [&](const std::string& what) {
        const Projection own = projectionOf(model, block, what, head.head, headDim);
        return matrixOf(weights, *own.weight, own.firstRow, headDim);
    };
    const Eigen::MatrixXd o = matrixOf(weights, output, 0, output.shape[0]);
    return {part("query"), part("key"), part("value"), o.middleCols(std::ptrdiff_t{head.head} * headDim, headDim)};
}

Composition compositionOf(const HeadMatrices& first, const HeadMatrices& second) {
    // What is written, O1 V1, is read from the query's side by K2^T Q2, from the key's by Q2^T K2, and carried on by O2 V2.
    return {composed(first.o, first.v, second.k.transpose(), second.q), composed(first.o, first.v, second.q.transpose(), second.k),
            composed(first.o, first.v, second.o, second.v)};
}

Composition randomComposition(int d_model, int head_dim, int draws, std::uint64_t seed) {
    Composition mean;
    for (int draw = 0; draw < draws; ++draw) {
        const auto random = [&](const std::string& name, int rows, int columns) {
            const RandomStream numbers(seed, name + std::to_string(draw));
            Eigen::MatrixXd matrix(rows, columns);
            for (std::int64_t i = 0; i < matrix.size(); ++i) matrix.data()[i] = numbers.normal(static_cast<std::uint64_t>(i));
            return matrix;
        };
        const auto headOf = [&](const std::string& name) {
            return HeadMatrices{random(name + "q", head_dim, d_model), random(name + "k", head_dim, d_model),
                                random(name + "v", head_dim, d_model), random(name + "o", d_model, head_dim)};
        };
        const Composition one = compositionOf(headOf("first"), headOf("second"));
        mean.q += one.q / draws;
        mean.k += one.k / draws;
        mean.v += one.v / draws;
    }
    return mean;
}

/// Sums over the vocabulary of outer products; e: a token's vector behind the embedding, with pre-norm also brought to mean 0 and size 1
/// (before any gain), u: its row of the output matrix.
struct VocabularyCircuits::Products {
    Eigen::MatrixXd eu, ee;      ///< [d_model, d_model]
    Eigen::VectorXd eSum, uSum;  ///< [d_model]
    double count = 0;
};

VocabularyCircuits::VocabularyCircuits(const StreamRuns& runs)
    : m_runs(runs), m_encoder(layersOf(runs.model().config(), Side::encoder)), m_decoder(layersOf(runs.model().config(), Side::decoder)) {
    if (runs.model().config().readsVectors())
        throw InputError(LAB_TEXT("stream", "This model reads vectors, so there is no vocabulary to compare."));
}

const LayerConfig& VocabularyCircuits::layerOf(int block) const {
    const AttentionBlock& at = m_runs.model().attentionBlocks()[static_cast<std::size_t>(block)];
    return (at.side == "encoder" ? m_encoder : m_decoder)[static_cast<std::size_t>(at.layer)];
}

namespace {

/// Each column through a norm of this kind without gains and biases.
void normaliseColumns(Eigen::MatrixXd& x, const NormConfig& norm) {
    if (!specOf(norm.kind).normalises) return;
    if (specOf(norm.kind).centred) x.rowwise() -= x.colwise().mean().eval();
    const double rows = static_cast<double>(x.rows());
    for (std::ptrdiff_t c = 0; c < x.cols(); ++c) x.col(c) /= std::sqrt(x.col(c).squaredNorm() / rows + norm.epsilon);
}

void applyGains(Eigen::MatrixXd& x, const Model& model, const Weights& weights, const std::string& norm) {
    if (const Parameter* gain = model.layout().find(norm + ".weight"))
        x.array().colwise() *= matrixOf(weights, *gain, 0, gain->shape[0]).col(0).array();
    if (const Parameter* bias = model.layout().find(norm + ".bias")) x.colwise() += matrixOf(weights, *bias, 0, bias->shape[0]).col(0);
}

/// Behind the embedding [d_model, tokens], without positions.
Eigen::MatrixXd embedded(const Model& model, const Weights& weights, const std::vector<int>& tokens) {
    const Parameter& table = *model.layout().find("token_embedding.weight");
    const int inner = table.shape[1];
    Eigen::MatrixXd x(inner, std::ssize(tokens));
    for (std::ptrdiff_t t = 0; t < std::ssize(tokens); ++t)
        x.col(t) = matrixOf(weights, table, tokens[static_cast<std::size_t>(t)], 1).transpose();
    if (const Parameter* bias = model.layout().find("token_embedding.bias")) x.colwise() += matrixOf(weights, *bias, 0, inner).col(0);
    if (model.config().embedding_norm) {
        normaliseColumns(x, model.config().norm);
        applyGains(x, model, weights, "embedding_norm");
    }
    if (const Parameter* map = model.layout().find("embedding_map.weight")) {
        x = matrixOf(weights, *map, 0, map->shape[0]) * x;
        const Parameter& bias = *model.layout().find("embedding_map.bias");
        x.colwise() += matrixOf(weights, bias, 0, bias.shape[0]).col(0);
    }
    return x;
}

void checkTokens(const Model& model, const std::vector<int>& tokens) {
    for (const int token : tokens)
        if (token < 0 || token >= *model.config().vocab_size)
            throw InputError(
                Message(LAB_TEXT("stream", "Token %1 is not in the vocabulary 0 .. %2.")).arg(token).arg(*model.config().vocab_size - 1));
}

}  // namespace

/// Through the block's own norm, where it stands before the block.
Eigen::MatrixXd VocabularyCircuits::readBy(int block, Eigen::MatrixXd states) const {
    const Model& model = m_runs.model();
    if (model.config().norm.placement != NormPlacement::pre) return states;
    normaliseColumns(states, model.config().norm);
    if (specOf(model.config().norm.kind).normalises)
        applyGains(states, model, m_runs.weights(), model.attentionBlocks()[static_cast<std::size_t>(block)].name + "_norm");
    return states;
}

Eigen::MatrixXd VocabularyCircuits::tokenVectors(int block, const std::vector<int>& tokens) const {
    checkTokens(m_runs.model(), tokens);
    return readBy(block, embedded(m_runs.model(), m_runs.weights(), tokens));
}

/// Queries, keys or values of a head [head_dim, columns of read].
Eigen::MatrixXd VocabularyCircuits::project(const StreamHead& head, const std::string& what, const Eigen::MatrixXd& read) const {
    const Model& model = m_runs.model();
    const AttentionBlock& block = blockAt(model, head);
    const LayerConfig& layer = layerOf(head.block);
    const Projection own = projectionOf(model, block, what, head.head, layer.head_dim);
    Eigen::MatrixXd y = matrixOf(m_runs.weights(), *own.weight, own.firstRow, layer.head_dim) * read;
    if (own.bias) y.colwise() += matrixOf(m_runs.weights(), *own.bias, own.firstRow, layer.head_dim).col(0);
    if (what == "value") return y;
    if (layer.qk_norm && !block.cross) {
        normaliseColumns(y, {NormKind::rms, NormPlacement::pre, layer.norm.epsilon});
        const bool ofQuery = what == "query" && model.layout().find(block.name + ".query_norm.weight");
        const Parameter& gain = *model.layout().find(ofQuery ? block.name + ".query_norm.weight" : block.keyOwner + ".key_norm.weight");
        y.array().colwise() *= matrixOf(m_runs.weights(), gain, 0, layer.head_dim).col(0).array();
    }
    if (what == "key" && layer.unit_keys && !block.cross) y.colwise().normalize();
    return y;
}

/// What a head adds to the stream when it looks at one of these alone, without the bias of its output.
Eigen::MatrixXd VocabularyCircuits::written(const StreamHead& head, const Eigen::MatrixXd& read) const {
    const HeadMatrices matrices = headMatrices(m_runs.model(), m_runs.weights(), head);
    return matrices.o * project(head, "value", read);
}

Eigen::MatrixXd VocabularyCircuits::scores(const StreamHead& head, const std::vector<int>& tokens,
                                           const std::optional<StreamHead>& through) const {
    blockAt(m_runs.model(), head);
    const Eigen::MatrixXd read = tokenVectors(head.block, tokens);
    Eigen::MatrixXd keys = read;
    if (through) {
        blockAt(m_runs.model(), *through);
        keys = readBy(head.block, written(*through, tokenVectors(through->block, tokens)));
    }
    const Eigen::MatrixXd q = project(head, "query", read), k = project(head, "key", keys);
    return q.transpose() * k / std::sqrt(static_cast<double>(q.rows()));
}

namespace {

const Parameter& outputMatrix(const Model& model) {
    return *model.layout().find(model.config().output.tied ? "token_embedding.weight" : "output.projection.weight");
}

/// The gains of the norm before the output head, ones where there is none.
Eigen::VectorXd lastGains(const Model& model, const Weights& weights) {
    const std::string name = std::string(nameOf(answeringSide(model.config()))) + "_norm.weight";
    if (const Parameter* gain = model.layout().find(name)) return matrixOf(weights, *gain, 0, gain->shape[0]).col(0);
    return Eigen::VectorXd::Ones(model.config().d_model);
}

}  // namespace

void requireTokensAsAnswers(const ModelConfig& config) {
    if (config.num_classes != config.vocab_size)
        throw InputError(LAB_TEXT("stream", "This model's answers are not its tokens, so what a head copies has no name among them."));
}

Eigen::MatrixXd VocabularyCircuits::writes(const StreamHead& head, const std::vector<int>& tokens) const {
    const Model& model = m_runs.model();
    requireStraightHead(model.config());
    requireTokensAsAnswers(model.config());
    const Parameter& table = outputMatrix(model);
    const Eigen::MatrixXd out = written(head, tokenVectors(head.block, tokens));  // [d_model, tokens]
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(table.shape[1]);
    for (int first = 0; first < table.shape[0]; first += tokensAtOnce) {
        const int rows = std::min(tokensAtOnce, table.shape[0] - first);
        mean += matrixOf(m_runs.weights(), table, first, rows).colwise().sum().transpose() / table.shape[0];
    }
    Eigen::MatrixXd u(std::ssize(tokens), table.shape[1]);
    for (std::ptrdiff_t t = 0; t < u.rows(); ++t)
        u.row(t) = matrixOf(m_runs.weights(), table, tokens[static_cast<std::size_t>(t)], 1) - mean.transpose();
    Eigen::MatrixXd read = out;
    const NormConfig& norm = model.config().norm;
    if (norm.placement == NormPlacement::pre && specOf(norm.kind).centred) read.rowwise() -= out.colwise().mean().eval();
    return (u * lastGains(model, m_runs.weights()).asDiagonal() * read).transpose();
}

const VocabularyCircuits::Products& VocabularyCircuits::products() {
    if (m_products) return *m_products;
    const Model& model = m_runs.model();
    const Weights& weights = m_runs.weights();
    const int d = model.config().d_model, vocabulary = *model.config().vocab_size;
    const bool straight = specOf(model.config().output.kind).projects && !specOf(model.config().output.kind).hidden &&
                          model.config().num_classes == model.config().vocab_size;
    auto sums = std::make_shared<Products>();
    sums->eu = sums->ee = Eigen::MatrixXd::Zero(d, d);
    sums->eSum = sums->uSum = Eigen::VectorXd::Zero(d);
    sums->count = vocabulary;
    for (int first = 0; first < vocabulary; first += tokensAtOnce) {
        m_runs.goOn();
        std::vector<int> tokens;
        for (int t = first; t < std::min(first + tokensAtOnce, vocabulary); ++t) tokens.push_back(t);
        Eigen::MatrixXd e = embedded(model, weights, tokens);
        if (model.config().norm.placement == NormPlacement::pre) normaliseColumns(e, model.config().norm);
        sums->ee += e * e.transpose();
        sums->eSum += e.rowwise().sum();
        if (!straight) continue;
        const Eigen::MatrixXd u = matrixOf(weights, outputMatrix(model), first, static_cast<int>(tokens.size()));
        sums->eu += e * u;
        sums->uSum += u.colwise().sum().transpose();
    }
    m_products = std::move(sums);
    return *m_products;
}

double VocabularyCircuits::copying(const StreamHead& head) {
    const Model& model = m_runs.model();
    requireStraightHead(model.config());
    requireTokensAsAnswers(model.config());
    const HeadMatrices m = headMatrices(model, m_runs.weights(), head);
    // Nonzero eigenvalues of W_U G O V W_E are those of V (W_E W_U) G O; W_E as the block reads it: gains of its norm times e, plus biases.
    const Products& sums = products();
    Eigen::MatrixXd eu = sums.eu;
    if (model.config().norm.placement == NormPlacement::pre && specOf(model.config().norm.kind).normalises) {
        const std::string norm = model.attentionBlocks()[static_cast<std::size_t>(head.block)].name + "_norm";
        const Parameter& gain = *model.layout().find(norm + ".weight");
        eu = matrixOf(m_runs.weights(), gain, 0, gain.shape[0]).col(0).asDiagonal() * eu;
        if (const Parameter* bias = model.layout().find(norm + ".bias"))
            eu += matrixOf(m_runs.weights(), *bias, 0, bias->shape[0]).col(0) * sums.uSum.transpose();
    }
    return positivity(m.v * eu * lastGains(model, m_runs.weights()).asDiagonal() * m.o);
}

double VocabularyCircuits::matching(const StreamHead& head, const std::optional<StreamHead>& through) {
    const Model& model = m_runs.model();
    const HeadMatrices m = headMatrices(model, m_runs.weights(), head);
    const Products& sums = products();
    const auto gained = [&](int block, const Eigen::MatrixXd& of) {  // gains from the left
        const Parameter* gain = model.config().norm.placement == NormPlacement::pre
                                    ? model.layout().find(model.attentionBlocks()[static_cast<std::size_t>(block)].name + "_norm.weight")
                                    : nullptr;
        return gain ? Eigen::MatrixXd(matrixOf(m_runs.weights(), *gain, 0, gain->shape[0]).col(0).asDiagonal() * of) : of;
    };
    // Nonzero eigenvalues of E^T Q^T K W E are those of K W (E E^T) Q^T; W carries a token's vector to what the key is made of.
    Eigen::MatrixXd carried = gained(head.block, sums.ee);
    if (through) {
        const HeadMatrices earlier = headMatrices(model, m_runs.weights(), *through);
        carried = gained(head.block, earlier.o * (earlier.v * gained(through->block, sums.ee)));
    }
    const Eigen::MatrixXd q = gained(head.block, m.q.transpose()).transpose();
    return positivity(m.k * carried * q.transpose());
}

Eigen::MatrixXd VocabularyCircuits::positionScores(const StreamHead& head, int positions) const {
    const Model& model = m_runs.model();
    blockAt(model, head);
    const int inner = model.config().embedding_dim.value_or(model.config().d_model);
    Eigen::MatrixXd table;
    if (const Parameter* learned = model.layout().find("position_embedding.weight")) {
        table = matrixOf(m_runs.weights(), *learned, 0, std::min(positions, learned->shape[0])).transpose();
    } else if (model.config().position.kind == PositionKind::sinusoidal) {
        const std::vector<double> sines = sinusoidalTable(positions, inner);
        table = Eigen::Map<const Eigen::MatrixXd>(sines.data(), inner, positions);
    } else {
        return {};
    }
    if (const Parameter* map = model.layout().find("embedding_map.weight"))
        table = matrixOf(m_runs.weights(), *map, 0, map->shape[0]) * table;
    const HeadMatrices m = headMatrices(model, m_runs.weights(), head);
    const Eigen::MatrixXd read = readBy(head.block, table);
    return (m.q * read).transpose() * (m.k * read) / std::sqrt(static_cast<double>(m.q.rows()));
}

std::vector<double> VocabularyCircuits::distanceScores(const StreamHead& head, const std::vector<int>& tokens, int distances) const {
    blockAt(m_runs.model(), head);
    const LayerConfig& layer = layerOf(head.block);
    if (!specOf(layer.position.kind).rotates || distances < 1) return {};
    const Eigen::MatrixXd read = tokenVectors(head.block, tokens);
    const Eigen::VectorXd q = project(head, "query", read).rowwise().mean(), k = project(head, "key", read).rowwise().mean();
    const int pairs = layer.head_dim / 2;
    std::vector<double> cosines(static_cast<std::size_t>(pairs) * static_cast<std::size_t>(distances)), sines(cosines.size());
    ropeTables(ropeFrequencies(layer.position.rope, layer.head_dim, distances), 0, distances, cosines.data(), sines.data());
    const bool interleaved = layer.position.rope.pairing == RopePairing::interleaved;
    std::vector<double> scores;
    for (int distance = 0; distance < distances; ++distance) {
        double score = 0;
        for (int pair = 0; pair < pairs; ++pair) {
            const int a = interleaved ? 2 * pair : pair, b = interleaved ? a + 1 : pair + pairs;
            const double c = cosines[static_cast<std::size_t>(distance * pairs + pair)],
                         s = sines[static_cast<std::size_t>(distance * pairs + pair)];
            // The query turned by `distance` against a key at 0, whose cosine is the table's factor: only the difference of angles counts.
            score += cosines[static_cast<std::size_t>(pair)] * ((q(a) * c - q(b) * s) * k(a) + (q(a) * s + q(b) * c) * k(b));
        }
        scores.push_back(score / std::sqrt(static_cast<double>(layer.head_dim)));
    }
    return scores;
}

}  // namespace lab
