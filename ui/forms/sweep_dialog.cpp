#include "ui/forms/sweep_dialog.h"

#include <QComboBox>
#include <QCompleter>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPointer>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform.h"
#include "core/config/experiment_json.h"
#include "core/config/visitor.h"
#include "core/sweep/remaining_work.h"
#include "core/sweep/run_sweep.h"
#include "ui/forms/field_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/export_panel.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/spoken_help.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int dialogWidth = 620, keyWidth = 250, keysHeight = 220;

std::filesystem::path toPath(const QString& text) {
    return pathFromUtf8(text.toStdString());
}

QString keysOf(const Sweep& sweep) {
    QStringList lines;
    for (const GridKey& key : sweep.grid)
        lines += shown(Message(LAB_PLURAL("sweeps", "%1: %n value(s)")).arg(key.path).count(std::ssize(key.values)));
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

GridKeyRow::GridKeyRow(const DraftKey& key, QWidget* parent) : QWidget(parent) {
    m_key = named(".key", new QComboBox);
    m_key->setEditable(true);
    m_key->setInsertPolicy(QComboBox::NoInsert);
    m_key->setAccessibleName(tr("Key"));
    for (const FieldInfo& field : fieldTable())
        if (canBeTyped(field.path)) m_key->addItem(QString::fromStdString(field.path));
    m_key->completer()->setFilterMode(Qt::MatchContains);
    m_key->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_key->lineEdit()->setPlaceholderText(tr("key, as model.d_model"));
    m_key->setCurrentIndex(-1);
    m_key->setEditText(QString::fromStdString(key.path));
    m_key->setFixedWidth(Theme::instance().px(keyWidth));
    m_values = named(".values", new QLineEdit(QString::fromStdString(key.values)));
    m_values->setAccessibleName(tr("Values"));
    m_values->setPlaceholderText(tr("values, as 16, 32, 64 or 1..5"));
    auto* remove = named(".remove", new Button(QStringLiteral("\u00D7")));
    remove->setAccessibleName(tr("Remove this key"));
    remove->setToolTip(tr("Remove this key"));
    m_problem = new ProblemLabel;
    auto* line = new QHBoxLayout;
    line->addWidget(m_key);
    line->addWidget(m_values, 1);
    line->addWidget(remove);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::instance().px(2));
    column->addLayout(line);
    column->addWidget(m_problem);
    connect(m_key, &QComboBox::editTextChanged, this, [this] {
        explainKey();
        emit edited();
    });
    connect(m_values, &QLineEdit::textChanged, this, &GridKeyRow::edited);
    connect(remove, &Button::clicked, this, &GridKeyRow::removed);
    explainKey();
}

void GridKeyRow::explainKey() {
    const FieldInfo* field = fieldTable().find(key().path);
    const QString help = field ? fieldToolTip(*field, field->defaultValue, field->defaultValue) : QString();
    setHelp(*m_key, help);
    setHelp(*m_values, help);
}

DraftKey GridKeyRow::key() const {
    return {m_key->currentText().trimmed().toStdString(), m_values->text().trimmed().toStdString()};
}

void GridKeyRow::setProblem(const QString& sentence) {
    m_problem->say(sentence, *m_values);
}

QString GridKeyRow::problem() const {
    return m_problem->sentence();
}

/// What the check found out.
struct SweepDialog::Verdict {
    std::optional<Sweep> sweep;
    QString problem;
    int runs = 0;
    ResultsState results;
    std::pair<std::string, double> rate;
    std::optional<double> seconds;
};

SweepDialog::SweepDialog(std::vector<Source> sources, const QString& folder, LatestTask& checker, QWidget* parent)
    : QDialog(parent), m_sources(std::move(sources)), m_folder(folder), m_checker(checker) {
    setWindowTitle(tr("New sweep"));
    setObjectName(QStringLiteral("sweep dialog"));
    arrange();
    connect(m_source, &QComboBox::activated, this, &SweepDialog::chooseSource);
    connect(m_name, &QLineEdit::textEdited, this, [this] {
        suggestPath();
        check();
    });
    connect(m_add, &Button::clicked, this, [this] {
        addRow({});
        m_rows.back()->keyBox().setFocus();
        check();
    });
    connect(m_path, &QLineEdit::textEdited, this, [this] {
        m_pathEdited = true;
        check();
    });
    for (QComboBox* box : {m_jobs, m_threads}) connect(box, &QComboBox::activated, this, &SweepDialog::check);
    connect(m_start, &Button::clicked, this, [this] {
        if (!m_ready) return;
        emit wanted(*m_ready, m_path->text().trimmed(), options());
        accept();
    });
    chooseSource(0);
}

SweepDialog::~SweepDialog() {
    m_measuring.request_stop();
}

