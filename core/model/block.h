#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/layers/attention/attention.h"
#include "core/layers/experts.h"
#include "core/layers/feed_forward.h"
#include "core/layers/halting.h"
#include "core/layers/norm.h"
#include "core/layers/token_mixing.h"

namespace lab {

/// The encoder's output that a decoder's cross-attention reads.
template <class T>
struct Memory {
    Sequences sequences;
    const T* x = nullptr;     ///< [rows, d_model]
    T* dx = nullptr;          ///< gradient; every block's part is added
    const T* read = nullptr;  ///< what the decoder's tokens found in a dictionary [rows of the decoder, d_model]; null without one
    T* dread = nullptr;       ///< its gradient, added to likewise
};

/// Residual connection around a sublayer: post x = norm(x + f(x)) (Vaswani et al. 2017), pre x = x + f(norm(x)) (Xiong et al. 2020).
/// Dropout on f's output, which is left out as a whole now and then (LayerConfig::dropped).
class Residual {
public:
    template <class T>
    struct Cache {
        typename Norm::Cache<T> norm;
    };

    Residual(LayerBuilder builder, const std::string& normName, const std::string& name, const LayerConfig& config);

    /// f(in, out, addend) gives f(in), plus addend unless that is null; the result is an array of the pass. With pre-norm what f makes of x
    /// may be added to another state of the stream than x itself.
    template <class T, class F>
    T* forward(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache, F f, const T* onto = nullptr) const;
    /// fBackward(dout, din, addend) gives the input's gradient, plus addend unless that is null; returns the gradient of x. With pre-norm
    /// `straight` is what comes back beside f, null: dy.
    template <class T, class F>
    T* backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Cache<T>& cache, F fBackward,
                const T* straight = nullptr) const;

private:
    /// Without dropout in between, the sum x + f(x) is made on the way out of f's last product; the looking path shows f's output alone.
    template <class T>
    bool fusesSum(const Pass<T>& pass) const {
        return !drops(pass) && !pass.tap;
    }
    template <class T>
    bool drops(const Pass<T>& pass) const {
        return pass.dropout.rate > 0.0 || (pass.training && m_dropped > 0.0);
    }
    template <class T>
    void drop(const Pass<T>& pass, const Sequences& sequences, T* out) const {
        applyDropout(pass, m_dropoutSite, sequences, m_d, out);
        dropSequences(pass, m_droppedSite, sequences, m_d, m_dropped, out);
    }

    std::string m_normName;
    std::uint64_t m_dropoutSite, m_droppedSite;
    double m_dropped;
    int m_d;
    bool m_pre;
    Norm m_norm;
};

/// One block of an encoder or decoder: attention, or in its place a net over the positions; in a decoder with memory cross-attention;
/// feed-forward.
class Block {
public:
    template <class T>
    struct Cache {
        Residual::Cache<T> mixerResidual, crossResidual, feedForwardResidual;
        Attention::Cache<T> attention, cross;
        TokenMixing::Cache<T> mixing;
        FeedForward::Cache<T> feedForward;
        Experts::Cache<T> experts;
    };
    struct Place {
        bool hasMemory = false;
        bool ofTargetSide = false;
        bool memoryOfSlots = false;
    };

    /// What decoding token by token keeps of a block.
    template <class T>
    struct Stores {
        Attention::KeyValueStore<T> self, cross;
        const T* read = nullptr;  ///< what the tokens of the step found in a dictionary
    };

    Block(LayerBuilder builder, const std::string& name, const LayerConfig& config, Place place);

    /// memory is null without cross-attention. Rows that are marked in `halted` [rows], null for none, leave as they came.
    template <class T>
    T* forward(Pass<T>& pass, const Sequences& sequences, const T* x, const Memory<T>* memory, Cache<T>& cache,
               const signed char* halted = nullptr) const;
    template <class T>
    T* backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Memory<T>* memory, const Cache<T>& cache,
                const signed char* halted = nullptr) const;
    /// `rows` more from `position` on of a sequence of `length` tokens; with attention only. `owner` is the block whose keys and values it
    /// reads, itself unless layers share them, and `ofOwner` what that one keeps.
    template <class T>
    T* step(Pass<T>& pass, int position, int rows, int length, const T* x, Stores<T>& stores, const Block& owner, Stores<T>& ofOwner) const;
    /// The first place whose key its attention can see from `position` on.
    template <class T>
    int firstSeen(const Pass<T>& pass, int position) const {
        return m_attention->firstSeen(pass, position);
    }
    template <class T>
    void forget(int first, Stores<T>& stores) const {
        m_attention->forget(first, stores.self);
    }
    template <class T>
    void storeMemory(Pass<T>& pass, int rows, const T* memory, Stores<T>& stores) const;

