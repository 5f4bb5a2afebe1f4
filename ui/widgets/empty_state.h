#pragma once

#include <QWidget>

class QLabel;

namespace lab {

class Button;

/// What a page shows while it has nothing to show: one bold sentence, one of help, a button.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    /// Without `action` there is no button.
    explicit EmptyState(const QString& sentence, const QString& help, const QString& action = {}, QWidget* parent = nullptr);

    void setTexts(const QString& sentence, const QString& help);
    Button* button() const { return m_button; }  ///< null without an action

signals:
    void activated();

private:
    void applyMeasures();

    QLabel* m_sentence;
    QLabel* m_help;
    Button* m_button = nullptr;
};

}  // namespace lab
