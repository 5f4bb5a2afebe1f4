#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/training/metrics_csv.h"
#include "ui/widgets/figure.h"

namespace lab {

class CurvePlot;

/// The curves of a training as a picture for paper: the plots with their axes, and beside them the last values.
class CurvesFigure : public Figure {
public:
    /// Takes a plot made for the purpose, with its values in it; none that stands in a window.
    explicit CurvesFigure(std::unique_ptr<CurvePlot> plot);
    ~CurvesFigure() override;

    std::vector<MetricsRow> rows;          ///< the numbers
    std::vector<double> sequenceAccuracy;  ///< of each row, or empty when nobody knows

    std::vector<std::pair<std::string, double>> baselines;  ///< by name: losses in nats that are the same at all steps

    /// As metrics files are (FORMATS.md 5), with train_sequence_accuracy as a last column when it is known, and behind it a
    /// column NAME_loss for each baseline.
    FigureTable table() const override;

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;

private:
    std::unique_ptr<CurvePlot> m_plot;
};

/// Loss and what is measured beside it (train and validation; `measure`: "Accuracy"), learning rate and gradient norm of metrics as
/// `train --metrics` writes them. The caption ends in a sentence about the smoothing.
std::unique_ptr<CurvesFigure> metricsFigure(const std::vector<MetricsRow>& rows, const QString& measure, const QString& title,
                                            const QString& caption);

/// "Thick lines: exponential average with factor 0.93; ..."; empty without smoothing.
QString smoothingSentence(double factor);

}  // namespace lab
