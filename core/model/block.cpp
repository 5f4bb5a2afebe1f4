#include "core/model/block.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "core/base/random.h"
#include "core/layers/dictionary.h"

namespace lab {

Residual::Residual(LayerBuilder builder, const std::string& normName, const std::string& name, const LayerConfig& config)
    : m_normName(normName),
      m_dropoutSite(RandomStream::hash(name + ".output")),
      m_droppedSite(RandomStream::hash(name + ".dropped")),
      m_dropped(config.dropped),
      m_d(config.d_model),
      m_pre(config.norm.placement == NormPlacement::pre),
      m_norm(builder, normName, config.d_model, config.norm.kind, config.norm.epsilon) {}

template <class T, class F>
T* Residual::forward(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache, F f, const T* onto) const {
    const int rows = sequences.rows();
    T* normed = pass.takeRows(rows, m_d);
    T* out = pass.takeRows(rows, m_d);
    const T* none = nullptr;
    const bool fused = fusesSum(pass);  // f itself adds x to what it gives
    if (m_pre) {
        // code: input,norm pre
        m_norm.forward(pass, rows, x, none, normed, cache.norm);
        // end code
        if (pass.tap) pass.tap->tensor(m_normName, {rows, m_d}, normed);
        const T* stream = onto ? onto : x;
        // code: residual ahead
        f(static_cast<const T*>(normed), out, fused ? stream : none);
        if (fused) return out;
        drop(pass, sequences, out);
        pass.kernels.add(std::int64_t{rows} * m_d, stream, out);
        // end code
        return out;
    }
    // code: residual !ahead; norm post
    f(x, out, fused ? x : none);
    drop(pass, sequences, out);
    m_norm.forward(pass, rows, out, fused ? none : x, normed, cache.norm, pass.tap ? nullptr : out);
    // end code
    if (pass.tap) pass.tap->tensor(m_normName, {rows, m_d}, normed);
    return normed;
}

template <class T, class F>
T* Residual::backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Cache<T>& cache, F fBackward, const T* straight) const {
    const int rows = sequences.rows();
    const std::int64_t size = std::int64_t{rows} * m_d;
    T* dx = pass.takeRows(rows, m_d);
    T* dsum = pass.takeRows(rows, m_d);  // gradient of x + f(x), or of what pre-norm's norm reads
    const auto gradientOfOutput = [&](const T* dout) {
        if (!drops(pass)) return dout;
        T* masked = pass.takeRows(rows, m_d);
        std::copy_n(dout, size, masked);
        drop(pass, sequences, masked);
        return static_cast<const T*>(masked);
    };
    if (m_pre) {
        T* dnormed = pass.takeRows(rows, m_d);
        // code: d_norm pre; d_residual,d_l_ffn,d_l_sum,d_l_cross_sum ahead
        fBackward(gradientOfOutput(dy), dnormed, static_cast<const T*>(nullptr));
        if (pass.tap) pass.tap->gradient(m_normName, {rows, m_d}, dnormed);
        m_norm.backward(pass, rows, dnormed, cache.norm, dsum);
        pass.kernels.add(size, straight ? straight : dy, dsum);
        // end code
        return dsum;
    }
    if (pass.tap) pass.tap->gradient(m_normName, {rows, m_d}, const_cast<T*>(dy));
    // code: d_norm post; d_residual,d_l_ffn,d_l_sum,d_l_cross_sum !ahead
    m_norm.backward(pass, rows, dy, cache.norm, dsum);
    fBackward(gradientOfOutput(dsum), dx, static_cast<const T*>(dsum));
    // end code
    return dx;
}

Block::Block(LayerBuilder builder, const std::string& name, const LayerConfig& config, Place place)
    : Block(builder, name, name + (specOf(config.mixer).attends ? ".attention" : ".mixing"), config, place) {}

