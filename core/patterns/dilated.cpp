#include <cstdint>

#include "core/patterns/window.h"

namespace lab::patterns {
namespace {

constexpr ParameterSpec parameters[] = {
    windowParameter,
    {"dilation",
     LAB_TEXT("fields", "Within reach a query sees the keys whose distance is a multiple of this; 1: all of them."),
     {1, mostRows},
     {},
     true,
     {},
     4}};

int dilationOf(const PatternFrame& frame) {
    return static_cast<int>(frame.numbers[1]);
}

/// How far the window reaches, at most to the end of the sequence.
int reachOf(const PatternFrame& frame) {
    return static_cast<int>(std::min<std::int64_t>(frame.numbers[0] * frame.numbers[1], frame.keys));
}

bool allows(const PatternFrame& frame, int i, int j) {
    const int distance = std::abs(i - j);
    return distance <= reachOf(frame) && distance % dilationOf(frame) == 0;
}

Message whyNot(const PatternFrame& frame, int i, int j) {
    const int distance = std::abs(i - j), dilation = dilationOf(frame);
    if (distance % dilation != 0) return Message(LAB_TEXT("patterns", "the distance %1 is no multiple of %2")).arg(distance).arg(dilation);
    return Message(LAB_TEXT("patterns", "further off than %1 times %2")).arg(windowOf(frame)).arg(dilation);
}

/// Neighbouring queries of a dilated window share no key.
int queriesPerTile(const PatternFrame& frame, int) {
    return dilationOf(frame) == 1 ? queriesOfWindow(frame) : 1;
}

void addKeys(const PatternFrame& frame, Tile& tile) {
    const int dilation = dilationOf(frame), reach = reachOf(frame), limit = tile.limit(frame);
    const int back = std::min(reach, tile.firstQuery) / dilation * dilation;
    const std::int64_t end = std::int64_t{tile.lastQuery()} + reach + 1;
    tile.add(tile.firstQuery - back, static_cast<int>(std::min<std::int64_t>(end, limit)), dilation);
}

}  // namespace

extern const PatternSpec dilated;
constinit const PatternSpec dilated{
    "dilated",
    LAB_TEXT(
        "fields",
        "|i - j| <= window dilation and (i - j) mod dilation = 0: a window with gaps, which sees as few keys but further (Beltagy 2020, "
        "arXiv 2004.05150, section 3.1)"),
    parameters,
    allows,
    whyNot,
    queriesPerTile,
    addKeys};

}  // namespace lab::patterns