private:
    Block(LayerBuilder builder, const std::string& name, const std::string& mixer, const LayerConfig& config, Place place);
    template <class T>
    T* backwardOfAll(Pass<T>& pass, const Sequences& sequences, const T* dy, const Memory<T>* memory, const Cache<T>& cache) const;
    template <class T>
    void feed(Pass<T>& pass, const Sequences& sequences, const T* in, const T* read, T* out, Cache<T>& cache, const T* addend) const;
    template <class T>
    void feedBackward(Pass<T>& pass, const Sequences& sequences, const T* dout, const Memory<T>* memory, const Cache<T>& cache, T* din,
                      const T* addend) const;

    std::string m_name;
    int m_d;
    bool m_parallel;
    std::optional<Attention> m_attention;
    std::optional<TokenMixing> m_mixing;  ///< where there is no attention
    Residual m_mixerResidual;
    std::optional<Attention> m_cross;
    std::optional<Residual> m_crossResidual;
    std::optional<FeedForward> m_feedForward;
    std::optional<Experts> m_experts;               ///< in its place
    std::optional<Residual> m_feedForwardResidual;  ///< around either
};

/// The blocks of one side and, with pre-norm, the norm behind them.
class Stack {
public:
    template <class T>
    struct Cache {
        Block::Cache<T>* blocks = nullptr;
        Halting::Cache<T> halting;
        typename Norm::Cache<T> finalNorm;
    };

    /// At least one layer; the norm behind them, if any, and the unit that halts positions are the last one's.
    Stack(LayerBuilder builder, Side side, const std::vector<LayerConfig>& layers, Block::Place place);

    template <class T>
    T* forward(Pass<T>& pass, const Sequences& sequences, const T* x, const Memory<T>* memory, Cache<T>& cache) const;
    /// What a block makes of its input x once more, for a tap; only where they stand alone (standAlone).
    template <class T>
    void repeat(Pass<T>& pass, const Sequences& sequences, std::size_t block, const T* x) const;
    /// Whether a block needs nothing but its input.
    bool standAlone() const { return !m_halting && m_sharedWidth == 0; }
    template <class T>
    T* backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Memory<T>* memory, Cache<T>& cache) const;
    template <class T>
    T* step(Pass<T>& pass, int position, int rows, int length, const T* x, std::vector<Block::Stores<T>>& stores) const;
    template <class T>
    void storeMemory(Pass<T>& pass, int rows, const T* memory, std::vector<Block::Stores<T>>& stores) const;
    std::size_t size() const { return m_blocks.size(); }
    /// What stands behind the blocks reads of a state of the stream [rows, d_model]: its norm, or the state itself where there is none.
    template <class T>
    const T* normed(Pass<T>& pass, const Sequences& sequences, const T* x) const;

private:
    // Where positions halt (stack_halting.cpp).
    template <class T>
    T* forwardUntilHalted(Pass<T>& pass, const Sequences& sequences, const T* x, const Memory<T>* memory, Cache<T>& cache) const;
    template <class T>
    T* backwardOfHalted(Pass<T>& pass, const Sequences& sequences, const T* dy, const Memory<T>* memory, Cache<T>& cache) const;
    template <class T>
    T* stepUntilHalted(Pass<T>& pass, int position, int rows, int length, const T* x, std::vector<Block::Stores<T>>& stores) const;

    // Where layers read another layer's keys and values.
    template <class T>
    void giveKeys(std::size_t block, Cache<T>& cache) const;
    template <class T>
    void giveKeyGradients(std::size_t block, const Sequences& sequences, T* gradients, Cache<T>& cache) const;
    template <class T>
    T* stepBlock(Pass<T>& pass, int position, int rows, int length, const T* x, std::size_t block,
                 std::vector<Block::Stores<T>>& stores) const;
    bool isLastReader(std::size_t block) const { return block + 1 == m_blocks.size() || m_keyOwners[block + 1] != m_keyOwners[block]; }

    std::string m_side;
    int m_d;
    std::vector<Block> m_blocks;
    std::vector<std::size_t> m_keyOwners;  ///< of each block: the one that makes the keys and values it reads, itself or one before it
    int m_sharedWidth = 0;                 ///< numbers of a row's shared keys and values; 0: no block reads another's
    std::optional<Halting> m_halting;
    std::optional<Norm> m_finalNorm;
};

}  // namespace lab
