#pragma once

#include "ui/widgets/themed_label.h"

namespace lab {

/// A few lines of text in a room of a fixed height, so that longer words move nothing around them: what does not fit stands in the tool
/// tip.
class Paragraph : public ThemedLabel {
    Q_OBJECT

public:
    Paragraph(int lines, TextSize size, Role role = Role::text, QWidget* parent = nullptr);

    bool hasHeightForWidth() const override { return false; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    bool event(QEvent* event) override;

private:
    int m_lines;
};

}  // namespace lab
