#pragma once

#include <QString>

class QWidget;

namespace lab {

/// Makes a widget that paints itself a graphic with a name and a value for screen readers. To be called once in its constructor, and again
/// whenever what it shows changes.
void describePicture(QWidget* widget, const QString& name, const QString& value = {});

}  // namespace lab
