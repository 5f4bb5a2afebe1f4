#include "core/data/tokenizers/pipeline/tokenizer_source.h"

#include "core/base/files.h"
#include "core/data/tokenizers/pipeline/bpe_trainer.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"
#include "core/data/tokenizers/pipeline/portions.h"
#include "core/data/tokenizers/pipeline/tokenizer_files.h"

namespace lab {
namespace {

constexpr double shareOfReading = 0.3;  ///< measured on 4.4 MB and 2 048 pieces: counting words takes about so much of it
constexpr int toldEvery = 16;           ///< merges

std::string trainedOn(const TokenizerSource& source, std::string_view text, const Watch& watch) {
    const std::string what = "bpe";
    BpeTrainer trainer;
    std::size_t done = 0;
    eachPortion(text, [&](std::string_view portion) {
        trainer.read(portion);
        done += portion.size();
        tellWatch(watch, shareOfReading * static_cast<double>(done) / static_cast<double>(text.size()), what);
        return true;
    });
    const BpeSettings settings{.pieces = source.pieces, .specials = {}};
    const auto trained = trainer.train(settings, [&](int pieces) {
        const double share = static_cast<double>(pieces) / source.pieces;
        return pieces % toldEvery != 0 || !watch || watch(shareOfReading + (1 - shareOfReading) * share);
    });
    if (!trained) tellWatch([](double) { return false; }, 1.0, what);
    return trained->json(settings);
}

}  // namespace

std::string tokenizerJsonOf(const TokenizerSource& source, std::string_view text, const Watch& watch) {
    switch (source.kind) {
        case TokenizerSource::Kind::characters:
            return characterTokenizerJson(text);
        case TokenizerSource::Kind::bytes:
            return byteTokenizerJson();
        case TokenizerSource::Kind::bpe:
            return trainedOn(source, text, watch);
        case TokenizerSource::Kind::file:
            break;
    }
    return readTokenizer(pathFromUtf8(source.path), watch);
}

}  // namespace lab
