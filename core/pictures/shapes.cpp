#include "core/pictures/shapes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/pictures/strokes.h"
#include "core/tasks/pictures_config.h"

namespace lab {
namespace {

constexpr std::size_t pixelsOfShape = std::size_t{shapesSide} * shapesSide;
/// Random blocks a picture has for itself: 2 pixels a word, and what is drawn.
constexpr std::uint64_t grainBlocks = pixelsOfShape / 8, blocksOfPicture = grainBlocks + 62;

/// The random numbers of one picture, one after the other.
class Draw {
public:
    Draw(const RandomStream& stream, int i) : m_stream(stream), m_next(blocksOfPicture * static_cast<std::uint64_t>(i) * 4) {}

    std::uint32_t bits() {
        if (m_next % 4 == 0) m_block = m_stream.block(m_next / 4);
        return m_block[m_next++ % 4];
    }
    int below(int n) { return static_cast<int>((std::uint64_t{bits()} * static_cast<std::uint64_t>(n)) >> 32); }
    float between(float from, float to) { return from + (to - from) * static_cast<float>(bits()) * 0x1p-32F; }

private:
    const RandomStream& m_stream;
    std::uint64_t m_next;
    std::array<std::uint32_t, 4> m_block{};
};

/// How a shape lies on the paper.
struct Placing {
    float x, y;            ///< its centre
    float xx, xy, yx, yy;  ///< pixels a unit of the shape

    StrokePoint operator()(const StrokePoint& p) const { return {x + xx * p.x + xy * p.y, y + yx * p.x + yy * p.y}; }
};

Placing drawPlacing(Draw& draw) {
    const float size = draw.between(6.F, 9.5F), aspect = draw.between(0.85F, 1.15F);
    const float angle = draw.between(-22, 22) * std::numbers::pi_v<float> / 180, slant = draw.between(-0.3F, 0.3F);
    const float cosine = std::cos(angle), sine = std::sin(angle), wide = size * aspect, high = size / aspect;
    constexpr float middle = shapesSide / 2.F, shift = 4.5F;
    const float x = middle + draw.between(-shift, shift), y = middle + draw.between(-shift, shift);
    return {x, y, wide * cosine, high * (slant * cosine - sine), wide * sine, high * (slant * sine + cosine)};
}

void drawShape(Canvas& canvas, int shape, Draw& draw) {
    const Placing placing = drawPlacing(draw);
    const float thickness = draw.between(1.5F, 3.1F), ink = draw.between(0.65F, 1.F);
    constexpr float wobble = 0.09F;
    for (Stroke stroke : strokesOf(shape)) {
        for (StrokePoint& point : stroke) {
            point.x += draw.between(-wobble, wobble);
            point.y += draw.between(-wobble, wobble);
            point = placing(point);
        }
        drawStroke(canvas, stroke, thickness, ink);
    }
}

void drawClutter(Canvas& canvas, Draw& draw) {
    const int strokes = 1 + draw.below(3);
    for (int i = 0; i < strokes; ++i) {
        const float angle = draw.between(0, 2 * std::numbers::pi_v<float>), half = draw.between(1.F, 2.5F);
        const float x = draw.between(0, shapesSide), y = draw.between(0, shapesSide);
        const float dx = half * std::cos(angle), dy = half * std::sin(angle);
        const std::array<StrokePoint, 2> line{{{x - dx, y - dy}, {x + dx, y + dy}}};
        drawStroke(canvas, line, draw.between(1.F, 2.F), draw.between(0.3F, 0.7F));
    }
}

/// Paper that is not quite black, and grain: a triangular distribution, which two uniform numbers add up to.
void addPaper(Canvas& canvas, Draw& draw) {
    const float paper = draw.between(0, 0.25F), grain = draw.between(0.05F, 0.2F);
    std::size_t i = 0;
    while (i < canvas.light.size()) {
        const std::uint32_t word = draw.bits();
        for (int byte = 0; byte < 4; byte += 2, ++i) {
            const auto first = static_cast<float>(word >> (8 * byte) & 0xFFU), second = static_cast<float>(word >> (8 * byte + 8) & 0xFFU);
            float& light = canvas.light[i];
            light = paper + (1 - paper) * light + grain * (first + second - 255) / 255;
        }
    }
}

std::uint8_t byteOf(float light) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(light, 0.F, 1.F) * 255));
}

void drawPicture(const RandomStream& stream, int i, std::span<std::uint8_t> pixels) {
    Draw draw(stream, i);
    Canvas canvas{shapesSide, shapesSide, std::vector<float>(pixelsOfShape, 0.F)};
    const int shape = draw.below(static_cast<int>(shapeNames.size()));
    drawClutter(canvas, draw);
    drawShape(canvas, shape, draw);
    addPaper(canvas, draw);
    std::ranges::transform(canvas.light, pixels.begin(), byteOf);
}

}  // namespace

ShapesSource::ShapesSource(std::uint64_t seed, std::string_view part, int count)
    : m_stream(seed, "shapes." + std::string(part)), m_count(count) {
    constexpr int mostKept = 200000;  // 157 MB
    if (count > mostKept) return;
    m_drawn = std::make_unique<std::once_flag[]>(static_cast<std::size_t>(count));
    m_pixels = std::make_unique_for_overwrite<std::uint8_t[]>(static_cast<std::size_t>(count) * pixelsOfShape);
}

int ShapesSource::labelOf(int i) const {
    return Draw(m_stream, i).below(static_cast<int>(shapeNames.size()));
}

std::vector<std::uint8_t> ShapesSource::picture(int i) const {
    if (!m_pixels) {
        std::vector<std::uint8_t> pixels(pixelsOfShape);
        drawPicture(m_stream, i, pixels);
        return pixels;
    }
    const std::span<std::uint8_t> kept(m_pixels.get() + static_cast<std::size_t>(i) * pixelsOfShape, pixelsOfShape);
    std::call_once(m_drawn[static_cast<std::size_t>(i)], [&] { drawPicture(m_stream, i, kept); });
    return {kept.begin(), kept.end()};
}

}  // namespace lab
