#include "ui/window/experiments_dialog.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "core/config/derive.h"
#include "ui/runs/validation_inputs.h"
#include "ui/scenes/parts_figure.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/window/experiment_columns.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int experimentsDialogDialogWidth = 820, experimentsDialogTableHeight = 150, experimentsDialogTableRow = 22;

std::size_t indexOf(ExperimentsDialog::Kind kind) {
    return static_cast<std::size_t>(kind);
}

}  // namespace

/// What a measurement is of.
struct ExperimentsDialog::Source {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Dataset> data;
    CheckpointPtr checkpoint;
    Sample like;
};

ExperimentsDialog::ExperimentsDialog(Session& session, QWidget* parent) : QDialog(parent), m_session(session) {
    setObjectName(QStringLiteral("experiments dialog"));
    makeParts();
    connect(m_chooser, &SegmentedControl::chosen, this, [this] {
        m_problem.clear();
        refresh();
    });
    connect(m_start, &Button::clicked, this, &ExperimentsDialog::start);
    connect(m_exportButton, &Button::clicked, this, [this] {
        if (!m_export) m_export = named("experiments.export", new ExportPanel([this] { return offers(); }, this));
        m_export->show();
        m_export->raise();
    });
    connect(&m_session.focus(), &Focus::runChanged, this, &ExperimentsDialog::refresh);
    connect(&m_session.workspace(), &Workspace::runAdded, this, &ExperimentsDialog::watch);
    connect(&m_session.workspace(), &Workspace::runRemoved, this, &ExperimentsDialog::refreshTrained);
    for (Run* run : m_session.workspace().runs()) watch(run);
    refresh();
    resize(Theme::instance().px(experimentsDialogDialogWidth), sizeHint().height());
}

ExperimentsDialog::~ExperimentsDialog() {
    if (running()) m_job->cancel();
}

void ExperimentsDialog::makeParts() {
    const Theme& theme = Theme::instance();
    m_chooser = named("experiments.kind",
                      new SegmentedControl({tr("frozen weights"), tr("another map"), tr("net"), tr("position")}, tr("Experiment")));
    m_about = new ThemedLabel(QString());
    m_said = new ThemedLabel(QString());
    m_table = named("experiments.table", new DataTable(tr("What came of it"), experimentsDialogTableRow));
    m_table->setMinimumHeight(theme.px(experimentsDialogTableHeight));
    m_start = named("experiments.start", new Button(tr("Start")));
    m_start->setDefault(true);
    m_exportButton = named("experiments.write", new Button(tr("Export\u2026")));
    auto* close = named("experiments.close", new Button(tr("Close")));
    connect(close, &Button::clicked, this, &QDialog::reject);
    for (ThemedLabel* label : {m_about, m_said}) label->setWordWrap(true);
    m_said->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_chooser, 0, Qt::AlignLeft);
    layout->addWidget(m_about);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_said);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addStretch();
    buttons->addWidget(m_exportButton);
    buttons->addWidget(close);
    layout->addLayout(buttons);
}

ExperimentsDialog::Kind ExperimentsDialog::kind() const {
    return static_cast<Kind>(m_chooser->current());
}

void ExperimentsDialog::choose(Kind kind) {
    m_chooser->setCurrent(static_cast<int>(kind));
    m_problem.clear();
    refresh();
}

QString ExperimentsDialog::about() const {
    switch (kind()) {
        case Kind::frozen:
            return tr(
                "Do the heads learn, or does the rest? Two runs begin beside this one, with the same seeds and settings: in one the "
                "attention's weights stay as they were drawn (norms of queries and keys count as the rest), in the other only they are "
                "trained.");
        case Kind::maps:
            return tr("Could a map be computed once and used again? Up to %1 validation inputs as long as the one shown are answered with "
                      "each "
                      "head's own map, with the mean of their maps, and with the next input's map.")
                .arg(mostMapInputs);
        case Kind::net:
            return tr(
                "Could a feed-forward net do what attention does? A run begins beside this one, with the same seeds and settings, in which "
                "one net over all positions, of as many parameters, stands in place of each attention. It reads no more positions than it "
                "has weights for; Classic comparisons has one that reads longer inputs.");
        case Kind::positions:
            break;
    }
    return tr(
        "Is the position of a token lost on the way through the heads and W_O? A linear map is asked which position a vector is of, "
        "before the attention, in the concatenated heads, behind W_O and in the sum.");
}

