#pragma once

#include <QPainter>
#include <QString>
#include <QStringList>

// Short formulas in one line: "\u03A3 q_{p} k_{p}", "e^{\u22121.20}". What stands in _{} is set low, in ^{} high, both smaller.

namespace lab {

/// px of what stands low or high, in a font of so many.
int indexPixels(int fontPixels);

double formulaWidth(const QFont& font, const QString& formula);

/// In the painter's font and pen, vertically centred.
void drawFormula(QPainter& painter, const QRectF& rect, Qt::Alignment horizontal, const QString& formula);

/// Lines of at most `width`, broken at spaces that stand outside the marks, for drawFormulaLines.
QStringList wrappedFormula(const QFont& font, const QString& formula, double width);
/// What drawFormulaLines needs.
int formulaLinesHeight(const QFont& font, const QStringList& lines);
/// From the top of the rectangle down, left-aligned, in the painter's font and pen.
void drawFormulaLines(QPainter& painter, const QRectF& rect, const QStringList& lines);

/// The formula itself where it fits, else its plain text with an ellipsis.
QString elidedFormula(const QFont& font, const QString& formula, double width);

/// That, drawn; in a widget the whole is in the tool tip.
void drawElidedFormula(QPainter& painter, const QRectF& rect, Qt::Alignment horizontal, const QString& formula);

/// As rich text for labels in this font.
QString formulaHtml(const QFont& font, const QString& formula);

/// The same without marks, for screen readers: "\u03A3 q_p k_p".
QString plainFormula(const QString& formula);

}  // namespace lab
