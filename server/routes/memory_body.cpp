#include "server/routes/memory_body.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/config/field.h"
#include "core/memory/icons.h"
#include "core/memory/modern_look.h"
#include "core/memory/pattern_files.h"
#include "core/memory/pattern_vectors.h"
#include "server/http/problem.h"

namespace lab::server {
namespace {

using Kind = Parameter::Kind;

constexpr double longestPictures = 1 << 19, longestName = 200;
constexpr double largestNumber = 1e6;  ///< of a pattern: sums of products of these stay far from infinity

std::vector<std::string> modeNames() {
    return {namesOf<RecallMode>().begin(), namesOf<RecallMode>().end()};
}

std::vector<Pattern> picturesOf(const Values& body, const std::string& key) {
    const std::string text = body.text(key);
    try {
        const auto builtIn = builtInPatterns(text);
        return builtIn ? *builtIn : parsePatterns(text, key);
    } catch (const InputError& error) {
        throw Refusal(422, error.message(), {{"/" + key, error.what()}});
    }
}

/// One number of a pattern.
double numberOf(const Json& value, bool real, const std::string& pointer) {
    const auto number = value.get<double>();
    if (!real && number != 1 && number != 0 && number != -1) throw wrong(pointer, LAB_TEXT("server", "expected 1, 0 or -1"));
    if (std::abs(number) > largestNumber) throw wrong(pointer, outOfRange(value.dump(), {-largestNumber, largestNumber}));
    return real || number != 0 ? number : -1;
}

std::vector<double> numbersOf(const Json& list, bool real, const std::string& pointer) {
    if (list.empty() || list.size() > mostPatternPixels)
        throw wrong(pointer, outOfRange(std::to_string(list.size()), {1, mostPatternPixels}));
    std::vector<double> numbers;
    for (const Json& value : list) numbers.push_back(numberOf(value, real, pointer + "/" + std::to_string(numbers.size())));
    return numbers;
}

void requireUnits(std::size_t numbers, int units, const std::string& pointer) {
    if (std::cmp_not_equal(numbers, units))
        throw wrong(pointer, Message(LAB_TEXT("server", "has %1 numbers; the first pattern has %2")).arg(numbers).arg(units));
}

StoredMemory rowsOf(const Json& rows, bool real) {
    StoredMemory stored;
    for (const Json& row : rows) {
        const std::string pointer = "/patterns/" + std::to_string(stored.vectors.count);
        const std::vector<double> numbers = numbersOf(row, real, pointer);
        if (stored.vectors.count++ == 0) stored.vectors.dimension = static_cast<int>(numbers.size());
        requireUnits(numbers.size(), stored.units(), pointer);
        const Pattern like = blankPattern(1, stored.units(), std::to_string(stored.vectors.count));
        stored.pictures.push_back(signsOf(numbers, like));
        stored.vectors.values.insert(stored.vectors.values.end(), numbers.begin(), numbers.end());
    }
    return stored;
}

std::vector<double> namedCue(const std::string& name, const StoredMemory& stored) {
    const auto found = std::ranges::find(stored.pictures, name, &Pattern::name);
    if (found == stored.pictures.end()) throw wrong("/pattern", Message(LAB_TEXT("server", "there is no pattern %1")).arg(name));
    const double* row = stored.vectors.row(static_cast<int>(found - stored.pictures.begin()));
    return {row, row + stored.units()};
}

std::vector<double> drawnCue(const Values& body, const StoredMemory& stored) {
    const Pattern picture = picturesOf(body, "cue_picture").front();
    if (const Message problem = sizeProblem(picture, stored.pictures.front()); !problem.empty()) throw wrong("/cue_picture", problem);
    return vectorOf(picture);
}

std::vector<double> writtenCue(const Values& body, const StoredMemory& stored, bool real) {
    std::vector<double> cue = numbersOf(body.at("cue"), real, "/cue");
    requireUnits(cue.size(), stored.units(), "/cue");
    return cue;
}

}  // namespace

std::vector<Parameter> memoryKeys() {
    return {
        {.name = "rule", .help = LAB_TEXT("server", "how patterns are stored"), .choices = memoryNames(), .standard = "hebb"},
        {.name = "beta",
         .kind = Kind::real,
         .help = LAB_TEXT("server", "inverse temperature of the rule modern, 1/sqrt(N) when not given"),
         .limits = {leastBeta, largestBeta}},
        {.name = "mode",
         .help = LAB_TEXT("server", "order of updates of classical nets; asynchronous when not given"),
         .choices = modeNames()},
        {.name = "seed",
         .kind = Kind::integer,
         .help = LAB_TEXT("server", "of noise, patterns and the order of updates"),
         .limits = {0, largestSeed},
         .standard = 42},
    };
}

MemoryChoice memoryOf(const Values& body) {
    MemoryChoice choice;
    choice.rule = findStorageRule(body.text("rule"));
    if (choice.rule && body.has("beta")) throw wrong("/beta", LAB_TEXT("server", "is about the rule modern"));
    if (!choice.rule && body.has("mode"))
        throw wrong("/mode", LAB_TEXT("server", "is about classical nets; modern updates all units at once"));
    if (body.has("beta")) choice.beta = body.real("beta");
    if (body.has("mode")) choice.mode = *fromName<RecallMode>(body.text("mode"));
    choice.seed = static_cast<std::uint64_t>(body.integer("seed"));
    return choice;
}

std::vector<Parameter> storedKeys() {
    return {
        {.name = "patterns",
         .kind = Kind::rows,
         .help =
             LAB_TEXT("server",
                      "what is stored, called 1, 2, ...: rows of 1 (on) and 0 or -1 (off), all of as many; of the rule modern any numbers"),
         .limits = {1, mostPatterns}},
        {.name = "pictures",
         .help = LAB_TEXT("server",
                          "in place of patterns: built-in:icons, built-in:letters, one such as built-in:skull, or pictures as in a file, "
                          "which are PBM (P1) or lines of 0 and 1 with a blank line between two and \"# name\" before one"),
         .limits = {1, longestPictures}},
    };
}

std::vector<Parameter> cueKeys() {
    return {
        {.name = "pattern", .help = LAB_TEXT("server", "the name of the stored pattern that is the cue"), .limits = {1, longestName}},
        {.name = "cue",
         .kind = Kind::numbers,
         .help = LAB_TEXT("server", "in its place: a row as those of patterns"),
         .limits = {1, mostPatternPixels}},
        {.name = "cue_picture",
         .help = LAB_TEXT("server", "in its place: one picture as those of pictures"),
         .limits = {1, longestPictures}},
        {.name = "flip",
         .kind = Kind::real,
         .help = LAB_TEXT("server", "share of the cue's units that change their sign first"),
         .limits = {0, 1},
         .standard = 0},
    };
}

StoredMemory storedOf(const Values& body, bool real) {
    if (body.has("patterns") == body.has("pictures"))
        throw Refusal(422, LAB_TEXT("server", "give one of patterns and pictures"), {{"/patterns", "or pictures"}});
    if (body.has("patterns")) return rowsOf(body.at("patterns"), real);
    StoredMemory stored{picturesOf(body, "pictures"), {}};
    stored.vectors = vectorsOf(stored.pictures);
    return stored;
}

std::vector<double> cueOf(const Values& body, const StoredMemory& stored, const MemoryChoice& choice) {
    if (body.has("pattern") + body.has("cue") + body.has("cue_picture") != 1)
        throw Refusal(422, LAB_TEXT("server", "give one of pattern, cue and cue_picture"), {{"/pattern", "or cue, or cue_picture"}});
    std::vector<double> cue = body.has("pattern") ? namedCue(body.text("pattern"), stored)
                              : body.has("cue")   ? writtenCue(body, stored, !choice.rule)
                                                  : drawnCue(body, stored);
    const Pattern still = signsOf(cue, stored.pictures.front());
    const Pattern noisy = withNoise(still, body.real("flip"), choice.seed);
    for (std::size_t i = 0; i < cue.size(); ++i)
        if (noisy.states[i] != still.states[i]) cue[i] = -cue[i];
    return cue;
}

}  // namespace lab::server
