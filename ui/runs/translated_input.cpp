#include "ui/runs/translated_input.h"

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/data/sentences_dataset.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "ui/runs/run.h"

namespace lab {

std::string plainText(const Tokenizer& tokenizer, const std::vector<int>& tokens) {
    const auto* pieces = dynamic_cast<const PieceTokenizer*>(&tokenizer);
    return pieces ? pieces->pipeline().decode(tokens) : tokenizer.decode(tokens);
}

bool readOtherwise(const Run& a, const Run& b) {
    const Tokenizer &ofA = a.dataset()->tokenizer(), &ofB = b.dataset()->tokenizer();
    return &ofA != &ofB && ofA.isText() && ofB.isText() && ofA.kept() != ofB.kept();
}

std::optional<Input> translatedInput(const Input& input, const Run& from, const Run& to) {
    try {
        Input result;
        result.tokens = framedSentence(to.dataset()->tokenizer(), plainText(from.dataset()->tokenizer(), input.tokens));
        if (result.tokens.empty()) return std::nullopt;
        return result;
    } catch (const InputError&) {
        return std::nullopt;
    }
}

}  // namespace lab
