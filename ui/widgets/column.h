#pragma once

#include <QVBoxLayout>

namespace lab {

/// Parts of a widget one under the other, without gaps.
inline QVBoxLayout* column(QWidget* widget) {
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    return layout;
}

}  // namespace lab
