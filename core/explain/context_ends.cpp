// Where the residual stream begins and ends: what is special about that, and how it is written.

#include <algorithm>
#include <string>
#include <vector>

#include "core/explain/context.h"

namespace lab::explain {
namespace {

/// In which segment the row in hand stands, and of how many.
void describeSegments(Context& c) {
    if (c.is("segments")) c.variables["segment"] = text(c.segmentOf(c.query));
    c.variables["segmentCount"] = text(c.config().segments);
}

/// "E_{token} + PE_{position}": what the stream begins with.
std::string partsText(const Context& c) {
    const auto bias = [&](const char* of) { return c.parameter(of) ? std::string(" + b") : std::string(); };
    const std::string row = c.is("ofClass")   ? "E_{class}"
                            : c.is("vectors") ? "W_{in} \u03BE_{" + text(c.query) + "}" + bias("input_embedding.bias")
                                              : "E_{token}" + bias("token_embedding.bias");
    std::string sum = row + (c.is("inrows") ? " + PE_{position}" : "") + (c.is("segments") ? " + E_{segment}" : "");
    if (c.is("normedInput")) sum = "norm(" + sum + ")";
    if (!c.is("mapped")) return sum;
    return "W_{map} " + (c.is("normedInput") ? sum : "(" + sum + ")") + " + b";
}

}  // namespace

int Context::segmentOf(int row) const {
    const std::vector<int>& tokens = question.input.tokens;
    const auto ended = std::count(tokens.begin(), tokens.begin() + row, config().segment_end.value_or(-1));
    return std::min(static_cast<int>(ended), config().segments - 1);
}

void describeEnds(Context& c) {
    const ModelConfig& config = c.config();
    const auto has = [&](const char* trait, bool there) {
        if (there) c.traits.insert(trait);
    };
    has("segments", config.segments > 0 && !config.readsVectors());
    has("normedInput", config.embedding_norm && specOf(config.norm.kind).normalises);
    has("mapped", config.embedding_dim.value_or(config.d_model) != config.d_model && !config.readsVectors());
    has("plainInput", !c.is("normedInput") && !c.is("mapped"));  // the stream begins with the sum
    has("gaps", config.output.kind == OutputKind::masked_word);
    has("mlp", c.numbers.has("output.hidden") && !c.is("gaps"));
    has("plainHead", !c.is("gaps") && !c.is("mlp"));
    has("narrow", c.is("gaps mapped"));  // the hidden layer is as wide as the embedding
    has("noHead", !specOf(config.output.kind).projects);
    describeSegments(c);
}

void setEndVariables(Context& c) {
    Variables& v = c.variables;
    v["parts"] = partsText(c);
    v["width"] = c.is("mapped") ? "d" : "c";
    v["wide"] = c.is("mapped") ? "d" : "m";
    v["read"] = c.is("gaps") ? v["wide"] : Words("c");
    v["skipEvery"] = text(c.config().position.skip_every);
    v["tableWidth"] = text(c.config().embedding_dim.value_or(c.d));
    v["bendName"] = std::string(nameOf(c.config().feed_forward.activation));
    v["embeddingSum"] = c.is("two") ? "" : "embedding.sum";
}

}  // namespace lab::explain
