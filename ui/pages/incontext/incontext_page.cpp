#include "ui/pages/incontext/incontext_page.h"

#include "ui/pages/incontext/incontext_tab.h"

namespace lab {

IncontextPage::IncontextPage(Focus& focus, Workspace& workspace, QWidget* parent) : TabbedPage(focus, parent) {
    setTabs({{QStringLiteral("regression"), tr("Regression"), makeRegressionTab(focus, workspace, nullptr)},
             {QStringLiteral("induction"), tr("Induction"), makeInductionTab(focus, workspace, nullptr)},
             {QStringLiteral("dictionary"), tr("Dictionary"), makeDictionaryTab(focus, workspace, nullptr)}},
            0);
    for (Run* run : workspace.runs()) watch(run);
    connect(&workspace, &Workspace::runAdded, this, &IncontextPage::watch);
    connect(&workspace, &Workspace::runRemoved, this, &IncontextPage::scheduleRefresh);
}

/// The other runs stand beside the one in focus, whose news the page hears by itself.
void IncontextPage::watch(Run* run) {
    for (auto signal : {&Run::stateChanged, &Run::wasReset}) connect(run, signal, this, &IncontextPage::scheduleRefresh);
    connect(run, &Run::metricsExtended, this, &IncontextPage::scheduleRefresh);
    scheduleRefresh();
}

}  // namespace lab
