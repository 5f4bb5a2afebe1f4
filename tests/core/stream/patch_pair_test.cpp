#include "core/stream/patch_pair.h"

#include <QTest>

#include "core/base/errors.h"
#include "tests/core/stream/stream_testing.h"

using namespace lab;
using namespace lab::testing;

/// Which pair of inputs and which question patching begins with.
class PatchPairTest : public QObject {
    Q_OBJECT

private slots:
    void oneTokenIsChangedAndTheOneThatMattersMost() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        std::vector<int> alternatives;
        for (const int token : c.input.tokens) alternatives.push_back((token + 1) % *c.model.config().vocab_size);
        const Input found = suggestedCorruption(runs, c.input, 3, alternatives);
        int changed = 0;
        for (std::size_t p = 0; p < found.tokens.size(); ++p)
            if (found.tokens[p] != c.input.tokens[p]) {
                ++changed;
                QCOMPARE(found.tokens[p], alternatives[p]);
            }
        QCOMPARE(changed, 1);
        QVERIFY_THROWS_EXCEPTION(InputError, suggestedCorruption(runs, c.input, 3, std::vector<int>(c.input.tokens.size(), -1)));
    }

    void theRunsAnswersAreToldApart() {
        const std::vector<float> clean{3, 1, 0}, other{0, 2, 1}, alike{3, 1, 2};
        const PatchQuestion apart = pairQuestion(clean, other, 3, 0, false);
        QCOMPARE(apart.answer, 0);
        QCOMPARE(apart.other, 1);
        QCOMPARE(pairQuestion(clean, alike, 3, 0, false).other, 2);  // what rose most
        QCOMPARE(pairQuestion(clean, other, 3, 0, true).other, -1);
    }

    void answersMayBeChosen() {
        const std::vector<float> clean{3, 1, 0}, other{0, 2, 1};
        const PatchQuestion chosen = pairQuestion(clean, other, 3, 0, false, {2, 0});
        QCOMPARE(chosen.answer, 2);
        QCOMPARE(chosen.other, 0);
        QCOMPARE(pairQuestion(clean, other, 3, 0, false, {1, -1}).other, 2);  // not the corrupted run's own, which is chosen
        QCOMPARE(pairQuestion(clean, other, 3, 0, false, {-1, 2}).answer, 0);
        QCOMPARE(pairQuestion(clean, other, 3, 0, true, {2, 0}).other, -1);
        QVERIFY_THROWS_EXCEPTION(InputError, pairQuestion(clean, other, 3, 0, false, {-1, 0}));
        QCOMPARE(likelyAnswers(clean, other, 3, 0, 1), (std::vector<int>{0, 1}));
        QCOMPARE(likelyAnswers(clean, other, 3, 0, 9), (std::vector<int>{0, 1, 2}));
    }

    void theLastPositionThatIsAskedIsRead() {
        Input input;
        input.tokens = {1, 2, 3};
        QCOMPARE(lastAsked(input), 2);
        input.targets = {4, 5, -1};
        QCOMPARE(lastAsked(input), 1);
    }

    void aRunPutIntoItselfStaysAsItWas() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        Input corrupted = c.input;
        for (int& token : corrupted.tokens) token = (token + 1) % *c.model.config().vocab_size;
        const Patching patching(runs, c.input, corrupted, {3, 1, 0});
        for (const PatchPart part : {PatchPart::stream, PatchPart::attention, PatchPart::feed_forward, PatchPart::head, PatchPart::weights})
            QCOMPARE(patching.changeByItself(patchGrid(c.model, part, c.input).sites), 0.0);
    }
};

QTEST_MAIN(PatchPairTest)
#include "patch_pair_test.moc"
