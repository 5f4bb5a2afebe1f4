#include "core/pretrained/families/bert_parts.h"

namespace lab::families {
namespace {

constexpr std::string_view robertaPrefixes[] = {"roberta."};
constexpr std::string_view robertaIgnored[] = {"embeddings.position_ids", "pooler.*"};

/// Rows of the position table before that of the first token: of padding, and those before it.
int rowsBeforePositions(const ConfigReader& config) {
    return config.count("pad_token_id", 1, 0) + 1;
}

constexpr const char* positionsName = "embeddings.position_embeddings.weight";

/// Rows are dropped of this table: its shape has to be that of the configuration before.
void requireTable(const ConfigReader& config, const StoredTensors& tensors) {
    const int rows = config.count("max_position_embeddings", 512);
    const StoredTensor* table = tensors.find(positionsName);
    if (table && (table->shape.size() != 2 || table->shape.front() != rows))
        config.refuse("max_position_embeddings",
                      Message(LAB_TEXT("pretrained", "%1 is not the number of rows of tensor %2")).arg(rows).arg(table->inFile));
}

ModelConfig robertaModel(const ConfigReader& config, const StoredTensors& tensors) {
    ModelConfig model = bertEncoder(config);
    if (!config.has("vocab_size")) model.vocab_size = 50265;
    requireTable(config, tensors);
    *model.max_seq_len -= rowsBeforePositions(config);
    if (*model.max_seq_len < 1) config.refuseValue("max_position_embeddings");
    setMaskedWordHead(model, config, tensors.has("lm_head.dense.weight"));
    return model;
}

void nameRoberta(const ModelConfig& model, NameTable& table) {
    const StoredTensor* positions = table.tensors().find(positionsName);
    nameBertEncoder(model, table, positions ? static_cast<int>(positions->shape.front()) - *model.max_seq_len : 0);
    table.same("output.hidden", "lm_head.dense");
    table.same("output.norm", "lm_head.layer_norm");
    table.one("output.projection.bias", {"lm_head.bias", "lm_head.decoder.bias"});
    table.one("output.projection.weight", {"lm_head.decoder.weight"});
    if (model.output.tied) table.copy("token_embedding.weight", "lm_head.decoder.weight");
}

}  // namespace

/// Liu 2019, arXiv 1907.11692.
extern const Family roberta;
constinit const Family roberta{"roberta", "RoBERTa", robertaPrefixes, robertaIgnored, robertaModel, nameRoberta};

}  // namespace lab::families
