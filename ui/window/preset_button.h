#pragma once

#include <QAbstractButton>

class QMenu;

namespace lab {

/// What is open, as a button in the transport bar that offers the presets.
class PresetButton : public QAbstractButton {
    Q_OBJECT

public:
    explicit PresetButton(QWidget* parent = nullptr);

    QMenu* menu() const { return m_menu; }
    void setTitle(const QString& title);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void openMenu();

    QMenu* m_menu;
};

}  // namespace lab
