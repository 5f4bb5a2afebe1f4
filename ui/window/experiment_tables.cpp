#include "ui/window/experiment_tables.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/number_text.h"
#include "core/config/derive.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/model/parameter_groups.h"
#include "ui/scenes/head_names.h"
#include "ui/scenes/measure_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct ExperimentTablesWords {
    Q_DECLARE_TR_FUNCTIONS(Experiments)
};

using Is = ExperimentTable::Column::Is;

constexpr double hardly = 0.01;  ///< of what is measured beside the loss
constexpr double learned = 0.9;  ///< a share that no guessing gives
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// "W_Q, W_K, W_V, W_O": those that the model has, and what else attention learns.
QString attentionWeights(const Run& run) {
    QStringList names;
    const auto add = [&](const char* part, const QString& name) {
        const std::string wanted = std::string("attention.") + part;
        const auto& parameters = run.model()->layout().parameters();
        if (std::ranges::any_of(parameters, [&](const Parameter& p) { return p.name.find(wanted) != std::string::npos; })) names << name;
    };
    add("query", QStringLiteral("W_Q"));
    add("key", QStringLiteral("W_K"));
    add("value", QStringLiteral("W_V"));
    add("output", QStringLiteral("W_O"));
    add("position_map", ExperimentTablesWords::tr("the position map"));
    add("relative_bias", ExperimentTablesWords::tr("the bias of distances"));
    add("sink", ExperimentTablesWords::tr("the sinks"));
    add("gate", QStringLiteral("W_G"));
    return names.join(QStringLiteral(", "));
}

QString frozenName(const Run& run) {
    const std::vector<std::string>& frozen = run.experiment().training.frozen;
    if (frozen.empty()) return ExperimentTablesWords::tr("all weights trained");
    const QString what = frozen == frozenAttention() ? attentionWeights(run)
                         : frozen == frozenRest(run) ? ExperimentTablesWords::tr("all but the attention")
                                                     : QString::fromStdString(fieldTable().at("training.frozen").text(run.experiment()));
    // A branch keeps what it began with, which was trained.
    return run.origin() ? ExperimentTablesWords::tr("%1 as at step %2").arg(what, grouped(run.origin()->step))
                        : ExperimentTablesWords::tr("%1 as drawn").arg(what);
}

const StepRecord* lastValidated(const Run& run) {
    const auto& records = run.records();
    const auto found =
        std::find_if(records.rbegin(), records.rend(), [](const StepRecord& record) { return record.validation.has_value(); });
    return found == records.rend() ? nullptr : &*found;
}

QString subjectName(const Model& model, const AblationSubject& subject) {
    if (subject.block < 0) return ExperimentTablesWords::tr("all heads");
    const AttentionBlock& block = model.attentionBlocks()[static_cast<std::size_t>(subject.block)];
    const Architecture architecture = model.config().architecture;
    return subject.head < 0 ? ExperimentTablesWords::tr("%1 all").arg(shortBlockName(block, architecture))
                            : shortHeadName(block, subject.head, architecture);
}

}  // namespace

FigureTable ExperimentTable::numbers() const {
    FigureTable table{{"name"}, {}};
    for (const Column& column : columns) table.header.push_back(column.id);
    for (const Row& row : rows) {
        std::vector<std::string>& cells = table.rows.emplace_back();
        cells.push_back(row.name.toStdString());
        for (const double number : row.numbers) cells.push_back(std::isnan(number) ? std::string() : numberText(number));
    }
    return table;
}

std::vector<std::string> frozenAttention() {
    return {std::string(nameOf(ParameterGroup::attention))};
}

std::vector<std::string> frozenRest(const Run& run) {
    ParameterGroups groups = parameterGroups(run.model()->layout());
    std::vector<std::string> names;
    for (const std::string_view name : namesOf<ParameterGroup>())
        if (const ParameterGroup group = *fromName<ParameterGroup>(name); group != ParameterGroup::attention && groups[group] > 0)
            names.emplace_back(name);
    return names;
}

