#pragma once

#include "core/base/kind.h"
#include "core/config/model_config.h"
#include "core/optimizers/optimizer_config.h"
#include "tests/core/ops/kernel_testing.h"

// Helpers of the update rules' tests.

namespace lab::testing {

/// Whether a rule's first moment is one of squares, which has no sign: by what the rule itself makes of a gradient of -1.
inline bool firstMomentIsOfSquares(const UpdateRule& rule) {
    std::vector<double> numbers;
    for (const ParameterSpec& spec : rule.parameters) numbers.push_back(spec.standard.value());
    float gradient = -1, weight = 0, first = 0, second = 0;
    const Kernels<float>& k = kernels<float>();
    updateKernel(rule, k)({1, 0, 1, 1}, numbers.data(), {1, 1, 0, 0, false, &gradient, &weight, &first, &second, nullptr, k});
    return first > 0;
}

/// One parameter in guarded memory, [rows, columns] or a vector of `columns` numbers (rows 0), and a rule's kernel over it.
template <class T>
class Updated {
public:
    Updated(const OptimizerConfig& config, const Kernels<T>& kernels, int rows, int columns, bool hidden = false, int shift = 1)
        : gradient(std::max(1, rows), columns, 0, shift),
          weights(gradient),
          first(gradient),
          second(gradient),
          m_update(updateKernel(*config.kind, kernels)),
          m_kernels(kernels),
          m_rows(rows),
          m_hidden(hidden),
          m_two(config.kind->moments > 1),
          m_scratch(1, config.kind->scratch && hidden ? static_cast<int>(config.kind->scratch(rows, columns)) : 0) {
        for (const ParameterSpec& spec : config.kind->parameters) m_numbers.push_back(config.numbers[spec]);
        gradient.fill(1, 0.3);
        weights.fill(2);
        first.fill(3, 0.1);
        second.fill(4, 0.1);
        const bool squares = firstMomentIsOfSquares(*config.kind);
        for (int r = 0; r < second.rows(); ++r)
            for (int c = 0; c < columns; ++c) {
                second(r, c) *= second(r, c);
                if (squares) first(r, c) *= first(r, c);
            }
    }

    void update(const UpdateStep& step) {
        const int columns = gradient.columns();
        const auto size = std::int64_t{std::max(1, m_rows)} * columns;
        m_update(step, m_numbers.data(),
                 {size, size - gap, m_rows, m_rows > 0 ? columns : 0, m_hidden, gradient.data(), weights.data(), first.data(),
                  m_two ? second.data() : nullptr, m_scratch.data(), m_kernels});
    }

    bool intact() const { return gradient.intact() && weights.intact() && first.intact() && second.intact() && m_scratch.intact(); }

    Guarded<T> gradient, weights, first, second;
    int gap = 0;  ///< of a vector: how many of its last numbers stand behind the parameter

private:
    UpdateKernel<T> m_update;
    const Kernels<T>& m_kernels;
    std::vector<double> m_numbers;
    int m_rows;
    bool m_hidden, m_two;
    Guarded<T> m_scratch;
};

inline OptimizerConfig configOf(std::string_view rule, std::initializer_list<std::pair<ParameterSpec, double>> numbers = {}) {
    OptimizerConfig config;
    config.kind = rule;
    for (const auto& [spec, value] : numbers) config.numbers.set(spec.key, value);
    return config;
}

}  // namespace lab::testing
