#include "ui/window/compression_dialog.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QVBoxLayout>

#include "core/base/errors.h"
#include "core/config/validation.h"
#include "core/data/data_print.h"
#include "core/data/loaded_task.h"
#include "core/data/validation_spread.h"
#include "core/io/experiment_file.h"
#include "core/io/pruned_checkpoint.h"
#include "core/io/quantised_checkpoint.h"
#include "core/training/memory_need.h"
#include "ui/documents/document_source.h"
#include "ui/scenes/parts_figure.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/window/experiment_columns.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int compressionDialogDialogWidth = 820, compressionDialogTableHeight = 190, compressionDialogTableRow = 22;

constexpr double shares[] = {0.1, 0.25, 0.5, 0.75, 0.9};
// Tokens of the validation sequences that a form is measured on, and that an order by ablation is found on: seconds on one processor.
constexpr int measuredTokens = 65'536, orderTokens = 16'384;
constexpr int stepsAtFirst = 200;

MeasuredForms measure(const Model& model, const Dataset& data, const Checkpoint& checkpoint, CompressionDialog::Kind kind, PruneBy by,
                      JobContext& context) {
    const std::vector<Sample> samples = validationSpread(data, measuredTokens);
    if (samples.empty()) throw InputError(LAB_TEXT("compression", "This task has no validation sequences to measure on."));
    const CompressionWatch watch{[&context] { return context.cancelled(); },
                                 [&context](int done, int total) { context.progress(done, total); }};
    MeasuredForms measured{checkpoint.step, static_cast<int>(samples.size()), lossUnitOf(data), PruneWhat::heads, {}};
    if (kind == CompressionDialog::Kind::weights) measured.what = PruneWhat::weights;
    const std::size_t ordering = validationSpread(data, orderTokens).size();
    auto forms = kind == CompressionDialog::Kind::quantise
                     ? quantisedForms(model, checkpoint.weights, samples, watch)
                     : prunedForms(model, checkpoint.weights, measured.what, by, shares, samples, ordering, watch);
    if (forms) measured.forms = std::move(*forms);
    return measured;
}

}  // namespace

CompressionDialog::CompressionDialog(Session& session, QWidget* parent) : QDialog(parent), m_session(session) {
    setObjectName(QStringLiteral("compression dialog"));
    makeParts();
    arrange();
    const auto again = [this] {
        m_problem.clear();
        m_done.clear();
        refresh();
    };
    connect(m_chooser, &SegmentedControl::chosen, this, again);
    connect(m_order, &SegmentedControl::chosen, this, again);
    connect(m_start, &Button::clicked, this, &CompressionDialog::start);
    connect(m_open, &Button::clicked, this, &CompressionDialog::openBeside);
    connect(m_save, &Button::clicked, this, &CompressionDialog::chooseFile);
    connect(m_table, &DataTable::rowChosen, this, &CompressionDialog::refreshChoice);
    connect(m_exportButton, &Button::clicked, this, [this] {
        if (!m_export) m_export = named("compression.export", new ExportPanel([this] { return offers(); }, this));
        m_export->show();
        m_export->raise();
    });
    connect(&m_session.focus(), &Focus::runChanged, this, again);
    refresh();
    resize(Theme::instance().px(compressionDialogDialogWidth), sizeHint().height());
}

CompressionDialog::~CompressionDialog() {
    if (running()) m_job->cancel();
}

void CompressionDialog::makeParts() {
    m_chooser = named("compression.kind",
                      new SegmentedControl({tr("quantise"), tr("prune heads"), tr("prune weights")}, tr("What becomes smaller")));
    m_order = named("compression.order", new SegmentedControl({tr("by size"), tr("by ablation")}, tr("Which go first")));
    m_order->setChoiceToolTip(0, tr("Those whose numbers are smallest"));
    m_order->setChoiceToolTip(1, tr("Those without which the loss rises least"));
    m_about = new ThemedLabel(QString());
    m_said = new ThemedLabel(QString());
    for (ThemedLabel* label : {m_about, m_said}) label->setWordWrap(true);
    m_said->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_table = named("compression.table", new DataTable(tr("What each form costs"), compressionDialogTableRow));
    m_table->setMinimumHeight(Theme::instance().px(compressionDialogTableHeight));
    m_start = named("compression.start", new Button(tr("Measure")));
    m_start->setDefault(true);
    m_steps = named("compression.steps", new QSpinBox);
    m_steps->setRange(0, 1'000'000);
    m_steps->setValue(stepsAtFirst);
    m_steps->setAccessibleName(tr("Steps that a pruned run trains more"));
    setAround(*m_steps, tr("train %1 steps more"));
    m_open = named("compression.open", new Button(tr("Open beside")));
    m_save = named("compression.save", new Button(tr("Save as\u2026")));
    m_exportButton = named("compression.write", new Button(tr("Export\u2026")));
}

