#include "core/model/parameter_groups.h"

#include <cassert>

namespace lab {

ParameterGroup parameterGroupOf(std::string_view name) {
    const auto has = [name](std::string_view part) { return name.find(part) != std::string_view::npos; };
    if (name.starts_with("output.")) return ParameterGroup::output;
    if (name.starts_with("bottleneck.")) return ParameterGroup::bottleneck;
    if (has("_embedding.")) return ParameterGroup::embedding;
    if (has("_norm.")) return ParameterGroup::norm;
    if (has("attention.")) return ParameterGroup::attention;
    if (has(".mixing.")) return ParameterGroup::mixing;
    assert(has(".feed_forward."));
    return ParameterGroup::feedForward;
}

std::size_t& ParameterGroups::operator[](ParameterGroup group) {
    switch (group) {
        case ParameterGroup::embedding:
            return embedding;
        case ParameterGroup::attention:
            return attention;
        case ParameterGroup::mixing:
            return mixing;
        case ParameterGroup::feedForward:
            return feedForward;
        case ParameterGroup::bottleneck:
            return bottleneck;
        case ParameterGroup::norm:
            return norm;
        case ParameterGroup::output:
            break;
    }
    return output;
}

ParameterGroups parameterGroups(const ParameterLayout& layout) {
    ParameterGroups groups;
    for (const Parameter& parameter : layout.parameters()) groups[parameterGroupOf(parameter.name)] += parameter.size;
    return groups;
}

}  // namespace lab
