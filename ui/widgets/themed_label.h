#pragma once

#include <QLabel>

#include "ui/widgets/theme.h"

namespace lab {

/// A text in one of the theme's sizes and colours that follows the theme.
class ThemedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ThemedLabel(const QString& text, TextSize size = TextSize::text, Role role = Role::text, bool bold = false,
                         QWidget* parent = nullptr);

    void setRole(Role role);
    void setTextSize(TextSize size);
    void setBold(bool bold);
    bool isBold() const { return m_bold; }

private:
    void restyle();

    TextSize m_size;
    Role m_role;
    bool m_bold;
};

}  // namespace lab
