#include "core/text/typed_text.h"

#include <QDir>
#include <QFile>
#include <QtTest>

#include "core/base/errors.h"
#include "core/base/files.h"

using namespace lab;

class TypedTextTest : public QObject {
    Q_OBJECT

private slots:
    void aTextIsKeptOnceUnderItsFirstWords() {
        const QTemporaryDir folder;
        const std::filesystem::path texts = std::filesystem::path(folder.path().toStdString()) / "texts" / "typed";
        const auto path = keepTypedText(texts, "The old House!\nIt stood.");
        QVERIFY2(QRegularExpression("^the-old-house-it-stood-[0-9a-f]{8}\\.txt$").match(QString::fromStdString(path.filename())).hasMatch(),
                 path.c_str());
        QCOMPARE(readFile(path), std::string("The old House!\nIt stood."));
        QCOMPARE(keepTypedText(texts, "The old House!\nIt stood."), path);
        QVERIFY(keepTypedText(texts, "The old House!\nIt stood!") != path);
        QCOMPARE(QDir(QString::fromStdString(texts)).entryList(QDir::Files).size(), 2);
        QVERIFY(keepTypedText(texts, "\u4E2D\u6587 ...").filename().string().starts_with("text-"));
    }

    void whatStoodInItsPlaceIsReplaced() {
        const QTemporaryDir folder;
        const auto path = keepTypedText(folder.path().toStdString(), "Some words.");
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("Some swords") == 11);
        file.close();
        QCOMPARE(keepTypedText(folder.path().toStdString(), "Some words."), path);
        QCOMPARE(readFile(path), std::string("Some words."));
    }

    void aFolderThatCannotBeMadeIsNamed() {
        const QTemporaryDir folder;
        QFile file(folder.filePath("texts"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        try {
            keepTypedText(folder.filePath("texts").toStdString(), "words");
            QFAIL("written");
        } catch (const InputError& error) {
            QVERIFY2(QString(error.what()).contains("texts: cannot be written: "), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(TypedTextTest)
#include "typed_text_test.moc"
