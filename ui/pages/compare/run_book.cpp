#include "ui/pages/compare/run_book.h"

#include <algorithm>

#include "core/config/experiment.h"
#include "ui/runs/seed_names.h"

namespace lab {
RunBook::RunBook(QObject* parent) : QObject(parent) {}

void RunBook::follow(const std::vector<Run*>& runs) {
    m_runs = runs;
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        const bool gone = std::find(runs.begin(), runs.end(), entry->first) == runs.end();
        if (gone) disconnect(entry->second.reset);
        entry = gone ? m_entries.erase(entry) : std::next(entry);
    }
    for (Run* run : runs) {
        Entry& entry = m_entries[run];
        if (!entry.reset)
            entry.reset = connect(run, &Run::wasReset, this, [this, run] {
                m_entries[run].curve = RunCurve();
                m_entries[run].taken = 0;
            });
        const auto& records = run->records();
        for (; entry.taken < records.size(); ++entry.taken) {
            const StepRecord& record = records[entry.taken];
            RunCurve::Step step{record.step, static_cast<double>(record.tokens), record.seconds, record.train.loss, record.train.accuracy};
            if (record.validation) step.validationAccuracy = record.validation->accuracy;
            entry.curve.add(step);
        }
    }
}

std::vector<Variant> RunBook::variants(bool together) const {
    std::vector<Variant> result;
    for (Run* run : m_runs) {
        const auto found = std::find_if(result.begin(), result.end(), [run](const Variant& each) {
            return sameVariant(each.runs.front()->experiment(), run->experiment());
        });
        if (together && found != result.end()) {
            found->runs.push_back(run);
            found->name = nameWithoutSeed(found->runs.front()->name());
        } else {
            result.push_back({{run}, run->name(), run->series()});
        }
    }
    return result;
}

bool RunBook::hasSeeds() const {
    return variants(true).size() < m_runs.size();
}

std::vector<Difference> RunBook::differences(const std::vector<Variant>& variants, bool together) const {
    std::vector<Experiment> experiments;
    for (const Variant& variant : variants) experiments.push_back(variant.runs.front()->experiment());
    return differencesOf(experiments, !together);
}

/// Of each seed the first run says which batches those are.
bool RunBook::sameBatches() const {
    std::map<std::uint64_t, const Experiment*> firstOfSeed;
    for (const Run* run : m_runs) {
        const auto [first, isNew] = firstOfSeed.emplace(run->experiment().training.seed, &run->experiment());
        if (!isNew && !lab::sameBatches(*first->second, run->experiment())) return false;
    }
    return m_runs.size() > firstOfSeed.size();
}

}  // namespace lab
