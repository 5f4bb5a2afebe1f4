#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/explain/walk.h"

namespace lab::explain {

/// A widespread mistake (SPEC.md 10): stated, to be judged, then refuted with numbers.
struct Mistake {
    Words claim;
    Words question;  ///< what the person is asked to predict
    std::vector<Words> choices;
    int right = 0;  ///< index into choices
    Words refutation;
    std::vector<std::pair<Words, Words>> numbers;  ///< what, how much: the model's own where it has them
};

/// What the refutations look at; without a model they use the numbers of their own examples.
struct MistakeScene {
    std::shared_ptr<const Model> model;
    NumberSource numbers;  ///< a trace, with gradients if there are any
    Question question;
};
std::vector<Mistake> mistakes(const MistakeScene& scene);

}  // namespace lab::explain
