#pragma once

#include <QWidget>

#include "ui/widgets/themed_label.h"

namespace lab {

/// A text in a fixed number of lines, whatever its width: unlike a label that wraps, it asks its page for no height of its own. What does
/// not fit is in the tool tip.
class WrappedText : public QWidget {
    Q_OBJECT

public:
    explicit WrappedText(int lines, TextSize size = TextSize::text, Role role = Role::text, bool bold = false, QWidget* parent = nullptr);

    void setText(const QString& text);
    QString text() const { return m_label->text(); }
    void setRole(Role role) { m_label->setRole(role); }
    /// Of what is shown; the whole text without one.
    void setHelp(const QString& help);
    ThemedLabel& label() const { return *m_label; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void applyMeasures();

    ThemedLabel* m_label;
    int m_lines;
    QString m_help;
};

}  // namespace lab
