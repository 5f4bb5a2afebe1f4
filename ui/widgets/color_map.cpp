#include "ui/widgets/color_map.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/widgets/theme.h"

namespace lab {
namespace {

using Triple = std::array<double, 3>;

double toLinear(int channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

int toChannel(double linear) {
    const double c = linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1.0 / 2.4) - 0.055;
    return static_cast<int>(std::lround(255.0 * std::clamp(c, 0.0, 1.0)));
}

Triple times(const std::array<Triple, 3>& matrix, const Triple& v) {
    Triple result{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 3; ++column) result[row] += matrix[row][column] * v[column];
    return result;
}

// Bjorn Ottosson, "A perceptual color space for image processing" (2020).
Triple oklab(QRgb color) {
    const Triple rgb = {toLinear(qRed(color)), toLinear(qGreen(color)), toLinear(qBlue(color))};
    Triple lms = times({{{0.4122214708, 0.5363325363, 0.0514459929},
                         {0.2119034982, 0.6806995451, 0.1073969566},
                         {0.0883024619, 0.2817188376, 0.6299787005}}},
                       rgb);
    for (double& x : lms) x = std::cbrt(x);
    return times({{{0.2104542553, 0.7936177850, -0.0040720468},
                   {1.9779984951, -2.4285922050, 0.4505937099},
                   {0.0259040371, 0.7827717662, -0.8086757660}}},
                 lms);
}

QRgb fromOklab(const Triple& lab) {
    Triple lms =
        times({{{1.0, 0.3963377774, 0.2158037573}, {1.0, -0.1055613458, -0.0638541728}, {1.0, -0.0894841775, -1.2914855480}}}, lab);
    for (double& x : lms) x = x * x * x;
    const Triple rgb = times({{{4.0767416621, -3.3077115913, 0.2309699292},
                               {-1.2684380046, 2.6097574011, -0.3413193965},
                               {-0.0041960863, -0.7034186147, 1.7076147010}}},
                             lms);
    return qRgb(toChannel(rgb[0]), toChannel(rgb[1]), toChannel(rgb[2]));
}

}  // namespace

ColorMap::ColorMap(std::initializer_list<QRgb> anchors) {
    std::vector<Triple> labs;
    for (QRgb anchor : anchors) labs.push_back(oklab(anchor));
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        const double t = static_cast<double>(i) / 255.0 * static_cast<double>(labs.size() - 1);
        const std::size_t k = std::min(static_cast<std::size_t>(t), labs.size() - 2);
        const double f = t - static_cast<double>(k);
        Triple mixed;
        for (std::size_t c = 0; c < 3; ++c) mixed[c] = labs[k][c] + (labs[k + 1][c] - labs[k][c]) * f;
        m_table[i] = fromOklab(mixed);
    }
}

const ColorMap& ColorMap::of(Kind kind, bool dark) {
    static const ColorMap traceLight{0xFFFFFF, 0xBBE8F8, 0x7CCDF0, 0x3EAFE6, 0x018FD2, 0x036FB3, 0x005094, 0x0D346D, 0x141E35};
    static const ColorMap traceDark{0x0E1013, 0x0D264D, 0x004277, 0x036194, 0x0183B2, 0x2DA4CA, 0x70C3D7, 0xAEDFE5, 0xECF8F8};
    static const ColorMap balanceLight{0x821926, 0xC53248, 0xFC6479, 0xFFB8BF, 0xFFFFFF, 0xABD1FE, 0x3FA3FF, 0x0376C1, 0x004B7A};
    static const ColorMap balanceDark{0xFEBEBD, 0xEF6A75, 0xB33148, 0x6D0A26, 0x0E1013, 0x003A6E, 0x016AB8, 0x2FA1FA, 0xA9D7FF};
    // cividis: Nunez, Anderton, Renslow (2018); viridis: Smith, van der Walt (2015). Evenly spaced samples of both.
    static const ColorMap cividis{0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55, 0xFEE838};
    static const ColorMap viridis{0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725};
    static const ColorMap greyLight{0xFFFFFF, 0x000000};
    static const ColorMap greyDark{0x0E1013, 0xFFFFFF};
    static const ColorMap phaseLight{0x2A1B2E, 0x821926, 0xC53248, 0xFFB8BF, 0xFFFFFF, 0xABD1FE, 0x0376C1, 0x004B7A, 0x2A1B2E};
    static const ColorMap phaseDark{0xECE6F2, 0xFEBEBD, 0xEF6A75, 0x6D0A26, 0x0E1013, 0x003A6E, 0x2FA1FA, 0xA9D7FF, 0xECE6F2};
    switch (kind) {
        case Kind::trace:
            return dark ? traceDark : traceLight;
        case Kind::balance:
            return dark ? balanceDark : balanceLight;
        case Kind::cividis:
            return cividis;
        case Kind::viridis:
            return viridis;
        case Kind::phase:
            return dark ? phaseDark : phaseLight;
        case Kind::grey:
            break;
    }
    return dark ? greyDark : greyLight;
}

const ColorMap& ColorMap::themed(Kind kind) {
    return of(kind, Theme::instance().dark());
}

QRgb ColorMap::color(double value01) const {
    const double clamped = value01 > 0.0 ? std::min(value01, 1.0) : 0.0;
    return m_table[static_cast<std::size_t>(clamped * 255.0 + 0.5)];
}

double relativeLuminance(QRgb color) {
    return 0.2126 * toLinear(qRed(color)) + 0.7152 * toLinear(qGreen(color)) + 0.0722 * toLinear(qBlue(color));
}

double contrast(QRgb a, QRgb b) {
    const double x = relativeLuminance(a) + 0.05;
    const double y = relativeLuminance(b) + 0.05;
    return std::max(x, y) / std::min(x, y);
}

QColor ColorMap::ink(QRgb background) {
    return contrast(background, 0xFFFFFF) > contrast(background, 0x000000) ? QColor(Qt::white) : QColor(Qt::black);
}

}  // namespace lab
