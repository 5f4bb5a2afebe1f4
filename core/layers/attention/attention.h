#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/layer_config.h"
#include "core/layers/attention/head.h"
#include "core/layers/attention/head_norm.h"
#include "core/layers/linear.h"
#include "core/layers/position/rotary_table.h"

namespace lab {

/// Multi-head attention (Vaswani et al. 2017): the forms QKV, KV and KV+Pos (Borji 2023, arXiv 2305.19129) and Q+KV, grouped key-value
/// heads (Ainslie et al. 2023, arXiv 2305.13245: query head h reads key-value head floor(h G / H)), any Visibility, softmax or linear
/// kernel, normalised queries and keys, RoPE or ALiBi. Training goes through kernels that skip what is not seen; the looking path
/// (pass.tap) computes every score.
class Attention {
public:
    struct Place {
        bool cross = false;         ///< keys and values come from the memory
        bool ofTargetSide = false;  ///< its keys are an encoder-decoder's target tokens
        bool ofSlots = false;       ///< its keys are a bottleneck's slots, none of which is a token that could be masked
    };

    template <class T>
    struct Cache {
        const T* x = nullptr;       ///< queries' input
        const T* memory = nullptr;  ///< keys' input; x itself without cross-attention
        T* query = nullptr;         ///< holds q; [rows, ldQuery]
        T* keyValue = nullptr;      ///< holds k and v; may be `query`
        HeadNorm::Cache<T> queryNorm, keyNorm;
        T* phi = nullptr;    ///< linear kernel: phi of the q and k columns
        T* store = nullptr;  ///< weights of all heads, as the kernel keeps them
        T* mixed = nullptr;  ///< [rows, heads * head_dim] head outputs side by side
        T* dense = nullptr;  ///< looking path: its own arrays
    };

    Attention(LayerBuilder builder, const std::string& name, const LayerConfig& config, Place place);

    const std::string& name() const { return m_name; }

    /// addend [rows, d_model] is added to y, or to dx: the residual stream.
    template <class T>
    void forward(Pass<T>& pass, const Sequences& queries, const T* x, const Sequences& keys, const T* memory, T* y, Cache<T>& cache,
                 const T* addend = nullptr) const;
    /// Overwrites dx, and dmemory in cross-attention (null otherwise).
    template <class T>
    void backward(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const T* dy, const Cache<T>& cache, T* dx, T* dmemory,
                  const T* addend = nullptr) const;

    /// Keys and values of the tokens seen so far, for decoding token by token; normalised and rotated already, phi not applied. Where keys
    /// serve as values (Q+KV) there are only keys, as they were projected.
    template <class T>
    struct KeyValueStore {
        std::vector<T> keys, values;  ///< [tokens, kvHeads * head_dim] each
        int tokens = 0;

        std::size_t bytes() const { return (keys.size() + values.size()) * sizeof(T); }
    };
    /// `rows` more queries from `position` on of a sequence whose rotation is that of `length` tokens; self-attention first appends their
    /// keys and values to the store. The same bits whatever number of rows goes at once. x and y [rows, d_model].
    template <class T>
    void step(Pass<T>& pass, int position, int rows, int length, const T* x, KeyValueStore<T>& store, T* y) const;
    /// Cross-attention: fills the store with the memory's keys and values.
    template <class T>
    void storeMemory(Pass<T>& pass, int rows, const T* memory, KeyValueStore<T>& store) const;

    int heads() const { return m_heads; }
    int kvHeads() const { return m_kvHeads; }
    int headDim() const { return m_headDim; }
    const Place& place() const { return m_place; }

private:
    /// Columns of q, k and v in the arrays that hold them and these arrays' widths.
    struct Columns {
        int q, k, v, ldQuery, ldKeyValue;
    };
    Columns columns() const;
    const FormSpec& form() const { return specOf(m_form); }
    /// Keys that serve as queries share their norm too.
    const HeadNorm& queryNorm() const { return m_queryNorm ? *m_queryNorm : *m_keyNorm; }
    /// fused: whole heads, every pair; tiles: what a pattern allows; runningSums: no pair at all (linear kernel).
    enum class TrainingKernel { fused, tiles, runningSums };
    TrainingKernel trainingKernel() const;

