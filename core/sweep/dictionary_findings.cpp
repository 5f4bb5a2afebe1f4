#include "core/sweep/dictionary_findings.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/number_text.h"
#include "core/config/validation.h"
#include "core/sweep/summary.h"
#include "core/sweep/sweep_results.h"
#include "core/tasks/glossary.h"

namespace lab {
namespace {

constexpr double helps = 0.03;  ///< more right answers than without any dictionary, as a share of all

double accuracyOf(const RunResult& result) {
    return result.diverged() ? 0.0 : result.testAccuracy.value_or(result.validationAccuracy.value_or(0.0));
}

void rate(DictionaryPoint& point, const std::vector<double>& accuracies) {
    point.runs = static_cast<int>(accuracies.size());
    for (const double accuracy : accuracies) point.accuracy += accuracy / point.runs;
    double squares = 0;
    for (const double accuracy : accuracies) squares += (accuracy - point.accuracy) * (accuracy - point.accuracy);
    if (point.runs > 1) point.deviation = std::sqrt(squares / (point.runs - 1));
}

/// "99.4 %" of a ratio.
std::string ratioText(double part, double whole) {
    return percentText(whole > 0 ? part / whole : 0.0, 1);
}

/// What a rival is called in a sentence.
SourceText nameOfRival(DictionaryKind kind) {
    return kind == DictionaryKind::context ? LAB_TEXT("sweep", "entries in the context") : LAB_TEXT("sweep", "attended entries");
}

bool isUseful(const DictionaryPoint& point, const DictionaryPoint* nothing) {
    return !nothing || point.accuracy > nothing->accuracy + helps;
}

Message besideRival(const DictionaryPoint& standing, const DictionaryPoint& rival, const DictionaryPoint* nothing) {
    const Message name = nameOfRival(rival.kind);
    if (!isUseful(rival, nothing))
        return Message(LAB_TEXT("sweep",
                                "With %1 entries, %2 answer no more than no dictionary does (%3); the standing dictionary answers %4."))
            .arg(standing.entries)
            .arg(name)
            .arg(percentText(rival.accuracy, 1))
            .arg(percentText(standing.accuracy, 1));
    return Message(
               LAB_TEXT("sweep",
                        "With %1 entries, the standing dictionary has %2 of the accuracy of %3, for %4 of the multiply-adds an answer and "
                        "%5 of the memory."))
        .arg(standing.entries)
        .arg(ratioText(standing.accuracy, rival.accuracy))
        .arg(name)
        .arg(ratioText(standing.cost.answer, rival.cost.answer))
        .arg(ratioText(standing.cost.kept, rival.cost.kept));
}

Message aboutRuns(const DictionaryPoint& standing) {
    if (standing.trainEntries >= standing.entries)
        return Message(LAB_PLURAL("sweep", "Mean of %n run(s), with all that can be kept of the dictionary kept from text to text."))
            .count(standing.runs);
    return Message(LAB_PLURAL("sweep",
                              "Mean of %n run(s), trained on dictionaries of %1 entries, with all that can be kept of the dictionary kept "
                              "from text to text."))
        .arg(standing.trainEntries)
        .count(standing.runs);
}

Message aboutReading(const DictionaryPoint& standing, const DictionaryPoint& rival) {
    return Message(LAB_TEXT("sweep",
                            "Read anew for each text, the dictionary takes %1 times as many multiply-adds an answer when it stands, %2 "
                            "times as %3."))
        .arg(numberText(std::round(10 * standing.cost.unkept() / standing.cost.answer) / 10))
        .arg(numberText(std::round(10 * rival.cost.unkept() / rival.cost.answer) / 10))
        .arg(nameOfRival(rival.kind));
}

}  // namespace

std::vector<DictionaryPoint> dictionaryPoints(const Sweep& sweep, const ResultsTable& table) {
    if (sweep.base.task.kind->source != TaskSource::glossary) return {};
    std::map<std::pair<DictionaryKind, int>, DictionaryPoint> points;
    std::map<std::pair<DictionaryKind, int>, std::vector<double>> accuracies;
    for (const auto& [run, result] : resultsByRun(sweep, table, sweep.name)) {
        const Experiment experiment = resolved(experimentOf(sweep, run));
        const GlossaryConfig task = glossaryConfig(experiment.task);
        const std::pair key{experiment.model.dictionary.kind, task.entries};
        points[key] = {key.first, task.entries, task.trainEntries, 0, 0, 0, dictionaryCost(experiment)};
        accuracies[key].push_back(accuracyOf(result));
    }
    std::vector<DictionaryPoint> all;
    for (auto& [key, point] : points) {
        rate(point, accuracies[key]);
        all.push_back(point);
    }
    return all;
}

const DictionaryPoint* dictionaryPoint(const std::vector<DictionaryPoint>& points, DictionaryKind kind, int entries) {
    const auto found = std::ranges::find_if(points, [&](const DictionaryPoint& p) { return p.kind == kind && p.entries == entries; });
    return found == points.end() ? nullptr : &*found;
}

std::vector<int> dictionarySizes(const std::vector<DictionaryPoint>& points) {
    std::set<int> sizes;
    for (const DictionaryPoint& point : points) sizes.insert(point.entries);
    return {sizes.begin(), sizes.end()};
}

std::vector<Message> dictionaryFindings(const std::vector<DictionaryPoint>& points, int entries) {
    const DictionaryPoint* standing = dictionaryPoint(points, DictionaryKind::standing, entries);
    if (!standing) return {};
    std::vector<Message> sentences;
    const DictionaryPoint* nothing = dictionaryPoint(points, DictionaryKind::none, entries);
    for (const DictionaryKind kind : {DictionaryKind::context, DictionaryKind::attended})
        if (const DictionaryPoint* rival = dictionaryPoint(points, kind, entries))
            sentences.push_back(besideRival(*standing, *rival, nothing));
    if (sentences.empty()) return {};
    sentences.push_back(aboutRuns(*standing));
    if (const DictionaryPoint* rival = dictionaryPoint(points, DictionaryKind::context, entries))
        sentences.push_back(aboutReading(*standing, *rival));
    return sentences;
}

}  // namespace lab
