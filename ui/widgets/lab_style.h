#pragma once

#include <QProxyStyle>

namespace lab {

/// Fusion with our fields, boxes and plain buttons, no animation, and tool tips after 400 ms. Fields with the property "error" set to true
/// carry the wrong border.
class LabStyle : public QProxyStyle {
    Q_OBJECT

public:
    LabStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part, const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* result) const override;
};

}  // namespace lab
