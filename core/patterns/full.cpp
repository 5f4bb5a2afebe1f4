#include "core/patterns/tile.h"

namespace lab::patterns {
namespace {

bool allows(const PatternFrame&, int, int) {
    return true;
}

/// Causal tiles are low, so that little of them is blank.
int queriesPerTile(const PatternFrame& frame, int) {
    if (frame.causal) return frame.keys <= 32 ? frame.keys : 32;
    return frame.keys <= 256 ? frame.keys : 64;
}

void addKeys(const PatternFrame& frame, Tile& tile) {
    tile.add(0, tile.limit(frame));
}

}  // namespace

extern const PatternSpec full;
constinit const PatternSpec full{"full", LAB_TEXT("fields", "all"), {}, allows, nullptr, queriesPerTile, addKeys};

}  // namespace lab::patterns
