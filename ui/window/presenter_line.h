#pragma once

#include <QWidget>

namespace lab {

class Button;
class ThemedLabel;

/// The one line below a presented picture: what one sees, the how manieth of how many, and the ways on, back and out for the mouse.
class PresenterLine : public QWidget {
    Q_OBJECT

public:
    explicit PresenterLine(QWidget* parent = nullptr);

    void setTexts(const QString& what, const QString& counter);

signals:
    void backWanted();
    void nextWanted();
    void leaveWanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThemedLabel *m_what, *m_counter;
};

}  // namespace lab
