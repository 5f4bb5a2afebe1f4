#include <algorithm>

#include "core/pretrained/family.h"

namespace lab {
namespace families {

extern const Family albert, bert, distilbert, gpt2, gptNeox, llama, mistral, qwen2, qwen3, roberta, smollm3;

}  // namespace families

std::span<const Family* const> Family::table() {
    static constexpr const Family* rows[] = {&families::albert,  &families::bert,    &families::distilbert, &families::gpt2,
                                             &families::gptNeox, &families::llama,   &families::mistral,    &families::qwen2,
                                             &families::qwen3,   &families::roberta, &families::smollm3};
    return rows;
}

const Family* findFamily(std::string_view modelType) {
    const auto rows = Family::table();
    const auto found = std::ranges::find(rows, modelType, &Family::name);
    return found == rows.end() ? nullptr : *found;
}

std::string plainName(const Family& family, std::string_view name) {
    // Wrappers of training programs put theirs before all others.
    for (const std::string_view prefix : {std::string_view("module."), std::string_view("_orig_mod.")})
        if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    for (const std::string_view prefix : family.prefixes)
        if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    std::string plain(name);
    // The names of TensorFlow, which the first files of BERT have.
    for (const auto& [old, now] :
         {std::pair<std::string_view, std::string_view>("LayerNorm.gamma", "LayerNorm.weight"), {"LayerNorm.beta", "LayerNorm.bias"}})
        if (plain.ends_with(old)) plain.replace(plain.size() - old.size(), old.size(), now);
    return plain;
}

}  // namespace lab
