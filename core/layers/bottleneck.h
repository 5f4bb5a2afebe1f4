#pragma once

#include <string>

#include "core/bottlenecks/bottleneck.h"
#include "core/layers/attention/attention.h"

namespace lab {

struct ModelConfig;

/// What a bottleneck costs beside the answers, means over the sequences of a pass; unweighted but for the book's beta.
struct CodeLosses {
    double commitment = 0;   ///< (1 + beta) |y - e|^2, mean over slots (van den Oord et al. 2017, eq. 3)
    double usage = 0;        ///< ln K - H(mean over the sequences of the shares), mean over slots; in nats
    double injectivity = 0;  ///< 1/2 max(0, margin - |y_s - y_t|)^2, mean over pairs (Hadsell et al. 2006, eq. 4); 0 of equal sequences
};

/// Between encoder and decoder: learned queries read the encoder's output by attention, a slot each; a map of each slot's own makes its
/// numbers, whose code is all that the decoder's cross-attention gets, by another map of each slot's own. Usage and injectivity are over
/// the sequences that are computed together (rowsPerShard positions).
class Bottleneck {
public:
    template <class T>
    struct Cache {
        Sequences sequences;   ///< [sequences, M]
        T* queries = nullptr;  ///< [sequences * M, d_model]
        Attention::Cache<T> reading;
        const T* read = nullptr;      ///< [sequences * M, d_model]
        T* relaxed = nullptr;         ///< y [sequences * M, width]
        const T* sent = nullptr;      ///< z likewise
        int* codes = nullptr;         ///< [sequences * M]
        T* memory = nullptr;          ///< [sequences * M, d_model]: what the decoder looks at
        const int* tokens = nullptr;  ///< of the source, to tell equal sequences
    };

    Bottleneck(LayerBuilder builder, const ModelConfig& config);

    const BottleneckShape& shape() const { return m_shape; }

    /// encoded [source.rows(), d_model]; tokens [source.rows()].
    template <class T>
    void forward(Pass<T>& pass, const Sequences& source, const int* tokens, const T* encoded, Cache<T>& cache) const;
    /// dmemory [sequences * M, d_model]; overwrites dencoded. lossShare: the pass's sequences as a share of the batch's, which weighs what
    /// the code itself costs.
    template <class T>
    void backward(Pass<T>& pass, const Sequences& source, const Cache<T>& cache, const T* dmemory, T lossShare, T* dencoded) const;
    /// All of them, whatever their weights.
    template <class T>
    CodeLosses losses(Pass<T>& pass, const Sequences& source, const Cache<T>& cache) const;
    /// What is added to the mean loss of the answers: commitment, and those of the others that have a weight.
    template <class T>
    double weightedLoss(Pass<T>& pass, const Sequences& source, const Cache<T>& cache) const;

    /// What the decoder looks at of given codes [sequences * M].
    template <class T>
    T* memoryOf(Pass<T>& pass, int sequences, const int* codes) const;
    /// M for each of so many sequences.
    template <class T>
    Sequences slotsOf(Pass<T>& pass, int sequences) const;

private:
    template <class T>
    SlotView<T> view(const Pass<T>& pass) const;
    template <class T>
    void readSlots(Pass<T>& pass, const Sequences& source, const T* encoded, Cache<T>& cache) const;
    template <class T>
    T* numbersOfSlots(Pass<T>& pass, const Cache<T>& cache) const;
    template <class T>
    void addNoise(const Pass<T>& pass, int sequences, T* h) const;
    template <class T>
    void showCodes(Pass<T>& pass, int rows, int* codes) const;
    template <class T>
    void chooseCodes(Pass<T>& pass, const T* h, Cache<T>& cache) const;
    template <class T>
    void numbersOfCodes(const Pass<T>& pass, int rows, const int* codes, T* z) const;
    template <class T>
    void sendCodes(Pass<T>& pass, Cache<T>& cache) const;
    template <class T>
    T* spread(Pass<T>& pass, const Sequences& sequences, const T* z) const;
    template <class T>
    T* spreadBackward(Pass<T>& pass, const Cache<T>& cache, const T* dmemory) const;
    template <class T>
    double weightedLoss(Pass<T>& pass, const Sequences& source, const Cache<T>& cache, T lossShare, T* dy) const;
    /// Each returns the loss; unless dy is null, `weight` times its gradient is added there.
    template <class T>
    double commitmentOf(Pass<T>& pass, const Cache<T>& cache, T weight, T* dy) const;
    template <class T>
    double usageOf(Pass<T>& pass, const Cache<T>& cache, T weight, T* dy) const;
    template <class T>
    double injectivityOf(const Sequences& source, const Cache<T>& cache, T weight, T* dy) const;
    template <class T>
    void readBackward(Pass<T>& pass, const Sequences& source, const Cache<T>& cache, const T* dh, T* dencoded) const;
    bool staysRelaxed(bool training) const { return m_shape.draws && training; }

    BottleneckConfig m_config;
    BottleneckShape m_shape;
    int m_d;
    std::size_t m_queries;  ///< [M, d_model]
    Attention m_attention;
    std::size_t m_inWeight, m_inBias;    ///< [M * width, d_model], [M * width]
    std::size_t m_outWeight, m_outBias;  ///< [M * d_model, width], [M, d_model]
    std::size_t m_book = 0;              ///< [K, width] where the codes' numbers are learned
};

}  // namespace lab
