#include "ui/widgets/buttons.h"

#include <QPainter>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

QPolygonF points(const QRectF& square, std::initializer_list<QPointF> unit) {
    QPolygonF result;
    for (const QPointF& point : unit)
        result << QPointF(square.left() + point.x() * square.width(), square.top() + point.y() * square.height());
    return result;
}

void drawArcArrow(QPainter& painter, const QRectF& square, const QColor& color) {
    const QRectF circle = square.adjusted(square.width() * 0.12, square.height() * 0.16, -square.width() * 0.12, -square.height() * 0.08);
    painter.drawArc(circle, 150 * 16, 290 * 16);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(points(square, {{0.02, 0.10}, {0.02, 0.50}, {0.42, 0.46}}));
}

}  // namespace

void drawGlyph(QPainter& painter, Glyph glyph, const QRectF& square, const QColor& color) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(color, square.width() * 0.14, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const auto fill = [&](std::initializer_list<QPointF> unit) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawPolygon(points(square, unit));
    };
    switch (glyph) {
        case Glyph::none:
            break;
        case Glyph::play:
            fill({{0.12, 0.0}, {1.0, 0.5}, {0.12, 1.0}});
            break;
        case Glyph::pause:
            fill({{0.08, 0.0}, {0.38, 0.0}, {0.38, 1.0}, {0.08, 1.0}});
            fill({{0.62, 0.0}, {0.92, 0.0}, {0.92, 1.0}, {0.62, 1.0}});
            break;
        case Glyph::step:
            fill({{0.0, 0.04}, {0.16, 0.04}, {0.16, 0.96}, {0.0, 0.96}});
            fill({{0.30, 0.04}, {1.0, 0.5}, {0.30, 0.96}});
            break;
        case Glyph::reset:
            drawArcArrow(painter, square, color);
            break;
        case Glyph::chevronLeft:
            painter.drawPolyline(points(square, {{0.64, 0.14}, {0.30, 0.5}, {0.64, 0.86}}));
            break;
        case Glyph::chevronRight:
            painter.drawPolyline(points(square, {{0.36, 0.14}, {0.70, 0.5}, {0.36, 0.86}}));
            break;
        case Glyph::chevronDown:
            painter.drawPolyline(points(square, {{0.14, 0.36}, {0.5, 0.70}, {0.86, 0.36}}));
            break;
        case Glyph::chevronUp:
            painter.drawPolyline(points(square, {{0.14, 0.64}, {0.5, 0.30}, {0.86, 0.64}}));
            break;
        case Glyph::menu:
            for (double y : {0.16, 0.5, 0.84})
                painter.drawLine(points(square, {{0.0, y}, {1.0, y}}).first(), points(square, {{1.0, y}}).first());
            break;
        case Glyph::monitor:
            painter.drawPolygon(points(square, {{0.0, 0.1}, {1.0, 0.1}, {1.0, 0.74}, {0.0, 0.74}}));
            painter.drawLine(points(square, {{0.28, 0.97}}).first(), points(square, {{0.72, 0.97}}).first());
            break;
    }
    painter.restore();
}

Button::Button(const QString& text, QWidget* parent) : QPushButton(text, parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAutoDefault(false);
    setAttribute(Qt::WA_Hover);
    followTheme(this, &Button::applyMeasures);
}

Button::Button(Glyph glyph, const QString& accessibleName, QWidget* parent) : Button(QString(), parent) {
    m_glyph = glyph;
    setAccessibleName(accessibleName);
    setToolTip(accessibleName);
    applyMeasures();
}

void Button::setGlyph(Glyph glyph) {
    if (glyph == m_glyph) return;
    m_glyph = glyph;
    applyMeasures();
}

void Button::setGlyphSize(int at100) {
    m_glyphSize = at100;
    applyMeasures();
}

void Button::setKeycap(const QString& keycap) {
    m_keycap = keycap;
    applyMeasures();
}

void Button::setHeight(int at100) {
    m_height = at100;
    applyMeasures();
}

void Button::setJoined(bool left, bool right) {
    m_joinedLeft = left;
    m_joinedRight = right;
    update();
}

void Button::setFlatLook(bool flat) {
    m_flat = flat;
    update();
}

void Button::setWidthFor(const QStringList& texts) {
    m_widest = texts;
    applyMeasures();
}

void Button::applyMeasures() {
    setFixedHeight(Theme::instance().px(m_height));
    updateGeometry();
    update();
}

QString Button::shownText() const {
    // '&' marks the mnemonic.
    QString shown = text();
    return shown.remove(QLatin1Char('&'));
}

QFont Button::labelFont() const {
    return Theme::instance().font(TextSize::text);
}

int Button::sidePadding() const {
    return Theme::instance().px(m_height >= 28 ? 10 : 8);
}

