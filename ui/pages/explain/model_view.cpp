#include "ui/pages/explain/model_view.h"

#include <QKeyEvent>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/pages/explain/components_view.h"
#include "ui/pages/explain/cost_view.h"
#include "ui/pages/explain/overview_picture.h"
#include "ui/pages/explain/shapes_view.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"

namespace lab {

ModelView::ModelView(QWidget* parent) : QWidget(parent) {
    m_panel = new PanelFrame(tr("The model around this stage"), this);
    m_tabs = named("explain.model.part",
                   new SegmentedControl({tr("overview"), tr("components"), tr("shapes"), tr("cost")}, tr("Shown of the model")));
    m_tabs->setHeight(20);
    m_panel->addControl(m_tabs);
    m_back = named("explain.model.back", new Button(tr("Back to the walk")));
    m_back->setKeycap(tr("Esc"));
    m_back->setHeight(20);
    connect(m_back, &QPushButton::clicked, this, &ModelView::closed);
    m_panel->addControl(m_back);
    m_parts = new QStackedWidget;
    m_shapes = new ShapesView;
    m_overview = named("explain.overview.picture", new OverviewPicture);
    m_overviewScroll = new QScrollArea;
    m_overviewScroll->setFrameShape(QFrame::NoFrame);
    m_overviewScroll->setWidgetResizable(true);
    m_overviewScroll->setWidget(m_overview);
    m_overviewScroll->setFocusPolicy(Qt::NoFocus);
    m_overviewScroll->setFocusProxy(m_overview);
    m_components = new ComponentsView;
    m_cost = new CostView;
    auto* costScroll = new QScrollArea;
    costScroll->setFrameShape(QFrame::NoFrame);
    costScroll->setWidgetResizable(true);
    costScroll->setWidget(m_cost);
    costScroll->setFocusPolicy(Qt::NoFocus);
    costScroll->setFocusProxy(m_cost);
    for (QWidget* part : {static_cast<QWidget*>(m_overviewScroll), static_cast<QWidget*>(m_components), static_cast<QWidget*>(m_shapes),
                          static_cast<QWidget*>(costScroll)})
        m_parts->addWidget(part);
    connect(m_tabs, &SegmentedControl::chosen, this, [this](int part) { show(static_cast<Part>(part)); });
    connect(m_overview, &OverviewPicture::moved, this,
            [this](const QRect& box) { m_overviewScroll->ensureVisible(box.center().x(), box.center().y(), box.width(), box.height()); });
    m_panel->setContent(m_parts);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_panel);
    setFocusPolicy(Qt::ClickFocus);
}

void ModelView::show(Part part) {
    const QString notes[] = {tr("click a part: its stage; dashed: what this model lacks, and its setting"),
                             tr("\u25CF in this model: click for its stage; others: for the setting"), tr("click a row: its stage"),
                             tr("counted by the shapes; drag in a plot: another length n")};
    m_panel->setNote(notes[static_cast<int>(part)]);
    m_tabs->setCurrent(static_cast<int>(part));
    m_parts->setCurrentIndex(static_cast<int>(part));
}

void ModelView::setWhole(bool whole) {
    m_tabs->setVisible(whole);
}

void ModelView::setWalked(bool walked) {
    for (const Part part : {Part::overview, Part::shapes}) m_tabs->setChoiceShown(static_cast<int>(part), walked);
    m_panel->setTitle(walked ? tr("The model around this stage") : tr("The model"));
    m_back->setText(walked ? tr("Back to the walk") : tr("Back"));
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
