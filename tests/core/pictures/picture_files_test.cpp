#include "core/pictures/picture_files.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "tests/core/base/input_error.h"
#include "tests/core/pictures/idx_testing.h"

using namespace lab;
using picture_testing::gzipped;
using picture_testing::idxBytes;

namespace {

const std::string trainPictures = "train-images-idx3-ubyte", trainLabels = "train-labels-idx1-ubyte",
                  testPictures = "t10k-images-idx3-ubyte", testLabels = "t10k-labels-idx1-ubyte";

}  // namespace

class PictureFilesTest : public QObject {
    Q_OBJECT

private slots:
    /// Three pictures of 2 x 2 to train on, one to test on.
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        write(trainPictures, idxBytes({3, 2, 2}, "abcdefghijkl"));
        write(trainLabels, idxBytes({3}, std::string("\0\1\2", 3)));
        write(testPictures, idxBytes({1, 2, 2}, "wxyz"));
        write(testLabels, idxBytes({1}, "\4"));
    }

    void aFolderHasFourFiles() {
        const PictureFiles files = readPictureFiles(".", folder());
        QCOMPARE(files.train.count(), 3);
        QCOMPARE(files.test.count(), 1);
        QCOMPARE(files.test.labels.front(), std::uint8_t{4});
        QCOMPARE(files.numClasses(), 5);
        QVERIFY(files.classes.empty());
    }

    void theirNamesAreWrittenInSeveralWays() {
        remove(trainPictures);
        write("train-images.idx3-ubyte.gz", gzipped(idxBytes({3, 2, 2}, "abcdefghijkl")));
        remove(testLabels);
        write(testLabels + ".gz", gzipped(idxBytes({1}, "\4")));
        const PictureFiles files = readPictureFiles(".", folder());
        QCOMPARE(files.train.pixels[4], std::uint8_t{'e'});
        QCOMPARE(files.test.labels.front(), std::uint8_t{4});
    }

    void onePairOfFilesHasNoTest() {
        const PictureFiles files = readPictureFiles(trainPictures, folder());
        QCOMPARE(files.train.count(), 3);
        QCOMPARE(files.test.count(), 0);
        QCOMPARE(files.numClasses(), 3);
    }

    void classesMayHaveNames() {
        write("classes.txt", "cat\ndog\r\nsea horse\nant\nbee\n");
        QCOMPARE(readPictureFiles(".", folder()).classes, (std::vector<std::string>{"cat", "dog", "sea-horse", "ant", "bee"}));
        write("classes.txt", "cat\ndog");
        QCOMPARE(refusal("."), QString("FOLDER/classes.txt: has 2 names, but labels go up to 4"));
        write("classes.txt", "cat\n\ndog");
        QCOMPARE(refusal("."), QString("FOLDER/classes.txt: line 2 names no class"));
        write("classes.txt", "cat\ndog\ncat\n");
        QCOMPARE(refusal("."), QString("FOLDER/classes.txt: line 3 names cat again"));
    }

    void whatIsNotThereIsSaid() {
        QVERIFY(refusal("nowhere").startsWith("FOLDER/nowhere: is not there."));
        QVERIFY(refusal("nowhere").contains("apt-get install dataset-fashion-mnist"));
        remove(testLabels);
        QCOMPARE(refusal("."), QString("FOLDER/: has no file t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz"));
        remove(trainLabels);
        QVERIFY(refusal(trainPictures).startsWith("FOLDER/train-labels-idx1-ubyte: cannot be read"));
        write("digits", "x");
        QCOMPARE(refusal("digits"),
                 QString("FOLDER/digits: has no \"images\" in its name, by which the file of its labels would be found"));
    }

    void filesThatDoNotFitTogetherAreRefused() {
        write(testPictures, idxBytes({1, 2, 3}, "uvwxyz"));
        QCOMPARE(refusal("."),
                 QString("FOLDER/t10k-images-idx3-ubyte: has pictures of 3 x 2 pixels, but train-images-idx3-ubyte of 2 x 2"));
        write(testLabels, idxBytes({2}, "\1\2"));
        QCOMPARE(refusal("."), QString("FOLDER/t10k-labels-idx1-ubyte: byte 4: the number of labels is 2, but that of the pictures of "
                                       "FOLDER/t10k-images-idx3-ubyte is 1"));
    }

    void readingCanBeEnded() {
        QVERIFY(!messageOf([&] { readPictureFiles(".", folder(), [](double) { return false; }); }).empty());
    }

    /// Where Debian's package is installed, it is what its papers say.
    void theNameOfDebiansPicturesIsAPath() {
        if (!std::filesystem::exists(fashionMnistFolder())) {
            const std::string sentence = messageOf([] { readPictureFiles("fashion-mnist", {}); });
            QVERIFY(sentence.find("apt-get install dataset-fashion-mnist") != std::string::npos);
            return;
        }
        const PictureFiles files = readPictureFiles("fashion-mnist", folder());
        QCOMPARE(files.train.count(), 60000);
        QCOMPARE(files.test.count(), 10000);
        QCOMPARE(files.train.width, 28);
        QCOMPARE(files.numClasses(), 10);
        QCOMPARE(files.classes[9], std::string("Ankle-boot"));
        QCOMPARE(files.train.labels[0], std::uint8_t{9});
    }

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    void write(const std::string& name, const std::string& bytes) const { std::ofstream(folder() / name, std::ios::binary) << bytes; }
    void remove(const std::string& name) const { std::filesystem::remove(folder() / name); }

    QString refusal(const std::string& path) const {
        return QString::fromStdString(messageOf([&] { readPictureFiles(path, folder()); })).replace(m_folder->path(), "FOLDER");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(PictureFilesTest)
#include "picture_files_test.moc"
