#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

#include "core/base/errors.h"
#include "core/base/platform_mapping.h"

using namespace lab;

class MappingTest : public QObject {
    Q_OBJECT

private slots:
    /// Pages behind the end of a shortened file end the program that looks at them; copy() says what is wrong.
    void aShortenedFileIsASentence() {
        const QTemporaryDir folder;
        const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "model.gguf";
        std::ofstream(path) << std::string(100000, 'x');
        const MappedFile file(path);
        QCOMPARE(file.bytes().size(), std::size_t{100000});
        std::string copy(50000, ' ');
        file.copy(file.bytes().substr(40000, 50000), copy.data());
        QCOMPARE(copy, std::string(50000, 'x'));
        std::filesystem::resize_file(path, 60000);
        try {
            file.copy(file.bytes().substr(40000, 50000), copy.data());
            QFAIL("nothing was said");
        } catch (const InputError& error) {
            QVERIFY2(std::string(error.what()).find("ends at byte 60000 now") != std::string::npos, error.what());
        }
    }
};

QTEST_APPLESS_MAIN(MappingTest)
#include "mapping_test.moc"
