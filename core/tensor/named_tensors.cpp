#include "core/tensor/named_tensors.h"

#include <cassert>
#include <utility>

namespace lab {

void NamedTensors::set(std::string name, Tensor tensor) {
    const auto [position, inserted] = m_index.try_emplace(name, m_entries.size());
    if (inserted)
        m_entries.push_back({std::move(name), std::move(tensor)});
    else
        m_entries[position->second].tensor = std::move(tensor);
}

const Tensor* NamedTensors::find(std::string_view name) const {
    const auto found = m_index.find(std::string(name));
    if (found != m_index.end()) return &m_entries[found->second].tensor;
    return m_source ? m_source->find(name) : nullptr;
}

const Tensor& NamedTensors::at(std::string_view name) const {
    const Tensor* tensor = find(name);
    assert(tensor != nullptr);
    return *tensor;
}

}  // namespace lab
