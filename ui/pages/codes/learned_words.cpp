#include "ui/pages/codes/learned_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/config/experiment.h"
#include "core/config/layer_config.h"
#include "ui/runs/run.h"
#include "ui/runs/token_text.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

struct LearnedWords {
    Q_DECLARE_TR_FUNCTIONS(LearnedWords)
};

const QString codePreset = QStringLiteral("codes-fsq");

}  // namespace

QString codePresetStage() {
    return QStringLiteral("preset.") + codePreset;
}

std::optional<NoCode> noCode(const Run* run) {
    const QString help = LearnedWords::tr(
        "A code is learned by an encoder-decoder with a bottleneck (model.bottleneck.kind): its decoder is told of a sequence by the codes "
        "of a few slots alone.");
    if (!run) return NoCode{LearnedWords::tr("There is no model yet"), help};
    if (!run->experiment().model.hasBottleneck()) return NoCode{LearnedWords::tr("This model has no bottleneck"), help};
    return std::nullopt;
}

QString codeSideWords(const ModelConfig& model, Side side) {
    const int layers = static_cast<int>(layersOf(model, side).size());
    return counted(LAB_PLURAL("codes", "%n layer(s), d %1"), layers, {QString::number(model.d_model)});
}

QString codeKindWords(const ModelConfig& model) {
    return shown(Message(model.bottleneck.kind->title));
}

QString codeShapeWords(const BottleneckShape& shape) {
    return counted(LAB_PLURAL("codes", "encoder-decoder with %n slot(s) of %1 codes"), shape.slotCount, {QString::number(shape.codes)});
}

QString sequenceText(const Run& run, const codes::Symbols& sequence) {
    return tokenTexts(*run.dataset(), sequence).join(QLatin1Char(' '));
}

QStringList writtenTokens(const SequenceWords& words, const codes::Symbols& written) {
    QStringList texts;
    for (const int token : written) texts << (token < 0 ? QStringLiteral("\u2013") : words.classText(token));
    return texts;
}

QString codeNumberText(const goedel::Natural& number, std::size_t most, std::size_t edge) {
    return qt(goedel::groupedDigits(number.toDecimal(), most, edge));
}

QString codeSumFormula(const BottleneckShape& shape) {
    return QStringLiteral("\u03A3 c_{m} %1^{m}").arg(shape.codes);
}

bool isWrittenWrong(const codes::Symbols& wanted, const codes::Symbols& written, std::size_t position) {
    if (position >= wanted.size() || wanted[position] < 0) return false;
    return position >= written.size() || written[position] != wanted[position];
}

WrittenRight writtenRight(const codes::Symbols& wanted, const codes::Symbols& written) {
    WrittenRight found;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] < 0) continue;
        ++found.asked;
        if (!isWrittenWrong(wanted, written, i)) ++found.right;
    }
    return found;
}

}  // namespace lab