Block::Block(LayerBuilder builder, const std::string& name, const std::string& mixer, const LayerConfig& config, Place place)
    : m_name(name),
      m_d(config.d_model),
      m_parallel(config.parallel),
      m_attention(specOf(config.mixer).attends
                      ? std::make_optional<Attention>(builder, mixer, config, Attention::Place{false, place.ofTargetSide})
                      : std::nullopt),
      m_mixing(m_attention ? std::nullopt : std::make_optional<TokenMixing>(builder, mixer, config)),
      m_mixerResidual(builder, mixer + "_norm", mixer, config),
      m_cross(place.hasMemory ? std::make_optional<Attention>(builder, name + ".cross_attention", crossAttentionOf(config),
                                                              Attention::Place{true, false, place.memoryOfSlots})
                              : std::nullopt),
      m_crossResidual(place.hasMemory
                          ? std::make_optional<Residual>(builder, name + ".cross_attention_norm", name + ".cross_attention", config)
                          : std::nullopt),
      m_feedForward(config.d_ff > 0 && config.experts == 0 ? std::make_optional<FeedForward>(builder, name + ".feed_forward", config)
                                                           : std::nullopt),
      m_experts(config.d_ff > 0 && config.experts > 0 ? std::make_optional<Experts>(builder, name + ".feed_forward", config)
                                                      : std::nullopt),
      m_feedForwardResidual(config.d_ff > 0
                                ? std::make_optional<Residual>(builder, name + ".feed_forward_norm", name + ".feed_forward", config)
                                : std::nullopt) {}

/// With a dictionary it reads what was looked up behind the stream's numbers.
template <class T>
void Block::feed(Pass<T>& pass, const Sequences& sequences, const T* in, const T* read, T* out, Cache<T>& cache, const T* addend) const {
    if (m_experts) return m_experts->forward(pass, sequences, in, out, cache.experts, addend);
    if (m_feedForward->in() > m_d) in = sideBySide(pass, sequences.rows(), in, m_d, read, m_feedForward->in() - m_d);
    m_feedForward->forward(pass, sequences, in, out, cache.feedForward, addend);
}

template <class T>
void Block::feedBackward(Pass<T>& pass, const Sequences& sequences, const T* dout, const Memory<T>* memory, const Cache<T>& cache, T* din,
                         const T* addend) const {
    if (m_experts) return m_experts->backward(pass, sequences, dout, cache.experts, din, addend);
    if (m_feedForward->in() == m_d) return m_feedForward->backward(pass, sequences, dout, cache.feedForward, din, addend);
    T* both = pass.takeRows(sequences.rows(), m_feedForward->in());
    m_feedForward->backward(pass, sequences, dout, cache.feedForward, both, static_cast<const T*>(nullptr));
    splitGradient(pass, sequences.rows(), both, din, m_d, addend, memory->dread, m_feedForward->in() - m_d);
}

template <class T>
T* Block::forward(Pass<T>& pass, const Sequences& sequences, const T* x, const Memory<T>* memory, Cache<T>& cache,
                  const signed char* halted) const {
    T* y = m_mixerResidual.forward(pass, sequences, x, cache.mixerResidual, [&](const T* in, T* out, const T* addend) {
        if (m_mixing) return m_mixing->forward(pass, sequences, in, out, cache.mixing, addend);
        m_attention->forward(pass, sequences, in, sequences, in, out, cache.attention, addend);
    });
    if (m_cross)
        y = m_crossResidual->forward(pass, sequences, y, cache.crossResidual, [&](const T* in, T* out, const T* addend) {
            // code: input cross
            m_cross->forward(pass, sequences, in, memory->sequences, memory->x, out, cache.cross, addend);
            // end code
        });
    if (m_feedForwardResidual)
        y = m_feedForwardResidual->forward(
            pass, sequences, m_parallel ? x : y, cache.feedForwardResidual,
            [&](const T* in, T* out, const T* addend) { feed(pass, sequences, in, memory ? memory->read : nullptr, out, cache, addend); },
            y);
    if (halted) copyMarkedRows(sequences.rows(), m_d, halted, x, y);
    if (pass.tap) pass.tap->tensor(m_name + ".residual", {sequences.rows(), m_d}, y);
    return y;
}

