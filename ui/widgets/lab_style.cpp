#include "ui/widgets/lab_style.h"

#include <QFrame>
#include <QStyleOption>
#include <QWidget>

#include "ui/widgets/lab_style_parts.h"
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

/// No arrows: the bar is its handle and what lies before and behind it.
QRect scrollBarRect(const QStyleOptionSlider& option, QStyle::SubControl part) {
    const QRect handle = scrollHandleRect(option);
    QRect before = option.rect, behind = option.rect;
    if (option.orientation == Qt::Vertical) {
        before.setBottom(handle.top() - 1);
        behind.setTop(handle.bottom() + 1);
    } else {
        before.setRight(handle.left() - 1);
        behind.setLeft(handle.right() + 1);
    }
    switch (part) {
        case QStyle::SC_ScrollBarSlider:
            return handle;
        case QStyle::SC_ScrollBarSubPage:
            return before;
        case QStyle::SC_ScrollBarAddPage:
            return behind;
        case QStyle::SC_ScrollBarGroove:
            return option.rect;
        default:
            return {};
    }
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
        case PE_IndicatorCheckBox:
            drawCheckSquare(
                *painter, option->rect,
                {option->state.testFlag(State_On), option->state.testFlag(State_Enabled), option->state.testFlag(State_MouseOver)});
            return;
        case PE_PanelButtonCommand:
            drawPushButton(*painter, *option);
            return;
        case PE_PanelMenu:
        case PE_PanelTipLabel:
            drawFrame(*painter, option->rect, 0, theme.color(Role::controlBorder), theme.color(Role::panel));
            return;
        case PE_FrameMenu:
            return;  // PE_PanelMenu has drawn it
        case PE_FrameFocusRect:
        case PE_FrameDefaultButton:
            return;  // FocusRing marks the focus
        default:
            QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void LabStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
    const Theme& theme = Theme::instance();
    switch (element) {
        case CE_MenuItem:
            drawMenuEntry(*painter, *qstyleoption_cast<const QStyleOptionMenuItem*>(option));
            return;
        case CE_MenuEmptyArea:
        case CE_Splitter:
            return;
        case CE_HeaderEmptyArea:
            painter->fillRect(option->rect, theme.color(Role::screen));
            return;
        case CE_HeaderSection:
            painter->fillRect(option->rect, theme.color(Role::screen));
            drawHairline(*painter, option->rect.bottomLeft(), option->rect.bottomRight() + QPoint(1, 0), theme.color(Role::hairline));
            return;
        default:
            QProxyStyle::drawControl(element, option, painter, widget);
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
    const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (control == CC_ScrollBar && slider)
        drawScrollBar(*painter, *slider);
    else if (control == CC_Slider && slider && slider->orientation == Qt::Horizontal)
        drawSlider(*painter, *slider);
    else
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
    if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
        if (control == CC_ScrollBar) return scrollBarRect(*slider, part);
        if (control == CC_Slider && slider->orientation == Qt::Horizontal)
            return part == SC_SliderHandle ? sliderHandleRect(*slider) : whole;
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QSize LabStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents, const QWidget* widget) const {
    const auto* entry = type == CT_MenuItem ? qstyleoption_cast<const QStyleOptionMenuItem*>(option) : nullptr;
    return entry ? menuEntrySize(*entry, contents) : QProxyStyle::sizeFromContents(type, option, contents, widget);
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
        case PM_MenuPanelWidth:
            return 1;
        case PM_MenuHMargin:
            return 0;
        case PM_MenuVMargin:
            return theme.px(measure::menuEdge);
        case PM_ScrollBarExtent:
            return theme.px(measure::scrollBar);
        case PM_ScrollBarSliderMin:
            return theme.px(measure::scrollHandle);
        case PM_SliderLength:
            return theme.px(measure::sliderHandle);
        case PM_SliderThickness:
        case PM_SliderControlThickness:
            return theme.px(measure::slider);
        case PM_ToolTipLabelFrameWidth:
            return theme.px(5);
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
        case SH_Menu_SupportsSections:
            return 1;
        case SH_EtchDisabledText:
            return 0;
        case SH_Table_GridLineColor:
            return static_cast<int>(Theme::instance().color(Role::hairline).rgb());
        case SH_ComboBox_Popup:
            return 0;
        default:
            return QProxyStyle::styleHint(hint, option, widget, result);
    }
}

void LabStyle::polish(QWidget* widget) {
    QProxyStyle::polish(widget);
    for (const char* view : {"QTableView", "QTreeView", "QListView"})
        if (widget->inherits(view)) static_cast<QFrame*>(widget)->setFrameShape(QFrame::NoFrame);
}

}  // namespace lab
