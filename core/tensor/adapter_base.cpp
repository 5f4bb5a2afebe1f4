#include "core/tensor/adapter_base.h"

#include <cassert>
#include <utility>

namespace lab {
namespace {

constexpr std::string_view endOfA = ".a", endOfB = ".b";

}  // namespace

AdapterBase::AdapterBase(const ParameterLayout& model, std::vector<std::size_t> adapted, int r, double times, Weights values)
    : matrices(std::move(adapted)), rank(r), factor(times), weights(std::move(values)) {
    assert(weights.size() == model.flatSize());
    for (const std::size_t index : matrices) {
        const Parameter& p = model.parameters()[index];
        assert(p.shape.size() == 2);
        offsets.push_back(p.offset);
        const int outputs = p.shape[0], inputs = p.shape[1];
        layout.add(p.name + std::string(endOfA), {rank, inputs}, ParameterRole::linear, rank, inputs);
        layout.add(p.name + std::string(endOfB), {outputs, rank}, ParameterRole::linear, outputs, rank);
    }
}

std::string AdapterBase::nameOf(std::size_t matrix) const {
    const std::string& name = a(matrix).name;
    return name.substr(0, name.size() - endOfA.size());
}

}  // namespace lab
