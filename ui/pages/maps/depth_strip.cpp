#include "ui/pages/maps/depth_strip.h"

#include <QPainter>
#include <algorithm>

#include "core/base/number_text.h"
#include "ui/scenes/maps_scene.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int mostStepSwatches = 8;

int deepestLimit(const std::vector<DepthRow>& rows) {
    int limit = 1;
    for (const DepthRow& row : rows) limit = std::max(limit, row.depth.limit);
    return limit;
}

/// 0 is the screen's own colour, so that one step already stands out.
QColor stepsColor(int steps, int limit) {
    return QColor::fromRgb(ColorScaling{ColorMap::Kind::trace, 0.0, static_cast<double>(limit)}.color(steps));
}

/// Of each number of steps; of many, of the ends.
std::vector<StripSwatch> depthLegend(int limit) {
    std::vector<StripSwatch> legend;
    for (int steps = 1; steps <= limit; ++steps)
        if (limit <= mostStepSwatches || steps == 1 || steps == limit) legend.push_back({stepsColor(steps, limit), QString::number(steps)});
    return legend;
}

/// Of step n (from 1); nothing is left for the steps behind the last one.
double shareOfStep(const StackDepth& depth, int n, int token) {
    return static_cast<double>(depth.shares[static_cast<std::size_t>(n - 1)][static_cast<std::size_t>(token)]);
}

QString depthSentence(const DepthRow& row, int token) {
    const int steps = row.depth.steps[static_cast<std::size_t>(token)];
    QStringList shares;
    for (int n = 1; n <= steps; ++n) shares << fixed(shareOfStep(row.depth, n, token), 2);
    return DepthStrip::tr("%1: step %2 of at most %3 is its last; p of its steps %4; N + R = %5")
        .arg(stripPlace(row.label, row.tokens, token), QString::number(steps), QString::number(row.depth.limit),
             shares.join(QStringLiteral(", ")), fixed(static_cast<double>(row.depth.ponder[static_cast<std::size_t>(token)]), 2));
}

}  // namespace

StripPicture depthPicture(const std::vector<DepthRow>& rows) {
    StripPicture picture;
    picture.name = DepthStrip::tr("Steps of each token");
    for (const DepthRow& row : rows)
        picture.rows.push_back(
            {row.label.isEmpty() ? DepthStrip::tr("steps") : row.label, row.tokens, static_cast<int>(row.depth.steps.size())});
    const auto at = [rows](int index) -> const DepthRow& { return rows[static_cast<std::size_t>(index)]; };
    const int limit = deepestLimit(rows);
    picture.heading = [] { return DepthStrip::tr("Steps that each token took before it halted"); };
    picture.legend = [limit] { return depthLegend(limit); };
    picture.paintCell = [at, limit](QPainter& painter, const QRectF& cell, int row, int token) {
        const int steps = at(row).depth.steps[static_cast<std::size_t>(token)];
        paintStripCell(painter, cell, stepsColor(steps, limit), QString::number(steps));
    };
    picture.sentence = [at](int row, int token) { return depthSentence(at(row), token); };
    picture.story = [at](int row, int token) {
        return DepthStrip::tr("%1. Mean steps in this row: %2").arg(depthSentence(at(row), token), fixed(at(row).depth.meanSteps(), 2));
    };
    return picture;
}

namespace {

FigureTable depthTable(const std::vector<DepthRow>& rows) {
    FigureTable table;
    table.header = {"stack", "position", "token", "steps", "ponder"};
    const int limit = deepestLimit(rows);
    for (int n = 1; n <= limit; ++n) table.header.push_back("p_" + std::to_string(n));
    for (const DepthRow& row : rows)
        for (std::size_t t = 0; t < row.depth.steps.size(); ++t) {
            table.rows.push_back({std::string(nameOf(row.depth.side)), std::to_string(t),
                                  t < row.tokens.size() ? row.tokens[t].toStdString() : "", std::to_string(row.depth.steps[t]),
                                  numberText(static_cast<double>(row.depth.ponder[t]))});
            for (int n = 1; n <= limit; ++n)
                table.rows.back().push_back(n <= row.depth.limit ? numberText(shareOfStep(row.depth, n, static_cast<int>(t))) : "");
        }
    return table;
}

}  // namespace

std::vector<DepthRow> depthRows(const MapsScene& scene, const Trace& trace, const ModelConfig& model) {
    std::vector<StackDepth> depths = depthsOf(model, trace);
    const bool several = depths.size() > 1;
    std::vector<DepthRow> rows;
    for (StackDepth& depth : depths) {
        const auto block = std::ranges::find_if(
            scene.blocks, [&](const MapsBlock& each) { return !each.info.cross && each.info.side == nameOf(depth.side); });
        if (block == scene.blocks.end()) continue;
        const QString side = depth.side == Side::encoder ? DepthStrip::tr("encoder") : DepthStrip::tr("decoder");
        rows.push_back({several ? side : QString(), block->rowTokens, std::move(depth)});
    }
    return rows;
}

DepthStrip::DepthStrip(QWidget* parent) : CellStrip(tr("Steps of each token"), parent) {}

void DepthStrip::setRows(std::vector<DepthRow> rows) {
    if (rows == m_rows) return;
    m_rows = std::move(rows);
    setPicture(depthPicture(m_rows));
}

void DepthStrip::addFigure(std::vector<FigureOffer>& offers, const FigureSubject& subject) const {
    if (!empty()) addStripFigure(offers, picture(), depthTable(m_rows), tr("steps of each token"), subject);
}

}  // namespace lab
