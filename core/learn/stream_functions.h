#pragma once

#include <array>
#include <string_view>

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

/// What an expression may ask of the residual stream of the input that is read (core/stream), calculated by the facts (Facts::ofStream).
/// A class is the number of an answer, a place one of the stream's, 0 the embedding. `changed` and `token`: the input is compared with the
/// one that has that token at position `changed`, by the logit of what it answers at `position` less that of what the other answers there.
enum class StreamFunction {
    answer,
    target,
    token,
    read,
    place,
    lens,
    decided,
    head_writes,
    head_writes_from,
    part_writes,
    all_write,
    corrupted_answer,
    recovered_stream,
    recovered_attention,
    recovered_feed_forward,
    recovered_head,
    lost_head,
    recovered_path,
    composition
};
struct StreamFunctionSpec {
    std::string_view name;
    std::string_view arguments;  ///< in their order, blanks between them; the one behind [ may be left out
    SourceText help;

    bool takes(std::size_t count) const;
};
template <>
struct EnumRows<StreamFunction> {
    static constexpr std::array<StreamFunctionSpec, 19> rows{{
        {"answer", "position", LAB_TEXT("learn", "the class that the model answers there")},
        {"target", "position", LAB_TEXT("learn", "the class that is right there")},
        {"token", "word", LAB_TEXT("learn", "the number of a token that is written so")},
        {"read", "position", LAB_TEXT("learn", "the number of the token that is read there")},
        {"place", "layer [part", LAB_TEXT("learn", "the place behind a layer (−1: the embedding), or behind its part \"attention\"")},
        {"lens", "place position class", LAB_TEXT("learn", "the probability of the class by the lens")},
        {"decided", "position", LAB_TEXT("learn", "the place from which on the answer is the likeliest class for good")},
        {"head_writes", "layer head position class [other",
         LAB_TEXT("learn", "what a head adds to the logit of the class, less the mean of all logits or that of another class")},
        {"head_writes_from", "key layer head position class [other", LAB_TEXT("learn", "the share of that which is the value of one key")},
        {"part_writes", "part layer position class [other",
         LAB_TEXT("learn", "the same of \"token\", \"position\", \"feed-forward\" and the other parts of a logit (layer −1: of none)")},
        {"all_write", "position class [other", LAB_TEXT("learn", "the sum of all parts, which is the logit, less the mean or the other")},
        {"corrupted_answer", "position changed token", LAB_TEXT("learn", "what is answered with the token in the place of another")},
        {"recovered_stream", "layer at position changed token",
         LAB_TEXT("learn", "how much of the answer comes back when the stream behind a layer is restored at one position")},
        {"recovered_attention", "layer at position changed token", LAB_TEXT("learn", "the same of what attention adds there")},
        {"recovered_feed_forward", "layer at position changed token",
         LAB_TEXT("learn", "the same of what the feed-forward part adds there")},
        {"recovered_head", "layer head position changed token", LAB_TEXT("learn", "the same of a head at all positions")},
        {"lost_head", "layer head position changed token",
         LAB_TEXT("learn", "how much of the answer goes when the head is as with the other token")},
        {"recovered_path", "layer head layer head end position changed token",
         LAB_TEXT("learn", "how much comes back by the way from one head into the \"query\", \"key\" or \"value\" of another alone")},
        {"composition", "layer head layer head end",
         LAB_TEXT("learn", "how much of what the first head writes the other reads, by their weights, above random ones")},
    }};
};

}  // namespace lab
