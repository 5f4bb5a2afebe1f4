#pragma once

#include <QWidget>

#include "ui/widgets/themed_label.h"

namespace lab {

/// A text in a fixed number of lines, whatever its width: unlike a label that wraps, it asks its page for no height of its own. What does
/// not fit is left out, which dots at the end tell, and stands in the tool tip.
class WrappedText : public QWidget {
    Q_OBJECT

public:
    explicit WrappedText(int lines, TextSize size = TextSize::text, Role role = Role::text, bool bold = false, QWidget* parent = nullptr);

    void setText(const QString& text);
    /// All of it.
    QString text() const { return m_text; }
    void setRole(Role role) { m_label->setRole(role); }
    /// Of what is shown; the whole text without one.
    void setHelp(const QString& help);
    /// Takes what room there is, and not less than its lines.
    void setGrowing();
    /// As it stands there.
    QString shownText() const { return m_label->text(); }
    ThemedLabel& label() const { return *m_label; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void applyMeasures();
    void fit();
    int heightOf(int lines) const;

    ThemedLabel* m_label;
    int m_lines;
    bool m_growing = false;
    QString m_text, m_help;
};

}  // namespace lab
