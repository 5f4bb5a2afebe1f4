#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/message.h"
#include "core/stream/neurons.h"

namespace lab {

/// Layers of the side that answers that have neurons. Throws InputError where none has.
std::vector<int> layersWithNeurons(const Model& model);

/// A class before and behind a change of one neuron.
struct ChangedClass {
    int id = 0;
    double before = 0, behind = 0;  ///< probabilities
};

struct NeuronQuestion {
    int layer = 0;
    int position = 0;
    std::optional<int> neuron;  ///< else the one of the largest magnitude there
    float held = 0;             ///< its value in the second pass

    bool operator==(const NeuronQuestion&) const = default;
};

struct NeuronLook {
    int position = 0;
    Neuron neuron;
    std::vector<float> activations;     ///< of all neurons of the layer, at the position
    std::vector<double> writes;         ///< of the neuron, by class; empty where there is none
    Message noWrites;                   ///< why
    std::vector<ChangedClass> classes;  ///< with the neuron as it is and held, the most changed first; empty where no classes are answered
};
/// Throws InputError for what the model cannot take, and PassAbandoned.
NeuronLook neuronLook(const StreamRuns& runs, const Input& input, const NeuronQuestion& question);

/// The ids of the `most` largest (or smallest) of these, the farthest first.
std::vector<int> farthest(const std::vector<double>& values, std::size_t most, bool largest);

}  // namespace lab
