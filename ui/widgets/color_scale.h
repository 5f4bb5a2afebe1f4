#pragma once

#include <QWidget>
#include <optional>

#include "ui/widgets/color_map.h"

namespace lab {

/// A value at one of the scale's quarters, with as few decimals as tell the quarters apart.
QString scaleText(double value, const ColorScaling& scaling);

/// The horizontal scale beneath a map: colours, ticks at quarters, what is measured, and an amber needle at the hovered value.
class ColorScaleBar : public QWidget {
    Q_OBJECT

public:
    explicit ColorScaleBar(QWidget* parent = nullptr);

    void setScaling(const ColorScaling& scaling);
    const ColorScaling& scaling() const { return m_scaling; }
    /// Stands at the middle tick: "weight".
    void setQuantity(const QString& quantity);
    void setNeedle(std::optional<double> value);
    /// Where the bar begins and how wide it is (device-independent px), to stand exactly beneath a map. Unset: the whole width.
    void setSpan(int left, int width);
    QRect barRect() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void describe();

    ColorScaling m_scaling;
    QString m_quantity;
    std::optional<double> m_needle;
    int m_left = 0;
    int m_width = 0;
};

}  // namespace lab
