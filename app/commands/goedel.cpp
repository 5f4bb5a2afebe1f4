#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/print_line.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/goedel/goedel_json.h"

namespace lab {
namespace {

using goedel::Alphabet;

/// Bytes of standard input; the largest number has fewer, also in groups of three.
constexpr std::size_t mostInput = 8'000'000;

std::string alphabetNames() {
    std::string names;
    for (const goedel::AlphabetRow* row : goedel::alphabetRows()) names += (names.empty() ? "" : ", ") + std::string(row->id);
    return names;
}

/// A word a line, numbered from 0.
Alphabet wordsOfFile(const std::string& name) {
    const std::string text = readFile(pathFromUtf8(name));
    if (!isUtf8(text)) throw InputError(name, LAB_TEXT("commands", "is not UTF-8; expected a word a line"));
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const bool carriage = end > begin && text[end - 1] == '\r';
        words.push_back(text.substr(begin, end - begin - (carriage ? 1 : 0)));
        begin = end + 1;
    }
    if (words.size() > static_cast<std::size_t>(mostAtOnce))
        throw InputError(name, Message(LAB_TEXT("commands", "has more than %1 words")).arg(mostAtOnce));
    return Alphabet::ofWords("words", Message::verbatim(name), std::move(words));
}

Alphabet alphabetOf(const Arguments& arguments) {
    if (const auto file = arguments.value("--words")) {
        if (arguments.has("--alphabet")) throw UsageError("--words is an alphabet of its own: without --alphabet");
        return wordsOfFile(*file);
    }
    const std::string name = arguments.value("--alphabet").value_or(std::string(goedel::alphabetRows().front()->id));
    const goedel::AlphabetRow* row = goedel::findAlphabet(name);
    if (!row) throw UsageError("--alphabet is " + alphabetNames() + ", not '" + name + "'");
    return row->alphabet();
}

std::string standardInput() {
    std::string text;
    for (int byte = std::getchar(); byte != EOF; byte = std::getchar()) {
        if (text.size() == mostInput)
            throw InputError(Message(LAB_TEXT("commands", "standard input has more than %1 bytes")).arg(mostInput));
        text += static_cast<char>(byte);
    }
    return text;
}

/// What stands behind encode or decode, or standard input for "-".
std::string subjectOf(const Arguments& arguments, const char* what) {
    const std::vector<std::string>& words = arguments.positionals();
    if (words.size() < 2) throw UsageError(std::string(what) + " is missing; - reads it from standard input");
    if (words.size() > 2) throw UsageError(std::string(what) + " is one word of the command line; put it in quotes");
    return words[1] == "-" ? standardInput() : words[1];
}

void printFactors(const Alphabet& alphabet, const goedel::Symbols& symbols) {
    std::printf("position     prime  exponent      bits  symbol\n");
    const std::vector<goedel::Factor> factors = goedel::factorsOf(symbols);
    for (std::size_t i = 0; i < factors.size(); ++i)
        std::printf("%8zu  %8u  %8d  %8.2f  %s\n", i, factors[i].prime, factors[i].exponent(), factors[i].bits,
                    alphabet.symbol(factors[i].symbol).c_str());
}

int encode(const Arguments& arguments, const goedel::CancelCheck& cancelled) {
    const Alphabet alphabet = alphabetOf(arguments);
    const goedel::Symbols symbols = alphabet.read(subjectOf(arguments, "a sequence"));
    const goedel::Natural number = goedel::goedelNumber(symbols, cancelled);
    if (arguments.has("--json")) {
        printLine(goedel::encodedJson(alphabet, symbols, number, cancelled).dump());
        return exitDone;
    }
    if (arguments.has("--factors")) printFactors(alphabet, symbols);
    printLine(number.toDecimal());
    return exitDone;
}

void printSteps(const Alphabet& alphabet, const goedel::Decoded& decoded) {
    std::printf("   prime   divides  symbol\n");
    for (const goedel::DecodeStep& step : decoded.steps) {
        const bool isSymbol = step.times > 0 && step.times <= static_cast<std::size_t>(alphabet.size());
        std::printf("%8u  %8zu  %s\n", step.prime, step.times, isSymbol ? alphabet.symbol(step.symbol()).c_str() : "-");
    }
}

int decode(const Arguments& arguments, const goedel::CancelCheck& cancelled) {
    const Alphabet alphabet = alphabetOf(arguments);
    const goedel::Natural number = goedel::Natural::fromDecimal(subjectOf(arguments, "a number"));
    const goedel::Decoded decoded = goedel::decode(number, alphabet.size(), cancelled);
    if (arguments.has("--factors")) printSteps(alphabet, decoded);
    if (decoded.fault) throw InputError(decoded.fault->sentence);
    printLine(arguments.has("--json") ? goedel::decodedJson(alphabet, decoded, number).dump() : alphabet.write(decoded.symbols));
    return exitDone;
}

int runGoedel(const Arguments& arguments) {
    const std::string what = arguments.positionals().empty() ? "" : arguments.positionals().front();
    if (what != "encode" && what != "decode")
        throw UsageError("goedel begins with encode or decode" + (what.empty() ? "" : ", not '" + what + "'"));
    if (arguments.has("--json") && arguments.has("--factors")) throw UsageError("--json has the factors too: without --factors");
    const InterruptGuard interrupt;
    const goedel::CancelCheck cancelled = [&] { return interrupt.requested(); };
    try {
        return what == "encode" ? encode(arguments, cancelled) : decode(arguments, cancelled);
    } catch (const goedel::Cancelled&) {
        return exitInterrupted;
    }
}

}  // namespace

Command goedelCommand() {
    Command command;
    command.name = "goedel";
    command.summary = "Turn a sequence into its Gödel number, every digit of it, or a number back into its sequence.";
    command.synopses = {"encode SEQUENCE|- [--alphabet A|--words F] [--factors|--json]",
                        "decode NUMBER|- [--alphabet A|--words F] [--factors|--json]"};
    command.options = {
        {"--alphabet", "A", "what the symbols are: " + alphabetNames() + "; digits when not given", false},
        {"--words", "F", "a file with a word a line instead: the first is symbol 0; words of a sequence are parted by blanks", false,
         FileUse::read},
        {"--factors", "", "first a line for every prime: of encode its power and bits, of decode how often it divides", false},
        {"--json", "", "one line of JSON with all of it", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "The number of s_0 s_1 ... is the product of p_i^(s_i + 1) over the primes 2, 3, 5, ...; the empty sequence has 1. - reads "
        "standard\n"
        "input. Symbols are digits, small letters from a (symbol 0) to z, words, or those of a small language of arithmetic: 0 S + * = ( "
        ")\n"
        "x y z ' (for further variables: x' x'') ~ & | -> A E, or the signs × ¬ ∧ ∨ → ∀ ∃, as in \"Ax (x+0)=x\". In every\n"
        "alphabet #12 is symbol 12. A number that is of no sequence is refused with the reason. Numbers have up to 1,000,000 digits.";
    command.run = runGoedel;
    return command;
}

}  // namespace lab
