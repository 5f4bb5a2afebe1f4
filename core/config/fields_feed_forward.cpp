#include "core/config/field_list.h"

namespace lab {
namespace {

bool hasExperts(const Experiment& e) {
    return e.model.hasExperts();
}

}  // namespace

void addFeedForwardFields(FieldList& list) {
    list.add("model.feed_forward.kind", [](auto& e) -> auto& { return e.model.feed_forward.kind; },
             {.help = kindHelp<FeedForwardKind>(LAB_TEXT("help", "What the feed-forward layer of each block is.")),
              .applies = [](const Experiment& e) { return e.model.hasFeedForward(); },
              .label = "feed-forward"});
    list.add("model.feed_forward.experts", [](auto& e) -> auto& { return e.model.feed_forward.experts; },
             {.help = LAB_TEXT("help",
                               "Number E of experts in each block. Weights grow with E; products for a position grow with top_k, but for "
                               "the router's E dot products."),
              .limits = {1, 256},
              .applies = hasExperts});
    list.add(
        "model.feed_forward.top_k", [](auto& e) -> auto& { return e.model.feed_forward.top_k; },
        {.help = LAB_TEXT("help", "How many experts read each position; at most experts."), .limits = {1, 256}, .applies = hasExperts});
    list.add(
        "model.feed_forward.balance", [](auto& e) -> auto& { return e.model.feed_forward.balance; },
        {.help = LAB_TEXT("help",
                          "Weight of the loss that spreads the choices: in each block and sequence E sum_e f_e P_e, f_e expert e's share "
                          "of the choices, P_e its mean probability (Switch, Fedus 2021, arXiv 2101.03961, there of a batch). It is 1 "
                          "where either is the same for all experts; its slope goes through P_e alone."),
         .limits = {0, 10},
         .applies = hasExperts,
         .label = "balance loss"});
    list.add("model.feed_forward.bias", [](auto& e) -> auto& { return e.model.feed_forward.bias; },
             {.help = LAB_TEXT("help", "Whether the feed-forward layer has bias vectors. Absent: as model.bias says."),
              .applies = [](const Experiment& e) { return e.model.hasFeedForward(); },
              .presence = Presence::derived,
              .label = "feed-forward bias"});
    list.add("model.feed_forward.activation", [](auto& e) -> auto& { return e.model.feed_forward.activation; },
             {.help = kindHelp<Activation>(
                  LAB_TEXT("help", "What stands between the feed-forward layer's two projections, and the feed-forward mixer's.")),
              .applies = [](const Experiment& e) { return e.model.hasFeedForward() || !attends(e); }});
}

}  // namespace lab
