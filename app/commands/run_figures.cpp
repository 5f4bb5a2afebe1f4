#include "app/commands/run_figures.h"

#include "ui/pages/positions/positions_figures.h"
#include "ui/scenes/heads_figure.h"
#include "ui/scenes/measure_words.h"
#include "ui/widgets/curves_figure.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

/// One query and one key of a head under RoPE.
std::unique_ptr<Figure> rotationFigure(const RunMoment& moment, const std::shared_ptr<const Trace>& trace, const ChosenHead& chosen,
                                       const MapsWish& wish) {
    const AttentionBlock& block = moment.model->attentionBlocks()[static_cast<std::size_t>(chosen.block)];
    const Tensor& scores = trace->at(block.name + ".scores");
    const int queries = static_cast<int>(scores.extent(1)), keys = static_cast<int>(scores.extent(2));
    Selection selection;
    selection.block = chosen.block;
    selection.head = chosen.head;
    selection.query = wish.query.value_or(queries - 1);
    selection.key = wish.key.value_or(keys / 2);
    RopeStudy study;
    study.look(&moment.experiment, moment.model, trace, selection);
    const QString name = QObject::tr("Layer %1, head %2").arg(block.layer).arg(chosen.head);
    return ropeFigure({qt(moment.experiment.name), moment.step, name}, study);
}

}  // namespace

std::unique_ptr<Figure> mapsFigure(const RunMoment& moment, const Input& input, const std::shared_ptr<const Trace>& trace,
                                   const MapsWish& wish) {
    if (wish.view == MapsWish::View::maps) return headsFigure(moment, input, trace, {wish.quantity});
    const ChosenHead chosen = chosenHead(*moment.model, wish.head);
    if (wish.view == MapsWish::View::rope) return rotationFigure(moment, trace, chosen, wish);
    return headsFigure(moment, input, trace, {wish.quantity, chosen.block, chosen.head});
}

std::unique_ptr<Figure> curvesFigure(const std::vector<MetricsRow>& rows, const std::string& name, const std::string& source,
                                     std::optional<LossKind> loss) {
    const QString caption =
        QString("Training of '%1', steps %2 to %3 (%4).").arg(qt(name), grouped(rows.front().step), grouped(rows.back().step), qt(source));
    return metricsFigure(rows, measureTitle(loss), qt(name), caption);
}

}  // namespace lab
