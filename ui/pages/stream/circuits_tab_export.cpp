#include <QComboBox>
#include <algorithm>
#include <utility>

#include "core/base/number_text.h"
#include "ui/pages/stream/circuit_view.h"
#include "ui/pages/stream/circuits_tab.h"
#include "ui/pages/stream/joint_panel.h"
#include "ui/pages/stream/later_heads_panel.h"
#include "ui/pages/stream/match_panel.h"
#include "ui/pages/stream/stream_figures.h"
#include "ui/widgets/segmented.h"

// What leaves the tab: pictures, and what a session keeps of it.

namespace lab {

QJsonObject CircuitsTab::notes() const {
    if (m_kept || !m_run || m_pairs.empty()) return m_kept.value_or(QJsonObject());
    QJsonObject notes;
    const auto pair = std::ranges::find(m_pairs, m_question.blocks) - m_pairs.begin();
    if (pair + 1 != std::ssize(m_pairs)) notes[QStringLiteral("pair")] = static_cast<int>(pair);
    if (m_question.first) notes[QStringLiteral("first")] = *m_question.first;
    if (m_question.second) notes[QStringLiteral("second")] = *m_question.second;
    if (m_question.end) notes[QStringLiteral("end")] = static_cast<int>(*m_question.end);
    if (m_lines->current() > 0) notes[QStringLiteral("lines")] = m_lines->current();
    if (m_above->current() > 0) notes[QStringLiteral("above")] = m_above->current();
    if (m_match->way() == MatchPanel::Way::positions) notes[QStringLiteral("positions")] = true;
    if (m_query >= 0) notes[QStringLiteral("query")] = m_query;
    return notes;
}

void CircuitsTab::takeNotes(const QJsonObject& notes) {
    m_kept = notes;
    emit refreshWanted();
}

void CircuitsTab::applyNotes() {
    if (!m_kept || m_pairs.empty()) return;
    const QJsonObject kept = *std::exchange(m_kept, std::nullopt);
    const int last = static_cast<int>(m_pairs.size()) - 1, pair = std::clamp(kept[QStringLiteral("pair")].toInt(last), 0, last);
    m_question = {m_pairs[static_cast<std::size_t>(pair)], {}, {}, {}};
    m_layers->setCurrentIndex(pair);
    const auto& blocks = m_run->model()->attentionBlocks();
    const auto head = [&](const QString& key, int block) -> std::optional<int> {
        const int found = kept[key].toInt(-1);
        return found >= 0 && found < blocks[static_cast<std::size_t>(block)].heads ? std::optional(found) : std::nullopt;
    };
    m_question.first = head(QStringLiteral("first"), m_question.blocks.first);
    m_question.second = head(QStringLiteral("second"), m_question.blocks.second);
    if (const int end = kept[QStringLiteral("end")].toInt(-1); end >= 0 && end < 3) m_question.end = static_cast<PathEnd>(end);
    m_lines->setCurrent(std::clamp(kept[QStringLiteral("lines")].toInt(), 0, 3));
    m_above->setCurrent(std::clamp(kept[QStringLiteral("above")].toInt(), 0, 1));
    if (kept[QStringLiteral("positions")].toBool()) m_match->setWay(MatchPanel::Way::positions);
    m_query = kept[QStringLiteral("query")].toInt(-1);
    m_keptQuery = m_asked.run == m_run ? -1 : m_query;
}

FigureSubject CircuitsTab::subject() const {
    return {m_run->name(), m_asked.checkpoint->step, nameOf(m_look->first) + QStringLiteral(" \u2192 ") + nameOf(m_look->second),
            inputWords(*m_run, m_asked.input)};
}

std::vector<FigureOffer> CircuitsTab::figures() {
    if (!m_look || !m_run) return {};
    const FigureSubject of = subject();
    std::vector<FigureOffer> offers;
    offers.push_back({circuitTitle(), figureFile(of, circuitTitle()), [of, scene = m_graph->scene()] { return circuitFigure(of, scene); }});
    for (FigureOffer& offer : partOffers(*this, of)) offers.push_back(std::move(offer));
    offers.push_back(m_together->figure(of));
    offers.push_back(tableOffer(m_table->title(), m_table->table(), m_table->title(), of));
    return offers;
}

}  // namespace lab