namespace {

/// Runs that are `shown` but for what `alike(settings, shown's)` makes the same.
template <class Alike>
std::vector<Run*> kinOf(const Run& shown, const std::vector<Run*>& runs, const Alike& alike) {
    std::vector<Run*> kin;
    for (Run* run : runs) {
        Experiment same = run->experiment();
        same.name = shown.experiment().name;
        same.about = shown.experiment().about;
        alike(same, shown.experiment());
        if (differences(same, shown.experiment()).empty()) kin.push_back(run);
    }
    return kin;
}

/// What came of trainings, a row each.
template <class NameOf>
ExperimentTable trainedTable(const Run& shown, const std::vector<Run*>& kin, const QString& rowsAre, const NameOf& nameOf) {
    const ModelConfig& model = shown.experiment().model;
    const Measure measure = measureOf(model);
    ExperimentTable table;
    table.rowsAre = rowsAre;
    table.columns = {{"parameters", ExperimentTablesWords::tr("parameters"), ExperimentTablesWords::tr("Numbers of the whole model."),
                      ExperimentTable::Column::Is::count},
                     {"step", ExperimentTablesWords::tr("step"), ExperimentTablesWords::tr("Of the last validation."),
                      ExperimentTable::Column::Is::count},
                     {"train_loss", ExperimentTablesWords::tr("loss"), ExperimentTablesWords::tr("On that step's batch."),
                      ExperimentTable::Column::Is::loss},
                     {"validation_loss", ExperimentTablesWords::tr("validation loss"),
                      ExperimentTablesWords::tr("Mean over the validation set."), ExperimentTable::Column::Is::loss},
                     {"validation_" + measureId(measure), ExperimentTablesWords::tr("validation"),
                      measureHelp(model).arg(ExperimentTablesWords::tr("of the validation samples"))}};
    QStringList said;
    for (const Run* run : kin) {
        const StepRecord* record = lastValidated(*run);
        const auto parameters = static_cast<double>(parameterGroups(run->model()->layout()).total());
        ExperimentTable::Row row{nameOf(*run), {parameters, unknown, unknown, unknown, unknown}};
        if (record) {
            row.numbers = {parameters, static_cast<double>(record->step), record->train.loss, record->validation->loss,
                           record->validation->accuracy};
            said << ExperimentTablesWords::tr("%1: loss on the batch %2, validation %3 %4 at step %5")
                        .arg(row.name, fixed(record->train.loss, 4), measurePhrase(measure), percent(record->validation->accuracy),
                             grouped(record->step));
        }
        table.rows.push_back(std::move(row));
    }
    if (!said.isEmpty())
        table.sentence =
            said.first().left(1).toUpper() + said.join(QStringLiteral("; ")).mid(1) + QStringLiteral(". ") +
            ExperimentTablesWords::tr("One start (training.seed %1): other seeds can differ.").arg(shown.experiment().training.seed);
    return table;
}

}  // namespace

std::vector<Run*> frozenKin(const Run& shown, const std::vector<Run*>& runs) {
    return kinOf(shown, runs, [](Experiment& same, const Experiment& as) { same.training.frozen = as.training.frozen; });
}

std::optional<Experiment> withNet(const Run& run) {
    Experiment experiment = withoutDerived(run.experiment());
    if (!experiment.model.attends()) return std::nullopt;
    experiment.model.mixer.kind = MixerKind::feed_forward;
    const PositionSpec& position = specOf(experiment.model.position.kind);
    if (position.rotates || position.biasesScores || position.biasTable || position.vectors)
        experiment.model.position.kind = PositionKind::sinusoidal;
    experiment.name = ExperimentTablesWords::tr("%1, a net in place of attention").arg(run.name()).toStdString();
    return problemsOf(experiment).empty() ? std::optional(experiment) : std::nullopt;
}

std::vector<Run*> mixerKin(const Run& shown, const std::vector<Run*>& runs) {
    return kinOf(shown, runs, [](Experiment& same, const Experiment& as) {
        if (same.model.attends() != as.model.attends()) {
            same.model.position = as.model.position;
            same.model.head_dim = as.model.head_dim;  // which a net has not
        }
        same.model.mixer = as.model.mixer;
    });
}

ExperimentTable mixerTable(const Run& shown, const std::vector<Run*>& kin) {
    return trainedTable(shown, kin, ExperimentTablesWords::tr("positions are mixed by"), [](const Run& run) {
        return run.experiment().model.attends() ? ExperimentTablesWords::tr("attention")
                                                : ExperimentTablesWords::tr("a net over all positions");
    });
}

ExperimentTable frozenTable(const Run& shown, const std::vector<Run*>& kin) {
    return trainedTable(shown, kin, ExperimentTablesWords::tr("weights"), frozenName);
}

