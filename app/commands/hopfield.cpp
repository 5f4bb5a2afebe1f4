#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/hopfield_memory.h"
#include "app/commands/interrupt.h"
#include "app/commands/status_line.h"
#include "core/base/csv.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"
#include "core/memory/icons.h"
#include "core/memory/pattern_files.h"

namespace lab {
namespace {

constexpr int mostNeurons = 2000, mostStored = 10'000;

std::string ruleNames() {
    std::string names;
    for (const std::string& name : memoryNames()) names += (names.empty() ? "" : ", ") + name;
    return names;
}

MemoryChoice choiceOf(const Arguments& arguments) {
    MemoryChoice choice;
    const bool hasBeta = arguments.has("--beta");
    const std::string name = arguments.value("--rule").value_or(hasBeta ? std::string(modernRule) : "hebb");
    if (name != modernRule && !(choice.rule = findStorageRule(name))) throw UsageError("--rule is " + ruleNames() + ", not '" + name + "'");
    if (hasBeta && choice.rule) throw UsageError("--beta is about the rule modern");
    if (hasBeta && (choice.beta = arguments.real("--beta", 0, 0)) == 0.0) throw UsageError("--beta is above 0");
    if (arguments.has("--synchronous") && !choice.rule)
        throw UsageError("--synchronous is about classical nets; modern updates all at once");
    if (arguments.has("--synchronous")) choice.mode = RecallMode::synchronous;
    choice.seed = static_cast<std::uint64_t>(arguments.integer("--seed", static_cast<int>(choice.seed), 0));
    return choice;
}

double flipOf(const Arguments& arguments, double fallback) {
    const double flip = arguments.real("--flip", fallback, 0);
    if (flip > 1) throw UsageError("--flip is a share from 0 to 1");
    return flip;
}

/// A file's pictures, or those that come with the program: built-in:icons, built-in:letters, built-in:skull.
std::vector<Pattern> picturesOf(const std::string& source) {
    const auto builtIn = builtInPatterns(source);
    return builtIn ? *builtIn : readPatterns(pathFromUtf8(source));
}

std::vector<Pattern> queriesOf(const Arguments& arguments, const std::vector<Pattern>& patterns, std::uint64_t seed) {
    const std::string source = arguments.required("--query");
    std::vector<Pattern> queries = picturesOf(source);
    if (const Message problem = sizeProblem(queries.front(), patterns.front()); !problem.empty()) throw InputError(source, problem);
    const double flip = flipOf(arguments, 0);
    for (std::size_t k = 0; k < queries.size(); ++k) queries[k] = withNoise(std::move(queries[k]), flip, seed + k);
    return queries;
}

void writeSteps(const std::filesystem::path& path, const std::vector<MemoryAnswer>& answers) {
    std::string csv = "query,update,unit,field,state,energy\n";
    for (std::size_t k = 0; k < answers.size(); ++k)
        for (const MemoryStep& step : answers[k].steps) {
            std::vector<std::string> cells{std::to_string(k), std::to_string(step.update), "", "", "", numberText(step.energy)};
            if (step.flip) {
                cells[2] = std::to_string(step.flip->unit);
                cells[3] = numberText(step.flip->field);
                cells[4] = std::to_string(step.flip->to);
            }
            csv += csvLine(cells) + "\n";
        }
    replaceFile(path, {csv});
}

int recallQueries(const Arguments& arguments, const MemoryChoice& choice) {
    for (const char* option : {"--neurons", "--patterns", "--correlation", "--draws", "--threads", "--csv"})
        if (arguments.has(option)) throw UsageError(std::string(option) + " is about capacity, which has no PATTERNS");
    const std::filesystem::path out = pathFromUtf8(arguments.required("--out"));
    checkFolderOf(out);
    const std::optional<std::filesystem::path> steps = arguments.path("--steps");
    if (steps) checkFolderOf(*steps);
    const std::vector<Pattern> patterns = picturesOf(arguments.positionals().front());
    const std::vector<Pattern> queries = queriesOf(arguments, patterns, choice.seed);
    const std::vector<MemoryAnswer> answers = askMemory(choice, patterns, queries);
    std::vector<Pattern> pictures;
    for (const MemoryAnswer& answer : answers) {
        pictures.push_back(answer.picture);
        std::printf("%s: %s; energy %.6g -> %.6g; %s\n", answer.picture.name.c_str(), answer.ending.c_str(), answer.energyBefore,
                    answer.energyAfter, answer.found.c_str());
    }
    if (steps) writeSteps(*steps, answers);
    writePatterns(out, pictures);
    return exitDone;
}

std::vector<int> countsOf(const std::string& list) {
    std::vector<int> counts;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        const auto count = parseInteger(std::string_view(list).substr(begin, end - begin));
        if (!count || *count < 1 || *count > mostStored)
            throw UsageError("--patterns needs whole numbers from 1 to " + std::to_string(mostStored) + " with commas between, not '" +
                             list + "'");
        counts.push_back(static_cast<int>(*count));
        begin = end + 1;
    }
    return counts;
}

CapacityQuestion questionOf(const Arguments& arguments, std::uint64_t seed) {
    CapacityQuestion question;
    question.neurons = arguments.integer("--neurons", question.neurons, 1);
    if (question.neurons > mostNeurons) throw UsageError("--neurons is at most " + std::to_string(mostNeurons));
    question.patterns = countsOf(arguments.required("--patterns"));
    question.flip = flipOf(arguments, question.flip);
    question.correlation = arguments.real("--correlation", 0, 0);
    if (question.correlation > 1) throw UsageError("--correlation is from 0 to 1");
    question.draws = arguments.integer("--draws", question.draws, 1);
    question.seed = seed;
    return question;
}

void printPoints(const std::vector<CapacityPoint>& points, bool csv) {
    std::printf("%s\n", csv ? "patterns,overlap,exact" : "patterns    load  overlap   exact");
    for (const CapacityPoint& point : points)
        if (csv)
            std::printf("%d,%s,%s\n", point.patterns, numberText(point.overlap).c_str(), numberText(point.exact).c_str());
        else
            std::printf("%8d  %6.3f  %7.4f  %6.4f\n", point.patterns, point.load, point.overlap, point.exact);
}

int measureCapacity(const Arguments& arguments, const MemoryChoice& choice) {
    if (!arguments.has("--patterns"))
        throw UsageError("pictures are missing: PATTERNS is a file or built-in:icons; capacity wants --patterns");
    for (const char* option : {"--query", "--out", "--steps"})
        if (arguments.has(option)) throw UsageError(std::string(option) + " is about pictures, PATTERNS; --patterns asks for capacity");
    const CapacityQuestion question = questionOf(arguments, choice.seed);
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    const std::vector<CapacityPoint> points = capacityCurve(
        memoryMaker(choice), question, arguments.threads("--threads", 0), [&] { return interrupt.requested(); },
        [&](const std::vector<CapacityPoint>&, double share) {
            if (line.isDue()) line.show(formatted("%.0f %%", 100 * share));
        });
    line.finish();
    if (interrupt.requested()) return exitInterrupted;
    printPoints(points, arguments.has("--csv"));
    return exitDone;
}

int hopfield(const Arguments& arguments) {
    arguments.limitPositionals(1);
    const MemoryChoice choice = choiceOf(arguments);
    return arguments.positionals().empty() ? measureCapacity(arguments, choice) : recallQueries(arguments, choice);
}

}  // namespace

