#include "core/analysis/positions/rope_geometry.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <complex>
#include <numbers>

#include "core/base/as_size.h"
#include "core/base/random.h"
#include "core/config/model_config.h"
#include "core/ops/kernels.h"

namespace lab {
namespace {

double norm(const std::vector<float>& x) {
    double sum = 0;
    for (const float value : x) sum += static_cast<double>(value) * value;
    return std::sqrt(sum);
}

double dot(const std::vector<float>& x, const std::vector<float>& y) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(x[i]) * y[i];
    return sum;
}

/// Row (head, position) of a tensor [H, T, D].
std::vector<float> vectorAt(const Tensor& tensor, int head, int position) {
    assert(head < tensor.extent(0) && position < tensor.extent(1));
    const auto row = tensor.values.begin() + (head * tensor.extent(1) + position) * tensor.extent(2);
    return {row, row + tensor.extent(2)};
}

}  // namespace

double wrappedAngle(double angle) {
    const double wrapped = std::remainder(angle, 2 * std::numbers::pi);
    return wrapped <= -std::numbers::pi ? wrapped + 2 * std::numbers::pi : wrapped;
}

double wavelength(double theta) {
    return 2 * std::numbers::pi / theta;
}

RopeGeometry::RopeGeometry(const RopeConfig& rope, int length, const std::vector<float>& query, const std::vector<float>& key)
    : m_queryNorm(norm(query)), m_keyNorm(norm(key)) {
    assert(query.size() == key.size() && query.size() % 2 == 0);
    const int d = static_cast<int>(query.size());
    const RopeFrequencies frequencies = ropeFrequencies(rope, d, length);
    m_attentionFactor = frequencies.scale;
    for (int p = 0; p < d / 2; ++p) {
        RopePair pair;
        const bool interleaved = rope.pairing == RopePairing::interleaved;
        pair.firstChannel = interleaved ? 2 * p : p;
        pair.secondChannel = interleaved ? 2 * p + 1 : p + d / 2;
        pair.theta = frequencies.theta[asSize(p)];
        const auto polar = [&](const std::vector<float>& x, double& size, double& phase) {
            const double u = x[asSize(pair.firstChannel)], v = x[asSize(pair.secondChannel)];
            size = std::hypot(u, v);
            phase = std::atan2(v, u);
        };
        polar(query, pair.queryLength, pair.queryPhase);
        polar(key, pair.keyLength, pair.keyPhase);
        m_pairs.push_back(pair);
    }
}

double RopeGeometry::factor() const {
    return m_pairs.empty() ? 1.0 : m_attentionFactor * m_attentionFactor / std::sqrt(static_cast<double>(headDim()));
}

double RopeGeometry::angle(int pair, double distance) const {
    const RopePair& p = m_pairs[asSize(pair)];
    return wrappedAngle(p.queryPhase - p.keyPhase + distance * p.theta);
}

double RopeGeometry::term(int pair, double distance) const {
    const RopePair& p = m_pairs[asSize(pair)];
    return p.queryLength * p.keyLength * std::cos(p.queryPhase - p.keyPhase + distance * p.theta) * factor();
}

double RopeGeometry::score(double distance) const {
    double sum = 0;
    for (int p = 0; p < static_cast<int>(m_pairs.size()); ++p) sum += term(p, distance);
    return sum;
}

double RopeGeometry::envelope(double distance) const {
    std::complex<double> sum = 0;
    for (const RopePair& p : m_pairs) sum += std::polar(p.queryLength * p.keyLength, p.queryPhase - p.keyPhase + distance * p.theta);
    return std::abs(sum) * factor();
}

double RopeGeometry::shortcut(int pair, double distance) const {
    return m_queryNorm * m_keyNorm * std::cos(distance * m_pairs[asSize(pair)].theta) * factor();
}

