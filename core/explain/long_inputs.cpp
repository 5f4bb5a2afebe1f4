#include "core/explain/long_inputs.h"

#include "core/config/model_config.h"

namespace lab::explain {

std::span<const LongInputIdea> longInputIdeas() {
    static constexpr LongInputIdea ideas[] = {
        {LAB_TEXT("explain", "Attention in tiles"),
         LAB_TEXT("explain",
                  "as in FlashAttention takes each row of the map tile by tile with a running maximum and sum, so that no whole map is "
                  "ever stored: the "
                  "result and the pairs stay, the memory grows with n alone"),
         "Dao 2022, arXiv 2205.14135"},
        {LAB_TEXT("explain", "Compressive Transformer"),
         LAB_TEXT("explain",
                  "keeps hidden states of earlier segments and squeezes the oldest into fewer instead of dropping them; attention "
                  "reads both kinds"),
         "Rae 2019, arXiv 1911.05507"},
        {LAB_TEXT("explain", "Routing Transformer"),
         LAB_TEXT("explain",
                  "sorts queries and keys into clusters by k-means while it trains, and a query looks only at keys of its own cluster: "
                  "with about \u221An clusters some n\u221An pairs"),
         "Roy 2020, arXiv 2003.05997"},
        {LAB_TEXT("explain", "MEGA"),
         LAB_TEXT("explain",
                  "puts a learned moving average over the sequence, which favours what is near, in front of one gated head of attention; "
                  "a variant attends within chunks of one length, in linear time"),
         "Ma 2022, arXiv 2209.10655"},
        {LAB_TEXT("explain", "Hierarchical attention"),
         LAB_TEXT("explain",
                  "as in H-Transformer-1D looks at near keys one by one and at far ones in blocks that get coarser with the distance, "
                  "which makes time and memory "
                  "linear in n"),
         "Zhu 2021, arXiv 2107.11906"},
        {LAB_TEXT("explain", "Retrieval"),
         LAB_TEXT("explain",
                  "as in RAG and RETRO looks passages up in a collection outside the model and reads but these: what is only stored costs "
                  "no pair, what was "
                  "found does"),
         "Lewis 2020, arXiv 2005.11401; Borgeaud 2021, arXiv 2112.04426"},
        {LAB_TEXT("explain", "Mixed precision"),
         LAB_TEXT("explain",
                  "stores most numbers in 16 bits, beside a copy of the weights in 32 for the updates: bytes fall, multiply-adds stay; "
                  "this program trains in 32"),
         "Micikevicius 2017, arXiv 1710.03740"},
    };
    return ideas;
}

Message whyWeightsStay(const ModelConfig& model) {
    const SourceText stay = LAB_TEXT("explain",
                                     "Every matrix of weights is applied to one row (token) at a time, and each row meets the same "
                                     "numbers: none of their shapes has an n in it. A longer input takes more computing, for there are "
                                     "more rows and far more pairs of rows, and more memory for rows, maps, keys and values.");
    const SourceText table = LAB_TEXT("explain",
                                      "Every matrix of weights is applied to one row (token) at a time, and each row meets the same "
                                      "numbers: none of their shapes has an n in it, but that of the table of learned positions, which "
                                      "has a row for each. A longer input takes more computing, for there are more rows and far more "
                                      "pairs of rows, and more memory for rows, maps, keys and values.");
    return specOf(model.position.kind).learnedTable ? table : stay;
}

}  // namespace lab::explain
