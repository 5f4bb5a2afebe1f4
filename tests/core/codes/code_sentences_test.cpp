#include "core/codes/code_sentences.h"

#include <QtTest>

using namespace lab;
using codes::CodePoint;

namespace {

std::string courseOf(std::vector<CodePoint> points) {
    return codes::courseSentence(points).english();
}

CodePoint pointAt(std::int64_t step, double collisions, double exact) {
    return {step, 1000, exact, exact, collisions, 20};
}

bool says(const std::string& text, const char* what) {
    return text.find(what) != std::string::npos;
}

}  // namespace

class CodeSentencesTest : public QObject {
    Q_OBJECT

private slots:
    void injectiveLongBeforeReadable() {
        const std::string said =
            courseOf({pointAt(0, 0.2, 0), pointAt(100, 0.004, 0.01), pointAt(900, 0.002, 0.4), pointAt(1000, 0.001, 0.7)});
        QVERIFY2(says(said, "first seen nearly injective at step 100: 0.4 %"), said.c_str());
        QVERIFY2(says(said, "first seen readable at step 1000: 70.0 %"), said.c_str());
        QVERIFY2(says(said, "900 steps before"), said.c_str());
        QVERIFY2(!says(said, "no longer"), said.c_str());
    }

    void randomWeightsMayBeNearlyInjective() {
        const std::string said = courseOf({pointAt(0, 0.003, 0), pointAt(50, 0.001, 0.1)});
        QVERIFY2(says(said, "At step 0, the first that was looked at, codes were nearly injective already: 0.3 %"), said.c_str());
        QVERIFY2(says(said, "Up to step 50 they were not seen to be readable"), said.c_str());
        QVERIFY2(!says(said, "before the decoder"), said.c_str());
    }

    void whatNeverCameAboutIsSaidSo() {
        const std::string said = courseOf({pointAt(0, 0.5, 0), pointAt(70, 0.2, 0.2)});
        QVERIFY2(says(said, "Up to step 70 codes were not seen to be nearly injective"), said.c_str());
        QVERIFY2(says(said, "20.0 % of the sequences share theirs"), said.c_str());
        QVERIFY2(says(said, "were not seen to be readable"), said.c_str());
        QVERIFY(courseOf({}).empty());
    }

    void whatWasLostAgainIsSaidSo() {
        const std::string said = courseOf({pointAt(0, 0.5, 0), pointAt(10, 0.001, 0.6), pointAt(20, 0.3, 0.1)});
        QVERIFY2(says(said, "At step 20 they no longer are nearly injective: 30.0 %"), said.c_str());
        QVERIFY2(says(said, "At step 20 they no longer are readable: 10.0 %"), said.c_str());
        QVERIFY2(!says(said, "before the decoder"), said.c_str());  // both at the same step
    }

    void nearlyAllIsNotAll() {
        codes::CodeReport report;
        report.shape = {1, 4, 1};
        report.sequences = 5000;
        report.exact = {4999, 5000};
        report.positions = {39999, 40000};
        report.colliding = 2;
        const std::string decoded = codes::decodabilitySentence(report).english();
        QVERIFY2(says(decoded, "4999 of 5000 sequences (> 99.9 %)"), decoded.c_str());
        const std::string injective = codes::injectivitySentence(report).english();
        QVERIFY2(says(injective, "2 of 5000 different sequences (< 0.1 %)"), injective.c_str());
        report.exact = {10, 5000};
        QVERIFY(says(codes::decodabilitySentence(report).english(), "the decoder reads no more than half of them"));
        report.colliding = 2500;
        QVERIFY(!says(codes::decodabilitySentence(report).english(), "the decoder reads no more than half of them"));
    }

    void bitsAreJudgedByWhatIsNeeded() {
        codes::CodeReport report;
        report.bitsRoom = 24;
        report.bitsUsed = 21;
        report.needed = {19.9, codes::NeededBy::alphabet, 3.32, 6};
        const std::string enough = codes::bitsSentence(report).english();
        QVERIFY2(says(enough, "used for 21.0 of 24.0 bits, about the 19.9 needed or more") && says(enough, "6 symbols of 3.32 bits"),
                 enough.c_str());
        report.bitsUsed = 18;
        QVERIFY(says(codes::bitsSentence(report).english(), "used for 18.0, fewer than the 19.9 needed"));
        report.bitsRoom = 19;
        QVERIFY(says(codes::bitsSentence(report).english(), "no code can tell all apart"));
        report.bitsRoom = 19.9 - 1e-12;  // the same, but for rounding
        QVERIFY(!says(codes::bitsSentence(report).english(), "no code can tell all apart"));
    }

    void unusedCodesHaveTheirSlot() {
        codes::CodeReport report;
        report.shape = {2, 4, 1};
        report.usage = {codes::usageOf({3, 3, 3, 3}), codes::usageOf({6, 6, 0, 0})};
        const std::string said = codes::usageSentence(report).english();
        QVERIFY2(
            says(said, "The sequences measured leave codes of 1 slot unused, 2 of 8 in all; slot 1 is used least, with perplexity 2.0"),
            said.c_str());
        report.usage.back() = codes::usageOf({5, 3, 3, 1});
        QVERIFY(says(codes::usageSentence(report).english(), "The sequences measured use all 4 codes of every slot; slot 1"));
    }
};

QTEST_APPLESS_MAIN(CodeSentencesTest)
#include "code_sentences_test.moc"
