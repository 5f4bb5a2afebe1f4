#include "core/layers/dictionary.h"

#include <algorithm>
#include <unordered_map>

namespace lab {

/// A dictionary has up to a thousand entries and a text a few words of it: the words are sorted into a table once a sequence.
void Dictionary::find(const Sequences& source, const int* tokens, const Sequences& text, const int* textTokens, int* entryOf) const {
    const int entries = entriesOf(source);
    std::unordered_map<int, int> places;
    for (int s = 0; s < text.count; ++s) {
        places.clear();
        for (int e = 0; wordOf(e) < source.lengths[s]; ++e) places[tokens[s * source.length + wordOf(e)]] = s * entries + e;
        for (int r = s * text.length; r < (s + 1) * text.length; ++r) {
            const auto found = places.find(textTokens[r]);
            entryOf[r] = found == places.end() ? -1 : found->second;
        }
    }
}

template <class T>
void Dictionary::forward(Pass<T>& pass, const Sequences& source, const int* tokens, const T* encoded, const Sequences& text,
                         const int* textTokens, Cache<T>& cache) const {
    const int entries = entriesOf(source), all = source.count * entries;
    cache.entryOf = pass.scratch.arena.template take<int>(static_cast<std::size_t>(text.rows()));
    find(source, tokens, text, textTokens, cache.entryOf);
    cache.table = pass.takeRows(all, m_d);
    for (int e = 0; e < all; ++e) {
        const std::ptrdiff_t row = std::ptrdiff_t{e / entries} * source.length + wordOf(e % entries);
        std::copy_n(encoded + row * m_d, m_d, cache.table + std::ptrdiff_t{e} * m_d);
    }
    if (pass.tap) pass.tap->tensor("dictionary", {all, m_d}, cache.table);
    cache.read = pass.takeRows(text.rows(), m_d);
    for (int r = 0; r < text.rows(); ++r) {
        T* row = cache.read + std::ptrdiff_t{r} * m_d;
        if (cache.entryOf[r] < 0)
            std::fill_n(row, m_d, T{0});
        else
            std::copy_n(cache.table + std::ptrdiff_t{cache.entryOf[r]} * m_d, m_d, row);
    }
    if (pass.tap) pass.tap->tensor("dictionary.read", {text.rows(), m_d}, cache.read);
}

template <class T>
void Dictionary::startBackward(Pass<T>& pass, const Sequences& text, Cache<T>& cache) const {
    cache.dread = pass.takeRows(text.rows(), m_d);
    std::fill_n(cache.dread, std::ptrdiff_t{text.rows()} * m_d, T{0});
}

template <class T>
void Dictionary::backward(Pass<T>& pass, const Sequences& source, const Sequences& text, const Cache<T>& cache, T* dencoded) const {
    const int entries = entriesOf(source), all = source.count * entries;
    if (pass.tap) pass.tap->gradient("dictionary.read", {text.rows(), m_d}, cache.dread);
    T* dtable = pass.takeRows(all, m_d);
    std::fill_n(dtable, std::ptrdiff_t{all} * m_d, T{0});
    for (int r = 0; r < text.rows(); ++r)
        if (cache.entryOf[r] >= 0)
            pass.kernels.add(m_d, cache.dread + std::ptrdiff_t{r} * m_d, dtable + std::ptrdiff_t{cache.entryOf[r]} * m_d);
    if (pass.tap) pass.tap->gradient("dictionary", {all, m_d}, dtable);
    std::fill_n(dencoded, std::ptrdiff_t{source.rows()} * m_d, T{0});
    for (int e = 0; e < all; ++e) {
        const std::ptrdiff_t row = std::ptrdiff_t{e / entries} * source.length + wordOf(e % entries);
        std::copy_n(dtable + std::ptrdiff_t{e} * m_d, m_d, dencoded + row * m_d);
    }
}

template <class T>
DictionaryTable<T> Dictionary::tableOf(const Sequences& source, const int* tokens, const T* encoded) const {
    DictionaryTable<T> table;
    for (int row = wordOf(0); row < source.lengths[0]; row += m_entry) {
        table.words.push_back(tokens[row]);
        table.vectors.insert(table.vectors.end(), encoded + std::ptrdiff_t{row} * m_d, encoded + std::ptrdiff_t{row + 1} * m_d);
    }
    return table;
}

template <class T>
const T* Dictionary::read(Pass<T>& pass, const DictionaryTable<T>& table, const int* textTokens, int rows) const {
    T* found = pass.takeRows(rows, m_d);
    std::fill_n(found, std::ptrdiff_t{rows} * m_d, T{0});
    for (int r = 0; r < rows; ++r) {
        const auto word = std::find(table.words.rbegin(), table.words.rend(), textTokens[r]);
        if (word == table.words.rend()) continue;
        const std::ptrdiff_t entry = table.words.rend() - word - 1;
        std::copy_n(table.vectors.data() + entry * m_d, m_d, found + std::ptrdiff_t{r} * m_d);
    }
    return found;
}

template <class T>
T* sideBySide(Pass<T>& pass, int rows, const T* x, int d, const T* more, int n) {
    T* both = pass.takeRows(rows, d + n);
    for (int r = 0; r < rows; ++r) {
        std::copy_n(x + std::ptrdiff_t{r} * d, d, both + std::ptrdiff_t{r} * (d + n));
        std::copy_n(more + std::ptrdiff_t{r} * n, n, both + std::ptrdiff_t{r} * (d + n) + d);
    }
    return both;
}

template <class T>
void splitGradient(Pass<T>& pass, int rows, const T* both, T* dx, int d, const T* addend, T* dmore, int n) {
    for (int r = 0; r < rows; ++r) {
        const T* row = both + std::ptrdiff_t{r} * (d + n);
        std::copy_n(row, d, dx + std::ptrdiff_t{r} * d);
        pass.kernels.add(n, row + d, dmore + std::ptrdiff_t{r} * n);
    }
    if (addend) pass.kernels.add(std::int64_t{rows} * d, addend, dx);
}

#define INSTANTIATE(T)                                                                                                                  \
    template void Dictionary::forward(Pass<T>&, const Sequences&, const int*, const T*, const Sequences&, const int*, Cache<T>&) const; \
    template void Dictionary::startBackward(Pass<T>&, const Sequences&, Cache<T>&) const;                                               \
    template void Dictionary::backward(Pass<T>&, const Sequences&, const Sequences&, const Cache<T>&, T*) const;                        \
    template DictionaryTable<T> Dictionary::tableOf(const Sequences&, const int*, const T*) const;                                      \
    template const T* Dictionary::read(Pass<T>&, const DictionaryTable<T>&, const int*, int) const;                                     \
    template T* sideBySide(Pass<T>&, int, const T*, int, const T*, int);                                                                \
    template void splitGradient(Pass<T>&, int, const T*, T*, int, const T*, T*, int);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
