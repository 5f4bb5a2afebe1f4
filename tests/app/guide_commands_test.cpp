#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <memory>

#include "app/commands/help.h"
#include "core/learn/lesson.h"
#include "tests/app/files.h"
#include "tests/app/help_lines.h"
#include "tests/app/program.h"

using namespace lab;
using tests::HelpLine;

namespace {

/// README, and the guides in every language.
QStringList guidePages() {
    QStringList pages{QStringLiteral("README.md")};
    const QDir help(QStringLiteral(LAB_SOURCE_DIR "/resources/help"));
    for (const QString& name : help.entryList({QStringLiteral("guide-*.md")}, QDir::Files, QDir::Name))
        pages << QStringLiteral("resources/help/") + name;
    return pages;
}

QString pageText(const QString& page) {
    return QString::fromUtf8(contents(QStringLiteral(LAB_SOURCE_DIR "/") + page));
}

/// What the pages do not make themselves: book.txt, a text of one's own, my-lesson.json, a lesson, and the folder model, of another program.
void layStandIns(const QString& folder) {
    QByteArray book;
    const QDir lessons(QStringLiteral(LAB_SOURCE_DIR "/resources/lessons"));
    for (const QString& name : lessons.entryList({QStringLiteral("*.en.md")}, QDir::Files, QDir::Name))
        book += contents(lessons.filePath(name)) + "\n\n";
    write(folder + "/book.txt", book);
    for (const char* part : {".json", ".en.md", ".de.md"})
        QVERIFY(QFile::copy(lessons.filePath(QLatin1String("2-softmax") + part), folder + "/my-lesson" + part));
    QVERIFY(QDir(folder).mkdir("model"));
    const QDir model(QStringLiteral(LAB_SOURCE_DIR "/tests/reference/pretrained/gpt2"));
    for (const QString& name : model.entryList(QDir::Files))
        if (name != "expected.safetensors") QVERIFY(QFile::copy(model.filePath(name), folder + "/model/" + name));
}

QStringList optionsIn(const QString& command) {
    QStringList options;
    static const QRegularExpression option(QStringLiteral("(?<=[\\s\\[|])--[a-z][a-z-]*"));
    QString bare = command;
    bare.remove(QRegularExpression(QStringLiteral("\"[^\"]*\"|'[^']*'")));
    for (auto found = option.globalMatch(bare); found.hasNext();) options << found.next().captured();
    return options;
}

}  // namespace