void CompressionDialog::arrange() {
    auto* close = named("compression.close", new Button(tr("Close")));
    connect(close, &Button::clicked, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    auto* choices = new QHBoxLayout;
    choices->addWidget(m_chooser);
    choices->addWidget(m_order);
    choices->addStretch();
    layout->addLayout(choices);
    layout->addWidget(m_about);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_said);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addWidget(m_open);
    buttons->addWidget(m_steps);
    buttons->addWidget(m_save);
    buttons->addStretch();
    buttons->addWidget(m_exportButton);
    buttons->addWidget(close);
    layout->addLayout(buttons);
}

CompressionDialog::Kind CompressionDialog::kind() const {
    return static_cast<Kind>(m_chooser->current());
}

PruneBy CompressionDialog::by() const {
    return static_cast<PruneBy>(m_order->current());
}

void CompressionDialog::choose(Kind kind, PruneBy by) {
    m_chooser->setCurrent(static_cast<int>(kind));
    m_order->setCurrent(static_cast<int>(by));
    m_problem.clear();
    m_done.clear();
    refresh();
}

CompressionDialog::Result& CompressionDialog::resultOf(Kind kind, PruneBy by) {
    const int pruned = 1 + 2 * (static_cast<int>(kind) - 1) + static_cast<int>(by);
    return m_results[static_cast<std::size_t>(kind == Kind::quantise ? 0 : pruned)];
}

const CompressionDialog::Result& CompressionDialog::shownResult() const {
    return const_cast<CompressionDialog*>(this)->resultOf(kind(), by());
}

QString CompressionDialog::about() const {
    switch (kind()) {
        case Kind::quantise:
            return tr(
                "How few bits do the weights need? 8 bits: each row of a matrix as integers with one scale. 4 bits: groups of 32 weights "
                "with "
                "scale and minimum, embeddings and the map to the logits at 8 bits. Biases and norms stay as they are.");
        case Kind::heads:
            return by() == PruneBy::size
                       ? tr("How many heads are needed? Those go first that can add least: the size of their part of W_O times that of "
                            "their values.")
                       : tr("How many heads are needed? Each is switched off by itself, and those go first without which the loss is "
                            "least.");
        case Kind::weights:
            break;
    }
    return by() == PruneBy::size
               ? tr("How many weights are needed? In each matrix of attention and feed-forward the smallest go first.")
               : tr("How many weights are needed? Those go first that the loss would miss least, estimated from their size and gradients.");
}

void CompressionDialog::start() {
    Run* run = m_session.focus().run();
    if (!run) return;
    if (running()) return m_job->cancel();
    const CheckpointPtr checkpoint = m_session.focus().checkpoint();
    if (!checkpoint) return;
    m_problem.clear();
    m_done.clear();
    submit(*run, checkpoint);
}

void CompressionDialog::submit(Run& run, const CheckpointPtr& checkpoint) {
    m_jobKind = kind();
    m_jobBy = by();
    const QString title = m_jobKind == Kind::quantise ? tr("Quantised weights") : tr("Pruned model");
    m_job = run.jobs().submit(title, {&run, checkpoint->step, checkpoint->step, {}},
                              [model = run.model(), data = run.dataset(), checkpoint, asked = m_jobKind, order = m_jobBy](
                                  JobContext& context) { return measure(*model, *data, *checkpoint, asked, order, context); });
    connect(m_job.get(), &Job::changed, this, &CompressionDialog::refresh);
    connect(m_job.get(), &Job::failed, this, [this](const QString& why) {
        m_problem = why;
        refresh();
    });
    connect(m_job.get(), &Job::finished, this,
            [this, asked = m_jobKind, order = m_jobBy, of = QPointer<Run>(&run), job = std::weak_ptr<Job>(m_job)] {
                const JobPtr held = job.lock();
                if (const auto measured = held ? held->result<MeasuredForms>() : nullptr; measured && of) take(measured, of, asked, order);
            });
    refresh();
}

void CompressionDialog::take(const std::shared_ptr<const MeasuredForms>& measured, Run* of, Kind kind, PruneBy by) {
    if (measured->forms.empty()) return;
    Result& result = resultOf(kind, by);
    result = {of, measured, kind == Kind::quantise ? quantisedTable(*of->model(), *measured) : prunedTable(*of->model(), *measured)};
    m_columnIds.clear();
    refresh();
    m_table->setChosen(1);
    refreshChoice();
}

/// Not the first row, which is the model as it is.
const Compressed* CompressionDialog::chosenForm() const {
    const Result& result = shownResult();
    const auto row = m_table->chosen();
    if (m_shown.empty() || !result.run || !row || *row == 0 || *row >= result.measured->forms.size()) return nullptr;
    return &result.measured->forms[*row];
}

Experiment CompressionDialog::settingsOf(const Compressed& form) const {
    const Result& result = shownResult();
    const Experiment& from = result.run->experiment();
    Experiment settings =
        form.scheme ? quantisedExperiment(from, {form.scheme, result.measured->step}) : afterPruning(from, m_steps->value());
    settings.name = QStringLiteral("%1, %2").arg(result.run->name(), formName(form, result.measured->what)).toStdString();
    return settings;
}

