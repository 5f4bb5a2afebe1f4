#pragma once

#include <QString>

class QWidget;

namespace lab {

/// The words of a tool tip that is HTML, a line a paragraph.
QString plainHelp(const QString& html);

/// One help for who points and, in plain words, for who hears it. (Without a description of its own Qt reads out the tool tip, tags and all.)
/// `first`: what is told of it now, before everything else.
void setHelp(QWidget& part, const QString& html, const QString& first = {});

}  // namespace lab
