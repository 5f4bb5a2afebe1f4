#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

#include "core/base/errors.h"
#include "core/base/platform_reading.h"

using namespace lab;

class RandomAccessTest : public QObject {
    Q_OBJECT

private slots:
    void aShortenedFileIsASentence() {
        const QTemporaryDir folder;
        const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "model.gguf";
        std::ofstream(path) << std::string(50000, 'x') << std::string(50000, 'y');
        const RandomAccessFile file(path);
        QCOMPARE(file.size(), std::uint64_t{100000});
        QCOMPARE(file.text(49999, 2), std::string("xy"));
        std::filesystem::resize_file(path, 60000);
        QCOMPARE(file.text(59999, 1), std::string("y"));
        try {
            file.text(40000, 50000);
            QFAIL("nothing was said");
        } catch (const InputError& error) {
            QVERIFY2(std::string(error.what()).find("ends at byte 60000 now") != std::string::npos, error.what());
        }
    }

    void aFileThatIsNotThereIsASentence() {
        const QTemporaryDir folder;
        QVERIFY_EXCEPTION_THROWN(RandomAccessFile(folder.filePath("none").toStdString()), InputError);
    }
};

QTEST_APPLESS_MAIN(RandomAccessTest)
#include "random_access_test.moc"
