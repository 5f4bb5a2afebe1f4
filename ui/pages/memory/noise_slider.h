#pragma once

#include <QAbstractSlider>

namespace lab {

/// Per cent of the pixels to be flipped, on a groove ruled by tens.
class NoiseSlider : public QAbstractSlider {
    Q_OBJECT

public:
    explicit NoiseSlider(QWidget* parent = nullptr);

    /// Without a signal.
    void setPercent(int percent);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void moved(int percent);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void sliderChange(SliderChange change) override;

private:
    double xOf(int percent) const;
    void chooseAt(double x);

    bool m_setting = false;
};

}  // namespace lab
