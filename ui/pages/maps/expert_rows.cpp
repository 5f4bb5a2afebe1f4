#include "ui/pages/maps/expert_rows.h"

#include <QCoreApplication>

#include "core/base/number_text.h"

namespace lab {
namespace {

struct ExpertRowsWords {
    Q_DECLARE_TR_FUNCTIONS(ExpertRows)
};

FigureTable expertTable(const std::vector<ExpertRow>& rows) {
    FigureTable table;
    table.header = {"layer", "position", "token"};
    const int most = rows.front().choices.perPosition;
    for (int j = 0; j < most; ++j)
        for (const char* what : {"expert_", "gate_"}) table.header.push_back(what + std::to_string(j));
    for (const ExpertRow& row : rows)
        for (int t = 0; t < row.choices.positions(); ++t) {
            const auto at = static_cast<std::size_t>(t);
            table.rows.push_back({row.label.toStdString(), std::to_string(t), at < row.tokens.size() ? row.tokens[at].toStdString() : ""});
            for (int j = 0; j < most; ++j) {
                table.rows.back().push_back(std::to_string(row.choices.at(t, j)));
                table.rows.back().push_back(numberText(static_cast<double>(row.choices.gate(t, j))));
            }
        }
    return table;
}

}  // namespace

std::vector<ExpertRow> expertRows(const MapsScene& scene, const Trace& trace, const ModelConfig& model) {
    std::vector<ExpertRow> rows;
    for (ExpertChoices& choices : expertChoices(trace, model))
        for (const MapsBlock& block : scene.blocks)
            if (!block.info.cross && block.info.side == choices.side && block.info.layer == choices.layer)
                rows.push_back({block.label, block.rowTokens, std::move(choices)});
    return rows;
}

void addExpertFigure(std::vector<FigureOffer>& offers, const ExpertStrip& strip, const FigureSubject& subject) {
    if (!strip.empty()) addStripFigure(offers, strip.picture(), expertTable(strip.rows()), ExpertRowsWords::tr("experts"), subject);
}

}  // namespace lab
