#include "ui/pages/explain/model_view.h"

#include <QKeyEvent>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/pages/explain/shapes_view.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"

namespace lab {

ModelView::ModelView(QWidget* parent) : QWidget(parent) {
    m_panel = new PanelFrame(tr("Shapes"), this);
    auto* back = named("explain.model.back", new Button(tr("Back to the walk")));
    back->setKeycap(tr("Esc"));
    back->setHeight(20);
    connect(back, &QPushButton::clicked, this, &ModelView::closed);
    m_panel->addControl(back);
    m_parts = new QStackedWidget;
    m_shapes = new ShapesView;
    m_parts->addWidget(m_shapes);
    m_panel->setContent(m_parts);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_panel);
    setFocusPolicy(Qt::ClickFocus);
}

void ModelView::show(Part part) {
    m_parts->setCurrentIndex(static_cast<int>(part));
}

ModelView::Part ModelView::part() const {
    return static_cast<Part>(m_parts->currentIndex());
}

void ModelView::focusInEvent(QFocusEvent* event) {
    m_parts->currentWidget()->setFocus(event->reason());
}

void ModelView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit closed();
    QWidget::keyPressEvent(event);
}

}  // namespace lab
