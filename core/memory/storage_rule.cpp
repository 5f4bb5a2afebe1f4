#include "core/memory/storage_rule.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "core/base/errors.h"

namespace lab {
namespace rules {

extern const StorageRule hebb, storkey, pseudoInverse, pseudoInverseZeroDiagonal;

}  // namespace rules

std::span<const StorageRule* const> storageRules() {
    static constexpr const StorageRule* rows[] = {&rules::hebb, &rules::storkey, &rules::pseudoInverse, &rules::pseudoInverseZeroDiagonal};
    return rows;
}

const StorageRule* findStorageRule(std::string_view name) {
    const auto rows = storageRules();
    const auto found = std::ranges::find(rows, name, [](const StorageRule* rule) { return rule->name; });
    return found == rows.end() ? nullptr : *found;
}

const StorageRule& storageRule(std::string_view name) {
    if (const StorageRule* rule = findStorageRule(name)) return *rule;
    std::vector<std::string> names;
    for (const StorageRule* rule : storageRules()) names.emplace_back(rule->name);
    throw InputError(Message(LAB_TEXT("memory", "there is no storage rule '%1'; use %2")).arg(name).arg(alternatives(names)));
}

StoredPatterns storedPatterns(const StorageRule& rule, std::span<const States> patterns) {
    assert(!patterns.empty() && !patterns.front().empty());
    StoredPatterns stored;
    stored.patterns.resize(std::ssize(patterns), std::ssize(patterns.front()));
    for (std::size_t mu = 0; mu < patterns.size(); ++mu) {
        assert(patterns[mu].size() == patterns.front().size());
        for (std::size_t i = 0; i < patterns[mu].size(); ++i)
            stored.patterns(static_cast<Eigen::Index>(mu), static_cast<Eigen::Index>(i)) = patterns[mu][i];
    }
    rule.store(stored);
    return stored;
}

}  // namespace lab
