// What the page knows of the model around the walk: its picture, and the stages' tensors.

#include <QStackedWidget>
#include <algorithm>
#include <iterator>
#include <utility>

#include "core/config/validation.h"
#include "ui/pages/explain/components_view.h"
#include "ui/pages/explain/cost_view.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/model_view.h"
#include "ui/pages/explain/overview_picture.h"
#include "ui/pages/explain/shape_line.h"
#include "ui/pages/explain/shape_picture.h"
#include "ui/pages/explain/shapes_view.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/stage_desk.h"

namespace lab {
namespace {

/// Of ModelPart, in its order.
constexpr const char* partNames[] = {"overview", "components", "shapes", "cost"};

}  // namespace

/// Of a stage, before a step or another row of the same input changes it.
bool ExplainPage::shapesStay() const {
    if (!m_shapes || m_shapesOf != focus().run()->model() || m_shapes->stages.size() != m_walk.stages.size()) return false;
    const explain::Question &q = m_asked, &before = m_shapesAsked;
    return q.block == before.block && q.input.tokens.size() == before.input.tokens.size() &&
           q.input.targetTokens.size() == before.input.targetTokens.size() && q.input.masked == before.input.masked;
}

void ExplainPage::showShapes() {
    const explain::Stage* now = shownStage();
    if (!now) return;
    if (m_example >= 0) {
        m_shapes = explain::shapesOf(m_walk);
        m_shapesOf = nullptr;
        m_model->shapes()->setShapes(*m_shapes);
    }
    if (const CheckpointPtr checkpoint = m_example >= 0 || shapesStay() ? nullptr : walkCheckpoint()) {
        const auto model = focus().run()->model();
        m_shapes = explain::shapesOf(m_walk, model, {checkpoint, &checkpoint->weights}, explain::NumberSource(m_trace), m_asked);
        m_shapesOf = model;
        m_shapesAsked = m_asked;
        m_model->shapes()->setShapes(*m_shapes);
    }
    m_shapeLine->setStage(m_shapes ? m_shapes->find(now->id) : nullptr, m_shapes ? m_shapes->sizes : explain::AxisSizes());
    m_model->shapes()->setStage(now->id);
    showModelView();
}

/// Beside the stage where a shape changes; at the weights in the place of the sum as vectors, which the next stage shows.
void ExplainPage::showShapePicture(const explain::Stage& now) {
    const CheckpointPtr checkpoint = m_example < 0 && m_trace && !m_low ? walkCheckpoint() : nullptr;
    std::optional<explain::ShapePicture> picture;
    if (checkpoint)
        picture = explain::shapePictureOf(focus().run()->model(), {checkpoint, &checkpoint->weights}, explain::NumberSource(m_trace),
                                          m_asked, now.id);
    m_shapePanel->setVisible(picture.has_value());
    if (!picture) return;
    m_planePanel->hide();
    m_shapePanel->setTitle(shown(picture->title));
    m_shapePicture->setPicture(*picture);
}

std::optional<explain::Overview> ExplainPage::overview() const {
    const CheckpointPtr checkpoint = m_example < 0 && m_trace && m_hasWalk ? walkCheckpoint() : nullptr;
    if (!checkpoint) return std::nullopt;
    return explain::overviewOf(focus().run()->model(), {checkpoint, &checkpoint->weights}, explain::NumberSource(m_trace), m_asked,
                               m_stageId);
}

void ExplainPage::showModelView() {
    if (m_stack->currentWidget() != m_modelPage || m_example >= 0) return;
    const PictureOf now{focus().run()->model(), m_asked.block, m_stageId, m_walk.stages.size()};
    if (std::exchange(m_pictured, now) == now) return;
    if (const auto picture = overview()) m_model->overview()->setOverview(*picture);
    m_model->cost()->setRun(focus().run());
    if (focus().run()) m_model->components()->setComponents(explain::components(resolved(focus().run()->experiment())), m_walk);
}

void ExplainPage::openModelView(ModelPart part) {
    if (m_example >= 0 && part != ModelPart::shapes) returnToModel();
    // Without a walk neither picture nor shapes have anything to show.
    if (lacksWalk() && (part == ModelPart::overview || part == ModelPart::shapes)) part = ModelPart::components;
    m_model->setWhole(m_example < 0);
    m_stack->setCurrentWidget(m_modelPage);
    m_model->show(static_cast<ModelView::Part>(part));
    m_model->setWalked(!lacksWalk());
    showModelView();
    m_model->setFocus();
    if (const explain::Stage* now = shownStage()) m_model->shapes()->setStage(now->id);
}

/// By which a Place names what is open of the model; empty: the walk is.
QString ExplainPage::modelPart() const {
    return m_stack->currentWidget() == m_modelPage ? QString::fromLatin1(partNames[static_cast<std::size_t>(m_model->part())]) : QString();
}

bool ExplainPage::showModelPart(const QString& id) {
    const auto found = std::ranges::find(partNames, id, [](const char* name) { return QLatin1String(name); });
    if (found == std::end(partNames)) return false;
    const auto part = static_cast<ModelPart>(found - std::begin(partNames));
    if (m_hasWalk || lacksWalk())
        openModelView(part);
    else
        m_wantedPart = part;
    return true;
}

void ExplainPage::goToBlock(int block, const QString& stage) {
    m_trail.clear();
    m_stack->setCurrentWidget(m_content);
    m_stageId = stage.toStdString();
    Selection selection = focus().selection();
    selection.block = block;
    focus().select(selection);
    refresh();
    deskInHand()->setFocus();
}

void ExplainPage::connectModelView() {
    connect(m_overviewButton, &QPushButton::clicked, this, [this] { openModelView(ModelPart::overview); });
    connect(m_shapeLine, &ShapeLine::opened, this, [this] { openModelView(ModelPart::shapes); });
    connect(m_model->shapes(), &ShapesView::chosen, this, [this](const QString& stage) { goToStage(stage.toStdString()); });
    connect(m_model->components(), &ComponentsView::chosen, this, [this](const QString& stage) { goToStage(stage.toStdString()); });
    connect(m_model->components(), &ComponentsView::settingWanted, this, &ExplainPage::settingWanted);
    connect(m_model->overview(), &OverviewPicture::chosen, this, &ExplainPage::goToBlock);
    connect(m_model->overview(), &OverviewPicture::settingWanted, this, &ExplainPage::settingWanted);
}

}  // namespace lab