Command hopfieldCommand() {
    Command command;
    command.name = "hopfield";
    command.summary = "Restore pictures by a Hopfield network, or measure how many it holds.";
    command.synopses = {"PATTERNS [--rule R] [--beta B] --query F [--flip S] --out F [--steps CSV] [--seed S] [--synchronous]",
                        "--patterns P,P,... [--rule R] [--beta B] [--neurons N] [--flip S] [--seed S] [--csv]"};
    command.options = {
        {"--rule", "R", "how patterns are stored: " + ruleNames() + "; hebb when not given, modern with --beta", false},
        {"--beta", "B", "inverse temperature of the rule modern, 1/sqrt(N) when not given", false},
        {"--query", "F", "the pictures to restore, of the size of the stored ones", false, FileUse::read},
        {"--flip", "S", "share of the pixels that are flipped first: none when not given; 0.1 for capacity", false},
        {"--out", "F", "what they became: plain PBM where the name ends with .pbm, else text of 0 and 1", false, FileUse::written},
        {"--steps", "CSV", "every flip with its update, field and the energy after it", false, FileUse::written},
        {"--seed", "S", "of noise, patterns and the order of updates, 42 when not given", false},
        {"--synchronous", "", "all pixels at once instead of one at a time in an order drawn by the seed", false},
        {"--patterns", "P,P,...", "capacity: how many random patterns are stored, a line of the table each", false},
        {"--neurons", "N", "capacity: units of the net, 200 when not given", false},
        {"--correlation", "C", "capacity: how much patterns overlap on average, from 0 (when not given) to 1", false},
        {"--draws", "D", "capacity: sets of patterns that are drawn for a line, 20 when not given", false},
        {"--csv", "", "capacity: the table as CSV: patterns,overlap,exact", false},
        {"--threads", "N", "capacity: processors to use, all when not given; the numbers are the same", false},
        {"--quiet", "", "no progress", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "PATTERNS and the query are PBM (P1, P4) or rows of 0 and 1, up to 200 pictures of one size with 1024 pixels at the most, or come\n"
        "with the program: built-in:icons, built-in:letters, or one of them, such as built-in:skull.\n"
        "A line of standard output for each query: how it ended, the energy before and after, and what the end is: a pattern, the inverse "
        "of\n"
        "one, a mixture of three, or none of these and which is nearest.\n"
        "Capacity: overlap is the mean of x . y / N between a pattern and what its noisy copy became, exact the share that became the "
        "pattern\n"
        "itself. Up to 40 patterns of each set are tried.";
    command.run = hopfield;
    return command;
}

}  // namespace lab
