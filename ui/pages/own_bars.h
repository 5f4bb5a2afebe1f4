#pragma once

#include <QString>
#include <functional>
#include <vector>

class QWidget;

namespace lab {

/// What one of the window's actions does while a page's own bars stand in the window's place.
struct OwnAction {
    QString id;    ///< of the window's action: "train.toggle"
    QString text;  ///< what it is called meanwhile: "Recall or pause"
    std::function<void()> act;
    bool enabled = true;
};

/// Bars that a page shows in place of the window's, for a time of its own: "updates" of a memory instead of steps of a training. The window
/// takes the widgets over. Of the window's actions that belong to a bar that is replaced, those named here act on the page, the others
/// rest.
struct OwnBars {
    QWidget* transport = nullptr;  ///< instead of Train, Step, Reset, speed and meters; null: the window's own
    QWidget* input = nullptr;      ///< instead of the input of the model
    QWidget* timeline = nullptr;   ///< instead of the steps of the training
    std::vector<OwnAction> actions{};
};

}  // namespace lab
