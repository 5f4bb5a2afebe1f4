// resources/help/formats.md is what people script against: it names all that the program has, and nothing that it has not.

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include "core/config/comparisons.h"
#include "core/config/presets.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/io/safetensors.h"
#include "core/io/session_file.h"
#include "core/model/model.h"
#include "core/sweep/results_table.h"
#include "core/sweep/sweep.h"
#include "core/training/bench.h"
#include "core/training/metrics_csv.h"
#include "tests/app/program.h"

using namespace lab;

namespace {

QString qt(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString page() {
    QFile file(QStringLiteral(LAB_SOURCE_DIR "/resources/help/formats.md"));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// From this heading to the next one of its level or above.
QString section(const QString& heading) {
    const QString text = page();
    const qsizetype begin = text.indexOf(heading + QLatin1Char('\n'));
    if (begin < 0) return {};
    const qsizetype level = heading.indexOf(QLatin1Char(' '));
    const QRegularExpression next(QStringLiteral("^#{1,%1} ").arg(level), QRegularExpression::MultilineOption);
    const qsizetype end = text.indexOf(next, begin + 1);
    return text.mid(begin, end < 0 ? -1 : end - begin);
}

QString quoted(const std::vector<std::string>& names) {
    QStringList list;
    for (const std::string& name : names) list << QLatin1Char('`') + qt(name) + QLatin1Char('`');
    return list.join(QStringLiteral(", "));
}

QString valuesOf(const FieldInfo& field) {
    std::vector<std::string> available;
    for (const std::string& choice : field.choices)
        if (std::find(field.unavailable.begin(), field.unavailable.end(), choice) == field.unavailable.end()) available.push_back(choice);
    QString values = field.choices.empty() ? qt(kindText(field.kind)) : quoted(available);
    if (const std::string limits = field.limits.text(); field.choices.empty() && !limits.empty())
        values += QStringLiteral(", ") + qt(limits);
    if (!field.unavailable.empty()) values += QStringLiteral(" (not available: %1)").arg(quoted(field.unavailable));
    return values;
}

QString defaultOf(const FieldInfo& field) {
    if (const std::string text = field.defaultText(); !text.empty()) return QLatin1Char('`') + qt(text) + QLatin1Char('`');
    if (field.presence == Presence::derived) return QStringLiteral("derived");
    return field.presence == Presence::required ? QStringLiteral("must be given") : QStringLiteral("empty");
}

QString escaped(QString text) {
    return text.replace(QLatin1Char('|'), QStringLiteral("\\|"));
}

QString rowOf(const FieldInfo& field) {
    return QStringLiteral("| `%1` | %2 | %3 | %4 |").arg(qt(field.path), valuesOf(field), defaultOf(field), escaped(qt(field.help)));
}

/// A name as a table of the page has it, SIDE, I, NAME and N standing for what they do.
QRegularExpression patternOf(QString name) {
    QString pattern = QRegularExpression::escape(name);
    pattern.replace(QStringLiteral("SIDE"), QStringLiteral("(encoder|decoder)"));
    pattern.replace(QStringLiteral("NAME"), QStringLiteral("(encoder|decoder)\\.\\d+\\.(attention|cross_attention)"));
    pattern.replace(QRegularExpression(QStringLiteral("\\bI\\b")), QStringLiteral("\\d+"));
    pattern.replace(QRegularExpression(QStringLiteral("\\bN\\b")), QStringLiteral("\\d+"));
    pattern.replace(QStringLiteral("\\*"), QStringLiteral(".+"));
    pattern.replace(QStringLiteral("PARAMETER"), QStringLiteral(".+"));
    pattern.replace(QStringLiteral("INTERMEDIATE"), QStringLiteral(".+"));
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern));
}

/// The names in the first column of a section's tables; `.bias` behind `x.weight` means `x.bias`.
std::vector<QRegularExpression> namesIn(const QString& text) {
    std::vector<QRegularExpression> patterns;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        if (!line.startsWith(QStringLiteral("| `"))) continue;
        const QString cell = line.section(QLatin1Char('|'), 1, 1);
        const QRegularExpression name(QStringLiteral("`([^`]+)`"));
        QString before;
        for (auto found = name.globalMatch(cell); found.hasNext();) {
            QString each = found.next().captured(1);
            if (each.startsWith(QLatin1Char('.'))) each = before.left(before.lastIndexOf(QLatin1Char('.'))) + each;
            patterns.push_back(patternOf(before = each));
        }
    }
    return patterns;
}

void verifyNamed(const std::vector<QRegularExpression>& patterns, const std::string& name) {
    const bool named =
        std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) { return pattern.match(qt(name)).hasMatch(); });
    QVERIFY2(named, name.c_str());
}

