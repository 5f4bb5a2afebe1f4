#include "ui/window/compression_tables.h"

#include <QCoreApplication>

#include "core/model/model.h"
#include "ui/scenes/measure_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct CompressionTablesWords {
    Q_DECLARE_TR_FUNCTIONS(Compression)
};

using Column = ExperimentTable::Column;

std::vector<Column> lossColumns(const ModelConfig& model, const LossUnit& unit) {
    const Measure measure = measureOf(model);
    std::vector<Column> columns{
        {"loss", CompressionTablesWords::tr("loss"), CompressionTablesWords::tr("Mean over the validation sequences looked at."),
         Column::Is::loss},
        {"loss_change", CompressionTablesWords::tr("change"), CompressionTablesWords::tr("Of the loss, against the model as it is."),
         Column::Is::change},
        {measureId(measure), measureName(measure),
         measureHelp(model).arg(CompressionTablesWords::tr("over the validation sequences looked at")), Column::Is::share}};
    if (unit.bitsPerByte)
        columns.push_back({"bits_per_byte", CompressionTablesWords::tr("bits a byte"),
                           CompressionTablesWords::tr("The loss, whatever the tokens are: loss times tokens, divided by bytes and ln 2."),
                           Column::Is::loss});
    return columns;
}

void addRow(ExperimentTable& table, const QString& name, std::vector<double> numbers, const MeasuredForms& measured,
            const Compressed& form) {
    const AblationScore& before = measured.forms.front().score;
    numbers.insert(numbers.end(), {form.score.loss, form.score.loss - before.loss, form.score.accuracy});
    if (measured.unit.bitsPerByte) numbers.push_back(measured.unit.of(form.score.loss));
    table.rows.push_back({name, std::move(numbers)});
}

QString overWhat(const MeasuredForms& measured) {
    return counted(LAB_PLURAL("compression", "Over %1 validation sequence(s), weights of step %2."), measured.samples,
                   {grouped(measured.samples), grouped(measured.step)});
}

}  // namespace

ExperimentTable quantisedTable(const Model& model, const MeasuredForms& measured) {
    ExperimentTable table;
    table.rowsAre = CompressionTablesWords::tr("weights");
    table.columns = {
        {"bytes", CompressionTablesWords::tr("bytes"), CompressionTablesWords::tr("Of all weights in a file."), Column::Is::count},
        {"size", CompressionTablesWords::tr("size"), CompressionTablesWords::tr("Share of the bytes of 32-bit floats."),
         Column::Is::share}};
    for (Column& column : lossColumns(model.config(), measured.unit)) table.columns.push_back(std::move(column));
    const double whole = static_cast<double>(measured.forms.front().bytes);
    for (const Compressed& form : measured.forms) {
        const auto bytes = static_cast<double>(form.bytes);
        addRow(table, form.scheme ? shown(Message(form.scheme->title)) : CompressionTablesWords::tr("32 bits"), {bytes, bytes / whole},
               measured, form);
    }
    table.sentence = overWhat(measured) + QLatin1Char(' ') +
                     CompressionTablesWords::tr("The forms of 8 and 4 bits compute with the floats that their integers stand for.");
    return table;
}

ExperimentTable prunedTable(const Model& model, const MeasuredForms& measured) {
    const bool heads = measured.what == PruneWhat::heads;
    ExperimentTable table;
    table.rowsAre = CompressionTablesWords::tr("pruned");
    table.columns = {{"taken", heads ? CompressionTablesWords::tr("heads") : CompressionTablesWords::tr("weights"),
                      CompressionTablesWords::tr("So many are gone."), Column::Is::count},
                     {"zeros", CompressionTablesWords::tr("zeros"),
                      CompressionTablesWords::tr("Share of all the model's weights that are 0."), Column::Is::share}};
    for (Column& column : lossColumns(model.config(), measured.unit)) table.columns.push_back(std::move(column));
    const auto all = static_cast<double>(model.layout().parameterCount());
    for (const Compressed& form : measured.forms)
        addRow(table, form.taken == 0 && form.share == 0 ? CompressionTablesWords::tr("nothing") : percent(form.share, 0),
               {static_cast<double>(form.taken), static_cast<double>(form.zeros) / all}, measured, form);
    table.sentence = overWhat(measured) + QLatin1Char(' ') + CompressionTablesWords::tr("Nothing was trained since.");
    return table;
}

QString formName(const Compressed& form, PruneWhat what) {
    if (form.scheme) return shown(Message(form.scheme->title));
    return what == PruneWhat::heads ? CompressionTablesWords::tr("%1 of the heads pruned").arg(percent(form.share, 0))
                                    : CompressionTablesWords::tr("%1 of the weights pruned").arg(percent(form.share, 0));
}

}  // namespace lab