void ExperimentsDialog::watch(Run* run) {
    connect(run, &Run::metricsExtended, this, &ExperimentsDialog::refreshTrained);
    refreshTrained();
}

void ExperimentsDialog::refreshTrained() {
    if (trains()) refresh();
}

void ExperimentsDialog::start() {
    Run* run = m_session.focus().run();
    if (!run) return;
    if (running() && m_jobKind == kind()) return m_job->cancel();
    m_problem.clear();
    switch (kind()) {
        case Kind::frozen:
        case Kind::net:
            return addRuns();
        case Kind::maps:
            return submit<MeasuredMaps>(
                tr("Answers with another map"), QStringLiteral("fixed-maps"),
                [](const Source& source, JobContext& context) {
                    const auto found = fixedMaps(
                        *source.model, source.checkpoint->weights, inputsForMaps(*source.model, *source.data, source.like),
                        [&] { return context.cancelled(); }, [&](int done, int total) { context.progress(done, total); });
                    return MeasuredMaps{source.checkpoint->step, static_cast<int>(source.like.tokens.size()), found.value_or(FixedMaps())};
                },
                fixedMapsTable);
        case Kind::positions:
            return submit<MeasuredPositions>(
                tr("Position through W_O"), QStringLiteral("position-probe"),
                [](const Source& source, JobContext& context) {
                    const auto found = positionProbes(
                        *source.model, source.checkpoint->weights, inputsForVectors(*source.model, *source.data, source.like),
                        [&] { return context.cancelled(); }, [&](int done, int total) { context.progress(done, total); });
                    return MeasuredPositions{source.checkpoint->step, found.value_or(PositionProbes())};
                },
                positionTable);
    }
}

/// What is not among the runs yet.
std::vector<Experiment> ExperimentsDialog::frozenSettings() const {
    const Run* shown = m_session.focus().run();
    if (!shown) return {};
    const std::vector<Run*> kin = frozenKin(*shown, m_session.workspace().runs());
    std::vector<Experiment> settings;
    const auto add = [&](const std::vector<std::string>& frozen, const QString& name) {
        if (std::ranges::any_of(kin, [&](const Run* run) { return run->experiment().training.frozen == frozen && !run->origin(); })) return;
        Experiment experiment = withoutDerived(shown->experiment());
        experiment.training.frozen = frozen;
        experiment.name = name.arg(shown->name()).toStdString();
        settings.push_back(std::move(experiment));
    };
    add(frozenAttention(), tr("%1, attention frozen"));
    add(frozenRest(*shown), tr("%1, all but attention frozen"));
    return settings;
}

std::vector<Experiment> ExperimentsDialog::netSettings() const {
    const Run* shown = m_session.focus().run();
    const std::optional<Experiment> net = shown ? withNet(*shown) : std::nullopt;
    const auto isNet = [](const Run* run) { return !run->experiment().model.attends(); };
    if (!net || std::ranges::any_of(mixerKin(*shown, m_session.workspace().runs()), isNet)) return {};
    return {*net};
}

ExperimentTable ExperimentsDialog::trainedTable(const Run& run) const {
    const auto& runs = m_session.workspace().runs();
    return kind() == Kind::frozen ? frozenTable(run, frozenKin(run, runs)) : mixerTable(run, mixerKin(run, runs));
}

void ExperimentsDialog::addRuns() {
    for (Run* run : m_session.addBeside(settings())) {
        run->setPace(0);
        run->train();
    }
    refresh();
}

