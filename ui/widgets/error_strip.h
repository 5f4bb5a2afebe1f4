#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace lab {

class Button;

/// An error where it happened, never a dialog: what happened, where, what is kept, the likely cause, and actions; an edge of 4 px says so.
class ErrorStrip : public QWidget {
    Q_OBJECT

public:
    explicit ErrorStrip(QWidget* parent = nullptr);

    /// `cause` may be empty.
    void setTexts(const QString& what, const QString& where, const QString& cause = {});
    Button* addAction(const QString& text);
    void clearActions();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void applyMeasures();

    QLabel* m_what;
    QLabel* m_where;
    QLabel* m_cause;
    QHBoxLayout* m_actions;
};

}  // namespace lab
