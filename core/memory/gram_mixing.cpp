#include "core/memory/gram_mixing.h"

#include <algorithm>
#include <cmath>

#include "core/base/as_size.h"
#include "core/base/number_text.h"

namespace lab {
namespace {

/// Three decimals at most; −0 is 0; a true minus.
std::string shown(double value) {
    const double rounded = std::round(value * 1000) / 1000;
    const std::string text = numberText(rounded == 0 ? 0.0 : std::abs(rounded));
    return rounded < 0 ? "−" + text : text;
}

std::string inProduct(double value) {
    return value < 0 ? "(" + shown(value) + ")" : shown(value);
}

}  // namespace

GramMixing gramMixing(const StoredVectors& x, GramWeights kind, double beta) {
    GramMixing result{x.count, x.dimension, {}, {}, {}, {}, std::vector<double>(asSize(x.dimension) * asSize(x.dimension)), 0};
    const ModernNet net(x, kind == GramWeights::withBeta ? beta : 1.0);
    for (int i = 0; i < x.count; ++i) {
        const std::vector<double> state(x.row(i), x.row(i) + x.dimension);
        const std::vector<double> dots = net.dots(state);
        const std::vector<double> w = kind == GramWeights::raw ? dots : net.weights(state);
        const std::vector<double> mixed = net.mixture(w);
        result.products.insert(result.products.end(), dots.begin(), dots.end());
        result.weights.insert(result.weights.end(), w.begin(), w.end());
        result.mixed.insert(result.mixed.end(), mixed.begin(), mixed.end());
        double sum = 0;
        for (const double share : w) sum += share;
        result.rowSums.push_back(sum);
        for (int r = 0; r < x.dimension; ++r)
            for (int c = 0; c < x.dimension; ++c) result.hebb[asSize(r * x.dimension + c)] += state[asSize(r)] * state[asSize(c)];
    }
    for (int i = 0; i < x.count; ++i)
        for (int c = 0; c < x.dimension; ++c) {
            double byHebb = 0;
            for (int r = 0; r < x.dimension; ++r) byHebb += x.row(i)[r] * result.hebb[asSize(r * x.dimension + c)];
            result.differenceToHebb = std::max(result.differenceToHebb, std::abs(byHebb - result.mixed[asSize(i * x.dimension + c)]));
        }
    return result;
}

std::string productByHand(const StoredVectors& x, int row, int column) {
    std::string text;
    double sum = 0;
    for (int c = 0; c < x.dimension; ++c) {
        const double a = x.row(row)[c], b = x.row(column)[c];
        text += (c ? " + " : "") + inProduct(a) + " · " + inProduct(b);
        sum += a * b;
    }
    return text + " = " + shown(sum);
}

std::string mixtureByHand(const StoredVectors& x, const GramMixing& mixing, int row, int channel) {
    std::string text;
    for (int j = 0; j < x.count; ++j)
        text += (j ? " + " : "") + inProduct(mixing.weights[asSize(row * x.count + j)]) + " · " + inProduct(x.row(j)[channel]);
    return text + " = " + shown(mixing.mixed[asSize(row * x.dimension + channel)]);
}

}  // namespace lab
