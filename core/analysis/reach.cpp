#include "core/analysis/reach.h"

#include <algorithm>
#include <numeric>

#include "core/config/layer_config.h"

namespace lab {

std::vector<int> farthestSources(const ModelConfig& model, int length) {
    std::vector<int> farthest(static_cast<std::size_t>(length));
    std::iota(farthest.begin(), farthest.end(), 0);
    const Side side = specOf(model.architecture).decoder ? Side::decoder : Side::encoder;
    for (const LayerConfig& layer : layersOf(model, side)) {
        const std::vector<int> below = farthest;
        for (int i = 0; i < length; ++i)
            for (int j = 0; j < length; ++j)
                if (!specOf(layer.mixer).attends || layer.visibility.mayAttend(i, j, length))
                    farthest[static_cast<std::size_t>(i)] =
                        std::min(farthest[static_cast<std::size_t>(i)], below[static_cast<std::size_t>(j)]);
    }
    return farthest;
}

std::optional<std::vector<ReachRow>> reachBySegments(const Model& model, const Weights& weights, const TaskConfig& task,
                                                     const std::vector<Sample>& samples, int segment,
                                                     const std::function<bool()>& cancelled) {
    if (!task.kind->keys) return std::nullopt;
    std::vector<ReachRow> rows;
    std::vector<int> farthest;
    TraceRequest request;
    request.intermediates = false;
    for (const Sample& sample : samples) {
        if (cancelled && cancelled()) return std::nullopt;
        const std::vector<int> said = predictions(model.trace(weights, {sample.tokens, {}, {}, {}, {}}, request));
        if (sample.tokens.size() != farthest.size()) farthest = farthestSources(model.config(), static_cast<int>(sample.tokens.size()));
        const AnswerKeys keys = task.kind->keys(sample.tokens, task);
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (keys[i].size() != 1 || sample.targets[i] < 0) continue;
            const int question = static_cast<int>(i), source = keys[i].front();
            const int distance = question / segment - source / segment;
            if (distance < 0) continue;
            while (std::ssize(rows) <= distance) rows.push_back({static_cast<int>(rows.size())});
            ReachRow& row = rows[static_cast<std::size_t>(distance)];
            ++row.asked;
            row.right += said[i] == sample.targets[i] ? 1 : 0;
            row.within += source >= farthest[i] ? 1 : 0;
        }
    }
    return rows;
}

}  // namespace lab
