#pragma once

#include <memory>
#include <vector>

#include "core/layers/pass.h"
#include "core/layers/position/rope.h"

namespace lab {

/// cos and sin of a head's pairs for the lengths seen in training, computed once; longer sequences compute theirs when asked.
class RotaryTable {
public:
    RotaryTable(const RopeConfig& rope, int headDim, int maxLength);

    template <class T>
    struct View {
        const T* cos = nullptr;  ///< [rows, head_dim / 2]
        const T* sin = nullptr;
    };
    /// Tables of positions 0 .. length - 1 for a sequence of that length; from the pass's arena when they were not kept.
    template <class T>
    View<T> view(Pass<T>& pass, int length) const {
        return view(pass, 0, length, length);
    }
    /// Of positions first .. first + count - 1 alone.
    template <class T>
    View<T> view(Pass<T>& pass, int first, int count, int length) const;

    bool interleaved() const { return m_rope.pairing == RopePairing::interleaved; }
    int pairs() const { return m_headDim / 2; }
    const RopeConfig& rope() const { return m_rope; }
    /// Turns `rows` rows of x [rows, head_dim] in place; inverse is also the backward.
    template <class T>
    void rotate(const Kernels<T>& kernels, View<T> view, int rows, bool inverse, T* x, int ldx) const {
        kernels.rotate(rows, pairs(), interleaved(), inverse, view.cos, view.sin, x, ldx);
    }

private:
    class Kept;
    static std::shared_ptr<const Kept> keptOf(const RopeFrequencies& frequencies, int rows);
    bool isBeyond(int length) const;

    RopeConfig m_rope;
    int m_headDim;
    int m_rows;                                      ///< kept
    std::shared_ptr<const Kept> m_within, m_beyond;  ///< original_max_seq_len tokens; beyond null where it is the same, or none is kept
};

}  // namespace lab
