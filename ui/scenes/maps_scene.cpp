#include "ui/scenes/maps_scene.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/analysis/memory_keys.h"
#include "core/analysis/spans.h"
#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/model/block_keys.h"
#include "ui/scenes/key_words.h"
#include "ui/scenes/patch_pictures.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct MapsSceneWords {
    Q_DECLARE_TR_FUNCTIONS(MapsScene)
};

/// One head's [T, S] part of a [H, T, S] tensor, sharing the trace.
std::shared_ptr<const float> headPart(const std::shared_ptr<const Trace>& trace, const Tensor& tensor, int head) {
    return {trace, tensor.values.data() + head * tensor.extent(1) * tensor.extent(2)};
}

QString blockTitle(const AttentionBlock& block, Architecture architecture) {
    if (architecture != Architecture::encoder_decoder) return MapsSceneWords::tr("Layer %1").arg(block.layer);
    if (block.slotCount > 0) return MapsSceneWords::tr("Decoder layer %1 \u00B7 cross-attention to slots").arg(block.layer);
    if (block.cross) return MapsSceneWords::tr("Decoder layer %1 \u00B7 cross-attention").arg(block.layer);
    return (block.side == "encoder" ? MapsSceneWords::tr("Encoder layer %1") : MapsSceneWords::tr("Decoder layer %1")).arg(block.layer);
}

QString placeName(HeadKind kind, bool cross) {
    if (cross) return massPlace(*metricOf(kind), {}, cross);
    switch (kind) {
        case HeadKind::previousToken:
            return MapsSceneWords::tr("the previous position");
        case HeadKind::nextToken:
            return MapsSceneWords::tr("the next position");
        case HeadKind::duplicateToken:
            return MapsSceneWords::tr("earlier copies of the query's token, where it has any");
        case HeadKind::induction:
            return MapsSceneWords::tr("what followed earlier copies of the query's token, where it has any");
        case HeadKind::firstToken:
            return MapsSceneWords::tr("the first position");
        case HeadKind::diagonal:
            return MapsSceneWords::tr("the query's own position");
        default:
            return {};
    }
}

/// The same for all blocks of a side.
using RolesOfSides = std::array<std::shared_ptr<const TokenRoles>, 2>;

RolesOfSides rolesOf(const Run& run, const Trace& trace) {
    const Tokenizer& tokenizer = run.dataset()->tokenizer();
    if (!tokenizer.isText() || run.model()->config().readsVectors()) return {};
    const auto of = [&](const std::vector<int>& tokens) { return std::make_shared<const TokenRoles>(tokenRoles(tokenizer, tokens)); };
    return {of(trace.tokens), trace.targetTokens.empty() ? nullptr : of(trace.targetTokens)};
}

MapsBlock blockOf(const Run& run, const std::shared_ptr<const Trace>& trace, const AttentionBlock& info, const RolesOfSides& roles) {
    const Experiment& experiment = run.experiment();
    const Architecture architecture = experiment.model.architecture;
    const SequenceWords words(run);
    const QStringList rows = queryWords(words, info, *trace), columns = keyWords(words, info, *trace);
    MapsBlock block;
    block.info = info;
    block.label = blockLabel(info, architecture);
    block.title = blockTitle(info, architecture);
    block.rowTokens = {rows.begin(), rows.end()};
    block.columnTokens = {columns.begin(), columns.end()};
    block.mutedRows = specialQueries(words, info, inputOf(*trace));
    block.mutedColumns = specialKeys(words, info, inputOf(*trace));
    block.sources = answerSources(experiment.task, architecture, info, *trace);
    if (const Tensor* lambda = trace->find(info.name + ".lambda")) block.lambda = lambda->values.front();
    const Tensor& weights = trace->at(info.name + ".weights");
    const Tensor& scores = trace->at(info.name + ".masked_scores");
    for (int head = 0; head < info.heads; ++head) {
        MapsHead entry{.name = shortHeadName(info, head, architecture)};
        entry.weights.rows = static_cast<int>(weights.extent(1));
        entry.weights.columns = static_cast<int>(weights.extent(2));
        entry.weights.values = headPart(trace, weights, head);
        entry.weights.allowedScores = headPart(trace, scores, head);
        if (const auto mass = block.sources ? sourceMass(*trace, info, head, *block.sources) : std::nullopt)
            entry.brief = percent(*mass, 0) + QLatin1Char(' ') + shown(block.sources->pattern.brief);
        block.heads.push_back(entry);
    }
    const bool ofTarget = queriesAreTargets(info, !trace->targetTokens.empty());
    const auto& own = roles[ofTarget ? 1 : 0];
    if (own && !info.cross && info.slotCount == 0 && own->special.size() == block.rowTokens.size() &&
        own->special.size() == block.columnTokens.size())
        block.roles = own;
    if (!info.cross) block.segmentStarts = segmentStarts(info.visibility, block.heads.front().weights.columns);
    return block;
}

}  // namespace

QString blockLabel(const AttentionBlock& block, Architecture architecture) {
    if (architecture != Architecture::encoder_decoder) return MapsSceneWords::tr("layer %1").arg(block.layer);
    if (block.cross) return MapsSceneWords::tr("cross %1").arg(block.layer);
    return (block.side == "encoder" ? MapsSceneWords::tr("encoder %1") : MapsSceneWords::tr("decoder %1")).arg(block.layer);
}

ShownKernels MapsScene::ownKernels() const {
    const KernelSpec& spec = specOf(attention.kernel.kind);
    if (spec.scores && attention.differential) return ShownKernels::difference;
    if (spec.decays()) return ShownKernels::fading;
    if (!spec.rowsSumToOne) return ShownKernels::product;
    if (spec.drawn) return ShownKernels::drawn;
    return spec.features ? ShownKernels::linear : ShownKernels::softmax;
}

