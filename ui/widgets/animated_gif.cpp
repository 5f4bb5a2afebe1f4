#include "ui/widgets/animated_gif.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>

#include "core/base/errors.h"

namespace lab {
namespace {

constexpr std::size_t gifColors = 256;
constexpr int codeBits = 8, mostCodeBits = 12, pixelBits = 40;

struct CountedColor {
    QRgb color = 0;
    std::int64_t count = 0;
};

int channelOf(QRgb color, int channel) {
    return channel == 0 ? qRed(color) : channel == 1 ? qGreen(color) : qBlue(color);
}

/// A part of the colours, whose mean stands for all of them.
struct ColorBox {
    std::size_t first = 0, last = 0;
    int channel = 0;           ///< in which they spread most
    std::int64_t weight = -1;  ///< how much it is worth halving

    ColorBox(const std::vector<CountedColor>& colors, std::size_t from, std::size_t to) : first(from), last(to) {
        std::int64_t pixels = 0;
        for (std::size_t i = first; i < last; ++i) pixels += colors[i].count;
        int spread = 0;
        for (int c = 0; c < 3; ++c) {
            const auto [least, most] = std::minmax_element(
                colors.begin() + static_cast<std::ptrdiff_t>(first), colors.begin() + static_cast<std::ptrdiff_t>(last),
                [c](const CountedColor& a, const CountedColor& b) { return channelOf(a.color, c) < channelOf(b.color, c); });
            const int range = channelOf(most->color, c) - channelOf(least->color, c);
            if (range > spread) spread = range, channel = c;
        }
        // The widest first, so that no colour is far from its own; a thin line counts as much as an area.
        weight = spread == 0 ? 0 : (static_cast<std::int64_t>(spread) << pixelBits) + std::min(pixels, (std::int64_t{1} << pixelBits) - 1);
    }
};

QRgb meanOf(const std::vector<CountedColor>& colors, const ColorBox& box) {
    std::array<std::int64_t, 3> sums{};
    std::int64_t pixels = 0;
    for (std::size_t i = box.first; i < box.last; ++i) {
        for (int c = 0; c < 3; ++c) sums[static_cast<std::size_t>(c)] += channelOf(colors[i].color, c) * colors[i].count;
        pixels += colors[i].count;
    }
    const auto mean = [&](std::size_t c) { return static_cast<int>((sums[c] + pixels / 2) / pixels); };
    return qRgb(mean(0), mean(1), mean(2));
}

/// Bits of codes, the lowest first, in blocks of at most 255 bytes.
class BitBlocks {
public:
    explicit BitBlocks(QByteArray& bytes) : m_bytes(bytes) {}
    void put(unsigned code, int bits) {
        m_held |= code << m_count;
        for (m_count += bits; m_count >= 8; m_count -= 8, m_held >>= 8) byte(static_cast<char>(m_held & 0xFFU));
    }
    void end() {
        if (m_count > 0) byte(static_cast<char>(m_held & 0xFFU));
        flush();
        m_bytes.append('\0');
    }

private:
    void byte(char value) {
        m_block.append(value);
        if (m_block.size() == 255) flush();
    }
    void flush() {
        if (m_block.isEmpty()) return;
        m_bytes.append(static_cast<char>(m_block.size())).append(m_block);
        m_block.clear();
    }

