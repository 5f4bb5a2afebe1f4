#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/layer_config.h"
#include "core/model/model.h"
#include "core/stream/stream_runs.h"

namespace lab {

/// After which part of a block the residual stream is read.
enum class StreamPart { embedding, mixer, cross, feed_forward };
struct StreamPartSpec {
    std::string_view name;
    SourceText label;  ///< %1: the layer
};
template <>
struct EnumRows<StreamPart> {
    static constexpr std::array<StreamPartSpec, 4> rows{{{"embedding", LAB_TEXT("stream", "embedding")},
                                                         {"attention", LAB_TEXT("stream", "layer %1, attention")},
                                                         {"cross-attention", LAB_TEXT("stream", "layer %1, cross-attention")},
                                                         {"feed-forward", LAB_TEXT("stream", "layer %1, feed-forward")}}};
};

/// A place between embedding and output head where the stream of the side that answers can be read.
struct StreamPlace {
    StreamPart part = StreamPart::embedding;
    int layer = -1;  ///< of the side that answers, from 0; -1: embedding

    Message label() const;
    bool operator==(const StreamPlace&) const = default;
};

/// The side whose stream the output head reads.
Side answeringSide(const ModelConfig& config);
/// "decoder.3"
std::string blockName(const ModelConfig& config, int layer);
/// "decoder.3.attention": what adds to the stream before `place`, which is no embedding.
std::string sublayerName(const ModelConfig& config, const StreamPlace& place);
/// Throws InputError where the output head is more than one matrix (output.kind mlp, masked-word) or none: then a vector has no logits of
/// its own.
void requireStraightHead(const ModelConfig& config);
/// In the order of computation: the embedding, then behind each part of each block. Post-norm: behind its norm, which is what goes on.
std::vector<StreamPlace> streamPlaces(const ModelConfig& config);

/// The stream of one input at all places, and what the model answered.
struct StreamStates {
    std::vector<StreamPlace> places;
    int positions = 0;
    int width = 0;  ///< d_model
    int classes = 0;
    std::vector<float> values;  ///< [places, positions, width]
    std::vector<float> logits;  ///< [positions, classes], the model's own

    const float* at(int place, int position = 0) const {
        return values.data() + (static_cast<std::ptrdiff_t>(place) * positions + position) * width;
    }
};

/// Throws InputError for inputs that the model cannot take, where positions halt at different steps (depth act: the answer is a mean over
/// steps) and where the model has no output head; PassAbandoned.
StreamStates streamStates(const StreamRuns& runs, const Input& input);

}  // namespace lab
