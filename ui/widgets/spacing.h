#pragma once

#include <QMargins>

class QLayout;

namespace lab {

/// Between the parts of a panel: logical px at 100 %.
constexpr int panelGap = 8;

/// Px at 100 % that the layout of a widget, or one inside of that, keeps at every scale.
void keepSpacing(QLayout* layout, int spacing);
void keepSpacing(QLayout* layout, const QMargins& margins, int spacing);

}  // namespace lab
