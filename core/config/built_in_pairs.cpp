#include "core/config/built_in_pairs.h"

#include <algorithm>

namespace lab {

const BuiltInPairs* findBuiltInPairs(std::string_view path) {
    constexpr std::string_view prefix = "built-in:";
    if (!path.starts_with(prefix)) return nullptr;
    const auto found = std::ranges::find(builtInPairs(), path.substr(prefix.size()), &BuiltInPairs::name);
    return found == builtInPairs().end() ? nullptr : &*found;
}

}  // namespace lab
