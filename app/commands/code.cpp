#include <algorithm>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/commands/evaluation_report.h"
#include "app/commands/interrupt.h"
#include "app/commands/print_line.h"
#include "app/commands/saved_run.h"
#include "app/commands/status_line.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/codes/code_json.h"
#include "core/codes/code_sentences.h"
#include "core/data/loaded_task.h"

namespace lab {
namespace {

using codes::Symbols;

constexpr int mostSequences = 100'000, mostNearest = 1000;
constexpr int mostCollisionsShown = 10;

/// A checkpoint with its codes and the sequences that they are measured on.
struct CodedRun : codes::CodedTask {
    SavedRun run;

    /// What was not decoded any more, -1 at the end, is left out.
    std::string written(Symbols tokens) const {
        while (!tokens.empty() && tokens.back() < 0) tokens.pop_back();
        return run.tokenizer->decode(tokens);
    }
};

CodedRun openedRun(const Arguments& arguments) {
    SavedRun run = readRun(pathFromUtf8(arguments.positionals().front()));
    codes::Coder coder(run.model, *run.weights);
    LoadedTask task = loadSavedTask(run.experiment, run.tokenizer->kept(), run.folder);
    const int wanted = arguments.integer("--sequences", codes::CodeQuestion().sequences, 1);
    if (wanted > mostSequences) throw UsageError("--sequences is at most " + std::to_string(mostSequences));
    codes::SequenceSet set = codes::testSet(*task.dataset, wanted);
    return {{std::move(coder), std::move(task), std::move(set)}, std::move(run)};
}

std::string placesText(const std::vector<int>& places) {
    std::string text;
    for (const int place : places) text += (text.empty() ? "" : " ") + std::to_string(place);
    return text.empty() ? "none" : text;
}

void printUsage(const codes::CodeReport& report) {
    std::printf("\nslot  perplexity  unused  share of each code\n");
    for (std::size_t m = 0; m < report.usage.size(); ++m) {
        const codes::SlotUsage& slot = report.usage[m];
        std::printf("%4zu  %10.2f  %6d ", m, slot.perplexity(), slot.unused());
        for (const int count : slot.counts) std::printf(" %.2f", static_cast<double>(count) / std::max(1, report.sequences));
        std::printf("\n");
    }
}

void printCollisions(const CodedRun& coded, const codes::CodeReport& report) {
    if (report.collisions.empty()) return;
    const auto shown = std::min<std::size_t>(report.collisions.size(), mostCollisionsShown);
    std::printf("\ncollisions, %zu of %s pairs\n", shown, groupedDigits(report.collidingPairs).c_str());
    for (std::size_t i = 0; i < shown; ++i) {
        const codes::Collision& each = report.collisions[i];
        printLine("    " + coded.written(coded.set.sequences[each.first]) + "  =  " + coded.written(coded.set.sequences[each.second]) +
              "  (positions " + placesText(each.differing) + ", number " + each.number.toDecimal() +
              (each.sameAnswer ? ", the same is asked of both)" : ")"));
    }
}

void printReport(const CodedRun& coded, const codes::CodeReport& report) {
    std::printf("sequences    %s different ones, %d repeated\n", groupedDigits(report.sequences).c_str(), report.repeated);
    printCodeFigures(report);
    std::printf("losses       commitment %.4g, usage %.4g, injectivity %.4g\n\n", report.losses.commitment, report.losses.usage,
                report.losses.injectivity);
    for (const Message& sentence : {codes::decodabilitySentence(report), codes::injectivitySentence(report), codes::bitsSentence(report),
                                    codes::usageSentence(report)})
        printLine(sentence);
    printUsage(report);
    printCollisions(coded, report);
}

void printOrder(const codes::NumberOrder& order) {
    std::printf("\nnumber   median bits  most bits  rank corr.  pairs in order  numbers passed\n");
    for (const auto& [name, measures] : {std::pair("learned ", order.learned), std::pair("Gödel   ", order.goedel)}) {
        const std::string correlation = measures.rankCorrelation ? formatted("%.3f", *measures.rankCorrelation) : "-";
        std::printf("%s %11.1f  %9.1f  %10s  %12.2f %%  %12.2f %%\n", name, measures.medianBits, measures.mostBits, correlation.c_str(),
                    100 * measures.pairsInOrder, 100 * measures.medianRankMove);
    }
    for (const Message& sentence : codes::orderSentences(order)) printLine(sentence);
}

void printChanges(const codes::SymbolRobustness& byHand, const codes::SlotRobustness& flips) {
    std::printf("\nposition  changes  slots changed  number moves  unnoticed  exact\n");
    for (const codes::SymbolRow& row : byHand.byPosition)
        std::printf("%8d  %7d  %13.2f  %10.2f %%  %9d  %s\n", row.position, row.changes, row.slotsChanged, 100 * row.medianMove,
                    row.unnoticed, row.exact ? formatted("%.2f %%", 100 * row.exact->share()).c_str() : "-");
    printLine(codes::symbolSentence(byHand));
    std::printf("\nslot  flips  positions changed  unnoticed  still exact\n");
    for (const codes::SlotRow& row : flips.bySlot)
        std::printf("%4d  %5d  %17.2f  %9d  %9.2f %%\n", row.slot, row.flips, row.positions, row.unnoticed, 100 * row.stillExact);
    printLine(codes::slotSentence(flips));
}

void printLengths(const std::vector<codes::LengthRow>& rows) {
    std::printf("\nlength  sequences  exact    positions  colliding  bits needed\n");
    for (const codes::LengthRow& row : rows)
        if (row.isMeasured())
            std::printf("%5d%s  %9d  %5.1f %%  %7.1f %%  %9d  %11.2f\n", row.length, row.trained ? "*" : " ", row.sequences,
                        100 * row.exact.share(), 100 * row.positions.share(), row.colliding, row.bitsNeeded);
        else
            printLine(formatted("%5d   ", row.length) + row.cannot.english());
    printLine(codes::lengthSentence(rows));
}

int reportOn(const Arguments& arguments, const CodedRun& coded, const Watch& watch) {
    const auto measures = codes::measured(coded, {arguments.has("--changes"), arguments.has("--lengths")}, watch);
    if (!measures) return exitInterrupted;
    if (!measures->notCompared.empty())
        std::fprintf(stderr, "not compared with Gödel's number: %s\n", measures->notCompared.english().c_str());
    if (arguments.has("--json")) {
        printLine(codes::measuresJson(coded.run.step, *measures, coded.set).dump());
        return exitDone;
    }
    printReport(coded, measures->report);
    if (measures->order) printOrder(*measures->order);
    if (measures->symbolChanges) printChanges(*measures->symbolChanges, *measures->slotFlips);
    if (measures->lengths) printLengths(*measures->lengths);
    return exitDone;
}

/// "3=14": a slot and the code it shall have.
codes::Turn turnOf(const std::string& text) {
    const std::size_t sign = std::min(text.find('='), text.size());
    const auto numberOf = [&](std::string_view part) {
        const auto number = parseInteger(part).value_or(-1);
        if (number < 0 || number > std::numeric_limits<int>::max())
            throw UsageError("--turn is SLOT=CODE, such as 3=0, not '" + text + "'");
        return static_cast<int>(number);
    };
    const std::string_view whole = text;
    return {numberOf(whole.substr(0, sign)), numberOf(whole.substr(std::min(sign + 1, text.size())))};
}

void printSequence(const CodedRun& coded, const codes::CodeOfSequence& look) {
    printLine("sequence  " + coded.written(look.sequence));
    printLine("code      " + placesText(look.code));
    printLine("number    " + look.number.toDecimal() + " of 0 .. " + look.largest.toDecimal());
    const std::string judged = !look.wrong ? "" : look.isExact() ? "  (exact)" : "  (wrong at " + placesText(*look.wrong) + ")";
    printLine("decoded   " + coded.written(look.decoded) + judged);
}

void printNearest(const CodedRun& coded, const std::vector<codes::Neighbour>& nearest, std::span<const codes::Code> all) {
    std::printf("\nnearest of %d sequences\nslots  distance  positions  sequence\n", coded.set.size());
    for (const codes::Neighbour& each : nearest)
        printLine(formatted("%5zu  %8.3f  %9zu  ", each.otherSlots.size(), each.distance, each.differing.size()) +
              coded.written(coded.set.sequences[each.index]) + "  (" + codes::numberOf(coded.coder.shape(), all[each.index]).toDecimal() +
              ")");
}

void printTurn(const CodedRun& coded, const codes::DialTurn& turn) {
    printLine(formatted("\nslot %d set from %d to %d", turn.slot, turn.before, turn.after));
    printLine("number    " + turn.number.toDecimal());
    printLine("decoded   " + coded.written(turn.decoded) + "  (changed at " + placesText(turn.changed) + ")");
}

int lookAt(const Arguments& arguments, const CodedRun& coded, const Watch& watch) {
    const int count = arguments.integer("--nearest", codes::usualNearest, 0);
    if (count > mostNearest) throw UsageError("--nearest is at most " + std::to_string(mostNearest));
    const Symbols sequence = typedTokens(arguments, "--input", coded.run);
    std::vector<codes::Turn> turns;
    for (const std::string& text : arguments.values("--turn")) turns.push_back(turnOf(text));
    const auto look = codes::lookedAt(coded, sequence, static_cast<std::size_t>(count), turns, watch);
    if (!look) return exitInterrupted;
    if (arguments.has("--json")) {
        printLine(codes::lookJson(coded, *look).dump());
        return exitDone;
    }
    printSequence(coded, look->own);
    printLine("Gödel    " + look->goedel.toDecimal() +
          formatted("  (%zu bits; the code has room for %.1f)", look->goedel.bits(), bitsOf(coded.coder.shape())));
    printNearest(coded, look->nearest, look->codes);
    for (const codes::DialTurn& turn : look->turns) printTurn(coded, turn);
    return exitDone;
}

/// A whole number back to a sequence, as long as those of the test set.
int decodeNumber(const Arguments& arguments, const CodedRun& coded) {
    const goedel::Natural number = [&] {
        try {
            return goedel::Natural::fromDecimal(arguments.required("--number"));
        } catch (const InputError& error) {
            throw InputError("--number", error.message());
        }
    }();
    const codes::DecodedNumber decoded = codes::decodedNumber(coded, number);
    if (arguments.has("--json")) {
        printLine(codes::decodedJson(decoded).dump());
        return exitDone;
    }
    printLine("code      " + placesText(decoded.code));
    printLine("decoded   " + coded.written(decoded.decoded));
    return exitDone;
}

void checkUse(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    const bool one = arguments.has("--input"), number = arguments.has("--number");
    if (one && number) throw UsageError("--input and --number exclude each other");
    for (const char* option : {"--changes", "--lengths"})
        if ((one || number) && arguments.has(option))
            throw UsageError(std::string(option) + " is about the test set: without --input and --number");
    for (const char* option : {"--turn", "--nearest"})
        if (!one && arguments.has(option)) throw UsageError(std::string(option) + " is about a sequence: give --input");
}

int code(const Arguments& arguments) {
    checkUse(arguments);
    const CodedRun coded = openedRun(arguments);
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    const Watch watch = [&](double share) {
        if (line.isDue()) line.show(formatted("%.0f %%", 100 * share));
        return !interrupt.requested();
    };
    if (arguments.has("--number")) return decodeNumber(arguments, coded);
    const int status = arguments.has("--input") ? lookAt(arguments, coded, watch) : reportOn(arguments, coded, watch);
    if (status == exitInterrupted) line.finish();
    return status;
}

}  // namespace

Command codeCommand() {
    Command command;
    command.name = "code";
    command.summary = "Measure the code that a model with a bottleneck makes of sequences: one whole number each.";
    command.synopses = {"CHECKPOINT [--sequences N] [--changes] [--lengths] [--json]",
                        "CHECKPOINT --input \"3 1 4\" [--turn SLOT=CODE ...] [--nearest N] [--sequences N] [--json]",
                        "CHECKPOINT --number N [--json]"};
    command.options = {
        {"--input", "TOKENS", "one sequence: its code, its number and Gödel's, what is decoded, the nearest sequences", false},
        {"--turn", "SLOT=CODE", "what is decoded when this slot has another code, both counted from 0", true},
        {"--nearest", "N", "so many of the test sequences, those with the nearest codes; 5 when not given", false},
        {"--number", "N", "a whole number: the sequence that is decoded from it", false},
        {"--sequences", "N", "test sequences to measure on, 1000 when not given; equal ones count once", false},
        {"--changes", "", "also what one changed symbol does to the code, and one changed slot to what is decoded", false},
        {"--lengths", "", "also sequences of other lengths than the trained one", false},
        {"--json", "", "one line of JSON", false},
        {"--quiet", "", "no progress", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "The number of a sequence is sum_m c_m K^m over the codes c_m of its slots. Exact means that every token was decoded right, "
        "greedily\n"
        "and from the code alone. Collisions are different sequences with the same code, beside as many as there would be on average\n"
        "were codes drawn at random. Perplexity e^H of a slot: as many codes used alike have the same entropy H; the bits used are the\n"
        "sum of its logarithms to base 2 over the slots. Needed are n log2 V bits where all sequences are drawn alike, else log2 of how\n"
        "many different sequences were seen.";
    command.run = code;
    return command;
}

}  // namespace lab
