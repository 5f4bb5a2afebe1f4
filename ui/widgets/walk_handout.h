#pragma once

#include <QString>

#include "core/explain/markdown.h"

namespace lab {

/// The walk as a file: .pdf is a handout, A4 landscape, one stage a page, in the light theme's colours; anything else Markdown. Throws
/// InputError when it cannot be written.
void writeHandout(const QString& path, const explain::Walk& walk, const explain::WalkTitle& title);

}  // namespace lab
