#include "ui/widgets/named.h"

#include <QMenu>

namespace lab {

void setControlName(QWidget& control, const QString& name) {
    control.setObjectName(name);
    for (QWidget* inside : control.findChildren<QWidget*>())
        if (inside->objectName().startsWith(QLatin1Char('.'))) inside->setObjectName(name + inside->objectName());
}

void numberActions(const QMenu& menu, const QString& first) {
    int number = 0;
    for (QAction* action : menu.actions())
        if (!action->isSeparator()) action->setObjectName(QStringLiteral("%1.%2").arg(first).arg(++number));
}

void prependName(const QString& first, QWidget& whole) {
    for (QWidget* inside : whole.findChildren<QWidget*>())
        if (inside->objectName().contains(QLatin1Char('.'))) inside->setObjectName(first + QLatin1Char('.') + inside->objectName());
}

}  // namespace lab
