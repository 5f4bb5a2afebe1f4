#include "ui/widgets/themed_label.h"

namespace lab {

ThemedLabel::ThemedLabel(const QString& text, TextSize size, Role role, bool bold, QWidget* parent)
    : QLabel(text, parent), m_size(size), m_role(role), m_bold(bold) {
    followTheme(this, &ThemedLabel::restyle);
}

void ThemedLabel::setRole(Role role) {
    if (m_role == role) return;
    m_role = role;
    restyle();
}

void ThemedLabel::setTextSize(TextSize size) {
    if (m_size == size) return;
    m_size = size;
    restyle();
}

void ThemedLabel::setBold(bool bold) {
    if (m_bold == bold) return;
    m_bold = bold;
    restyle();
}

void ThemedLabel::restyle() {
    setFont(Theme::instance().font(m_size, m_bold));
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, Theme::instance().color(m_role));
    colors.setColor(QPalette::Text, Theme::instance().color(m_role));
    setPalette(colors);
}

}  // namespace lab