    template <class T>
    void project(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void projectInput(Pass<T>& pass, int rows, const T* x, T* projected) const;
    template <class T>
    void backwardOfInput(Pass<T>& pass, int rows, const T* x, T* dprojected, T* dx, const ProductExtra<T>& extra) const;
    template <class T>
    void normalise(Pass<T>& pass, int rows, Cache<T>& cache) const;
    template <class T>
    void backwardOfNormalise(Pass<T>& pass, int rows, const Cache<T>& cache, T* dprojected) const;
    template <class T>
    void rotate(Pass<T>& pass, const Sequences& sequences, bool inverse, T* projection, int ld, int firstColumn, int heads) const;
    template <class T>
    void mapToPhi(Pass<T>& pass, int rows, Cache<T>& cache) const;
    template <class T>
    HeadInput<T> headInput(const Cache<T>& cache, const Sequences& queries, const Sequences& keys, int sequence, int head) const;
    template <class T>
    ScoreTerms<T> scoreTerms(Pass<T>& pass, int keys, int head, T* columnBias) const;
    template <class T>
    void positionMapGradient(Pass<T>& pass, int keys, const PositionMapSums<T>& sums) const;

    // The training path (attention_training.cpp).
    template <class T>
    void attend(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void attendBackward(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed, T* dquery,
                        T* dkeyValue) const;
    template <class T>
    AttentionHead<T> fusedHead(const HeadInput<T>& head, const ScoreTerms<T>& terms) const;
    template <class T>
    void attendFused(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void attendOnce(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void backwardFused(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed, T* dquery,
                       T* dkeyValue) const;
    template <class T>
    void attendTiles(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void attendRunningSums(Pass<T>& pass, const Sequences& queries, Cache<T>& cache) const;
    template <class T>
    void backwardTiles(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed, T* dquery,
                       T* dkeyValue) const;
    template <class T>
    void backwardRunningSums(Pass<T>& pass, const Sequences& queries, const Cache<T>& cache, const T* dmixed, T* dprojection) const;
    template <class T>
    HeadGradient<T> headGradient(const Sequences& queries, const Sequences& keys, const T* dmixed, T* dquery, T* dkeyValue, int sequence,
                                 int head) const;

    // Token by token (attention_step.cpp).
    template <class T>
    void rotateAt(Pass<T>& pass, int position, int count, int length, T* x, int ldx, int heads) const;
    template <class T>
    const T* keysForScores(Pass<T>& pass, int length, const KeyValueStore<T>& store) const;
    template <class T>
    void appendKeys(Pass<T>& pass, int position, int rows, int length, const T* x, T* query, KeyValueStore<T>& store) const;
    template <class T>
    void weighStored(const Pass<T>& pass, int position, int seen, const ScoreTerms<T>& terms, T* weights) const;
    template <class T>
    void attendStored(Pass<T>& pass, int position, int rows, int length, const T* q, const KeyValueStore<T>& store, T* mixed) const;

    // The looking path (attention_dense.cpp).
    template <class T>
    void attendDense(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void backwardDense(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed, T* dquery,
                       T* dkeyValue) const;
    template <class T>
    struct DenseView;
    template <class T>
    DenseView<T> denseView(const Sequences& queries, const Sequences& keys, const Cache<T>& cache) const;
    template <class T>
    void denseInputs(Pass<T>& pass, const DenseView<T>& view, Cache<T>& cache) const;
    template <class T>
    void denseInputGradients(Pass<T>& pass, const DenseView<T>& view, const Cache<T>& cache, T* dq, T* dk) const;
    template <class T>
    void rotateDense(Pass<T>& pass, bool inverse, int heads, int rows, T* x) const;
    template <class T>
    void denseScores(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    void denseWeights(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    void denseScoreGradient(Pass<T>& pass, const DenseView<T>& view, T* dweights) const;
    template <class T>
    void densePositionMap(Pass<T>& pass, const DenseView<T>& view, const T* dscores) const;

    std::string m_name;
    AttentionForm m_form;
    KernelKind m_kernel;
    Visibility m_visibility;
    Place m_place;
    int m_d, m_heads, m_kvHeads, m_headDim;
    std::optional<Linear> m_query;  ///< cross-attention only
    Linear m_input;                 ///< q, k, v fused, as far as they have projections of their own
    Linear m_output;
    std::optional<HeadNorm> m_queryNorm, m_keyNorm;
    std::optional<RotaryTable> m_rotary;
    std::vector<double> m_slopes;  ///< ALiBi
    int m_posDim = 0;              ///< KV+Pos
    std::size_t m_mapWeight = 0, m_mapBias = 0;
    std::vector<double> m_grid;  ///< KV+Pos: column channels of P, [kept length, pos_dim]
};

}  // namespace lab
