#include "app/commands/sampling_options.h"

#include <algorithm>

#include "core/base/number_text.h"

namespace lab {
namespace {

std::string optionOf(const SamplingRule& rule) {
    std::string name = "--" + std::string(rule.name);
    std::ranges::replace(name, '_', '-');
    return name;
}

}  // namespace

std::vector<Option> samplingOptions() {
    std::vector<Option> options;
    for (const SamplingRule* rule : SamplingRule::table())
        options.push_back({optionOf(*rule), rule->integer ? "K" : "X", englishText(rule->help, std::nullopt), false});
    options.push_back({"--seed", "S", "of the draws, 42 when not given", false});
    return options;
}

Sampling samplingOf(const Arguments& arguments, Sampling sampling) {
    for (const SamplingRule* rule : SamplingRule::table()) {
        const std::string option = optionOf(*rule);
        if (!arguments.has(option)) continue;
        const double value =
            rule->integer ? arguments.integer(option, 0, static_cast<int>(rule->limits.min)) : arguments.real(option, 0, rule->limits.min);
        if (!rule->limits.contains(value))
            throw UsageError(option + " must be " + rule->limits.text().english() + ", not " + numberText(value));
        rule->set(sampling, value);
    }
    sampling.seed = static_cast<std::uint64_t>(arguments.integer("--seed", static_cast<int>(sampling.seed), 0));
    return sampling;
}

}  // namespace lab
