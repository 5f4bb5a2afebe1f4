#pragma once

#include <string>
#include <vector>

#include "core/io/figure_style.h"
#include "core/moments/maps_wish.h"
#include "core/training/metrics_csv.h"

namespace lab::server {

/// How a picture is wanted.
struct PictureForm {
    FigureFormat format = FigureFormat::svg;
    FigureStyle style = {};
};

/// What a run's curves are drawn from.
struct CurvesSubject {
    std::string name;              ///< of the experiment
    std::string source;            ///< where the rows come from: the run's id
    LossKind loss = {};            ///< says what is measured beside it
    std::vector<MetricsRow> rows;  ///< at least one
};

/// Paints what is served: a file's bytes, a function of the arguments alone. Any thread. Throws InputError at the key that is wrong, and
/// Refusal when the server ends meanwhile.
class Pictures {
public:
    virtual ~Pictures() = default;
    virtual std::string maps(const RunMoment& moment, const Input& input, const MapsWish& wish, const PictureForm& form) = 0;
    virtual std::string curves(const CurvesSubject& subject, const PictureForm& form) = 0;
};

}  // namespace lab::server
