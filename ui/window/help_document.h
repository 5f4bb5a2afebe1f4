#pragma once

class QString;
class QTextDocument;

namespace lab {

/// Makes a page of the help out of Markdown: headings, tables, code and pictures in the theme's present colours and sizes, for a column
/// `width` px wide, which no picture exceeds.
void setHelp(QTextDocument& document, const QString& markdown, double width);
/// Gives its pictures another width.
void fitPictures(QTextDocument& document, double width);

}  // namespace lab
