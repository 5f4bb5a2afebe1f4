#pragma once

#include <QWidget>
#include <vector>

#include "ui/runs/focus.h"
#include "ui/widgets/export_panel.h"

class QMenu;
class QTimer;

namespace lab {

class Button;
class ThemedLabel;
class TimelineStrip;

/// The bottom of the window: the run's time, and which of its steps is shown.
class TimelineBar : public QWidget {
    Q_OBJECT

public:
    TimelineBar(Focus& focus, QWidget* parent = nullptr);

    TimelineStrip& strip() const { return *m_strip; }
    Button& followButton() const { return *m_follow; }
    Button& playButton() const { return *m_play; }
    Button& continueButton() const { return *m_continue; }
    Button& keptButton() const { return *m_kept; }
    Button& runsButton() const { return *m_runsButton; }

    /// Pins the step that is shown, or removes its pin.
    void togglePin();
    void namePin();
    /// Runs through the kept steps from the one shown (from the first when it is the last), or stops.
    void togglePlaying();
    bool isPlaying() const;
    /// Whether the Experiment panel holds changes, with which a branch would go on.
    void setDraftChanged(bool changed);
    /// The runs to choose from, a branch behind its parent; hidden when there is only one.
    void setRuns(const std::vector<Run*>& runs);
    void setBudget(int megabytes);

    /// The strip as a picture for paper.
    std::vector<FigureOffer> figures() const;

signals:
    /// A new run shall begin with the step that is shown.
    void continueRequested();
    void budgetChosen(int megabytes);
    void runChosen(lab::Run* run);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void applyMeasures();
    void watchRun();
    void restart();
    void addRecords(int from, int to);
    void showKept();
    void showPins();
    void showFall();
    std::unique_ptr<Figure> makeFigure() const;
    void showStep();
    void showContinue();
    void playOn();
    void stopPlaying();
    void cycleSpeed();
    void fillBudgetMenu();

    Focus& m_focus;
    TimelineStrip* m_strip;
    ThemedLabel* m_step;
    Button* m_kept;
    Button* m_play;
    Button* m_speed;
    Button* m_runsButton;
    Button* m_continue;
    Button* m_follow;
    QMenu* m_budgets;
    QMenu* m_runs;
    QTimer* m_playing;
    int m_speedIndex = 1;
    int m_megabytes = 256;
    std::size_t m_fallLooked = 0;  ///< records when the fall was last looked for
    bool m_draftChanged = false;
    std::vector<QMetaObject::Connection> m_connections;
};

}  // namespace lab