namespace {

std::vector<ExperimentTable::Column> fixedMapsColumns(const ModelConfig& model) {
    const std::string id = measureId(measureOf(model));
    const QString ofLoss = ExperimentTablesWords::tr("Mean over the answers.");
    return {{id + "_own", ExperimentTablesWords::tr("own map"), measureHelp(model).arg(ExperimentTablesWords::tr("of the model as it is"))},
            {id + "_mean", ExperimentTablesWords::tr("mean map"),
             ExperimentTablesWords::tr("With the mean of all these inputs' maps in place of each one's own.")},
            {id + "_other", ExperimentTablesWords::tr("another's map"),
             ExperimentTablesWords::tr("With the map that the next input has in place of its own.")},
            {"loss_own", ExperimentTablesWords::tr("loss, own"), ofLoss, Is::loss},
            {"loss_mean", ExperimentTablesWords::tr("loss, mean"), ofLoss, Is::loss},
            {"loss_other", ExperimentTablesWords::tr("loss, another's"), ofLoss, Is::loss}};
}

QString fixedMapsSentence(const ModelConfig& model, const MeasuredMaps& measured) {
    const FixedMaps& maps = measured.maps;
    const FixedMaps::Row& all = maps.rows.back();
    const SourceText told =
        model.answersNumbers()
            ? LAB_PLURAL("experiments",
                         "With its own maps the model explains %1 of the squares of what is asked (%n validation input(s) of %2 tokens, "
                         "step %3); with the mean of their maps in every head %4, with the next input's maps in every head %5.")
            : LAB_PLURAL("experiments",
                         "With its own maps the model gives %1 of the answers right (%n validation input(s) of %2 tokens, step %3); with "
                         "the mean of their maps in every head %4, with the next input's maps in every head %5.");
    const QString sentence = counted(told, maps.inputs,
                                     {percent(maps.own.accuracy), QString::number(measured.tokens), grouped(measured.step),
                                      percent(all.mean.accuracy), percent(all.other.accuracy)});
    if (maps.own.accuracy < learned || maps.own.accuracy - all.other.accuracy >= hardly) return sentence;
    return sentences({sentence, ExperimentTablesWords::tr("With another input's maps the %1 falls by less than 1 point here; tasks in "
                                                          "which it depends on the tokens where to look can differ.")
                                    .arg(measurePhrase(measureOf(model)))});
}

}  // namespace

ExperimentTable fixedMapsTable(const Model& model, const MeasuredMaps& measured) {
    const FixedMaps& maps = measured.maps;
    ExperimentTable table;
    table.rowsAre = ExperimentTablesWords::tr("maps replaced of");
    table.columns = fixedMapsColumns(model.config());
    for (const FixedMaps::Row& row : maps.rows)
        table.rows.push_back({subjectName(model, row.subject),
                              {maps.own.accuracy, row.mean.accuracy, row.other.accuracy, maps.own.loss, row.mean.loss, row.other.loss}});
    table.sentence = fixedMapsSentence(model.config(), measured);
    return table;
}

ExperimentTable positionTable(const Model& model, const MeasuredPositions& measured) {
    const PositionProbes& probes = measured.probes;
    ExperimentTable table;
    table.rowsAre = ExperimentTablesWords::tr("block");
    table.columns = {
        {"before", ExperimentTablesWords::tr("before"),
         ExperimentTablesWords::tr("In the residual stream, before the attention is added to it.")},
        {"heads", ExperimentTablesWords::tr("heads"), ExperimentTablesWords::tr("In the concatenated outputs of the heads, before W_O.")},
        {"after_output", ExperimentTablesWords::tr("behind W_O"), ExperimentTablesWords::tr("In what W_O makes of them.")},
        {"after_sum", ExperimentTablesWords::tr("in the sum"),
         ExperimentTablesWords::tr("In the sum of the stream and that, before any norm.")},
        {"chance", ExperimentTablesWords::tr("chance"), ExperimentTablesWords::tr("1 / number of positions: what guessing reaches.")}};
    const auto& blocks = model.attentionBlocks();
    for (const PositionProbe& probe : probes.blocks) {
        const AttentionBlock& block = blocks[static_cast<std::size_t>(probe.block)];
        const bool target = block.side == "decoder" && probes.targetPositions > 0;
        const double chance = 1.0 / (target ? probes.targetPositions : probes.positions);
        table.rows.push_back(
            {shortBlockName(block, model.config().architecture), {probe.before, probe.heads, probe.afterOutput, probe.afterSum, chance}});
    }
    const std::vector<double>& first = table.rows.front().numbers;
    table.sentence =
        ExperimentTablesWords::tr(
            "In %1 a linear map names the position of a token right for %2 of the vectors before the attention, %3 of the heads' "
            "outputs, %4 behind W_O and %5 of the sums; guessing gives %6.")
            .arg(table.rows.front().name, percent(first[0]), percent(first[1]), percent(first[2]), percent(first[3]), percent(first[4])) +
        QLatin1Char(' ') +
        ExperimentTablesWords::tr(
            "Step %1; the map is ridge regression, learned on %2 validation inputs of %3 tokens and asked about %4 others. What it "
            "misses may still be there in a form that is not linear.")
            .arg(grouped(measured.step), QString::number(probes.learned), QString::number(probes.positions),
                 QString::number(probes.heldOut));
    return table;
}

}  // namespace lab
