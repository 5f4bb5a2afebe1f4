#include "ui/widgets/lab_style_parts.h"

#include <QStyle>

#include "ui/widgets/icon.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double handleMargin = 3;
constexpr double groove = 4;
constexpr int entryPadding = 4;
constexpr int entryLeft = 16, entryRight = 24;
constexpr int checkColumn = 12;
constexpr int separatorHeight = 9, headingHeight = 26;
// An entry that says more than its name in lines of their own, beside a picture.
constexpr int tellingWidth = 380, tellingPicture = 60, tellingPadding = 8;

bool isUnderMouse(const QStyleOptionSlider& option, QStyle::SubControl handle) {
    return option.state.testFlag(QStyle::State_Enabled) && option.activeSubControls.testFlag(handle);
}

int leftOf(const QStyleOptionMenuItem& option) {
    const Theme& theme = Theme::instance();
    const int icon = option.maxIconWidth > 0 ? option.maxIconWidth + theme.px(entryPadding) : 0;
    return theme.px(entryLeft) + (option.menuHasCheckableItems ? theme.px(checkColumn) : 0) + icon;
}

bool tells(const QStyleOptionMenuItem& option) {
    return option.text.contains(QLatin1Char('\n'));
}

/// Where its words stand, within a width.
QRect tellingWords(const QStyleOptionMenuItem& option, const QRect& all) {
    const Theme& theme = Theme::instance();
    const int check = option.menuHasCheckableItems ? theme.px(checkColumn) : 0;
    return all.adjusted(theme.px(entryLeft + tellingPicture + tellingPadding) + check, theme.px(tellingPadding) / 2,
                        -theme.px(tellingPadding), -theme.px(tellingPadding) / 2);
}

QString tellingText(const QStyleOptionMenuItem& option) {
    QString text = option.text.section(QLatin1Char('\n'), 1);
    return text.replace(QLatin1String("&&"), QLatin1String("&"));
}

int nameHeight() {
    return QFontMetrics(Theme::instance().font(TextSize::text, true)).height();
}

QSize tellingSize(const QStyleOptionMenuItem& option) {
    const Theme& theme = Theme::instance();
    const QRect whole(0, 0, theme.px(tellingWidth), theme.px(1000)), words = tellingWords(option, whole);
    const int lines = QFontMetrics(theme.font(TextSize::caption)).boundingRect(words, Qt::TextWordWrap, tellingText(option)).height();
    return {whole.width(), qMax(nameHeight() + lines, theme.px(tellingPicture)) + theme.px(tellingPadding)};
}

void drawTelling(QPainter& painter, const QStyleOptionMenuItem& option, const QColor& color) {
    const Theme& theme = Theme::instance();
    const QRect words = tellingWords(option, option.rect);
    const int picture = theme.px(tellingPicture);
    option.icon.paint(&painter, QRect(words.left() - theme.px(tellingPadding) - picture, words.top(), picture, picture));
    painter.save();
    painter.setPen(color);
    painter.setFont(theme.font(TextSize::text, true));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop | Qt::TextShowMnemonic, option.text.section(QLatin1Char('\n'), 0, 0));
    painter.setFont(theme.font(TextSize::caption));
    painter.drawText(words.adjusted(0, nameHeight(), 0, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, tellingText(option));
    painter.restore();
}

void drawHeading(QPainter& painter, const QStyleOptionMenuItem& option) {
    const Theme& theme = Theme::instance();
    painter.save();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(option.rect.adjusted(theme.px(entryLeft), 0, -theme.px(entryPadding), -theme.px(entryPadding) / 2),
                     Qt::AlignLeft | Qt::AlignBottom | Qt::TextSingleLine, option.text);
    painter.restore();
}

void drawCheckMark(QPainter& painter, const QRectF& box, bool exclusive, const QColor& color) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (exclusive) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(box.center(), box.width() * 0.28, box.width() * 0.28);
    } else {
        painter.setPen(QPen(color, box.width() * 0.18, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const auto at = [&box](double x, double y) { return QPointF(box.left() + x * box.width(), box.top() + y * box.height()); };
        painter.drawPolyline(QPolygonF{at(0.1, 0.55), at(0.4, 0.85), at(0.9, 0.2)});
    }
    painter.restore();
}

void drawSubmenuArrow(QPainter& painter, const QPointF& centre, const QColor& color) {
    const double half = Theme::instance().px(4);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF{centre + QPointF(-half / 2, -half), centre + QPointF(half / 2, 0), centre + QPointF(-half / 2, half)});
    painter.restore();
}

}  // namespace

QRect scrollHandleRect(const QStyleOptionSlider& option) {
    const bool upright = option.orientation == Qt::Vertical;
    const int room = upright ? option.rect.height() : option.rect.width();
    const qint64 range = static_cast<qint64>(option.maximum) - option.minimum;
    const qint64 share = range > 0 ? room * static_cast<qint64>(option.pageStep) / (range + option.pageStep) : room;
    const int length = qBound(qMin(Theme::instance().px(measure::scrollHandle), room), static_cast<int>(share), room);
    const int start =
        QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition, room - length, option.upsideDown);
    return upright ? QRect(option.rect.left(), option.rect.top() + start, option.rect.width(), length)
                   : QRect(option.rect.left() + start, option.rect.top(), length, option.rect.height());
}

