#include "ui/pages/maps/maps_page.h"

#include <algorithm>

#include "core/analysis/ablation.h"
#include "core/analysis/feature_distance.h"
#include "core/analysis/memory_keys.h"
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

Selection MapsPage::tokensOf(int block, int head, int row, int column) const {
    if (m_scene.empty() || block < 0) return {block, head, row, column};
    const MapsBlock& of = m_scene.blocks[std::min(static_cast<std::size_t>(block), m_scene.blocks.size() - 1)];
    return {block, head, tokenAt(of, m_maps.look(), row), tokenAt(of, m_maps.look(), column)};
}

MapCell MapsPage::shownAt(const Selection& selection) const {
    const MapsBlock& block =
        m_scene.blocks[static_cast<std::size_t>(std::clamp(selection.block, 0, static_cast<int>(m_scene.blocks.size()) - 1))];
    return {lab::shownAt(block, m_maps.look(), selection.query), lab::shownAt(block, m_maps.look(), selection.key)};
}

/// Names, marks and cells of the enlarged head.
void MapsPage::showMap(Map& map, const MapsBlock& block, const StageMap& shown) {
    const MapsLook& look = m_maps.look();
    map.setNames(shownRows(block, look), shownColumns(block, look));
    map.setMuted(shownMutedRows(block, look), shownMutedColumns(block, look));
    map.setPictures(m_scene.pictures, m_scene.pictures);
    if (block.segmentStarts.empty() || joinsWords(block, look))
        map.setBorders({}, {});
    else
        map.setBorders(block.segmentStarts, [visibility = block.info.visibility, keys = shown.data.columns](MapCell cell) {
            return isMemory(visibility, cell.row, cell.column, keys);
        });
    const bool future = block.roles && block.info.visibility.causal() && block.info.visibility.isPlain();
    map.setHiddenName(future ? tr("hidden: the future") : QString());
    const QString quantity = dimsSinks(block, look) ? tr("weight without sinks") : stageQuantity(look.stage);
    m_head->setMap(shown.data, shown.scaling, quantity);
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
    const MapsLook& look = m_maps.look();
    if (const QString note = lookNote(block, look); !note.isEmpty())
        return m_head->showRow(tr("row of %1: %2").arg(quoted(shownRows(block, look)[static_cast<std::size_t>(row)]), note), std::nullopt);
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
    const StageMap& shown = m_maps.at(cell.block, cell.head);
    const MapCell at = shownAt(cell);
    const std::vector<StoryLine> further = stageLines(m_maps.look().stage, shown.data.value(at.row, at.column), steps, context);
    m_story->setCell(query + QStringLiteral(" \u2192 ") + key, cell.query, cell.key, steps, context, further);
    tellRow(block, cell);
    const bool masked = shown.data.masked(at.row, at.column);
    m_allHeads->setNeedle(masked ? std::nullopt : std::optional<double>(shown.data.value(at.row, at.column)), shown.scaling);
}

QString MapsPage::tokenName(const std::vector<QString>& tokens, int i) const {
    return static_cast<std::size_t>(i) < tokens.size() ? QLatin1Char(' ') + quoted(tokens[static_cast<std::size_t>(i)]) : QString();
}

/// The keys of the query in hand, or the queries of the column that is lit up.
void MapsPage::tellRow(const MapsBlock& block, const Selection& cell) {
    const MapLight light = m_enlarged ? m_head->map().light() : MapLight{};
    if (light.axis == MapLight::Axis::column) {
        const int lit = tokenAt(block, m_maps.look(), light.index);
        const QString key = tr("key %1").arg(lit) + tokenName(block.columnTokens, lit);
        m_rowTable->setColumn(tr("Who looks at %1").arg(key), columnByWeight(*m_trace, block.info, cell.head, lit), block.rowTokens,
                              cell.query);
        return;
    }
    const int query = light.axis == MapLight::Axis::row ? tokenAt(block, m_maps.look(), light.index) : cell.query;
    m_rowTable->setRow(tr("Row of query %1").arg(query) + tokenName(block.rowTokens, query),
                       rowByWeight(*m_trace, block.info, cell.head, query), block.columnTokens, cell.key);
}

}  // namespace lab
