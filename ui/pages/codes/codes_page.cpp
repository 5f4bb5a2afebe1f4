#include "ui/pages/codes/codes_page.h"

#include "ui/pages/codes/arithmetic_tab.h"
#include "ui/pages/codes/code_tab.h"
#include "ui/pages/codes/training_tab.h"
#include "ui/runs/workspace.h"

namespace lab {
namespace {

const QString codesStateKey = QStringLiteral("state");

}  // namespace

CodesPage::CodesPage(Focus& focus, Workspace& workspace, QWidget* parent) : TabbedPage(focus, parent) {
    setTabs({{QStringLiteral("code"), tr("Code"), new CodeTab(focus, workspace, m_state)},
             {QStringLiteral("arithmetic"), tr("Arithmetic"), new ArithmeticTab(focus, m_state)},
             {QStringLiteral("training"), tr("Over training"), new CodesTrainingTab(focus, workspace)}},
            0);
    for (Run* run : workspace.runs()) watch(run);
    connect(&workspace, &Workspace::runAdded, this, &CodesPage::watch);
    connect(&workspace, &Workspace::runRemoved, this, &CodesPage::scheduleRefresh);
}

/// The other runs stand beside the one in focus, whose news the page hears by itself.
void CodesPage::watch(Run* run) {
    for (auto signal : {&Run::stateChanged, &Run::wasReset}) connect(run, signal, this, &CodesPage::scheduleRefresh);
    connect(run, &Run::metricsExtended, this, &CodesPage::scheduleRefresh);
    scheduleRefresh();
}

void CodesPage::refresh() {
    m_state.follow(focus());
    TabbedPage::refresh();
}

QJsonObject CodesPage::notes() const {
    QJsonObject notes = TabbedPage::notes();
    if (const QJsonObject own = m_state.notes(); !own.isEmpty()) notes[codesStateKey] = own;
    return notes;
}

void CodesPage::takeNotes(const QJsonObject& notes) {
    m_state.takeNotes(notes[codesStateKey].toObject());
    TabbedPage::takeNotes(notes);
}

}  // namespace lab
