#include "core/layers/byte_weights.h"

namespace lab {

ByteWeights::ByteWeights(const Weights& weights, const ParameterLayout& layout, const QuantisationScheme& scheme) {
    for (const Parameter& parameter : layout.parameters()) {
        const MatrixCode* code = codeOf(scheme, parameter);
        if (code && code->codeType == "I8" && !code->hasMinimum) m_matrices.emplace(parameter.offset, packed(*code, parameter, weights));
    }
}

ByteWeights::Matrix ByteWeights::find(std::size_t offset) const {
    const auto found = m_matrices.find(offset);
    if (found == m_matrices.end()) return {};
    return {reinterpret_cast<const signed char*>(found->second.codes.data()), found->second.scales.data()};
}

}  // namespace lab
