#include "core/config/field_list.h"

namespace lab {
namespace {

bool hasTwoSides(const Experiment& e) {
    return specOf(e.model.architecture).twoSides();
}

bool hasBottleneck(const Experiment& e) {
    return e.model.hasBottleneck();
}

}  // namespace

void addBottleneckFields(FieldList& list) {
    const auto kind = [](auto& e) -> auto& {
        return e.model.bottleneck.kind;
    };
    list.add("model.bottleneck.kind", kind,
             {.help = kindHelp<BottleneckSpec>(LAB_TEXT(
                  "help",
                  "What an encoder-decoder's decoder is told of the source: with all but none a code, so that a sequence has a whole "
                  "number, the codes of its slots in mixed radix. In each slot the gradient goes through the choice of a code as "
                  "if it were none (straight-through: Bengio 2013, arXiv 1308.3432), but for gumbel, which stays soft in training.")),
              .applies = hasTwoSides,
              .common = true,
              .label = "bottleneck"});
    list.addParameters("model.bottleneck", kind, [](auto& e) -> auto& { return e.model.bottleneck.parameters; },
                       {.applies = hasTwoSides, .common = true});
    list.add("model.bottleneck.usage", [](auto& e) -> auto& { return e.model.bottleneck.usage; },
             {.help = LAB_TEXT("help",
                               "Weight of the loss ln K - H of a slot's mean shares, which is 0 when all K codes are used alike; over the "
                               "sequences that are computed together, up to 512 positions."),
              .limits = {0, 100},
              .applies = hasBottleneck});
    list.add(
        "model.bottleneck.injectivity", [](auto& e) -> auto& { return e.model.bottleneck.injectivity; },
        {.help = LAB_TEXT("help",
                          "Weight of the loss 1/2 max(0, m - D)^2, with D the distance of two sequences' codes before these are chosen "
                          "and m that of neighbouring codes, of vq 1 (Hadsell 2006, eq. 4): the mean over pairs of the sequences "
                          "that are computed together, 0 where both are the same."),
         .limits = {0, 100},
         .applies = hasBottleneck});
}

}  // namespace lab
