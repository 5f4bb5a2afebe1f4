#pragma once

#include <cstdint>
#include <vector>

#include "core/patterns/pattern.h"

namespace lab {

/// Who sees whom in a layer, said once: what the pattern allows, in a decoder intersected with j <= i, without the diagonal where that is
/// masked. A query to which nothing else is left sees itself, as in Reformer (Kitaev 2020, arXiv 2001.04451, section 2).
class Visibility {
public:
    /// Every query sees every key.
    Visibility() = default;
    Visibility(const PatternConfig& pattern, bool causal, bool diagonalMasked);

    /// Whether query i sees key j of a sequence of `keys` keys.
    bool mayAttend(int i, int j, int keys) const;
    /// Why it does not: "behind the query", "outside the window of 3", "the diagonal is masked"; empty when it does.
    Message whyNot(int i, int j, int keys) const;

    /// Whether the row of key j, which query i sees, gets no gradient from it.
    bool detached(int i, int j, int keys) const { return detaches() && m_pattern->detached(frame(keys), i, j); }
    /// Whether there may be such pairs.
    bool detaches() const { return m_pattern->detached != nullptr; }
    /// The first key that query i or any behind it may see.
    int firstKey(int i) const { return m_pattern->firstKey ? m_pattern->firstKey(frame(i + 1), i) : 0; }
    /// Whether that key moves on as the sequence grows.
    bool forgets() const { return m_pattern->firstKey != nullptr; }

    /// Whether the places of a sequence differ in what they may look at: by the mask alone a model without positions can then tell them
    /// apart.
    bool tellsPlacesApart(int length) const;

    /// "Pattern longformer with window 3, globals 2: ..."; empty when the pattern hides nothing.
    Message summary() const;

    bool causal() const { return m_causal; }
    bool diagonalMasked() const { return m_diagonalMasked; }
    /// What is seen hangs on the vectors besides: mayAttend then names all that may be seen whatever they are.
    bool hashes() const { return m_pattern->hashes; }
    int globalsApart() const { return m_pattern->globalsApart ? m_pattern->globalsApart(frame(0)) : 0; }
    bool hasPattern() const { return !(m_pattern == Kind<PatternSpec>()); }
    const PatternSpec& pattern() const { return *m_pattern; }
    PatternFrame frame(int keys) const { return {m_numbers, m_causal, keys}; }
    /// Whether nothing is hidden but, in a decoder, what lies behind the query: whole heads can then be computed at once.
    bool isPlain() const { return !hasPattern() && !m_diagonalMasked; }
    bool hidesNothing() const { return isPlain() && !m_causal; }

    bool operator==(const Visibility&) const = default;

private:
    bool reaches(int i, int j, int keys) const;
    bool isAlone(int i, int keys) const;

    Kind<PatternSpec> m_pattern;
    std::vector<std::int64_t> m_numbers;  ///< of its parameters, in their order
    bool m_causal = false;
    bool m_diagonalMasked = false;
};

}  // namespace lab
