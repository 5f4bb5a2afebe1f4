#pragma once

#include <QProxyStyle>

namespace lab {

/// Fusion with our fields, boxes, plain buttons, menus, sliders, scroll bars and tool tips, no animation, and tool tips after 400 ms.
/// Fields with the property "error" set to true carry the wrong border. A style sheet would do with fewer lines, but it is looked up anew
/// for each widget and each painting: the window took five times as long to appear.
class LabStyle : public QProxyStyle {
    Q_OBJECT

public:
    LabStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part, const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents, const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* result) const override;
    using QProxyStyle::polish;
    void polish(QWidget* widget) override;
};

}  // namespace lab
