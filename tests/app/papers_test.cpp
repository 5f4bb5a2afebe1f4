// The manual page and the completion are written by the program; they have all that its tables have, and tools read them.

#include <QDirIterator>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "app/commands/help.h"
#include "core/base/version.h"
#include "core/config/visitor.h"
#include "server/routes/openapi.h"
#include "tests/app/files.h"
#include "tests/app/program.h"

using namespace lab;

namespace {

QString inWords(const std::string& text) {
    return QString::fromStdString(text);
}

/// As roff has it in bold.
QString boldInRoff(const std::string& text) {
    return QStringLiteral("\\fB") + inWords(text).replace(QLatin1Char('-'), QStringLiteral("\\-")) + QStringLiteral("\\fR");
}

/// What stands behind a heading, up to the next one of its kind.
QString underHeading(const QString& page, const QString& heading) {
    const qsizetype begin = page.indexOf(heading + '\n');
    return begin < 0 ? QString() : page.mid(begin, page.indexOf("\n.S", begin + 1) - begin);
}

QByteArray firstHeadingOf(const QByteArray& markdown) {
    const qsizetype begin = markdown.indexOf("\n## ");
    return markdown.mid(begin + 4, markdown.indexOf('\n', begin + 1) - begin - 4);
}

}  // namespace

class PapersTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_manual = runProgram({"--man"}, m_folder.path()).output;
        QVERIFY(m_manual.startsWith(".TH ATTENTION\\-LAB 1 "));
        const ProgramResult completion = runProgram({"--completion"}, m_folder.path());
        EXPECT_STATUS(completion, 0);
        write(m_folder.filePath("completion"), completion.output.toUtf8());
    }

    void theManualHasEveryCommandAndOption() {
        for (const Command& command : allCommands()) {
            const QString part = underHeading(m_manual, ".SS " + inWords(command.name).replace(QLatin1Char('-'), QStringLiteral("\\-")));
            QVERIFY2(!part.isEmpty(), command.name.c_str());
            for (const Option& option : command.options)
                if (option.name != "--help") QVERIFY2(part.contains(boldInRoff(option.name)), (command.name + option.name).c_str());
        }
        for (const Option& option : programOptions()) QVERIFY2(m_manual.contains(boldInRoff(option.name)), option.name.c_str());
        for (const FieldInfo& field : fieldTable()) QVERIFY2(m_manual.contains(boldInRoff(field.path) + " ("), field.path.c_str());
        for (const Described& preset : namedExperiments()) QVERIFY2(m_manual.contains(boldInRoff(preset.name)), preset.name.c_str());
    }

    void theManualNamesWhatTheSourcesAskOfTheEnvironment() {
        const QRegularExpression asks(QStringLiteral("(?:getenv|qEnvironmentVariable)\\(\"(ATTENTION_LAB_[A-Z_]+)\""));
        QStringList found;
        for (const char* room : {"core", "ui", "app", "server"}) {
            QDirIterator files(QStringLiteral(LAB_SOURCE_DIR "/") + room, {"*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
            while (files.hasNext()) {
                const QString source = QString::fromUtf8(contents(files.next()));
                for (auto each = asks.globalMatch(source); each.hasNext();) found << each.next().captured(1);
            }
        }
        QVERIFY(found.contains("ATTENTION_LAB_ISA"));
        const QString part = underHeading(m_manual, ".SH ENVIRONMENT");
        for (const QString& name : found) QVERIFY2(part.contains(name), qPrintable(name));
    }

    void roffFindsNothingToComplainOf() {
        const QString groff = QStandardPaths::findExecutable("groff");
        if (groff.isEmpty()) QSKIP("groff is not installed");
        QProcess process;
        process.start(groff, {"-man", "-ww", "-Tutf8", "-Kutf8", "-rLL=100n", "-z"});
        process.write(m_manual.toUtf8());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(process.readAllStandardError(), QByteArray());
    }

    void completionKnowsEveryCommandAndOption() {
        QStringList all;
        for (const Command& command : allCommands()) {
            all << inWords(command.name);
            QStringList options;
            for (const Option& option : command.options) options << inWords(option.name);
            QCOMPARE(completed({inWords(command.name), "--"}), options);
        }
        QCOMPARE(completed({""}), all);
    }

    void completionKnowsWhatStandsWhere_data() {
        QTest::addColumn<QStringList>("typed");
        QTest::addColumn<QStringList>("offered");
        QTest::newRow("a command") << QStringList{"swe"} << QStringList{"sweep"};
        QTest::newRow("an option of no command") << QStringList{"--ver"} << QStringList{"--version"};
        QTest::newRow("a preset") << QStringList{"train", "relative-bias-r"} << QStringList{"relative-bias-reverse"};
        QTest::newRow("a key") << QStringList{"train", "reverse", "--set", "training.st"} << QStringList{"training.steps="};
        QTest::newRow("choices") << QStringList{"train", "--set", "model.architecture", "="}
                                 << QStringList{"encoder", "decoder", "encoder-decoder"};
        QTest::newRow("a choice") << QStringList{"train", "--set", "model.architecture", "=", "d"} << QStringList{"decoder"};
        QTest::newRow("yes or no") << QStringList{"train", "--set", "model.bias", "=", "t"} << QStringList{"true"};
        QTest::newRow("files are bash's") << QStringList{"train", "--out", "r"} << QStringList{};
    }
    void completionKnowsWhatStandsWhere() {
        QFETCH(QStringList, typed);
        QFETCH(QStringList, offered);
        QCOMPARE(completed(typed), offered);
    }

    void theVersionIsOne() {
        const QString version = QString::fromLatin1(programVersion());
        QVERIFY(runProgram({"--version"}, m_folder.path()).output.startsWith("Attention Lab " + version + '\n'));
        QCOMPARE(QString::fromStdString(server::openApiOf({})["info"]["version"].get<std::string>()), version);
        QVERIFY(m_manual.contains("\"Attention Lab " + version + '"'));
        QVERIFY(firstHeadingOf(contents(LAB_SOURCE_DIR "/CHANGELOG.md")).startsWith(version.toLatin1() + " ("));
        QVERIFY(contents(LAB_SOURCE_DIR "/CMakeLists.txt").contains("project(AttentionLab VERSION " + version.toLatin1() + ' '));
    }

private:
    /// What bash offers for the last of these words behind the program's name.
    QStringList completed(const QStringList& typed) const {
        QStringList quoted;
        for (const QString& word : typed) quoted << '\'' + word + '\'';
        QProcess process;
        process.start("bash",
                      {"-c", QStringLiteral("compopt() { :; }; . '%1'; COMP_WORDS=(attention-lab %2); COMP_CWORD=%3; _attention_lab; "
                                            "printf '%s\\n' \"${COMPREPLY[@]}\"")
                                 .arg(m_folder.filePath("completion"), quoted.join(' '))
                                 .arg(typed.size())});
        process.waitForFinished();
        const QByteArray errors = process.readAllStandardError();
        if (!errors.isEmpty()) return {QString::fromUtf8(errors)};
        return QString::fromUtf8(process.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
    }

    QTemporaryDir m_folder;
    QString m_manual;
};

QTEST_GUILESS_MAIN(PapersTest)
#include "papers_test.moc"
