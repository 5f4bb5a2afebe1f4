// What opens of the softmax of the row in hand: the laboratory, and the row tile by tile.

#include <QScrollArea>
#include <QStackedWidget>
#include <cmath>

#include "core/config/model_config.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/softmax_lab_view.h"
#include "ui/pages/explain/tiles_view.h"

namespace lab {
namespace {

/// Scores of the row as the softmax gets them; null: this walk has none.
const explain::Grid* softmaxScores(const explain::Walk& walk) {
    for (const auto& [stage, grid] :
         {std::pair("mask", "masked"), std::pair("weights", "masked"), std::pair("weights", "score"), std::pair("weights", "scaled")})
        if (const explain::Stage* found = walk.find(stage))
            if (const explain::Grid* scores = found->find(grid)) return scores;
    return nullptr;
}

}  // namespace

/// With the row's scores as the softmax sees them, before the division by the root of the head's width.
void ExplainPage::openLab() {
    const explain::Grid* scores = softmaxScores(m_walk);
    if (!scores) return;
    QStringList tokens;
    for (const std::string& token : m_walk.find("weights")->grids.front().columnTokens) tokens << QString::fromStdString(token);
    const int headDim = m_walk.find("mix")->find("mix")->rows;
    std::vector<double> products = scores->values;
    for (double& product : products) product *= std::sqrt(static_cast<double>(headDim));
    m_lab->setScores(products, headDim, tokens);
}

/// False: the walk has no softmax over keys, or more than these in its denominator.
bool ExplainPage::fillTiles() {
    if (m_example < 0 && focus().run() && focus().run()->model()->config().attention.sink) return false;
    const explain::Grid* scores = softmaxScores(m_walk);
    const explain::Stage* mix = m_walk.find("mix");
    const explain::Grid* values = mix ? mix->find("mix") : nullptr;
    if (!m_walk.find("exp") || !scores || !values || values->master.empty()) return false;
    TiledRow row;
    row.query = m_walk.query;
    row.scores = scores->values;
    row.width = values->rows;
    for (int j = 0; j < values->columns; ++j)
        for (int p = 0; p < values->rows; ++p) row.values.push_back(values->at(p, j));
    row.output = values->master;
    m_tiles->setRow(std::move(row));
    return true;
}

bool ExplainPage::openTiles() {
    if (!fillTiles()) return false;
    m_stack->setCurrentWidget(m_tilesPage);
    m_tiles->setFocus();
    return true;
}

}  // namespace lab
