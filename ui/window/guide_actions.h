#pragma once

#include <QObject>
#include <QPointer>

#include "ui/runs/focus.h"

namespace lab {

class GuidePanel;
class MainWindow;
struct ModelGuide;

/// Knows a published model when one is open, and shows beside the page what to look for in it, until it is closed or another run is shown;
/// a page that has no room for both stands alone.
class GuideActions : public QObject {
    Q_OBJECT

public:
    GuideActions(MainWindow& window, QObject* parent);

    GuidePanel& panel() const { return *m_panel; }
    /// Of the run shown; null where none is of it.
    const ModelGuide* guide() const { return m_guide; }

private:
    void meet();
    void toggle();
    void showWhereItFits();
    void goTo(std::size_t item, std::size_t head);

    MainWindow& m_window;
    GuidePanel* m_panel;
    const ModelGuide* m_guide = nullptr;
    QPointer<Run> m_run;
    bool m_closed = false;  ///< by hand: it waits until it is asked for
};

}  // namespace lab
