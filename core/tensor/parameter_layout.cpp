#include "core/tensor/parameter_layout.h"

#include <algorithm>
#include <utility>

namespace lab {

int ParameterLayout::add(std::string name, std::vector<int> shape, ParameterRole role, int fanOut, int fanIn) {
    constexpr std::size_t alignment = 16;
    Parameter parameter{std::move(name), std::move(shape), m_flatSize, 1, role, fanOut, fanIn};
    for (int extent : parameter.shape) parameter.size *= static_cast<std::size_t>(extent);
    m_flatSize += (parameter.size + alignment - 1) / alignment * alignment;
    m_parameters.push_back(std::move(parameter));
    return static_cast<int>(m_parameters.size()) - 1;
}

const Parameter* ParameterLayout::find(std::string_view name) const {
    const auto found = std::find_if(m_parameters.begin(), m_parameters.end(), [&](const Parameter& p) { return p.name == name; });
    return found == m_parameters.end() ? nullptr : &*found;
}

std::size_t ParameterLayout::parameterCount() const {
    std::size_t count = 0;
    for (const Parameter& parameter : m_parameters) count += parameter.size;
    return count;
}

bool ParameterLayout::operator==(const ParameterLayout& other) const {
    return std::equal(m_parameters.begin(), m_parameters.end(), other.m_parameters.begin(), other.m_parameters.end(),
                      [](const Parameter& a, const Parameter& b) { return a.name == b.name && a.shape == b.shape; });
}

}  // namespace lab
