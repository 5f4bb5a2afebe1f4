#include "core/config/experiment.h"
#include "core/config/problem_list.h"

namespace lab {

/// A gradient step is what one layer adds; what halting mixes of several steps is none.
void checkDepth(const Experiment& e, ProblemList& problems) {
    const DepthSpec& depth = specOf(e.model.depth.kind);
    if (depth.halts && e.model.init == Initialisation::gradient_descent)
        problems.add("model.depth.kind",
                     Message(LAB_TEXT("config",
                                      "%1 mixes the states of several steps, but init gradient-descent makes each layer one gradient "
                                      "step; use layers or tied"))
                         .arg(depth.name));
}

}  // namespace lab
