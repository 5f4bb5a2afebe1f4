#include "ui/pages/text/text_page.h"

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

constexpr int margin = 8;
constexpr int firstTab = 1;  ///< Tokens, of which there is something to see without any run

struct TabRow {
    const char* name;
    MakeTextTab* make;
};
constexpr TabRow tabRows[] = {{"corpus", makeCorpusTab}, {"tokens", makeTokensTab}, {"write", makeWriteTab}};

}  // namespace

TextPage::TextPage(Focus& focus, QWidget* parent) : Page(focus, parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(0);
    m_header = new PageHeader(this);
    m_choice = named("text.header.tab", new SegmentedControl({tr("Corpus"), tr("Tokens"), tr("Write")}, tr("Tab")));
    m_choice->setToolTip(tr("Ctrl+Tab shows the next one"));
    m_header->addControl(m_choice);
    m_stack = new CurrentStack(this);
    makeTabs();
    m_header->addControl(makeExportButton());
    layout->addWidget(m_header);
    layout->addWidget(m_stack, 1);
    connect(m_choice, &SegmentedControl::chosen, this, &TextPage::showTabAt);
    const auto step = [this](const QKeySequence& key, int by) {
        const int count = static_cast<int>(m_tabs.size());
        connect(new QShortcut(key, this), &QShortcut::activated, this, [=, this] { showTabAt((current() + by + count) % count); });
    };
    step(Qt::CTRL | Qt::Key_Tab, 1);
    step(Qt::CTRL | Qt::SHIFT | Qt::Key_Tab, -1);
    followTheme(this, &TextPage::applyMeasures);
    showTabAt(firstTab);
}

void TextPage::makeTabs() {
    for (const TabRow& row : tabRows) {
        TextTab* tab = row.make(focus(), m_stack);
        m_stack->addWidget(tab);
        QWidget* controls = tab->controls();
        if (controls) m_header->addControl(controls);
        m_tabs.push_back({QLatin1String(row.name), tab, controls});
        connect(tab, &TextTab::changed, this, [this, tab] {
            if (tab != &this->tab()) return;
            refreshHeading();
            if (exportPanel() && exportPanel()->isVisible()) exportPanel()->sync();
        });
        connect(tab, &TextTab::refreshWanted, this, &TextPage::scheduleRefresh);
        connect(tab, &TextTab::placeWanted, this, &TextPage::placeWanted);
        connect(tab, &TextTab::settingWanted, this, &TextPage::settingWanted);
        connect(tab, &TextTab::textWanted, this, &TextPage::textWanted);
    }
}

void TextPage::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(theme.px(margin), 0, theme.px(margin), theme.px(margin));
}

int TextPage::current() const {
    return m_stack->currentIndex();
}

TextTab& TextPage::tab() const {
    return *m_tabs[static_cast<std::size_t>(current())].tab;
}

void TextPage::showTabAt(int index) {
    m_choice->setCurrent(index);
    m_stack->setCurrentIndex(index);
    for (std::size_t i = 0; i < m_tabs.size(); ++i)
        if (m_tabs[i].controls) m_tabs[i].controls->setVisible(static_cast<int>(i) == index);
    refreshHeading();
    scheduleRefresh();
}

QString TextPage::stage() const {
    return m_tabs[static_cast<std::size_t>(current())].name;
}

bool TextPage::showTab(const QString& name) {
    const auto found = std::ranges::find(m_tabs, name, &Tab::name);
    if (found == m_tabs.end()) return false;
    showTabAt(static_cast<int>(found - m_tabs.begin()));
    return true;
}

bool TextPage::showStage(const QString& stage, const QString& cell) {
    return (stage.isEmpty() || showTab(stage)) && tab().showCell(cell);
}

QJsonObject TextPage::notes() const {
    QJsonObject notes;
    for (const Tab& each : m_tabs)
        if (const QJsonObject own = each.tab->notes(); !own.isEmpty()) notes[each.name] = own;
    return notes;
}

void TextPage::takeNotes(const QJsonObject& notes) {
    for (const Tab& each : m_tabs) each.tab->takeNotes(notes[each.name].toObject());
}

void TextPage::refresh() {
    tab().refresh();
    refreshHeading();
}

void TextPage::refreshHeading() {
    const TabHeading heading = tab().heading();
    m_header->setText(heading.title, heading.detail);
}

}  // namespace lab
