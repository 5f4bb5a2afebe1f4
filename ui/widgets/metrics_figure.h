#pragma once

#include <QImage>
#include <QString>
#include <vector>

#include "core/training/metrics_csv.h"

namespace lab {

/// The curves of a training as a picture for paper: loss and accuracy (train and validation), learning rate and gradient norm over the
/// steps, with axes, a read-out of the last values, a title and a caption. Drawn in the theme's colours, `dots` pixels for each logical
/// one.
QImage metricsImage(const std::vector<MetricsRow>& rows, const QString& title, const QString& caption, double dots);

}  // namespace lab
