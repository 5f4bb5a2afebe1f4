#pragma once

#include <optional>
#include <span>

#include "core/layers/bottleneck.h"
#include "core/layers/dictionary.h"
#include "core/layers/embedding.h"
#include "core/model/block.h"
#include "core/model/output_head.h"
#include "core/tensor/batch.h"

namespace lab {

/// Some consecutive sequences of a batch.
struct BatchView {
    Sequences source;
    const int* tokens = nullptr;        ///< [B, T]
    Sequences target;                   ///< the decoder's side of an encoder-decoder; count 0 otherwise
    const int* targetTokens = nullptr;  ///< [B, T2]
    const int* targets = nullptr;       ///< [B, T] or [B, T2]; -1 = no loss; null = none known
    const float* vectors = nullptr;     ///< [B, T, input_dim] of a model of vectors
    const float* values = nullptr;      ///< [B, T or T2, num_classes] of a model that answers numbers; null with `targets`
    int firstSample = 0;
    int ofSequences = 0;  ///< of the batch that these are part of

    /// What the encoder, or a decoder alone, reads.
    Embedding::Rows inputs() const { return {tokens, vectors}; }
    /// What the decoder of an encoder-decoder reads.
    Embedding::Rows targetInputs() const { return {targetTokens, nullptr}; }
    /// Rows that give logits.
    const Sequences& output() const { return target.count > 0 ? target : source; }
};

BatchView viewOf(const Batch& batch, int firstSequence, int count);

/// Sums over some sequences; divide by `counted` and `sequences` for the means.
struct PassSums {
    double loss = 0;
    double squares = 0;  ///< of the numbers asked for, halved as the loss is
    double beside = 0;   ///< what is paid beside the answers (a bottleneck's codes, Pass::beside), summed over the sequences; not in `loss`
    double answerCost = 0;  ///< Pass::answerCost, summed over what counts; not in `loss`
    int counted = 0;
    int correct = 0;
    int sequences = 0;
    int sequencesRight = 0;  ///< every counting position right

    PassSums& operator+=(const PassSums& other);
};

/// The layers of a model and their order: embedding, stacks, output head (encoder; decoder; encoder and decoder with cross-attention).
class Network {
public:
    Network(LayerBuilder builder, const ModelConfig& config);

    int classes() const { return m_head.classes(); }
    int logitStride() const { return m_head.stride(); }

    /// Logits [rows of output(), logitStride()], arrays of the pass.
    template <class T>
    const T* logits(Pass<T>& pass, const BatchView& view) const;
    /// What the output head makes of states of the residual stream [rows, d_model] of the side that answers, read as if no block came
    /// behind them: logits [rows, logitStride()]. Of the state behind the last block these are the model's own, bit for bit.
    template <class T>
    const T* read(Pass<T>& pass, const Sequences& sequences, const T* stream) const;
    /// Loss and accuracies without a backward pass. `right` is led to an array of the pass, one for each row of output(): 0 where a
    /// counting position is wrong.
    template <class T>
    PassSums evaluate(Pass<T>& pass, const BatchView& view, const signed char** right = nullptr) const;
    /// Nothing when the pass was abandoned on its way.
    std::optional<PassSums> evaluateUnlessAbandoned(Pass<float>& pass, const BatchView& view) const;
    /// Forward and backward; adds to pass.gradient the gradient of lossWeight * sum of the losses.
    template <class T>
    PassSums train(Pass<T>& pass, const BatchView& view, T lossWeight) const;

