#pragma once

#include <QString>
#include <QWidget>

#include "core/config/field.h"
#include "ui/forms/field_editors.h"
#include "ui/widgets/themed_label.h"

namespace lab {

/// One row of the settings form: the key, its value, and below it what is wrong with the value.
class FieldRow : public QWidget {
    Q_OBJECT

public:
    FieldRow(const FieldInfo& field, QWidget* parent);

    const FieldInfo& field() const { return m_field; }
    QWidget& editor() { return m_editor->widget(); }
    QString typed() const { return m_editor->text(); }

    /// Shows the value of `draft`; what it would be worked out to comes from `complete`. A text that cannot be read, or that the person is
    /// typing and that means the same, stays as it is.
    void showValue(const Experiment& draft, const Experiment& complete, const Experiment& preset);
    /// Puts what is typed into the draft; false, with a problem said, when it cannot be read.
    bool readInto(Experiment& draft);
    /// Forgets a text that could not be read, and what is being typed.
    void forgetTyped();

    /// What is wrong with a value that could be read; empty when nothing is.
    void setProblem(const QString& sentence);
    /// Its value cannot be another one, and why; empty: it can.
    void setFixed(const QString& why);
    /// What the field is marked for.
    QString problem() const { return m_unreadable.isEmpty() ? m_problem : m_unreadable; }
    bool isReadable() const { return m_unreadable.isEmpty(); }
    /// Whether the value differs from the preset's.
    bool isChanged() const { return m_label->isBold(); }

signals:
    void edited();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showProblem();
    void arrange();
    void fitLabel();
    void tidy();

    const FieldInfo& m_field;
    ThemedLabel* m_label;
    FieldEditor* m_editor;
    FieldValue m_value;
    QString m_help;
    QString m_problem;
    QString m_fixed;
    QString m_unreadable;
    bool m_typing = false;  ///< the text is the person's until it is finished
};

}  // namespace lab
