#pragma once

#include <string_view>
#include <vector>

namespace lab {

/// An experiment that comes with the program: resources/presets/NAME.json, compiled in.
struct Preset {
    std::string_view name;  ///< the file's, without extension: what one types
    std::string_view json;
};

/// All presets in the order of their names.
const std::vector<Preset>& presets();

/// Null when there is no such preset.
const Preset* findPreset(std::string_view name);

}  // namespace lab
