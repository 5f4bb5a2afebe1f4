#pragma once

#include <QByteArray>
#include <QJsonObject>

#include "ui/runs/focus.h"

namespace lab {

/// What is looked at, for a session: input (a sample or the person's own), step shown or live, selection.
QJsonObject viewOf(const Focus& focus);

/// Looks at it again, as far as the run in focus has it.
void showView(Focus& focus, const QJsonObject& view);

}  // namespace lab
