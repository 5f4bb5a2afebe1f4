#pragma once

#include <QWidget>

class QHBoxLayout;
class QStackedWidget;

namespace lab {

class Button;
class ThemedLabel;

/// An error where it happened, never a dialog: what happened, where, what is kept, the likely cause, and actions; an edge of 4 px says so.
class ErrorStrip : public QWidget {
    Q_OBJECT

public:
    explicit ErrorStrip(QWidget* parent = nullptr);
    /// At the top of a page of its own, its parent, for a stack that has nothing else to show then.
    static ErrorStrip* pageOf(QStackedWidget& stack);

    /// `cause` may be empty.
    void setTexts(const QString& what, const QString& where, const QString& cause = {});
    Button* addAction(const QString& text);
    void clearActions();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThemedLabel* m_what;
    ThemedLabel* m_where;
    ThemedLabel* m_cause;
    QHBoxLayout* m_actions;
};

}  // namespace lab
