#include "app/commands/run_figures.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/model/block_keys.h"
#include "core/moments/shown_input.h"
#include "ui/pages/positions/positions_figures.h"
#include "ui/scenes/measure_words.h"
#include "ui/scenes/stage_maps.h"
#include "ui/widgets/curves_figure.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map_figure.h"

namespace lab {
namespace {

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

QStringList qt(const std::vector<std::string>& texts) {
    QStringList list;
    for (const std::string& text : texts) list += qt(text);
    return list;
}

/// What all pictures of heads are made of.
struct Drawn {
    const RunMoment& moment;
    const Input& input;
    const std::shared_ptr<const Trace>& trace;
    MapStage quantity;

    bool areShares() const { return weightsAreShares(moment.experiment.model.attention); }
};

/// A head's matrix, [T, S], which it keeps alive with its trace.
MapData dataOf(const Drawn& drawn, const AttentionBlock& block, int head) {
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

MapPanel panelOf(const Drawn& drawn, const AttentionBlock& block, int head) {
    MapPanel panel;
    panel.block = block.name;
    panel.layer = block.layer;
    panel.head = head;
    panel.title = QString("%1%2, head %3")
                      .arg(block.cross               ? "cross-attention, layer "
                           : block.side == "decoder" ? "decoder layer "
                                                     : "layer ")
                      .arg(block.layer)
                      .arg(head);
    panel.data = dataOf(drawn, block, head);
    panel.rowLabels = qt(shownPositions(drawn.moment, drawn.input, queriesAreTargets(block, !drawn.input.targetTokens.empty())));
    panel.columnLabels = qt(shownKeys(drawn.moment, drawn.input, block, *drawn.trace));
    return panel;
}

/// Weights that are no shares reach as far as they do, above and below 0; so does what is none.
ColorScaling scalingOf(const Drawn& drawn, const std::vector<MapPanel>& panels) {
    const bool share = drawn.quantity == MapStage::weights || drawn.quantity == MapStage::exactWeights;
    if (share && drawn.areShares()) return {};
    double largest = 0;
    for (const MapPanel& panel : panels)
        largest = std::max(largest, largestMagnitude(panel.data.values.get(), static_cast<std::size_t>(panel.data.rows) *
                                                                                  static_cast<std::size_t>(panel.data.columns)));
    return stageScaling(drawn.quantity, largest, drawn.quantity != MapStage::decay && !drawn.areShares());
}

QString captionOf(const Drawn& drawn, const QString& head) {
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

std::unique_ptr<Figure> headsFigure(const Drawn& drawn, std::optional<ChosenHead> chosen) {
    auto figure = std::make_unique<MapFigure>();
    figure->title = qt(drawn.moment.experiment.name);
    figure->quantity = stageQuantity(drawn.quantity);
    if (drawn.quantity != MapStage::weights) figure->valueName = mapStageName(drawn.quantity);
    const auto& blocks = drawn.moment.model->attentionBlocks();
    for (const AttentionBlock& block : blocks) {
        if (!chosen) figure->columns = std::max(figure->columns, block.heads);
        for (int head = 0; head < block.heads; ++head)
            if (!chosen || (&block == &blocks[static_cast<std::size_t>(chosen->block)] && head == chosen->head))
                figure->panels.push_back(panelOf(drawn, block, head));
    }
    figure->caption = captionOf(drawn, chosen ? figure->panels.front().title : QString());
    figure->scaling = scalingOf(drawn, figure->panels);
    return figure;
}

/// One query and one key of a head under RoPE.
std::unique_ptr<Figure> rotationFigure(const Drawn& drawn, const ChosenHead& chosen, const MapsWish& wish) {
    const AttentionBlock& block = drawn.moment.model->attentionBlocks()[static_cast<std::size_t>(chosen.block)];
    const Tensor& scores = drawn.trace->at(block.name + ".scores");
    const int queries = static_cast<int>(scores.extent(1)), keys = static_cast<int>(scores.extent(2));
    Selection selection;
    selection.block = chosen.block;
    selection.head = chosen.head;
    selection.query = wish.query.value_or(queries - 1);
    selection.key = wish.key.value_or(keys / 2);
    RopeStudy study;
    study.look(&drawn.moment.experiment, drawn.moment.model, drawn.trace, selection);
    const QString name = QObject::tr("Layer %1, head %2").arg(block.layer).arg(chosen.head);
    return ropeFigure({qt(drawn.moment.experiment.name), drawn.moment.step, name}, study);
}

}  // namespace

std::unique_ptr<Figure> mapsFigure(const RunMoment& moment, const Input& input, const std::shared_ptr<const Trace>& trace,
                                   const MapsWish& wish) {
    const Drawn drawn{moment, input, trace, wish.quantity};
    if (wish.view == MapsWish::View::maps) return headsFigure(drawn, std::nullopt);
    const ChosenHead chosen = chosenHead(*moment.model, wish.head);
    if (wish.view == MapsWish::View::rope) return rotationFigure(drawn, chosen, wish);
    return headsFigure(drawn, chosen);
}

std::unique_ptr<Figure> curvesFigure(const std::vector<MetricsRow>& rows, const std::string& name, const std::string& source,
                                     std::optional<LossKind> loss) {
    const QString caption =
        QString("Training of '%1', steps %2 to %3 (%4).").arg(qt(name), grouped(rows.front().step), grouped(rows.back().step), qt(source));
    return metricsFigure(rows, measureTitle(loss), qt(name), caption);
}

}  // namespace lab
