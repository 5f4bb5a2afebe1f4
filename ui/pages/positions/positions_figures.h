#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ui/pages/positions/rope_study.h"
#include "ui/widgets/figure.h"

// The Positions page's pictures for paper.

namespace lab {

/// What they are pictures of.
struct PositionSubject {
    QString run;
    std::int64_t step = -1;  ///< negative: not said
    QString head;            ///< "Layer 0 \u00B7 head 1"; may be empty
    QString input{};         ///< as inputWords() has it; may be empty
};

/// "3 1 4 1 5", with what the decoder reads behind it: what a caption says of the input.
QString inputWords(const Run& run, const Input& input);

/// All pairs as circles, the bars that add up to the score, and the score against distance; its numbers are those of the pairs.
std::unique_ptr<Figure> ropeFigure(const PositionSubject& subject, const RopeStudy& study);

/// A picture of one part of a view.
struct PartFigure {
    QString name;
    std::function<std::unique_ptr<Figure>()> make;
};
/// Of every plot and map that is visible in `view`.
std::vector<PartFigure> partFigures(const QWidget& view, const PositionSubject& subject);

}  // namespace lab
