#include "ui/pages/memory/pattern_pad.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/pages/memory/pattern_picture.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr int border = 3;  // logical px at 100 %, for the frame of a pixel in hand
constexpr int usualSide = 16;

}  // namespace

PatternPad::PatternPad(const QString& name, int pixel, QWidget* parent) : QWidget(parent), m_name(name), m_side(pixel) {
    setFocusPolicy(Qt::StrongFocus);
    describe();
}

void PatternPad::setPattern(const Pattern* pattern) {
    m_pattern = pattern ? std::optional(*pattern) : std::nullopt;
    if (!m_pattern || m_pixel >= static_cast<int>(m_pattern->states.size())) m_pixel = -1;
    describe();
    update();
}

void PatternPad::setRight(const Pattern* pattern) {
    m_right = pattern ? std::optional(*pattern) : std::nullopt;
    describe();
    update();
}

void PatternPad::setDrawable(bool drawable) {
    m_drawable = drawable;
    setCursor(drawable ? Qt::CrossCursor : Qt::PointingHandCursor);
}

void PatternPad::setPixel(int pixel) {
    if (m_pixel == pixel) return;
    m_pixel = m_pattern && pixel < static_cast<int>(m_pattern->states.size()) ? pixel : -1;
    describe();
    update();
}

QSize PatternPad::sizeHint() const {
    const Theme& theme = Theme::instance();
    const int rows = m_pattern ? m_pattern->rows : usualSide, columns = m_pattern ? m_pattern->columns : usualSide;
    const int most = theme.px(m_side * usualSide);
    const int side = std::max(1, most / std::max({rows, columns, 1}));
    return {std::max(most, side * columns) + 2 * theme.px(border), std::max(most, side * rows) + 2 * theme.px(border)};
}

QSize PatternPad::minimumSizeHint() const {
    const int side = Theme::instance().px(3 * usualSide + 2 * border);
    return {side, side};
}

QRectF PatternPad::picture() const {
    if (!m_pattern) return {};
    const int inset = Theme::instance().px(border);
    QPixmap probe(1, 1);
    probe.setDevicePixelRatio(devicePixelRatioF());
    const QPainter painter(&probe);
    return patternRect(painter, QRectF(rect()).adjusted(inset, inset, -inset, -inset), m_pattern->rows, m_pattern->columns);
}

QRectF PatternPad::rectOf(int pixel) const {
    return m_pattern ? pixelRect(picture(), m_pattern->rows, m_pattern->columns, pixel) : QRectF();
}

void PatternPad::describe() {
    if (!m_pattern) return describePicture(this, m_name, tr("empty"));
    int on = 0, wrong = 0;
    for (std::size_t i = 0; i < m_pattern->states.size(); ++i) {
        on += m_pattern->states[i] > 0;
        wrong += m_right && m_right->states.size() == m_pattern->states.size() && m_right->states[i] != m_pattern->states[i];
    }
    QStringList words{tr("%1 of %2 pixels on").arg(on).arg(m_pattern->states.size())};
    if (m_right) words << tr("%1 wrong").arg(wrong);
    if (m_pixel >= 0) {
        const QString state = m_pattern->states[static_cast<std::size_t>(m_pixel)] > 0 ? tr("on") : tr("off");
        words << pixelName(m_pixel, m_pattern->columns) + QStringLiteral(": ") + state;
    }
    describePicture(this, m_name, words.join(QStringLiteral(", ")));
}

void PatternPad::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (!m_pattern) return paintEmpty(painter, rect(), tr("No pattern"), 4);
    const int inset = Theme::instance().px(border);
    const bool marked = m_pixel >= 0 && (hasFocus() || !m_drawable);
    paintPattern(painter, QRectF(rect()).adjusted(inset, inset, -inset, -inset), *m_pattern,
                 {m_right ? &*m_right : nullptr, marked ? std::optional(m_pixel) : std::nullopt});
}

