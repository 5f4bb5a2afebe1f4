#pragma once

#include <QWidget>

class QPainter;

namespace lab {

class Button;
class ThemedLabel;

/// What a picture says in its place while it has nothing to draw. `margin`: px at 100 %, left and right.
void paintEmpty(QPainter& painter, const QRectF& room, const QString& text, int margin = 24);

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

    ThemedLabel* m_sentence;
    ThemedLabel* m_help;
    Button* m_button = nullptr;
};

}  // namespace lab
