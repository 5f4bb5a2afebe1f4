#include "core/stream/neurons.h"

#include <algorithm>
#include <numeric>

#include "core/base/errors.h"
#include "core/stream/functional.h"
#include "core/stream/states.h"

namespace lab {
namespace {

std::string hiddenName(const Model& model, int layer) {
    return blockName(model.config(), layer) + ".feed_forward.hidden";
}

void checkNeuron(const Model& model, const Neuron& neuron) {
    const int count = neuronsOf(model, neuron.layer);
    if (count == 0)
        throw InputError(
            Message(LAB_TEXT("stream", "Layer %1 has no feed-forward part whose neurons could be looked at.")).arg(neuron.layer));
    if (neuron.index < 0 || neuron.index >= count)
        throw InputError(
            Message(LAB_TEXT("stream", "Layer %1 has no neuron %2; its are 0 .. %3.")).arg(neuron.layer).arg(neuron.index).arg(count - 1));
}

/// Holds a neuron at a value.
class HoldingTap final : public InputTap {
public:
    HoldingTap(const Input& input, std::string tensor, int index, float held)
        : InputTap(input), m_tensor(std::move(tensor)), m_index(index), m_held(held) {}

protected:
    void seen(const std::string& name, const std::vector<int>& shape, float* values) override {
        if (name != m_tensor) return;
        for (std::ptrdiff_t row = 0; row < shape[0]; ++row) values[row * shape[1] + m_index] = m_held;
    }

private:
    std::string m_tensor;
    int m_index;
    float m_held;
};

}  // namespace

int neuronsOf(const Model& model, int layer) {
    const std::vector<LayerConfig> layers = layersOf(model.config(), answeringSide(model.config()));
    if (layer < 0 || layer >= static_cast<int>(layers.size())) return 0;
    const LayerConfig& at = layers[static_cast<std::size_t>(layer)];
    return at.experts > 0 ? 0 : at.d_ff;
}

std::vector<float> activationsOf(const StreamRuns& runs, const Input& input, int layer) {
    checkNeuron(runs.model(), {layer, 0});
    const std::string hidden = hiddenName(runs.model(), layer);
    KeepingTap tap(input, [&](const std::string& name) { return name == hidden; });
    runs.logits(input, tap);
    return tap.kept.at(hidden).values;
}

std::vector<NeuronExample> largestActivations(const StreamRuns& runs, const std::vector<Input>& inputs, const Neuron& neuron,
                                              std::size_t most, const NeuronSearchTold& told) {
    checkNeuron(runs.model(), neuron);
    const int width = neuronsOf(runs.model(), neuron.layer);
    std::vector<NeuronExample> examples;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        runs.goOn();
        const std::vector<float> values = activationsOf(runs, inputs[i], neuron.layer);
        NeuronExample best{static_cast<int>(i), 0, values[static_cast<std::size_t>(neuron.index)]};
        for (int position = 0; position * width < static_cast<int>(values.size()); ++position) {
            const float value = values[static_cast<std::size_t>(position * width + neuron.index)];
            if (value > best.activation) best = {static_cast<int>(i), position, value};
        }
        examples.push_back(best);
        if (told) told(i + 1, examples);
    }
    return largestOf(std::move(examples), most);
}

std::vector<NeuronExample> largestOf(std::vector<NeuronExample> examples, std::size_t most) {
    std::ranges::stable_sort(examples, std::ranges::greater{}, &NeuronExample::activation);
    examples.resize(std::min(most, examples.size()));
    return examples;
}

std::vector<double> neuronWrites(const StreamRuns& runs, const Neuron& neuron) {
    const Model& model = runs.model();
    checkNeuron(model, neuron);
    requireStraightHead(model.config());
    const Parameter& down = *model.layout().find(blockName(model.config(), neuron.layer) + ".feed_forward.down.weight");  // [d_model, d_ff]
    std::vector<double> written(static_cast<std::size_t>(down.shape[0]));
    for (std::size_t i = 0; i < written.size(); ++i)
        written[i] = static_cast<double>(
            runs.weights()[down.offset + i * static_cast<std::size_t>(down.shape[1]) + static_cast<std::size_t>(neuron.index)]);
    const NormConfig& norm = model.config().norm;
    if (norm.placement == NormPlacement::pre && specOf(norm.kind).normalises) {
        const double mean =
            specOf(norm.kind).centred ? std::accumulate(written.begin(), written.end(), 0.0) / static_cast<double>(written.size()) : 0;
        const float* gain = parameterOf(model, runs.weights(), std::string(nameOf(answeringSide(model.config()))) + "_norm.weight");
        for (std::size_t i = 0; i < written.size(); ++i) written[i] = (written[i] - mean) * static_cast<double>(gain[i]);
    }
    const float* row =
        parameterOf(model, runs.weights(), model.config().output.tied ? "token_embedding.weight" : "output.projection.weight");
    std::vector<double> logits(static_cast<std::size_t>(*model.config().num_classes));
    for (double& logit : logits)
        for (const double x : written) logit += x * static_cast<double>(*row++);
    const double mean = std::accumulate(logits.begin(), logits.end(), 0.0) / static_cast<double>(logits.size());
    for (double& logit : logits) logit -= mean;
    return logits;
}

std::vector<float> logitsWithNeuron(const StreamRuns& runs, const Input& input, const Neuron& neuron, float held) {
    checkNeuron(runs.model(), neuron);
    HoldingTap tap(input, hiddenName(runs.model(), neuron.layer), neuron.index, held);
    return runs.logits(input, tap);
}

}  // namespace lab