/// Experiments that between them have every tensor.
std::vector<Experiment> variedExperiments() {
    std::vector<Experiment> all(5);
    for (Experiment& each : all) {
        each.task.seq_len = 4;
        each.model.d_model = 8;
    }
    all[0].model.embedding_bias = true;
    all[1].model.attention.form = AttentionForm::kv_pos;
    all[1].model.norm.placement = NormPlacement::pre;
    all[2].model.architecture = Architecture::encoder_decoder;
    all[2].model.position.kind = PositionKind::learned;
    all[3].model.architecture = Architecture::decoder;
    all[3].model.position.kind = PositionKind::rope;
    all[3].model.feed_forward.activation = Activation::swiglu;
    all[3].model.norm.placement = NormPlacement::pre;
    all[4].model.norm.kind = NormKind::rms;
    all[4].model.output.kind = OutputKind::linear;
    for (Experiment& each : all) each = resolved(each);
    return all;
}

/// The keys of an object and of those within it, but for an experiment's, which have a section of their own, and steps and notes by name.
void verifyKeys(const QString& text, const QJsonObject& object) {
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        QVERIFY2(text.contains(QLatin1Char('`') + entry.key() + QLatin1Char('`')) ||
                     text.contains(QLatin1Char('"') + entry.key() + QLatin1Char('"')),
                 qPrintable(entry.key()));
        if (QStringList{QStringLiteral("experiment"), QStringLiteral("pins"), QStringLiteral("notes")}.contains(entry.key())) continue;
        verifyKeys(text, entry->toObject());
        for (const QJsonValue& item : entry->toArray()) verifyKeys(text, item.toObject());
    }
}

Weights initialOf(const Model& model) {
    return Weights(model.layout().flatSize(), 0.1f);
}

}  // namespace

class FormatsTest : public QObject {
    Q_OBJECT

private slots:
    void everyKeyStandsWithItsValuesDefaultAndMeaning() {
        const QStringList lines = section(QStringLiteral("## 1. The experiment (JSON)")).split(QLatin1Char('\n'));
        for (const FieldInfo& field : fieldTable()) {
            const QString row = rowOf(field);
            QVERIFY2(lines.contains(row), qPrintable(QStringLiteral("the page needs this row:\n") + row));
        }
    }

    void noKeyIsInvented() {
        const QRegularExpression key(QStringLiteral("`((task|model|training)\\.[a-z_0-9.]+)`"));
        int keys = 0;
        for (auto found = key.globalMatch(page()); found.hasNext(); ++keys) {
            const std::string path = found.next().captured(1).toStdString();
            QVERIFY2(fieldTable().find(path) || fieldTable().isSection(path), path.c_str());
        }
        QVERIFY(keys > 50);
    }

    void everyPresetSweepAndComparisonIsNamed() {
        for (const Preset& preset : presets())
            QVERIFY2(page().contains(QStringLiteral("| `%1` |").arg(qt(preset.name))), preset.name.data());
        for (const BuiltInSweep& sweep : builtInSweeps())
            QVERIFY2(page().contains(QStringLiteral("`%1`").arg(qt(sweep.name))), sweep.name.data());
        for (const ComparisonText& text : comparisonTexts())
            QVERIFY2(page().contains(QStringLiteral("`%1`").arg(qt(text.name))), text.name.data());
    }

    void everyCommandIsThereWithAllItsOptions() {
        const ProgramResult help = runProgram({QStringLiteral("--help")}, QDir::tempPath());
        EXPECT_STATUS(help, 0);
        const QString list = help.output.section(QStringLiteral("\ncommands:\n"), 1).section(QStringLiteral("\n\n"), 0, 0);
        int commands = 0;
        const QRegularExpression name(QStringLiteral("^  (\\w+) "), QRegularExpression::MultilineOption);
        for (auto found = name.globalMatch(list); found.hasNext(); ++commands) verifyCommand(found.next().captured(1));
        QVERIFY(commands >= 9);
    }

    void everyTensorOfACheckpointAndATraceIsNamed() {
        const auto parameters = namesIn(section(QStringLiteral("## 2. Checkpoints, states and sessions (safetensors)")));
        const auto intermediates = namesIn(section(QStringLiteral("## 3. Traces (safetensors)")));
        for (const Experiment& experiment : variedExperiments()) {
            const Model model(experiment.model);
            for (const Parameter& parameter : model.layout().parameters()) verifyNamed(parameters, parameter.name);
            Input input;
            input.tokens = {1, 2, 3, 1};
            if (experiment.model.architecture == Architecture::encoder_decoder) input.targetTokens = input.tokens;
            input.targets = {1, 1, 2, -1};
            const Trace trace = model.trace(initialOf(model), input, {true, true});
            for (const NamedTensors::Entry& entry : trace.entries()) verifyNamed(intermediates, entry.name);
        }
    }

