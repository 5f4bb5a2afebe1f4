#include "core/learn/stream_functions.h"

#include <algorithm>

namespace lab {

bool StreamFunctionSpec::takes(std::size_t count) const {
    const auto all = static_cast<std::size_t>(std::ranges::count(arguments, ' ')) + 1;
    const bool lastMayGo = arguments.find('[') != arguments.npos;
    return count == all || (lastMayGo && count + 1 == all);
}

}  // namespace lab
