#pragma once

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/io/safetensors.h"
#include "tests/core/pretrained/pretrained_cases.h"

namespace lab::testing {

/// A GGUF file, written value by value.
class GgufText {
public:
    template <class T>
    GgufText& put(T value) {
        m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    GgufText& text(std::string_view text) {
        put<std::uint64_t>(text.size());
        m_bytes += text;
        return *this;
    }
    void key(std::string_view name, std::uint32_t value) { text(name).put<std::uint32_t>(4).put(value), ++m_keys; }
    void key(std::string_view name, float value) { text(name).put<std::uint32_t>(6).put(value), ++m_keys; }
    void key(std::string_view name, const std::string& value) { text(name).put<std::uint32_t>(8).text(value), ++m_keys; }
    void key(std::string_view name, const std::vector<std::string>& values) {
        text(name).put<std::uint32_t>(9).put<std::uint32_t>(8).put<std::uint64_t>(values.size());
        for (const std::string& value : values) text(value);
        ++m_keys;
    }
    void key(std::string_view name, const std::vector<std::int32_t>& values) {
        text(name).put<std::uint32_t>(9).put<std::uint32_t>(5).put<std::uint64_t>(values.size());
        for (const std::int32_t value : values) put(value);
        ++m_keys;
    }
    void tensor(const std::string& name, const Tensor& tensor) { m_tensors.emplace_back(name, tensor); }

    /// What was put, as it is.
    const std::string& front() const { return m_bytes; }
    /// All of it; tensors are F32.
    std::string bytes() const {
        GgufText front;
        front.m_bytes = "GGUF";
        front.put<std::uint32_t>(3).put<std::uint64_t>(m_tensors.size()).put<std::uint64_t>(m_keys);
        front.m_bytes += m_bytes;
        std::string data;
        for (const auto& [name, tensor] : m_tensors) {
            front.text(name).put<std::uint32_t>(static_cast<std::uint32_t>(tensor.shape.size()));
            for (std::size_t i = tensor.shape.size(); i-- > 0;) front.put<std::uint64_t>(static_cast<std::uint64_t>(tensor.shape[i]));
            front.put<std::uint32_t>(0).put<std::uint64_t>(data.size());
            data.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
            data.resize((data.size() + 31) / 32 * 32);
        }
        front.m_bytes.resize((front.m_bytes.size() + 31) / 32 * 32);
        return front.m_bytes + data;
    }

private:
    std::string m_bytes;
    std::uint64_t m_keys = 0;
    std::vector<std::pair<std::string, Tensor>> m_tensors;
};

/// Rows j and j + d / 2 of each head become rows 2 j and 2 j + 1.
inline Tensor paired(Tensor tensor, std::size_t heads) {
    const auto rows = static_cast<std::size_t>(tensor.shape.front()), width = tensor.values.size() / rows, d = rows / heads;
    const std::vector<float> before = tensor.values;
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t head = row / d, place = row % d, from = head * d + place / 2 + place % 2 * (d / 2);
        std::copy_n(before.begin() + static_cast<std::ptrdiff_t>(from * width), width,
                    tensor.values.begin() + static_cast<std::ptrdiff_t>(row * width));
    }
    return tensor;
}

inline std::string replaced(std::string text, const std::vector<std::pair<std::string, std::string>>& pairs) {
    for (const auto& [from, to] : pairs)
        if (const std::size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
    return text;
}

/// A case of Llama or Qwen2 as llama.cpp's converter writes it.
inline std::string ggufOfCase(const std::string& name, const std::string& architecture, const std::string& pre) {
    const std::filesystem::path folder = pretrainedFolder / name;
    const auto config = nlohmann::json::parse(readFile(folder / "config.json"));
    const auto tokenizer = nlohmann::json::parse(readFile(folder / "tokenizer.json"));
    GgufText gguf;
    const auto count = [&](const char* key, const char* theirs) {
        gguf.key(architecture + "." + key, config.at(theirs).get<std::uint32_t>());
    };
    gguf.key("general.architecture", architecture);
    count("block_count", "num_hidden_layers");
    count("embedding_length", "hidden_size");
    count("feed_forward_length", "intermediate_size");
    count("attention.head_count", "num_attention_heads");
    count("attention.head_count_kv", "num_key_value_heads");
    count("context_length", "max_position_embeddings");
    gguf.key(architecture + ".attention.layer_norm_rms_epsilon", config.at("rms_norm_eps").get<float>());
    const auto& rope = config.contains("rope_theta") ? config : config.at("rope_parameters");
    gguf.key(architecture + ".rope.freq_base", rope.at("rope_theta").get<float>());
    std::vector<std::string> pieces(config.at("vocab_size").get<std::size_t>());
    for (const auto& [piece, id] : tokenizer["model"]["vocab"].items()) pieces[id.get<std::size_t>()] = piece;
    std::vector<std::int32_t> kinds(pieces.size(), 1);
    for (const auto& added : tokenizer["added_tokens"]) kinds[added["id"].get<std::size_t>()] = 3;
    std::vector<std::string> merges;
    for (const auto& merge : tokenizer["model"]["merges"])
        merges.push_back(merge[0].get<std::string>() + " " + merge[1].get<std::string>());
    gguf.key("tokenizer.ggml.model", std::string("gpt2"));
    gguf.key("tokenizer.ggml.pre", pre);
    gguf.key("tokenizer.ggml.tokens", pieces);
    gguf.key("tokenizer.ggml.token_type", kinds);
    gguf.key("tokenizer.ggml.merges", merges);
    if (!config["bos_token_id"].is_null()) gguf.key("tokenizer.ggml.bos_token_id", std::uint32_t{0});
    const TensorFile model = readSafetensors(folder / "model.safetensors");
    for (const auto& [theirs, tensor] : model.tensors.entries()) {
        const std::string here = replaced(theirs, {{"model.", ""},
                                                   {"layers.", "blk."},
                                                   {"embed_tokens", "token_embd"},
                                                   {"lm_head", "output"},
                                                   {"self_attn.q_proj", "attn_q"},
                                                   {"self_attn.k_proj", "attn_k"},
                                                   {"self_attn.v_proj", "attn_v"},
                                                   {"self_attn.o_proj", "attn_output"},
                                                   {"input_layernorm", "attn_norm"},
                                                   {"post_attention_layernorm", "ffn_norm"},
                                                   {"mlp.up_proj", "ffn_up"},
                                                   {"mlp.gate_proj", "ffn_gate"},
                                                   {"mlp.down_proj", "ffn_down"}});
        const std::string own = here == "norm.weight" ? "output_norm.weight" : here;
        const bool query = own.find("attn_q.") != std::string::npos, key = own.find("attn_k.") != std::string::npos;
        const char* heads = query ? "num_attention_heads" : "num_key_value_heads";
        gguf.tensor(own, architecture == "llama" && (query || key) ? paired(tensor, config.at(heads).get<std::size_t>()) : tensor);
    }
    return gguf.bytes();
}

}  // namespace lab::testing
