#pragma once

#include <memory>

#include "ui/pages/stream/circuit_scene.h"
#include "ui/pages/stream/lens_scene.h"
#include "ui/pages/stream/patch_scene.h"
#include "ui/pages/stream/waterfall_scene.h"
#include "ui/scenes/parts_figure.h"

// The pictures of the page Stream for paper, of an open run or of a checkpoint.

namespace lab {

QString lensTitle();
std::unique_ptr<Figure> lensFigure(const FigureSubject& subject, const LensScene& scene);

QString logitTitle();
/// `words`: which logit it is; `check`: whether its parts add up to it.
std::unique_ptr<Figure> logitFigure(const FigureSubject& subject, const QString& words, const WaterfallScene& scene, const QString& check);

QString patchTitle();
std::unique_ptr<Figure> patchFigure(const FigureSubject& subject, const QString& title, const QString& measure, const PatchScene& scene);

QString circuitTitle();
std::unique_ptr<Figure> circuitFigure(const FigureSubject& subject, const CircuitScene& scene);

}  // namespace lab
