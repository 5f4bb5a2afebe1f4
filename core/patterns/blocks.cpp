#include <algorithm>

#include "core/base/limits.h"
#include "core/patterns/tile.h"

namespace lab::patterns {
namespace {

constexpr ParameterSpec parameters[] = {{"block",
                                         LAB_TEXT("fields", "Positions 0 .. block - 1 see each other, the next so many again, and so on."),
                                         {1, mostRows},
                                         {},
                                         true,
                                         {},
                                         64}};

int blockOf(const PatternFrame& frame) {
    return static_cast<int>(frame.numbers[0]);
}

bool allows(const PatternFrame& frame, int i, int j) {
    return i / blockOf(frame) == j / blockOf(frame);
}

Message whyNot(const PatternFrame& frame, int, int) {
    return Message(LAB_TEXT("patterns", "in another block of %1")).arg(blockOf(frame));
}

/// Whole blocks, so that tiles begin where blocks do.
int queriesPerTile(const PatternFrame& frame, int) {
    constexpr int few = 12;
    return std::max(1, few / blockOf(frame)) * blockOf(frame);
}

void addKeys(const PatternFrame& frame, Tile& tile) {
    const int block = blockOf(frame);
    tile.add(tile.firstQuery / block * block, std::min(tile.limit(frame), (tile.lastQuery() / block + 1) * block));
}

}  // namespace

extern const PatternSpec blocks;
constinit const PatternSpec blocks{
    "blocks",   LAB_TEXT("fields", "floor(i / block) = floor(j / block): each block by itself (Qiu 2019, arXiv 1911.02972)"),
    parameters, allows,
    whyNot,     queriesPerTile,
    addKeys};

}  // namespace lab::patterns
