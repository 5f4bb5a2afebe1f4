#pragma once

#include <QObject>
#include <QWidget>

#include "core/config/field.h"

namespace lab {

/// Edits one value of the settings form as text; looks as LOOK.md 4 wants a field.
class FieldEditor : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual QWidget& widget() = 0;
    /// What is shown now, as a person reads or types it.
    virtual QString text() const = 0;
    virtual void setText(const QString& text) = 0;
    /// What holds while the text is empty (a value worked out from others).
    virtual void setDerivedText(const QString&) {}
    /// Border and × of an error.
    virtual void setInvalid(bool invalid) = 0;

signals:
    void edited();
    /// The person is done with it: Enter, or the keyboard went elsewhere.
    void finished();
};

/// A line for numbers (right-aligned), texts and lists, a list of choices, or a check box.
FieldEditor* makeFieldEditor(const FieldInfo& field, QWidget* parent);

}  // namespace lab