void drawScrollBar(QPainter& painter, const QStyleOptionSlider& option) {
    const Theme& theme = Theme::instance();
    painter.fillRect(option.rect, theme.color(Role::panel));
    const double margin = theme.px(handleMargin);
    const QRectF handle = QRectF(scrollHandleRect(option)).adjusted(margin, margin, -margin, -margin);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(isUnderMouse(option, QStyle::SC_ScrollBarSlider) ? Role::text : Role::controlBorder));
    const double radius = qMin(handle.width(), handle.height()) / 2;
    painter.drawRoundedRect(handle, radius, radius);
    painter.restore();
}

QRect sliderHandleRect(const QStyleOptionSlider& option) {
    const int wide = Theme::instance().px(measure::sliderHandle), high = Theme::instance().px(measure::slider);
    const int start = QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition, option.rect.width() - wide,
                                                      option.upsideDown);
    return {option.rect.left() + start, option.rect.top() + (option.rect.height() - high) / 2, wide, high};
}

void drawCheckSquare(QPainter& painter, const QRect& square, const CheckLook& look) {
    const Theme& theme = Theme::instance();
    const Role border = look.invalid                 ? Role::wrong
                        : look.checked               ? Role::accent
                        : look.hover && look.enabled ? Role::text
                                                     : Role::controlBorder;
    const Role fill = look.checked ? Role::selection : look.hover && look.enabled ? Role::hover : Role::control;
    const auto shade = [&](Role role) { return look.enabled ? theme.color(role) : faded(theme.color(role)); };
    drawFrame(painter, square, theme.px(3), shade(border), shade(fill), look.invalid ? theme.px(2) : 0.0);
    if (look.checked) paintIcon(painter, square.adjusted(1, 1, -1, -1), QStringLiteral("check"), shade(Role::text));
}

void drawSlider(QPainter& painter, const QStyleOptionSlider& option) {
    const Theme& theme = Theme::instance();
    const QRect handle = sliderHandleRect(option);
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const double thick = theme.px(groove);
    const QRectF track(option.rect.left(), option.rect.top() + (option.rect.height() - thick) / 2, option.rect.width(), thick);
    QRectF filled = track;
    if (option.upsideDown)
        filled.setLeft(handle.center().x());
    else
        filled.setRight(handle.center().x());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(Role::track));
    painter.drawRoundedRect(track, thick / 2, thick / 2);
    painter.setBrush(enabled ? theme.color(Role::accent) : faded(theme.color(Role::accent)));
    painter.drawRoundedRect(filled, thick / 2, thick / 2);
    painter.restore();
    const QColor border = theme.color(Role::text);
    drawFrame(painter, handle, theme.px(2), enabled ? border : faded(border),
              theme.color(isUnderMouse(option, QStyle::SC_SliderHandle) ? Role::hover : Role::control));
}

QSize menuEntrySize(const QStyleOptionMenuItem& option, const QSize& contents) {
    const Theme& theme = Theme::instance();
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        if (option.text.isEmpty()) return {contents.width(), theme.px(separatorHeight)};
        const int words = textWidth(theme.font(TextSize::caption), option.text);
        return {theme.px(2 * entryLeft) + words, theme.px(headingHeight)};
    }
    if (tells(option)) return tellingSize(option);
    const int betweenTextAndShortcut = option.text.contains(QLatin1Char('\t')) ? theme.px(entryRight) : 0;
    return {leftOf(option) + contents.width() + betweenTextAndShortcut + theme.px(entryRight),
            qMax(contents.height(), theme.px(16)) + 2 * theme.px(entryPadding)};
}

void drawMenuEntry(QPainter& painter, const QStyleOptionMenuItem& option) {
    const Theme& theme = Theme::instance();
    const QRect all = option.rect;
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        const double y = option.text.isEmpty() ? all.center().y() : all.top();
        if (!option.text.isEmpty()) drawHeading(painter, option);
        drawHairline(painter, QPointF(all.left(), y), QPointF(all.right() + 1, y), theme.color(Role::hairline));
        return;
    }
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const QColor color = enabled ? theme.color(Role::text) : theme.color(Role::controlBorder);
    if (enabled && option.state.testFlag(QStyle::State_Selected)) painter.fillRect(all, theme.color(Role::selection));
    const int box = theme.px(checkColumn), left = theme.px(entryLeft);
    if (option.checked)
        drawCheckMark(painter, QRectF(all.left() + left / 4.0, all.center().y() - box / 2.0, box, box),
                      option.checkType == QStyleOptionMenuItem::Exclusive, color);
    if (tells(option)) return drawTelling(painter, option, color);
    const QRect text = all.adjusted(leftOf(option), 0, -theme.px(entryRight), 0);
    if (!option.icon.isNull())
        option.icon.paint(&painter,
                          QRect(text.left() - option.maxIconWidth - theme.px(entryPadding), all.top(), option.maxIconWidth, all.height()),
                          Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    painter.save();
    painter.setFont(option.font);
    painter.setPen(color);
    const int flags = Qt::AlignVCenter | Qt::TextShowMnemonic | Qt::TextDontClip | Qt::TextSingleLine;
    const QStringList words = option.text.split(QLatin1Char('\t'));
    painter.drawText(text, flags | Qt::AlignLeft, words.first());
    if (words.size() > 1) painter.drawText(text, flags | Qt::AlignRight, words.last());
    painter.restore();
    if (option.menuItemType == QStyleOptionMenuItem::SubMenu)
        drawSubmenuArrow(painter, QPointF(all.right() - theme.px(entryRight) / 2.0, all.center().y() + 0.5), color);
}

}  // namespace lab
