#pragma once

#include <QWidget>

namespace lab {

/// How far a lesson is: a segment a step, those behind filled, the present one in the hand's colour.
class StepSegments : public QWidget {
    Q_OBJECT

public:
    explicit StepSegments(QWidget* parent = nullptr);
    void setStep(int index, int count);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_index = 0, m_count = 1;
};

}  // namespace lab
