#include "ui/scenes/heads_figure.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/model/block_keys.h"
#include "core/moments/shown_input.h"
#include "ui/scenes/stage_maps.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

QStringList textsOf(const std::vector<std::string>& texts) {
    QStringList list;
    for (const std::string& text : texts) list += qt(text);
    return list;
}

/// What all pictures of heads are made of.
struct DrawnHeads {
    const RunMoment& moment;
    const Input& input;
    const std::shared_ptr<const Trace>& trace;
    MapStage quantity;

    bool areShares() const { return weightsAreShares(moment.experiment.model.attention); }
};

/// A head's matrix, [T, S], which it keeps alive with its trace.
MapData dataOf(const DrawnHeads& drawn, const AttentionBlock& block, int head) {
    const Tensor& weights = drawn.trace->at(block.name + ".weights");
    const auto values = stageValues(drawn.trace, block, drawn.quantity);
    if (!values)
        throw InputError("quantity", Message(LAB_TEXT("commands", "%1 has no %2")).arg(block.name).arg(mapStageName(drawn.quantity)));
    const std::int64_t cells = weights.extent(1) * weights.extent(2);
    MapData data;
    data.rows = static_cast<int>(weights.extent(1));
    data.columns = static_cast<int>(weights.extent(2));
    data.values = {values, values.get() + head * cells};
    const Tensor* masked = drawn.trace->find(block.name + ".masked_scores");
    if (masked && drawn.quantity != MapStage::scores)  // before the mask every pair has its score
        data.allowedScores = {drawn.trace, masked->values.data() + head * cells};
    return data;
}

MapPanel panelOf(const DrawnHeads& drawn, const AttentionBlock& block, int head) {
    MapPanel panel;
    panel.block = block.name;
    panel.layer = block.layer;
    panel.head = head;
    const QString place = block.cross               ? QObject::tr("cross-attention, layer %1, head %2")
                          : block.side == "decoder" ? QObject::tr("decoder layer %1, head %2")
                                                    : QObject::tr("layer %1, head %2");
    panel.title = place.arg(block.layer).arg(head);
    panel.data = dataOf(drawn, block, head);
    panel.rowLabels = textsOf(shownPositions(drawn.moment, drawn.input, queriesAreTargets(block, !drawn.input.targetTokens.empty())));
    panel.columnLabels = textsOf(shownKeys(drawn.moment, drawn.input, block, *drawn.trace));
    return panel;
}

/// Weights that are no shares reach as far as they do, above and below 0; so does what is none.
ColorScaling scalingOf(const DrawnHeads& drawn, const std::vector<MapPanel>& panels) {
    const bool share = drawn.quantity == MapStage::weights || drawn.quantity == MapStage::exactWeights;
    if (share && drawn.areShares()) return {};
    double largest = 0;
    for (const MapPanel& panel : panels)
        largest = std::max(largest, largestMagnitude(panel.data.values.get(), static_cast<std::size_t>(panel.data.rows) *
                                                                                  static_cast<std::size_t>(panel.data.columns)));
    return stageScaling(drawn.quantity, largest, drawn.quantity != MapStage::decay && !drawn.areShares());
}

QString captionOf(const DrawnHeads& drawn, const QString& head) {
    const RunMoment& moment = drawn.moment;
    const MapSubject subject{qt(moment.experiment.name), moment.step, qt(shownInput(moment, drawn.input)),
                             qt(shownInput(moment, drawn.input, true))};
    if (drawn.quantity != MapStage::weights) {
        MapsScene scene;
        scene.attention = moment.experiment.model.attention;
        return mapCaption(subject, head, stageSubject(drawn.quantity).arg(QStringLiteral("'%1'")),
                          stageHelp(drawn.quantity, scene.ownKernels()));
    }
    if (drawn.areShares()) return mapCaption(subject, head);
    return mapCaption(subject, head, QObject::tr("Attention weights of '%1'"),
                      QObject::tr("They are products of queries and keys, of any size and sign"));
}

}  // namespace

std::unique_ptr<MapFigure> headsFigure(const RunMoment& moment, const Input& input, const std::shared_ptr<const Trace>& trace,
                                       const HeadsWish& wish) {
    const DrawnHeads drawn{moment, input, trace, wish.quantity};
    auto figure = std::make_unique<MapFigure>();
    figure->title = qt(moment.experiment.name);
    figure->quantity = stageQuantity(wish.quantity);
    if (wish.quantity != MapStage::weights) figure->valueName = mapStageName(wish.quantity);
    const auto& blocks = moment.model->attentionBlocks();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (wish.block && *wish.block != static_cast<int>(i)) continue;
        if (!wish.head) figure->columns = std::max(figure->columns, blocks[i].heads);
        for (int head = 0; head < blocks[i].heads; ++head)
            if (!wish.head || head == *wish.head) figure->panels.push_back(panelOf(drawn, blocks[i], head));
    }
    figure->caption = captionOf(drawn, wish.block && wish.head ? figure->panels.front().title : QString());
    figure->scaling = scalingOf(drawn, figure->panels);
    return figure;
}

}  // namespace lab
