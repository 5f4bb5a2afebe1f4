#pragma once

#include <QFocusFrame>
#include <QPointer>

namespace lab {

/// The focus ring of the whole program: 2 px of accent, 1 px outside the widget that has the keyboard's focus. Shown when the focus came by
/// the keyboard (in fields always). Widgets that paint their own cursor (maps, grids) call FocusRing::exempt.
class FocusRing : public QFocusFrame {
    Q_OBJECT

public:
    /// Once per application; later calls do nothing.
    static void install();
    /// `widget` marks by itself where the keyboard is.
    static void exempt(QWidget* widget);
    /// True while the person steers by the keyboard: when exempt widgets mark their cursor.
    static bool byKeyboard();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    FocusRing();
    static QPointer<FocusRing>& theRing();
    void follow(QWidget* now);

    bool m_byKeyboard = false;
};

}  // namespace lab
