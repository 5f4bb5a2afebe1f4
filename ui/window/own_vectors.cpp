#include "ui/window/own_vectors.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "core/base/errors.h"
#include "core/data/typed_vectors.h"
#include "core/data/vector_sample.h"
#include "core/model/sample_input.h"
#include "core/pictures/patches.h"
#include "ui/scenes/patch_pictures.h"
#include "ui/text/message_text.h"
#include "ui/text/number_words.h"

namespace lab {
namespace {

struct OwnVectorsWords {
    Q_DECLARE_TR_FUNCTIONS(OwnVectors)
};

constexpr int largestByte = 255;

[[noreturn]] void refuseVectors(const QString& sentence) {
    throw InputError(Message::verbatim(sentence.toStdString()));
}

}  // namespace

QString OwnVectors::rule() const {
    if (const PictureFrame* frame = m_words.pictures())
        return OwnVectorsWords::tr("a picture as %1 \u00D7 %2 = %3 bytes, 0 to 255, row by row")
            .arg(frame->width)
            .arg(frame->height)
            .arg(frame->pixels() * frame->channels);
    return counted(LAB_PLURAL("window", "vectors of %n number(s), parted by semicolons; ? is what is asked"), *m_words.model().input_dim);
}

QString OwnVectors::example() const {
    if (m_words.pictures()) return QStringLiteral("0 0 12 255 \u2026");
    const auto vector = [this](double first, bool asked) {
        QStringList numbers;
        for (std::size_t i = 0; i < width(); ++i) numbers << QString::number(first + 0.25 * static_cast<double>(i));
        if (asked && width() > 1) numbers.back() = QStringLiteral("?");
        return withShownPoint(numbers.join(QLatin1Char(' ')));
    };
    return QStringList{vector(0.5, false), vector(-1, false), vector(0.25, true)}.join(QStringLiteral("; "));
}

QString OwnVectors::typedAt(const Input& input, std::size_t position) const {
    const std::span<const float> vector = m_words.vectorAt(input, position);
    const int open = m_words.isOpen(input, position) ? *m_words.model().num_classes : 0;
    return withShownPoint(QString::fromStdString(writtenVector({vector.begin(), vector.end()}, open)));
}

QString OwnVectors::typed(const Input& input) const {
    QStringList texts;
    if (const PictureFrame* frame = m_words.pictures()) {
        for (const float light : joinPatches(patchesOf(m_words, input), *frame))
            texts << QString::number(std::lround(static_cast<float>(largestByte) * light));
        return texts.join(QLatin1Char(' '));
    }
    for (std::size_t i = 0; i < input.tokens.size(); ++i)
        if (!m_words.isClassToken(input, i)) texts << typedAt(input, i);
    return texts.join(QStringLiteral("; "));
}

std::vector<float> OwnVectors::parseVector(const QString& text) const {
    return typedVector(plainVectors(text).toStdString(), *m_words.model().input_dim);
}

Input OwnVectors::parse(const QString& line) const {
    const std::string typed = plainVectors(line).toStdString();
    if (const PictureFrame* frame = m_words.pictures())
        return inputOfVectors(cutPatches(typedPixels(typed, frame->pixels() * frame->channels), *frame));
    return inputOfVectors(typedVectors(typed, *m_words.model().input_dim));
}

void OwnVectors::requireLength(std::size_t count) const {
    const ModelConfig& model = m_words.model();
    const int places = model.isBounded() ? *model.max_seq_len - (model.class_token ? 1 : 0) : maxTraceLength;
    if (count == 0) refuseVectors(OwnVectorsWords::tr("A sequence has at least one vector."));
    if (std::cmp_greater(count, places))
        refuseVectors(counted(LAB_PLURAL("window", "%n vector(s) are more than the %1 that this model reads."),
                              static_cast<std::ptrdiff_t>(count), {QString::number(places)}));
}

Input OwnVectors::inputOfVectors(std::vector<float> vectors) const {
    const std::size_t count = vectors.size() / width();
    requireLength(count);
    Input input = inputOf(vectorSample(m_words.model(), std::move(vectors), static_cast<int>(count)));
    input.targets.clear();  // nobody knows what is right
    input.values.clear();
    return input;
}

void OwnVectors::requireFree(int position) const {
    if (isFixed()) refuseVectors(OwnVectorsWords::tr("A picture has always as many patches; type or paste another picture."));
    if (position < firstVector(m_words.model()))
        refuseVectors(OwnVectorsWords::tr("The class token is learned: it stands there by itself."));
}

Input OwnVectors::withVector(const Input& input, int position, const QString& text) const {
    requireFree(position);
    const std::vector<float> vector = parseVector(text);
    Input result = input;
    result.interventions.clear();
    std::ranges::copy(vector, result.vectors.begin() + position * static_cast<std::ptrdiff_t>(width()));
    result.targets.clear();
    result.values.clear();
    return result;
}

Input OwnVectors::withInserted(const Input& input, int position) const {
    const int first = firstVector(m_words.model());
    requireFree(std::max(position, first));
    requireLength(input.tokens.size() - static_cast<std::size_t>(first) + 1);
    const int copied = std::clamp(position, first, static_cast<int>(input.tokens.size()) - 1);
    const std::span<const float> neighbour = m_words.vectorAt(input, static_cast<std::size_t>(copied));
    const std::vector<float> vector(neighbour.begin(), neighbour.end());
    Input result = input;
    const auto at = std::clamp<std::ptrdiff_t>(position, first, std::ssize(input.tokens));
    result.vectors.insert(result.vectors.begin() + at * static_cast<std::ptrdiff_t>(width()), vector.begin(), vector.end());
    result.tokens.insert(result.tokens.begin() + at, vectorToken);
    if (!result.masked.empty()) result.masked.insert(result.masked.begin() + at, false);
    result.interventions.clear();
    result.targets.clear();
    result.values.clear();
    return result;
}

Input OwnVectors::withRemoved(const Input& input, int position) const {
    requireFree(position);
    requireLength(input.tokens.size() - static_cast<std::size_t>(firstVector(m_words.model())) - 1);
    Input result = input;
    const auto at = result.vectors.begin() + position * static_cast<std::ptrdiff_t>(width());
    result.vectors.erase(at, at + static_cast<std::ptrdiff_t>(width()));
    result.tokens.erase(result.tokens.begin() + position);
    if (!result.masked.empty()) result.masked.erase(result.masked.begin() + position);
    result.interventions.clear();
    result.targets.clear();
    result.values.clear();
    return result;
}

}  // namespace lab
