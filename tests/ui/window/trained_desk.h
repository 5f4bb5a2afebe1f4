#pragma once

#include <QRadioButton>
#include <QTemporaryDir>
#include <QtTest>

#include "core/io/experiment_file.h"
#include "tests/core/runs/small_task.h"
#include "tests/patience.h"
#include "ui/pages/page.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/segmented.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

namespace lab::testing {

/// The window at its usual size, with a small training that is done.
struct TrainedDesk {
    static constexpr int steps = 20;

    explicit TrainedDesk(Architecture architecture)
        : window(workspace, focus), files(window, home.filePath("settings.ini"), home.filePath("session.safetensors")) {
        const QString path = home.filePath("experiment.json");
        saveExperiment(path.toStdString(), smallTask(steps, 42, architecture).experiment);
        files.begin(std::filesystem::path(path.toStdString()));
        window.resize(1280, 800);
        window.show();
        focus.run()->setPace(0);
        focus.run()->train();
        [this] { QTRY_COMPARE(focus.run()->step(), steps); }();
    }
    ~TrainedDesk() { workspace.stop(); }

    /// Every page, and on each every choice of its controls that are in sight: `visit(where)`.
    template <class Visit>
    void forEveryChoice(Visit visit) {
        for (std::size_t i = 0; i < window.pages().size(); ++i) {
            Page& page = *window.pages()[i];
            window.showPage(static_cast<int>(i));
            settle(page);
            visit(page.title());
            for (QPointer<SegmentedControl> control : page.findChildren<SegmentedControl*>())
                for (int choice = 0; control && control->isVisible(); ++choice) {
                    const auto buttons = control->findChildren<QRadioButton*>();
                    if (choice >= buttons.size()) break;
                    if (!buttons[choice]->isEnabled() || buttons[choice]->isChecked()) continue;
                    const QString name = page.title() + QStringLiteral(", ") + buttons[choice]->accessibleName();
                    buttons[choice]->click();
                    settle(page);
                    visit(name);
                }
        }
    }

    static void settle(Page& page) {
        QTRY_VERIFY(page.catchUp());
        QCoreApplication::processEvents();
    }

    QTemporaryDir home;
    Workspace workspace;
    Focus focus;
    MainWindow window;
    FileActions files;
};

}  // namespace lab::testing