ShownKernels MapsScene::kernels(const MapsBlock& block) const {
    return block.info.cross ? ShownKernels::softmax : ownKernels();
}

ShownKernels MapsScene::kernels() const {
    const ShownKernels own = ownKernels();
    const bool cross = std::ranges::any_of(blocks, [](const MapsBlock& block) { return block.info.cross; });
    if (cross && own == ShownKernels::linear) return ShownKernels::both;
    return cross && own == ShownKernels::drawn ? ShownKernels::drawnAndSoftmax : own;
}

std::size_t MapsScene::indexOf(const Selection& selection) const {
    const auto behind = std::ranges::find_if(heads, [&selection](const HeadPlace& place) {
        return std::pair(place.block, place.head) > std::pair(selection.block, selection.head);
    });
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(behind - heads.begin(), 1) - 1);
}

const MapsHead& MapsScene::head(std::size_t index) const {
    return blocks[static_cast<std::size_t>(heads[index].block)].heads[static_cast<std::size_t>(heads[index].head)];
}

bool MapsScene::hasPieces() const {
    return std::ranges::any_of(
        blocks, [](const MapsBlock& block) { return block.roles && block.roles->wordStarts.size() < block.roles->special.size(); });
}

MapsScene mapsScene(const Run* run, const std::shared_ptr<const Trace>& trace) {
    MapsScene scene;
    if (!run || !trace) return scene;
    scene.attention = run->experiment().model.attention;
    const SequenceWords words(*run);
    if (words.pictures()) scene.pictures = patchImages(words, inputOf(*trace));
    scene.heads = headPlaces(*run->model());
    const RolesOfSides roles = rolesOf(*run, *trace);
    for (const AttentionBlock& info : run->model()->attentionBlocks()) {
        if (!trace->contains(info.name + ".weights") || !trace->contains(info.name + ".masked_scores")) return {};
        scene.blocks.push_back(blockOf(*run, trace, info, roles));
    }
    return scene;
}

bool MapsBlock::isMemory(int query, int key) const {
    return !info.cross && lab::isMemory(info.visibility, query, key, heads.front().weights.columns);
}

void addSpans(MapsScene& scene, const Model& model, const Weights& weights) {
    for (const BlockSpans& spans : spansOf(model, weights))
        for (MapsBlock& block : scene.blocks)
            for (std::size_t head = 0; block.info.name == spans.block && head < block.heads.size(); ++head)
                block.heads[head].span = spans.spans[head];
}

QString spanCaption(const MapsHead& head, double ramp) {
    if (!head.span) return {};
    return MapsSceneWords::tr(
               "Its span is %1: keys up to so many tokens away count in full, over the next %2 ever less, beyond not at all.")
        .arg(fixed(*head.span, 1), significant(ramp, 3));
}

QString pairCaption(const MapsBlock& block, int head) {
    if (!block.lambda) return {};
    return MapsSceneWords::
        tr("Heads %1 and %2 are a pair: their softmaxes A\u2081 and A\u2082 give both of them the weights A\u2081 \u2212 \u03BB A\u2082, "
           "\u03BB = %3")
            .arg(QString::number(head / 2 * 2), QString::number(head / 2 * 2 + 1), fixed(*block.lambda, 3));
}

QString headTitle(const MapsBlock& block, int head) {
    const QString title = MapsSceneWords::tr("%1 \u00B7 head %2").arg(block.title, QString::number(head));
    if (block.info.kvHeads == block.info.heads) return title;
    return MapsSceneWords::tr("%1 (keys of head %2)").arg(title, QString::number(head / (block.info.heads / block.info.kvHeads)));
}

std::optional<SourcePattern> patternOf(const MapsScene& scene) {
    for (const MapsBlock& block : scene.blocks)
        if (block.sources) return block.sources->pattern;
    return std::nullopt;
}

HeadBadge headBadge(const MapsScene& scene, std::size_t index, const HeadMetrics& metrics) {
    return headBadge(metrics, patternOf(scene), scene.blocks[static_cast<std::size_t>(scene.heads[index].block)].info.cross);
}

QString liveCaption(const HeadMetrics& metrics, const std::optional<Sources>& sources, bool cross) {
    const auto share = [](double x) { return percent(x, 0); };
    const auto keys = [](double count) { return fixed(count, count == std::round(count) ? 0 : 1); };
    const QString used = fixed(metrics[HeadMetric::effectiveKeys], 1);
    const double agreement = metrics[HeadMetric::agreement];
    switch (const HeadKind kind = headKind(metrics)) {
        case HeadKind::uniform:
            return MapsSceneWords::tr("nearly uniform: %1 of %2 keys in use").arg(used, keys(metrics.visibleKeys));
        case HeadKind::answer:
            return MapsSceneWords::tr("puts %1 of its weight on %2").arg(share(agreement), shown(sources->pattern.place));
        case HeadKind::mixed:
            if (!std::isnan(agreement))
                return MapsSceneWords::tr("%1 of its weight on %2; uniform would be %3")
                    .arg(share(agreement), shown(sources->pattern.place), share(metrics.evenMass(HeadMetric::agreement)));
            if (std::isnan(metrics[HeadMetric::effectiveKeys])) return {};  // of shares alone
            return MapsSceneWords::tr("uses %1 of %2 keys on average").arg(used, keys(metrics.visibleKeys));
        default:
            return MapsSceneWords::tr("puts %1 of its weight on %2").arg(share(metrics[*metricOf(kind)]), placeName(kind, cross));
    }
}

}  // namespace lab
