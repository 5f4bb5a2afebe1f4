#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <typeindex>
#include <utility>
#include <vector>

#include "core/config/answer_cost.h"
#include "core/ops/kernels.h"
#include "core/tensor/arena.h"

// The contract of all layers. A layer is immutable: it knows its shapes and where its parameters lie in the flat vector. `forward` reads
// weights and input and writes output and its cache, whose arrays come from the pass's arena; `backward` overwrites the input gradient and
// adds to the parameter gradients. Matrices are row-major with one row a position: sequence s of a pass owns rows s * length .. (s + 1) *
// length - 1.

namespace lab {

class ByteWeights;
class Team;
template <class T>
struct AdapterPass;

/// How the rows of a matrix fall into sequences.
struct Sequences {
    int count = 0;                 ///< B
    int length = 0;                ///< T, of the longest
    const int* lengths = nullptr;  ///< [B], 1 .. T; rows behind a sequence's end are padding

    int rows() const { return count * length; }
};

/// Rows of sequences of unequal length, one after the other without padding.
struct Ragged {
    int count = 0;                 ///< sequences
    const int* lengths = nullptr;  ///< [count], 0 or more

    int rows() const { return std::accumulate(lengths, lengths + count, 0); }
};

/// Sees, and may change, what a pass computes; only the looking path has one.
template <class T>
class Tap {
public:
    virtual ~Tap() = default;
    /// A tensor of the forward pass, contiguous; may be overwritten (interventions).
    virtual void tensor(const std::string& name, const std::vector<int>& shape, T* values) = 0;
    /// The loss's gradient with respect to a tensor of that name; zeroed here when the tensor had been replaced.
    virtual void gradient(const std::string& name, const std::vector<int>& shape, T* values) = 0;
    /// Whether head `head` of an attention block was switched off or made uniform.
    virtual bool headOff(const std::string& block, int head) const = 0;
    virtual bool headUniform(const std::string& block, int head) const = 0;
    /// Whether the gradients of intermediates are wanted.
    virtual bool wantsGradients() const = 0;
    /// Keys hidden from every query, [length of the source], or empty.
    virtual const std::vector<bool>& maskedKeys(bool ofTargetSide) const = 0;
};

/// Which dropout masks a pass draws; rate 0 = none.
struct DropoutDraw {
    double rate = 0;
    std::uint64_t seed = 0;  ///< training.seed
    std::int64_t step = 0;
    int firstSample = 0;  ///< index in the batch of the pass's first sequence
};

/// Memory that one thread reuses from pass to pass.
struct Scratch {
    Arena arena;

    /// What a kind of layer keeps here from pass to pass (attention: how maps are cut into tiles), by its type; made when first asked for.
    template <class Kept>
    Kept& kept() {
        for (const auto& [type, value] : m_kept)
            if (type == typeid(Kept)) return *static_cast<Kept*>(value.get());
        m_kept.emplace_back(typeid(Kept), std::make_shared<Kept>());
        return *static_cast<Kept*>(m_kept.back().second.get());
    }

private:
    std::vector<std::pair<std::type_index, std::shared_ptr<void>>> m_kept;
};

/// Leaves a pass that nobody waits for any more.
struct PassAbandoned {};

/// All that a layer gets besides its input.
template <class T>
struct Pass {
    const Kernels<T>& kernels;
    const T* weights;     ///< flat, by ParameterLayout
    const T* transposed;  ///< transposed copies of the linear maps, by TransposedLayout; null: products read the weights as they lie, to
                          ///< the same bits, in more time where many passes read the same weights
    T* gradient;          ///< flat; null in a forward-only pass. Of a parameter that is no linear map: gradientOf()
    Scratch& scratch;
    DropoutDraw dropout{};
    /// What is drawn in training alone is drawn (a bottleneck's noise, by dropout.seed and .step).
    bool training = false;
    /// The gradients of the linear maps' weights are written, not added to: nobody has to clear them (TransposedLayout::clearOthers).
    bool writesLinearGradients = false;
    /// Backward makes gradients of adapters instead (core/layers/adapter_pass.h); `gradient` is then theirs.
    const AdapterPass<T>* adapters = nullptr;
    /// With adapters: unreadNumbers() of them, where layers add gradients of what is not trained.
    T* unread = nullptr;
    /// Offsets of parameters that stay as they are, ascending: of the matrices among them backward makes no gradient; null: there are none.
    const std::vector<std::size_t>* frozen = nullptr;
    Tap<T>* tap = nullptr;
    /// What layers cost beside the answers, summed over the sequences of the pass: forward adds to it.
    double beside = 0;
    /// The weight of each sequence's cost in the loss, 1 / sequences of the whole batch: backward multiplies gradients of `beside` by it.
    double besideWeight = 0;
    /// What training adds to the cross-entropy of the answers.
    AnswerCost answerCost = {};
    /// Asked every few milliseconds of a forward pass of an analysis; null in training.
    const std::function<bool()>* abandoned = nullptr;

    /// Shares products with weights as they lie (transposed null), to the same bits; null: this thread does them all.
    Team* team = nullptr;
    /// Weights that stand for bytes: what a single row is multiplied by; null: the floats are.
    const ByteWeights* bytes = nullptr;

    /// Throws PassAbandoned.
    void goOn() const {
        if (abandoned && (*abandoned)()) throw PassAbandoned();
    }

    bool isFrozen(std::size_t offset) const { return frozen && std::ranges::binary_search(*frozen, offset); }
    /// Where the gradient of the parameter at `offset`, which is no linear map's weight, is added to.
    T* gradientOf(std::size_t offset) const { return unread ? unread : gradient + offset; }

    T* take(std::size_t n) { return scratch.arena.take<T>(n); }
    T* takeRows(int rows, int columns) { return take(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns)); }
};

/// In place, each sequence of x [rows, n] by its own mask of the given site; the same call on the gradient is the backward.
template <class T>
void applyDropout(const Pass<T>& pass, std::uint64_t site, const Sequences& sequences, int n, T* x);
template <class T>
void applyDropout(const Pass<T>& pass, std::uint64_t site, const Ragged& sequences, int n, T* x);

/// Stochastic depth (Huang et al. 2016, arXiv 1603.09382), in training: each sequence of x [rows, n] becomes 0 as a whole with probability
/// `rate`, and is divided by 1 - rate where it is kept, so that nothing has to be scaled elsewhere. The same call on the gradient is the
/// backward.
template <class T>
void dropSequences(const Pass<T>& pass, std::uint64_t site, const Sequences& sequences, int n, double rate, T* x);

}  // namespace lab
