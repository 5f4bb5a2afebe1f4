#pragma once

#include "ui/pages/memory/memory_state.h"
#include "ui/pages/page_tab.h"

namespace lab {

/// One tab of the page Memory: a picture of the page's small value, and of the focus where it looks at a model. refresh() is called when
/// either has changed, while the tab is shown.
class MemoryTab : public PageTab {
    Q_OBJECT

public:
    MemoryTab(Focus& focus, MemoryState& state, QWidget* parent = nullptr) : PageTab(focus, parent), m_state(state) {
        connect(&state, &MemoryState::changed, this, &PageTab::refreshWanted);
    }

    /// Whether the row of the query (noise, draw, open) stands below the page while this tab is shown, in place of the model's input.
    virtual bool asksQuery() const { return false; }

signals:
    /// asksQuery() is another.
    void askingChanged();

protected:
    MemoryState& state() const { return m_state; }

private:
    MemoryState& m_state;
};

/// What makes a tab of the page Memory; the name that places have for it and its title stand in memory_page.cpp.
using MakeMemoryTab = MemoryTab*(Focus& focus, MemoryState& state, QWidget* parent);
MakeMemoryTab makeRecallTab, makeModernTab, makeAttentionTab, makeEvidenceTab;

}  // namespace lab
