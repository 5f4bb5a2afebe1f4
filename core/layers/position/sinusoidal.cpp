#include "core/layers/position/sinusoidal.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

constexpr double base = 10000.0;  // of the wavelengths (Vaswani et al. 2017, 3.5)

}  // namespace

void sinusoidalRow(int position, int d, double* row) {
    for (int i = 0; i < d; i += 2) {
        const double angle = position * std::exp(-i * std::log(base) / d);
        row[i] = std::sin(angle);
        if (i + 1 < d) row[i + 1] = std::cos(angle);
    }
}

std::vector<double> sinusoidalTable(int length, int d) {
    std::vector<double> table(static_cast<std::size_t>(length) * static_cast<std::size_t>(d));
    for (int position = 0; position < length; ++position)
        sinusoidalRow(position, d, table.data() + static_cast<std::ptrdiff_t>(position) * d);
    return table;
}

GridEncoding::GridEncoding(int posDim) : m_posDim(posDim), m_half(2 * ((posDim + 3) / 4)) {}

int GridEncoding::rowChannels() const {
    return std::min(m_half, m_posDim);
}

double GridEncoding::channel(int c, int i, int j) const {
    const int position = c < m_half ? i : j;
    const int within = c < m_half ? c : c - m_half;
    const double angle = position * std::pow(base, -static_cast<double>(within / 2 * 2) / m_half);
    return within % 2 == 0 ? std::sin(angle) : std::cos(angle);
}

}  // namespace lab
