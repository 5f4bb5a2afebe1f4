#include "core/pretrained/rope_reader.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace lab {
namespace {

/// The object that says it: of several, by kinds of layers, the one that all are.
std::optional<ConfigReader> parametersOf(const ConfigReader& config) {
    const char* key = config.either({"rope_parameters", "rope_scaling"});
    const auto parameters = config.object(key);
    if (!parameters) return std::nullopt;
    const nlohmann::json& json = parameters->json();
    bool nested = true;
    for (const auto& value : json) nested = nested && value.is_object();
    if (!nested) return parameters;
    for (const auto& value : json)
        if (value != json.front())
            config.refuse(key, LAB_TEXT("pretrained", "its layers turn in different ways, which this program has not"));
    return ConfigReader(json.front(), config.file(), std::string(key) + "." + json.items().begin().key() + ".");
}

std::optional<double> positive(const ConfigReader& r, const char* key) {
    const auto value = r.numberIfThere(key);
    return value && *value == 0 ? std::nullopt : value;
}

void readYarn(const ConfigReader& r, int maxPositions, RopeScalingConfig& scaling) {
    scaling.kind = "yarn";
    scaling.original_max_seq_len = r.count("original_max_position_embeddings", maxPositions);
    scaling.factor = positive(r, "factor").value_or(static_cast<double>(maxPositions) / *scaling.original_max_seq_len);
    scaling.beta_fast = positive(r, "beta_fast").value_or(32);
    scaling.beta_slow = positive(r, "beta_slow").value_or(1);
    scaling.truncate = r.flag("truncate", true);
    scaling.attention_factor = r.numberIfThere("attention_factor");
    const auto one = positive(r, "mscale"), all = positive(r, "mscale_all_dim");
    const auto term = [&](double m) { return *scaling.factor <= 1 ? 1.0 : 0.1 * m * std::log(*scaling.factor) + 1; };
    if (!scaling.attention_factor && one && all) scaling.attention_factor = term(*one) / term(*all);
}

void readLongrope(const ConfigReader& config, const ConfigReader& r, int maxPositions, RopeScalingConfig& scaling) {
    scaling.kind = "longrope";
    scaling.short_factors = r.numbers("short_factor");
    scaling.long_factors = r.numbers("long_factor");
    const ConfigReader& place = config.has("original_max_position_embeddings") ? config : r;  // beside it goes before inside it
    scaling.original_max_seq_len = place.count("original_max_position_embeddings", maxPositions);
    scaling.max_seq_len = maxPositions;
    if (const auto factor = positive(r, "factor")) scaling.max_seq_len = static_cast<int>(*factor * *scaling.original_max_seq_len);
    scaling.attention_factor = r.numberIfThere("attention_factor");
}

void readLlama3(const ConfigReader& r, int maxPositions, RopeScalingConfig& scaling) {
    scaling.kind = "llama3";
    scaling.factor = r.number("factor", 1);
    scaling.original_max_seq_len = r.count("original_max_position_embeddings", maxPositions);
    scaling.low_freq_factor = r.number("low_freq_factor", 1);
    scaling.high_freq_factor = r.number("high_freq_factor", 4);
}

/// Old files say type, later ones rope_type, which goes before.
const char* typeKey(const ConfigReader& r) {
    return r.either({"rope_type", "type"});
}

void readScaling(const ConfigReader& config, const ConfigReader& r, int maxPositions, RopeScalingConfig& scaling) {
    const char* key = typeKey(r);
    const std::string type = r.text(key, "default");
    if (type == "default") return;
    if (type == "dynamic") {
        scaling.kind = "dynamic";
        scaling.factor = r.number("factor", 1);
        scaling.original_max_seq_len = maxPositions;
    } else if (type == "linear") {
        scaling.kind = "linear";
        scaling.factor = r.number("factor", 1);
    } else if (type == "yarn") {
        readYarn(r, maxPositions, scaling);
    } else if (type == "llama3") {
        readLlama3(r, maxPositions, scaling);
    } else if (type == "longrope" || type == "su") {
        readLongrope(config, r, maxPositions, scaling);
    } else {
        r.refuseValue(key);
    }
}

}  // namespace

RopeConfig ropeOf(const ConfigReader& config, int headDim, int maxPositions, const RopeDefaults& defaults) {
    RopeConfig rope;
    rope.base = config.number(config.either({"rope_theta", "rotary_emb_base"}), defaults.theta);
    double share = config.number(config.either({"partial_rotary_factor", "rotary_pct"}), defaults.rotatedShare);
    if (const auto parameters = parametersOf(config)) {
        rope.base = parameters->number("rope_theta", rope.base);
        share = parameters->number("partial_rotary_factor", share);
        readScaling(config, *parameters, maxPositions, rope.scaling);
    }
    const int dims = share > 0 && share <= 1 ? static_cast<int>(headDim * share) : 0;
    if (dims < 2) config.refuseValue(config.either({"partial_rotary_factor", "rotary_pct"}));
    if (dims < headDim) rope.dims = dims;
    return rope;
}

}  // namespace lab