template <class T>
T* Block::backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Memory<T>* memory, const Cache<T>& cache,
                   const signed char* halted) const {
    if (pass.tap) pass.tap->gradient(m_name + ".residual", {sequences.rows(), m_d}, const_cast<T*>(dy));
    if (!halted) return backwardOfAll(pass, sequences, dy, memory, cache);
    T* going = pass.takeRows(sequences.rows(), m_d);
    std::copy_n(dy, std::int64_t{sequences.rows()} * m_d, going);
    T* straight = pass.takeRows(sequences.rows(), m_d);
    std::fill_n(straight, std::int64_t{sequences.rows()} * m_d, T{0});
    copyMarkedRows(sequences.rows(), m_d, halted, straight, going);
    copyMarkedRows(sequences.rows(), m_d, halted, dy, straight);
    T* dx = backwardOfAll(pass, sequences, static_cast<const T*>(going), memory, cache);
    pass.kernels.add(std::int64_t{sequences.rows()} * m_d, straight, dx);
    return dx;
}

template <class T>
T* Block::backwardOfAll(Pass<T>& pass, const Sequences& sequences, const T* dy, const Memory<T>* memory, const Cache<T>& cache) const {
    T* dx = const_cast<T*>(dy);
    if (m_feedForwardResidual)
        dx = m_feedForwardResidual->backward(pass, sequences, dy, cache.feedForwardResidual, [&](const T* dout, T* din, const T* addend) {
            feedBackward(pass, sequences, dout, memory, cache, din, addend);
        });
    if (m_cross)
        dx = m_crossResidual->backward(pass, sequences, dx, cache.crossResidual, [&](const T* dout, T* din, const T* addend) {
            T* dmemory = pass.takeRows(memory->sequences.rows(), m_d);
            // code: d_cross_query,d_cross,d_l_cross_query,d_l_cross_sum
            m_cross->backward(pass, sequences, memory->sequences, dout, cache.cross, din, dmemory, addend);
            // end code
            // code: d_memory
            pass.kernels.add(std::int64_t{memory->sequences.rows()} * m_d, dmemory, memory->dx);
            // end code
        });
    const auto mixes = [&](const T* dout, T* din, const T* addend) {
        if (m_mixing) return m_mixing->backward(pass, sequences, dout, cache.mixing, din, addend);
        m_attention->backward(pass, sequences, sequences, dout, cache.attention, din, static_cast<T*>(nullptr), addend);
    };
    // In parallel what comes back through the feed-forward layer is of the block's input, not of what attention made.
    const T* ofAttention = m_parallel ? dy : dx;
    return m_mixerResidual.backward(pass, sequences, ofAttention, cache.mixerResidual, mixes, static_cast<const T*>(dx));
}

template <class T>
T* Block::step(Pass<T>& pass, int position, int rows, int length, const T* x, Stores<T>& stores, const Block& owner,
               Stores<T>& ofOwner) const {
    const Sequences row{1, rows, &rows};
    Cache<T> cache;
    const auto plus = [&](T* out, const T* addend) {
        if (addend) pass.kernels.add(std::int64_t{rows} * m_d, addend, out);
    };
    T* y = m_mixerResidual.forward(pass, row, x, cache.mixerResidual, [&](const T* in, T* out, const T* addend) {
        m_attention->step(pass, position, rows, length, in, ofOwner.self, out, *owner.m_attention);
        plus(out, addend);
    });
    if (m_cross)
        y = m_crossResidual->forward(pass, row, y, cache.crossResidual, [&](const T* in, T* out, const T* addend) {
            m_cross->step(pass, position, rows, length, in, stores.cross, out, *m_cross);
            plus(out, addend);
        });
    if (!m_feedForwardResidual) return y;
    const auto feeds = [&](const T* in, T* out, const T* addend) { feed(pass, row, in, stores.read, out, cache, addend); };
    return m_feedForwardResidual->forward(pass, row, m_parallel ? x : y, cache.feedForwardResidual, feeds, static_cast<const T*>(y));
}

template <class T>
void Block::storeMemory(Pass<T>& pass, int rows, const T* memory, Stores<T>& stores) const {
    if (m_cross) m_cross->storeMemory(pass, rows, memory, stores.cross);
}

