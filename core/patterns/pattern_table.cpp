#include "core/patterns/pattern.h"

namespace lab {
namespace patterns {

extern const PatternSpec full, slidingWindow, longformer, strided, bigbird, context, blocks, segments, dilated, lsh;  // a file each

}  // namespace patterns

std::span<const PatternSpec* const> PatternSpec::table() {
    static constexpr const PatternSpec* rows[] = {
        &patterns::full,    &patterns::slidingWindow, &patterns::longformer, &patterns::strided, &patterns::bigbird,
        &patterns::context, &patterns::blocks,        &patterns::segments,   &patterns::dilated, &patterns::lsh};
    return rows;
}

}  // namespace lab