void SweepDialog::arrange() {
    const Theme& theme = Theme::instance();
    m_source = named("sweep.dialog.source", new QComboBox);
    for (const Source& source : m_sources) m_source->addItem(source.title);
    m_name = named("sweep.dialog.name", new QLineEdit);
    m_keys = new QWidget;
    m_keyColumn = new QVBoxLayout(m_keys);
    m_keyColumn->setContentsMargins(0, 0, 0, 0);
    m_fixed = new ThemedLabel({}, TextSize::text, Role::muted);
    m_fixed->setWordWrap(true);
    m_keyColumn->addWidget(m_fixed);
    m_add = named("sweep.dialog.add", new Button(tr("Add a key")));
    m_keyColumn->addWidget(m_add, 0, Qt::AlignLeft);
    m_keyColumn->addStretch();
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(m_keys);
    scroll->setMinimumHeight(theme.px(keysHeight));
    scroll->setFocusPolicy(Qt::NoFocus);
    m_path = named("sweep.dialog.path", new QLineEdit);
    auto* browseButton = named("sweep.dialog.browse", new Button(tr("Choose\u2026")));
    connect(browseButton, &Button::clicked, this, &SweepDialog::browse);
    auto* pathLine = new QHBoxLayout;
    pathLine->addWidget(m_path, 1);
    pathLine->addWidget(browseButton);
    m_jobs = named("sweep.dialog.jobs", new QComboBox);
    m_threads = named("sweep.dialog.threads", new QComboBox);
    for (int i = 1; i <= processorCount(); ++i) {
        m_jobs->addItem(QString::number(i), i);
        m_threads->addItem(QString::number(i), i);
    }
    for (QComboBox* box : {m_jobs, m_threads}) box->setCurrentIndex(box->count() - 1);
    m_jobs->setToolTip(tr("The rows are the same whatever you choose"));
    m_threads->setToolTip(tr("What the runs share; the window's own training goes first"));
    auto* machine = new QHBoxLayout;
    machine->addWidget(m_jobs);
    auto* share = new ThemedLabel(tr("on &processors:"));
    share->setBuddy(m_threads);
    machine->addWidget(share);
    machine->addWidget(m_threads);
    machine->addStretch();
    m_verdict = new ThemedLabel({}, TextSize::text, Role::text, true);
    m_verdict->setWordWrap(true);
    m_verdict->setMinimumHeight(theme.px(34));
    m_start = named("sweep.dialog.start", new Button(tr("Start")));
    m_start->setGlyph(Glyph::play);
    m_start->setDefault(true);
    auto* cancel = named("sweep.dialog.cancel", new Button(tr("Cancel")));
    connect(cancel, &Button::clicked, this, &QDialog::reject);

    auto* form = new QFormLayout;
    form->addRow(tr("&From"), m_source);
    form->addRow(tr("&Name"), m_name);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(new ThemedLabel(tr("Every combination of these values is trained"), TextSize::text, Role::text, true));
    column->addWidget(scroll, 1);
    auto* rest = new QFormLayout;
    rest->addRow(tr("&Results"), pathLine);
    rest->addRow(tr("Runs at on&ce"), machine);
    qobject_cast<QLabel*>(rest->labelForField(pathLine))->setBuddy(m_path);
    qobject_cast<QLabel*>(rest->labelForField(machine))->setBuddy(m_jobs);
    column->addLayout(rest);
    column->addWidget(m_verdict);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_start);
    buttons->addWidget(cancel);
    column->addLayout(buttons);
    resize(theme.px(dialogWidth), sizeHint().height());
}

void SweepDialog::chooseSource(int index) {
    if (index < 0 || index >= static_cast<int>(m_sources.size())) return;
    m_source->setCurrentIndex(index);
    const Source& source = m_sources[static_cast<std::size_t>(index)];
    for (GridKeyRow* row : m_rows) row->deleteLater();
    m_rows.clear();
    for (const DraftKey& key : source.draft.keys) addRow(key);
    m_fixed->setVisible(source.fixed.has_value());
    if (source.fixed)
        m_fixed->setText(tr("This grid runs through what cannot be typed here; it can be run as it is.\n%1").arg(keysOf(*source.fixed)));
    m_add->setVisible(!source.fixed);
    m_name->setText(QString::fromStdString(source.fixed ? source.fixed->name : source.draft.name));
    m_name->setEnabled(!source.fixed);
    suggestPath();
    check();
}

void SweepDialog::addRow(const DraftKey& key) {
    auto* row = named(QStringLiteral("sweep.dialog.row_%1").arg(++m_rowsMade), new GridKeyRow(key));
    m_keyColumn->insertWidget(1 + static_cast<int>(m_rows.size()), row);
    m_rows.push_back(row);
    connect(row, &GridKeyRow::edited, this, &SweepDialog::check);
    connect(row, &GridKeyRow::removed, this, [this, row] { removeRow(row); });
}

void SweepDialog::removeRow(GridKeyRow* row) {
    std::erase(m_rows, row);
    row->deleteLater();
    check();
}

