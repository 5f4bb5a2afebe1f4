#pragma once

#include <vector>

#include "ui/lessons/prediction_box.h"

namespace lab {

class ThemedLabel;

/// Numbers are set by drawing: as bars, or as the points of a curve. Left and Right choose one, Up and Down change it. What is right is
/// drawn over what was said.
class DrawnBox : public PredictionBox {
    Q_OBJECT

public:
    explicit DrawnBox(const PredictionScene& scene);

    std::optional<Revealed> said() const override;
    void say(const Revealed& said) override;
    void reveal(const Revealed& right) override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRectF picture() const;
    QRectF field() const;
    double x(std::size_t place) const;
    double y(double value) const;
    double ground() const;
    void drawAt(const QPointF& point);
    void set(std::size_t place, double value);
    void paintBars(QPainter& painter) const;
    void paintCurve(QPainter& painter, const std::vector<double>& numbers, const QPen& pen) const;
    void describe();
    void paintValues(QPainter& painter) const;
    QString verdictOf(const Revealed& said, const Revealed& right) const;

    const Prediction m_prediction;
    ThemedLabel* m_verdict;  ///< below the picture
    std::vector<double> m_numbers;
    std::optional<Revealed> m_right;
    std::size_t m_current = 0;
    bool m_touched = false;
};

}  // namespace lab
