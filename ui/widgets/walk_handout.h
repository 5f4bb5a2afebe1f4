#pragma once

#include <QString>

#include "ui/widgets/handout_pages.h"

namespace lab {

/// The walk as a file: .pdf is a handout in the light theme's colours; anything else the whole walk as Markdown. Throws InputError when it
/// cannot be written.
void writeHandout(const QString& path, const explain::Walk& walk, const explain::WalkTitle& title, const Handout& handout);

}  // namespace lab
