#include "core/analysis/sentence_similarity.h"

#include <cassert>
#include <cmath>

#include "core/config/model_config.h"

namespace lab {
namespace {

std::vector<double> vectorOfRow(const Tensor& table, std::int64_t row) {
    const float* first = table.values.data() + row * table.extent(1);
    return {first, first + table.extent(1)};
}

void appendTokenCosines(const Tensor& a, const Tensor& b, std::vector<float>& into) {
    std::vector<std::vector<double>> columns;
    for (std::int64_t j = 0; j < b.extent(0); ++j) columns.push_back(vectorOfRow(b, j));
    for (std::int64_t i = 0; i < a.extent(0); ++i) {
        const std::vector<double> row = vectorOfRow(a, i);
        for (const std::vector<double>& column : columns) into.push_back(static_cast<float>(cosineOf(row, column)));
    }
}

}  // namespace

std::vector<double> meanRow(const Tensor& table) {
    std::vector<double> mean(static_cast<std::size_t>(table.extent(1)));
    for (std::size_t i = 0; i < table.values.size(); ++i) mean[i % mean.size()] += static_cast<double>(table.values[i]);
    for (double& each : mean) each /= static_cast<double>(table.extent(0));
    return mean;
}

double cosineOf(std::span<const double> a, std::span<const double> b) {
    assert(a.size() == b.size());
    double product = 0, squaresA = 0, squaresB = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += a[i] * b[i];
        squaresA += a[i] * a[i];
        squaresB += b[i] * b[i];
    }
    const double lengths = std::sqrt(squaresA) * std::sqrt(squaresB);
    return lengths > 0 ? product / lengths : 0;
}

std::vector<std::string> hiddenStates(const Model& model, const Trace& trace) {
    const bool encoder = model.config().architecture == Architecture::encoder;
    const std::string side = encoder ? "encoder" : "decoder",
                      embedding = trace.find(side + ".embedding") ? side + ".embedding" : "embedding";
    std::vector<std::string> names;
    if (trace.find(embedding)) names.push_back(embedding);
    for (int layer = 0;; ++layer) {
        const std::string name = side + "." + std::to_string(layer) + ".residual";
        if (!trace.find(name)) break;
        names.push_back(name);
    }
    if (trace.find(side + "_norm")) names.push_back(side + "_norm");
    return names;
}

SentenceSimilarity similarityOf(const Model& model, const Trace& a, const Trace& b) {
    SentenceSimilarity result;
    result.states = hiddenStates(model, a);
    for (const std::string& name : result.states) {
        const Tensor &ofA = a.at(name), &ofB = b.at(name);
        result.rows = static_cast<int>(ofA.extent(0));
        result.columns = static_cast<int>(ofB.extent(0));
        result.cosines.push_back(cosineOf(meanRow(ofA), meanRow(ofB)));
        appendTokenCosines(ofA, ofB, result.ofTokens);
    }
    return result;
}

}  // namespace lab
