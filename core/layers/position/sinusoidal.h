#pragma once

#include <vector>

namespace lab {

/// Row `position` of the sinusoidal table (Vaswani et al. 2017, 3.5): PE(pos, 2i) = sin(pos / 10000^(2i/d)), PE(pos, 2i + 1) = cos(same).
void sinusoidalRow(int position, int d, double* row);

/// Rows 0 .. length - 1 of it, [length, d].
std::vector<double> sinusoidalTable(int length, int d);

/// P [length, length, posDim] of KV+Pos (package positional_encodings, PositionalEncoding2D): the row's sin and cos in turn over c / 2
/// frequencies 10000^(-2k/c), c = 2 ceil(posDim / 4), then the column's, cut to posDim channels. P_ij = [e(i), e(j)][: posDim].
class GridEncoding {
public:
    explicit GridEncoding(int posDim);

    int posDim() const { return m_posDim; }
    /// Channels 0 .. rowChannels() - 1 depend on the row (query) only, the others on the column (key) only.
    int rowChannels() const;
    /// P_ijc
    double channel(int c, int i, int j) const;

private:
    int m_posDim;
    int m_half;
};

}  // namespace lab
