#include "core/analysis/run_comparison.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/config/derive.h"
#include "core/config/experiment.h"
#include "core/config/layer_config.h"
#include "core/config/layer_cost.h"
#include "core/config/visitor.h"

namespace lab {
namespace {

constexpr const char* seedPath = "training.seed";

/// The pace changes nothing of what a run is.
bool isCompared(const FieldInfo& field, bool seeds) {
    return field.group != "experiment" && field.path != "training.pace" && (seeds || field.path != seedPath);
}

}  // namespace

std::vector<Difference> differencesOf(std::span<const Experiment> experiments, bool seeds) {
    std::vector<Experiment> bare;
    for (const Experiment& experiment : experiments) bare.push_back(withoutDerived(experiment));
    std::vector<Difference> result;
    for (const FieldInfo& field : fieldTable()) {
        if (!isCompared(field, seeds)) continue;
        Difference difference{field.path, field.label, {}};
        for (std::size_t i = 0; i < bare.size(); ++i)
            difference.values.push_back(!field.isApplicable(bare[i]) ? std::string() : field.text(bare[i]));
        const bool same =
            std::all_of(difference.values.begin(), difference.values.end(), [&](const auto& v) { return v == difference.values.front(); });
        if (same) continue;
        // Beside a value that was chosen, one that follows from others is worth reading, too.
        for (std::size_t i = 0; i < bare.size(); ++i)
            if (difference.values[i].empty() && field.isApplicable(bare[i])) difference.values[i] = field.text(experiments[i]);
        result.push_back(std::move(difference));
    }
    return result;
}

std::string differenceText(const std::vector<Difference>& differences, std::size_t run) {
    std::string text;
    for (const Difference& difference : differences) {
        const std::string& value = difference.values[run];
        if (value.empty()) continue;
        if (!text.empty()) text += ", ";
        text += &difference == &differences.front() ? value : difference.label + " " + value;
    }
    return text;
}

bool sameVariant(const Experiment& a, const Experiment& b) {
    for (const FieldInfo& field : fieldTable())
        if (isCompared(field, false) && field.get(a) != field.get(b)) return false;
    return true;
}

bool sameBatches(const Experiment& a, const Experiment& b) {
    for (const FieldInfo& field : fieldTable()) {
        const bool ofData = field.group == "task" || field.path == seedPath || field.path == "training.batch_size" ||
                            field.path == "training.shuffle" || field.path == "model.architecture";
        if (ofData && field.isApplicable(a) && field.get(a) != field.get(b)) return false;
    }
    return true;
}

std::optional<std::size_t> cacheBytesPerToken(const ModelConfig& model) {
    if (model.architecture == Architecture::encoder) return std::nullopt;
    ModelConfig whole = model;
    if (!whole.num_kv_heads) whole.num_kv_heads = whole.num_heads;
    if (!whole.num_decoder_layers) whole.num_decoder_layers = whole.num_layers;
    if (!whole.d_ff) whole.d_ff = 0;
    if (!whole.attention.latent_dim) whole.attention.latent_dim = std::max(1, whole.d_model / 4);
    double numbers = 0;
    for (const LayerConfig& layer : layersOf(whole, Side::decoder))
        numbers += cachedNumbers(layer) + (whole.crossAttends() ? cachedNumbers(crossAttentionOf(layer)) : 0.0);
    return static_cast<std::size_t>(numbers) * sizeof(float);
}

double mapOverlap(std::span<const float> a, std::span<const float> b, const MapShape& shape) {
    assert(a.size() == b.size() && a.size() == static_cast<std::size_t>(shape.queries) * static_cast<std::size_t>(shape.keys));
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(std::min(a[i], b[i]));
    return shape.queries > 0 ? sum / shape.queries : 0.0;
}

std::vector<float> mapDifference(std::span<const float> a, std::span<const float> b) {
    assert(a.size() == b.size());
    std::vector<float> difference(a.size());
    std::transform(a.begin(), a.end(), b.begin(), difference.begin(), [](float x, float y) { return y - x; });
    return difference;
}

std::vector<HeadPlace> headPlaces(const Model& model) {
    std::vector<HeadPlace> places;
    const auto& blocks = model.attentionBlocks();
    for (int block = 0; block < static_cast<int>(blocks.size()); ++block)
        for (int head = 0; head < blocks[static_cast<std::size_t>(block)].heads; ++head) places.push_back({block, head});
    return places;
}

HeadMatching::HeadMatching(const Model& a, const Model& b)
    : m_blocksA(a.attentionBlocks()),
      m_blocksB(b.attentionBlocks()),
      m_rows(headPlaces(a)),
      m_columns(headPlaces(b)),
      m_sums(m_rows.size() * m_columns.size(), 0.0) {}

void HeadMatching::add(const Trace& a, const Trace& b) {
    const auto mapOf = [](const Trace& trace, const AttentionBlock& block, int head) {
        const Tensor* weights = trace.find(block.name + ".weights");  // [H, T, S]
        assert(weights && weights->shape.size() == 3);
        const MapShape shape{static_cast<int>(weights->extent(1)), static_cast<int>(weights->extent(2))};
        const std::size_t cells = static_cast<std::size_t>(shape.queries) * static_cast<std::size_t>(shape.keys);
        return std::pair(std::span<const float>(weights->values).subspan(static_cast<std::size_t>(head) * cells, cells), shape);
    };
    ++m_inputs;
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        const AttentionBlock& from = m_blocksA[static_cast<std::size_t>(m_rows[row].block)];
        const auto [mapA, shapeA] = mapOf(a, from, m_rows[row].head);
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            const AttentionBlock& to = m_blocksB[static_cast<std::size_t>(m_columns[column].block)];
            const auto [mapB, shapeB] = mapOf(b, to, m_columns[column].head);
            const bool comparable = from.cross == to.cross && from.side == to.side && from.slotCount == to.slotCount && shapeA == shapeB;
            m_sums[row * m_columns.size() + column] +=
                comparable ? mapOverlap(mapA, mapB, shapeA) : std::numeric_limits<double>::quiet_NaN();
        }
    }
}

std::optional<double> HeadMatching::overlap(int row, int column) const {
    const double sum = m_sums[static_cast<std::size_t>(row) * m_columns.size() + static_cast<std::size_t>(column)];
    if (m_inputs == 0 || std::isnan(sum)) return std::nullopt;
    return sum / m_inputs;
}

std::optional<int> HeadMatching::best(int row) const {
    std::optional<int> best;
    for (int column = 0; column < static_cast<int>(m_columns.size()); ++column) {
        const std::optional<double> value = overlap(row, column);
        if (value && (!best || *value > *overlap(row, *best))) best = column;
    }
    return best;
}

}  // namespace lab
