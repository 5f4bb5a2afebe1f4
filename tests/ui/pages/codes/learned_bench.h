#pragma once

#include "core/codes/code_neighbours.h"
#include "core/codes/code_report.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/codes/learned_panel.h"
#include "ui/pages/codes/training_tab.h"
#include "ui/widgets/theme.h"

// What the tests of the learned half share: a run with a tiny bottleneck, looked at.

namespace lab {

/// Copies 2 of 10 symbols through 3 slots of 3 codes, or what `bottleneck` says; 27 codes are too few for 100 sequences.
inline Experiment learnedExperiment(int steps = 8, const char* kind = "fsq", const Parameters& bottleneck = {{"slots", 3}, {"levels", 3}}) {
    Experiment experiment = smallExperiment(
        {.name = "coded", .length = 2, .vocabulary = 10, .train = 128, .validation = 16, .test = 60, .d_model = 8, .steps = steps});
    experiment.task.kind = "copy";
    experiment.model.architecture = Architecture::encoder_decoder;
    experiment.model.bottleneck.kind = kind;
    experiment.model.bottleneck.parameters = bottleneck;
    return experiment;
}

inline CodeStudySizes smallCodeSizes() {
    CodeStudySizes sizes;
    sizes.report.sequences = 60;
    sizes.robustness = {.sequences = 4, .mostChanges = 60, .seed = 1};
    sizes.order = {.sequences = 20, .movesEach = 1, .seed = 1};
    sizes.sequencesByLength = 8;
    return sizes;
}

/// A part of the page by itself, refreshed as its page would do it.
template <class Tab>
struct LearnedDesk {
    Workspace workspace;
    Focus focus;
    Tab tab{focus, workspace};

    explicit LearnedDesk(const Experiment& experiment = learnedExperiment(), QSize size = {1164, 340}) {
        tab.study().setSizes(smallCodeSizes());
        focus.setRun(workspace.add(loadTask(experiment, {})));
        focus.showSample(0);
        tab.resize(size);
        static_cast<QWidget&>(tab).show();
    }
    Run& run() const { return *focus.run(); }
    bool ready() {
        return QTest::qWaitFor(
            [this] {
                tab.refresh();
                return tab.ready() && (focus.traceStep() == focus.shownStep() || !focus.traceError().isEmpty());
            },
            patience);
    }
    template <class Part>
    Part& part(const char* name) const {
        return *tab.template findChild<Part*>(QString::fromLatin1(name));
    }
    void train() {
        run().train();
        QVERIFY(QTest::qWaitFor([this] { return run().state() == Run::State::finished; }, patience));
    }
    codes::Coder coder() const { return {run().model(), focus.checkpoint()->weights}; }
};

}  // namespace lab
