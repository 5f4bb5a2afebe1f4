#include <algorithm>
#include <array>

#include "core/data/own_data.h"

namespace lab {
namespace {

using Tokens = std::span<const std::string>;

std::string joined(Tokens tokens) {
    std::string text;
    for (const std::string& token : tokens) {
        if (&token != &tokens.front()) text += ' ';
        text += token;
    }
    return text;
}

void tagTokens(const OwnLine& line, OwnPairs& into) {
    if (line.input.size() != line.answer.size()) {
        const SourceText problem = LAB_PLURAL("data", "%1 has %n token(s), but %2 has %3; each token needs a tag");
        throw line.problem(Message(problem)
                               .count(std::ssize(line.input))
                               .arg(line.table.nameOf(line.plan.input))
                               .arg(line.table.nameOf(line.plan.answer))
                               .arg(line.answer.size()));
    }
    into.add(joined(line.input) + '\t' + joined(line.answer));
    into.symbols.insert(line.answer.begin(), line.answer.end());
    into.classes.insert(line.answer.begin(), line.answer.end());
}

/// The decoder reads BOS and the answer, and says the answer and EOS.
void translate(const OwnLine& line, OwnPairs& into) {
    const std::string answer = joined(line.answer);
    into.add(joined(line.input) + '\t' + ownBegin + ' ' + answer + '\t' + answer + ' ' + ownEnd);
    into.symbols.insert(line.answer.begin(), line.answer.end());
}

/// Each token of a piece is followed by the next of the text, the last one by the first of the piece behind it.
void continueText(const OwnLine& line, OwnPairs& into) {
    const Tokens text(line.input);
    const auto piece = static_cast<std::size_t>(std::max(line.plan.piece, 1));
    into.leftOut += text.size() < 2;
    for (std::size_t at = 0; at + 1 < text.size(); at += piece) {
        const std::size_t length = std::min(piece, text.size() - 1 - at);
        into.add(joined(text.subspan(at, length)) + '\t' + joined(text.subspan(at + 1, length)));
    }
}

void classify(const OwnLine& line, OwnPairs& into) {
    std::string name = joined(line.answer);
    std::ranges::replace(name, ' ', '_');
    std::string targets = name;
    for (std::size_t i = 1; i < line.input.size(); ++i) targets += " -1";
    into.add(joined(line.input) + '\t' + targets);
    into.symbols.insert(name);
    into.classes.insert(std::move(name));
}

constexpr OwnUse tagging{
    .name = "tag",
    .title = LAB_TEXT("data", "Tag each token"),
    .help = LAB_TEXT("data", "An encoder says one tag for each token, such as its part of speech; both columns have as many tokens."),
    .watch = LAB_TEXT("data", "which neighbours a token looks at before it says its tag"),
    .inputTitle = LAB_TEXT("data", "Tokens"),
    .answerTitle = LAB_TEXT("data", "Tags"),
    .make = tagTokens,
};
constexpr OwnUse translating{
    .name = "translate",
    .title = LAB_TEXT("data", "Translate"),
    .help = LAB_TEXT(
        "data",
        "An encoder-decoder reads one column and writes the other, of any length; BOS and EOS mark for you where it begins and ends."),
    .watch = LAB_TEXT("data", "where each token that is written looks back to, in cross-attention"),
    .inputTitle = LAB_TEXT("data", "From"),
    .answerTitle = LAB_TEXT("data", "To"),
    .architecture = Architecture::encoder_decoder,
    .answersInTokens = true,
    .make = translate,
};
constexpr OwnUse continuing{
    .name = "continue",
    .title = LAB_TEXT("data", "Continue text"),
    .help = LAB_TEXT("data", "A decoder says after each token which comes next; long texts are cut into pieces."),
    .watch = LAB_TEXT("data", "what each token looks back at to say which comes next"),
    .inputTitle = LAB_TEXT("data", "Text"),
    .architecture = Architecture::decoder,
    .cutsTexts = true,
    .make = continueText,
};
constexpr OwnUse classifying{
    .name = "classify",
    .title = LAB_TEXT("data", "Classify"),
    .help = LAB_TEXT("data", "An encoder says one class for each text, at its first position; elsewhere nothing is asked."),
    .watch = LAB_TEXT("data", "which tokens the first position looks at before it says the class"),
    .inputTitle = LAB_TEXT("data", "Text"),
    .answerTitle = LAB_TEXT("data", "Class"),
    .make = classify,
};

constexpr std::array<const OwnUse*, 4> uses{&tagging, &translating, &continuing, &classifying};

}  // namespace

std::span<const OwnUse* const> OwnUse::table() {
    return uses;
}

}  // namespace lab
