#include "ui/window/serve_button.h"

namespace lab {

ServeButton::ServeButton(const Serving& serving, QWidget* parent)
    : Button(QStringLiteral("\u25CF ") + tr("Served"), parent), m_serving(serving) {
    setObjectName(QStringLiteral("window.transport.serving"));
    setHeight(28);
    setFlatLook(true);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(tr("Served"));
    connect(&serving, &Serving::stateChanged, this, &ServeButton::follow);
    follow();
}

void ServeButton::follow() {
    setVisible(m_serving.state() == Serving::State::on);
    setToolTip(tr("Other programs of this computer can work with this session at %1. Shows who does.").arg(m_serving.address()));
}

}  // namespace lab
