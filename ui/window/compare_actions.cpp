#include "ui/window/compare_actions.h"

#include <algorithm>

#include "core/analysis/run_comparison.h"
#include "ui/forms/duplicate_dialog.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/runs/seed_names.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/window/action_table.h"
#include "ui/window/main_window.h"

namespace lab {

CompareActions::CompareActions(MainWindow& window, QObject* parent) : QObject(parent), m_window(window) {
    for (Page* page : window.pages())
        if (auto* found = qobject_cast<ComparePage*>(page)) m_page = found;
    makeActions();
    if (!m_page) return;
    connect(m_page, &ComparePage::duplicateWanted, this, &CompareActions::askForDuplicate);
    connect(m_page, &ComparePage::comparisonWanted, this,
            [this](int index, bool allSeeds) { compare(comparisons()[static_cast<std::size_t>(index)], allSeeds ? comparisonSeeds : 1); });
}

void CompareActions::makeActions() {
    Actions& actions = m_window.actions();
    actions.on("compare.duplicate", this, [this] {
        if (m_window.focus().run()) askForDuplicate(m_window.focus().run());
    });
    actions.on("compare.toggle_all", this, [this] {
        Workspace& workspace = m_window.workspace();
        if (workspace.anyTraining())
            workspace.pauseAll();
        else
            workspace.trainAll();
    });
    actions.on("compare.remove", this, [this] {
        if (m_page) m_page->removeRun(m_window.focus().run());
    });
    for (const ClassicComparison& comparison : comparisons())
        for (const int seeds : {1, comparisonSeeds}) {
            const QString name = dataText(DataFiles::comparisons, comparison.name);
            const QString text = seeds > 1 ? counted(LAB_PLURAL("compare", "%1, %n seed(s) each"), seeds, {name}) : name;
            const QString suffix = seeds > 1 ? QStringLiteral(".seeds") : QString();
            QAction* action =
                actions.add(QStringLiteral("compare.%1%2").arg(QString::fromStdString(comparison.key), suffix), text, {}, comparingGroup());
            connect(action, &QAction::triggered, this, [this, &comparison, seeds] { compare(comparison, seeds); });
        }
}

void CompareActions::askForDuplicate(Run* run) {
    auto* dialog = new DuplicateDialog(*run, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &DuplicateDialog::wanted, this, &CompareActions::duplicate);
    dialog->show();
}

void CompareActions::showComparePage() {
    const std::vector<Page*>& pages = m_window.pages();
    const auto found = std::find(pages.begin(), pages.end(), m_page);
    if (found != pages.end()) m_window.showPage(static_cast<int>(found - pages.begin()));
}

std::vector<Run*> CompareActions::duplicate(const std::vector<Experiment>& settings) {
    Workspace& workspace = m_window.workspace();
    const bool training = workspace.anyTraining();
    const std::vector<Run*> runs = m_window.session().addBeside(settings);
    for (Run* run : runs) {
        // Seeds of one variant share its look.
        if (sameVariant(run->experiment(), runs.front()->experiment())) run->setSeries(runs.front()->series());
        if (training) run->train();
    }
    showComparePage();
    return runs;
}

std::vector<Run*> CompareActions::compare(const ClassicComparison& comparison, int seeds) {
    std::vector<Experiment> settings;
    std::vector<int> series;
    for (std::size_t variant = 0; variant < comparison.variants.size(); ++variant)
        for (int seed = 1; seed <= seeds; ++seed) {
            Experiment experiment = comparison.variants[variant];
            experiment.training.seed = static_cast<std::uint64_t>(seed);
            if (seeds > 1) experiment.name = nameWithSeed(experiment.name, experiment.training.seed);
            settings.push_back(std::move(experiment));
            series.push_back(static_cast<int>(variant));
        }
    const std::vector<Run*> runs = m_window.session().openTogether(settings);
    for (std::size_t i = 0; i < runs.size(); ++i) runs[i]->setSeries(series[i]);
    if (runs.empty()) return runs;
    m_window.setPresetTitle(dataText(DataFiles::comparisons, comparison.name));
    if (m_page) m_page->setShow(seeds > 1 ? ComparePage::Show::deviation : ComparePage::Show::runs);
    showComparePage();
    for (Run* run : runs) run->train();
    return runs;
}

}  // namespace lab
