#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/files.h"

/// What the scripts say while they install; apt and its like are played by scripts of a few words.
class SetupTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        play("dpkg-query", "exit 1");  // nothing is installed
        play("id", "echo 0");
        play("apt-get", "exit 0");
    }

    void withoutANetworkItSaysSo() {
        play("apt-get", "exit 100");
        const auto [status, errors] = install();
        QCOMPARE(status, 1);
        QVERIFY2(errors.contains("error: apt-get could not install (its lists could not be fetched: is there a network?): one two"),
                 errors.constData());
    }

    void aPackageThatDoesNotExistIsNoQuestionOfTheNetwork() {
        play("apt-get", "[ \"$1\" = update ]");
        const auto [status, errors] = install();
        QCOMPARE(status, 1);
        QVERIFY2(errors.contains("error: apt-get could not install: one two"), errors.constData());
    }

    void oldListsMayDo() {
        play("apt-get", "[ \"$1\" = install ]");
        QCOMPARE(install().first, 0);
    }

    void whatIsThereIsNotAskedFor() {
        play("dpkg-query", "echo installed");
        play("apt-get", "exit 100");
        const auto [status, errors] = install();
        QCOMPARE(status, 0);
        QCOMPARE(errors, QByteArray());
    }

    void withoutSudoItNamesWhatIsMissing() {
        play("id", "echo 1000");
        const auto [status, errors] = install();
        QCOMPARE(status, 1);
        QVERIFY2(errors.contains("error: these packages are missing and there is no sudo to install them: one two"), errors.constData());
    }

    void whoMayNotInstallIsToldWhatIsMissing() {
        play("id", "echo 1000");
        play("sudo", "exit 1");
        play("apt-get", "exit 100");  // not asked, so that nothing is said of a network
        const auto [status, errors] = install();
        QCOMPARE(status, 1);
        QCOMPARE(errors, QByteArray("error: these packages are missing and sudo does not let you install them: one two \n"));
    }

    void aCheckoutThatCannotBeWrittenIsSaidBeforeAnythingIsInstalled() {
        write(m_folder->filePath("build"), "a file, as no folder can be made of it");
        const auto [status, errors] = inSetup("root=" + m_folder->path() + "; require_place release");
        QCOMPARE(status, 1);
        QVERIFY2(errors.startsWith("error: " + m_folder->path().toUtf8() + "/build/release cannot be written"), errors.constData());
        QCOMPARE(errors.count('\n'), 1);
    }

    void aFolderWithSpacesIsAPlaceToBuildIn() {
        const QString root = m_folder->filePath("my own lab");
        const auto [status, errors] = inSetup("root='" + root + "'; require_place release");
        QCOMPARE(status, 0);
        QVERIFY(QFileInfo(root + "/build/release").isDir());
    }

private:
    void play(const QString& program, const QByteArray& script) const {
        const QString path = m_folder->filePath(program);
        write(path, "#!/bin/sh\n" + script + '\n');
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }

    std::pair<int, QByteArray> install() const { return inSetup("install_packages one two"); }

    /// Exit status of these commands, and what they said.
    std::pair<int, QByteArray> inSetup(const QString& commands) const {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("PATH", m_folder->path());
        process.setProcessEnvironment(environment);
        for (const char* needed : {"env", "cat", "mkdir"}) QFile::link(QStringLiteral("/usr/bin/") + needed, m_folder->filePath(needed));
        process.start("/bin/sh", {"-euc", QStringLiteral(". " LAB_SOURCE_DIR "/cmake/setup.sh; ") + commands});
        process.waitForFinished();
        return {process.exitCode(), process.readAllStandardError()};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(SetupTest)
#include "setup_test.moc"
