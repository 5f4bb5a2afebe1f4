#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/pictures/picture_set.h"
#include "core/tasks/pictures_config.h"

// What needs no network: how far one gets with pixels alone.

namespace lab::picture_testing {

constexpr std::size_t shapePixels = std::size_t{shapesSide} * shapesSide;
constexpr std::size_t shapeClasses = shapeNames.size();

/// The first `count` pictures of a part.
struct Pixels {
    std::vector<std::uint8_t> bytes;  ///< [count, shapePixels]
    std::vector<std::size_t> labels;

    Pixels(const PictureSource& part, int count) {
        for (int i = 0; i < count; ++i) {
            const auto picture = part.picture(i);
            bytes.insert(bytes.end(), picture.begin(), picture.end());
            labels.push_back(static_cast<std::size_t>(part.labelOf(i)));
        }
    }
    const std::uint8_t* picture(std::size_t i) const { return bytes.data() + shapePixels * i; }
};

inline int squaredDistance(const std::uint8_t* a, const std::uint8_t* b) {
    int sum = 0;
    for (std::size_t k = 0; k < shapePixels; ++k) {
        const int difference = int{a[k]} - int{b[k]};
        sum += difference * difference;
    }
    return sum;
}

/// Share of `test` whose nearest picture of `train` (Euclid) is of its class.
inline double nearestNeighbourAccuracy(const Pixels& train, const Pixels& test) {
    int right = 0;
    for (std::size_t i = 0; i < test.labels.size(); ++i) {
        std::size_t nearest = 0;
        int least = squaredDistance(train.picture(0), test.picture(i));
        for (std::size_t j = 1; j < train.labels.size(); ++j)
            if (const int distance = squaredDistance(train.picture(j), test.picture(i)); distance < least) {
                least = distance;
                nearest = j;
            }
        right += train.labels[nearest] == test.labels[i];
    }
    return static_cast<double>(right) / static_cast<double>(test.labels.size());
}

/// Logistic regression on pixels, learned by stochastic gradient descent.
class LogisticRegression {
public:
    void learn(const Pixels& train, int epochs) {
        constexpr float firstRate = 0.01F;
        for (int epoch = 0; epoch < epochs; ++epoch) {
            const float rate = firstRate / (1 + static_cast<float>(epoch));
            for (std::size_t i = 0; i < train.labels.size(); ++i) step(inputOf(train.picture(i)), train.labels[i], rate);
        }
    }
    double accuracy(const Pixels& pictures) const {
        int right = 0;
        for (std::size_t i = 0; i < pictures.labels.size(); ++i) {
            const auto scores = scoresOf(inputOf(pictures.picture(i)));
            right += std::ranges::max_element(scores) - scores.begin() == static_cast<std::ptrdiff_t>(pictures.labels[i]);
        }
        return static_cast<double>(right) / static_cast<double>(pictures.labels.size());
    }

private:
    using Input = std::array<float, shapePixels + 1>;
    using Scores = std::array<float, shapeClasses>;

    static Input inputOf(const std::uint8_t* pixels) {
        Input input{};
        for (std::size_t k = 0; k < shapePixels; ++k) input[k] = static_cast<float>(pixels[k]) / 255 - 0.25F;
        input[shapePixels] = 1;
        return input;
    }
    Scores scoresOf(const Input& input) const {
        Scores scores{};
        for (std::size_t c = 0; c < shapeClasses; ++c)
            for (std::size_t k = 0; k < input.size(); ++k) scores[c] += m_weights[c][k] * input[k];
        return scores;
    }
    void step(const Input& input, std::size_t label, float rate) {
        Scores share = scoresOf(input);
        const float most = *std::ranges::max_element(share);
        float sum = 0;
        for (float& each : share) sum += each = std::exp(each - most);
        for (std::size_t c = 0; c < shapeClasses; ++c) {
            const float change = rate * (share[c] / sum - (c == label ? 1.F : 0.F));
            for (std::size_t k = 0; k < input.size(); ++k) m_weights[c][k] -= change * input[k];
        }
    }

    std::array<Input, shapeClasses> m_weights{};
};

}  // namespace lab::picture_testing
