#include "ui/pages/tabbed_page.h"

#include <QShortcut>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/buttons.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/named.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int tabbedPageMargin = 8;
const QString shownTabKey = QStringLiteral("tab");

}  // namespace

void TabbedPage::setTabs(const std::vector<Tab>& tabs, int first) {
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(0);
    m_header = new PageHeader(this);
    m_header->setDetailGivesWay();
    QStringList titles;
    for (const Tab& tab : tabs) titles << tab.title;
    m_choice = named(iconName() + QStringLiteral(".header.tab"), new SegmentedControl(titles, tr("Tab")));
    m_choice->setToolTip(tr("Ctrl+Tab shows the next one"));
    m_header->addControl(m_choice);
    m_stack = new CurrentStack(this);
    for (const Tab& tab : tabs) addTab(tab);
    m_header->addControl(makeExportButton());
    layout->addWidget(m_header);
    layout->addWidget(m_stack, 1);
    connect(m_choice, &SegmentedControl::chosen, this, &TabbedPage::showTabAt);
    addKeys();
    followTheme(this, &TabbedPage::applyMeasures);
    m_first = first;
    showTabAt(first);
}

void TabbedPage::addTab(const Tab& added) {
    PageTab* tab = added.tab;
    m_stack->addWidget(tab);
    QWidget* controls = tab->controls();
    if (controls) m_header->addControl(controls);
    m_tabs.push_back({added.name, tab, controls});
    connect(tab, &PageTab::changed, this, [this, tab] {
        if (tab != &this->tab()) return;
        refreshHeading();
        if (exportPanel() && exportPanel()->isVisible()) exportPanel()->sync();
    });
    connect(tab, &PageTab::refreshWanted, this, &TabbedPage::scheduleRefresh);
    connect(tab, &PageTab::placeWanted, this, &TabbedPage::placeWanted);
    connect(tab, &PageTab::settingWanted, this, &TabbedPage::settingWanted);
    connect(tab, &PageTab::textWanted, this, &TabbedPage::textWanted);
}

void TabbedPage::addKeys() {
    const auto step = [this](const QKeySequence& key, int by) {
        const int count = static_cast<int>(m_tabs.size());
        connect(new QShortcut(key, this), &QShortcut::activated, this, [=, this] { showTabAt((current() + by + count) % count); });
    };
    step(Qt::CTRL | Qt::Key_Tab, 1);
    step(Qt::CTRL | Qt::SHIFT | Qt::Key_Tab, -1);
}

void TabbedPage::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(theme.px(tabbedPageMargin), 0, theme.px(tabbedPageMargin), theme.px(tabbedPageMargin));
}

int TabbedPage::current() const {
    return m_stack->currentIndex();
}

PageTab& TabbedPage::tab() const {
    return *m_tabs[static_cast<std::size_t>(current())].tab;
}

void TabbedPage::showTabAt(int index) {
    m_choice->setCurrent(index);
    m_stack->setCurrentIndex(index);
    for (std::size_t i = 0; i < m_tabs.size(); ++i)
        if (m_tabs[i].controls) m_tabs[i].controls->setVisible(static_cast<int>(i) == index);
    refreshHeading();
    scheduleRefresh();
    emit barsChanged();
}

QString TabbedPage::stage() const {
    return m_tabs[static_cast<std::size_t>(current())].name;
}

/// A tab that speaks of the run is told by the run's steps.
QStringList TabbedPage::walkedStages() const {
    QStringList names;
    if (!showsWeights())
        for (const Held& each : m_tabs) names << each.name;
    return names;
}

bool TabbedPage::showTab(const QString& name) {
    const auto found = std::ranges::find(m_tabs, name, &Held::name);
    if (found == m_tabs.end()) return false;
    showTabAt(static_cast<int>(found - m_tabs.begin()));
    return true;
}

bool TabbedPage::showStage(const QString& stage, const QString& cell) {
    return (stage.isEmpty() || showTab(stage)) && tab().showCell(cell);
}

QJsonObject TabbedPage::notes() const {
    QJsonObject notes;
    for (const Held& each : m_tabs)
        if (const QJsonObject own = each.tab->notes(); !own.isEmpty()) notes[each.name] = own;
    if (current() != m_first) notes[shownTabKey] = stage();
    return notes;
}

void TabbedPage::takeNotes(const QJsonObject& notes) {
    for (const Held& each : m_tabs) each.tab->takeNotes(notes[each.name].toObject());
    if (!showTab(notes[shownTabKey].toString())) showTabAt(m_first);
}

void TabbedPage::refresh() {
    tab().refresh();
    refreshHeading();
}

void TabbedPage::refreshHeading() {
    const TabHeading heading = tab().heading();
    m_header->setText(heading.title, heading.detail);
}

}  // namespace lab
