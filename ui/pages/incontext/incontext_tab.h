#pragma once

#include "ui/pages/page_tab.h"
#include "ui/runs/workspace.h"

namespace lab {

/// One tab of the page In context: a picture of the focus, and of the other open runs beside it.
class IncontextTab : public PageTab {
    Q_OBJECT

public:
    IncontextTab(Focus& focus, Workspace& workspace, QWidget* parent = nullptr) : PageTab(focus, parent), m_workspace(workspace) {}

protected:
    /// The open runs.
    Workspace& workspace() const { return m_workspace; }
    /// Opens a preset, or a comparison ("8-layers"), which then is what the tab shows.
    void openPreset(const QString& name) { lead(QStringLiteral("preset.") + name); }
    void openComparison(const QString& name) { lead(QStringLiteral("comparison.") + name); }

private:
    void lead(const QString& stage) {
        Place place;
        place.stage = stage;
        emit placeWanted(place);
    }

    Workspace& m_workspace;
};

/// What makes a tab of the page In context; the name that places have for it and its title stand in incontext_page.cpp.
using MakeIncontextTab = IncontextTab*(Focus& focus, Workspace& workspace, QWidget* parent);
MakeIncontextTab makeRegressionTab, makeInductionTab, makeDictionaryTab;

}  // namespace lab
