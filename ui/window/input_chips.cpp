#include "ui/window/input_chips.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/pictures/patches.h"
#include "ui/scenes/patch_pictures.h"
#include "ui/scenes/piece_chips.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct InputChipsWords {
    Q_DECLARE_TR_FUNCTIONS(InputChips)
};

using Verdict = PredictionChip::Verdict;

PredictionChip classChip(const SequenceWords& words, const Input& input, std::size_t i, int said) {
    PredictionChip chip{words.classText(said), Verdict::open};
    const QString truth = words.truth(input, i),
                  place = InputChipsWords::tr("Position %1: predicted %2").arg(QString::number(i), chip.text);
    if (truth.isEmpty()) return chip;
    chip.verdict = input.targets[i] == said ? Verdict::right : Verdict::wrong;
    chip.toolTip = (chip.verdict == Verdict::right ? InputChipsWords::tr("%1, which is right")
                                                   : InputChipsWords::tr("%1, right would be %2").arg(QStringLiteral("%1"), truth))
                       .arg(place);
    return chip;
}

PredictionChip numberChip(const SequenceWords& words, const Input& input, std::size_t i, std::span<const float> said) {
    PredictionChip chip{vectorText(said), Verdict::open};
    const std::span<const float> truth = words.valuesAt(input, i);
    chip.toolTip = InputChipsWords::tr("Position %1: the model answers %2").arg(QString::number(i), vectorInFull(said));
    if (truth.size() != said.size()) return chip;
    chip.verdict = Verdict::measured;
    chip.truth = vectorText(truth);
    chip.toolTip = InputChipsWords::tr("%1; the truth is %2").arg(chip.toolTip, vectorInFull(truth));
    return chip;
}

/// Squares of what is missed and of what was asked.
struct SquareSums {
    double missed = 0, asked = 0;

    void take(std::span<const float> said, std::span<const float> truth) {
        for (std::size_t k = 0; k < std::min(said.size(), truth.size()); ++k) {
            const double miss = static_cast<double>(said[k]) - static_cast<double>(truth[k]);
            missed += miss * miss;
            asked += static_cast<double>(truth[k]) * static_cast<double>(truth[k]);
        }
    }
};

}  // namespace

bool differs(const Input& a, const Input& b, std::size_t position) {
    const auto token = [&](const Input& input) { return position < input.tokens.size() ? input.tokens[position] : -1; };
    if (token(a) != token(b) || a.isMasked(position) != b.isMasked(position)) return true;
    if (a.vectors.empty() || b.vectors.empty() || token(a) < 0) return a.vectors.empty() != b.vectors.empty();
    const std::size_t width = a.vectors.size() / a.tokens.size();
    if (b.vectors.size() / b.tokens.size() != width) return true;
    const auto at = static_cast<std::ptrdiff_t>(position * width);
    return !std::equal(a.vectors.begin() + at, a.vectors.begin() + at + static_cast<std::ptrdiff_t>(width), b.vectors.begin() + at);
}

namespace {

TokenChip chipAt(const SequenceWords& words, const Input& input, std::size_t position) {
    TokenChip chip{words.at(input, position), input.isMasked(position)};
    if (!words.vectors()) return chip;
    chip.spoken = words.spoken(input, position);
    chip.special = words.isClassToken(input, position);
    if (chip.special) return chip;
    if (words.patchAt(input, position) >= 0)
        chip.picture = patchImage(*words.pictures(), words.vectorAt(input, position));
    else
        chip.cells = chip.text.split(QStringLiteral(" | "));
    return chip;
}

/// A text's tokens are drawn as its pieces; the second of two sentences stands apart where the model tells them apart.
void drawAsPieces(std::vector<TokenChip>& chips, const SequenceWords& words, const Input& input) {
    const std::vector<TextChip> pieces = pieceChips(words.tokenizer(), input.tokens);
    const std::vector<int> segments = words.segments(input);
    for (std::size_t i = 0; i < chips.size(); ++i) {
        chips[i].piece = pieces[i];
        chips[i].spoken = chipSpoken(pieces[i]);
        chips[i].edited = pieces[i].text.trimmed();
        if (!segments.empty() && segments.back() > 0 && (i == 0 || segments[i] != segments[i - 1]))
            chips[i].lead = QString::number(segments[i]);
    }
}

}  // namespace

std::vector<TokenChip> chipsOf(const SequenceWords& words, const Input& input) {
    std::vector<TokenChip> chips;
    for (std::size_t i = 0; i < input.tokens.size(); ++i) chips.push_back(chipAt(words, input, i));
    if (!words.vectors() && words.tokenizer().isText()) drawAsPieces(chips, words, input);
    return chips;
}

VectorAnswers vectorAnswers(const SequenceWords& words, const Input& input, const std::vector<int>& said, const Trace* trace) {
    VectorAnswers answers;
    const std::span<const float> numbers = answeredNumbers(trace);
    SquareSums squares;
    for (std::size_t i = 0; i < input.tokens.size() && i < said.size(); ++i) {
        PredictionChip chip;
        const std::span<const float> number = words.answeredAt(numbers, i);
        if (words.asks(input, i) && (!words.numbers() || !number.empty())) {
            chip = words.numbers() ? numberChip(words, input, i, number) : classChip(words, input, i, said[i]);
            answers.last = i;
            answers.asked += chip.verdict != Verdict::open;
            answers.right += chip.verdict == Verdict::right;
            squares.take(number, words.valuesAt(input, i));
        }
        answers.chips.push_back(std::move(chip));
    }
    if (words.numbers() && squares.asked > 0) answers.explained = 1 - squares.missed / squares.asked;
    return answers;
}

}  // namespace lab
