#include "core/memory/memory_choice.h"

#include "core/memory/modern_recall.h"
#include "core/memory/pattern_vectors.h"

namespace lab {

double MemoryChoice::betaFor(int units) const {
    return beta.value_or(attentionBeta(units));
}

std::vector<std::string> memoryNames() {
    std::vector<std::string> names;
    for (const StorageRule* rule : storageRules()) names.emplace_back(rule->name);
    names.emplace_back(modernRule);
    return names;
}

MakeMemory memoryMaker(const MemoryChoice& choice) {
    if (choice.rule) return classicalMemory(*choice.rule, choice.mode);
    return [choice](std::span<const States> patterns) {
        return modernMemory(choice.betaFor(static_cast<int>(patterns.front().size())))(patterns);
    };
}

Message sizeProblem(const Pattern& query, const Pattern& stored) {
    if (query.rows == stored.rows && query.columns == stored.columns) return {};
    return Message(LAB_TEXT("memory", "the query is %1 x %2 (rows x columns), the stored pictures are %3 x %4"))
        .arg(query.rows)
        .arg(query.columns)
        .arg(stored.rows)
        .arg(stored.columns);
}

}  // namespace lab
