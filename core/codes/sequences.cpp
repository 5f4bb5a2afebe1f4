#include "core/codes/sequences.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/config/experiment.h"
#include "core/data/task_sample.h"

namespace lab::codes {

SequenceSet differentOnes(std::vector<Sample> samples) {
    SequenceSet set;
    std::set<Symbols> seen;
    set.drawn = static_cast<int>(samples.size());
    for (Sample& sample : samples) {
        if (!seen.insert(sample.tokens).second) {
            ++set.repeated;
            continue;
        }
        set.sequences.push_back(sample.tokens);
        set.samples.push_back(std::move(sample));
    }
    return set;
}

SequenceSet testSet(const Dataset& dataset, int most) {
    if (dataset.testSize() == 0) return validationSet(dataset, most);
    std::vector<Sample> samples;
    for (int i = 0; i < std::min(most, dataset.testSize()); ++i) samples.push_back(dataset.testSample(i));
    return differentOnes(std::move(samples));
}

SequenceSet validationSet(const Dataset& dataset, int most) {
    std::vector<Sample> samples;
    for (int i = 0; i < std::min(most, dataset.validationSize()); ++i) samples.push_back(dataset.validationSample(i));
    return differentOnes(std::move(samples));
}

Asking askingOf(const Experiment& experiment) {
    if (!experiment.task.kind->isBuiltIn()) return {};
    return [task = experiment.task, architecture = experiment.model.architecture](Symbols x) {
        return taskSample(task, architecture, std::move(x));
    };
}

std::vector<int> symbolsOf(const TaskConfig& task, const SequenceSet& set) {
    std::set<int> symbols;
    if (task.kind->isBuiltIn())
        for (int symbol = 0; symbol < task.vocab_size; ++symbol) symbols.insert(symbol);
    else
        for (const Symbols& sequence : set.sequences) symbols.insert(sequence.begin(), sequence.end());
    return {symbols.begin(), symbols.end()};
}

Opening openingFor(const LoadedTask& task, const Symbols& x) {
    if (const Asking asking = askingOf(task.experiment)) return openingOf(asking(x));
    const bool known = task.dataset->trainSize() > 0;
    return {known ? openingOf(task.dataset->trainSample(0)).first : 0, static_cast<int>(x.size())};
}

std::vector<int> differingPositions(const Symbols& a, const Symbols& b) {
    std::vector<int> positions;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
        if (i >= a.size() || i >= b.size() || a[i] != b[i]) positions.push_back(static_cast<int>(i));
    return positions;
}

std::vector<int> wrongPositions(const Sample& sample, const Symbols& decoded) {
    std::vector<int> positions;
    for (std::size_t i = 0; i < sample.targets.size(); ++i)
        if (sample.targets[i] >= 0 && (i >= decoded.size() || decoded[i] != sample.targets[i])) positions.push_back(static_cast<int>(i));
    return positions;
}

BitsNeeded bitsNeeded(const TaskConfig& task, const SequenceSet& set) {
    BitsNeeded needed;
    const bool alike = task.kind->source == TaskSource::drawn && task.kind->isBuiltIn() && !task.kind->draw;
    if (!alike) {
        needed.bits = set.size() > 0 ? std::log2(set.size()) : 0;
        return needed;
    }
    needed.by = NeededBy::alphabet;
    needed.length = task.seq_len;
    needed.perSymbol = std::log2(task.vocab_size);
    needed.bits = needed.length * needed.perSymbol;
    return needed;
}

}  // namespace lab::codes
