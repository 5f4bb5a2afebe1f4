#include "ui/pages/maps/uniform_notice.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "core/analysis/positions/permutation.h"
#include "core/analysis/uniform_maps.h"
#include "core/config/experiment.h"
#include "core/data/guessing.h"
#include "core/model/frozen.h"
#include "core/model/model.h"
#include "ui/scenes/stage_maps.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct UniformNoticeWords {
    Q_DECLARE_TR_FUNCTIONS(UniformNotice)
};

/// The record of a step; null before the first and for steps of an unknown past.
const StepRecord* recordOf(const Run& run, std::int64_t step) {
    const auto& records = run.records();
    const auto found =
        std::lower_bound(records.begin(), records.end(), step, [](const StepRecord& r, std::int64_t s) { return r.step < s; });
    return found != records.end() && found->step == step ? &*found : nullptr;
}

/// Whether no matrix that makes queries or keys is trained.
bool matchingIsFrozen(const Run& run) {
    const std::vector<std::string>& frozen = run.experiment().training.frozen;
    if (frozen.empty()) return false;
    const auto matches = [](const Parameter& p) { return p.name.ends_with(".query.weight") || p.name.ends_with(".key.weight"); };
    const auto& all = run.model()->layout().parameters();
    return std::ranges::any_of(all, matches) &&
           std::ranges::all_of(all, [&](const Parameter& p) { return !matches(p) || isNamed(p.name, frozen); });
}

/// `length` of the input whose maps are looked at.
UniformFacts factsOf(const Run& run, std::int64_t step, int length) {
    const Experiment& experiment = run.experiment();
    const ModelConfig& model = experiment.model;
    UniformFacts facts;
    facts.step = step;
    facts.warmupSteps = warmupSteps(*experiment.training.schedule.kind, experiment.training.schedule.numbers, experiment.training.steps);
    facts.chanceLoss = run.guesses().uniform.loss;
    const PositionSources sources = positionSources(model, length);
    facts.frozenMatching = matchingIsFrozen(run);
    facts.knowsPositions = sources.encoding || sources.pattern || model.architecture != Architecture::encoder;
    facts.answerByPlace = experiment.task.kind->basis == AnswerBasis::places;
    if (const StepRecord* record = recordOf(run, step)) {
        facts.loss = record->train.loss;
        facts.accuracy = record->validation ? record->validation->accuracy : record->train.accuracy;
    }
    return facts;
}

/// What is measured, and of what.
QString measured(const QString& finding, const AloneAblation& ablation, const EvenMapsEvidence& evidence) {
    const QString numbers =
        UniformNoticeWords::tr("unchanged %1 of the answers are right, made uniform %2, switched off %3 (%4)")
            .arg(percent(ablation.unchanged, 0), percent(ablation.uniform, 0), percent(ablation.off, 0),
                 evidence.heads > 1
                     ? UniformNoticeWords::tr("each of the head or layer for which that change costs most; %1").arg(evidence.samples)
                     : evidence.samples);
    return UniformNoticeWords::tr("%1: %2.").arg(finding, numbers);
}

QString reason(UniformCause cause, const UniformFacts& facts, const Experiment& experiment, const EvenMapsEvidence& evidence) {
    switch (cause) {
        case UniformCause::untrained:
            return UniformNoticeWords::tr(
                "Nothing has been learned yet: queries and keys of random weights hardly match, so no key stands out. "
                "Train (Space) and watch the maps form.");
        case UniformCause::averageNeeded:
            return measured(UniformNoticeWords::tr("An even average is all that the answers need here"), *facts.ablation, evidence);
        case UniformCause::unevennessNeeded:
            return measured(UniformNoticeWords::tr("The answers rest on what little unevenness there is"), *facts.ablation, evidence);
        case UniformCause::notNeeded:
            return measured(evidence.heads > 1 ? UniformNoticeWords::tr("No head or layer is needed for the answers by itself")
                                               : UniformNoticeWords::tr("The answers do not need it"),
                            *facts.ablation, evidence);
        case UniformCause::frozen:
            return UniformNoticeWords::tr(
                "The matrices that make queries and keys are frozen (training.frozen): what could shape a map stays as it was drawn, and "
                "only the rows that they read change.");
        case UniformCause::noPositions:
            return UniformNoticeWords::tr(
                "Likely because position.kind is none: the answer depends on where tokens stand, and this model cannot tell places apart.");
        case UniformCause::warmUp:
            return UniformNoticeWords::tr("Likely because the learning rate is still rising: its warm-up ends at step %1.")
                .arg(grouped(facts.warmupSteps));
        case UniformCause::stillGuessing:
            return UniformNoticeWords::tr(
                       "The loss, %1, is still that of a uniform guess (%2). Reverse and Swap may stay there for hundreds of steps before "
                       "a map forms; "
                       "if it lasts, learning_rate %3 is likely too small or too large.")
                .arg(fixed(*facts.loss, 3), fixed(facts.chanceLoss, 3), significant(experiment.training.optimizer.learning_rate));
        case UniformCause::early:
            return UniformNoticeWords::tr(
                "It is early: a model first learns how often each answer occurs, and its heads form later, often within a few hundred "
                "steps.");
        case UniformCause::unknown:
            break;
    }
    const QString rank = UniformNoticeWords::tr(
        "Whether they rest on an even average or need nothing of it can be measured: \u2018Rank all heads\u2019 under \u2018switch "
        "off\u2019.");
    return facts.accuracy ? UniformNoticeWords::tr("%1 of the answers are right. %2").arg(percent(*facts.accuracy, 0), rank) : rank;
}

/// Which maps are nearly uniform, and how far scores lie apart, where that explains the weights.
QString findingOf(const MapsScene& scene, const Experiment& experiment, bool one) {
    if (!specOf(experiment.model.attention.kernel.kind).scores)
        return one ? UniformNoticeWords::tr("This map is nearly uniform.") : UniformNoticeWords::tr("All maps are nearly uniform.");
    double largest = 0.0;
    for (const MapsBlock& block : scene.blocks)
        for (const MapsHead& head : block.heads)
            largest = std::max(largest, largestRowSpread(head.weights.allowedScores.get(), head.weights.rows, head.weights.columns));
    const QString text = one ? UniformNoticeWords::tr("This map is nearly uniform (the scores of a row lie within %1 of each other).")
                             : UniformNoticeWords::tr("All maps are nearly uniform (the scores of a row lie within %1 of each other).");
    return text.arg(significant(largest, 2));
}

}  // namespace

QString uniformNotice(const Run& run, std::int64_t step, const MapsScene& scene, const std::vector<HeadMetrics>& metrics,
                      const EvenMapsEvidence& evidence) {
    const auto even = [](const HeadMetrics& head) { return head.visibleKeys > 1.0 && headKind(head) == HeadKind::uniform; };
    // Weights that are no shares are not even or uneven, and numbers are not right or wrong: the causes speak of neither.
    if (hasSignedWeights(run) || run.experiment().model.answersNumbers()) return {};
    if (metrics.empty() || !std::all_of(metrics.begin(), metrics.end(), even)) return {};
    UniformFacts facts = factsOf(run, step, static_cast<int>(scene.blocks.front().rowTokens.size()));
    facts.ablation = evidence.ablation;
    return QStringLiteral("<b>%1</b> %2")
        .arg(findingOf(scene, run.experiment(), metrics.size() == 1), reason(uniformCause(facts), facts, run.experiment(), evidence));
}

}  // namespace lab
