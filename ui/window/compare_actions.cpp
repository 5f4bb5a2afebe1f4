#include "ui/window/compare_actions.h"

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
    makeActions();
    window.pages().whenMade<ComparePage>(this, [this](const ComparePage& page) {
        connect(&page, &ComparePage::duplicateWanted, this, &CompareActions::askForDuplicate);
        connect(&page, &ComparePage::comparisonWanted, this, [this](int index, bool allSeeds) {
            compare(comparisons()[static_cast<std::size_t>(index)], allSeeds ? comparisonSeeds : 1);
        });
    });
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
    actions.on("compare.remove", this, [this] { m_window.pages().get<ComparePage>().removeRun(m_window.focus().run()); });
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
    m_window.showPage(m_window.indexOf(ComparePage::pageName()));
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
    m_window.pages().get<ComparePage>().setShow(seeds > 1 ? ComparePage::Show::deviation : ComparePage::Show::runs);
    showComparePage();
    for (Run* run : runs) run->train();
    return runs;
}

}  // namespace lab
