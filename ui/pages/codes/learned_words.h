#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "core/codes/code_number.h"
#include "core/codes/sequences.h"
#include "core/config/model_config.h"

// How the learned half of the page Codes writes sequences, codes and numbers, and what it says where there is no code.

namespace lab {

class Run;
class SequenceWords;
struct Input;

/// What a page about learned codes says of a run that has none.
struct NoCode {
    QString sentence, help;
};

/// Nothing of a run with a bottleneck.
std::optional<NoCode> noCode(const Run* run);
/// The preset that has one, as places name it: "preset.codes-fsq".
QString codePresetStage();

/// "2 layers, d 64" of the encoder, or of the decoder.
QString codeSideWords(const ModelConfig& model, Side side);
/// "Finite scalar quantisation".
QString codeKindWords(const ModelConfig& model);
/// "encoder-decoder with 8 slots of 16 codes".
QString codeShapeWords(const BottleneckShape& shape);

/// "3 1 4 1": a sequence of the data set.
QString sequenceText(const Run& run, const codes::Symbols& sequence);
/// What a decoder writes, a token each; "–" where it wrote no token.
QStringList writtenTokens(const SequenceWords& words, const codes::Symbols& written);

/// In groups of three; of more than `most` digits the first and last `edge`.
QString codeNumberText(const goedel::Natural& number, std::size_t most = 400, std::size_t edge = 60);
/// Formula: "Σ c_{m} 16^{m}".
QString codeSumFormula(const BottleneckShape& shape);

/// An asked position is written wrong. `wanted` has -1 where nothing is asked.
bool isWrittenWrong(const codes::Symbols& wanted, const codes::Symbols& written, std::size_t position);
/// Of what is asked, how much.
struct WrittenRight {
    int right = 0, asked = 0;
    bool all() const { return right == asked; }
};
WrittenRight writtenRight(const codes::Symbols& wanted, const codes::Symbols& written);

}  // namespace lab
