#pragma once

#include <QObject>

#include "core/config/comparisons.h"
#include "ui/runs/run.h"

namespace lab {

class ComparePage;
class MainWindow;

/// What makes runs to compare: duplicating one with a change, and the classic comparisons.
class CompareActions : public QObject {
    Q_OBJECT

public:
    CompareActions(MainWindow& window, QObject* parent);

    /// Opens the form for a copy of a run.
    void askForDuplicate(Run* run);
    /// Adds copies; they train along when something trains.
    std::vector<Run*> duplicate(const std::vector<Experiment>& settings);
    /// Opens a comparison in place of what is open and trains it; `seeds` runs of each variant.
    std::vector<Run*> compare(const ClassicComparison& comparison, int seeds);

private:
    void makeActions();
    void showComparePage();

    MainWindow& m_window;
};

}  // namespace lab