    void everyPartOfASessionIsNamed() {
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.filePath(QStringLiteral("session.safetensors")).toStdString());
        SessionFile session;
        for (const char* name : {"first", "second"}) {
            SessionRun run;
            run.name = name;
            run.experiment = variedExperiments().front();
            const auto model = std::make_shared<const Model>(run.experiment.model);
            run.layout = {model, &model->layout()};
            const auto weights = std::make_shared<const Weights>(initialOf(*model));
            run.present = std::make_shared<const TrainingState>(TrainingState{*weights, *weights, *weights, 1});
            run.past.moments = {{0, weights}, {1, weights}};
            run.past.states = {std::make_shared<const TrainingState>(TrainingState{*weights, *weights, *weights, 0})};
            run.past.pins = {{0, "start"}};
            run.past.rows = {std::vector<double>(13, 1.0)};
            run.origin = SessionRun::Origin{"first", 0};
            session.runs.push_back(run);
        }
        session.window = "{}";
        writeSession(path, session);
        const TensorFile file = readSafetensors(path);
        const QString text = section(QStringLiteral("## 2. Checkpoints, states and sessions (safetensors)"));
        const auto names = namesIn(text);
        for (const NamedTensors::Entry& entry : file.tensors.entries())
            if (!entry.name.starts_with("optimizer.")) verifyNamed(names, entry.name);
        for (const auto& [key, value] : file.metadata) {
            QVERIFY2(text.contains(QStringLiteral("| `%1` |").arg(qt(key))), key.c_str());
            if (key.starts_with("attention_lab.session"))
                verifyKeys(text, QJsonDocument::fromJson(QByteArray::fromStdString(value)).object());
        }
    }

    void columnsAreNamedInTheirOrder() {
        QVERIFY(section(QStringLiteral("## 5. Metrics (CSV)")).contains(QLatin1Char('`') + qt(metricsHeader()) + QLatin1Char('`')));
        QStringList columns;
        for (const std::string& column : resultColumns()) columns << qt(column);
        QVERIFY(section(QStringLiteral("### Its results")).contains(QLatin1Char('`') + columns.join(QLatin1Char(',')) + QLatin1Char('`')));
        const QRegularExpression key(QStringLiteral("\"([a-z_]+)\":"));
        BenchReport report;
        report.peakGflops[1] = 1;
        report.results.emplace_back().row.experiment = resolved({});
        for (auto found = key.globalMatch(qt(benchJson(report))); found.hasNext();)
            QVERIFY(section(QStringLiteral("### Benchmarks")).contains(found.next().captured(0)));
    }

    void whatItSaysOfErrorsAndExamplesIsTrue() {
        const QString example = section(QStringLiteral("## 1. The experiment (JSON)"))
                                    .section(QStringLiteral("```json\n"), 1)
                                    .section(QStringLiteral("```"), 0, 0);
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("example.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(example.toUtf8());
        file.close();
        const QStringList train{QStringLiteral("train"),
                                file.fileName(),
                                QStringLiteral("--quiet"),
                                QStringLiteral("--set"),
                                QStringLiteral("training.steps=1"),
                                QStringLiteral("--set"),
                                QStringLiteral("task.test_size=8")};
        EXPECT_STATUS(runProgram(train, folder.path()), 0);
        for (const char* setting : {"model.attention.pattern.kind=bigbird", "model.attention.form=q+kv", "model.attention.kernel=performer",
                                    "model.attention.qk_norm=true", "model.attention.mask_diagonal=true"}) {
            const ProgramResult refused = runProgram(train + QStringList{QStringLiteral("--set"), QLatin1String(setting)}, folder.path());
            QVERIFY2(refused.errors.contains(QLatin1String("is not available in this version")),
                     qPrintable(QLatin1String(setting) + refused.errors));
        }
        const ProgramResult heads = runProgram(train + QStringList{QStringLiteral("--set"), QStringLiteral("model.num_heads=4"),
                                                                   QStringLiteral("--set"), QStringLiteral("model.num_kv_heads=3")},
                                               folder.path());
        const QString sentence = heads.errors.section(QStringLiteral("error: "), 1).trimmed();
        QVERIFY2(!sentence.isEmpty() && page().contains(sentence), qPrintable(heads.errors));
    }

private:
    void verifyCommand(const QString& command) {
        const QString text = section(QStringLiteral("### ") + command);
        QVERIFY2(!text.isEmpty(), qPrintable(command));
        const ProgramResult help = runProgram({command, QStringLiteral("--help")}, QDir::tempPath());
        EXPECT_STATUS(help, 0);
        const QString options = help.output.section(QStringLiteral("\noptions:\n"), 1).section(QStringLiteral("\n\n"), 0, 0);
        const QRegularExpression option(QStringLiteral("^  (--[a-z-]+(?: [A-Z][^ ]*)?)(?: |$)"), QRegularExpression::MultilineOption);
        int count = 0;
        for (auto found = option.globalMatch(options); found.hasNext(); ++count) {
            const QString name = found.next().captured(1);
            QVERIFY2(text.contains(QStringLiteral("| `%1` |").arg(name)), qPrintable(command + QLatin1Char(' ') + name));
        }
        QVERIFY(count >= 2);
        const QString usage = help.output.section(QStringLiteral("usage: "), 1).section(QStringLiteral("\n\n"), 0, 0);
        for (const QString& line : usage.split(QLatin1Char('\n'))) QVERIFY2(text.contains(line.trimmed()), qPrintable(line));
    }
};

QTEST_APPLESS_MAIN(FormatsTest)
#include "formats_test.moc"
