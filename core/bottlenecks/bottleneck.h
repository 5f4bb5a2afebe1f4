#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/kind.h"
#include "core/base/message.h"
#include "core/base/parameters.h"

namespace lab {

struct BottleneckConfig;

/// What a bottleneck is cut into, and the numbers of its rule.
struct BottleneckShape {
    int slotCount = 0;  ///< M
    int codes = 0;      ///< K of each slot
    int width = 0;      ///< numbers that are read off a slot, and that the decoder gets of it
    /// How far apart the relaxed codes of two sequences are pushed by model.bottleneck.injectivity: as far as neighbouring codes are.
    double margin = 1;
    bool hasBook = false;   ///< the codes' numbers are learned: a table [codes, width]
    double commitment = 0;  ///< beta: what it costs to be away from the code chosen
    bool draws = false;     ///< in training the code is drawn, by Gumbel noise, and stays relaxed
    double tau = 1;         ///< temperature at step 0
    double tauEnd = 1;      ///< it falls to this
    double tauRate = 0;     ///< e-folds a step
    double tauAt(std::int64_t step) const;
};

/// One slot, as a rule sees it.
template <class T>
struct SlotView {
    int codes = 0;
    int width = 0;
    T tau = 1;                ///< where the code is drawn
    const T* book = nullptr;  ///< [codes, width] where the codes' numbers are learned
};

/// What a bottleneck does with the numbers of one slot: h [width] as read, y [width] the relaxed code, whose nearest code is sent on as the
/// numbers z [width]. The gradient of z goes to y as it is (straight-through: Bengio et al. 2013, arXiv 1308.3432).
template <class T>
struct SlotRule {
    void (*relax)(const SlotView<T>& slot, const T* h, T* y) = nullptr;
    /// Overwrites dh.
    void (*relaxBackward)(const SlotView<T>& slot, const T* y, const T* dy, T* dh) = nullptr;
    int (*codeOf)(const SlotView<T>& slot, const T* y) = nullptr;  ///< 0 .. codes - 1
    void (*numbersOf)(const SlotView<T>& slot, int code, T* z) = nullptr;
    /// How the relaxed code shares itself among the codes, pi [codes], which adds up to 1: what usage is counted by.
    void (*shares)(const SlotView<T>& slot, const T* y, T* pi) = nullptr;
    /// Adds to dy; the book counts as given.
    void (*sharesBackward)(const SlotView<T>& slot, const T* y, const T* pi, const T* dpi, T* dy) = nullptr;
};

/// How codes are made of numbers: one row a bottleneck, each in its own file. The first row is none: the decoder looks at the encoder's
/// output itself.
struct BottleneckSpec {
    std::string_view name;
    SourceText title;  ///< "Finite scalar quantisation"
    SourceText help;
    std::span<const ParameterSpec> parameters = {};
    /// `numbers` in the order of the parameters; null of none.
    BottleneckShape (*shape)(std::span<const double> numbers) = nullptr;
    SlotRule<float> single{};
    SlotRule<double> twice{};

    bool exists() const { return shape != nullptr; }
    template <class T>
    const SlotRule<T>& rule() const;

    static std::span<const BottleneckSpec* const> table();
};

/// What stands between encoder and decoder, as an experiment chooses it.
struct BottleneckConfig {
    Kind<BottleneckSpec> kind;
    Parameters parameters;
    double usage = 0;        ///< weight of the loss of codes that are left out
    double injectivity = 0;  ///< weight of the loss of codes that are too much alike

    bool exists() const { return kind->exists(); }
    /// Of one that exists.
    BottleneckShape shape() const;
};

/// The capacity log2(codes^slots), in bits.
double bitsOf(const BottleneckShape& shape);

}  // namespace lab
