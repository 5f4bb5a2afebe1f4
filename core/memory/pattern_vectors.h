#pragma once

#include <vector>

#include "core/memory/modern.h"
#include "core/memory/pattern.h"

namespace lab {

/// A picture as a vector of +1 and -1, so that |x|^2 is the number of its pixels.
std::vector<double> vectorOf(const Pattern& pattern);
/// All of one size; none gives no vectors of no numbers.
StoredVectors vectorsOf(const std::vector<Pattern>& patterns);
/// A state's signs as a picture of the size of `like`; 0 is off.
Pattern signsOf(const std::vector<double>& state, const Pattern& like);

/// 1/sqrt(d): attention's scale, for vectors of d numbers of which each is about 1.
double attentionBeta(int dimension);

}  // namespace lab
