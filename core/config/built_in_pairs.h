#pragma once

#include <string_view>
#include <vector>

namespace lab {

/// Pairs that come with the program: resources/pairs/NAME.tsv, compiled in. An experiment names them by task.path "built-in:NAME".
struct BuiltInPairs {
    std::string_view name;
    std::string_view text;
};

/// All of them in the order of their names.
const std::vector<BuiltInPairs>& builtInPairs();

/// Null for a path that leads to a file.
const BuiltInPairs* findBuiltInPairs(std::string_view path);

}  // namespace lab
