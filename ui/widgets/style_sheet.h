#pragma once

#include <QString>

namespace lab {

class Theme;

/// The application's style sheet for what LabStyle does not paint: tool tips, scroll bars, sliders, menus, tables.
QString styleSheet(const Theme& theme);

}  // namespace lab
