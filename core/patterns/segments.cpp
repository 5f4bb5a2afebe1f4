#include <algorithm>

#include "core/base/limits.h"
#include "core/patterns/tile.h"

namespace lab::patterns {
namespace {

constexpr ParameterSpec parameters[] = {
    {"segment",
     LAB_TEXT("fields",
              "Tokens of a segment. A sequence is a stream, read segment after segment; of what its own segment holds a query sees what "
              "stands at or before it."),
     {1, mostRows},
     {},
     true,
     {},
     64},
    {"memory",
     LAB_TEXT("fields",
              "Tokens before its segment that a query sees besides. What their keys and values are made of stands as it was: from this "
              "segment its gradient reaches the projections of keys and values, but no row of the memory and no layer before; 0: each "
              "segment by itself."),
     {0, mostRows},
     {},
     true,
     {},
     64}};

int segmentOf(const PatternFrame& frame) {
    return static_cast<int>(frame.numbers[0]);
}

int memoryOf(const PatternFrame& frame) {
    return static_cast<int>(frame.numbers[1]);
}

/// The first token of the query's segment.
int startOf(const PatternFrame& frame, int i) {
    return i / segmentOf(frame) * segmentOf(frame);
}

int firstKey(const PatternFrame& frame, int i) {
    return std::max(0, startOf(frame, i) - memoryOf(frame));
}

bool allows(const PatternFrame& frame, int i, int j) {
    return j <= i && j >= firstKey(frame, i);
}

bool detached(const PatternFrame& frame, int i, int j) {
    return j < startOf(frame, i);
}

Message whyNot(const PatternFrame& frame, int i, int j) {
    if (j > i) return LAB_TEXT("patterns", "behind the query");
    return Message(LAB_TEXT("patterns", "before the memory of %1 that its segment of %2 keeps")).arg(memoryOf(frame)).arg(segmentOf(frame));
}

/// Whole segments, so that tiles begin where segments do.
int queriesPerTile(const PatternFrame& frame, int) {
    constexpr int few = 32;
    return std::max(1, few / segmentOf(frame)) * segmentOf(frame);
}

void addKeys(const PatternFrame& frame, Tile& tile) {
    tile.add(firstKey(frame, tile.firstQuery), std::min(frame.keys, tile.lastQuery() + 1));
}

}  // namespace

/// One pass over a stream of several segments is what Transformer-XL does segment after segment (Dai et al. 2019, arXiv 1901.02860, section
/// 3.2): in every layer the states of the segments before are those that were computed when these were read. The gradient stops at these
/// states, which are what the layer's attention read: h~ = [SG(memory) o h], k and v are projected from it (equation 3).
extern const PatternSpec segments;
constinit const PatternSpec segments{
    .name = "segments",
    .help = LAB_TEXT("fields",
                     "j <= i, in the query's own segment or in the memory before it, whose rows get no gradient (Transformer-XL, Dai 2019, "
                     "arXiv 1901.02860): a sample is a stream of several segments, read in order"),
    .parameters = parameters,
    .allows = allows,
    .whyNot = whyNot,
    .queriesPerTile = queriesPerTile,
    .addKeys = addKeys,
    .detached = detached,
    .firstKey = firstKey,
    .wantsCausal = true};

}  // namespace lab::patterns
