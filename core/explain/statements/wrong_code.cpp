#include "core/explain/statements/wrong_code.h"

#include <cmath>

namespace lab::explain {
namespace {

const double* at(const std::vector<double>& values, const PositionHeads& in, int token, int heads, int head) {
    return values.data() + (token * heads + head) * in.width;
}

/// softmax over `count` products of q with what `key` gives, times what `value` gives.
template <class Of>
void mixInto(double* out, const double* q, int count, int width, Of key, Of value) {
    std::vector<double> scores;
    for (int j = 0; j < count; ++j) {
        double product = 0.0;
        for (int p = 0; p < width; ++p) product += q[p] * key(j)[p];
        scores.push_back(product / std::sqrt(static_cast<double>(width)));
    }
    const std::vector<double> weights = softmaxOf(scores);
    for (int j = 0; j < count; ++j)
        for (int p = 0; p < width; ++p) out[p] += weights[static_cast<std::size_t>(j)] * value(j)[p];
}

using RowOf = std::function<const double*(int)>;

}  // namespace

std::vector<double> attentionOverHeads(const PositionHeads& in) {
    std::vector<double> out(in.q.size());
    for (int t = 0; t < in.tokens; ++t)
        for (int h = 0; h < in.heads; ++h)
            mixInto<RowOf>(
                out.data() + (t * in.heads + h) * in.width, at(in.q, in, t, in.heads, h), in.kvHeads, in.width,
                [&](int g) { return at(in.k, in, t, in.kvHeads, g); }, [&](int g) { return at(in.v, in, t, in.kvHeads, g); });
    return out;
}

std::vector<double> attentionOverPositions(const PositionHeads& in) {
    std::vector<double> out(in.q.size());
    for (int t = 0; t < in.tokens; ++t)
        for (int h = 0; h < in.heads; ++h) {
            const int group = h / (in.heads / in.kvHeads);
            mixInto<RowOf>(
                out.data() + (t * in.heads + h) * in.width, at(in.q, in, t, in.heads, h), in.tokens, in.width,
                [&](int j) { return at(in.k, in, j, in.kvHeads, group); }, [&](int j) { return at(in.v, in, j, in.kvHeads, group); });
        }
    return out;
}

Rows weightsOf(const Rows& q, const Rows& k, bool causal) {
    Rows weights;
    for (std::size_t i = 0; i < q.size(); ++i) {
        std::vector<double> scores;
        for (std::size_t j = 0; j < k.size(); ++j)
            scores.push_back(causal && j > i ? -INFINITY : dot(q[i], k[j]) / std::sqrt(static_cast<double>(q[i].size())));
        weights.push_back(softmaxOf(scores));
    }
    return weights;
}

Rows mixed(const Rows& weights, const Rows& values) {
    Rows out;
    for (const auto& row : weights) {
        out.emplace_back(values[0].size());
        for (std::size_t j = 0; j < values.size(); ++j)
            for (std::size_t p = 0; p < values[j].size(); ++p) out.back()[p] += row[j] * values[j][p];
    }
    return out;
}

Rows rotated(const Rows& x, double base) {
    Rows turned = x;
    const std::size_t pairs = x[0].size() / 2;
    for (std::size_t m = 0; m < x.size(); ++m)
        for (std::size_t p = 0; p < pairs; ++p) {
            const double angle = static_cast<double>(m) * std::pow(base, -2.0 * static_cast<double>(p) / static_cast<double>(x[0].size()));
            turned[m][p] = x[m][p] * std::cos(angle) - x[m][p + pairs] * std::sin(angle);
            turned[m][p + pairs] = x[m][p] * std::sin(angle) + x[m][p + pairs] * std::cos(angle);
        }
    return turned;
}

std::vector<double> longRope(double base, int width, const std::vector<double>& lambda) {
    std::vector<double> theta;
    for (int i = 0; i < width / 2; ++i) theta.push_back(std::pow(base, -2.0 * i / width) / lambda[static_cast<std::size_t>(i)]);
    return theta;
}

std::vector<double> scaledExponent(double base, int width, double scaling) {
    std::vector<double> theta;
    for (int i = 0; i < width / 2; ++i) theta.push_back(std::pow(base, 2.0 * i / width * scaling));
    return theta;
}

std::vector<double> exponentTwice(double base, int width) {
    std::vector<double> theta;
    for (int i = 0; i < width / 2; ++i) theta.push_back(std::pow(std::pow(base, -2.0 * i / width), 2.0 * i / width));
    return theta;
}

namespace listings {

const Listing overHeads[2] = {{LAB_TEXT("statements", "The code"),
                                      R"(# q: (T, H, d)   k, v: (T, G, d)
d = q.shape[-1]
scores = q @ k.transpose(0, 2, 1) / np.sqrt(d)
e = np.exp(scores - scores.max(-1, keepdims=True))
weights = e / e.sum(-1, keepdims=True)  # (T, H, G)
out = weights @ v                       # (T, H, d)
)"},
                                     {LAB_TEXT("statements", "Over positions"),
                                      R"(# q: (T, H, d)   k, v: (T, G, d)
q, k, v = [a.transpose(1, 0, 2) for a in (q, k, v)]
k, v = [a.repeat(len(q) // len(a), 0) for a in (k, v)]
d = q.shape[-1]
scores = q @ k.transpose(0, 2, 1) / np.sqrt(d)
e = np.exp(scores - scores.max(-1, keepdims=True))
weights = e / e.sum(-1, keepdims=True)  # (H, T, T)
out = (weights @ v).transpose(1, 0, 2)  # (T, H, d)
)",
                                      true}};

const Listing rotation[2] = {{LAB_TEXT("statements", "The code"),
                              R"(# q, k, v: (T, d)
T, d = q.shape
theta = base ** (-2 * np.arange(d // 2) / d)
angle = np.outer(np.arange(T), theta)
cos, sin = np.cos(angle), np.sin(angle)
scores = q @ k.T / np.sqrt(d)
e = np.exp(scores - scores.max(-1, keepdims=True))
out = e / e.sum(-1, keepdims=True) @ v
)"},
                             {LAB_TEXT("statements", "Rotation applied"),
                              R"(# q, k, v: (T, d)
T, d = q.shape
theta = base ** (-2 * np.arange(d // 2) / d)
angle = np.outer(np.arange(T), theta)
cos, sin = np.cos(angle), np.sin(angle)
def turn(x):
    a, b = x[:, :d // 2], x[:, d // 2:]
    return np.hstack([a * cos - b * sin, a * sin + b * cos])
scores = turn(q) @ turn(k).T / np.sqrt(d)
e = np.exp(scores - scores.max(-1, keepdims=True))
out = e / e.sum(-1, keepdims=True) @ v
)",
                              true}};

const Listing mask[2] = {{LAB_TEXT("statements", "The code"),
                          R"(# q, k, v: (T, d)
T, d = q.shape
scores = q @ k.T / np.sqrt(d)
e = np.exp(scores - scores.max(-1, keepdims=True))
out = e / e.sum(-1, keepdims=True) @ v
)"},
                         {LAB_TEXT("statements", "With a causal mask"),
                          R"(# q, k, v: (T, d)
T, d = q.shape
scores = q @ k.T / np.sqrt(d)
scores = np.where(np.tri(T, dtype=bool), scores, -np.inf)
e = np.exp(scores - scores.max(-1, keepdims=True))
out = e / e.sum(-1, keepdims=True) @ v
)",
                          true}};

const Listing bag[2] = {mask[0],
                        {LAB_TEXT("statements", "With rotary positions and a causal mask"),
                         R"(# q, k, v: (T, d)
T, d = q.shape
theta = base ** (-2 * np.arange(d // 2) / d)
angle = np.outer(np.arange(T), theta)
cos, sin = np.cos(angle), np.sin(angle)
def turn(x):
    a, b = x[:, :d // 2], x[:, d // 2:]
    return np.hstack([a * cos - b * sin, a * sin + b * cos])
scores = turn(q) @ turn(k).T / np.sqrt(d)
scores = np.where(np.tri(T, dtype=bool), scores, -np.inf)
e = np.exp(scores - scores.max(-1, keepdims=True))
out = e / e.sum(-1, keepdims=True) @ v
)",
                         true}};

const Listing longRope[3] = {{LAB_TEXT("statements", "The code"),
                              R"(i = np.arange(d // 2)
theta = base ** (2 * i / d * scaling)
)"},
                             {LAB_TEXT("statements", "Also seen: the exponent twice"),
                              R"(i = np.arange(d // 2)
theta = (base ** (-2 * i / d)) ** (2 * i / d)
)"},
                             {LAB_TEXT("statements", "LongRoPE"),
                              R"(i = np.arange(d // 2)
theta = base ** (-2 * i / d) / lam  # lam: (d // 2,)
)",
                              true}};

}  // namespace listings

}  // namespace lab::explain
