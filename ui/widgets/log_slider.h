#pragma once

#include <QAbstractSlider>
#include <QString>
#include <functional>
#include <optional>

namespace lab {

/// A positive number on a logarithmic groove, with ticks at the powers of ten and a mark at a value that is worth returning to. Arrows go
/// by a fiftieth of a power, Page Up and Down by a quarter.
class LogSlider : public QAbstractSlider {
    Q_OBJECT

public:
    LogSlider(const QString& name, double low, double high, QWidget* parent = nullptr);

    double number() const;
    /// Without a signal; cut to the range.
    void setNumber(double number);
    /// Drawn as a taller tick.
    void setMark(std::optional<double> number);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void numberMoved(double number);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void sliderChange(SliderChange change) override;

private:
    QRectF groove() const;
    double xOf(double number) const;
    double placeOf(double number) const;
    void chooseAt(double x);
    void describe();

    double m_low, m_high;
    double m_number;
    std::optional<double> m_mark;
    bool m_setting = false;
};

}  // namespace lab
