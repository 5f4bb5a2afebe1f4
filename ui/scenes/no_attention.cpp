#include "ui/scenes/no_attention.h"

#include <QCoreApplication>

#include "core/config/experiment.h"
#include "ui/runs/run.h"

namespace lab {
namespace {

struct NoAttentionWords {
    Q_DECLARE_TR_FUNCTIONS(NoAttention)
};

}  // namespace

std::optional<NoAttention> noAttention(const Run* run) {
    if (!run || run->experiment().model.attends()) return std::nullopt;
    return NoAttention{
        NoAttentionWords::tr("This model has no attention"),
        NoAttentionWords::tr("A feed-forward net mixes its positions (mixer.kind). It has no heads, maps, queries or keys to "
                             "show. Choose a run whose mixer is attention.")};
}

}  // namespace lab
