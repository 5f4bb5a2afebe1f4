#include "core/data/typed_vectors.h"

#include <QtTest>

#include "core/base/errors.h"

using namespace lab;

namespace {

template <class Read>
QString refusal(Read read) {
    try {
        read();
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

}  // namespace

/// What a person types where a model reads vectors.
class TypedVectorsTest : public QObject {
    Q_OBJECT

private slots:
    void pointsArePartedBySemicolons() {
        QCOMPARE(typedVectors("0.5 1; -0.25, 2;\n(3 | ?)", 2), (std::vector<float>{0.5F, 1, -0.25F, 2, 3, 0}));
        QCOMPARE(typedVectors("\xE2\x88\x92"
                              "1; +2",
                              1),
                 (std::vector<float>{-1, 2}));
    }

    void refusesWhatIsNoVector_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("named");
        QTest::newRow("word") << "0.5 cat"
                              << "cat";
        QTest::newRow("trailing letters") << "0.5 1x"
                                          << "1x";
        QTest::newRow("too few") << "0.5"
                                 << "2 numbers";
        QTest::newRow("too many") << "1 2 3"
                                  << "has 3";
        QTest::newRow("nothing") << " ; ;"
                                 << "no numbers";
        QTest::newRow("too large") << "1e9 0"
                                   << "1e9";
        QTest::newRow("not a number") << "nan 0"
                                      << "nan";
        QTest::newRow("second of two") << "1 2; 3"
                                       << "' 3'";
    }
    void refusesWhatIsNoVector() {
        QFETCH(QString, text);
        QFETCH(QString, named);
        const QString sentence = refusal([&] { typedVectors(text.toStdString(), 2); });
        QVERIFY2(!sentence.isEmpty() && sentence.contains(named), qPrintable(sentence));
    }

    void pixelsAreBytes() {
        QCOMPARE(typedPixels("0 255; 12, 7", 4), (std::vector<std::uint8_t>{0, 255, 12, 7}));
        QVERIFY(refusal([] { typedPixels("0 256", 2); }).contains("pixel 1 is '256'"));
        QVERIFY(refusal([] { typedPixels("0 -1", 2); }).contains("'-1'"));
        QVERIFY(refusal([] { typedPixels("0 0.5", 2); }).contains("'0.5'"));
        QVERIFY(refusal([] { typedPixels("1 2 3", 4); }).contains("4 pixels"));
    }

    void whatIsWrittenIsReadAgain() {
        const std::vector<float> numbers{0.1F, -3.25e-7F, 12345.678F};
        QCOMPARE(typedVector(writtenVector(numbers), 3), numbers);
        QCOMPARE(writtenVector({0.5F, 7}, 1), std::string("0.5 ?"));
    }
};

QTEST_GUILESS_MAIN(TypedVectorsTest)
#include "typed_vectors_test.moc"
