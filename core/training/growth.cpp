#include "core/training/growth.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/median.h"
#include "core/config/layer_config.h"
#include "core/model/model.h"
#include "core/optimizers/optimizer.h"
#include "core/training/batch_cut.h"
#include "core/training/bench_plan.h"
#include "core/training/memory_need.h"

namespace lab {
namespace {

/// Products alone decide: one projection to the classes, no layer in front of it.
Experiment growingExperiment() {
    Experiment e;
    e.task.seq_len = 64;
    e.model.d_model = 64;
    e.model.num_layers = 2;
    e.model.num_heads = 4;
    e.model.output.kind = OutputKind::linear;
    e.training.batch_size = 32;
    return e;
}

Experiment ofLength(int n) {
    Experiment e = growingExperiment();
    e.task.seq_len = n;
    e.training.batch_size = 16;
    return benchable(std::move(e));
}

Experiment ofWidth(int d) {
    Experiment e = growingExperiment();
    e.model.d_model = d;
    return benchable(std::move(e));
}

Experiment ofLayers(int layers) {
    Experiment e = growingExperiment();
    e.model.num_layers = layers;
    return benchable(std::move(e));
}

Experiment ofBatch(int batch) {
    Experiment e = growingExperiment();
    e.training.batch_size = batch;
    return benchable(std::move(e));
}

Experiment ofVocabulary(int symbols) {
    Experiment e = growingExperiment();
    e.task.kind = "repeat";
    e.task.vocab_size = symbols;
    e.model.architecture = Architecture::decoder;
    e.model.output.tied = true;
    e.training.batch_size = 16;
    return benchable(std::move(e));
}

double shareAtTheEnd(const GrowthPart& part, const std::vector<GrowthPart>& parts) {
    const double all =
        std::accumulate(parts.begin(), parts.end(), 0.0, [](double sum, const GrowthPart& each) { return sum + each.amounts.back(); });
    return all > 0 ? part.amounts.back() / all : 0;
}

/// Exponents and shares of parts whose amounts are there.
std::vector<GrowthPart> withExponents(const GrowthCurve& curve, std::vector<GrowthPart> parts) {
    for (GrowthPart& part : parts) {
        part.exponent = exponentOf(curve.values, part.amounts);
        part.share = shareAtTheEnd(part, parts);
    }
    return parts;
}

std::vector<double> sumsOfParts(const std::vector<GrowthPart>& parts) {
    std::vector<double> sums(parts.front().amounts.size(), 0.0);
    for (const GrowthPart& part : parts) std::ranges::transform(sums, part.amounts, sums.begin(), std::plus());
    return sums;
}

/// Vectors as long as the weights: they and their transposed copy, moments, both as they were a few steps ago, the groups' gradients and
/// their sum.
double trainedVectors(const Experiment& e) {
    const int groups = groupsOf(e.training.batch_size, e.training.batch_size * benchTokens(e));
    return 3 + 2 * e.training.optimizer.kind->moments + groups + 1;
}

struct ShardBytes {
    double rows = 0, pairs = 0;
};

/// Each thread that has a group to work on keeps a shard's.
ShardBytes shardBytes(const Experiment& e, int threads) {
    const int n = benchTokens(e), sequences = std::min(shardSequences(n), e.training.batch_size);
    const double at = sizeof(float) * static_cast<double>(std::min(threads, e.training.batch_size) * sequences);
    ShardBytes bytes;
    bytes.rows = at * n * floatsPerRow(e.model);
    for (const Side side : {Side::encoder, Side::decoder})
        for (const LayerConfig& layer : layersOf(e.model, side)) bytes.pairs += at * keptWeights(layer, n, n);
    return bytes;
}

/// Of the rounds' exponents.
GrowthFit growthFit(const GrowthCurve& curve, std::vector<double> exponents, std::vector<GrowthPart> parts) {
    GrowthFit fit;
    const auto [lowest, highest] = std::ranges::minmax(exponents);
    fit.lowest = lowest;
    fit.highest = highest;
    fit.exponent = medianOf(std::move(exponents));
    fit.expected = exponentOf(curve.values, sumsOfParts(parts));
    fit.parts = std::move(parts);
    return fit;
}

GrowthFit timeGrowth(const GrowthCurve& curve, const std::vector<BenchResult>& points) {
    std::vector<double> exponents;
    for (std::size_t round = 0; round < points.front().roundSeconds.size(); ++round) {
        std::vector<double> seconds;
        for (const BenchResult& point : points) seconds.push_back(point.roundSeconds[round]);
        exponents.push_back(exponentOf(curve.values, seconds));
    }
    return growthFit(curve, std::move(exponents), growthTimeParts(curve));
}

GrowthFit memoryGrowth(const GrowthCurve& curve, const std::vector<BenchResult>& points) {
    std::vector<double> bytes;
    for (const BenchResult& point : points) bytes.push_back(point.memoryBytes);
    if (std::ranges::min(bytes) <= 0) return {};
    return growthFit(curve, {exponentOf(curve.values, bytes)}, growthMemoryParts(curve, points.front().row.threads));
}

nlohmann::ordered_json jsonOf(const GrowthFit& fit) {
    nlohmann::ordered_json json;
    json["exponent"] = fourDigits(fit.exponent);
    json["lowest"] = fourDigits(fit.lowest);
    json["highest"] = fourDigits(fit.highest);
    json["expected"] = fourDigits(fit.expected);
    json["parts"] = nlohmann::ordered_json::array();
    for (const GrowthPart& part : fit.parts)
        json["parts"].push_back({{"name", part.name}, {"share", fourDigits(part.share)}, {"exponent", fourDigits(part.exponent)}});
    return json;
}

nlohmann::ordered_json jsonOf(const GrowthResult& result) {
    nlohmann::ordered_json json;
    json["grows"] = result.curve->name;
    json["kept"] = result.curve->still;
    json["threads"] = result.points.front().row.threads;
    json["values"] = result.curve->values;
    for (const BenchResult& point : result.points) {
        json["step_ms"].push_back(fourDigits(point.stepSeconds * 1e3));
        if (point.memoryBytes > 0) json["memory_mb"].push_back(fourDigits(point.memoryBytes * 1e-6));
    }
    json["time"] = jsonOf(result.time);
    if (!result.memory.parts.empty()) json["memory"] = jsonOf(result.memory);
    return json;
}

}  // namespace

const std::vector<GrowthCurve>& growthCurves() {
    static const std::vector<GrowthCurve> curves = {
        {"n", "encoder, d 64, L 2, h 4, batch 16", {32, 64, 128, 256, 512, 1024, 2048}, ofLength},
        {"d", "encoder, L 2, h 4, n 64, batch 32", {32, 64, 128, 256, 512}, ofWidth},
        {"L", "encoder, d 64, h 4, n 64, batch 32", {1, 2, 4, 8, 16}, ofLayers},
        {"batch", "encoder, d 64, L 2, h 4, n 64", {4, 8, 16, 32, 64, 128, 256}, ofBatch},
        {"V", "decoder, d 64, L 2, h 4, n 64, batch 16", {64, 256, 1024, 4096, 16384}, ofVocabulary},
    };
    return curves;
}

double exponentOf(const std::vector<int>& values, const std::vector<double>& amounts) {
    double count = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (std::size_t i = values.size() / 2; i < values.size(); ++i) {
        const double u = std::log(values[i]), v = amounts[i] > 0 ? std::log(amounts[i]) : 0;
        count += 1;
        x += u;
        y += v;
        xx += u * u;
        xy += u * v;
    }
    const double spread = count * xx - x * x;
    return spread > 0 ? (count * xy - x * y) / spread : 0;
}

std::vector<GrowthPart> growthTimeParts(const GrowthCurve& curve) {
    std::vector<GrowthPart> parts = {{"projections"}, {"feed-forward"}, {"pairs"}, {"answers"}};
    for (const int value : curve.values) {
        const Experiment e = curve.at(value);
        const ForwardProducts products = forwardProducts(e.model, benchLength(e));
        const double amounts[] = {products.projections, products.feedForward, products.pairs, products.answers};
        for (std::size_t i = 0; i < parts.size(); ++i) parts[i].amounts.push_back(e.training.batch_size * amounts[i]);
    }
    return withExponents(curve, std::move(parts));
}

std::vector<GrowthPart> growthMemoryParts(const GrowthCurve& curve, int threads) {
    std::vector<GrowthPart> parts = {{"vectors"}, {"rows"}, {"pairs"}};
    for (const int value : curve.values) {
        const Experiment e = curve.at(value);
        const ShardBytes shards = shardBytes(e, threads);
        parts[0].amounts.push_back(sizeof(float) * trainedVectors(e) * static_cast<double>(Model(e.model).layout().flatSize()));
        parts[1].amounts.push_back(shards.rows);
        parts[2].amounts.push_back(shards.pairs);
    }
    return withExponents(curve, std::move(parts));
}

std::vector<BenchRow> growthRows(const std::vector<const GrowthCurve*>& curves, int threads) {
    std::vector<BenchRow> rows;
    for (const GrowthCurve* curve : curves)
        for (const int value : curve->values) rows.push_back({curve->at(value), threads});
    return rows;
}

std::vector<GrowthResult> growthOf(const std::vector<const GrowthCurve*>& curves, const BenchReport& report) {
    std::vector<GrowthResult> results;
    auto point = report.results.begin();
    for (const GrowthCurve* curve : curves) {
        GrowthResult result{curve, {point, point + std::ssize(curve->values)}};
        point += std::ssize(curve->values);
        result.time = timeGrowth(*curve, result.points);
        result.memory = memoryGrowth(*curve, result.points);
        results.push_back(std::move(result));
    }
    return results;
}

std::string growthJson(const BenchReport& report, const std::vector<GrowthResult>& results) {
    nlohmann::ordered_json json;
    json["processor"] = report.processor;
    json["isa"] = report.isa;
    json["curves"] = nlohmann::ordered_json::array();
    for (const GrowthResult& result : results) json["curves"].push_back(jsonOf(result));
    return json.dump(1) + "\n";
}

}  // namespace lab
