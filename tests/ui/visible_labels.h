#pragma once

#include <QLabel>
#include <QStringList>

namespace lab::testing {

/// The texts of all labels that are seen in a widget, a line each.
inline QString visibleLabels(const QWidget& widget) {
    QStringList all;
    for (const QLabel* label : widget.findChildren<QLabel*>())
        if (label->isVisible()) all << label->text();
    return all.join(QLatin1Char('\n'));
}

}  // namespace lab::testing
