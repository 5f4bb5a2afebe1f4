#include "core/pictures/idx.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "tests/core/base/input_error.h"
#include "tests/core/pictures/idx_testing.h"

using namespace lab;
using picture_testing::gzipped;
using picture_testing::idxBytes;

namespace {

/// Two pictures of 3 x 2 (wide, high), and their labels.
const std::string twoPictures = idxBytes({2, 2, 3}, "abcdefGHIJKL");
const std::string twoLabels = idxBytes({2}, std::string("\7\0", 2));

PictureSet read(const std::string& pictures, const std::string& labels) {
    return pictureSetOf(pictures, "P", labels, "L");
}

QString refusalOf(const std::string& pictures, const std::string& labels = twoLabels) {
    return QString::fromStdString(messageOf([&] { read(pictures, labels); }));
}

std::string with(std::string bytes, std::size_t at, unsigned byte) {
    bytes[at] = static_cast<char>(byte);
    return bytes;
}

}  // namespace

class IdxTest : public QObject {
    Q_OBJECT

private slots:
    void picturesLieRowByRow() {
        const PictureSet set = read(twoPictures, twoLabels);
        QCOMPARE(set.width, 3);
        QCOMPARE(set.height, 2);
        QCOMPARE(set.count(), 2);
        QCOMPARE(set.labels, (std::vector<std::uint8_t>{7, 0}));
        const auto second = set.picture(1);
        QCOMPARE(std::string(second.begin(), second.end()), std::string("GHIJKL"));
    }

    void eachFileMayBePacked() {
        for (const auto& [pictures, labels] : {std::pair(gzipped(twoPictures), twoLabels), std::pair(twoPictures, gzipped(twoLabels)),
                                               std::pair(gzipped(twoPictures), gzipped(twoLabels))}) {
            const PictureSet set = read(pictures, labels);
            QCOMPARE(set.pixels, read(twoPictures, twoLabels).pixels);
            QCOMPARE(set.labels, (std::vector<std::uint8_t>{7, 0}));
        }
        QCOMPARE(refusalOf(gzipped(twoPictures).substr(0, 20)), QString("P: is packed with gzip, and broken or cut off"));
    }

    void whatIsWrongIsSaidWithItsPlace_data() {
        QTest::addColumn<QByteArray>("pictures");
        QTest::addColumn<QByteArray>("labels");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const std::string& pictures, const std::string& labels, const char* sentence) {
            QTest::newRow(name) << QByteArray::fromStdString(pictures) << QByteArray::fromStdString(labels) << QString(sentence);
        };
        row("empty", "", twoLabels, "P: is empty");
        row("a text", "<html>", twoLabels, "P: byte 0: is 0x3C, but an IDX file begins with two bytes 0");
        row("second byte", with(twoPictures, 1, 0xAB), twoLabels, "P: byte 1: is 0xAB, but an IDX file begins with two bytes 0");
        row("floats", with(twoPictures, 2, 0x0D), twoLabels, "P: byte 2: is 0x0D, but the numbers must be bytes, whose type is 0x08");
        row("labels for pictures", twoLabels, twoLabels,
            "P: byte 3: the number of dimensions is 1, but that of pictures is 3 (how many, height, width)");
        row("pictures for labels", twoPictures, twoPictures,
            "L: byte 3: the number of dimensions is 3, but that of labels is 1 (how many)");
        row("header cut off", twoPictures.substr(0, 10), twoLabels, "P: byte 10: the file ends inside its header of 16 bytes");
        row("none", idxBytes({0, 2, 3}, ""), twoLabels, "P: byte 4: says that there are 0; there must be from 1 to 100000000");
        row("no height", idxBytes({2, 0, 3}, ""), twoLabels,
            "P: byte 8: says that pictures are 0 pixels high; they must be from 1 to 1024");
        row("too wide", idxBytes({2, 2, 1025}, "abc"), twoLabels,
            "P: byte 12: says that pictures are 1025 pixels wide; they must be from 1 to 1024");
        row("huge", idxBytes({0xFFFFFFFF, 1, 1}, "abc"), twoLabels,
            "P: byte 4: says that there are 4294967295; there must be from 1 to 100000000");
        row("large, but not there", idxBytes({100000000, 1024, 1024}, "abc"), twoLabels,
            "P: byte 19: the file ends, but by its header it has 104857600000016 bytes");
        row("cut off", twoPictures.substr(0, 27), twoLabels, "P: byte 27: the file ends, but by its header it has 28 bytes");
        row("too long", twoPictures + "x", twoLabels, "P: byte 28: by its header the file ends here, but it has 29 bytes");
        row("labels cut off", twoPictures, twoLabels.substr(0, 9), "L: byte 9: the file ends, but by its header it has 10 bytes");
        row("fewer labels", twoPictures, idxBytes({1}, "\1"), "L: byte 4: the number of labels is 1, but that of the pictures of P is 2");
    }

    void whatIsWrongIsSaidWithItsPlace() {
        QFETCH(QByteArray, pictures);
        QFETCH(QByteArray, labels);
        QFETCH(QString, sentence);
        QCOMPARE(refusalOf(pictures.toStdString(), labels.toStdString()), sentence);
    }

    /// Cut off anywhere, any byte of the header changed, and both, in thousands: read as it is meant, or refused in a sentence.
    void noFileIsReadWrongly() {
        const RandomStream random(3, "broken idx");
        int refused = 0, read = 0;
        for (std::uint64_t i = 0; i < 6000; ++i) {
            std::string bytes = twoPictures;
            for (std::uint32_t k = 0; k < 1 + random.below(8 * i, 3); ++k)
                bytes[random.below(8 * i + 1 + k, 28)] = static_cast<char>(random.bits(8 * i + 4 + k));
            if (random.below(8 * i + 7, 2) == 0) bytes.resize(random.below(8 * i + 7, 60));
            try {
                const IdxFile file = idxFile(bytes, 3, "P");
                std::size_t numbers = 1;
                for (const int size : file.sizes) numbers *= static_cast<std::size_t>(size);
                QCOMPARE(file.bytes.size(), numbers);
                QCOMPARE(bytes.size(), numbers + 16);
                ++read;
            } catch (const InputError& error) {
                const QString sentence = error.what();
                QVERIFY2(sentence.startsWith("P: byte ") || sentence == "P: is empty", qPrintable(sentence));
                ++refused;
            }
        }
        qInfo("%d refused, %d read", refused, read);
        QVERIFY(refused > 3000 && read > 500);  // changed pixels are pixels
    }
};

QTEST_APPLESS_MAIN(IdxTest)
#include "idx_test.moc"
