#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/status_line.h"
#include "app/commands/text_file.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/data/tokenizers/pipeline/bpe_trainer.h"

namespace lab {
namespace {

int trainTokenizer(const Arguments& arguments) {
    const std::vector<std::string>& words = arguments.positionals();
    if (words.empty() || words.front() != "train") throw UsageError("what to do is missing: tokenizer train TEXT...");
    if (words.size() < 2) throw UsageError("a text is missing");
    const std::filesystem::path out = pathFromUtf8(arguments.required("--out"));
    checkFolderOf(out);
    const BpeSettings settings{arguments.integer("--pieces", BpeSettings().pieces, 1), arguments.values("--special")};
    BpeTrainer trainer;
    for (std::size_t i = 1; i < words.size(); ++i) trainer.read(readText(pathFromUtf8(words[i])));
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

}  // namespace

Command tokenizerCommand() {
    Command command;
    command.name = "tokenizer";
    command.summary = "Learn the pieces of a text by byte-pair encoding.";
    command.synopses = {"train TEXT... --out TOKENIZER.json [--pieces N] [--special TOKEN ...] [--quiet]"};
    command.options = {
        {"--out", "FILE", "the tokenizer.json, which Hugging Face's tokenizers read too", false, FileUse::written},
        {"--pieces", "N",
         "how many at the most, the 256 bytes and the special tokens among them; " + std::to_string(BpeSettings().pieces) +
             " when not given",
         false},
        {"--special", "TOKEN", "a token of its own, such as <|endoftext|>; may be given several times", true},
        {"--quiet", "", "no progress", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "Byte-level: all 256 bytes are pieces, so nothing is ever unknown. Words are cut as GPT-2 cuts them; of equally frequent pairs "
        "the\n"
        "one with the smaller ids is merged, as Hugging Face's trainer does, so both find the same pieces.";
    command.run = trainTokenizer;
    return command;
}

}  // namespace lab
