// resources/help/formats.md is what people script against: it names all that the program has, and nothing that it has not.

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include "app/commands/typed_input.h"
#include "core/config/comparisons.h"
#include "core/config/presets.h"
#include "core/config/retired_keys.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/io/safetensors.h"
#include "core/io/session_file.h"
#include "core/model/model.h"
#include "core/training/bench.h"
#include "tests/app/formats_page.h"
#include "tests/app/program.h"

using namespace lab;
using formats::page;

namespace {

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

/// A name as a table of the page has it, SIDE, I, NAME and N standing for what they do.
QRegularExpression patternOf(QString name) {
    QString pattern = QRegularExpression::escape(name);
    pattern.replace(QStringLiteral("SIDE"), QStringLiteral("(encoder|decoder)"));
    pattern.replace(QStringLiteral("NAME"),
                    QStringLiteral("((encoder|decoder)\\.\\d+\\.(attention|cross_attention)|bottleneck\\.attention)"));
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
        std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) { return pattern.match(formats::text(name)).hasMatch(); });
    QVERIFY2(named, name.c_str());
}

/// Experiments that between them have every tensor.
std::vector<Experiment> variedExperiments() {
    std::vector<Experiment> all(7);
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
    all[5].model.attention.form = AttentionForm::q_kv;
    all[5].model.attention.qk_norm = true;
    all[5].model.position.kind = PositionKind::rope;
    all[6].model.architecture = Architecture::encoder_decoder;
    all[6].model.bottleneck.kind = "vq";
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
    void whatIsGeneratedIsUpToDate_data() {
        QTest::addColumn<QString>("code");
        for (const Language& each : languages())
            if (QFile::exists(formats::pagePath(QStringLiteral("formats"), each.code))) QTest::newRow(qPrintable(each.code)) << each.code;
    }
    void whatIsGeneratedIsUpToDate() {
        QFETCH(QString, code);
        useLanguage(code);
        const QString path = formats::pagePath(QStringLiteral("formats"), code);
        const QString kept = formats::page(QStringLiteral("formats"), code), wanted = formats::regenerated(kept);
        useLanguage(QStringLiteral("en"));
        if (qEnvironmentVariableIsSet("ATTENTION_LAB_WRITE_FORMATS") && kept != wanted) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(wanted.toUtf8()) >= 0);
            qInfo("%s is written anew", qPrintable(path));
            return;
        }
        const QStringList keptLines = kept.split(QLatin1Char('\n')), wantedLines = wanted.split(QLatin1Char('\n'));
        for (qsizetype i = 0; i < std::min(keptLines.size(), wantedLines.size()); ++i)
            QVERIFY2(keptLines[i] == wantedLines[i],
                     qPrintable(QStringLiteral("%1:%2 is stale; run sh tests/write_formats.sh. It should be\n%3\nand is\n%4")
                                    .arg(path)
                                    .arg(i + 1)
                                    .arg(wantedLines[i], keptLines[i])));
        QCOMPARE(keptLines.size(), wantedLines.size());
    }

    /// What is typed is the same in all languages, and no section is missing.
    void pagesOfAllLanguagesHaveTheSameCode() {
        const auto partsOf = [](const QString& page, const QString& pattern) {
            QStringList found;
            for (auto each =
                     QRegularExpression(pattern, QRegularExpression::MultilineOption | QRegularExpression::DotMatchesEverythingOption)
                         .globalMatch(page);
                 each.hasNext();)
                found << each.next().captured(1);
            return found;
        };
        int compared = 0;
        for (const QString& name : {QStringLiteral("formats"), QStringLiteral("http")})
            for (const Language& each : languages()) {
                if (!QFile::exists(formats::pagePath(name, each.code))) continue;
                const QString here = formats::page(name, each.code), english = formats::page(name);
                for (const QString& pattern :
                     {QStringLiteral("^(```.*?^```)$"), QStringLiteral("^(#+) "), QStringLiteral("(<!-- generated: [^>]*-->)")})
                    QCOMPARE(partsOf(here, pattern), partsOf(english, pattern));
                ++compared;
            }
        QCOMPARE(compared, 4);
    }

    void everyKeyStandsOnce() {
        const QStringList lines = page().split(QLatin1Char('\n'));
        for (const FieldInfo& field : fieldTable()) {
            const QString start = QStringLiteral("| `%1` | ").arg(formats::text(field.path));
            const auto rows = std::count_if(lines.begin(), lines.end(), [&](const QString& line) { return line.startsWith(start); });
            QVERIFY2(rows == 1, field.path.c_str());
        }
    }

    void aStalePartIsWrittenAnewAndProseIsKept() {
        const QString prose = QStringLiteral("Words.\n\n%1\nMore words.\n\n%2");
        const auto part = [](const char* what, const QString& body) {
            return QStringLiteral("<!-- generated: %1 -->\n%2<!-- end -->\n").arg(QLatin1String(what), body);
        };
        const QString stale = prose.arg(part("keys training", QStringLiteral("| stale row |\n")), part("keys training.schedule", {}));
        const QString fresh = formats::regenerated(stale);
        QVERIFY(
            fresh.startsWith(QStringLiteral("Words.\n\n<!-- generated: keys training -->\n| Key | Value | Default | Meaning |\n|---|")));
        QVERIFY(fresh.contains(QStringLiteral("<!-- end -->\n\nMore words.\n\n<!-- generated: keys training.schedule -->\n| Key")));
        QVERIFY(!fresh.contains(QStringLiteral("stale row")));
        QCOMPARE(fresh.count(QStringLiteral("| `training.schedule.kind` |")), 1);  // in the longer section alone
        QVERIFY(fresh.indexOf(QStringLiteral("`training.steps`")) < fresh.indexOf(QStringLiteral("More words")));
        QVERIFY(fresh.indexOf(QStringLiteral("`training.schedule.kind`")) > fresh.indexOf(QStringLiteral("More words")));
        QCOMPARE(formats::regenerated(fresh), fresh);
    }

    void noKeyIsInvented() {
        const QRegularExpression key(QStringLiteral("`((task|model|training)\\.[a-z_0-9.]+)`"));
        int keys = 0;
        for (auto found = key.globalMatch(page()); found.hasNext(); ++keys) {
            const std::string path = found.next().captured(1).toStdString();
            QVERIFY2(fieldTable().find(path) || fieldTable().isSection(path) || isRetired(path), path.c_str());
        }
        QVERIFY(keys > 50);
    }

    void everyListAndCommandStandsThere() {
        QCOMPARE(formats::namesOf(page(), QStringLiteral("names")),
                 (QStringList{QStringLiteral("presets"), QStringLiteral("sweeps"), QStringLiteral("comparisons"),
                              QStringLiteral("stream-functions"), QStringLiteral("parts"), QStringLiteral("lessons")}));
        QCOMPARE(formats::namesOf(page(), QStringLiteral("columns")), (QStringList{QStringLiteral("metrics"), QStringLiteral("results")}));
        QStringList commands;
        for (const Command& command : allCommands()) commands << formats::text(command.name);
        QCOMPARE(formats::namesOf(page(), QStringLiteral("command")), commands);
        for (const QString& command : commands) QVERIFY(section(QStringLiteral("### ") + command).contains(QStringLiteral("| `--help` |")));
    }

    void aCommandsHelpSaysTheSame() {
        const ProgramResult help = runProgram({QStringLiteral("trace"), QStringLiteral("--help")}, QDir::tempPath());
        EXPECT_STATUS(help, 0);
        const QString text = section(QStringLiteral("### trace"));
        for (const Option& option : inputOptions()) {
            QVERIFY(help.output.contains(formats::text(option.name)));
            QVERIFY(text.contains(formats::text(option.help)));
        }
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
            const NamedTensors trace = fileTensors(model.trace(initialOf(model), input, {true, true}));
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
            QVERIFY2(text.contains(QStringLiteral("| `%1` |").arg(formats::text(key))), key.c_str());
            if (key.starts_with("attention_lab.session"))
                verifyKeys(text, QJsonDocument::fromJson(QByteArray::fromStdString(value)).object());
        }
    }

    void everyKeyOfABenchmarkIsNamed() {
        const QRegularExpression key(QStringLiteral("\"([a-z_]+)\":"));
        BenchReport report;
        report.peakGflops[1] = 1;
        report.results.emplace_back().row.experiment = resolved({});
        for (auto found = key.globalMatch(formats::text(benchJson(report))); found.hasNext();)
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
        const ProgramResult heads = runProgram(train + QStringList{QStringLiteral("--set"), QStringLiteral("model.num_heads=4"),
                                                                   QStringLiteral("--set"), QStringLiteral("model.num_kv_heads=3")},
                                               folder.path());
        const QString sentence = heads.errors.section(QStringLiteral("error: "), 1).trimmed();
        QVERIFY2(!sentence.isEmpty() && page().contains(sentence), qPrintable(heads.errors));
    }
};

QTEST_APPLESS_MAIN(FormatsTest)
#include "formats_test.moc"
