// Form latent: one short vector of a token, of which keys and values are made.

#include <memory>

#include "core/explain/quantities.h"

namespace lab::explain {
namespace {

/// One map after the other: y = U (W x + b) + e as one matrix and one bias.
struct Composed {
    int columns = 0;
    std::vector<double> matrix;  ///< [rows, columns]
    std::vector<double> bias;    ///< [rows]

    void add(const ParameterView& second, const ParameterView& secondBias, int row, const ParameterView& first,
             const ParameterView& firstBias, int inner) {
        double constant = secondBias ? secondBias(0, row) : 0.0;
        std::vector<double> sums(static_cast<std::size_t>(columns));
        for (int n = 0; n < inner; ++n) {
            const double factor = second(row, n);
            if (firstBias) constant += factor * firstBias(0, n);
            for (int c = 0; c < columns; ++c) sums[static_cast<std::size_t>(c)] += factor * first(n, c);
        }
        matrix.insert(matrix.end(), sums.begin(), sums.end());
        bias.push_back(constant);
    }
    void add(const ParameterView& only, const ParameterView& onlyBias, int row) {
        for (int c = 0; c < columns; ++c) matrix.push_back(only(row, c));
        bias.push_back(onlyBias ? onlyBias(0, row) : 0.0);
    }
};

void read(Graph& g, const char* matrix, const char* bias, Composed composed) {
    const auto kept = std::make_shared<const Composed>(std::move(composed));
    g.at(matrix).read = [kept](Entry e) {
        return kept->matrix[static_cast<std::size_t>(e.row) * static_cast<std::size_t>(kept->columns) + static_cast<std::size_t>(e.column)];
    };
    if (Node* node = g.find(bias)) node->read = [kept](Entry e) { return kept->bias[static_cast<std::size_t>(e.column)]; };
}

}  // namespace

bool isSharedChannel(const Context& c, int channel, int shared) {
    if (shared == 0) return false;
    const bool halves = c.config().position.rope.pairing == RopePairing::half;
    return (halves ? channel % (c.headDim / 2) : channel / 2) < shared / 2;
}

void addLatent(Graph& g) {
    const Context& c = g.context();
    const auto view = [&c](const char* suffix) { return c.parameter(c.name(suffix)); };
    const ParameterView down = view(".latent.weight"), downBias = view(".latent.bias");
    const int latent = *c.config().attention.latent_dim;
    const int shared = c.is("rope") ? c.config().position.rope.dims.value_or(c.headDim) : 0;
    Composed keptOf{c.d, {}, {}}, keys{c.d, {}, {}}, values{c.d, {}, {}};
    for (int n = 0; n < latent; ++n) keptOf.add(down, downBias, n);
    for (int n = 0; n < shared; ++n) keptOf.add(view(".shared_key.weight"), view(".shared_key.bias"), n);
    for (int h = 0; h < c.block.heads; ++h)
        for (int p = 0, turned = 0, rested = 0; p < c.headDim; ++p) {
            if (isSharedChannel(c, p, shared))
                keys.add(view(".shared_key.weight"), view(".shared_key.bias"), turned++);
            else
                keys.add(view(".key.weight"), view(".key.bias"), h * (c.headDim - shared) + rested++, down, downBias, latent);
            values.add(view(".value.weight"), view(".value.bias"), h * c.headDim + p, down, downBias, latent);
        }
    read(g, "W_c", "b_c", std::move(keptOf));
    read(g, "W_K", "b_K", std::move(keys));
    read(g, "W_V", "b_V", std::move(values));
    g.at("W_c").note = [latent](Entry e) {
        return e.row < latent ? LAB_TEXT("explain", "a trained weight of W_{\u2113}")
                              : LAB_TEXT("explain", "a trained weight of the key that all heads share");
    };
    g.at("W_K").note = [&c, shared](Entry e) {
        return isSharedChannel(c, e.row % c.headDim, shared) ? LAB_TEXT("explain", "a trained weight of the key that all heads share")
                                                             : LAB_TEXT("explain", "W_{K} times W_{\u2113}, as one matrix");
    };
    g.at("W_V").note = [](Entry) { return LAB_TEXT("explain", "W_{V} times W_{\u2113}, as one matrix"); };
    for (const char* name : {"b_c", "b_K", "b_V"})
        if (Node* bias = g.find(name)) bias->note = [](Entry) { return LAB_TEXT("explain", "what the biases come to"); };
}

}  // namespace lab::explain
