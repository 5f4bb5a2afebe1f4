#pragma once

#include <string>
#include <vector>

#include "ui/widgets/figure.h"

namespace lab {

/// One form's loss over training time, or over steps, on one task: the mean of several runs.
struct SweepCurve {
    std::string name;
    std::vector<double> x;
    std::vector<double> loss;
    std::vector<double> spread;  ///< standard deviation over seeds at each x; a band where it is not 0
};

/// The two plots of one task.
struct SweepCurveRow {
    std::string name;
    std::vector<SweepCurve> train, validation;
};

/// Losses of a sweep as the paper's figure 2 has them: a row for each task, left the training, right the validation.
class SweepCurvesFigure : public Figure {
public:
    std::vector<SweepCurveRow> rows;
    bool overSteps = false;  ///< x is the step; else seconds of training

    FigureTable table() const override;

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;
};

}  // namespace lab
