#pragma once

#include "ui/widgets/themed_label.h"

namespace lab {

/// The muted name in front of a control.
class Caption : public ThemedLabel {
public:
    explicit Caption(const QString& text, QWidget* control, QWidget* parent = nullptr)
        : ThemedLabel(text, TextSize::text, Role::muted, false, parent) {
        setBuddy(control);
    }
};

}  // namespace lab
