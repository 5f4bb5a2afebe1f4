#include "core/patterns/tile.h"

namespace lab::patterns {
namespace {

bool allows(const PatternFrame& frame, int, int j) {
    return j < frame.keys - 1;
}

Message whyNot(const PatternFrame&, int, int) {
    return LAB_TEXT("patterns", "the last position asks and is nobody\u2019s key");
}

int queriesPerTile(const PatternFrame& frame, int) {
    return frame.keys <= 256 ? frame.keys : 64;
}

/// A sequence of one has itself as its last resort.
void addKeys(const PatternFrame& frame, Tile& tile) {
    tile.add(0, frame.keys > 1 ? frame.keys - 1 : 1);
}

}  // namespace

extern const PatternSpec context;
constinit const PatternSpec context{
    .name = "context",
    .help = LAB_TEXT("fields", "all but the last position, which asks and is nobody\u2019s key (von Oswald 2023); of encoders alone"),
    .allows = allows,
    .whyNot = whyNot,
    .queriesPerTile = queriesPerTile,
    .addKeys = addKeys,
    .wantsWholeSequence = true};

}  // namespace lab::patterns
