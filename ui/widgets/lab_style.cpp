#include "ui/widgets/lab_style.h"

#include <QStyleOption>
#include <QWidget>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

void drawField(QPainter& painter, const QStyleOption& option, const QWidget* widget, double radius) {
    const Theme& theme = Theme::instance();
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool hover = enabled && option.state.testFlag(QStyle::State_MouseOver) && !option.state.testFlag(QStyle::State_HasFocus);
    const bool error = widget && widget->property("error").toBool();
    QColor border = theme.color(error ? Role::wrong : hover ? Role::text : Role::controlBorder);
    if (!enabled) border = faded(border);
    const QColor fill = enabled ? theme.color(hover ? Role::hover : Role::control) : QColor(Qt::transparent);
    drawFrame(painter, option.rect, radius, border, fill, error ? theme.px(2) : 0.0);
}

void drawTriangle(QPainter& painter, const QPointF& centre, bool down, const QColor& color) {
    const double half = Theme::instance().px(4);
    const double height = Theme::instance().px(5);
    const double base = centre.y() + (down ? -height / 2 : height / 2);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    const QPointF tip(centre.x(), base + (down ? height : -height));
    painter.drawPolygon(QPolygonF{QPointF(centre.x() - half, base), QPointF(centre.x() + half, base), tip});
    painter.restore();
}

void drawPushButton(QPainter& painter, const QStyleOption& option) {
    const Theme& theme = Theme::instance();
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool hover = enabled && option.state.testFlag(QStyle::State_MouseOver);
    const bool pressed = enabled && option.state.testFlag(QStyle::State_Sunken);
    const bool on = option.state.testFlag(QStyle::State_On);
    const Role fill = on ? Role::selection : pressed ? Role::pressed : hover ? Role::hover : Role::control;
    QColor border = theme.color(on ? Role::accent : hover && !pressed ? Role::text : Role::controlBorder);
    if (!enabled) border = faded(border);
    drawFrame(painter, option.rect, theme.px(4), border, enabled ? theme.color(fill) : QColor(Qt::transparent));
}

QColor textColor(const QStyleOption& option) {
    const QColor color = Theme::instance().color(Role::text);
    return option.state.testFlag(QStyle::State_Enabled) ? color : faded(color);
}

}  // namespace

LabStyle::LabStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void LabStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
    const Theme& theme = Theme::instance();
    switch (element) {
        case PE_PanelLineEdit: {
            // Line edits inside spin boxes and combo boxes have no frame of their own.
            const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            if (!frame || frame->lineWidth > 0) drawField(*painter, *option, widget, theme.px(3));
            return;
        }
        case PE_FrameLineEdit:
            return;
        case PE_PanelButtonCommand:
            drawPushButton(*painter, *option);
            return;
        case PE_FrameFocusRect:
        case PE_FrameDefaultButton:
            return;  // FocusRing marks the focus
        default:
            QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void LabStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                  const QWidget* widget) const {
    const Theme& theme = Theme::instance();
    if (control == CC_ComboBox) {
        drawField(*painter, *option, widget, theme.px(3));
        const QRectF arrow = subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
        drawTriangle(*painter, arrow.center(), true, textColor(*option));
        return;
    }
    if (control == CC_SpinBox) {
        drawField(*painter, *option, widget, theme.px(3));
        const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        if (!spin || spin->buttonSymbols == QAbstractSpinBox::NoButtons) return;
        drawTriangle(*painter, QRectF(subControlRect(control, option, SC_SpinBoxUp, widget)).center(), false, textColor(*option));
        drawTriangle(*painter, QRectF(subControlRect(control, option, SC_SpinBoxDown, widget)).center(), true, textColor(*option));
        return;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect LabStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part, const QWidget* widget) const {
    const Theme& theme = Theme::instance();
    const QRect whole = option->rect;
    const int arrow = theme.px(18);
    if (control == CC_ComboBox) {
        if (part == SC_ComboBoxEditField) return whole.adjusted(theme.px(5), 1, -arrow, -1);
        if (part == SC_ComboBoxArrow) return QRect(whole.right() - arrow, whole.top(), arrow, whole.height());
    }
    if (control == CC_SpinBox) {
        const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        const int buttons = spin && spin->buttonSymbols == QAbstractSpinBox::NoButtons ? 0 : arrow;
        if (part == SC_SpinBoxEditField) return whole.adjusted(theme.px(4), 1, -qMax(buttons, theme.px(4)), -1);
        if (part == SC_SpinBoxUp && buttons) return QRect(whole.right() - buttons, whole.top(), buttons, whole.height() / 2);
        if (part == SC_SpinBoxDown && buttons)
            return QRect(whole.right() - buttons, whole.top() + whole.height() / 2, buttons, whole.height() - whole.height() / 2);
        if (part == SC_SpinBoxUp || part == SC_SpinBoxDown) return {};
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

int LabStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    const Theme& theme = Theme::instance();
    switch (metric) {
        case PM_FocusFrameHMargin:
        case PM_FocusFrameVMargin:
            return theme.px(3);
        case PM_IndicatorWidth:
        case PM_IndicatorHeight:
        case PM_ExclusiveIndicatorWidth:
        case PM_ExclusiveIndicatorHeight:
            return theme.px(14);
        case PM_SmallIconSize:
        case PM_ButtonIconSize:
            return theme.px(16);
        case PM_DefaultFrameWidth:
            return 1;
        default:
            return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int LabStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* result) const {
    switch (hint) {
        case SH_Widget_Animation_Duration:
            return 0;
        case SH_ToolTip_WakeUpDelay:
            return 400;
        case SH_FocusFrame_AboveWidget:
            return 1;
        case SH_EtchDisabledText:
            return 0;
        case SH_ComboBox_Popup:
            return 0;
        default:
            return QProxyStyle::styleHint(hint, option, widget, result);
    }
}

}  // namespace lab