Run* CompressionDialog::openBeside() {
    const Compressed* form = chosenForm();
    if (!form) return nullptr;
    const Result& result = shownResult();
    const LoadedTask task{settingsOf(*form), result.run->dataset()};
    try {
        requireTrainable(task);
    } catch (const InputError& error) {
        m_problem = shown(error);
        refresh();
        return nullptr;
    }
    TrainingState state = startingState(form->weights, *task.experiment.training.optimizer.kind);
    if (form->scheme) state.step = result.measured->step;
    Run* run = m_session.workspace().addBranch(task, std::move(state), {result.run->name(), result.measured->step});
    run->setName(QString::fromStdString(task.experiment.name));
    m_session.adopt(run, m_session.folder());
    const bool trains = !form->scheme && m_steps->value() > 0;
    if (trains) {
        run->setPace(0);
        run->train();
    }
    m_problem.clear();
    m_done = trains ? tr("%1 stands beside the others and trains; what is 0 stays 0.").arg(run->name())
                    : tr("%1 stands beside the others.").arg(run->name());
    refresh();
    return run;
}

bool CompressionDialog::saveTo(const QString& path) {
    const Compressed* form = chosenForm();
    if (!form) return false;
    const Result& result = shownResult();
    const ParameterLayout& layout = result.run->model()->layout();
    const std::filesystem::path file = pathOf(path);
    const Experiment settings =
        relocated(form->scheme ? settingsOf(*form) : afterPruning(result.run->experiment(), 0), m_session.folder(), file.parent_path());
    try {
        Metadata notes;
        notePrint(notes, {result.run->experiment(), result.run->dataset()});
        const Metadata metadata = checkpointMetadata(settings, result.run->dataset()->tokenizer().kept(), std::move(notes));
        if (form->scheme) {
            // Of the weights as they were: those that were rounded once need not round to themselves.
            writeQuantised(file, metadata, layout, result.measured->forms.front().weights, {form->scheme, result.measured->step});
        } else {
            const bool heads = result.measured->what == PruneWhat::heads;
            writePruned(file, metadata, layout, form->weights,
                        {heads ? "heads" : "weights", by() == PruneBy::size ? "size" : "ablation", form->share, form->taken, form->of,
                         form->zeros, 0});
        }
    } catch (const std::exception& error) {
        m_problem = sentenceOf(error);
        refresh();
        return false;
    }
    m_problem.clear();
    m_done = tr("Saved as %1.").arg(path);
    refresh();
    return true;
}

void CompressionDialog::chooseFile() {
    const Compressed* form = chosenForm();
    if (!form) return;
    const QString suggestion = QString::fromStdString(settingsOf(*form).name) + QStringLiteral(".safetensors");
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Save as"), suggestion, tr("Checkpoint: the weights as they are here (*.safetensors)"));
    if (path.isEmpty()) return;
    saveTo(path.endsWith(QLatin1String(".safetensors")) ? path : path + QStringLiteral(".safetensors"));
}

void CompressionDialog::refresh() {
    Run* run = m_session.focus().run();
    const Result& result = shownResult();
    m_shown = result.run && result.run == run ? result.table : ExperimentTable();
    m_order->setVisible(kind() != Kind::quantise);
    m_steps->setVisible(kind() != Kind::quantise);
    m_about->setText(about());
    setWindowTitle(run ? tr("Quantise and prune %1").arg(run->name()) : tr("Quantise and prune"));
    m_start->setEnabled(run);
    m_start->setText(running() ? tr("Cancel") : tr("Measure"));
    m_start->setWidthFor({tr("Cancel"), tr("Measure")});
    m_exportButton->setEnabled(!m_shown.empty());
    QString said = m_done.isEmpty() ? m_shown.sentence : m_done;
    if (!m_problem.isEmpty()) said = m_problem;
    if (running())
        said = m_job->total() > 0 ? tr("%1 % done").arg(100 * std::int64_t{m_job->done()} / m_job->total()) : tr("Waiting for its turn");
    m_said->setText(said.isEmpty() ? QStringLiteral(" ") : said);
    showTable();
    refreshChoice();
}

/// The columns anew only where they are others: what a person sorted by stays.
void CompressionDialog::showTable() {
    std::vector<std::string> ids{m_shown.rowsAre.toStdString()};
    for (const ExperimentTable::Row& row : m_shown.rows) ids.push_back(row.name.toStdString());
    for (const ExperimentTable::Column& column : m_shown.columns) ids.push_back(column.id);
    if (ids != m_columnIds) {
        m_table->showAll(0, std::nullopt);
        m_table->setColumns(columnsOf(m_shown));
    }
    m_columnIds = std::move(ids);
    m_table->showAll(m_shown.rows.size(), m_table->chosen());
}

void CompressionDialog::refreshChoice() {
    const bool any = chosenForm() != nullptr;
    const QString why = any ? QString() : tr("Choose a smaller form in the table");
    for (Button* button : {m_open, m_save}) {
        button->setEnabled(any);
        button->setToolTip(why);
    }
}

std::vector<FigureOffer> CompressionDialog::offers() const {
    const Run* run = m_session.focus().run();
    if (!run || m_shown.empty()) return {};
    FigureOffer offer = tableOffer(windowTitle(), *m_table, m_shown.sentence, {run->name()});
    offer.still = true;
    return {offer};
}

}  // namespace lab
