#include "core/pretrained/gguf_model.h"

#include <nlohmann/json.hpp>

#include <array>

#include "core/base/files.h"
#include "core/pretrained/gguf_keys.h"

namespace lab {
namespace {

using Json = nlohmann::json;

/// Architectures that GGUF files name as their families do.
struct GgufArchitecture {
    std::string_view name;
    bool pairsRows = false;  ///< rows of queries and keys lie in rotating pairs
};
constexpr std::array<GgufArchitecture, 2> architectures{{{"llama", true}, {"qwen2"}}};

const GgufArchitecture& architectureOf(const GgufKeys& keys) {
    const auto& name = keys.at<std::string>("general.architecture");
    for (const GgufArchitecture& row : architectures)
        if (row.name == name) return row;
    keys.refuse("general.architecture", name);
}

/// "blk.3.attn_q.weight" -> "layers.3.self_attn.q_proj.weight"; what is not known stays.
std::string familyName(std::string_view name) {
    struct Renamed {
        std::string_view here, there;
    };
    static constexpr std::array<Renamed, 3> whole{{{"token_embd", "embed_tokens"}, {"output_norm", "norm"}, {"output", "lm_head"}}};
    static constexpr std::array<Renamed, 9> inLayers{{{"attn_q", "self_attn.q_proj"},
                                                  {"attn_k", "self_attn.k_proj"},
                                                  {"attn_v", "self_attn.v_proj"},
                                                  {"attn_output", "self_attn.o_proj"},
                                                  {"attn_norm", "input_layernorm"},
                                                  {"ffn_up", "mlp.up_proj"},
                                                  {"ffn_gate", "mlp.gate_proj"},
                                                  {"ffn_down", "mlp.down_proj"},
                                                  {"ffn_norm", "post_attention_layernorm"}}};
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return std::string(name);
    const std::string_view stem = name.substr(0, dot), kind = name.substr(dot);
    for (const Renamed& row : whole)
        if (row.here == stem) return std::string(row.there).append(kind);
    const std::size_t inner = stem.rfind('.');
    if (!stem.starts_with("blk.") || inner < 4) return std::string(name);
    for (const Renamed& row : inLayers)
        if (row.here == stem.substr(inner + 1))
            return "layers." + std::string(stem.substr(4, inner - 4)) + "." + std::string(row.there).append(kind);
    return std::string(name);
}

/// Keys of the architecture as those of config.json.
class ConfigOfGguf {
public:
    ConfigOfGguf(const GgufKeys& keys, const GgufArchitecture& architecture, const StoredTensors& tensors)
        : m_keys(keys), m_prefix(std::string(architecture.name) + "."), m_tensors(tensors) {
        m_json["model_type"] = architecture.name;
    }

    Json json() {
        m_json["vocab_size"] = m_keys.at<std::vector<std::string>>("tokenizer.ggml.tokens").size();
        whole("hidden_size", "embedding_length", true);
        whole("num_hidden_layers", "block_count", true);
        whole("intermediate_size", "feed_forward_length", true);
        whole("num_attention_heads", "attention.head_count", true);
        whole("num_key_value_heads", "attention.head_count_kv");
        whole("max_position_embeddings", "context_length", true);
        whole("head_dim", "attention.key_length");
        number("rms_norm_eps", "attention.layer_norm_rms_epsilon");
        if (const auto* ids = m_keys.find<std::int64_t>("tokenizer.ggml.bos_token_id")) m_json["bos_token_id"] = *ids;
        if (const auto* ids = m_keys.find<std::int64_t>("tokenizer.ggml.eos_token_id")) m_json["eos_token_id"] = *ids;
        if (const auto* ids = m_keys.find<std::int64_t>("tokenizer.ggml.padding_token_id")) m_json["pad_token_id"] = *ids;
        m_json["tie_word_embeddings"] = !m_tensors.has("lm_head.weight");
        m_json["attention_bias"] = m_tensors.has("layers.0.self_attn.o_proj.bias");
        readRotation();
        return std::move(m_json);
    }

private:
    void whole(const char* key, const char* own, bool needed = false) {
        const std::string path = m_prefix + own;
        if (needed || m_keys.find<std::int64_t>(path)) m_json[key] = m_keys.at<std::int64_t>(path);
    }
    void number(const char* key, const char* own) {
        if (const auto* value = m_keys.find<double>(m_prefix + own)) m_json[key] = *value;
    }

    void readRotation() {
        number("rope_theta", "rope.freq_base");
        const std::int64_t d = m_json.value("hidden_size", std::int64_t{0}),
                           heads = std::max<std::int64_t>(1, m_json.value("num_attention_heads", std::int64_t{1}));
        const std::int64_t headDim = m_json.value("head_dim", d / heads);
        const auto* turning = m_keys.find<std::int64_t>(m_prefix + "rope.dimension_count");
        if (turning && *turning != headDim && headDim > 0)
            m_json["partial_rotary_factor"] = static_cast<double>(*turning) / static_cast<double>(headDim);
        const auto* kind = m_keys.find<std::string>(m_prefix + "rope.scaling.type");
        if (const StoredTensor* factors = m_tensors.find("rope_freqs.weight"))
            readFactors(*factors);
        else if (kind && *kind != "none")
            readScaling(*kind);
    }

    void readScaling(const std::string& kind) {
        Json& scaling = m_json["rope_scaling"] = {{"rope_type", kind}};
        if (const auto* factor = m_keys.find<double>(m_prefix + "rope.scaling.factor")) scaling["factor"] = *factor;
        if (const auto* length = m_keys.find<std::int64_t>(m_prefix + "rope.scaling.original_context_length"))
            scaling["original_max_position_embeddings"] = *length;
    }

    /// What each pair is slowed by, whatever rule made it (Llama 3).
    void readFactors(const StoredTensor& tensor) {
        constexpr std::size_t mostPairs = 8192;
        if (tensor.count() > mostPairs) m_keys.refuse(tensor.name, std::to_string(tensor.count()));
        std::vector<float> factors(tensor.count());
        tensor.read(factors.data());
        m_json["rope_scaling"] = {{"rope_type", "longrope"},
                                  {"short_factor", factors},
                                  {"long_factor", factors},
                                  {"original_max_position_embeddings", m_json["max_position_embeddings"]},
                                  {"attention_factor", 1.0}};
    }

    const GgufKeys& m_keys;
    std::string m_prefix;
    const StoredTensors& m_tensors;
    Json m_json;
};

/// The q and k of a head are undone where they are read.
void markPairs(StoredTensors& tensors, const ConfigReader& config) {
    const int heads = config.count("num_attention_heads"), keyHeads = config.count("num_key_value_heads", heads);
    tensors.eachTensor([&](StoredTensor& tensor) {
        const bool query = tensor.name.find(".self_attn.q_proj.") != std::string::npos,
                   key = tensor.name.find(".self_attn.k_proj.") != std::string::npos;
        if (query || key) tensor.pairedHeads = query ? heads : keyHeads;
    });
}

}  // namespace

GgufModel readGguf(const std::filesystem::path& path) {
    StoredTensors tensors;
    tensors.setPlace(utf8Text(path));
    const GgufKeys keys(addGguf(tensors, path), utf8Text(path));
    const GgufArchitecture& architecture = architectureOf(keys);
    tensors.rename(familyName);
    ConfigReader config(ConfigOfGguf(keys, architecture, tensors).json(), utf8Text(path));
    if (architecture.pairsRows) markPairs(tensors, config);
    return {std::move(config), std::move(tensors), tokenizerOfGguf(keys)};
}

}  // namespace lab