void PatternPad::choose(int pixel) {
    if (pixel == m_pixel) return;
    m_pixel = pixel;
    describe();
    update();
    emit pixelChosen(pixel);
}

/// Every pixel on the way, so that a quick stroke has no gaps.
void PatternPad::draw(const QPointF& from, const QPointF& to, bool on) {
    const QRectF room = picture();
    const double side = std::max(1.0, room.width() / m_pattern->columns);
    const int steps =
        std::max(1, static_cast<int>(std::ceil(2 * std::max(std::abs(to.x() - from.x()), std::abs(to.y() - from.y())) / side)));
    int last = -1;
    for (int i = 0; i <= steps; ++i) {
        const auto pixel = pixelAt(room, m_pattern->rows, m_pattern->columns, from + (to - from) * i / steps);
        if (!pixel || *pixel == last) continue;
        last = *pixel;
        if ((m_pattern->states[static_cast<std::size_t>(last)] > 0) != on) emit drawn(last, on);
    }
    if (last >= 0) choose(last);
}

void PatternPad::mousePressEvent(QMouseEvent* event) {
    if (!m_pattern || (event->button() != Qt::LeftButton && event->button() != Qt::RightButton)) return QWidget::mousePressEvent(event);
    m_last = event->position();
    if (!m_drawable) {
        if (const auto pixel = pixelAt(picture(), m_pattern->rows, m_pattern->columns, m_last)) choose(*pixel);
        return;
    }
    emit strokeBegun();
    draw(m_last, m_last, event->button() == Qt::LeftButton);
}

void PatternPad::mouseMoveEvent(QMouseEvent* event) {
    const bool left = event->buttons().testFlag(Qt::LeftButton), right = event->buttons().testFlag(Qt::RightButton);
    if (!m_pattern || (!left && !right)) return;
    const QPointF from = std::exchange(m_last, event->position());
    if (m_drawable)
        draw(from, m_last, left);
    else if (const auto pixel = pixelAt(picture(), m_pattern->rows, m_pattern->columns, m_last))
        choose(*pixel);
}

bool PatternPad::takesKey(int key) const {
    if (!m_pattern) return false;
    if (key == Qt::Key_Space || key == Qt::Key_Delete || key == Qt::Key_Backspace) return m_drawable;
    return key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_Home ||
           key == Qt::Key_End;
}

void PatternPad::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (!takesKey(key)) return QWidget::keyPressEvent(event);
    const int at = std::max(0, m_pixel), columns = m_pattern->columns, count = static_cast<int>(m_pattern->states.size());
    if (key == Qt::Key_Space || key == Qt::Key_Delete || key == Qt::Key_Backspace) {
        choose(at);
        emit strokeBegun();
        emit drawn(at, key == Qt::Key_Space && m_pattern->states[static_cast<std::size_t>(at)] <= 0);
        return;
    }
    const int down = (key == Qt::Key_Down) - (key == Qt::Key_Up), right = (key == Qt::Key_Right) - (key == Qt::Key_Left);
    if (m_drawable && event->modifiers().testFlag(Qt::ShiftModifier) && (down || right)) return emit shiftWanted(down, right);
    if (key == Qt::Key_Home) return choose(at - at % columns);
    if (key == Qt::Key_End) return choose(at - at % columns + columns - 1);
    if (m_pixel < 0) return choose(0);
    const int row = std::clamp(at / columns + down, 0, m_pattern->rows - 1), column = std::clamp(at % columns + right, 0, columns - 1);
    choose(std::min(row * columns + column, count - 1));
}

/// Space and the arrows are the pad's while the keyboard is here, not the window's.
bool PatternPad::event(QEvent* event) {
    const auto own = [this](const QKeyEvent& key) { return takesKey(key.key()) && !key.modifiers().testFlag(Qt::ControlModifier); };
    if (event->type() == QEvent::ShortcutOverride && own(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

}  // namespace lab
