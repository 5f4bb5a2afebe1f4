#include "core/patterns/globals.h"

namespace lab::patterns {
namespace {

constexpr ParameterSpec parameters[] = {windowParameter, globalsParameter};

Message whyNot(const PatternFrame& frame, int, int) {
    return Message(LAB_TEXT("patterns", "outside the window of %1, and neither is one of the first %2"))
        .arg(windowOf(frame))
        .arg(globalsOf(frame));
}

}  // namespace

extern const PatternSpec longformer;
constinit const PatternSpec longformer{
    .name = "longformer",
    .help = LAB_TEXT("fields",
                     "|i - j| <= window, or i or j below globals (Beltagy 2020, arXiv 2004.05150, whose w is twice this window and who "
                     "projects for globals apart, here where global projections are on)"),
    .parameters = parameters,
    .allows = withinWindowOrGlobal,
    .whyNot = whyNot,
    .queriesPerTile = queriesOfGlobals,
    .addKeys = addWindowAndGlobals,
    .globalsApart = globalsOf};

}  // namespace lab::patterns
