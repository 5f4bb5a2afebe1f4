#include "ui/pages/maps/maps_page.h"

#include <algorithm>

#include "core/analysis/ablation.h"
#include "core/analysis/feature_distance.h"
#include "core/config/experiment.h"
#include "ui/pages/maps/all_heads.h"
#include "ui/pages/maps/cell_story.h"
#include "ui/pages/maps/head_view.h"
#include "ui/pages/maps/row_table.h"
#include "ui/text/language.h"
#include "ui/widgets/format.h"

// What the page Maps tells of the cell in hand: its row, and how its number comes about.

namespace lab {

Selection MapsPage::shownCell() const {
    return m_hovering ? m_hovered : focus().selection();
}

/// The trace may lag behind the shown step: its own weights count. Null where they are not kept.
CheckpointPtr MapsPage::tracedCheckpoint() const {
    CheckpointPtr checkpoint = focus().checkpoint();
    if (!checkpoint || checkpoint->step != m_traceStep) checkpoint = m_run->history().atOrBefore(m_traceStep);
    return checkpoint && checkpoint->step == m_traceStep ? checkpoint : nullptr;
}

std::optional<double> MapsPage::shownPositionFactor(const AttentionBlock& block) const {
    const CheckpointPtr checkpoint = tracedCheckpoint();
    if (!checkpoint) return std::nullopt;
    return positionFactor(m_run->model()->layout(), checkpoint->weights, block);
}

/// How far the drawn features' weights are from the softmax that is shown.
QString MapsPage::distanceOfRow(int row) const {
    const MapsBlock& block = blockInHand();
    const int head = std::min(focus().selection().head, block.info.heads - 1);
    const std::optional<ShownDistance> distance = shownDistance(*m_trace, block.info, head, row);
    if (!distance) return {};
    return tr("row %1: what a softmax would give; the weights are %2 away from it, rows of this head %3 on average (0: the same, 1: "
              "nothing "
              "in common)")
        .arg(QString::number(row), fixed(distance->ofRow, 3), fixed(distance->ofHead, 3));
}

void MapsPage::refreshRow() {
    const MapCell cell = m_head->map().shownCell();
    if (!m_enlarged || !m_head->map().data().contains(cell.row, cell.column)) {
        m_head->showRow({}, std::nullopt);
        return;
    }
    const MapStage stage = m_maps.look().stage;
    const int row = m_head->shownRow();
    if (stage != MapStage::weights) {
        const QString distance = stage == MapStage::exactWeights ? distanceOfRow(row) : QString();
        m_head->showRow(
            !distance.isEmpty() ? distance : tr("row %1: %2 of query %1 over all keys").arg(QString::number(row), stageQuantity(stage)),
            std::nullopt);
        return;
    }
    const MapsBlock& block = blockInHand();
    const int head = std::min(focus().selection().head, block.info.heads - 1);
    m_head->showRow(tr("row %1: weights of query %1 over all keys").arg(row),
                    rowByWeight(*m_trace, block.info, head, row).front().fromHere);
}

void MapsPage::refreshStory() {
    if (m_scene.empty() || !m_run) return;
    refreshRow();
    const Selection cell = shownCell();
    const bool inside = std::ranges::find(m_scene.heads, HeadPlace{cell.block, cell.head}) != m_scene.heads.end() &&
                        m_scene.blocks[static_cast<std::size_t>(cell.block)].heads.front().weights.contains(cell.query, cell.key);
    if (!inside) {
        m_story->clear();
        m_rowTable->clear();
        m_allHeads->setNeedle(std::nullopt, m_maps.at(0, 0).scaling);
        return;
    }
    tellStory(m_scene.blocks[static_cast<std::size_t>(cell.block)], cell);
}

void MapsPage::tellStory(const MapsBlock& block, const Selection& cell) {
    const ModelConfig& model = m_run->experiment().model;
    SoftmaxQuestion question;
    question.kernel = block.info.cross ? KernelKind::softmax : model.attention.kernel.kind;
    question.positionMap = !block.info.cross && specOf(model.attention.form).positionMap;
    if (question.positionMap) question.positionFactor = shownPositionFactor(block.info);
    const SoftmaxSteps steps = softmaxSteps(*m_trace, block.info, question, cell.head, cell.query, cell.key);
    const QString query = tr("query %1").arg(cell.query) + tokenName(block.rowTokens, cell.query);
    const QString key = tr("key %1").arg(cell.key) + tokenName(block.columnTokens, cell.key);
    const Input& input = focus().input();
    const StoryContext context{model.attention.form,
                               question.kernel,
                               model.position.kind,
                               block.info.cross,
                               scoresAreSet(input, block.info),
                               isMadeUniform(input, block.info, cell.head),
                               block.info.cross ? 0.0 : model.attention.soft_cap,
                               block.info.sink,
                               model.attention.unit_keys,
                               block.isMemory(cell.query, cell.key),
                               steps.difference.has_value()};
    const std::vector<StoryLine> further =
        stageLines(m_maps.look().stage, m_maps.at(cell.block, cell.head).data.value(cell.query, cell.key), steps, context);
    m_story->setCell(query + QStringLiteral(" \u2192 ") + key, cell.query, cell.key, steps, context, further);
    tellRow(block, cell);
    const StageMap& shown = m_maps.at(cell.block, cell.head);
    const bool masked = shown.data.masked(cell.query, cell.key);
    m_allHeads->setNeedle(masked ? std::nullopt : std::optional<double>(shown.data.value(cell.query, cell.key)), shown.scaling);
}

QString MapsPage::tokenName(const std::vector<QString>& tokens, int i) const {
    return static_cast<std::size_t>(i) < tokens.size() ? QLatin1Char(' ') + quoted(tokens[static_cast<std::size_t>(i)]) : QString();
}

/// The keys of the query in hand, or the queries of the column that is lit up.
void MapsPage::tellRow(const MapsBlock& block, const Selection& cell) {
    const MapLight light = m_enlarged ? m_head->map().light() : MapLight{};
    if (light.axis == MapLight::Axis::column) {
        const QString key = tr("key %1").arg(light.index) + tokenName(block.columnTokens, light.index);
        m_rowTable->setColumn(tr("Who looks at %1").arg(key), columnByWeight(*m_trace, block.info, cell.head, light.index), block.rowTokens,
                              cell.query);
        return;
    }
    const int query = light.axis == MapLight::Axis::row ? light.index : cell.query;
    m_rowTable->setRow(tr("Row of query %1").arg(query) + tokenName(block.rowTokens, query),
                       rowByWeight(*m_trace, block.info, cell.head, query), block.columnTokens, cell.key);
}

}  // namespace lab
