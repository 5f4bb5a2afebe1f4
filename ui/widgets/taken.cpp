#include "ui/widgets/taken.h"

#include <QCoreApplication>
#include <QVariant>
#include <QWidget>

namespace lab {
namespace {

constexpr const char* takenProperty = "taken";
constexpr const char* wantedProperty = "wanted";  ///< by its owner

}  // namespace

QEvent::Type takenEvent() {
    static const int type = QEvent::registerEventType();
    return static_cast<QEvent::Type>(type);
}

bool isTaken(const QWidget& part) {
    return part.property(takenProperty).toBool();
}

void setTaken(QWidget& part, bool taken) {
    if (taken == isTaken(part)) return;
    if (taken) part.setProperty(wantedProperty, !part.isHidden());
    part.setProperty(takenProperty, taken);
    part.setVisible(!taken && part.property(wantedProperty).toBool());
    QEvent told(takenEvent());
    if (part.parentWidget()) QCoreApplication::sendEvent(part.parentWidget(), &told);
}

void setShown(QWidget& part, bool shown) {
    part.setProperty(wantedProperty, shown);
    part.setVisible(shown && !isTaken(part));
}

}  // namespace lab
