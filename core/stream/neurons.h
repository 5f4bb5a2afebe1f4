#pragma once

#include <vector>

#include "core/stream/stream_runs.h"
#include "core/tensor/batch.h"

namespace lab {

/// Neurons are the numbers between the two maps of a feed-forward part, behind the activation.
struct Neuron {
    int layer = 0;  ///< of the side that answers
    int index = 0;  ///< 0 .. d_ff - 1

    bool operator==(const Neuron&) const = default;
};

/// Neurons of a layer; 0 where it has no feed-forward part or one of experts, whose neurons see chosen positions only.
int neuronsOf(const Model& model, int layer);

/// What the neurons of one layer are at all positions of an input [positions, d_ff]. Throws InputError for layers without neurons.
std::vector<float> activationsOf(const StreamRuns& runs, const Input& input, int layer);

/// Where a neuron was at its largest.
struct NeuronExample {
    int sample = 0;
    int position = 0;
    float activation = 0;
};
/// The `most` largest activations over the samples, at most one a sample, the largest first. `told` hears after each how many samples were
/// looked at, and what was found in them, in their order. PassAbandoned.
using NeuronSearchTold = std::function<void(std::size_t looked, const std::vector<NeuronExample>& found)>;
std::vector<NeuronExample> largestActivations(const StreamRuns& runs, const std::vector<Input>& inputs, const Neuron& neuron,
                                              std::size_t most, const NeuronSearchTold& told = {});
/// The `most` largest, the largest first.
std::vector<NeuronExample> largestOf(std::vector<NeuronExample> examples, std::size_t most);

/// What a neuron adds to each logit when it is 1, by the straight way to the output head, less the mean over all classes: the last norm's
/// gains included and its scale left out [classes]. Throws InputError where the output head is no straight map.
std::vector<double> neuronWrites(const StreamRuns& runs, const Neuron& neuron);

/// Logits of the input with this neuron held at a value at all positions [positions, classes].
std::vector<float> logitsWithNeuron(const StreamRuns& runs, const Input& input, const Neuron& neuron, float held);

}  // namespace lab
