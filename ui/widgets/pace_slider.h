#pragma once

#include <QAbstractSlider>
#include <QString>

namespace lab {

/// How fast to train: from one step a second, by rounded steps, to full speed at the right end. Label and value stand above the groove.
class PaceSlider : public QAbstractSlider {
    Q_OBJECT

public:
    explicit PaceSlider(QWidget* parent = nullptr);

    /// Steps a second; 0 = full speed.
    double pace() const { return m_pace; }
    void setPace(double pace);

    static QString textOf(double pace);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void paceChosen(double pace);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void sliderChange(SliderChange change) override;

private:
    QRectF groove() const;
    void chooseAt(double x);
    void describe();

    double m_pace = 0;
    bool m_setting = false;
};

}  // namespace lab
