#pragma once

#include "core/base/enum_names.h"
#include "core/base/message.h"

namespace lab {

enum class KernelKind { softmax, linear, product, performer, retention, gated_linear };

/// What a key loses with every place between it and the query.
enum class KernelDecay { none, ofHead, ofToken };

struct KernelSpec {
    std::string_view name;
    SourceText help;
    bool scores = true;        ///< weights are the softmax of scores, to which terms of positions can be added
    bool features = false;     ///< queries and keys go through phi first
    bool rowsSumToOne = true;  ///< weights are shares; otherwise of any size and sign
    bool scaled = true;        ///< q . k is divided by sqrt(head_dim)
    bool drawn = false;        ///< phi is made of a random matrix (model.attention.features and .feature_seed)
    KernelDecay decay = KernelDecay::none;

    /// Weights fade with the distance, and decoding keeps one matrix a head instead of keys and values.
    constexpr bool decays() const { return decay != KernelDecay::none; }
    /// The weight is q . k itself.
    constexpr bool plainProduct() const { return !scores && !features && !scaled; }
};

template <>
struct EnumRows<KernelKind> {
    static constexpr std::array<KernelSpec, 6> rows{
        {{.name = "softmax", .help = LAB_TEXT("fields", "weights = softmax(q . k / sqrt(head_dim))")},
         {.name = "linear",
          .help = LAB_TEXT("fields",
                           "weights = phi(q) . phi(k) / their row sum with phi(x) = elu(x) + 1, without the root (Katharopoulos 2020, "
                           "arXiv 2006.16236)"),
          .scores = false,
          .features = true,
          .scaled = false},
         {.name = "product",
          .help = LAB_TEXT("fields",
                           "weights = q . k, neither exponentiated nor divided by anything: of any size and sign (von Oswald 2023, "
                           "arXiv 2212.07677)"),
          .scores = false,
          .rowsSumToOne = false,
          .scaled = false},
         {.name = "performer",
          .help = LAB_TEXT("fields",
                           "weights = phi(q) . phi(k) / their row sum with positive random features phi(x) = exp(w . x' - |x'|^2 / 2), x' "
                           "= x / head_dim^(1/4), whose products are exp(q . k / sqrt(head_dim)) on average over draws of w (FAVOR+, "
                           "Choromanski 2020, arXiv 2009.14794)"),
          .scores = false,
          .features = true,
          .scaled = false,
          .drawn = true},
         {.name = "retention",
          .help = LAB_TEXT("fields",
                           "weights = q . k / sqrt(head_dim) times gamma^(i - j) with gamma = 1 - 2^(-5 - h) in head h, no softmax; each "
                           "head's output is divided by its root mean square (RetNet, Sun 2023, arXiv 2307.08621)"),
          .scores = false,
          .rowsSumToOne = false,
          .decay = KernelDecay::ofHead},
         {.name = "gated-linear",
          .help = LAB_TEXT("fields",
                           "retention whose factor is learned: token t of a head keeps sigmoid(w . x_t + b)^(1/16) of what stood before "
                           "it (Yang 2023, arXiv 2312.06635; one number a head and token as Dao & Gu 2024, arXiv 2405.21060)"),
          .scores = false,
          .rowsSumToOne = false,
          .decay = KernelDecay::ofToken}}};
};

}  // namespace lab
