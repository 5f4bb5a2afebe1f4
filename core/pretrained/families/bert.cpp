#include "core/pretrained/families/bert_parts.h"

namespace lab::families {
namespace {

constexpr std::string_view bertPrefixes[] = {"bert."};
constexpr std::string_view bertIgnored[] = {"embeddings.position_ids", "pooler.*", "cls.seq_relationship.*"};

ModelConfig bertModel(const ConfigReader& config, const StoredTensors& tensors) {
    ModelConfig model = bertEncoder(config);
    setMaskedWordHead(model, config, tensors.has("cls.predictions.transform.dense.weight"));
    return model;
}

void nameBert(const ModelConfig& model, NameTable& table) {
    nameBertEncoder(model, table);
    table.same("output.hidden", "cls.predictions.transform.dense");
    table.same("output.norm", "cls.predictions.transform.LayerNorm");
    table.one("output.projection.bias", {"cls.predictions.bias", "cls.predictions.decoder.bias"});
    table.one("output.projection.weight", {"cls.predictions.decoder.weight"});
    if (model.output.tied) table.copy("token_embedding.weight", "cls.predictions.decoder.weight");
}

}  // namespace

/// Devlin 2018, arXiv 1810.04805.
extern const Family bert;
constinit const Family bert{"bert", "BERT", bertPrefixes, bertIgnored, bertModel, nameBert};

}  // namespace lab::families
