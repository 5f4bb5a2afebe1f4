#pragma once

#include <string>

#include "core/config/experiment.h"
#include "core/text/corpus.h"

namespace lab {

/// `from` on other texts: `paths` as task.path has them, cleaned and parted as `settings` say. Of an experiment on another task only the
/// seed stays: model and training are then those of a small character model that makes words within a minute (d 128, 4 layers of 4 heads,
/// blocks of 64, RoPE, RMS norm, SwiGLU, AdamW at 0.003).
Experiment experimentOnText(Experiment from, const std::string& paths, const CorpusSettings& settings);

}  // namespace lab
