#include "core/pretrained/model_guide.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/enum_names.h"
#include "core/config/model_config.h"

namespace lab {
namespace {

constexpr double leftInHalfPrecision = 0.005;  // of a number: bfloat16 has 8 bits

ModelGuide guideFrom(const GuideText& text) {
    const nlohmann::json json = nlohmann::json::parse(text.json);
    ModelGuide guide;
    json.at("name").get_to(guide.name);
    json.at("about").get_to(guide.about);
    json.at("note").get_to(guide.note);
    json.at("commands").get_to(guide.commands);
    const nlohmann::json& shape = json.at("model");
    shape.at("architecture").get_to(guide.architecture);
    shape.at("d_model").get_to(guide.width);
    shape.at("num_layers").get_to(guide.layers);
    shape.at("num_heads").get_to(guide.heads);
    shape.at("vocab_size").get_to(guide.vocabulary);
    json.at("tensor").get_to(guide.tensor);
    json.at("begins").get_to(guide.begins);
    for (const nlohmann::json& each : json.at("items")) {
        ModelGuide::Item item{each.at("title"), each.at("about"), {}, each.value("sentence", std::string())};
        for (const nlohmann::json& head : each.at("heads")) item.heads.push_back({head.at(0), head.at(1)});
        guide.items.push_back(std::move(item));
    }
    return guide;
}

}  // namespace

const std::vector<ModelGuide>& modelGuides() {
    static const std::vector<ModelGuide> guides = [] {
        std::vector<ModelGuide> made;
        for (const GuideText& text : guideTexts()) made.push_back(guideFrom(text));
        return made;
    }();
    return guides;
}

bool isOf(const ModelGuide& guide, const Model& model, const Weights& weights) {
    const ModelConfig& config = model.config();
    const bool sameShape = guide.architecture == nameOf(config.architecture) &&
                           guide.width == config.d_model && guide.layers == config.num_layers && guide.heads == config.num_heads &&
                           guide.vocabulary == config.vocab_size.value_or(0);
    const Parameter* tensor = sameShape ? model.layout().find(guide.tensor) : nullptr;
    if (!tensor || tensor->size < guide.begins.size()) return false;
    for (std::size_t i = 0; i < guide.begins.size(); ++i)
        if (std::abs(static_cast<double>(weights[tensor->offset + i]) - guide.begins[i]) > leftInHalfPrecision * std::abs(guide.begins[i]))
            return false;
    return true;
}

const ModelGuide* guideOf(const Model& model, const Weights& weights) {
    const auto& guides = modelGuides();
    const auto found = std::ranges::find_if(guides, [&](const ModelGuide& guide) { return isOf(guide, model, weights); });
    return found == guides.end() ? nullptr : &*found;
}

}  // namespace lab
