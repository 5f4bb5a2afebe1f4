#include "ui/scenes/sequence_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/config/experiment.h"
#include "core/data/sentence_frame.h"
#include "core/pictures/patches.h"
#include "ui/runs/run.h"
#include "ui/runs/token_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct SequenceWordsWords {
    Q_DECLARE_TR_FUNCTIONS(SequenceWords)
};

constexpr std::size_t sequenceMostNumbers = 3;  // of a vector in a chip
constexpr int sequenceShortDigits = 2, sequenceFullDigits = 4;
constexpr std::size_t sequenceMostVectors = 12;  // in a caption

QString sequenceNumbers(std::span<const float> numbers, int decimals, const QString& between) {
    QStringList texts;
    for (const float number : numbers) texts << fixed(number, decimals);
    return texts.join(between);
}

/// The part of `all` that position i has of `width` each.
std::span<const float> sequencePart(std::span<const float> all, std::size_t i, std::size_t width) {
    return width > 0 && (i + 1) * width <= all.size() ? all.subspan(i * width, width) : std::span<const float>();
}

std::size_t sequenceWidth(const std::optional<int>& numbers) {
    return static_cast<std::size_t>(std::max(numbers.value_or(0), 0));
}

}  // namespace

Input inputOf(const Trace& trace) {
    Input read;
    read.tokens = trace.tokens;
    read.targetTokens = trace.targetTokens;
    if (const Tensor* vectors = trace.find("vectors")) read.vectors = vectors->values;
    return read;
}

QString vectorText(std::span<const float> numbers) {
    if (numbers.size() <= sequenceMostNumbers) return sequenceNumbers(numbers, sequenceShortDigits, QStringLiteral(" | "));
    return QStringLiteral("%1 \u2026 %2").arg(fixed(numbers.front(), sequenceShortDigits), fixed(numbers.back(), sequenceShortDigits));
}

QString vectorInFull(std::span<const float> numbers) {
    return sequenceNumbers(numbers, sequenceFullDigits, QStringLiteral(", "));
}

std::span<const float> answeredNumbers(const Trace* trace) {
    const Tensor* logits = trace ? trace->find("logits") : nullptr;
    return logits ? std::span<const float>(logits->values) : std::span<const float>();
}

SequenceWords::SequenceWords(const Run& run) : m_dataset(run.dataset()), m_model(run.experiment().model) {}

std::span<const float> SequenceWords::vectorAt(const Input& input, std::size_t position) const {
    return sequencePart(input.vectors, position, sequenceWidth(m_model.input_dim));
}

bool SequenceWords::isClassToken(const Input& input, std::size_t position) const {
    return vectors() && position < input.tokens.size() && input.tokens[position] == classToken;
}

int SequenceWords::patchAt(const Input& input, std::size_t position) const {
    if (!pictures() || position >= input.tokens.size() || isClassToken(input, position)) return -1;
    const int patch = static_cast<int>(position) - (m_model.class_token ? 1 : 0);
    return patch < pictures()->patches() ? patch : -1;
}

/// Random numbers are never 0, and a slot that waits for its answer is.
bool SequenceWords::isOpen(const Input& input, std::size_t position) const {
    const std::span<const float> vector = vectorAt(input, position);
    const std::size_t asked = sequenceWidth(m_model.num_classes);
    if (pictures() || !numbers() || vector.size() <= asked || !asks(input, position)) return false;
    return std::ranges::all_of(vector.last(asked), [](float number) { return number == 0; });
}

QString SequenceWords::at(const Input& input, std::size_t position) const {
    if (position >= input.tokens.size()) return {};
    if (!vectors()) return tokenText(*m_dataset, input.tokens[position]);
    if (isClassToken(input, position)) return SequenceWordsWords::tr("class");
    if (const int patch = patchAt(input, position); patch >= 0)
        return SequenceWordsWords::tr("r%1 c%2").arg(patch / pictures()->columns()).arg(patch % pictures()->columns());
    const std::span<const float> vector = vectorAt(input, position);
    if (!isOpen(input, position)) return vectorText(vector);
    const std::span<const float> known = vector.first(vector.size() - sequenceWidth(m_model.num_classes));
    return SequenceWordsWords::tr("%1 | ?").arg(vectorText(known));
}

