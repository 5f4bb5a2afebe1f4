#pragma once

#include <QAbstractSlider>
#include <QString>

#include "ui/widgets/theme.h"

namespace lab {

/// A whole number on a ruled groove: label at the left, value at the right, a handle in the colour of what it moves.
class PositionSlider : public QAbstractSlider {
    Q_OBJECT

public:
    PositionSlider(const QString& label, Role role, QWidget* parent = nullptr);

    /// Without a signal. `known` values from 0 on were seen in training; the rest of the groove is dashed.
    void setPosition(int value, int last, int known);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void moved(int value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void sliderChange(SliderChange change) override;

private:
    QRectF groove() const;
    double xOf(int value) const;
    void chooseAt(double x);

    QString m_label;
    Role m_role;
    int m_known = 0;
    bool m_setting = false;
};

}  // namespace lab
