#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/config/layer_config.h"
#include "core/layers/attention/difference.h"
#include "core/layers/attention/hashing.h"
#include "core/layers/attention/head.h"
#include "core/layers/attention/head_norm.h"
#include "core/layers/attention/latent.h"
#include "core/layers/attention/random_features.h"
#include "core/layers/attention/score_stage.h"
#include "core/layers/linear.h"
#include "core/layers/position/rotary_table.h"

namespace lab {

/// Multi-head attention (Vaswani et al. 2017): each AttentionForm (QKV, KV, KV+Pos: Borji 2023, arXiv 2305.19129), grouped key-value
/// heads (Ainslie et al. 2023, arXiv 2305.13245: query head h reads key-value head floor(h G / H)), any Visibility, each KernelKind,
/// normalised queries and keys, keys of length 1, RoPE or ALiBi. Training goes through kernels that skip what is not seen; the looking
/// path (pass.tap) computes every score, and so does training where scores go through stages, weights through a sink, dropout or a decay.
class Attention {
public:
    struct Place {
        bool cross = false;         ///< keys and values come from the memory
        bool ofTargetSide = false;  ///< its keys are an encoder-decoder's target tokens
        bool ofSlots = false;       ///< its keys are a bottleneck's slots, none of which is a token that could be masked
    };

    /// A decay that is learned: [rows, heads] each.
    template <class T>
    struct Fading {
        T* logits = nullptr;     ///< W x + b
        T* kept = nullptr;       ///< sigmoid(logit)^(1/16): what a token leaves of all before it
        T* gradients = nullptr;  ///< of `kept`; the looking path adds to them
    };

    /// Keys and values of a layer that others read too (LayerConfig::keys_back; Cross-Layer Attention, Brandon et al. 2024, arXiv
    /// 2405.12981): keys as the scores read them (normalised, rotated, divided) and values, side by side.
    template <class T>
    struct SharedKeys {
        const T* rows = nullptr;  ///< [rows, ld], of which the first 2 kvHeads * head_dim columns
        int ld = 0;
        T* gradients = nullptr;  ///< [rows, 2 kvHeads * head_dim] those who read them add to it, who made them takes it from there
    };

    template <class T>
    struct Cache {
        const T* x = nullptr;       ///< queries' input
        const T* memory = nullptr;  ///< keys' input; x itself without cross-attention
        T* query = nullptr;         ///< holds q; [rows, ldQuery]
        T* keyValue = nullptr;      ///< holds k and v; may be `query`
        T* kept = nullptr;          ///< form latent: [rows, c | k^R]
        HeadNorm::Cache<T> queryNorm, keyNorm;
        T* phi = nullptr;          ///< linear kernel: phi of the q and k columns; drawn features: [rows, (heads + kvHeads) * features]
        T* top = nullptr;          ///< drawn features: [sequences, kvHeads, length] what was subtracted from keys' exponents
        T* store = nullptr;        ///< weights of all heads, as the kernel keeps them
        T* mixed = nullptr;        ///< [rows, heads * head_dim] head outputs side by side
        T* dense = nullptr;        ///< looking path: its own arrays
        Cache* each = nullptr;     ///< training by the looking path: one for each sequence
        T** stores = nullptr;      ///< training by bands: `store` of each sequence
        T* gate = nullptr;         ///< [rows, heads * head_dim] in 0 .. 1
        T* ungated = nullptr;      ///< `mixed` before the gate
        T* unpaired = nullptr;     ///< `mixed` before the norm of pairs
        T* pairInverse = nullptr;  ///< [rows, heads / 2] that norm's 1 / root
        Fading<T> fading;
        SharedKeys<T> shared;  ///< of a layer that reads another's, set before its forward; of the one that is read, set by it
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
    /// serve as values (Q+KV) there are only keys, as they were projected; of form latent `keys` holds c and the shared key as projected.
    /// Where weights fade there is neither, but a state of one size. Keys that no query to come can see are not kept.
    template <class T>
    struct KeyValueStore {
        std::vector<T> keys, values;              ///< [tokens, kvHeads * head_dim] each
        std::vector<T> globalKeys, globalValues;  ///< of the first tokens, as their queries alone read them
        std::vector<T> state;                     ///< [heads, head_dim, head_dim] S = decay S + k^T v
        int tokens = 0;
        int first = 0;  ///< place of the first that is kept

