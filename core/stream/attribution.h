#pragma once

#include <optional>
#include <vector>

#include "core/stream/states.h"

namespace lab {

/// What adds to the residual stream, or to the logit itself.
enum class TermKind {
    token,           ///< the token's row of the table, or what the map of a vector makes of it
    position,        ///< added to it: sinusoids or a learned row
    segment,         ///< added to it
    embedding_bias,  ///< biases of the embedding, and of its norm and map
    head,            ///< one head, or of a split one the value of one key
    attention_bias,  ///< of the output projection of attention
    mixing,          ///< what stands in attention's place
    feed_forward,    ///< without the bias of its second map
    feed_forward_bias,
    norm_bias,    ///< of the norm behind a part of a block, or of the last one
    output_bias,  ///< of the output head
    curve,        ///< what the straight line that stands for the output head's activation leaves out
    rest,         ///< of a split head: what is not its weights times its values
};
struct TermKindSpec {
    std::string_view name;
    SourceText label;  ///< %1: the layer, %2: the head
};
template <>
struct EnumRows<TermKind> {
    static constexpr std::array<TermKindSpec, 13> rows{{{"token", LAB_TEXT("stream", "token")},
                                                        {"position", LAB_TEXT("stream", "position")},
                                                        {"segment", LAB_TEXT("stream", "segment")},
                                                        {"embedding-bias", LAB_TEXT("stream", "biases of the embedding")},
                                                        {"head", LAB_TEXT("stream", "layer %1, head %2")},
                                                        {"attention-bias", LAB_TEXT("stream", "layer %1, bias of attention")},
                                                        {"mixing", LAB_TEXT("stream", "layer %1, mixing of positions")},
                                                        {"feed-forward", LAB_TEXT("stream", "layer %1, feed-forward")},
                                                        {"feed-forward-bias", LAB_TEXT("stream", "layer %1, bias of feed-forward")},
                                                        {"norm-bias", LAB_TEXT("stream", "biases of norms")},
                                                        {"output-bias", LAB_TEXT("stream", "biases of the output head")},
                                                        {"curve", LAB_TEXT("stream", "curve of the output head")},
                                                        {"rest", LAB_TEXT("stream", "rest of the head")}}};
};

struct AttributionTerm {
    TermKind kind = TermKind::token;
    int layer = -1;
    bool cross = false;  ///< of cross-attention
    int head = -1;
    int source = -1;  ///< of a split head: the key whose value it is
    double value = 0;

    Message label() const;
    /// The same part, whatever its value.
    bool isSamePart(const AttributionTerm& other) const {
        return kind == other.kind && layer == other.layer && cross == other.cross && head == other.head && source == other.source;
    }
};

/// Which number of the answer is taken apart.
struct LogitQuestion {
    int position = 0;
    int answer = 0;
    enum class Against { nothing, mean, other };
    Against against = Against::nothing;  ///< what is subtracted: the mean of all logits, or that of class `other`
    int other = -1;
    /// A head whose term is split by the keys whose values it moves: index into Model::attentionBlocks() and head.
    std::optional<std::pair<int, int>> split = {};

    bool operator==(const LogitQuestion&) const = default;
};

/// A logit, or what it is above another one, as a sum over all that the stream is made of (direct logit attribution; Elhage et al. 2021,
/// "A mathematical framework for transformer circuits"; Wang et al. 2022, arXiv 2211.00593). Every norm on the way stands as a linear map
/// with the scale that was measured: the sum is exact, but a term says what its part adds to this logit as the others are, not what would
/// happen without it.
struct Attribution {
    std::vector<AttributionTerm> terms;  ///< in the order of computation
    double sum = 0;
    double logit = 0;  ///< what was asked for, of the model's own logits
    double size = 0;   ///< sum of the terms' absolute values

    double difference() const { return sum - logit; }
};

/// Throws as streamStates does, and InputError for positions, classes and heads that are not there.
Attribution attributionOf(const StreamRuns& runs, const Input& input, const LogitQuestion& question);

/// The mean over several attributions, part by part, as they come; a part that some of them lack counts as 0 there.
class AttributionMean {
public:
    void add(const Attribution& one);
    int count() const { return m_count; }
    /// At least one has been added.
    Attribution mean() const;

private:
    Attribution m_sum;
    int m_count = 0;
};

/// The true answer at a position, asked as a mean over many inputs asks it; none where nothing is asked there. Against::other: the
/// likeliest of the wrong ones. Throws as StreamRuns::logits.
std::optional<LogitQuestion> trueAnswerAt(const StreamRuns& runs, const Input& input, int position, LogitQuestion::Against against);

}  // namespace lab
