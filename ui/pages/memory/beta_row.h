#pragma once

#include <QWidget>

class QDoubleSpinBox;

namespace lab {

class Button;
class Caption;
class LogSlider;

/// β: a slider on a log scale, its number, and a button that returns to 1/√d.
class BetaRow : public QWidget {
    Q_OBJECT

public:
    /// `name`: of its controls, "memory.modern.beta".
    explicit BetaRow(const QString& name, QWidget* parent = nullptr);

    double beta() const;
    /// Without a signal; `own` is 1/√d.
    void setBeta(double beta, double own);

signals:
    void betaChosen(double beta);

private:
    LogSlider* m_slider;
    QDoubleSpinBox* m_number;
    Button* m_own;
    double m_ownBeta = 1;
};

}  // namespace lab
