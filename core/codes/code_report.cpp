#include "core/codes/code_report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/base/errors.h"
#include "core/config/experiment.h"

namespace lab::codes {
namespace {

/// How many of `sequences` share their code on average when each draws one of 2^bits.
double chanceOf(int sequences, double bits) {
    if (sequences < 2) return 0;
    return -std::expm1((sequences - 1) * std::log1p(-std::exp2(-bits)));
}

void judge(const SequenceSet& set, CodeReport& report) {
    for (std::size_t i = 0; i < set.samples.size(); ++i) {
        const auto asked = static_cast<int>(std::ranges::count_if(set.samples[i].targets, [](int target) { return target >= 0; }));
        const auto wrong = static_cast<int>(wrongPositions(set.samples[i], report.decoded[i]).size());
        report.positions += {asked - wrong, asked};
        report.exact += {wrong == 0 ? 1 : 0, 1};
    }
}

void countUsage(CodeReport& report) {
    for (int m = 0; m < report.shape.slotCount; ++m) {
        std::vector<int> counts(static_cast<std::size_t>(report.shape.codes));
        for (const Code& code : report.codes) ++counts[static_cast<std::size_t>(code[static_cast<std::size_t>(m)])];
        report.usage.push_back(usageOf(std::move(counts)));
        report.bitsUsed += report.usage.back().bits();
    }
}

Collision collisionOf(const SequenceSet& set, const CodeReport& report, std::size_t first, std::size_t second) {
    return {first, second, differingPositions(set.sequences[first], set.sequences[second]), numberOf(report.shape, report.codes[first]),
            set.samples[first].targets == set.samples[second].targets};
}

void findCollisions(const SequenceSet& set, std::size_t most, CodeReport& report) {
    std::map<Code, std::vector<std::size_t>> owners;
    for (std::size_t i = 0; i < report.codes.size(); ++i) owners[report.codes[i]].push_back(i);
    report.differentCodes = static_cast<int>(owners.size());
    std::vector<std::vector<std::size_t>> shared;
    for (auto& [code, indices] : owners) {
        if (indices.size() < 2) continue;
        report.colliding += static_cast<int>(indices.size());
        report.collidingPairs += std::ssize(indices) * (std::ssize(indices) - 1) / 2;
        shared.push_back(std::move(indices));
    }
    std::ranges::sort(shared);
    for (const auto& indices : shared)
        for (std::size_t a = 0; a < indices.size(); ++a)
            for (std::size_t b = a + 1; b < indices.size() && report.collisions.size() < most; ++b)
                report.collisions.push_back(collisionOf(set, report, indices[a], indices[b]));
}

}  // namespace

double SlotUsage::perplexity() const {
    return std::exp(entropy);
}

double SlotUsage::bits() const {
    return entropy / std::log(2.0);
}

int SlotUsage::unused() const {
    return static_cast<int>(std::ranges::count(counts, 0));
}

SlotUsage usageOf(std::vector<int> counts) {
    SlotUsage usage;
    const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
    for (const int count : counts)
        if (count > 0) usage.entropy -= count / all * std::log(count / all);
    usage.entropy = std::max(0.0, usage.entropy);  // of a single code it would be -0
    usage.counts = std::move(counts);
    return usage;
}

int CodeReport::unusedCodes() const {
    return std::accumulate(usage.begin(), usage.end(), 0, [](int sum, const SlotUsage& slot) { return sum + slot.unused(); });
}

std::optional<CodeReport> codeReport(const Coder& coder, const TaskConfig& task, const SequenceSet& set, const CodeQuestion& question,
                                     const Watch& watch) {
    if (set.size() == 0) throw InputError(LAB_TEXT("codes", "There are no test or validation sequences to make codes of."));
    constexpr double coded = 0.2, read = 0.8;  // shares of the work
    CodeReport report;
    report.shape = coder.shape();
    report.sequences = set.size();
    report.repeated = set.repeated;
    std::vector<Opening> openings;
    for (const Sample& sample : set.samples) openings.push_back(openingOf(sample));
    auto codes = coder.codesOf(set.sequences, partOfWatch(watch, 0, coded));
    if (!codes) return std::nullopt;
    report.codes = std::move(*codes);
    auto decoded = coder.decoded(report.codes, openings, partOfWatch(watch, coded, read));
    if (!decoded) return std::nullopt;
    report.decoded = std::move(*decoded);
    if (question.losses) {
        const auto losses = coder.losses(set.sequences, partOfWatch(watch, read, 1));
        if (!losses) return std::nullopt;
        report.losses = *losses;
    }
    judge(set, report);
    countUsage(report);
    findCollisions(set, static_cast<std::size_t>(std::max(0, question.mostCollisions)), report);
    report.bitsRoom = bitsOf(report.shape);
    report.needed = bitsNeeded(task, set);
    report.chanceOfAll = chanceOf(report.sequences, report.bitsRoom);
    report.chanceOfUsed = chanceOf(report.sequences, report.bitsUsed);
    return report;
}

std::optional<CodeReport> codeReport(const Coder& coder, const LoadedTask& task, const CodeQuestion& question, const Watch& watch) {
    return codeReport(coder, task.experiment.task, testSet(*task.dataset, question.sequences), question, watch);
}

CodePoint pointOf(std::int64_t step, const CodeReport& report) {
    return {step, report.sequences, report.exactShare(), report.positionShare(), report.collisionRate(), report.bitsUsed};
}

}  // namespace lab::codes
