#include "core/config/comparisons.h"

#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/config/visitor.h"

namespace lab {
namespace {

using Json = nlohmann::json;

std::string textOf(const Json& object, const char* key) {
    if (!object.contains(key) || !object.at(key).is_string())
        throw InputError(key, Message(LAB_TEXT("config", "expected %1")).arg(kindText(FieldKind::text)));
    return object.at(key).get<std::string>();
}

Experiment variantOf(const Json& experiment, const Json& variant) {
    Json whole = experiment;
    whole["format"] = "attention-lab/experiment";
    whole["version"] = 1;
    Experiment result = parseExperiment(whole.dump());
    result.name = textOf(variant, "name");
    for (const auto& [path, value] : variant.at("set").items()) fieldTable().at(path).setText(result, value.get<std::string>());
    return result;
}

}  // namespace

ClassicComparison parseComparison(std::string_view text) {
    try {
        const Json json = Json::parse(text);
        ClassicComparison comparison;
        comparison.name = textOf(json, "name");
        comparison.about = textOf(json, "about");
        for (const Json& variant : json.at("variants")) {
            comparison.variants.push_back(variantOf(json.at("experiment"), variant));
            comparison.variants.back().about = comparison.about;
        }
        return comparison;
    } catch (const Json::exception& error) {
        throw InputError("comparison", Message::verbatim(error.what()));
    }
}

const std::vector<ClassicComparison>& comparisons() {
    static const std::vector<ClassicComparison> table = [] {
        std::vector<ClassicComparison> result;
        for (const ComparisonText& text : comparisonTexts()) {
            result.push_back(parseComparison(text.json));
            result.back().key = text.name.substr(text.name.find('-') + 1);
        }
        return result;
    }();
    return table;
}

}  // namespace lab
