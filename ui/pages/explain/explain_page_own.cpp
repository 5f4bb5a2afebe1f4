// Own numbers: what the hand puts in the place of the model's, and examples without a model.

#include <QComboBox>
#include <algorithm>

#include "ui/pages/explain/explain_page.h"
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
    for (auto [suffix, numbers] : {std::pair{".query", &m_exampleNow.q},
                                   {".key", &m_exampleNow.k},
                                   {".value", &m_exampleNow.v},
                                   {".weights", &m_exampleNow.weights}})
        if ((tensor == std::string("example") + suffix || (sameRows && tensor != "example.weights")) && index < numbers->size())
            (*numbers)[index] = value;
    refresh();
}

/// As an intervention that replaces the whole tensor.
void ExplainPage::editModel(const std::string& tensor, std::size_t index, float value) {
    Input input = focus().input();
    const auto same = [&](const Intervention& i) { return i.kind == Intervention::Kind::replace && i.name == tensor; };
    auto found = std::find_if(input.interventions.begin(), input.interventions.end(), same);
    if (found == input.interventions.end()) {
        if (focus().sampleIndex() >= 0) m_sampleBefore = focus().sampleIndex();
        input.interventions.push_back({Intervention::Kind::replace, tensor, 0, m_trace->at(tensor).values});
        found = input.interventions.end() - 1;
    }
    found->values[index] = value;
    focus().setInput(input);
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
    m_stageId = "mix";
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
