// The cell or patch in hand in every map at once, and the table beside them.

#include <algorithm>

#include "core/config/experiment.h"
#include "ui/pages/compare/compare_maps.h"
#include "ui/pages/compare/map_card.h"
#include "ui/scenes/run_style.h"
#include "ui/text/message_text.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/format.h"
#include "ui/widgets/table/table_column.h"

namespace lab {

MapCell CompareMaps::cell() const {
    return m_hover.valid() ? m_hover : MapCell{m_focus.selection().query, m_focus.selection().key};
}

/// The cell under the mouse, or selected, in every map at once.
void CompareMaps::showCell() {
    if (m_shown.size() != m_runs.size()) return;
    if (picturesShown()) return showPatch();
    const MapCell at = cell();
    const auto tell = [&](MapCard* card, bool difference) {
        const MapData& map = card->map().data();
        const bool has = !card->isHidden() && map.contains(at.row, at.column) && !card->map().isHidden();
        // A map that is not pointed at itself frames the cell as if it were selected there.
        if (!card->map().hoveredCell().valid()) card->map().setSelection(at);
        if (!has) return card->setValue({});
        const double value = map.value(at.row, at.column);
        card->setValue(difference ? signedFixed(value, 2) : fixed(value, 2));
    };
    for (MapCard* card : m_cards) tell(card, false);
    tell(m_difference, true);
    const bool known = !m_shown.empty() && m_shown[0].map.contains(at.row, at.column);
    m_scale->setNeedle(known ? std::optional<double>(m_shown[0].map.value(at.row, at.column)) : std::nullopt);
    const MapData& change = m_difference->map().data();
    const bool changed = !m_difference->isHidden() && change.contains(at.row, at.column) && !m_difference->map().isHidden();
    m_differenceScale->setNeedle(changed ? std::optional<double>(change.value(at.row, at.column)) : std::nullopt);
    refreshTable();
}

void CompareMaps::refreshTable() {
    Lines lines = picturesShown() ? patchLines() : cellLines();
    for (Lines more : {similarityLines(), matchLines()}) std::ranges::move(more, std::back_inserter(lines));
    m_table->setLines(std::move(lines));
}

CompareMaps::Lines CompareMaps::cellLines() const {
    Lines lines;
    const MapCell at = cell();
    lines.push_back({std::nullopt,
                     m_runs.size() > 1 ? counted(LAB_PLURAL("compare", "Same cell, %n run(s)"), std::ssize(m_runs)) : tr("Cell"),
                     {},
                     true});
    if (!m_shown.empty() && !m_shown[0].map.empty() && m_shown[0].map.contains(at.row, at.column))
        lines.push_back({std::nullopt, m_cards[0]->map().describe(at), {}, true});
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const MapData& map = m_shown[i].map;
        const bool has = !map.empty() && map.contains(at.row, at.column);
        lines.push_back(
            {seriesRole(m_runs[i]->series()), m_runs[i]->name(), has ? fixed(map.value(at.row, at.column), 3) : noNumber().text});
    }
    return lines;
}

CompareMaps::Lines CompareMaps::similarityLines() const {
    Lines lines;
    if (m_runs.size() < 2) return lines;
    const QString help = tr("Overlap of the two maps on this input: the mean over queries of Σⱼ min(Aᵢⱼ, Bᵢⱼ); 1 = the same map");
    lines.push_back({std::nullopt, tr("map similarity to %1").arg(m_runs[0]->name()), {}, true, help});
    for (std::size_t i = 1; i < m_runs.size(); ++i) {
        const auto overlap = overlapWithFirst(static_cast<int>(i));
        lines.push_back({std::nullopt, m_runs[i]->name(), overlap ? fixed(*overlap, 2) : noNumber().text, false, help});
    }
    return lines;
}

/// While all train the matching is some steps behind: it says which ones it speaks of.
CompareMaps::Lines CompareMaps::matchLines() const {
    Lines lines;
    if (m_runs.size() < 2 || m_runs[0]->model()->attentionBlocks().empty()) return lines;
    const HeadPlace first = headFor(0);
    const QString name = headName(*m_runs[0], first);
    const QString help = tr("The head that overlaps most with %1 of %2: mean of the similarity over %3 inputs, at these steps")
                             .arg(name, m_runs[0]->name())
                             .arg(matchingInputs);
    const auto& answers = m_matching.answers();
    const bool known = !answers.empty() && answers.front().question.a == m_runs[0]->model();
    lines.push_back({std::nullopt,
                     known ? tr("looks most like %1, step %2").arg(name, grouped(answers.front().question.weightsA->step))
                           : tr("looks most like %1").arg(name),
                     {},
                     true,
                     help});
    for (std::size_t i = 1; i < m_runs.size(); ++i) {
        const auto best = bestMatch(m_runs[i], first);
        lines.push_back({std::nullopt, best ? m_runs[i]->name() + QLatin1Char(' ') + headName(*m_runs[i], best->first) : m_runs[i]->name(),
                         best ? fixed(best->second, 2) : noNumber().text, false, help});
    }
    return lines;
}

/// The head of `run` that does most of the work of this head of the first one, and how much of it.
std::optional<std::pair<HeadPlace, double>> CompareMaps::bestMatch(const Run* run, const HeadPlace& first) const {
    const HeadMatching* matching = matchingOf(run);
    if (!matching) return std::nullopt;
    const auto row = std::ranges::find(matching->rows(), first);
    if (row == matching->rows().end()) return std::nullopt;
    const int index = static_cast<int>(row - matching->rows().begin());
    const auto best = matching->best(index);
    if (!best) return std::nullopt;
    return std::pair(matching->columns()[static_cast<std::size_t>(*best)], *matching->overlap(index, *best));
}

}  // namespace lab
