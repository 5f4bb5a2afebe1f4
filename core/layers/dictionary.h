#pragma once

#include <vector>

#include "core/layers/pass.h"

namespace lab {

/// What decoding token by token keeps of a dictionary.
template <class T>
struct DictionaryTable {
    std::vector<int> words;  ///< [entries]
    std::vector<T> vectors;  ///< [entries, d_model]

    std::size_t bytes() const { return words.size() * sizeof(int) + vectors.size() * sizeof(T); }
};

/// A table of what an encoder makes of the entries of a dictionary, looked up by token: an entry is `entry` tokens, its word last, whose
/// row of the encoder's output is the entry's vector; a token of the text has the vector of the last entry that it is the word of, else
/// zeros.
class Dictionary {
public:
    template <class T>
    struct Cache {
        int* entryOf = nullptr;  ///< [rows of the text]: the entry, counted over the batch, or -1
        T* table = nullptr;      ///< [sequences * entries of the longest, d_model]
        T* read = nullptr;       ///< [rows of the text, d_model]
        T* dread = nullptr;      ///< its gradient, to which every block adds its part; from startBackward on
    };

    Dictionary(int d, int entry) : m_d(d), m_entry(entry) {}

    /// encoded [source.rows(), d_model].
    template <class T>
    void forward(Pass<T>& pass, const Sequences& source, const int* tokens, const T* encoded, const Sequences& text, const int* textTokens,
                 Cache<T>& cache) const;
    template <class T>
    void startBackward(Pass<T>& pass, const Sequences& text, Cache<T>& cache) const;
    /// Overwrites dencoded.
    template <class T>
    void backward(Pass<T>& pass, const Sequences& source, const Sequences& text, const Cache<T>& cache, T* dencoded) const;

    /// Of one sequence: what is kept, and what `rows` tokens of a text find there, [rows, d_model].
    template <class T>
    DictionaryTable<T> tableOf(const Sequences& source, const int* tokens, const T* encoded) const;
    template <class T>
    const T* read(Pass<T>& pass, const DictionaryTable<T>& table, const int* textTokens, int rows) const;

private:
    int entriesOf(const Sequences& source) const { return source.length / m_entry; }  ///< whole ones
    int wordOf(int entry) const { return (entry + 1) * m_entry - 1; }                 ///< its row
    void find(const Sequences& source, const int* tokens, const Sequences& text, const int* textTokens, int* entryOf) const;

    int m_d, m_entry;
};

/// [rows, d] and [rows, n] side by side.
template <class T>
T* sideBySide(Pass<T>& pass, int rows, const T* x, int d, const T* more, int n);
/// The gradient of what stands side by side: the left part goes to dx, plus addend unless that is null, the right one is added to dmore.
template <class T>
void splitGradient(Pass<T>& pass, int rows, const T* both, T* dx, int d, const T* addend, T* dmore, int n);

}  // namespace lab
