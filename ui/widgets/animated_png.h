#pragma once

#include <QByteArray>
#include <vector>

namespace lab {

/// PNG files of one size joined into an animated one (APNG, https://wiki.mozilla.org/APNG_Specification), which browsers and image viewers
/// play, others show its first picture. Loops; each picture stands for `milliseconds`, the last one for `restMilliseconds`.
/// Throws InputError when the pictures are no PNG files, or not of one size and kind.
QByteArray animatedPng(const std::vector<QByteArray>& pictures, int milliseconds, int restMilliseconds);

}  // namespace lab
