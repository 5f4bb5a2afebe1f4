#include "ui/scenes/guess_lines.h"

#include <QCoreApplication>
#include <cmath>

#include "ui/runs/run.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct GuessLinesWords {
    Q_DECLARE_TR_FUNCTIONS(GuessLines)
};

QString shareText(double share) {
    const double percents = 100 * share;
    return GuessLinesWords::tr("%1 %").arg(fixed(percents, percents < 10 && std::abs(percents - std::round(percents)) > 1e-9 ? 1 : 0));
}

}  // namespace

std::vector<GuessLine> guessLines(const Guesses& guesses, bool accuracy, const LossUnit& unit) {
    const auto line = [accuracy, &unit](const QString& name, const Guess& guess) {
        return accuracy ? GuessLine{100 * guess.accuracy, GuessLinesWords::tr("%1: %2").arg(name, shareText(guess.accuracy))}
                        : GuessLine{unit.of(guess.loss), GuessLinesWords::tr("%1: %2").arg(name, fixed(unit.of(guess.loss), 3))};
    };
    if (guesses.numbers) {
        std::vector<GuessLine> lines{line(GuessLinesWords::tr("always 0"), guesses.uniform)};
        if (guesses.commonest) lines.push_back(line(GuessLinesWords::tr("always the mean"), *guesses.commonest));
        return lines;
    }
    std::vector<GuessLine> lines{line(GuessLinesWords::tr("uniform guess"), guesses.uniform)};
    if (!accuracy && !unit.bitsPerByte)
        lines.front().label = GuessLinesWords::tr("uniform guess: ln %1 = %2").arg(guesses.choices).arg(fixed(guesses.uniform.loss, 3));
    if (guesses.commonest) lines.push_back(line(GuessLinesWords::tr("commonest answer"), *guesses.commonest));
    if (guesses.byPlace) lines.push_back(line(GuessLinesWords::tr("by place alone"), *guesses.byPlace));
    return lines;
}

std::vector<GuessLine> countedLines(const Guesses& guesses, const CountingBaselines& counting, const LossUnit& unit) {
    std::vector<GuessLine> lines = guessLines(guesses, false, unit);
    lines.resize(1);
    for (int n = 1; n < static_cast<int>(counting.nats.size()); ++n) {
        const double value = unit.of(counting.nats[static_cast<std::size_t>(n)]);
        const QString name = shown(ngramName(n));
        lines.push_back({value, GuessLinesWords::tr("%1: %2").arg(name, fixed(value, 3)), name, n == counting.best()});
    }
    return lines;
}

QString countingAt(const Run& run, std::int64_t step) {
    const CountingBaselines* counting = run.counting();
    const Evaluation* last = nullptr;
    for (const StepRecord& record : run.records()) {
        if (!counting || record.step > step) break;
        if (record.validation) last = &*record.validation;
    }
    return last ? shown(countingSentence(last->loss, *counting, lossUnitOf(*run.dataset()))) : QString();
}

}  // namespace lab
