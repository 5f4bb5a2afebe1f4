#include "ui/forms/text_dialog.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/errors.h"
#include "core/base/path_list.h"
#include "core/data/text_dataset.h"
#include "core/data/text_recipes.h"
#include "core/model/model.h"
#include "core/text/text_files.h"
#include "core/training/memory_need.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int textDialogWidth = 620, verdictHeight = 92;  // logical px at 100 %
constexpr int offeredMinutes[] = {1, 5, 20};              // behind the recipe's own number of steps

/// Of folders their texts, which takes a while.
qint64 bytesOf(const QStringList& paths, const Watch& watch) {
    qint64 bytes = 0;
    for (const QString& path : paths) {
        try {
            for (const std::filesystem::path& file : textFilesOf(listedPath(path.toStdString()), {}, watch))
                bytes += static_cast<qint64>(file_size(file));
        } catch (const std::exception&) {
            continue;  // the reading says what is wrong
        }
    }
    return bytes;
}

QString sizeText(double bytes) {
    return bytes < 1e6 ? TextDialog::tr("%1 kB").arg(fixed(bytes / 1e3, 0)) : TextDialog::tr("%1 MB").arg(fixed(bytes / 1e6, 1));
}

QString namesOf(const QStringList& paths) {
    QStringList names;
    for (const QString& path : paths) names << QFileInfo(path).fileName();
    return names.join(QStringLiteral(", "));
}

/// "40 s", "12 min".
QString lastsText(double seconds) {
    if (seconds < 100) return TextDialog::tr("%1 s").arg(fixed(seconds, 0));
    return seconds < 6000 ? TextDialog::tr("%1 min").arg(fixed(seconds / 60, 0)) : TextDialog::tr("%1 h").arg(fixed(seconds / 3600, 1));
}

double parametersOf(const Experiment& experiment) {
    return static_cast<double>(Model(experiment.model).layout().flatSize());
}

}  // namespace

TextDialog::TextDialog(const QStringList& paths, const CorpusSettings& settings, QWidget* parent) : QDialog(parent), m_settings(settings) {
    for (const QString& path : paths) m_paths << QFileInfo(path).absoluteFilePath();
    if (std::ranges::none_of(m_paths, [](const QString& path) { return QFileInfo(path).isDir(); })) m_bytes = bytesOf(m_paths, {});
    setWindowTitle(tr("Train on a text"));
    setObjectName(QStringLiteral("text dialog"));
    arrange();
    connect(m_recipe, &SegmentedControl::chosen, this, &TextDialog::measure);
    connect(m_time, &SegmentedControl::chosen, this, &TextDialog::showMeasured);
    connect(m_train, &Button::clicked, this, [this] { finish(true); });
    connect(m_open, &Button::clicked, this, [this] { finish(false); });
    measure();
}

TextDialog::~TextDialog() = default;

void TextDialog::arrange() {
    const Theme& theme = Theme::instance();
    QStringList names, times{tr("the recipe\u2019s steps")};
    for (const TextRecipe* recipe : recipesByEffort()) names << dataText(DataFiles::recipes, experimentOfRecipe(*recipe, {}, 0).name);
    for (const int minutes : offeredMinutes) times << counted(LAB_PLURAL("text", "%n minute(s)"), minutes);
    m_recipe = named("text.dialog.recipe", new SegmentedControl(names, tr("Recipe")));
    m_time = named("text.dialog.time", new SegmentedControl(times, tr("For how long")));
    m_about = new ThemedLabel({}, TextSize::text, Role::muted);
    m_verdict = new ThemedLabel({}, TextSize::text, Role::text);
    for (ThemedLabel* label : {m_about, m_verdict}) label->setWordWrap(true);
    m_verdict->setMinimumHeight(theme.px(verdictHeight));
    m_verdict->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_train = named("text.dialog.train", new Button(tr("Train")));
    m_train->setDefault(true);
    m_open = named("text.dialog.open", new Button(tr("Open only")));
    auto* table = named("text.dialog.table", new Button(tr("A table of examples\u2026")));
    table->setToolTip(tr("If each line of the file is an example of its own: tags, translations, classes"));
    table->setVisible(m_paths.size() == 1 && QFileInfo(m_paths.front()).isFile());
    connect(table, &Button::clicked, this, [this] {
        emit tableWanted(m_paths.front());
        reject();
    });
    m_latin1 = named("text.dialog.latin1", new Button(tr("Read as Latin-1")));
    m_latin1->setToolTip(tr("Reads each byte as one Latin-1 character, as in old files of western Europe"));
    connect(m_latin1, &Button::clicked, this, [this] {
        m_settings.cleaning.emplace_back("latin1");
        measure();
    });
    auto* cancel = named("text.dialog.cancel", new Button(tr("Cancel")));
    connect(cancel, &Button::clicked, this, &QDialog::reject);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(table);
    buttons->addStretch();
    for (Button* button : {m_latin1, m_train, m_open, cancel}) buttons->addWidget(button);
    auto* column = new QVBoxLayout(this);
    m_heading = new ThemedLabel({}, TextSize::text, Role::text, true);
    m_heading->setWordWrap(true);
    showHeading();
    column->addWidget(m_heading);
    for (const auto& [title, control] : {std::pair(tr("Recipe"), m_recipe), std::pair(tr("For"), m_time)}) {
        auto* row = new QHBoxLayout;
        auto* label = new ThemedLabel(title);
        label->setMinimumWidth(theme.px(56));
        row->addWidget(label);
        row->addWidget(control);
        row->addStretch();
        column->addLayout(row);
        if (control == m_recipe) column->addWidget(m_about);
    }
    column->addWidget(m_verdict, 1);
    column->addLayout(buttons);
    resize(theme.px(textDialogWidth), sizeHint().height());
}