template <class Measured>
void ExperimentsDialog::submit(const QString& title, const QString& analysis, std::function<Measured(const Source&, JobContext&)> measure,
                               std::function<ExperimentTable(const Model&, const Measured&)> told) {
    Run* run = m_session.focus().run();
    const CheckpointPtr checkpoint = m_session.focus().checkpoint();
    if (!checkpoint) return;
    const Input& input = m_session.focus().input();
    const Source source{run->model(), run->dataset(), checkpoint, {input.tokens, input.targetTokens, {}}};
    const Kind asked = kind();
    const QString key = QStringLiteral("%1 %2 %3").arg(analysis).arg(input.tokens.size()).arg(input.targetTokens.size());
    m_jobKind = asked;
    m_job = run->jobs().submit(title, {run, checkpoint->step, checkpoint->step, key},
                               [source, measure](JobContext& context) { return measure(source, context); });
    connect(m_job.get(), &Job::changed, this, &ExperimentsDialog::refresh);
    connect(m_job.get(), &Job::failed, this, [this](const QString& why) {
        m_problem = why;
        refresh();
    });
    connect(m_job.get(), &Job::finished, this, [this, told, asked, of = QPointer<Run>(run), job = std::weak_ptr<Job>(m_job)] {
        const JobPtr held = job.lock();
        const auto measured = held ? held->result<Measured>() : nullptr;
        if (!measured || !of) return;
        m_results[indexOf(asked)] = told(*of->model(), *measured);
        m_of[indexOf(asked)] = of;
        refresh();
    });
    refresh();
}

void ExperimentsDialog::refresh() {
    Run* run = m_session.focus().run();
    const std::size_t index = indexOf(kind());
    if (trains()) {
        m_results[index] = run ? trainedTable(*run) : ExperimentTable();
        m_of[index] = run;
    }
    const bool own = m_of[index] == run;
    m_shown = own ? m_results[index] : ExperimentTable();
    m_about->setText(about());
    setWindowTitle(run ? tr("Experiments with %1").arg(run->name()) : tr("Experiments"));
    const bool busy = running();
    const std::size_t begins = trains() ? settings().size() : 0;
    const QString begin = !trains() ? tr("Measure") : begins == 1 ? tr("Begin the run") : tr("Begin both runs");
    m_start->setEnabled(run && (trains() ? begins > 0 : !busy || m_jobKind == kind()));
    m_start->setText(busy && m_jobKind == kind() ? tr("Cancel") : begin);
    m_start->setWidthFor({tr("Cancel"), tr("Begin both runs"), tr("Begin the run"), tr("Measure")});
    m_exportButton->setEnabled(!m_shown.empty());
    QString said = m_shown.sentence;
    if (kind() == Kind::net && run && run->experiment().model.attends() && !withNet(*run))
        said = tr("Only an encoder can have a net in place of attention: it reads all positions at once.");
    if (!m_problem.isEmpty()) said = m_problem;
    if (busy && m_jobKind == kind())
        said = m_job->total() > 0 ? tr("%1 of %2 done").arg(m_job->done()).arg(m_job->total()) : tr("Waiting for its turn");
    m_said->setText(said.isEmpty() ? QStringLiteral(" ") : said);
    showTable();
}

/// The columns anew only where they are others: what a person sorted by stays.
void ExperimentsDialog::showTable() {
    std::vector<std::string> ids{m_shown.rowsAre.toStdString()};
    for (const ExperimentTable::Row& row : m_shown.rows) ids.push_back(row.name.toStdString());  // their room is the first column's
    for (const ExperimentTable::Column& column : m_shown.columns) ids.push_back(column.id);
    if (ids != m_columnIds) makeColumns();
    m_columnIds = std::move(ids);
    m_table->showAll(m_shown.rows.size(), m_table->chosen());
}

void ExperimentsDialog::makeColumns() {
    m_table->showAll(0, std::nullopt);
    m_table->setColumns(columnsOf(m_shown));
}

std::vector<FigureOffer> ExperimentsDialog::offers() const {
    const Run* run = m_session.focus().run();
    if (!run || m_shown.empty()) return {};
    FigureOffer offer = tableOffer(windowTitle(), *m_table, m_shown.sentence, {run->name()});
    offer.still = true;
    return {offer};
}

}  // namespace lab
