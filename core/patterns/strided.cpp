#include "core/patterns/window.h"

namespace lab::patterns {
namespace {

constexpr ParameterSpec parameters[] = {
    windowParameter,
    {"stride", LAB_TEXT("fields", "Beyond the window, keys whose distance is a multiple of the stride."), {1, mostRows}, {}, true, {}, 64}};

int strideOf(const PatternFrame& frame) {
    return static_cast<int>(frame.numbers[1]);
}

bool allows(const PatternFrame& frame, int i, int j) {
    return withinWindow(frame, i, j) || std::abs(i - j) % strideOf(frame) == 0;
}

Message whyNot(const PatternFrame& frame, int i, int j) {
    return Message(LAB_TEXT("patterns", "outside the window of %1, and the distance %2 is no multiple of %3"))
        .arg(windowOf(frame))
        .arg(std::abs(i - j))
        .arg(strideOf(frame));
}

/// Neighbouring rows share few of their strided keys.
int queriesPerTile(const PatternFrame&, int) {
    return 1;
}

void addKeys(const PatternFrame& frame, Tile& tile) {
    const int first = tile.firstQuery, stride = strideOf(frame);
    const auto [low, high] = windowOf(frame, tile);
    tile.add(first % stride, low, stride);
    tile.add(low, high);
    tile.add(first + ((high - first + stride - 1) / stride) * stride, tile.limit(frame), stride);
}

}  // namespace

extern const PatternSpec strided;
constinit const PatternSpec strided{
    "strided",  LAB_TEXT("fields", "|i - j| <= window or (i - j) mod stride = 0 (Child 2019, its two parts as one union)"),
    parameters, allows,
    whyNot,     queriesPerTile,
    addKeys};

}  // namespace lab::patterns