        std::size_t bytes() const {
            return (keys.size() + values.size() + globalKeys.size() + globalValues.size() + state.size()) * sizeof(T);
        }
    };
    /// `rows` more queries from `position` on of a sequence whose rotation is that of `length` tokens; self-attention first appends their
    /// keys and values to the store. The same bits whatever number of rows goes at once. x and y [rows, d_model]. A layer that reads
    /// another's keys gets that layer as `owner` and its store, which has these rows by then.
    template <class T>
    void step(Pass<T>& pass, int position, int rows, int length, const T* x, KeyValueStore<T>& store, T* y, const Attention& owner) const;
    /// The first place that queries from `position` on can see, 0 where nothing is ever left behind.
    template <class T>
    int firstSeen(const Pass<T>& pass, int position) const {
        return forgets() ? keysSeen(pass, position, position, position + 1).begin : 0;
    }
    /// Lets go of the keys before place `first`.
    template <class T>
    void forget(int first, KeyValueStore<T>& store) const;
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
        int globalQ = 0, globalK = 0, globalV = 0;  ///< of the first queries, where they have projections of their own
    };
    Columns columns() const;
    template <class T>
    struct DenseView;  // dense_view.h
    template <class T>
    struct KeyGradients;  // dense_view.h
    const FormSpec& form() const { return specOf(m_form); }
    const KernelSpec& kernelSpec() const { return specOf(m_kernel); }
    int keyWidth() const { return m_kvHeads * m_headDim; }
    /// Numbers of a query that a score is made of.
    int scoreWidth() const { return m_features ? m_features->width() : m_headDim; }
    /// Keys that serve as queries share their norm too.
    const HeadNorm& queryNorm() const { return m_queryNorm ? *m_queryNorm : *m_keyNorm; }
    /// fused: whole heads, every pair; tiles: what a pattern allows; runningSums: no pair at all (linear kernel); drawnFeatures: the same
    /// with features of their own width; literal: the looking path, sequence by sequence; bands: literal where no query sees far.
    enum class TrainingKernel { fused, tiles, runningSums, drawnFeatures, literal, bands };
    TrainingKernel trainingKernel() const;

