#include "core/explain/twin_codes.h"

#include "core/base/as_size.h"

#include <algorithm>
#include <cmath>

namespace lab::explain {
namespace {

std::vector<double> softmaxOf(std::vector<double> values) {
    const double largest = *std::ranges::max_element(values);
    double sum = 0.0;
    for (double& value : values) sum += value = std::exp(value - largest);
    for (double& value : values) value /= sum;
    return values;
}

constexpr double leastShare = 1e-12;  // of which the logarithm is taken

}  // namespace

TwinCodes::TwinCodes(const BottleneckConfig& config, Node book)
    : m_config(config), m_shape(config.shape()), m_book(book), m_unit(m_shape.codes / 2) {}

TwinCodes::Row TwinCodes::rowOf(Node matrix, int row) const {
    Row values;
    for (int c = 0; c < matrix->columns; ++c) values.push_back(matrix->at(row, c));
    return values;
}

Node TwinCodes::relaxed(Tape& tape, Node numbers) const {
    if (is("fsq")) {
        const double half = (m_shape.codes - 1) * (1.0 + 1e-3) / 2.0, off = m_shape.codes % 2 == 0 ? 0.5 : 0.0;
        const double shift = std::atanh(off / half), unit = m_unit;
        return tape.map(
            numbers, [=](double h) { return (half * std::tanh(h + shift) - off) / unit; },
            [=](double h) { return half / unit / (std::cosh(h + shift) * std::cosh(h + shift)); });
    }
    if (is("bits"))
        return tape.map(
            numbers, [](double h) { return std::tanh(h); }, [](double h) { return 1.0 / (std::cosh(h) * std::cosh(h)); });
    return is("vq") ? tape.scale(numbers, 1.0) : tape.softmax(numbers);
}

TwinCodes::Row TwinCodes::distances(const Row& relaxed) const {
    Row found;
    for (int k = 0; k < m_shape.codes; ++k) {
        double sum = 0.0;
        for (int c = 0; c < m_shape.width; ++c) sum += std::pow(relaxed[asSize(c)] - m_book->at(k, c), 2);
        found.push_back(sum);
    }
    return found;
}

int TwinCodes::codeOf(const Row& relaxed) const {
    if (is("fsq")) return std::clamp(static_cast<int>(std::nearbyint(relaxed[0] * m_unit) + m_unit), 0, m_shape.codes - 1);
    if (is("bits")) return relaxed[0] >= 0.0 ? 1 : 0;
    const Row near = is("vq") ? distances(relaxed) : Row();
    return static_cast<int>(is("vq") ? std::ranges::min_element(near) - near.begin() : std::ranges::max_element(relaxed) - relaxed.begin());
}

std::vector<int> TwinCodes::codes(Node relaxed) const {
    std::vector<int> found;
    for (int slot = 0; slot < relaxed->rows; ++slot) found.push_back(codeOf(rowOf(relaxed, slot)));
    return found;
}

std::vector<double> TwinCodes::sent(const std::vector<int>& codes) const {
    std::vector<double> values;
    for (const int code : codes)
        for (int c = 0; c < m_shape.width; ++c)
            values.push_back(is("fsq")    ? (code - m_unit) / m_unit
                             : is("bits") ? 2.0 * code - 1.0
                             : is("vq")   ? m_book->at(code, c)
                                          : (c == code ? 1.0 : 0.0));
    return values;
}

/// fsq: among the levels; the bound reaches a little over the outermost.
double TwinCodes::place(double relaxed) const {
    return std::clamp((relaxed + 1.0) * m_unit, 0.0, m_shape.codes - 1.0);
}

/// How a slot's relaxed code shares itself among the codes.
TwinCodes::Row TwinCodes::shares(const Row& relaxed) const {
    if (is("bits")) return {(1.0 - relaxed[0]) / 2.0, (1.0 + relaxed[0]) / 2.0};
    if (is("vq")) {
        Row near = distances(relaxed);
        for (double& distance : near) distance = -distance;
        return softmaxOf(std::move(near));
    }
    if (!is("fsq")) return relaxed;
    Row all;
    for (int k = 0; k < m_shape.codes; ++k) all.push_back(std::max(0.0, 1.0 - std::abs(place(relaxed[0]) - k)));
    return all;
}

/// From the slope at the shares to that at the relaxed code; the table counts as given.
TwinCodes::Row TwinCodes::sharesBack(const Row& relaxed, const Row& slope) const {
    if (is("bits")) return {(slope[1] - slope[0]) / 2.0};
    const Row all = shares(relaxed);
    Row back(asSize(m_shape.width), 0.0);
    if (is("fsq")) {
        const double where = place(relaxed[0]);
        for (int k = 0; k < m_shape.codes; ++k)
            if (all[asSize(k)] > 0.0 && where > 0.0 && where < m_shape.codes - 1)
                back[0] += (where < k ? m_unit : -m_unit) * slope[asSize(k)];
        return back;
    }
    if (!is("vq")) return slope;
    double mean = 0.0;
    for (int k = 0; k < m_shape.codes; ++k) mean += all[asSize(k)] * slope[asSize(k)];
    for (int k = 0; k < m_shape.codes; ++k)
        for (int c = 0; c < m_shape.width; ++c)
            back[asSize(c)] -= 2.0 * all[asSize(k)] * (slope[asSize(k)] - mean) * (relaxed[asSize(c)] - m_book->at(k, c));
    return back;
}

double TwinCodes::commitment(Node relaxed, const std::vector<int>& codes) const {
    double sum = 0.0;
    for (int slot = 0; m_book && slot < relaxed->rows; ++slot)
        for (int c = 0; c < relaxed->columns; ++c) sum += std::pow(relaxed->at(slot, c) - m_book->at(codes[asSize(slot)], c), 2);
    return (1.0 + m_shape.commitment) * sum / relaxed->rows;
}

/// The table's row is drawn to the slot, and by beta the slot to it.
void TwinCodes::commitmentBack(Node relaxed, const std::vector<int>& codes, double gradient) const {
    for (int slot = 0; m_book && slot < relaxed->rows; ++slot)
        for (int c = 0; c < relaxed->columns; ++c) {
            const int code = codes[asSize(slot)];
            const double slope = 2.0 * gradient * (relaxed->at(slot, c) - m_book->at(code, c)) / relaxed->rows;
            relaxed->gradAt(slot, c) += m_shape.commitment * slope;
            m_book->gradAt(code, c) -= slope;
        }
}

/// ln K - H of each slot's shares, in the mean.
double TwinCodes::usage(Node relaxed) const {
    double sum = 0.0;
    for (int slot = 0; slot < relaxed->rows; ++slot) {
        sum += std::log(static_cast<double>(m_shape.codes));
        for (const double share : shares(rowOf(relaxed, slot))) sum += share * std::log(std::max(share, leastShare));
    }
    return sum / relaxed->rows;
}

void TwinCodes::usageBack(Node relaxed, double gradient) const {
    for (int slot = 0; slot < relaxed->rows; ++slot) {
        Row slope = shares(rowOf(relaxed, slot));
        for (double& share : slope) share = gradient * (std::log(std::max(share, leastShare)) + 1.0) / relaxed->rows;
        const Row back = sharesBack(rowOf(relaxed, slot), slope);
        for (int c = 0; c < relaxed->columns; ++c) relaxed->gradAt(slot, c) += back[asSize(c)];
    }
}

Node TwinCodes::cost(Tape& tape, Node relaxed, const std::vector<int>& codes) const {
    const double weight = m_config.usage;
    if (!m_book && weight <= 0.0) return nullptr;
    const double value = commitment(relaxed, codes) + (weight > 0.0 ? weight * usage(relaxed) : 0.0);
    return tape.cost(value, [*this, relaxed, codes, weight](double gradient) {
        commitmentBack(relaxed, codes, gradient);
        if (weight > 0.0) usageBack(relaxed, weight * gradient);
    });
}

}  // namespace lab::explain
