#include "core/patterns/window.h"

namespace lab::patterns {
namespace {

constexpr ParameterSpec parameters[] = {windowParameter};

Message whyNot(const PatternFrame& frame, int, int) {
    return Message(LAB_TEXT("patterns", "outside the window of %1")).arg(windowOf(frame));
}

int queriesPerTile(const PatternFrame& frame, int) {
    return queriesOfWindow(frame);
}

void addKeys(const PatternFrame& frame, Tile& tile) {
    const auto [low, high] = windowOf(frame, tile);
    tile.add(low, high);
}

}  // namespace

extern const PatternSpec slidingWindow;
constinit const PatternSpec slidingWindow{
    "sliding-window", LAB_TEXT("fields", "|i - j| <= window"), parameters, withinWindow, whyNot, queriesPerTile, addKeys};

}  // namespace lab::patterns
