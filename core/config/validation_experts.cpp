#include "core/config/experiment.h"
#include "core/config/problem_list.h"

namespace lab {

void checkExperts(const Experiment& e, ProblemList& problems) {
    const FeedForwardConfig& layer = e.model.feed_forward;
    if (!specOf(layer.kind).routed) return;
    if (!e.model.hasFeedForward())
        problems.add("model.d_ff",
                     Message(LAB_TEXT("config", "feed_forward.kind %1 needs feed-forward layers; use at least 1, or kind dense"))
                         .arg(nameOf(layer.kind)));
    if (problems.sound({"model.feed_forward.experts", "model.feed_forward.top_k"}) && layer.top_k > layer.experts)
        problems.add("model.feed_forward.top_k",
                     Message(LAB_TEXT("config", "%1 is more than the %2 experts that there are; use at most %2"))
                         .arg(layer.top_k)
                         .arg(layer.experts));
    if (specOf(e.model.dictionary.kind).lookedUp)
        problems.add(
            "model.feed_forward.kind",
            Message(LAB_TEXT("config", "%1 do not read what a token finds in a dictionary that is %2; use dense, or another dictionary"))
                .arg(nameOf(layer.kind))
                .arg(nameOf(e.model.dictionary.kind)));
}

}  // namespace lab