QSize Button::sizeHint() const {
    const Theme& theme = Theme::instance();
    const int height = theme.px(m_height);
    if (text().isEmpty() && m_widest.isEmpty()) return {height, height};
    int width = textWidth(labelFont(), shownText());
    for (const QString& other : m_widest) width = qMax(width, textWidth(labelFont(), other));
    if (m_glyph != Glyph::none) width += theme.px(m_glyphSize) + theme.px(6);
    if (!m_keycap.isEmpty()) width += textWidth(theme.font(TextSize::caption), m_keycap) + 2 * theme.px(4) + 2 + theme.px(6);
    return {width + 2 * sidePadding(), height};
}

Button::Look Button::look() const {
    const Theme& theme = Theme::instance();
    const bool hover = isEnabled() && underMouse();
    Look result;
    result.fill = theme.color(isChecked() ? Role::selection : isDown() ? Role::pressed : hover ? Role::hover : Role::control);
    result.border = theme.color(isChecked() ? Role::accent : hover && !isDown() ? Role::text : Role::controlBorder);
    result.ink = theme.color(Role::text);
    if (m_flat && !hover && !isDown() && !isChecked()) result.fill = result.border = Qt::transparent;
    if (!isEnabled()) {
        result.fill = Qt::transparent;
        result.border = m_flat ? QColor(Qt::transparent) : faded(result.border);
        result.ink = faded(result.ink);
    }
    return result;
}

void Button::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const Look colors = look();
    const double radius = theme.px(4);
    // A joined side is square: the frame reaches past the widget there.
    const QRectF frame = QRectF(rect()).adjusted(m_joinedLeft ? -radius : 0, 0, m_joinedRight ? radius : 0, 0);
    painter.save();
    painter.setClipRect(rect());
    drawFrame(painter, frame, radius, colors.border, colors.fill);
    if (m_joinedLeft) drawHairline(painter, QPointF(0, 0), QPointF(0, height()), colors.border);
    if (m_joinedRight) {
        const double x = width() - devicePixel(painter);
        drawHairline(painter, QPointF(x, 0), QPointF(x, height()), colors.border);
    }
    painter.restore();

    const double glyphSize = theme.px(m_glyphSize);
    const QString label = shownText();
    if (label.isEmpty()) {
        drawGlyph(painter, m_glyph, QRectF((width() - glyphSize) / 2, (height() - glyphSize) / 2, glyphSize, glyphSize), colors.ink);
        return;
    }
    QRectF room = QRectF(rect()).adjusted(sidePadding(), 0, -sidePadding(), 0);
    const QFont font = labelFont();
    const bool alone = m_glyph == Glyph::none && m_keycap.isEmpty();
    if (m_glyph != Glyph::none) {
        drawGlyph(painter, m_glyph, QRectF(room.left(), (height() - glyphSize) / 2, glyphSize, glyphSize), colors.ink);
        room.setLeft(room.left() + glyphSize + theme.px(6));
    }
    painter.setFont(font);
    painter.setPen(colors.ink);
    painter.drawText(alone ? QRectF(rect()) : room, Qt::AlignVCenter | (alone ? Qt::AlignHCenter : Qt::AlignLeft), label);
    if (m_keycap.isEmpty()) return;
    const QFont capFont = theme.font(TextSize::caption);
    const double capWidth = textWidth(capFont, m_keycap) + 2 * theme.px(4) + 2;
    const double capHeight = theme.px(15);
    const QRectF cap(room.right() - capWidth, (height() - capHeight) / 2, capWidth, capHeight);
    drawFrame(painter, cap, theme.px(3), colors.ink);
    painter.setFont(capFont);
    painter.drawText(cap, Qt::AlignCenter, m_keycap);
}

PrimaryButton::PrimaryButton(const QString& text, QWidget* parent) : Button(text, parent) {
    setHeight(40);
}

void PrimaryButton::setPlain(bool plain) {
    m_plain = plain;
    update();
}

Button::Look PrimaryButton::look() const {
    if (m_plain) return Button::look();
    const Theme& theme = Theme::instance();
    if (!isEnabled()) return {theme.color(Role::track), theme.color(Role::hairline), theme.color(Role::muted)};
    QColor fill = theme.color(Role::fill);
    if (isDown())
        fill = fill.darker(108);
    else if (underMouse())
        fill = QColor(0xFF, 0xC0, 0x27);  // components-*.png: 8 % brighter
    return {fill, theme.color(Role::fillBorder), theme.color(Role::onFill)};
}

QFont PrimaryButton::labelFont() const {
    return Theme::instance().font(TextSize::token, true);
}

int PrimaryButton::sidePadding() const {
    return Theme::instance().px(14);
}

}  // namespace lab
