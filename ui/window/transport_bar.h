#pragma once

#include <QPointer>
#include <QWidget>
#include <vector>

#include "ui/runs/focus.h"

class QMenu;

namespace lab {

class Actions;
class Button;
class Meter;
class PaceSlider;
class PresetButton;
class PrimaryButton;

/// The top of the window: menu, preset, Train, Step, Reset, speed, and where the training stands.
class TransportBar : public QWidget {
    Q_OBJECT

public:
    TransportBar(Focus& focus, const Actions& actions, QWidget* parent = nullptr);

    QMenu* menu() const { return m_menu; }
    PresetButton& preset() const { return *m_preset; }
    PrimaryButton& trainButton() const { return *m_train; }
    PaceSlider& pace() const { return *m_pace; }
    /// Stands in the place of Train, the speed and the meters; null: they are back. Taken over.
    void setOwn(QWidget* own);
    /// Stands at the right end, before the size button.
    void addTool(QWidget* tool);

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    void makeButtons(const Actions& actions);
    void makeMeters();
    void applyMeasures();
    std::vector<QWidget*> ownParts() const;
    std::vector<QWidget*> droppable() const;
    int roomOf(const QWidget* widget) const;
    void joinButtons();
    void dropMeters();
    void watchRun();
    void scheduleShow();
    void showRun(const Run& run);
    void showCommands(const Run& run);
    void showSpeed(const Run& run);
    void showRecords(const Run& run);
    void showNothing();

    Focus& m_focus;
    QMenu* m_menu;
    QPointer<QWidget> m_own;  ///< of a page, while it is shown
    Button* m_menuButton;
    PresetButton* m_preset;
    PrimaryButton* m_train;
    Button* m_step;
    Button* m_reset;
    PaceSlider* m_pace;
    Meter* m_stepMeter;
    Meter* m_loss;
    Meter* m_accuracy;
    bool m_judgesWhole = true;  ///< sequences are right as a whole or not
    Meter* m_whole;
    Meter* m_tokens;
    Meter* m_left;
    Button* m_monitor;
    std::vector<QMetaObject::Connection> m_connections;
    bool m_showDue = false;
};

}  // namespace lab
