#pragma once

#include <functional>
#include <vector>

#include "core/base/message.h"
#include "core/config/model_config.h"
#include "core/patterns/visibility.h"

namespace lab {

/// Pairs of a query and a key that it sees, of n positions.
struct PairCount {
    double pairs = 0;
    bool exact = true;  ///< otherwise counted for some of the queries: the first, the last and some between them, each for its neighbours
};
/// A window of 64 is counted exactly up to the longest sequence here.
inline constexpr double mostAskedOf = 1.8e7;
/// Asks Visibility of every pair that the pattern names, as long as these are not more than `mostAsked`.
PairCount pairsSeen(const Visibility& visibility, int n, double mostAsked = mostAskedOf);

/// What a model takes to read a sequence of n tokens, of two sides n each; by the shapes (core/config/layer_cost.h). Of a
/// stack that halts as if no position did, its halting unit left out.
struct ModelCost {
    int length = 0;
    double weights = 0;      ///< numbers; learned positions have to reach so far
    double activations = 0;  ///< bytes, about: what waits for the backward pass of one sequence, as this program trains
    double cache = 0;        ///< bytes: keys and values, keys alone or a state, when a decoder has read n tokens here; 0: it writes nothing
    double state = 0;        ///< bytes of the running sums that could stand in the cache's place; 0: they could not

    // Multiply-adds of the sequence's forward pass.
    double projections = 0;  ///< queries, keys, values and output; of a model without attention the net that mixes positions
    double feedForward = 0;
    double attention = 0;  ///< scores and mixing, of the pairs that are seen, or through the running sums
    double answers = 0;    ///< the layers in front of the logits, and the map from vectors in front of the model

    PairCount pairs;      ///< of the first layer that attends
    double mapBytes = 0;  ///< of one head's weights of these pairs, 4 bytes a number

    double products() const { return projections + feedForward + attention + answers; }
    double productsPerToken() const { return products() / length; }
    double pairsPerQuery() const { return pairs.pairs / length; }
};

inline constexpr int shortestCosted = 64, longestCosted = 131072;
/// 64, 128, ... 131072.
std::vector<int> costedLengths();

/// `model` resolved and validated.
ModelCost costOf(const ModelConfig& model, int n, double mostAsked = mostAskedOf);
/// The longest sequence that the model can read as it is trained; 0: any.
int longestOf(const ModelConfig& model);
/// 4 n^2: the whole map of one head.
double wholeMapBytes(int n);

/// A model's costs with one pattern.
struct CostLine {
    PatternConfig pattern;
    bool own = false;  ///< the model's
    std::vector<ModelCost> points;
};
/// The model's own pattern first, then every row of the table with its usual numbers that the model could have and that is not the model's
/// own, but for those that hash, whose pairs hang on the vectors; none beside the own where nothing attends, where weights fade, and where
/// its first queries have projections of their own.
std::vector<PatternConfig> costedPatterns(const ModelConfig& model);
/// A row of the table with its usual numbers.
PatternConfig usualPattern(const PatternSpec& row);
/// "sliding-window, window 64".
Message patternText(const PatternConfig& pattern);
ModelConfig withPattern(ModelConfig model, const PatternConfig& pattern);
/// For every pattern and length; asked between them whether it is still wanted, and ends without the rest when not.
std::vector<CostLine> costLines(const ModelConfig& model, const std::vector<int>& lengths, const std::function<bool()>& wanted = {});

}  // namespace lab