Stack::Stack(LayerBuilder builder, Side side, const std::vector<LayerConfig>& layers, Block::Place place)
    : m_side(nameOf(side)), m_d(layers.back().d_model) {
    const auto nameOfBlock = [&](std::size_t i) { return m_side + "." + std::to_string(i); };
    for (std::size_t i = 1; i < layers.size(); ++i)
        if (layers[i].tied) builder.layout.share(nameOfBlock(i) + ".", nameOfBlock(0) + ".");
    for (std::size_t i = 0; i < layers.size(); ++i) {
        m_blocks.emplace_back(builder, nameOfBlock(i), layers[i], place);
        m_keyOwners.push_back(i - static_cast<std::size_t>(layers[i].keys_back));
        if (layers[i].keys_read) m_sharedWidth = 2 * layers[i].num_kv_heads * layers[i].head_dim;
    }
    if (specOf(layers.back().depth.kind).halts)
        m_halting.emplace(builder, m_side, layers.back().depth, m_d, static_cast<int>(layers.size()));
    const NormConfig& norm = layers.back().norm;
    if (norm.placement == NormPlacement::pre && specOf(norm.kind).normalises)
        m_finalNorm.emplace(builder, m_side + "_norm", m_d, norm.kind, norm.epsilon);
}

template <class T>
void Stack::giveKeys(std::size_t block, Cache<T>& cache) const {
    if (const std::size_t owner = m_keyOwners[block]; owner != block)
        cache.blocks[block].attention.shared = cache.blocks[owner].attention.shared;
}

/// The blocks that read the same keys and values add their gradients in one array [rows, m_sharedWidth], the last of them first; who made
/// them takes it.
template <class T>
void Stack::giveKeyGradients(std::size_t block, const Sequences& sequences, T* gradients, Cache<T>& cache) const {
    if (!gradients) return;
    if (isLastReader(block)) std::fill_n(gradients, std::int64_t{sequences.rows()} * m_sharedWidth, T{0});
    cache.blocks[block].attention.shared.gradients = gradients;
}

/// What no block that reads the same keys will see any more is let go behind the last of them.
template <class T>
T* Stack::stepBlock(Pass<T>& pass, int position, int rows, int length, const T* x, std::size_t block,
                    std::vector<Block::Stores<T>>& stores) const {
    const std::size_t owner = m_keyOwners[block];
    T* y = m_blocks[block].step(pass, position, rows, length, x, stores[block], m_blocks[owner], stores[owner]);
    if (!isLastReader(block)) return y;
    int first = m_blocks[owner].firstSeen(pass, position + rows);
    for (std::size_t i = owner + 1; i <= block; ++i) first = std::min(first, m_blocks[i].firstSeen(pass, position + rows));
    m_blocks[owner].forget(first, stores[owner]);
    return y;
}

template <class T>
void Stack::repeat(Pass<T>& pass, const Sequences& sequences, std::size_t block, const T* x) const {
    Block::Cache<T> cache;
    m_blocks[block].forward(pass, sequences, x, static_cast<const Memory<T>*>(nullptr), cache);
}

template <class T>
T* Stack::forward(Pass<T>& pass, const Sequences& sequences, const T* x, const Memory<T>* memory, Cache<T>& cache) const {
    cache.blocks = pass.scratch.arena.template take<Block::Cache<T>>(m_blocks.size());
    std::uninitialized_value_construct_n(cache.blocks, m_blocks.size());
    T* y = const_cast<T*>(x);
    if (m_halting) {
        y = forwardUntilHalted(pass, sequences, x, memory, cache);
    } else {
        Arena& arena = pass.scratch.arena;
        const bool reuses = !pass.gradient && standAlone();  // nothing comes back, and the next block finds that memory in the cache
        T* turns[2] = {y, y};
        if (reuses)
            for (T*& turn : turns) turn = pass.takeRows(sequences.rows(), m_d);
        const Arena::Mark mark = arena.mark();
        for (std::size_t i = 0; i < m_blocks.size(); ++i) {
            giveKeys(i, cache);
            // code: input !first; later
            y = m_blocks[i].forward(pass, sequences, y, memory, cache.blocks[i]);
            // end code
            if (!reuses) continue;
            y = static_cast<T*>(
                std::memcpy(turns[i % 2], y, sizeof(T) * static_cast<std::size_t>(sequences.rows()) * static_cast<std::size_t>(m_d)));
            arena.rewind(mark);
        }
    }
    if (!m_finalNorm) return y;
    T* normed = pass.takeRows(sequences.rows(), m_d);
    // code: final_norm
    m_finalNorm->forward(pass, sequences.rows(), y, static_cast<const T*>(nullptr), normed, cache.finalNorm);
    // end code
    if (pass.tap) pass.tap->tensor(m_side + "_norm", {sequences.rows(), m_d}, normed);
    return normed;
}

