#include "core/config/presets.h"

#include <algorithm>

namespace lab {

const Preset* findPreset(std::string_view name) {
    const auto found = std::ranges::find(presets(), name, &Preset::name);
    return found == presets().end() ? nullptr : &*found;
}

}  // namespace lab
