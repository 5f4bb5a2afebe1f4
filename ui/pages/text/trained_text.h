#pragma once

#include <QStringList>
#include <memory>
#include <optional>

#include "core/text/corpus.h"

namespace lab {

class Run;

/// The text that a run is trained on.
struct TrainedText {
    std::shared_ptr<const Corpus> corpus;
    QStringList paths;
    CorpusSettings settings;
};

/// Nothing where the run is trained on no text of files.
std::optional<TrainedText> trainedText(const Run& run);

}  // namespace lab
