#pragma once

#include <memory>

#include "app/commands/stream_options.h"
#include "core/stream/circuit_graph.h"
#include "core/stream/lens.h"
#include "ui/pages/stream/patch_study.h"
#include "ui/widgets/figure.h"

// What the page Stream shows, of a checkpoint. A Canvas has to be there.

namespace lab {

std::unique_ptr<Figure> lensPicture(const StreamSubject& subject, std::shared_ptr<const Lens> lens);
std::unique_ptr<Figure> logitPicture(const StreamSubject& subject, const Attribution& attribution, const LogitQuestion& question);
/// Of a map that is complete.
std::unique_ptr<Figure> patchPicture(const StreamSubject& subject, const std::shared_ptr<const PatchFound>& found, PatchPart part);
/// Lines of `least` or more above random.
std::unique_ptr<Figure> circuitPicture(const SavedRun& run, const CircuitGraph& graph, double least);

}  // namespace lab