Experiment TextDialog::settingsOf(int recipe) const {
    std::vector<std::string> paths;
    for (const QString& path : m_paths) paths.push_back(path.toStdString());
    Experiment experiment = experimentOfRecipe(*recipesByEffort()[static_cast<std::size_t>(recipe)], pathList(paths),
                                               static_cast<std::size_t>(m_bytes.value_or(0)));
    TextConfig& text = experiment.task.text;
    if (m_settings.cleaning != defaultCleaning()) text.cleaning = m_settings.cleaning;
    text.documents = m_settings.documentsAreFiles ? DocumentCut::files : DocumentCut::blank_lines;
    text.split = m_settings.splitTail ? TextSplit::tail : TextSplit::documents;
    text.validation_share = m_settings.validationShare;
    experiment.name += ": " + namesOf(m_paths).toStdString();
    return experiment;
}

void TextDialog::showHeading() {
    const QString names = namesOf(m_paths);
    m_heading->setText(m_bytes ? tr("%1, %2").arg(names, sizeText(static_cast<double>(*m_bytes))) : names);
}

/// How large they are decides on the recipe's pieces.
void TextDialog::findTexts() {
    say(tr("Looking for texts\u2026"), false);
    m_work.request([this, paths = m_paths](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        return [this, bytes = bytesOf(paths, [&wanted](double) { return wanted(); })] {
            m_bytes = bytes;
            showHeading();
            measure();
        };
    });
}

/// The text is read, cut into tokens, and some steps of the training are timed.
void TextDialog::measure() {
    m_measured.reset();
    if (!m_bytes) return findTexts();
    const Experiment settings = settingsOf(m_recipe->current());
    m_about->setText(dataText(DataFiles::recipes, settings.about));
    say(tr("Reading the text\u2026"), false);
    m_work.requestTold(
        [this, settings](Worker::Context& context) -> LatestTask::Found {
            const Watch reading = [this, &context](double share) {
                context.progress([this, share] { say(tr("Reading the text: %1").arg(percent(share, 0)), false); });
                return !context.cancelled();
            };
            try {
                LoadedTask task = loadTask(settings, {}, reading);
                requireTrainable(task);
                context.progress([this] { say(tr("Timing some steps\u2026"), false); }, true);
                const StepPace pace = measuredPace(task, [&context](double) { return !context.cancelled(); });
                auto measured = std::make_shared<const Measured>(Measured{std::move(task), pace});
                return [this, measured] {
                    m_measured = measured;
                    showMeasured();
                };
            } catch (const NotUtf8Error& error) {
                return [this, problem = shown(error.message())] {
                    say(problem, true);
                    m_latin1->show();
                };
            }
        },
        [this](const QString& problem) { say(problem, true); });
}

std::optional<Experiment> TextDialog::experiment() const {
    if (!m_measured) return std::nullopt;
    const auto& dataset = dynamic_cast<const TextDataset&>(*m_measured->task.dataset);
    Experiment settings = settingsOf(m_recipe->current());
    std::int64_t steps = settings.training.steps;
    if (const int time = m_time->current(); time > 0)
        steps = m_measured->pace.stepsWithin(60.0 * offeredMinutes[time - 1], settings.training.validate_every);
    return withSteps(std::move(settings), steps, dataset.train().size());
}

void TextDialog::showMeasured() {
    const auto settings = experiment();
    if (!settings) return;
    const auto& dataset = dynamic_cast<const TextDataset&>(*m_measured->task.dataset);
    const Corpus& corpus = dataset.corpus();
    const StepPace& pace = m_measured->pace;
    const double validations = static_cast<double>(settings->training.steps) / settings->training.validate_every;
    QStringList lines;
    lines << tr("%1 documents, %2 tokens from a vocabulary of %3; %4 of the tokens are for validation.")
                 .arg(grouped(std::ssize(corpus.documents)),
                      compact(static_cast<double>(dataset.train().size() + dataset.validation().size())),
                      grouped(dataset.tokenizer().symbols()), compact(static_cast<double>(dataset.validation().size())));
    lines << tr("The model has %1 weights. %2")
                 .arg(compact(parametersOf(m_measured->task.experiment)), shown(memoryLine(trainingMemory(m_measured->task.experiment))));
    lines << tr("A step takes %1 ms here: %2 steps last about %3 and show each token %4 times.")
                 .arg(fixed(1e3 * pace.step, 0), grouped(settings->training.steps),
                      lastsText(pace.step * settings->training.steps + pace.validation * validations),
                      fixed(timesSeen(*settings, dataset.train().size()), 1));
    if (settings->training.early_stop > 0)
        lines << tr("It ends earlier when %1 validations in a row bring no lower loss.").arg(settings->training.early_stop);
    if (settings->model.dropout > 0)
        lines << tr("Dropout %1, since tokens are shown more than four times.").arg(fixed(settings->model.dropout, 1));
    for (const Message& note : corpus.notes) lines << shown(note);
    say(lines.join(QLatin1Char('\n')), false);
}

void TextDialog::say(const QString& text, bool wrong) {
    m_latin1->hide();
    m_verdict->setRole(wrong ? Role::wrong : Role::text);
    m_verdict->setText(text);
    for (Button* button : {m_train, m_open}) button->setEnabled(m_measured != nullptr);
}

QString TextDialog::verdict() const {
    return m_verdict->text();
}

void TextDialog::finish(bool train) {
    const auto settings = experiment();
    if (!settings) return;
    emit wanted(*settings, m_measured->task, train);
    accept();
}

}  // namespace lab