QString SequenceWords::spoken(const Input& input, std::size_t position) const {
    if (!vectors()) return at(input, position);
    if (isClassToken(input, position)) return SequenceWordsWords::tr("class token");
    if (const int patch = patchAt(input, position); patch >= 0)
        return SequenceWordsWords::tr("patch %1, row %2, column %3")
            .arg(patch)
            .arg(patch / pictures()->columns())
            .arg(patch % pictures()->columns());
    const std::span<const float> vector = vectorAt(input, position);
    if (!isOpen(input, position)) return vectorInFull(vector);
    const std::span<const float> known = vector.first(vector.size() - sequenceWidth(m_model.num_classes));
    return SequenceWordsWords::tr("%1, and what is asked").arg(vectorInFull(known));
}

QStringList SequenceWords::all(const Input& input, bool targetSide) const {
    if (targetSide || !vectors()) return tokenTexts(*m_dataset, targetSide ? input.targetTokens : input.tokens);
    QStringList texts;
    for (std::size_t i = 0; i < input.tokens.size(); ++i) texts << at(input, i);
    return texts;
}

QStringList SequenceWords::all(const Trace& trace, bool targetSide) const {
    return all(inputOf(trace), targetSide);
}

std::vector<int> SequenceWords::segments(const Input& input) const {
    return segmentsOf(m_model, input.tokens);
}

std::vector<int> SequenceWords::specials(const Input& input, bool targetSide) const {
    std::vector<int> found;
    const std::vector<int>& tokens = targetSide ? input.targetTokens : input.tokens;
    for (std::size_t i = 0; i < tokens.size() && !vectors(); ++i)
        if (isSpecialToken(tokenizer(), tokens[i])) found.push_back(static_cast<int>(i));
    return found;
}

QString SequenceWords::caption(const Trace& trace, bool targetSide) const {
    return caption(inputOf(trace), targetSide);
}

QString SequenceWords::caption(const Input& input, bool targetSide) const {
    if (targetSide || !vectors()) return all(input, targetSide).join(QLatin1Char(' '));
    if (const PictureFrame* frame = pictures())
        return SequenceWordsWords::tr("a picture of %1 \u00D7 %2 pixels in %3 patches")
            .arg(frame->width)
            .arg(frame->height)
            .arg(frame->patches());
    QStringList texts = all(input);
    const qsizetype more = texts.size() - static_cast<qsizetype>(sequenceMostVectors);
    if (more <= 0) return texts.join(QStringLiteral("; "));
    texts.remove(static_cast<qsizetype>(sequenceMostVectors) - 1, more);
    texts.insert(texts.size() - 1, QStringLiteral("\u2026"));
    return texts.join(QStringLiteral("; "));
}

bool SequenceWords::asks(const Input& input, std::size_t position) const {
    if (!input.targets.empty()) return position < input.targets.size() && input.targets[position] >= 0;
    if (!vectors()) return true;
    switch (m_model.readout.value_or(Readout::every)) {
        case Readout::last:
            return position + 1 == input.tokens.size();
        case Readout::class_token:
            return position == 0;
        case Readout::every:
            break;
    }
    return true;
}

QString SequenceWords::classText(int id) const {
    return tokenText(*m_dataset, id);
}

std::span<const float> SequenceWords::valuesAt(const Input& input, std::size_t position) const {
    const bool known = position < input.targets.size() && input.targets[position] >= 0;
    return known ? sequencePart(input.values, position, sequenceWidth(m_model.num_classes)) : std::span<const float>();
}

std::span<const float> SequenceWords::answeredAt(std::span<const float> answers, std::size_t position) const {
    return sequencePart(answers, position, sequenceWidth(m_model.num_classes));
}

QString SequenceWords::truth(const Input& input, std::size_t position) const {
    if (numbers()) return vectorText(valuesAt(input, position));
    return position < input.targets.size() && input.targets[position] >= 0 ? classText(input.targets[position]) : QString();
}

}  // namespace lab
