// What a desktop is told of the program: its entry, the types of its files and their icons say what the program itself says.

#include <QFileInfo>
#include <QMimeDatabase>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include "core/learn/lesson_file.h"
#include "core/sweep/grid_draft.h"
#include "tests/app/files.h"
#include "tests/app/program.h"
#include "ui/documents/document_source.h"

using namespace lab;

namespace {

const QString desktopFolder = QStringLiteral(LAB_SOURCE_DIR "/resources/desktop/");

/// A line KEY=VALUE of the desktop entry.
QString entryValue(const QString& key) {
    const QString entry = QString::fromUtf8(contents(desktopFolder + "attention-lab.desktop"));
    return QRegularExpression('^' + key + "=(.*)$", QRegularExpression::MultilineOption).match(entry).captured(1);
}

/// One attribute of every element of this name.
QStringList attributesOf(const QByteArray& xml, const char* element, const char* attribute) {
    QXmlStreamReader reader(xml);
    QStringList found;
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String(element))
            found << reader.attributes().value(QLatin1String(attribute)).toString();
    if (reader.hasError()) return {reader.errorString()};
    return found;
}

/// What the program takes a file for, by reading it.
QString kindByReading(const QString& file) {
    const std::filesystem::path path = pathOf(file);
    if (file.endsWith(".json")) {
        if (isLessonFile(path)) return QStringLiteral("lesson");
        return isSweepFile(path) ? QStringLiteral("sweep") : QStringLiteral("experiment");
    }
    if (file.endsWith(".csv")) return QStringLiteral("sweep-results");
    return readDocument(path).session ? QStringLiteral("session") : QStringLiteral("checkpoint");
}

QString ourType(const QString& kind) {
    return QStringLiteral("application/x-attention-lab-") + kind;
}

}  // namespace

class DesktopTest : public QObject {
    Q_OBJECT

private slots:
    /// The types are found in a folder of the test's own, beside the system's.
    void initTestCase() {
        QVERIFY(QDir(m_data.path()).mkpath("mime/packages"));
        QVERIFY(QFile::copy(desktopFolder + "attention-lab.xml", m_data.filePath("mime/packages/attention-lab.xml")));
        if (QStandardPaths::findExecutable("update-mime-database").isEmpty()) QSKIP("shared-mime-info is not installed");
        QCOMPARE(QProcess::execute("update-mime-database", {m_data.filePath("mime")}), 0);
        qputenv("XDG_DATA_HOME", m_data.path().toUtf8());
        EXPECT_STATUS(trainReverse(m_data.path()), 0);
    }

    void filesAreWhatTheProgramTakesThemFor_data() {
        QTest::addColumn<QString>("file");
        const QString compat = QStringLiteral(LAB_SOURCE_DIR "/tests/compat/");
        for (const char* name : {"experiment.json", "grid.json", "sweep.runs/sweep.json", "sweep.csv", "session.safetensors",
                                 "state10.safetensors", "sweep.runs/run-0000.safetensors"})
            QTest::newRow(name) << compat + name;
        QTest::newRow("a checkpoint of now") << m_data.filePath("r.safetensors");
        for (const QString folder : {"lessons", "presets", "sweeps"}) {
            const QDir dir(QStringLiteral(LAB_SOURCE_DIR "/resources/") + folder);
            for (const QString& name : dir.entryList({"*.json"})) QTest::newRow(qPrintable(name)) << dir.filePath(name);
        }
    }
    void filesAreWhatTheProgramTakesThemFor() {
        QFETCH(QString, file);
        QCOMPARE(QMimeDatabase().mimeTypeForFile(file).name(), ourType(kindByReading(file)));
    }

    void filesOfOthersStayTheirs_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("type");
        // JSON and CSV of others keep their types in GLib's desktops; Qt 6.4 passes over the weights of patterns in a folder of the user's.
        QTest::newRow("tensors") << "a.safetensors" << QByteArray("\x2\0\0\0\0\0\0\0{}", 10) << "application/x-safetensors";
        QTest::newRow("prose about the formats") << "a.md" << QByteArray("{\"attention-lab/experiment\"}") << "text/markdown";
    }
    void filesOfOthersStayTheirs() {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        QFETCH(QString, type);
        write(m_data.filePath(name), text);
        QCOMPARE(QMimeDatabase().mimeTypeForFile(m_data.filePath(name)).name(), type);
    }

    void theEntryOpensTheTypesThatAreDefined() {
        QStringList types = attributesOf(contents(desktopFolder + "attention-lab.xml"), "mime-type", "type");
        types.removeOne("application/x-safetensors");  // models of others have other programs
        QCOMPARE(entryValue("MimeType").split(';', Qt::SkipEmptyParts), types);
        QCOMPARE(entryValue("Exec"), QString("attention-lab %f"));
    }

    void everyTypeHasItsIcon() {
        const QStringList icons = attributesOf(contents(desktopFolder + "attention-lab.xml"), "icon", "name");
        QCOMPARE(icons.size(), 6);
        for (const QString& name : icons)
            QVERIFY2(QXmlStreamReader(contents(desktopFolder + "icons/" + name + ".svg")).readNextStartElement(), qPrintable(name));
    }

    void theMetadataOfThisBuildNameTheSameTypes() {
        const QFileInfoList built = QDir(LAB_BINARY_DIR "/papers").entryInfoList({"*.metainfo.xml"});
        QCOMPARE(built.size(), 1);
        const QByteArray xml = contents(built[0].filePath());
        QXmlStreamReader reader(xml);
        QStringList types;
        while (!reader.atEnd())
            if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("mediatype"))
                types << reader.readElementText();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QCOMPARE(types, entryValue("MimeType").split(';', Qt::SkipEmptyParts));
    }

    void toolsAcceptThem_data() {
        QTest::addColumn<QString>("tool");
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("desktop entry") << "desktop-file-validate" << QStringList{"--warn-kde", desktopFolder + "attention-lab.desktop"};
        const QFileInfoList built = QDir(LAB_BINARY_DIR "/papers").entryInfoList({"*.metainfo.xml"});
        QTest::newRow("AppStream") << "appstreamcli" << QStringList{"validate", "--no-net", built.value(0).filePath()};
    }
    void toolsAcceptThem() {
        QFETCH(QString, tool);
        QFETCH(QStringList, arguments);
        const QString found = QStandardPaths::findExecutable(tool);
        if (found.isEmpty()) QSKIP("the tool is not installed");
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(found, arguments);
        QVERIFY(process.waitForFinished());
        QVERIFY2(process.exitCode() == 0, process.readAll().constData());
    }

private:
    QTemporaryDir m_data;
};

QTEST_GUILESS_MAIN(DesktopTest)
#include "desktop_test.moc"
