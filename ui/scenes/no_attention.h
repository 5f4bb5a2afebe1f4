#pragma once

#include <QString>
#include <optional>

namespace lab {

class Run;

/// What a page about attention says of a run that has none.
struct NoAttention {
    QString sentence, help;
};

/// Nothing of a run that attends, and without a run.
std::optional<NoAttention> noAttention(const Run* run);

}  // namespace lab
