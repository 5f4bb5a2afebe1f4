#include "ui/pages/explain/components_view.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "core/explain/markdown.h"
#include "core/learn/search.h"
#include "ui/pages/explain/component_list.h"
#include "ui/text/message_text.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"

namespace lab {
namespace {

constexpr int componentsViewMargin = 12;

std::string plain(const Message& text) {
    return explain::plainText(shown(text).toStdString());
}

}  // namespace

ComponentsView::ComponentsView(QWidget* parent) : QWidget(parent) {
    m_field = named("explain.components.words", new QLineEdit);
    m_field->setPlaceholderText(tr("Find a component: rotary, fewer key heads, norm\u2026"));
    m_field->setAccessibleName(tr("Find a component"));
    m_field->setClearButtonEnabled(true);
    m_field->installEventFilter(this);
    m_list = named("explain.components.list", new ComponentList);
    m_scroll = new QScrollArea;
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setWidget(m_list);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_empty = named("explain.components.empty",
                    new EmptyState(tr("Nothing found"), tr("No component of this program has these words."), {}, this));
    auto* top = new QVBoxLayout;
    top->setContentsMargins(componentsViewMargin, 8, componentsViewMargin, 8);
    top->addWidget(m_field);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addLayout(top);
    rows->addWidget(m_scroll, 1);
    rows->addWidget(m_empty, 1);
    connect(m_field, &QLineEdit::textChanged, this, &ComponentsView::fill);
    connect(m_list, &ComponentList::moved, this,
            [this](const QRect& row) { m_scroll->ensureVisible(0, row.center().y(), 0, row.height()); });
    connect(m_list, &ComponentList::opened, this, &ComponentsView::open);
    connect(m_list, &ComponentList::settingWanted, this, &ComponentsView::settingWanted);
    fill();
}

void ComponentsView::setComponents(std::vector<explain::Component> components, const explain::Walk& walk) {
    m_components = std::move(components);
    m_stages.clear();
    for (const explain::Component& c : m_components) m_stages.push_back(c.used ? explain::stageOf(walk, c) : std::string());
    fill();
}

/// What is found stands in the catalogue's order, so that groups stay together.
void ComponentsView::fill() {
    std::vector<Searchable> entries;
    for (const explain::Component& c : m_components)
        entries.push_back({plain(c.name), {c.key, c.choice, plain(c.group), c.source}, plain(c.sentence) + " " + c.formula});
    std::vector<std::size_t> found = Search(std::move(entries)).find(m_field->text().toStdString());
    std::ranges::sort(found);
    std::vector<explain::Component> shownOnes;
    for (const std::size_t index : found) shownOnes.push_back(m_components[index]);
    m_scroll->setVisible(!shownOnes.empty() || m_components.empty());
    m_empty->setVisible(!m_scroll->isVisibleTo(this));
    m_list->setComponents(std::move(shownOnes));
}

void ComponentsView::open(int row) {
    const explain::Component c = m_list->components()[static_cast<std::size_t>(row)];
    const auto at = std::ranges::find(m_components, c.id, &explain::Component::id) - m_components.begin();
    const std::string& stage = m_stages[static_cast<std::size_t>(at)];
    if (!stage.empty())
        emit chosen(QString::fromStdString(stage));
    else if (!c.key.empty())
        emit settingWanted(QString::fromStdString(c.key));
}

void ComponentsView::focusInEvent(QFocusEvent* event) {
    m_field->setFocus(event->reason());
}

/// From the words down into the list.
bool ComponentsView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            m_list->setFocus(Qt::TabFocusReason);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace lab
