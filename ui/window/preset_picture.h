#pragma once

#include <QPixmap>
#include <QString>

namespace lab {

/// The map that a preset's sharpest head ends with, on the first validation sample: as it was kept, in the theme's colours, 0 to 1. Null
/// where none is kept.
QPixmap presetPicture(const QString& preset, int px);

}  // namespace lab
