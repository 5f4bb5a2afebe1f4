#pragma once

#include <QColor>
#include <QString>
#include <array>
#include <initializer_list>

namespace lab {

/// A table of 256 colours for values 0..1. Anchors (LOOK.md 3) are interpolated in OKLab.
class ColorMap {
public:
    enum class Kind {
        trace,    ///< sequential; zero is the screen
        balance,  ///< diverging; 0.5 is the screen, above it blue, below it red
        cividis,
        viridis,
        grey,
        phase,  ///< cyclic: both ends are one colour; 0.5 is the screen, above it blue, below it red
    };

    static const ColorMap& of(Kind kind, bool dark);
    /// For the present theme.
    static const ColorMap& themed(Kind kind);

    /// Of a value in 0..1; what lies outside is clamped, NaN counts as 0.
    QRgb color(double value01) const;

    /// Black or white: the one with the higher contrast on `background`.
    static QColor ink(QRgb background);

private:
    explicit ColorMap(std::initializer_list<QRgb> anchors);

    std::array<QRgb, 256> m_table;
};

/// Maps values to 0..1 and on to a colour: what a map and its scale share.
struct ColorScaling {
    ColorMap::Kind kind = ColorMap::Kind::trace;
    double low = 0.0;
    double high = 1.0;

    double position(double value) const { return high > low ? (value - low) / (high - low) : 0.0; }
    QRgb color(double value) const { return ColorMap::themed(kind).color(position(value)); }
    bool operator==(const ColorScaling&) const = default;
};

/// Relative luminance and contrast as WCAG 2 defines them.
double relativeLuminance(QRgb color);
double contrast(QRgb a, QRgb b);

}  // namespace lab
