#include "ui/widgets/focus_ring.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QLineEdit>
#include <QPainter>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr const char* exemptProperty = "labPaintsOwnFocus";

bool isField(const QWidget* widget) {
    return qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget);
}

}  // namespace

FocusRing::FocusRing() {
    qApp->installEventFilter(this);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { follow(now); });
}

QPointer<FocusRing>& FocusRing::theRing() {
    static QPointer<FocusRing> ring;
    return ring;
}

bool FocusRing::byKeyboard() {
    return !theRing() || theRing()->m_byKeyboard;
}

void FocusRing::install() {
    QPointer<FocusRing>& ring = theRing();
    if (ring) return;
    ring = new FocusRing;
    // Widgets must be gone before the application is.
    connect(qApp, &QCoreApplication::aboutToQuit, ring, [] { delete theRing(); });
}

void FocusRing::exempt(QWidget* widget) {
    widget->setProperty(exemptProperty, true);
}

void FocusRing::follow(QWidget* now) {
    const bool shown = now && !now->isWindow() && !now->property(exemptProperty).toBool() && (m_byKeyboard || isField(now)) &&
                       now->focusPolicy() != Qt::NoFocus;
    setWidget(shown ? now : nullptr);
}

bool FocusRing::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress) m_byKeyboard = false;
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride) {
        const bool wasHidden = !m_byKeyboard;
        m_byKeyboard = true;
        if (wasHidden) follow(QApplication::focusWidget());
    }
    // As a filter of the application this sees every widget's events; the frame would answer them all, its own raise() included.
    const auto* changed = qobject_cast<const QWidget*>(watched);
    const bool concerns = changed && widget() && (changed == widget() || changed->isAncestorOf(widget()));
    return concerns && QFocusFrame::eventFilter(watched, event);
}

void FocusRing::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawFocusRing(painter, QRectF(rect()).adjusted(theme.px(3), theme.px(3), -theme.px(3), -theme.px(3)), theme.px(4));
}

}  // namespace lab