template <class T>
const T* Stack::normed(Pass<T>& pass, const Sequences& sequences, const T* x) const {
    if (!m_finalNorm) return x;
    T* normed = pass.takeRows(sequences.rows(), m_d);
    typename Norm::Cache<T> cache;
    m_finalNorm->forward(pass, sequences.rows(), x, static_cast<const T*>(nullptr), normed, cache);
    return normed;
}

template <class T>
T* Stack::backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Memory<T>* memory, Cache<T>& cache) const {
    T* dx = const_cast<T*>(dy);
    if (m_finalNorm) {
        dx = pass.takeRows(sequences.rows(), m_d);
        // code: d_final_norm,d_memory pre
        m_finalNorm->backward(pass, sequences.rows(), dy, cache.finalNorm, dx);
        // end code
    }
    if (m_halting) return backwardOfHalted(pass, sequences, static_cast<const T*>(dx), memory, cache);
    const std::int64_t size = std::int64_t{sequences.rows()} * m_d;
    T* turns[2] = {pass.takeRows(sequences.rows(), m_d), pass.takeRows(sequences.rows(), m_d)};
    T* ofKeys = m_sharedWidth > 0 ? pass.takeRows(sequences.rows(), m_sharedWidth) : nullptr;
    const Arena::Mark mark = pass.scratch.arena.mark();
    for (std::size_t i = m_blocks.size(); i-- > 0;) {
        giveKeyGradients(i, sequences, ofKeys, cache);
        T* kept = turns[i % 2];
        std::copy_n(m_blocks[i].backward(pass, sequences, dx, memory, cache.blocks[i]), size, kept);
        dx = kept;
        pass.scratch.arena.rewind(mark);
    }
    return dx;
}

template <class T>
T* Stack::step(Pass<T>& pass, int position, int rows, int length, const T* x, std::vector<Block::Stores<T>>& stores) const {
    T* y = const_cast<T*>(x);
    if (m_halting)
        y = stepUntilHalted(pass, position, rows, length, x, stores);
    else
        for (std::size_t i = 0; i < m_blocks.size(); ++i) y = stepBlock(pass, position, rows, length, static_cast<const T*>(y), i, stores);
    if (!m_finalNorm) return y;
    typename Norm::Cache<T> cache;
    T* normed = pass.takeRows(rows, m_d);
    m_finalNorm->forward(pass, rows, y, static_cast<const T*>(nullptr), normed, cache);
    return normed;
}

template <class T>
void Stack::storeMemory(Pass<T>& pass, int rows, const T* memory, std::vector<Block::Stores<T>>& stores) const {
    for (std::size_t i = 0; i < m_blocks.size(); ++i) m_blocks[i].storeMemory(pass, rows, memory, stores[i]);
}

#define INSTANTIATE(T)                                                                                                              \
    template T* Block::forward(Pass<T>&, const Sequences&, const T*, const Memory<T>*, Cache<T>&, const signed char*) const;        \
    template T* Block::backward(Pass<T>&, const Sequences&, const T*, const Memory<T>*, const Cache<T>&, const signed char*) const; \
    template T* Stack::forward(Pass<T>&, const Sequences&, const T*, const Memory<T>*, Cache<T>&) const;                            \
    template T* Stack::backward(Pass<T>&, const Sequences&, const T*, const Memory<T>*, Cache<T>&) const;                           \
    template const T* Stack::normed(Pass<T>&, const Sequences&, const T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

template float* Block::step(Pass<float>&, int, int, int, const float*, Stores<float>&, const Block&, Stores<float>&) const;
template void Stack::repeat(Pass<float>&, const Sequences&, std::size_t, const float*) const;
template float* Stack::stepBlock(Pass<float>&, int, int, int, const float*, std::size_t, std::vector<Block::Stores<float>>&) const;
template float* Stack::step(Pass<float>&, int, int, int, const float*, std::vector<Block::Stores<float>>&) const;
template void Stack::storeMemory(Pass<float>&, int, const float*, std::vector<Block::Stores<float>>&) const;

}  // namespace lab
