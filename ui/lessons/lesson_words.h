#pragma once

#include <QFont>
#include <QString>
#include <string>

#include "ui/widgets/theme.h"

namespace lab {

class ThemedLabel;

/// A lesson's small Markdown (core/learn/lesson.h) as rich text for labels in this font.
QString lessonHtml(const QFont& font, const std::string& markdown);
/// With the marks of formulas alone, for who draws those: a title in a table.
QString lessonFormula(const std::string& markdown);
/// The same without marks, for screen readers and paper.
QString lessonPlain(const std::string& markdown);

/// A label that wraps and shows rich text, which can be selected.
ThemedLabel* lessonParagraph(TextSize size, Role role, bool bold = false);

}  // namespace lab
