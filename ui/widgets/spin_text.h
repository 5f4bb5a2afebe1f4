#pragma once

#include <QSpinBox>

namespace lab {

/// The number stands where the text has %1.
inline void setAround(QSpinBox& box, const QString& text) {
    box.setPrefix(text.section(QStringLiteral("%1"), 0, 0));
    box.setSuffix(text.section(QStringLiteral("%1"), 1));
}

}  // namespace lab