/// What README and the guides show to be typed does what it says, line by line, in the order of the page and in one folder a page. Lines
/// that open a window, serve or measure for long are held to the options that there are, and are not run (help_lines.h says which).
class GuideCommandsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(m_bin.isValid());
        QVERIFY(QFile::link(LAB_PROGRAM, m_bin.filePath("attention-lab")));
    }

    void everyOptionIsThere_data() {
        rows([](const HelpLine&) { return true; });
    }
    void everyOptionIsThere() {
        QFETCH(HelpLine, line);
        const auto command = tests::commandOf(line);
        std::vector<Option> known = command ? command->options : programOptions();
        for (const QString& option : optionsIn(line.command))
            QVERIFY2(std::ranges::find(known, option.toStdString(), &Option::name) != known.end(), qPrintable(option));
        if (!tests::isSynopsis(line) && command) parse(*command, line);
    }

    void everyLineWorks_data() {
        QStringList said;  // commands of another language's page that are the same are not run again
        m_sameAs.clear();
        for (const QString& page : guidePages()) {
            QStringList commands;
            for (const HelpLine& line : tests::helpLines(pageText(page))) commands << line.command;
            if (said.contains(commands.join('\n'))) m_sameAs << page;
            said << commands.join('\n');
        }
        rows([](const HelpLine& line) { return tests::whyOnlyRead(line).isEmpty(); }, m_sameAs);
    }
    void everyLineWorks() {
        QFETCH(QString, page);
        QFETCH(HelpLine, line);
        const QString folder = folderOf(page);
        QProcess shell;
        prepareProgram(shell, {"-c", tests::asRun(line)}, folder);
        QProcessEnvironment environment = shell.processEnvironment();
        environment.insert("PATH", m_bin.path() + ':' + environment.value("PATH"));
        environment.insert("XDG_CACHE_HOME", folder);
        environment.insert("SLURM_ARRAY_TASK_ID", "1");  // as a job array gives it
        environment.insert("step", "5");                 // as a loop around the line does
        shell.setProcessEnvironment(environment);
        shell.setProgram("sh");
        shell.start();
        const ProgramResult result = finishProgram(shell);
        EXPECT_STATUS(result, 0);
    }

    /// A word of prose that names a command names one that there is.
    void everyCommandNamedIsThere() {
        static const QRegularExpression named(QStringLiteral("`attention-lab ([a-z][a-z-]*)[` ]"));
        int looked = 0;
        for (const QString& page : guidePages())
            for (auto found = named.globalMatch(pageText(page)); found.hasNext(); ++looked) {
                const HelpLine line{0, "attention-lab " + found.next().captured(1), {}};
                QVERIFY2(tests::commandOf(line), qPrintable(page + ": " + line.command));
            }
        QVERIFY(looked > 0);
    }

    void theLinesAreFound() {
        const std::vector<HelpLine> lines = tests::helpLines(
            "attention-lab none\n\n    attention-lab train copy --quiet \\\n        --out a   # as \"b\"\n\n```sh\nattention-lab trace a "
            "--input "
            "\"1 # 2\"\nls\nattention-lab lesson [FILE]\n```\n");
        QCOMPARE(lines.size(), std::size_t{3});
        QCOMPARE(lines[0].command, QString("attention-lab train copy --quiet --out a"));
        QCOMPARE(lines[0].comment, QString("as \"b\""));
        QCOMPARE(lines[1].command, QString("attention-lab trace a --input \"1 # 2\""));
        QCOMPARE(lines[1].number, 7);
        QVERIFY(!tests::isSynopsis(lines[1]) && tests::isSynopsis(lines[2]));
        QCOMPARE(tests::asRun(lines[0]), QString("attention-lab train --set training.steps=20 copy --quiet --out a"));
    }

private:
    template <class Wanted>
    static void rows(Wanted wanted, const QStringList& without = {}) {
        QTest::addColumn<QString>("page");
        QTest::addColumn<HelpLine>("line");
        for (const QString& page : guidePages())
            for (const HelpLine& line : tests::helpLines(pageText(page)))
                if (wanted(line) && !without.contains(page))
                    QTest::newRow(qPrintable(QStringLiteral("%1:%2 %3").arg(page).arg(line.number).arg(line.command))) << page << line;
    }

    static void parse(const Command& command, const HelpLine& line) {
        std::vector<std::string> words;
        for (const QString& word : QProcess::splitCommand(line.command).mid(2)) words.push_back(word.toStdString());
        try {
            const Arguments arguments(command.options, words);
            QVERIFY(!command.name.empty());
        } catch (const UsageError& error) {
            QFAIL(error.what());
        }
    }

    /// With the files that the page shows, and what it takes for granted.
    QString folderOf(const QString& page) {
        auto& folder = m_folders[page];
        if (folder) return folder->path();
        folder = std::make_unique<QTemporaryDir>();
        layStandIns(folder->path());
        for (const auto& [name, text] : tests::helpFiles(pageText(page))) write(folder->filePath(name), text.toUtf8());
        return folder->path();
    }

    QTemporaryDir m_bin;
    QStringList m_sameAs;
    std::map<QString, std::unique_ptr<QTemporaryDir>> m_folders;
};

QTEST_GUILESS_MAIN(GuideCommandsTest)
#include "guide_commands_test.moc"
