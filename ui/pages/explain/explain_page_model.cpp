// What the page knows of the model around the walk: the stages' tensors.

#include <QStackedWidget>

#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/model_view.h"
#include "ui/pages/explain/shape_line.h"
#include "ui/pages/explain/shapes_view.h"

namespace lab {

/// Of a stage, before a step or another row of the same input changes it.
bool ExplainPage::shapesStay() const {
    if (!m_shapes || m_shapesOf != focus().run()->model() || m_shapes->stages.size() != m_walk.stages.size()) return false;
    const explain::Question &q = m_asked, &before = m_shapesAsked;
    return q.block == before.block && q.input.tokens.size() == before.input.tokens.size() &&
           q.input.targetTokens.size() == before.input.targetTokens.size() && q.input.masked == before.input.masked;
}

void ExplainPage::showShapes() {
    const explain::Stage* now = shownStage();
    if (m_example >= 0 || !now) return m_shapeLine->setStage(nullptr, {});
    if (const CheckpointPtr checkpoint = shapesStay() ? nullptr : traceCheckpoint()) {
        const auto model = focus().run()->model();
        m_shapes = explain::shapesOf(m_walk, model, {checkpoint, &checkpoint->weights}, explain::NumberSource(m_trace), m_asked);
        m_shapesOf = model;
        m_shapesAsked = m_asked;
        m_model->shapes()->setShapes(*m_shapes);
    }
    m_shapeLine->setStage(m_shapes ? m_shapes->find(now->id) : nullptr, m_shapes ? m_shapes->sizes : explain::AxisSizes());
    m_model->shapes()->setStage(now->id);
}

void ExplainPage::openModelView(ModelPart part) {
    m_stack->setCurrentWidget(m_modelPage);
    m_model->show(static_cast<ModelView::Part>(part));
    m_model->setFocus();
    if (const explain::Stage* now = shownStage()) m_model->shapes()->setStage(now->id);
}

void ExplainPage::connectModelView() {
    connect(m_shapeLine, &ShapeLine::opened, this, [this] { openModelView(ModelPart::shapes); });
    connect(m_model->shapes(), &ShapesView::chosen, this, [this](const QString& stage) { goToStage(stage.toStdString()); });
}

}  // namespace lab