double rotatedScore(const RopeConfig& rope, int length, std::vector<float> query, std::vector<float> key, int queryPosition,
                    int keyPosition) {
    const int d = static_cast<int>(query.size());
    const RopeFrequencies frequencies = ropeFrequencies(rope, d, length);
    std::vector<float> cos(asSize(d / 2)), sin(asSize(d / 2));
    const auto turn = [&](int position, std::vector<float>& x) {
        ropeTables(frequencies, position, 1, cos.data(), sin.data());
        kernels<float>().rotate(1, d / 2, rope.pairing == RopePairing::interleaved, false, cos.data(), sin.data(), x.data(), d);
    };
    turn(queryPosition, query);
    turn(keyPosition, key);
    return dot(query, key) / std::sqrt(static_cast<double>(d));
}

ScoreCheck checkScore(const RopeGeometry& geometry, double distance, double other) {
    double largest = 0;
    for (const RopePair& pair : geometry.pairs()) largest += pair.queryLength * pair.keyLength * geometry.factor();
    ScoreCheck check{geometry.score(distance), other, 0, false};
    check.difference = std::abs(check.sum - other);
    check.equal = check.difference <= 1e-6 + 1e-5 * largest;
    return check;
}

DistanceCurves distanceCurves(const RopeGeometry& geometry, int pair, int from, int to, int perToken) {
    DistanceCurves curves;
    for (int i = 0; i <= (to - from) * perToken; ++i) {
        const double distance = from + static_cast<double>(i) / perToken;
        curves.distance.push_back(distance);
        curves.score.push_back(geometry.score(distance));
        curves.envelope.push_back(geometry.envelope(distance));
        curves.shortcut.push_back(geometry.shortcut(pair, distance));
    }
    return curves;
}

std::vector<float> phaseTable(const std::vector<double>& theta, int positions) {
    std::vector<float> table;
    table.reserve(asSize(positions) * theta.size());
    for (int m = 0; m < positions; ++m)
        for (const double t : theta) table.push_back(static_cast<float>(wrappedAngle(m * t)));
    return table;
}

int unfinishedPairs(const std::vector<double>& theta, int length) {
    return static_cast<int>(std::count_if(theta.begin(), theta.end(), [&](double t) { return wavelength(t) > length; }));
}

HeadVectors headVectors(const ModelConfig& config, const Trace& trace, const AttentionBlock& block, int head, int query, int key) {
    const int group = head * block.kvHeads / block.heads;
    HeadVectors vectors;
    const Tensor& rotatedQuery = trace.at(block.name + ".query");
    const Tensor& rotatedKey = trace.at(block.name + ".key");
    const Tensor* plainQuery = trace.find(block.name + ".unrotated_query");
    if (!plainQuery) {
        vectors.query = vectorAt(rotatedQuery, head, query);
        vectors.key = vectorAt(rotatedKey, group, key);
        return vectors;
    }
    vectors.query = vectorAt(*plainQuery, head, query);
    vectors.key = vectorAt(trace.at(block.keyOwner + ".unrotated_key"), group, key);
    vectors.isScore =
        specOf(config.attention.kernel.kind).scaled && !specOf(config.attention.form).positionMap && !config.attention.unit_keys;
    if (vectors.isScore) {
        const Tensor& scores = trace.at(block.name + ".scores");
        vectors.modelScore = scores.values[static_cast<std::size_t>((head * scores.extent(1) + query) * scores.extent(2) + key)];
    } else {
        vectors.modelScore = dot(vectorAt(rotatedQuery, head, query), vectorAt(rotatedKey, group, key)) /
                             std::sqrt(static_cast<double>(vectors.query.size()));
    }
    return vectors;
}

void setPairOf(std::vector<float>& vector, const RopePair& pair, double length, double phase) {
    vector[asSize(pair.firstChannel)] = static_cast<float>(length * std::cos(phase));
    vector[asSize(pair.secondChannel)] = static_cast<float>(length * std::sin(phase));
}

HeadVectors freeVectors(std::uint64_t seed, int headDim) {
    HeadVectors vectors;
    const auto draw = [&](const char* name) {
        const RandomStream stream(seed, name);
        std::vector<float> x(asSize(headDim));
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(stream.normal(i));
        return x;
    };
    vectors.query = draw("free.query");
    vectors.key = draw("free.key");
    return vectors;
}

}  // namespace lab
