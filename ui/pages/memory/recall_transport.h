#pragma once

#include <QWidget>
#include <vector>

#include "ui/pages/memory/recall_study.h"

namespace lab {

class Button;
class Meter;
class PaceSlider;
class PrimaryButton;
class RecallClock;

/// Recall, Step, Reset, the speed, and where the recall stands: in the place of the window's Train.
class RecallTransport : public QWidget {
    Q_OBJECT

public:
    explicit RecallTransport(RecallClock& clock, QWidget* parent = nullptr);

    void setStudy(RecallStudyPtr study);
    PrimaryButton& recallButton() const { return *m_recall; }

    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void makeButtons();
    void makeMeters();
    void showState();
    std::vector<QWidget*> droppable() const;
    void dropMeters();
    void applyMeasures();

    RecallClock& m_clock;
    RecallStudyPtr m_study;
    PrimaryButton* m_recall;
    Button *m_step, *m_reset;
    PaceSlider* m_pace;
    Meter *m_update, *m_energy, *m_wrong, *m_overlap, *m_ending;
};

}  // namespace lab