    QByteArray& m_bytes;
    QByteArray m_block;
    unsigned m_held = 0;
    int m_count = 0;
};

/// LZW as GIF has it: codes grow from 9 to 12 bits; when all are taken the table begins anew.
void compress(const std::vector<unsigned char>& pixels, QByteArray& bytes) {
    constexpr unsigned clear = 1U << codeBits, end = clear + 1, most = 1U << mostCodeBits;
    bytes.append(static_cast<char>(codeBits));
    BitBlocks out(bytes);
    std::vector<std::uint16_t> follows(static_cast<std::size_t>(most) * 256, 0);  // [code, byte]: the code of both, 0: none yet
    unsigned next = end + 1;
    int bits = codeBits + 1;
    out.put(clear, bits);
    unsigned code = pixels.front();
    for (std::size_t i = 1; i < pixels.size(); ++i) {
        std::uint16_t& known = follows[static_cast<std::size_t>(code) * 256 + pixels[i]];
        if (known != 0) {
            code = known;
            continue;
        }
        out.put(code, bits);
        if (next < most) {
            known = static_cast<std::uint16_t>(next);
            if (next++ == 1U << bits) ++bits;
        } else {
            out.put(clear, bits);
            std::ranges::fill(follows, std::uint16_t{0});
            next = end + 1;
            bits = codeBits + 1;
        }
        code = pixels[i];
    }
    out.put(code, bits);
    out.put(end, bits);
    out.end();
}

QByteArray littleEndian(int value) {
    return QByteArray(1, static_cast<char>(value & 0xFF)).append(static_cast<char>((value >> 8) & 0xFF));
}

}  // namespace

ReducedColors reducedColors(const QImage& picture) {
    const QImage image = picture.convertToFormat(QImage::Format_RGB32);
    std::unordered_map<QRgb, std::int64_t> counts;
    for (int y = 0; y < image.height(); ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y));
        for (int x = 0; x < image.width(); ++x) ++counts[line[x]];
    }
    std::vector<CountedColor> colors;
    for (const auto& [color, count] : counts) colors.push_back({color, count});
    std::ranges::sort(colors, {}, &CountedColor::color);  // the same file for the same picture
    std::vector<ColorBox> boxes{ColorBox(colors, 0, colors.size())};
    while (boxes.size() < gifColors) {
        const auto widest = std::ranges::max_element(boxes, {}, &ColorBox::weight);
        if (widest->weight <= 0) break;
        const ColorBox box = *widest;
        const auto first = colors.begin() + static_cast<std::ptrdiff_t>(box.first),
                   last = colors.begin() + static_cast<std::ptrdiff_t>(box.last);
        std::sort(first, last, [&](const CountedColor& a, const CountedColor& b) {
            return std::pair(channelOf(a.color, box.channel), a.color) < std::pair(channelOf(b.color, box.channel), b.color);
        });
        const int middle = (channelOf(first->color, box.channel) + channelOf((last - 1)->color, box.channel) + 1) / 2;
        const auto cut = std::partition_point(first, last, [&](const CountedColor& c) { return channelOf(c.color, box.channel) < middle; });
        const auto at = static_cast<std::size_t>(cut - colors.begin());
        *widest = ColorBox(colors, box.first, at);
        boxes.emplace_back(colors, at, box.last);
    }
    ReducedColors reduced;
    std::unordered_map<QRgb, unsigned char> boxOf;
    for (std::size_t b = 0; b < boxes.size(); ++b) {
        reduced.palette.push_back(meanOf(colors, boxes[b]));
        for (std::size_t i = boxes[b].first; i < boxes[b].last; ++i) boxOf[colors[i].color] = static_cast<unsigned char>(b);
    }
    for (int y = 0; y < image.height(); ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y));
        for (int x = 0; x < image.width(); ++x) reduced.pixels.push_back(boxOf[line[x]]);
    }
    return reduced;
}

void AnimatedGif::add(const QImage& picture, int milliseconds) {
    if (m_frames.isEmpty()) m_size = picture.size();
    if (picture.size() != m_size) throw InputError(LAB_TEXT("figures", "the frames of the film are not of one size"));
    const ReducedColors reduced = reducedColors(picture);
    const int hundredths = std::max(2, (milliseconds + 5) / 10);  // less is played slowly by many programs
    m_frames += QByteArray("\x21\xF9\x04\x04", 4) + littleEndian(hundredths) + QByteArray(2, '\0');
    m_frames += QByteArray("\x2C\0\0\0\0", 5) + littleEndian(m_size.width()) + littleEndian(m_size.height()) + '\x87';
    for (std::size_t i = 0; i < gifColors; ++i) {
        const QRgb color = i < reduced.palette.size() ? reduced.palette[i] : qRgb(0, 0, 0);
        for (int c = 0; c < 3; ++c) m_frames.append(static_cast<char>(channelOf(color, c)));
    }
    compress(reduced.pixels, m_frames);
}

QByteArray AnimatedGif::bytes() const {
    const QByteArray screen = "GIF89a" + littleEndian(m_size.width()) + littleEndian(m_size.height()) + QByteArray("\x70\0\0", 3);
    return screen + QByteArray("\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0", 19) + m_frames + ';';
}

}  // namespace lab
