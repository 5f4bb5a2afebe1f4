#include "ui/scenes/guess_lines.h"

#include <QCoreApplication>
#include <cmath>

#include "ui/widgets/format.h"

namespace lab {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(GuessLines)
};

QString shareText(double share) {
    const double percents = 100 * share;
    return Words::tr("%1 %").arg(fixed(percents, percents < 10 && std::abs(percents - std::round(percents)) > 1e-9 ? 1 : 0));
}

}  // namespace

std::vector<GuessLine> guessLines(const Guesses& guesses, bool accuracy, const LossUnit& unit) {
    const auto line = [accuracy, &unit](const QString& name, const Guess& guess) {
        return accuracy ? GuessLine{100 * guess.accuracy, Words::tr("%1: %2").arg(name, shareText(guess.accuracy))}
                        : GuessLine{unit.of(guess.loss), Words::tr("%1: %2").arg(name, fixed(unit.of(guess.loss), 3))};
    };
    std::vector<GuessLine> lines{line(Words::tr("uniform guess"), guesses.uniform)};
    if (!accuracy && !unit.bitsPerByte) lines.front().label = Words::tr("uniform guess: ln %1 = %2").arg(guesses.choices).arg(fixed(guesses.uniform.loss, 3));
    if (guesses.commonest) lines.push_back(line(Words::tr("commonest answer"), *guesses.commonest));
    if (guesses.byPlace) lines.push_back(line(Words::tr("by place alone"), *guesses.byPlace));
    return lines;
}

}  // namespace lab
