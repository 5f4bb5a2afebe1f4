#include "ui/scenes/patch_pictures.h"

#include <algorithm>
#include <cmath>

#include "core/pictures/patches.h"

namespace lab {
namespace {

constexpr int patchesBlue = 2, patchesColours = 3;

int patchesByte(float light) {
    return static_cast<int>(std::lround(255.0F * std::clamp(light, 0.0F, 1.0F)));
}

/// [height, width, channels] of lights 0 .. 1.
QImage imageOfLights(std::span<const float> lights, int width, int height, int channels) {
    QImage image(width, height, QImage::Format_RGB32);
    const auto step = static_cast<std::size_t>(channels);
    for (int y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < width; ++x) {
            const std::span<const float> pixel =
                lights.subspan((static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * step, step);
            const bool coloured = channels >= patchesColours;
            line[x] = qRgb(patchesByte(pixel[0]), patchesByte(pixel[coloured ? 1 : 0]), patchesByte(pixel[coloured ? patchesBlue : 0]));
        }
    }
    return image;
}

}  // namespace

QImage pictureImage(const PictureFrame& frame, std::span<const float> vectors) {
    if (vectors.size() != static_cast<std::size_t>(frame.patches()) * static_cast<std::size_t>(frame.numbers())) return {};
    return imageOfLights(joinPatches(vectors, frame), frame.width, frame.height, frame.channels);
}

QImage patchImage(const PictureFrame& frame, std::span<const float> vector) {
    if (vector.size() != static_cast<std::size_t>(frame.numbers())) return {};
    std::vector<float> lights(vector.size());
    std::ranges::transform(vector, lights.begin(), lightOfNumber);
    return imageOfLights(lights, frame.patch, frame.patch, frame.channels);
}

std::vector<QImage> patchImages(const SequenceWords& words, const Input& input) {
    std::vector<QImage> images;
    if (!words.pictures()) return images;
    for (std::size_t i = 0; i < input.tokens.size(); ++i)
        images.push_back(words.patchAt(input, i) < 0 ? QImage() : patchImage(*words.pictures(), words.vectorAt(input, i)));
    return images;
}

std::span<const float> patchesOf(const SequenceWords& words, const Input& input) {
    const std::size_t first = words.model().class_token ? words.vectorAt(input, 0).size() : 0;
    return input.vectors.size() < first ? std::span<const float>() : std::span<const float>(input.vectors).subspan(first);
}

}  // namespace lab
