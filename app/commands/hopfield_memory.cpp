#include "app/commands/hopfield_memory.h"

#include "core/memory/modern.h"
#include "core/memory/pattern_vectors.h"
#include "core/memory/recall_end.h"

namespace lab {
namespace {

MemoryAnswer askClassical(const HopfieldNet& net, const MemoryChoice& choice, const Pattern& query) {
    const Recall record = recall(net, query.states, choice.mode, choice.seed);
    MemoryAnswer answer{query, endingText(record).english(), {}, record.energies.front(), record.energies.back(), {}};
    answer.picture.states = record.end();
    answer.found = stateText(namedState(net.patterns(), answer.picture.states), net.patterns()).english();
    answer.steps.push_back({0, {}, record.energies.front()});
    for (const Flip& flip : record.flips)
        answer.steps.push_back({flip.update, flip, record.energies[static_cast<std::size_t>(flip.update)]});
    return answer;
}

MemoryAnswer askModern(const ModernNet& net, const std::vector<Pattern>& patterns, const Pattern& query) {
    const Settling settling = net.settle(vectorOf(query));
    std::vector<std::string> names;
    for (const Pattern& pattern : patterns) names.push_back(pattern.name);
    MemoryAnswer answer{signsOf(settling.end(), query), endingText(settling).english(), {},
                        settling.energies.front(),      settling.energies.back(),       {}};
    answer.found = regimeText(net.nameOf(settling.end()), names, net.count()).english();
    for (std::size_t k = 0; k < settling.energies.size(); ++k) answer.steps.push_back({static_cast<int>(k), {}, settling.energies[k]});
    return answer;
}

}  // namespace

std::vector<MemoryAnswer> askMemory(const MemoryChoice& choice, const std::vector<Pattern>& patterns, const std::vector<Pattern>& queries) {
    std::vector<MemoryAnswer> answers;
    if (choice.rule) {
        const HopfieldNet net(*choice.rule, patterns);
        for (const Pattern& query : queries) answers.push_back(askClassical(net, choice, query));
    } else {
        const ModernNet net(vectorsOf(patterns), choice.betaFor(patterns.front().pixels()));
        for (const Pattern& query : queries) answers.push_back(askModern(net, patterns, query));
    }
    return answers;
}

}  // namespace lab
