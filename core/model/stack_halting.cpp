// A stack whose positions halt, each after steps of its own.

#include <algorithm>

#include "core/model/block.h"

namespace lab {

/// The looking path makes every step, so that each has its tensors; what it makes of halted rows is thrown away in any case.
template <class T>
T* Stack::forwardUntilHalted(Pass<T>& pass, const Sequences& sequences, const T* x, const Memory<T>* memory, Cache<T>& cache) const {
    m_halting->start(pass, sequences, cache.halting);
    T* state = const_cast<T*>(x);
    for (std::size_t i = 0; i < m_blocks.size(); ++i) {
        const int step = static_cast<int>(i);
        const signed char* halted = m_halting->haltedBefore(sequences, step, cache.halting);
        state = m_blocks[i].forward(pass, sequences, state, memory, cache.blocks[i], halted);
        const bool goesOn = m_halting->goesOn(pass, sequences, step, static_cast<const T*>(state), cache.halting);
        if (!goesOn && !pass.tap) break;
    }
    return m_halting->mixed(pass, sequences, cache.halting);
}

template <class T>
T* Stack::backwardOfHalted(Pass<T>& pass, const Sequences& sequences, const T* dy, const Memory<T>* memory, Cache<T>& cache) const {
    m_halting->backward(pass, sequences, dy, cache.halting);
    const std::int64_t size = std::int64_t{sequences.rows()} * m_d;
    const int steps = cache.halting.done;
    T* turns[2] = {pass.takeRows(sequences.rows(), m_d), pass.takeRows(sequences.rows(), m_d)};
    T* dstate = turns[steps % 2];
    std::fill_n(dstate, size, T{0});
    const Arena::Mark mark = pass.scratch.arena.mark();
    for (int step = steps - 1; step >= 0; --step) {
        m_halting->addStateGradient(pass, sequences, step, dy, cache.halting, dstate);
        const auto i = static_cast<std::size_t>(step);
        const signed char* halted = m_halting->haltedBefore(sequences, step, cache.halting);
        T* kept = turns[step % 2];
        std::copy_n(m_blocks[i].backward(pass, sequences, static_cast<const T*>(dstate), memory, cache.blocks[i], halted), size, kept);
        dstate = kept;
        pass.scratch.arena.rewind(mark);
    }
    return dstate;
}

/// Every step is made for every row, halted or not: later tokens read its keys and values of each.
template <class T>
T* Stack::stepUntilHalted(Pass<T>& pass, int position, int rows, int length, const T* x, std::vector<Block::Stores<T>>& stores) const {
    const Sequences row{1, rows, &rows};
    Halting::Cache<T> cache;
    m_halting->start(pass, row, cache);
    const T* state = x;
    for (std::size_t i = 0; i < m_blocks.size(); ++i) {
        const int step = static_cast<int>(i);
        T* next = stepBlock(pass, position, rows, length, state, i, stores);
        copyMarkedRows(rows, m_d, m_halting->haltedBefore(row, step, cache), state, next);
        m_halting->goesOn(pass, row, step, static_cast<const T*>(next), cache);
        state = next;
    }
    return m_halting->mixed(pass, row, cache);
}

#define INSTANTIATE(T)                                                                                              \
    template T* Stack::forwardUntilHalted(Pass<T>&, const Sequences&, const T*, const Memory<T>*, Cache<T>&) const; \
    template T* Stack::backwardOfHalted(Pass<T>&, const Sequences&, const T*, const Memory<T>*, Cache<T>&) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

template float* Stack::stepUntilHalted(Pass<float>&, int, int, int, const float*, std::vector<Block::Stores<float>>&) const;

}  // namespace lab
