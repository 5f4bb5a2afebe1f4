#pragma once

#include <QImage>
#include <span>
#include <vector>

#include "ui/scenes/sequence_words.h"

namespace lab {

/// The picture that these patches were cut from, a pixel a pixel.
QImage pictureImage(const PictureFrame& frame, std::span<const float> vectors);
/// One patch, a pixel a pixel.
QImage patchImage(const PictureFrame& frame, std::span<const float> vector);
/// What stands beside a map: a picture where a patch stands, a null one elsewhere; empty where nothing is cut from pictures.
std::vector<QImage> patchImages(const SequenceWords& words, const Input& input);

/// The vectors of an input without its class token: what pictureImage takes.
std::span<const float> patchesOf(const SequenceWords& words, const Input& input);

}  // namespace lab