    /// With a bottleneck: the codes of the view's sequences, [sequences * slots].
    template <class T>
    std::vector<int> codes(Pass<T>& pass, const BatchView& view) const;
    /// What they cost, unweighted.
    template <class T>
    CodeLosses codeLosses(Pass<T>& pass, const BatchView& view) const;
    /// The logits, [target rows, logitStride()], of a decoder that is given codes [sequences * slots] in place of a source.
    template <class T>
    const T* logitsOfCodes(Pass<T>& pass, const BatchView& target, const int* codes) const;
    /// What block `block` makes of its input x [rows, d_model] once more, for a tap; only where blocksStandAlone.
    void repeat(Pass<float>& pass, const Sequences& sequences, std::size_t block, const float* x) const;
    /// Whether there is one stack, whose blocks need nothing but their input.
    bool blocksStandAlone() const { return m_encoder.has_value() != m_decoder.has_value() && onlyStack().standAlone(); }

    /// Null without one.
    const Bottleneck* bottleneck() const { return m_bottleneck ? &*m_bottleneck : nullptr; }

    /// The loss of given logits, whatever the sequences; dlogits may be null or the logits, `right` [rows of output()] null.
    template <class T>
    PassSums lossOf(const Pass<T>& pass, const BatchView& view, const T* logits, T lossWeight = 0, T* dlogits = nullptr,
                    signed char* right = nullptr) const;

    /// Decoding token by token: what the decoder keeps, one entry a block.
    struct Stores : std::vector<Block::Stores<float>> {
        DictionaryTable<float> dictionary;  ///< empty without one
    };
    std::size_t decoderBlocks() const { return m_decoder ? m_decoder->size() : 0; }
    /// Encoder-decoder: runs the encoder over the source and stores what cross-attention reads.
    void storeMemory(Pass<float>& pass, const BatchView& source, Stores& stores) const;
    /// The same of the codes of one sequence, [slots].
    void storeCodes(Pass<float>& pass, const int* codes, Stores& stores) const;
    /// Logits [classes] behind the last of `tokens`, at least one, which stand from `position` on in a target (or decoder) sequence that
    /// has, or will have, `length` tokens. The same bits one by one or all at once.
    const float* step(Pass<float>& pass, std::span<const int> tokens, int position, int length, Stores& stores) const;

private:
    template <class T>
    struct Cache {
        Stack::Cache<T> encoder, decoder;
        OutputHead::Cache<T> head;
        Memory<T> memory;
        Dictionary::Cache<T> dictionary;
        Bottleneck::Cache<T> bottleneck;
        Embedding::Cache<T> embedding, targetEmbedding{"target_embedding", nullptr, {}, nullptr};
        T* logits = nullptr;
    };
    template <class T>
    void forward(Pass<T>& pass, const BatchView& view, Cache<T>& cache) const;
    template <class T>
    const T* encode(Pass<T>& pass, const BatchView& view, Cache<T>& cache) const;
    template <class T>
    void remember(Pass<T>& pass, const BatchView& view, const T* encoded, Cache<T>& cache) const;
    template <class T>
    T* decoderInput(Pass<T>& pass, const BatchView& view, Embedding::Cache<T>& cache) const;
    template <class T>
    T* rememberBackward(Pass<T>& pass, const BatchView& view, Cache<T>& cache) const;
    template <class T>
    void backward(Pass<T>& pass, const BatchView& view, Cache<T>& cache, const T* dlogits) const;
    template <class T>
    void addBeside(Pass<T>& pass, const BatchView& view, const Cache<T>& cache, PassSums& sums) const;
    template <class T>
    T* withoutStride(Pass<T>& pass, const BatchView& view, const T* logits) const;
    template <class T>
    PassSums sumsOf(Pass<T>& pass, const BatchView& view, T* logits, T lossWeight, T* dlogits, const signed char** right = nullptr) const;

    const Stack& onlyStack() const { return m_encoder ? *m_encoder : *m_decoder; }

    int m_d;
    bool m_numbers;  ///< answers are numbers
    Embedding m_embedding;
    std::optional<Stack> m_encoder;
    std::optional<Stack> m_decoder;
    std::optional<Bottleneck> m_bottleneck;  ///< through which alone the decoder learns of the source
    std::optional<Dictionary> m_dictionary;  ///< that the decoder's tokens are looked up in
    OutputHead m_head;
};

}  // namespace lab
