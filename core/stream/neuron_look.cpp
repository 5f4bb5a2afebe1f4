#include "core/stream/neuron_look.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/errors.h"
#include "core/ops/softmax_row.h"
#include "core/stream/states.h"

namespace lab {
namespace {

std::vector<double> probabilities(const std::vector<float>& logits, int position, int classes) {
    const std::span<const float> row(logits.data() + static_cast<std::ptrdiff_t>(position) * classes, static_cast<std::size_t>(classes));
    const SoftmaxRow softmax = softmaxRow(row);
    std::vector<double> found;
    for (std::size_t i = 0; i < row.size(); ++i) found.push_back(softmax.probability(i));
    return found;
}

std::vector<ChangedClass> changedClasses(const StreamRuns& runs, const Input& input, const NeuronLook& look, float held) {
    const int classes = *runs.model().config().num_classes;
    KeepingTap unchanged(input, [](const std::string&) { return false; });
    const std::vector<float> as = runs.logits(input, unchanged), changed = logitsWithNeuron(runs, input, look.neuron, held);
    if (std::ssize(as) < static_cast<std::ptrdiff_t>(look.position + 1) * classes) return {};  // read at one position alone
    const std::vector<double> before = probabilities(as, look.position, classes), behind = probabilities(changed, look.position, classes);
    std::vector<ChangedClass> found;
    for (int id = 0; id < classes; ++id) found.push_back({id, before[static_cast<std::size_t>(id)], behind[static_cast<std::size_t>(id)]});
    std::ranges::stable_sort(found, std::ranges::greater{}, [](const ChangedClass& each) { return std::abs(each.behind - each.before); });
    return found;
}

}  // namespace

std::vector<int> layersWithNeurons(const Model& model) {
    std::vector<int> layers;
    const int count = static_cast<int>(layersOf(model.config(), answeringSide(model.config())).size());
    for (int layer = 0; layer < count; ++layer)
        if (neuronsOf(model, layer) > 0) layers.push_back(layer);
    if (layers.empty())
        throw InputError(LAB_TEXT("stream",
                                  "No layer of this model has a feed-forward part whose neurons see every position (model.d_ff is 0, or "
                                  "experts see chosen ones)."));
    return layers;
}

NeuronLook neuronLook(const StreamRuns& runs, const Input& input, const NeuronQuestion& question) {
    NeuronLook look;
    const std::vector<float> all = activationsOf(runs, input, question.layer);
    const auto width = static_cast<std::ptrdiff_t>(neuronsOf(runs.model(), question.layer));
    const std::ptrdiff_t positions = std::ssize(all) / width;
    look.position = static_cast<int>(std::clamp<std::ptrdiff_t>(question.position, 0, positions - 1));
    look.activations.assign(all.begin() + look.position * width, all.begin() + (look.position + 1) * width);
    const auto loudest = std::ranges::max_element(look.activations, {}, [](float value) { return std::abs(value); });
    look.neuron = {question.layer, question.neuron.value_or(static_cast<int>(loudest - look.activations.begin()))};
    try {
        look.writes = neuronWrites(runs, look.neuron);
    } catch (const InputError& why) {
        look.noWrites = why.message();
    }
    if (!runs.model().config().answersNumbers()) look.classes = changedClasses(runs, input, look, question.held);
    return look;
}

std::vector<int> farthest(const std::vector<double>& values, std::size_t most, bool largest) {
    std::vector<int> ids(values.size());
    std::iota(ids.begin(), ids.end(), 0);
    std::ranges::stable_sort(ids, [&](int a, int b) {
        const double x = values[static_cast<std::size_t>(a)], y = values[static_cast<std::size_t>(b)];
        return largest ? x > y : x < y;
    });
    ids.resize(std::min(most, ids.size()));
    return ids;
}

}  // namespace lab
