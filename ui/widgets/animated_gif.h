#pragma once

#include <QImage>
#include <vector>

namespace lab {

/// Pictures of one size as an animated GIF (GIF89a), which slides and messengers play: each with the 256 colours that serve it best. Loops;
/// each picture stands for `milliseconds`, the last one for `restMilliseconds`. Throws InputError when the pictures are not of one size.
class AnimatedGif {
public:
    explicit AnimatedGif(int milliseconds) : m_milliseconds(milliseconds) {}
    void add(const QImage& picture, int milliseconds);
    void add(const QImage& picture) { add(picture, m_milliseconds); }
    QByteArray bytes() const;

private:
    int m_milliseconds;
    QSize m_size;
    QByteArray m_frames;
};

/// At most 256 colours for a picture, by halving the box of colours that spreads most (median cut), and for each pixel the nearest box.
struct ReducedColors {
    std::vector<QRgb> palette;
    std::vector<unsigned char> pixels;  ///< [height, width]
};
ReducedColors reducedColors(const QImage& picture);

}  // namespace lab