    template <class T>
    void project(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    T* projectInput(Pass<T>& pass, int rows, const T* x, T* projected) const;
    template <class T>
    void backwardOfInput(Pass<T>& pass, int rows, const T* x, const T* kept, const T* dprojected, const T* ddetached, T* dx,
                         const ProductExtra<T>& extra) const;
    template <class T>
    void backwardOfRows(Pass<T>& pass, int rows, const T* x, const T* dprojected, T* dx, const ProductExtra<T>& extra) const;
    template <class T>
    T* expandLatent(Pass<T>& pass, int rows, const T* narrow, T* projected) const;
    template <class T>
    void backwardOfLatent(Pass<T>& pass, int rows, const T* x, const T* kept, const T* dprojected, const T* ddetached, T* dx,
                          const ProductExtra<T>& extra) const;
    template <class T>
    void backwardOfKept(Pass<T>& pass, int rows, const T* x, const T* dkept, const T* dprojected, T* dx,
                        const ProductExtra<T>& extra) const;
    template <class T>
    void tapKeyGradient(Pass<T>& pass, const std::string& what, const std::vector<int>& shape, T* attached, T* detached) const;
    template <class T>
    void normalise(Pass<T>& pass, int rows, Cache<T>& cache) const;
    template <class T>
    void backwardOfNormalise(Pass<T>& pass, int rows, const Cache<T>& cache, T* dprojected) const;
    template <class T>
    void rotate(Pass<T>& pass, const Sequences& sequences, bool inverse, T* projection, int ld, int firstColumn, int heads) const;
    template <class T>
    void mapToPhi(Pass<T>& pass, int rows, Cache<T>& cache) const;
    template <class T>
    void prepareScores(Pass<T>& pass, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void prepareScoresBackward(Pass<T>& pass, const Sequences& keys, const Cache<T>& cache, T* dkeyValue) const;
    template <class T>
    void shareKeys(Pass<T>& pass, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void shareGradients(Pass<T>& pass, int rows, const Cache<T>& cache, T* dkeyValue) const;
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
                        T* dkeyValue, T* ddetached) const;
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
    void attendLiteral(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void backwardLiteral(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed, T* dquery,
                         T* dkeyValue, T* ddetached) const;

    // Training where no query sees far (attention_bands.cpp).
    template <class T>
    struct Band;
    struct KeyRange {
        int begin, end;
    };
    /// Whether keys are left behind for good as a sequence goes on.
    bool forgets() const;
    /// The keys that queries first .. last may see as far as the pattern's and the stages' reach tell.
    template <class T>
    KeyRange keysSeen(const Pass<T>& pass, int first, int last, int keys) const;
    template <class T>
    std::vector<Band<T>> bandsOf(Pass<T>& pass, int length) const;
    template <class T>
    std::size_t keptOf(const std::vector<Band<T>>& bands, bool all) const;
    template <class T>
    void bandForward(Pass<T>& pass, const Band<T>& band, const ScoreTerms<T>& terms, const T* turned, T* out) const;
    template <class T>
    const T* partOfMap(Pass<T>& pass, const Band<T>& band, const T* map, bool detached) const;
    template <class T>
    void bandBackward(Pass<T>& pass, const Band<T>& band, const ScoreTerms<T>& terms, const T* turned, const HeadGradient<T>& gradient,
                      const HeadGradient<T>& ofDetached) const;
    template <class T>
    void attendBands(Pass<T>& pass, const Sequences& queries, Cache<T>& cache) const;
    template <class T>
    void backwardBands(Pass<T>& pass, const Sequences& queries, const Cache<T>& cache, const T* dmixed, T* dprojection, T* ddetached) const;

    /// Whether the looking path serves.
    template <class T>
    bool looks(const Pass<T>& pass) const {
        return pass.tap || trainingKernel() == TrainingKernel::literal;
    }
    template <class T>
    void openGate(Pass<T>& pass, int rows, const T* x, T* mixed, Cache<T>& cache) const;
    template <class T>
    void openGateBackward(Pass<T>& pass, int rows, const Cache<T>& cache, T* dmixed, T* dgate) const;
    template <class T>
    HeadGradient<T> headGradient(const Sequences& queries, const Sequences& keys, const T* dmixed, T* dquery, T* dkeyValue, int sequence,
                                 int head) const;

    // Drawn features (attention_features.cpp).
    template <class T>
    void drawFeatures(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const;
    template <class T>
    HeadInput<T> featureInput(const Cache<T>& cache, const Sequences& sequences, int sequence, int head) const;
    template <class T>
    void attendDrawn(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const;
    template <class T>
    void backwardDrawn(Pass<T>& pass, const Sequences& sequences, const Cache<T>& cache, const T* dmixed, T* dprojection) const;
    template <class T>
    void backwardOfFeatures(Pass<T>& pass, const Sequences& sequences, const Cache<T>& cache, const T* dphi, T* dprojection) const;
    template <class T>
    void denseFeatures(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    void denseFeaturesBackward(Pass<T>& pass, const DenseView<T>& view, const T* dphiQ, const T* dphiK, T* dq, T* dk) const;
    template <class T>
    void denseTops(const DenseView<T>& view, T* scores) const;
    template <class T>
    void tapExactWeights(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    void scoresOfStored(int seen, const T* top, T* scores) const;

    // Differences of two maps (attention_difference.cpp).
    template <class T>
    void denseDifference(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    void denseDifferenceBackward(Pass<T>& pass, const DenseView<T>& view, T* dweights) const;
    template <class T>
    void switchOffOfPairs(const Pass<T>& pass, int rows, T* mixed) const;
    template <class T>
    void normalisePairs(Pass<T>& pass, int rows, T* mixed, Cache<T>& cache) const;
    template <class T>
    void normalisePairsBackward(Pass<T>& pass, int rows, const Cache<T>& cache, T* dmixed) const;

    // Weights that fade (attention_decay.cpp).
    template <class T>
    void startFading(Pass<T>& pass, int rows, const T* x, Fading<T>& fading) const;
    template <class T>
    void startFadingBackward(Pass<T>& pass, int rows, const Cache<T>& cache, T* dx) const;
    template <class T>
    T keptBy(const Fading<T>& fading, int row, int head) const;
    template <class T>
    void denseDecay(Pass<T>& pass, const DenseView<T>& view, const Fading<T>& fading) const;
    template <class T>
    void denseDecayBackward(const DenseView<T>& view, int head, T* dweights, T* ddecay) const;
    template <class T>
    void addKeptGradients(const DenseView<T>& view, const Fading<T>& fading, const T* ddecay) const;
    template <class T>
    void normaliseHeads(Pass<T>& pass, int vectors, const T* x, T* inverse, T* y) const;
    template <class T>
    void normaliseHeadsBackward(int vectors, const T* x, const T* inverse, T* dy) const;
    template <class T>
    void attendState(Pass<T>& pass, int rows, const T* x, const T* projection, KeyValueStore<T>& store, T* mixed) const;

    // Token by token (attention_step.cpp).
    template <class T>
    void rotateAt(Pass<T>& pass, int position, int count, int length, T* x, int ldx, int heads) const;
    template <class T>
    struct StoredRows {
        const T* unmapped;  ///< [keys, kvHeads * head_dim] keys before features
        const T* keys;      ///< [keys, kvHeads * scoreWidth()]
        const T* values;    ///< [keys, kvHeads * head_dim]
    };
    template <class T>
    StoredRows<T> storedKeys(Pass<T>& pass, int length, const KeyValueStore<T>& store, KeyRange places) const;
    template <class T>
    void mapStored(Pass<T>& pass, int count, StoredRows<T>& rows, T* top) const;
    template <class T>
    void appendLatent(Pass<T>& pass, int position, int rows, int length, const T* x, T* query, KeyValueStore<T>& store) const;
    template <class T>
    std::pair<T*, const T*> expandStored(Pass<T>& pass, const KeyValueStore<T>& store, int skipped, int count) const;
    template <class T>
    void appendKeys(Pass<T>& pass, int position, int rows, int length, const T* x, T* query, KeyValueStore<T>& store) const;
    /// Whether what a row adds to all its scores counts: a plain softmax takes it out again, a stage or a sink does not.
    bool needsRowTerm() const { return form().positionMap && (!m_stages.empty() || m_sink); }
    template <class T>
    T rowTerm(Pass<T>& pass, int position) const;
    template <class T>
    void weighStored(Pass<T>& pass, int position, int seen, const LshPairs* pairs, const ScoreTerms<T>& terms, const ScoreRows<T>& rows,
                     T* weights) const;
    template <class T>
    void attendStored(Pass<T>& pass, int position, int rows, int length, const T* q, const KeyValueStore<T>& store, const Attention& owner,
                      T* mixed) const;
    template <class T>
    void makeQueries(Pass<T>& pass, int position, int rows, int length, const T* x, T* query) const;

    // The first queries' own projections (attention_globals.cpp).
    template <class T>
    struct GlobalGradient;
    template <class T>
    void rotateGlobals(Pass<T>& pass, bool inverse, int heads, int rows, int length, T* x) const;
    template <class T>
    void globalScores(Pass<T>& pass, const DenseView<T>& view, const Cache<T>& cache) const;
    template <class T>
    void globalMix(Pass<T>& pass, const DenseView<T>& view, int head) const;
    template <class T>
    GlobalGradient<T> globalGradient(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    void takeGlobalRows(const DenseView<T>& view, int width, T* rows, T* taken, int head) const;
    template <class T>
    void globalMixBackward(Pass<T>& pass, const DenseView<T>& view, const GlobalGradient<T>& gradient, int head, T* dweights) const;
    template <class T>
    void globalScoresBackward(Pass<T>& pass, const DenseView<T>& view, const GlobalGradient<T>& gradient, T* dprojected) const;
    template <class T>
    void stepGlobals(Pass<T>& pass, int position, int rows, int length, T* projected, KeyValueStore<T>& store, T* mixed) const;

    // The looking path (attention_dense.cpp).
    template <class T>
    void attendDense(Pass<T>& pass, const Sequences& queries, const Sequences& keys, Cache<T>& cache) const;
    template <class T>
    void backwardDense(Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache, const T* dmixed, T* dquery,
                       T* dkeyValue, T* ddetached) const;
    template <class T>
    DenseView<T> denseView(const Pass<T>& pass, const Sequences& queries, const Sequences& keys, const Cache<T>& cache) const;
    /// Whether a person made the head look evenly.
    template <class T>
    bool isEven(const Pass<T>& pass, int head) const {
        return pass.tap && pass.tap->headUniform(m_name, head);
    }
    template <class T>
    void denseInputs(Pass<T>& pass, const DenseView<T>& view, Cache<T>& cache) const;
    template <class T>
    void shareDense(const DenseView<T>& view, const Cache<T>& cache) const;
    template <class T>
    void denseSharedGradients(const DenseView<T>& view, const Cache<T>& cache, T* dk, T* dv, bool taking) const;
    template <class T>
    void denseInputGradients(Pass<T>& pass, const DenseView<T>& view, const Cache<T>& cache, T* dq, const KeyGradients<T>& keys) const;
    template <class T>
    void rotateDense(Pass<T>& pass, bool inverse, int heads, int rows, T* x) const;
    template <class T>
    void denseScores(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    ScoreRows<T> scoreRows(const DenseView<T>& view, int head) const;
    template <class T>
    void denseStages(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    void denseStagesBackward(Pass<T>& pass, const DenseView<T>& view, T* dscores, T* dq, const KeyGradients<T>& keys) const;
    template <class T>
    void denseWeights(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    void denseMask(Pass<T>& pass, const DenseView<T>& view) const;
    template <class T>
    void hideOtherBuckets(Pass<T>& pass, const T* keys, int count, T* masked) const;
    template <class T>
    void denseSoftmax(Pass<T>& pass, const DenseView<T>& view, int head, bool even) const;
    template <class T>
    const T* partOfMap(Pass<T>& pass, const DenseView<T>& view, const T* map, bool detached) const;
    template <class T>
    void dropWeights(Pass<T>& pass, const DenseView<T>& view, T* weights) const;
    template <class T>
    bool dropsWeights(const Pass<T>& pass) const {
        return pass.training && m_weightDropout > 0;
    }
    template <class T>
    void sinkGradient(Pass<T>& pass, const DenseView<T>& view, int head, const T* dweights) const;
    template <class T>
    void denseScoreGradient(Pass<T>& pass, const DenseView<T>& view, T* dweights, T* ddecay) const;
    template <class T>
    void densePositionMap(Pass<T>& pass, const DenseView<T>& view, const T* dscores) const;

    std::string m_name;
    AttentionForm m_form;
    KernelKind m_kernel;
    Visibility m_visibility;
    Place m_place;
    int m_d, m_heads, m_kvHeads, m_headDim;
    std::optional<Linear> m_query;       ///< cross-attention only
    Linear m_input;                      ///< q, k, v fused, as far as they have projections of their own
    std::optional<LatentKeys> m_latent;  ///< makes keys and values of what m_input gives behind q
    Linear m_output;
    std::optional<HeadNorm> m_queryNorm, m_keyNorm;
    std::optional<RotaryTable> m_rotary;
    std::vector<double> m_slopes;  ///< ALiBi
    int m_posDim = 0;              ///< KV+Pos
    std::size_t m_mapWeight = 0, m_mapBias = 0;
    ScoreStages m_stages;               ///< between the scores and the mask
    std::optional<std::size_t> m_sink;  ///< [heads] logits of what is looked at instead of any key
    std::optional<Linear> m_gate;
    std::optional<HeadPairs> m_difference;
    std::optional<RandomFeatures> m_features;
    std::optional<Linear> m_decay;  ///< learned; otherwise a head's own
    double m_headEpsilon = 0;       ///< of the norm of heads' outputs where weights fade, of pairs where maps are subtracted
    double m_weightDropout = 0;
    bool m_literal = false;
    bool m_unitKeys = false;
    bool m_readsOthers = false;        ///< keys and values are another layer's
    bool m_isRead = false;             ///< other layers read its keys and values
    int m_globals = 0;                 ///< first queries that have projections of their own
    std::optional<Hashing> m_hashing;  ///< pattern lsh
    std::vector<double> m_grid;        ///< KV+Pos: column channels of P, [kept length, pos_dim]
};

}  // namespace lab
