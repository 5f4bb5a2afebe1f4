#pragma once

#include <QPainter>
#include <QString>

// Short formulas in one line: "\u03A3 q_{p} k_{p}", "e^{\u22121.20}". What stands in _{} is set low, in ^{} high, both smaller.

namespace lab {

double formulaWidth(const QFont& font, const QString& formula);

/// In the painter's font and pen, vertically centred.
void drawFormula(QPainter& painter, const QRectF& rect, Qt::Alignment horizontal, const QString& formula);

/// The same without marks, for screen readers: "\u03A3 q_p k_p".
QString plainFormula(const QString& formula);

}  // namespace lab
