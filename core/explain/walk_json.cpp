#include "core/explain/walk_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace lab::explain {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t shownTerms = 6;
constexpr int shownDigits = 5;

std::string plain(const Words& words) {
    return plainText(words.english());
}

Json numberOf(double value) {
    if (std::isnan(value)) return {};
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    return value;
}

Json textsOf(const std::vector<Words>& all) {
    Json texts = Json::array();
    for (const Words& words : all) texts.push_back(plain(words));
    return texts;
}

/// What stands beside the cells, one number a row.
Json besideOf(const Words& label, const std::vector<double>& values) {
    Json json{{"label", plain(label)}, {"values", Json::array()}};
    for (const double value : values) json["values"].push_back(numberOf(value));
    return json;
}

Json gridOf(const Grid& grid) {
    Json json{{"id", grid.id}, {"title", plain(grid.title)}};
    if (!grid.tensor.empty()) json["tensor"] = grid.tensor;
    json["row_labels"] = textsOf(grid.rowLabels);
    if (!grid.columnLabels.empty()) json["column_labels"] = grid.columnLabels;
    if (!grid.columnTokens.empty()) json["column_tokens"] = grid.columnTokens;
    if (!grid.lead.empty()) json["lead"] = besideOf(grid.leadLabel, grid.lead);
    json["values"] = Json::array();
    for (int r = 0; r < grid.rows; ++r) {
        Json row = Json::array();
        for (int c = 0; c < grid.columns; ++c) row.push_back(numberOf(grid.at(r, c)));
        json["values"].push_back(std::move(row));
    }
    if (!grid.master.empty()) json["result"] = besideOf(grid.masterLabel, grid.master);
    return json;
}

Json resultOf(const Walk& walk, const Stage& stage) {
    const Expression expression = walk.explain(stage.result);
    const ExpressionText text = expressionText(expression, shownTerms, shownDigits);
    return {{"name", plain(expression.name)},
            {"expression", plain(text.left) + " = " + text.result},
            {"value", numberOf(expression.result)},
            {"grid", stage.result.grid},
            {"row", stage.result.row},
            {"column", stage.result.column}};
}

Json stageOf(const Walk& walk, const Stage& stage) {
    Json json{{"id", stage.id},
              {"heading", plain(stage.heading)},
              {"formula", plain(stage.formula)},
              {"text", plain(stage.text)},
              {"notes", textsOf(stage.notes)},
              {"backward", stage.backward}};
    if (!stage.group.empty()) json["group"] = stage.group;
    json["result"] = resultOf(walk, stage);
    json["grids"] = Json::array();
    for (const Grid& grid : stage.grids) json["grids"].push_back(gridOf(grid));
    return json;
}

}  // namespace

std::string json(const Walk& walk, const WalkTitle& title) {
    Json json{{"model", title.model}, {"place", title.place}, {"input", title.input}, {"query", walk.query}, {"key", walk.key}};
    if (!walk.hasBackward) json["why_no_way_back"] = plain(walk.whyNoBackward);
    json["stages"] = Json::array();
    for (const Stage& stage : walk.stages) json["stages"].push_back(stageOf(walk, stage));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lab::explain
