#include "ui/widgets/accessible_picture.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QVariant>
#include <QWidget>

namespace lab {
namespace {

constexpr const char* valueProperty = "labPictureValue";

class AccessiblePicture : public QAccessibleWidget {
public:
    explicit AccessiblePicture(QWidget* widget) : QAccessibleWidget(widget, QAccessible::Graphic) {}

    QString text(QAccessible::Text which) const override {
        if (which == QAccessible::Value) return widget()->property(valueProperty).toString();
        return QAccessibleWidget::text(which);
    }
};

QAccessibleInterface* makePicture(const QString&, QObject* object) {
    if (!object || !object->isWidgetType() || !object->property(valueProperty).isValid()) return nullptr;
    return new AccessiblePicture(static_cast<QWidget*>(object));
}

}  // namespace

void describePicture(QWidget* widget, const QString& name, const QString& value) {
    static const bool installed = [] {
        QAccessible::installFactory(makePicture);
        return true;
    }();
    static_cast<void>(installed);
    const bool valueChanged = widget->property(valueProperty).toString() != value;
    widget->setProperty(valueProperty, value);
    if (widget->accessibleName() != name) widget->setAccessibleName(name);
    // AT-SPI knows no texts as values: there the value is the description, and told when it changes.
    if (widget->accessibleDescription() != value) widget->setAccessibleDescription(value);
    if (!valueChanged || !QAccessible::isActive()) return;
    QAccessibleValueChangeEvent event(widget, value);
    QAccessible::updateAccessibility(&event);
}

}  // namespace lab
