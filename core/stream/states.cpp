#include "core/stream/states.h"

#include <algorithm>

#include "core/base/errors.h"

namespace lab {
namespace {

void refuseWhatHasNoLastState(const ModelConfig& config) {
    if (specOf(config.depth.kind).halts)
        throw InputError(
            LAB_TEXT("stream",
                     "With model.depth.kind act the answer is a mean over steps that end at different times, so there is no last "
                     "state of the stream to read."));
    if (!specOf(config.output.kind).projects)
        throw InputError(
            LAB_TEXT("stream", "This model has no output head: its stream is the answer, and no token or class stands for it."));
}

class Collector {
public:
    Collector(StreamStates& states, const NamedTensors& kept) : m_states(states), m_kept(kept) {}

    void state(const std::string& name) {
        const std::vector<float>& values = m_kept.at(name).values;
        m_states.values.insert(m_states.values.end(), values.begin(), values.begin() + rowNumbers());
    }
    /// Behind a sublayer that added to the state at `place`.
    void sum(int place, const std::string& sublayer) {
        const std::vector<float>& added = m_kept.at(sublayer + ".output").values;
        const std::ptrdiff_t first = place * rowNumbers();
        for (std::ptrdiff_t i = 0; i < rowNumbers(); ++i)
            m_states.values.push_back(m_states.values[static_cast<std::size_t>(first + i)] + added[static_cast<std::size_t>(i)]);
    }

private:
    std::ptrdiff_t rowNumbers() const { return std::ptrdiff_t{m_states.positions} * m_states.width; }

    StreamStates& m_states;
    const NamedTensors& m_kept;
};

}  // namespace

Message StreamPlace::label() const {
    const Message label(specOf(part).label);
    return layer < 0 ? label : Message(label).arg(layer);
}

Side answeringSide(const ModelConfig& config) {
    return layersOf(config, Side::decoder).empty() ? Side::encoder : Side::decoder;
}

std::string blockName(const ModelConfig& config, int layer) {
    return std::string(nameOf(answeringSide(config))) + "." + std::to_string(layer);
}

std::vector<StreamPlace> streamPlaces(const ModelConfig& config) {
    std::vector<StreamPlace> places{{StreamPart::embedding, -1}};
    int number = 0;
    for (const LayerConfig& layer : layersOf(config, answeringSide(config))) {
        places.push_back({StreamPart::mixer, number});
        if (config.crossAttends()) places.push_back({StreamPart::cross, number});
        if (layer.d_ff > 0) places.push_back({StreamPart::feed_forward, number});
        ++number;
    }
    return places;
}

std::string sublayerName(const ModelConfig& config, const StreamPlace& place) {
    const std::string block = blockName(config, place.layer);
    if (place.part == StreamPart::cross) return block + ".cross_attention";
    if (place.part == StreamPart::feed_forward) return block + ".feed_forward";
    const LayerConfig layer = layersOf(config, answeringSide(config))[static_cast<std::size_t>(place.layer)];
    return block + (specOf(layer.mixer).attends ? ".attention" : ".mixing");
}

void requireStraightHead(const ModelConfig& config) {
    if (!specOf(config.output.kind).projects || specOf(config.output.kind).hidden)
        throw InputError(Message(LAB_TEXT("stream",
                                          "The output head of this model (output.kind %1) is no single matrix, so what a part writes "
                                          "has no logits of its own."))
                             .arg(std::string(nameOf(config.output.kind))));
}

StreamStates streamStates(const StreamRuns& runs, const Input& input) {
    const ModelConfig& config = runs.model().config();
    refuseWhatHasNoLastState(config);
    const std::string side = std::string(nameOf(answeringSide(config))) + ".";
    const bool twoSides = specOf(config.architecture).twoSides();
    const std::string embedding = twoSides ? "target_embedding" : "embedding";
    KeepingTap tap(input, [&](const std::string& name) {
        if (name == embedding) return true;
        if (!name.starts_with(side)) return false;
        return name.ends_with("_norm") || name.ends_with(".residual") || name.ends_with(".output");
    });
    StreamStates states;
    states.logits = runs.logits(input, tap);
    states.places = streamPlaces(config);
    states.positions = static_cast<int>(tap.kept.at(embedding).extent(0));
    states.width = config.d_model;
    states.classes = static_cast<int>(states.logits.size()) / states.positions;
    const std::vector<LayerConfig> layers = layersOf(config, answeringSide(config));
    Collector collect(states, tap.kept);
    for (int p = 0; p < static_cast<int>(states.places.size()); ++p) {
        const StreamPlace& place = states.places[static_cast<std::size_t>(p)];
        if (place.part == StreamPart::embedding) {
            collect.state(embedding);
            continue;
        }
        const LayerConfig& layer = layers[static_cast<std::size_t>(place.layer)];
        const bool last =
            p + 1 == static_cast<int>(states.places.size()) || states.places[static_cast<std::size_t>(p) + 1].layer != place.layer;
        const std::string sublayer = sublayerName(config, place);
        if (last)
            collect.state(blockName(config, place.layer) + ".residual");
        else if (layer.norm.placement == NormPlacement::post)
            collect.state(sublayer + "_norm");
        else
            collect.sum(p - 1, sublayer);
    }
    return states;
}

}  // namespace lab
