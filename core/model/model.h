#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/model/trace.h"
#include "core/patterns/visibility.h"
#include "core/tensor/parameter_layout.h"
#include "core/tensor/weights.h"

namespace lab {

struct ModelConfig;
class Network;
class TransposedLayout;

/// Where attention happens in a model: what a view needs to list and label the maps.
struct AttentionBlock {
    std::string name;  ///< prefix of its trace tensors: "encoder.0.attention", "decoder.1.cross_attention"
    std::string side;  ///< "encoder" or "decoder"
    int layer = 0;     ///< from 0, within its side
    int heads = 0;
    int kvHeads = 0;
    bool cross = false;     ///< keys are the encoder's tokens, queries the target tokens
    Visibility visibility;  ///< who sees whom
    int slotCount = 0;      ///< keys are so many slots of a bottleneck in place of the encoder's tokens; 0: they are tokens
    /// A row of weights adds up to 1, with a sink to less; else they are of any size and sign (KernelSpec::rowsSumToOne, differences of
    /// maps).
    bool shares = true;
    /// The block that makes the keys and values it reads: itself unless layers share them (model.attention.share_kv).
    std::string keyOwner = {};
    bool sink = false;  ///< a learned logit of each head takes a share of each row: trace tensor BLOCK.sunk [heads, queries]
};

/// What a transformer is, without its weights. Immutable and shared by all threads.
class Model {
public:
    /// `config` resolved and validated.
    explicit Model(const ModelConfig& config);
    ~Model();

    const ModelConfig& config() const { return *m_config; }
    const ParameterLayout& layout() const { return m_layout; }
    /// In the order of computation; none where another mixer stands for attention.
    const std::vector<AttentionBlock>& attentionBlocks() const { return m_attentionBlocks; }

    /// Everything one sequence makes of these weights, dropout off, dense path. Throws InputError for tokens outside the vocabulary, for
    /// sequences that are empty, too long for the model (ModelConfig::isBounded) or over maxTraceLength, and for interventions that do not
    /// fit.
    Trace trace(const Weights& weights, const Input& input, const TraceRequest& request = {}) const;
    Trace trace(const Weights& weights, const Input& input, const TraceRequest& request, TraceMemory& memory) const;

    /// The training path, for Trainer, inference and tests (core/model/network.h).
    const Network& network() const { return *m_network; }
    const TransposedLayout& transposed() const { return *m_transposed; }
    /// The transposed copies of all linear maps of these weights, as the training path reads them.
    template <class T>
    BasicWeights<T> transposedCopy(const BasicWeights<T>& weights) const;

private:
    std::unique_ptr<const ModelConfig> m_config;
    ParameterLayout m_layout;
    std::vector<AttentionBlock> m_attentionBlocks;
    std::unique_ptr<TransposedLayout> m_transposed;
    std::unique_ptr<const Network> m_network;
};

/// The class with the largest logit at each position of a trace (lowest index wins): the model's answer given the true input.
std::vector<int> predictions(const Trace& trace);

}  // namespace lab
