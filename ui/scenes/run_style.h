#pragma once

#include <QString>
#include <array>

#include "ui/runs/run.h"
#include "ui/widgets/theme.h"

namespace lab {

/// Colour and dash of a run by its series (LOOK.md 3: s1 to s4 in order, then grey and text); a seventh begins again.
inline Role seriesRole(int series) {
    constexpr std::array roles{Role::series1, Role::series2, Role::series3, Role::series4, Role::series5, Role::text};
    return roles[static_cast<std::size_t>(series) % roles.size()];
}

}  // namespace lab
