#include <algorithm>
#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/text_file.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/data/tokenizers/pipeline/tokenizer_files.h"

namespace lab {
namespace {

/// The bytes of UTF-8 at which its characters begin, and its end.
std::vector<std::size_t> startsOf(const std::string& text) {
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
    starts.push_back(text.size());
    return starts;
}

/// On one line: ends of lines and tabs as \n, \r and \t.
std::string onOneLine(const std::string& text) {
    std::string line;
    for (const char c : text) line += c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : std::string(1, c);
    return line;
}

void printTable(const TextPipeline& pipeline, const std::string& text, const std::vector<TextToken>& tokens) {
    const std::vector<std::size_t> starts = startsOf(text);
    for (const TextToken& token : tokens) {
        const auto begin = static_cast<std::size_t>(token.span.begin), end = static_cast<std::size_t>(token.span.end);
        const std::string part = text.substr(starts[begin], starts[end] - starts[begin]);
        std::printf("%d\t%d-%d\t%s\t%s\n", token.id, token.span.begin, token.span.end, pipeline.piece(token.id).c_str(),
                    onOneLine(part).c_str());
    }
}

int tokenize(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (arguments.positionals().empty()) throw UsageError("a tokenizer.json is missing");
    if (arguments.has("--text") == arguments.has("--file")) throw UsageError("give one of --text and --file");
    const std::string file = arguments.positionals().front();
    const TextPipeline pipeline(readTokenizer(pathFromUtf8(file)), file);
    const std::string text = arguments.has("--text") ? *arguments.value("--text") : readText(*arguments.path("--file"));
    const std::vector<TextToken> tokens = pipeline.encode(text);
    if (!arguments.has("--ids")) {
        printTable(pipeline, text, tokens);
    } else {
        for (std::size_t i = 0; i < tokens.size(); ++i) std::printf("%s%d", i > 0 ? " " : "", tokens[i].id);
        std::printf("\n");
    }
    const double characters = static_cast<double>(startsOf(text).size() - 1);
    if (const auto lost = pipeline.firstLost(text))
        std::fprintf(stderr, "no token for '%s' (character %d); characters without one are left out\n", lost->character.c_str(), lost->at);
    std::fprintf(stderr, "%zu tokens, %.2f characters each\n", tokens.size(),
                 characters / static_cast<double>(std::max<std::size_t>(1, tokens.size())));
    return exitDone;
}

}  // namespace

Command tokenizeCommand() {
    Command command;
    command.name = "tokenize";
    command.summary = "Cut a text into the tokens of a tokenizer.json.";
    command.synopses = {"TOKENIZER.json --text TEXT|--file F [--ids]"};
    command.options = {
        {"--text", "TEXT", "the text itself", false},
        {"--file", "F", "a file in UTF-8", false, FileUse::read},
        {"--ids", "", "only the ids, in a row", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "A line a token: its id, the characters of the text that it stands for (counted from 0), the piece as the vocabulary writes it,\n"
        "and these characters. Tokens that frame a sequence, such as [CLS], are not added. The tokenizer may also be a vocab.txt, a\n"
        "vocab.json with merges.txt beside it, or a folder with one of these.";
    command.run = tokenize;
    return command;
}

}  // namespace lab
