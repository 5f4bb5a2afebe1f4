#pragma once

#include <QMargins>

class QLayout;

namespace lab {

/// Px at 100 % that the layout of a widget, or one inside of that, keeps at every scale.
void keepSpacing(QLayout* layout, int spacing);
void keepSpacing(QLayout* layout, const QMargins& margins, int spacing);

}  // namespace lab
