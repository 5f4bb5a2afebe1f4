#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/status_line.h"
#include "app/commands/text_file.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/data/tokenizers/pipeline/bpe_trainer.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/data/tokenizers/pipeline/tokenizer_files.h"

namespace lab {
namespace {

/// Older files as a tokenizer.json; one that is none is refused.
int convert(const std::vector<std::string>& files, const std::filesystem::path& out) {
    if (files.size() != 1) throw UsageError("give one tokenizer to convert");
    const std::string json = readTokenizer(pathFromUtf8(files.front()));
    const TextPipeline checked(json, files.front());
    replaceFile(out, {json});
    return exitDone;
}

/// Characters and bytes need no training.
int writePlain(const std::string& kind, const std::vector<std::string>& files, const std::filesystem::path& out) {
    std::string text;
    for (const std::string& file : files) text += readText(pathFromUtf8(file));
    replaceFile(out, {kind == "characters" ? characterTokenizerJson(text) : byteTokenizerJson()});
    return exitDone;
}

int trainTokenizer(const Arguments& arguments, const std::vector<std::string>& files, const std::filesystem::path& out) {
    const BpeSettings settings{arguments.integer("--pieces", BpeSettings().pieces, 1), arguments.values("--special")};
    BpeTrainer trainer;
    for (const std::string& file : files) trainer.read(readText(pathFromUtf8(file)));
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    const auto trained = trainer.train(settings, [&](int pieces) {
        if (line.isDue()) line.show(formatted("%d / %d pieces", pieces, settings.pieces));
        return !interrupt.requested();
    });
    line.finish();
    if (!trained) return exitInterrupted;
    replaceFile(out, {trained->json(settings)});
    const auto made = static_cast<int>(trained->pieces.size());
    if (made < settings.pieces) std::fprintf(stderr, "%d pieces: no pair is left to be merged\n", made);
    return exitDone;
}

int runTokenizer(const Arguments& arguments) {
    const std::vector<std::string>& words = arguments.positionals();
    if (words.empty() || (words.front() != "train" && words.front() != "convert"))
        throw UsageError("what to do is missing: tokenizer train TEXT... or tokenizer convert FILE");
    if (words.size() < 2) throw UsageError(words.front() == "train" ? "a text is missing" : "a tokenizer is missing");
    const std::filesystem::path out = pathFromUtf8(arguments.required("--out"));
    checkFolderOf(out);
    const std::vector<std::string> files(words.begin() + 1, words.end());
    if (words.front() == "convert") return convert(files, out);
    const std::string kind = arguments.value("--kind").value_or("bpe");
    if (kind != "bpe" && kind != "characters" && kind != "bytes") throw UsageError("--kind is bpe, characters or bytes");
    return kind == "bpe" ? trainTokenizer(arguments, files, out) : writePlain(kind, files, out);
}

}  // namespace

Command tokenizerCommand() {
    Command command;
    command.name = "tokenizer";
    command.summary = "Learn the pieces of a text by byte-pair encoding, or convert older files.";
    command.synopses = {"train TEXT... --out TOKENIZER.json [--kind bpe|characters|bytes] [--pieces N] [--special TOKEN ...] [--quiet]",
                        "convert FILE --out TOKENIZER.json"};
    command.options = {
        {"--out", "FILE", "the tokenizer.json, which Hugging Face's tokenizers read too", false, FileUse::written},
        {"--kind", "KIND", "bpe when not given; the characters of the texts, or the 256 bytes, are tokens without any training", false},
        {"--pieces", "N",
         "how many at the most, the 256 bytes and the special tokens among them; " + std::to_string(BpeSettings().pieces) +
             " when not given",
         false},
        {"--special", "TOKEN", "a token of its own, such as <|endoftext|>; may be given several times", true},
        {"--quiet", "", "no progress", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "bpe and bytes: all 256 bytes are pieces, so nothing is ever unknown; characters: only those of the texts are known. Words are cut "
        "as GPT-2 cuts them; of equally frequent pairs "
        "the\n"
        "one with the smaller ids is merged, as Hugging Face's trainer does, so both find the same pieces. convert\n"
        "reads a vocab.txt, a vocab.json with merges.txt beside it, or a folder with one of these.";
    command.run = runTokenizer;
    return command;
}

}  // namespace lab
