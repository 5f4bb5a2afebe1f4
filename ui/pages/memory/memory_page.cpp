#include "ui/pages/memory/memory_page.h"

#include <QShortcut>

#include "ui/pages/memory/memory_tab.h"
#include "ui/pages/memory/query_row.h"

namespace lab {
namespace {

const QString valueKey = QStringLiteral("state");

}  // namespace

MemoryPage::MemoryPage(Focus& focus, QWidget* parent) : TabbedPage(focus, parent) {
    MemoryTab* modern = makeModernTab(focus, m_state, nullptr);
    connect(modern, &MemoryTab::askingChanged, this, &Page::barsChanged);
    setTabs({{QStringLiteral("recall"), tr("Recall"), makeRecallTab(focus, m_state, nullptr)},
             {QStringLiteral("modern"), tr("Modern"), modern},
             {QStringLiteral("attention"), tr("Attention"), makeAttentionTab(focus, m_state, nullptr)},
             {QStringLiteral("evidence"), tr("Evidence"), makeEvidenceTab(focus, m_state, nullptr)}},
            0);
    connect(&m_state, &MemoryState::changed, this, &Page::barsChanged);
    for (const QKeySequence& key : {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)})
        connect(new QShortcut(key, this), &QShortcut::activated, &m_state, &MemoryState::redo);
}

OwnBars MemoryPage::ownBars() {
    OwnBars bars = TabbedPage::ownBars();
    const auto& tab = static_cast<const MemoryTab&>(this->tab());
    if (tab.asksQuery()) {
        if (!m_query) m_query = new QueryRow(m_state);
        bars.input = m_query;
        bars.actions.push_back({QStringLiteral("input.previous"), tr("Ask for the pattern before"), [this] { m_query->turn(-1); }});
        bars.actions.push_back({QStringLiteral("input.next"), tr("Ask for the next pattern"), [this] { m_query->turn(1); }});
        bars.actions.push_back({QStringLiteral("input.type"), tr("Draw a query"), [this] { m_query->draw(); }});
        bars.actions.push_back({QStringLiteral("input.shuffle"), tr("New noise"), [this] { m_query->newNoise(); }});
    }
    // Also with nothing to undo: one Ctrl+Z too many must not bring another run.
    const bool undoes = m_state.canUndo();
    bars.actions.push_back(
        {QStringLiteral("file.back"), undoes ? tr("Undo: %1").arg(m_state.undoName()) : tr("Undo"), [this] { m_state.undo(); }, undoes});
    return bars;
}

QJsonObject MemoryPage::notes() const {
    QJsonObject notes = TabbedPage::notes();
    if (const QJsonObject own = m_state.notes(); !own.isEmpty()) notes[valueKey] = own;
    return notes;
}

void MemoryPage::takeNotes(const QJsonObject& notes) {
    m_state.takeNotes(notes[valueKey].toObject());
    TabbedPage::takeNotes(notes);
}

}  // namespace lab
