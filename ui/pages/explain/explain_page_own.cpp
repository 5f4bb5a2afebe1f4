// Own numbers: what the hand puts in the place of the model's, and examples without a model.

#include <QComboBox>
#include <algorithm>

#include "core/explain/score_throw.h"
#include "ui/pages/explain/answer_throw.h"

#include "ui/pages/explain/explain_page.h"
#include "ui/text/message_text.h"
#include "ui/widgets/segmented.h"

namespace lab {

using explain::CellRef;

void ExplainPage::remember() {
    m_undo.push_back({focus().input(), focus().sampleIndex(), m_exampleNow});
    m_redo.clear();
}

void ExplainPage::restore(const Own& own) {
    m_exampleNow = own.example;
    if (m_example < 0 && own.sample >= 0)
        focus().showSample(own.sample);
    else if (m_example < 0)
        focus().setInput(own.input);
    refresh();
}

void ExplainPage::undo() {
    if (m_undo.empty()) return;
    m_redo.push_back({focus().input(), focus().sampleIndex(), m_exampleNow});
    const Own own = m_undo.back();
    m_undo.pop_back();
    restore(own);
    showControls();
}

void ExplainPage::redo() {
    if (m_redo.empty()) return;
    m_undo.push_back({focus().input(), focus().sampleIndex(), m_exampleNow});
    const Own own = m_redo.back();
    m_redo.pop_back();
    restore(own);
    showControls();
}

bool ExplainPage::edit(const CellRef& cell, double value, bool goesOn) {
    const explain::Grid* grid = m_walk.grid(cell);
    const std::int64_t at = grid && grid->place && !grid->tensor.empty() ? grid->place(cell.row, cell.column) : -1;
    if (at < 0) return false;
    if (!goesOn || m_undo.empty()) remember();
    if (grid->stored) value = grid->stored(cell.row, cell.column, value);
    if (m_example >= 0)
        editExample(grid->tensor, static_cast<std::size_t>(at), value);
    else
        editModel(grid->tensor, static_cast<std::size_t>(at), static_cast<float>(value));
    m_source->setCurrent(1);
    showControls();
    return true;
}

void ExplainPage::editExample(const std::string& tensor, std::size_t index, double value) {
    // Without projections q, k and v are the same rows: a change of one is a change of all.
    const bool sameRows = m_exampleNow.kind == explain::Example::Kind::gram;
    const std::string scores = "example.scores";
    if (explain::reaches(tensor, scores)) m_exampleNow.scores.clear();
    if (tensor == scores && m_exampleNow.scores.empty()) m_exampleNow.scores = explain::exampleTrace(m_exampleNow)->at(scores).values;
    for (auto [suffix, numbers] : {std::pair{".query", &m_exampleNow.q},
                                   {".key", &m_exampleNow.k},
                                   {".value", &m_exampleNow.v},
                                   {".scores", &m_exampleNow.scores},
                                   {".weights", &m_exampleNow.weights}})
        if ((tensor == std::string("example") + suffix || (sameRows && tensor != "example.weights")) && index < numbers->size())
            (*numbers)[index] = value;
    m_exampleNow.about = {};
    refresh();
}

/// As an intervention that replaces the whole tensor.
void ExplainPage::editModel(const std::string& tensor, std::size_t index, float value) {
    if (focus().sampleIndex() >= 0) m_sampleBefore = focus().sampleIndex();
    focus().setInput(explain::withNumber(focus().input(), tensor, m_trace->at(tensor).values, index, value));
}

/// Those of the chosen cell, or the stage's own.
const explain::Grid* ExplainPage::scoresInHand() const {
    const explain::Stage* now = shownStage();
    const auto areScores = [](const explain::Grid& grid) { return grid.reach > 0.0; };
    if (const explain::Grid* grid = m_walk.grid(m_chosen); !now || (grid && areScores(*grid))) return grid;
    const auto own = std::ranges::find_if(now->grids, [&](const explain::Grid& grid) { return grid.current && areScores(grid); });
    return own == now->grids.end() ? nullptr : &*own;
}

/// The throw of the score of the key in hand.
void ExplainPage::showThrow() {
    const explain::Stage* now = shownStage();
    const explain::Grid* grid = scoresInHand();
    const bool may = m_source->current() == 1 && m_example < 0 && focus().run() && grid && m_walk.answer >= 0;
    m_throw->setVisible(may);
    if (!may) return;
    const CheckpointPtr checkpoint = walkCheckpoint();
    if (!checkpoint || m_trace->tokens != focus().input().tokens)
        return;  // on its way: what stands there stays for a moment, under the mouse
    m_thrown = {now->id, grid->id, 0, m_chosen.column >= 0 && m_chosen.column < grid->columns ? m_chosen.column : m_walk.key};
    AnswerThrow::Shown shown;
    shown.scores = {
        focus().input(), grid->tensor, m_trace->at(grid->tensor).values, static_cast<std::size_t>(grid->place(0, m_thrown.column)), {},
        grid->reach,     m_walk.answer};
    shown.scores.stored = [stored = grid->stored, key = m_thrown.column](double value) { return stored(0, key, value); };
    shown.value = grid->at(0, m_thrown.column);
    shown.name = tr("key %1, %2").arg(m_thrown.column).arg(lab::shown(grid->rowLabels.front()));
    shown.ofNumbers = focus().run()->experiment().model.answersNumbers();
    for (const std::string& name : question().classNames) shown.answers << QString::fromStdString(name);
    m_throw->show(focus().run()->model(), checkpoint, std::move(shown));
}

void ExplainPage::showExample(int index) {
    m_trail.clear();
    m_undo.clear();
    m_redo.clear();
    m_example = index;
    if (index >= 0) {
        m_exampleNow = explain::examples()[static_cast<std::size_t>(index)];
        m_exampleQuery = m_exampleKey = 0;
    }
    m_exampleBox->setCurrentIndex(index + 1);
    m_source->setCurrent(index >= 0 ? 1 : m_source->current());
    m_stageId = index >= 0 ? m_exampleNow.stage : "mix";
    refresh();
    showControls();
}

void ExplainPage::returnToModel() {
    m_undo.clear();
    m_redo.clear();
    m_trail.clear();
    m_example = -1;
    m_exampleBox->setCurrentIndex(0);
    m_source->setCurrent(0);
    if (!focus().input().interventions.empty()) {
        if (m_sampleBefore >= 0 && focus().sampleIndex() < 0) {
            focus().showSample(m_sampleBefore);
        } else {
            Input input = focus().input();
            input.interventions.clear();
            focus().setInput(input);
        }
    }
    refresh();
    showControls();
}

}  // namespace lab
