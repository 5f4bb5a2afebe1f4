#include "core/model/parameter_groups.h"

#include <cassert>

#include "core/config/model_config.h"

namespace lab {

ParameterGroup parameterGroupOf(std::string_view name) {
    const auto has = [name](std::string_view part) { return name.find(part) != std::string_view::npos; };
    if (name.starts_with("output.")) return ParameterGroup::output;
    if (name.starts_with("bottleneck.")) return ParameterGroup::bottleneck;
    if (has(".halting.")) return ParameterGroup::halting;
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
        case ParameterGroup::halting:
            return halting;
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

std::size_t activeParameters(const ParameterLayout& layout, const ModelConfig& config) {
    if (!config.hasExperts()) return layout.parameterCount();
    std::size_t ofExperts = 0;
    for (const Parameter& parameter : layout.parameters())
        if (parameter.name.find(".experts.") != std::string::npos) ofExperts += parameter.size;
    const auto experts = static_cast<std::size_t>(config.feed_forward.experts),
               chosen = static_cast<std::size_t>(config.feed_forward.top_k);
    return layout.parameterCount() - ofExperts / experts * (experts - chosen);
}

}  // namespace lab
