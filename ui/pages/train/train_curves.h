#pragma once

#include <QPointer>

#include "core/analysis/smoothing.h"
#include "core/data/loss_unit.h"
#include "ui/runs/run.h"
#include "ui/widgets/plot/curve_plot.h"

namespace lab {

/// The Train page's plots: loss, accuracy, learning rate, gradient norm of one run's records.
class TrainCurves : public CurvePlot {
    Q_OBJECT

public:
    explicit TrainCurves(QWidget* parent = nullptr);

    /// Shows another run from its first record; null = none.
    void setRun(Run* run);
    /// Takes in what the run has recorded since the last time.
    void follow();

    int lossStrip() const { return m_loss; }
    /// The curves, in the order of the read-outs.
    enum Curve { trainLoss, validationLoss, trainAccuracy, validationAccuracy, sequenceAccuracy, learningRate, gradientNorm };

    /// First steps at which the tokens' accuracy, smoothed, passed an eighth, three, five and seven eighths of the way from a uniform guess
    /// to 1.
    const FirstPassings& milestones() const { return m_milestones; }

private:
    void restart();
    void describeEmptiness();
    void describeRun();
    void describeGuesses();

    QPointer<Run> m_run;
    QMetaObject::Connection m_resetConnection;
    std::size_t m_taken = 0;  ///< records
    LossUnit m_unit;
    bool m_counted = false;  ///< n-grams are drawn
    int m_loss, m_accuracy, m_rate, m_norm;
    FirstPassings m_milestones{{}, 0.0};
};

}  // namespace lab
