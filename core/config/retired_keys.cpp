#include "core/config/retired_keys.h"

#include <algorithm>

namespace lab {

std::span<const std::string_view> retiredKeys() {
    static constexpr std::string_view keys[] = {
        "model.attention.kernel.features",  // of a kernel that validation refused
        "model.attention.kernel.seed",
    };
    return keys;
}

bool isRetired(std::string_view path) {
    return std::ranges::find(retiredKeys(), path) != retiredKeys().end();
}

}  // namespace lab