GridDraft SweepDialog::draft() const {
    GridDraft result = m_sources[static_cast<std::size_t>(m_source->currentIndex())].draft;
    result.name = m_name->text().trimmed().toStdString();
    result.keys.clear();
    for (const GridKeyRow* row : m_rows) result.keys.push_back(row->key());
    return result;
}

SweepOptions SweepDialog::options() const {
    return {m_jobs->currentData().toInt(), m_threads->currentData().toInt()};
}

void SweepDialog::suggestPath() {
    if (m_pathEdited) return;
    QString stem = fileNameOf(m_name->text());
    if (stem.isEmpty()) stem = QStringLiteral("sweep");
    m_path->setText(m_folder + QLatin1Char('/') + stem + QStringLiteral(".csv"));
}

void SweepDialog::browse() {
    // An unfinished sweep goes on in its file: nothing is replaced, so nobody asks.
    QString path = QFileDialog::getSaveFileName(this, tr("Results of the sweep"), m_path->text(), tr("Results (*.csv)"), nullptr,
                                                QFileDialog::DontConfirmOverwrite);
    if (path.isEmpty()) return;
    if (QFileInfo(path).suffix().isEmpty()) path += QStringLiteral(".csv");
    m_path->setText(path);
    m_pathEdited = true;
    check();
}

QString SweepDialog::verdict() const {
    return m_verdict->text();
}

void SweepDialog::say(const QString& text, bool wrong) {
    m_verdict->setText(text);
    m_verdict->setRole(wrong ? Role::wrong : Role::text);
}

/// A key's own errors at once; what takes all experiments, the results file and a few steps of training, on a thread.
void SweepDialog::check() {
    m_ready.reset();
    m_start->setEnabled(false);
    m_measuring.request_stop();
    m_measuring = std::stop_source();
    const Source& source = m_sources[static_cast<std::size_t>(m_source->currentIndex())];
    const GridDraft typed = draft();
    bool wrong = false;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const bool untouched = typed.keys[i].path.empty() && typed.keys[i].values.empty();
        const Message problem = untouched ? Message() : problemOfKey(typed, i);
        m_rows[i]->setProblem(shown(problem));
        wrong = wrong || untouched || !problem.empty();
    }
    m_checker.cancel();  // an older answer is none any more
    if (!source.fixed && m_rows.empty()) return say(tr("Add a key and its values."), false);
    if (wrong) return say(tr("Give each key its values."), false);
    const QString path = m_path->text().trimmed();
    if (path.isEmpty()) return say(tr("Say where the results go."), true);
    say(tr("Checking\u2026"), false);
    m_checker.request([self = QPointer(this), fixed = source.fixed, typed, csv = toPath(path), known = m_rate, machine = options(),
                       stop = m_measuring.get_token()]() -> std::function<void()> {
        Verdict verdict;
        try {
            verdict.sweep = fixed ? *fixed : sweepOfDraft(typed);
            verdict.runs = verdict.sweep->runCount();
            verdict.results = resultsState(*verdict.sweep, csv);
            const std::string first = writeExperiment(experimentOf(*verdict.sweep, 0));
            const int jobs = std::min(machine.jobs, verdict.runs), share = std::max(machine.threads / jobs, 1);
            const std::string measured = first + std::to_string(share);
            verdict.rate = known.first == measured ? known : std::pair(measured, measuredRate(*verdict.sweep, 0, share, stop).value_or(0));
            // Jobs beyond the processors take turns.
            const int abreast = std::min(jobs, machine.threads);
            if (verdict.rate.second > 0)
                verdict.seconds = workOf(*verdict.sweep, runsOfShard(*verdict.sweep, 1, 1)) / verdict.rate.second / abreast;
        } catch (const std::exception& error) {
            verdict.problem = shown(messageOf(error));
        }
        return [self, verdict] {
            if (self) self->showVerdict(verdict);
        };
    });
}

void SweepDialog::showVerdict(const Verdict& verdict) {
    if (!verdict.problem.isEmpty()) return say(verdict.problem, true);
    if (!verdict.results.problem.empty()) return say(shown(verdict.results.problem), true);
    m_rate = verdict.rate;
    m_ready = verdict.sweep;
    const int finished = verdict.results.finished;
    Message all = Message(finished > 0 ? LAB_PLURAL("sweeps", "%1 run(s), %2 of them are in the file already and stay")
                                       : LAB_PLURAL("sweeps", "%1 run(s)"))
                      .count(verdict.runs)
                      .arg(grouped(verdict.runs).toStdString());
    if (finished > 0) all.arg(grouped(finished).toStdString());
    const QString runs = shown(all);
    const double share = verdict.runs > 0 ? static_cast<double>(verdict.runs - finished) / verdict.runs : 0;
    say(verdict.seconds ? tr("%1; about %2, by a few steps of the first run.").arg(runs, duration(*verdict.seconds * share))
                        : tr("%1; how long is not known.").arg(runs),
        false);
    m_start->setText(finished > 0 ? tr("Go on") : tr("Start"));
    m_start->setEnabled(true);
}

}  // namespace lab
