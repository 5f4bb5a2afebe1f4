// What the documents at the root say of files is so, and they stay short enough to be read.

#include <QDir>
#include <QDirIterator>
#include <QRegularExpression>
#include <QTest>
#include <set>

#include "tests/app/files.h"

namespace {

const QString sourceRoot = QStringLiteral(LAB_SOURCE_DIR "/");

/// Every file of the sources, and every folder, as they are named from the root.
std::set<QString> sourceFiles() {
    std::set<QString> files;
    for (const QString& top : QDir(sourceRoot).entryList(QDir::AllEntries | QDir::NoDotAndDotDot)) {
        if (top == "build") continue;
        files.insert(top);
        QDirIterator all(sourceRoot + top, QDir::AllEntries | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
        while (all.hasNext()) files.insert(all.next().mid(sourceRoot.size()));
    }
    return files;
}

/// What a document names: in `code` or as a link's address.
QStringList namedIn(const QString& text) {
    QStringList names;
    static const QRegularExpression name(QStringLiteral("`([^`\\n]+)`|\\]\\(([^)\\s]+)\\)"));
    for (auto found = name.globalMatch(text); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        names << match.captured(1) + match.captured(2);
    }
    return names;
}

/// A path from the root, or a source's name alone.
bool isFileName(const QString& name) {
    static const QRegularExpression path(QStringLiteral("^[\\w.*/-]+$")),
        room(QStringLiteral("^(app|cmake|core|resources|server|tests|ui)/")),
        file(QStringLiteral("^[\\w*.-]+\\.(cpp|h|md|json|sh|py|txt|in|xml|desktop|cmake)$"));
    return path.match(name).hasMatch() && (room.match(name).hasMatch() || file.match(name).hasMatch());
}

/// NAME, CODE and TOPIC stand for any.
QRegularExpression fileNamed(QString name) {
    if (name.endsWith('/')) name.chop(1);
    QString pattern = QRegularExpression::escape(name);
    pattern.replace(QRegularExpression(QStringLiteral("\\b(NAME|CODE|TOPIC|N)\\b|\\\\\\*")), QStringLiteral("[^/]*"));
    pattern.replace(QStringLiteral("_CODE"), QStringLiteral("_[^/]*")).replace(QStringLiteral("NAME_"), QStringLiteral("[^/]*_"));
    // A header and its source are named together: part_measure.*, formats.md in its folder.
    return QRegularExpression(QStringLiteral("(^|/)%1$").arg(pattern));
}

}  // namespace

class DocumentsTest : public QObject {
    Q_OBJECT

private slots:
    void theyAreShort_data() {
        QTest::addColumn<QString>("document");
        QTest::addColumn<int>("most");
        QTest::newRow("README") << "README.md" << 150;
        QTest::newRow("ARCHITECTURE") << "ARCHITECTURE.md" << 200;
        QTest::newRow("CONTRIBUTING") << "CONTRIBUTING.md" << 200;
    }
    void theyAreShort() {
        QFETCH(QString, document);
        QFETCH(int, most);
        const QByteArray text = contents(sourceRoot + document);
        QVERIFY(!text.isEmpty());
        QVERIFY2(text.count('\n') <= most, qPrintable(QString("%1 lines").arg(text.count('\n'))));
    }

    void whatTheyNameIsThere_data() { theyAreShort_data(); }
    void whatTheyNameIsThere() {
        QFETCH(QString, document);
        const std::set<QString> files = sourceFiles();
        QStringList lost;
        int looked = 0;
        for (const QString& name : namedIn(QString::fromUtf8(contents(sourceRoot + document)))) {
            if (!isFileName(name)) continue;
            ++looked;
            const QRegularExpression wanted = fileNamed(name);
            if (std::none_of(files.begin(), files.end(), [&](const QString& file) { return wanted.match(file).hasMatch(); })) lost << name;
        }
        QVERIFY2(lost.isEmpty(), qPrintable(lost.join(", ")));
        QVERIFY(looked > 5);
    }

    void aNameThatIsNoFileIsFound() {
        QVERIFY(isFileName("core/tasks/rotate.cpp") && isFileName("rotate.cpp") && isFileName("core/tasks/NAME.cpp"));
        QVERIFY(!isFileName("task.path") && !isFileName("sh tests/run.sh") && !isFileName("and/or"));
        const std::set<QString> files{"core/tasks/rotate.cpp", "ui/pages/maps/maps_page.cpp"};
        const auto finds = [&](const char* name) {
            return std::any_of(files.begin(), files.end(), [&](const QString& file) { return fileNamed(name).match(file).hasMatch(); });
        };
        QVERIFY(finds("core/tasks/NAME.cpp") && finds("rotate.cpp") && finds("ui/pages/NAME/NAME_page.cpp") && finds("core/tasks/*.cpp"));
        QVERIFY(!finds("core/tasks/rotated.cpp") && !finds("otate.cpp") && !finds("core/rotate.cpp"));
    }

    /// Three pictures, by which one sees what it is.
    void theReadmeShowsThreePictures() {
        static const QRegularExpression picture(QStringLiteral("!\\[[^\\]]+\\]\\((resources/pictures/[^)]+)\\)"));
        int pictures = 0;
        for (auto found = picture.globalMatch(QString::fromUtf8(contents(sourceRoot + "README.md"))); found.hasNext(); ++pictures)
            QVERIFY(QFile::exists(sourceRoot + found.next().captured(1)));
        QCOMPARE(pictures, 3);
    }
};

QTEST_APPLESS_MAIN(DocumentsTest)
#include "documents_test.moc"
