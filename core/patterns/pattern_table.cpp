#include "core/patterns/pattern.h"

namespace lab {
namespace patterns {

extern const PatternSpec full, slidingWindow, longformer, strided, bigbird;  // a file each

}  // namespace patterns

std::span<const PatternSpec* const> PatternSpec::table() {
    static constexpr const PatternSpec* rows[] = {&patterns::full, &patterns::slidingWindow, &patterns::longformer, &patterns::strided,
                                                  &patterns::bigbird};
    return rows;
}

}  // namespace lab
