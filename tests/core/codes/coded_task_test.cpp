#include "core/codes/coded_task.h"

#include <QtTest>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/codes/code_json.h"
#include "core/goedel/goedel_number.h"
#include "tests/core/codes/codes_testing.h"

using namespace lab;
using namespace lab::testing;

class CodedTaskTest : public QObject {
    Q_OBJECT

private slots:
    void measuresAreThoseOfTheParts() {
        const CodedModel model;
        const codes::CodedTask coded{model.coder, model.task, model.set};
        const auto plain = codes::measured(coded, {});
        const auto all = codes::measured(coded, {true, true});
        const auto report = codes::codeReport(model.coder, model.task.experiment.task, model.set);
        QCOMPARE(codes::reportJson(plain->report, model.set), codes::reportJson(*report, model.set));
        QVERIFY(plain->order && plain->notCompared.empty());
        QVERIFY(!plain->symbolChanges && !plain->slotFlips && !plain->lengths);
        QVERIFY(all->symbolChanges && all->slotFlips && all->lengths);
        QCOMPARE(codes::robustnessJson(*all->slotFlips), codes::robustnessJson(*codes::slotRobustness(model.coder, model.set)));
        const codes::Json json = codes::measuresJson(7, *all, model.set);
        for (const char* key : {"step", "bits", "order", "symbol_changes", "slot_flips", "lengths"}) QVERIFY2(json.contains(key), key);
    }

    /// Forty symbols below 2^16 make a Gödel number of some two million digits.
    void whatIsTooLargeIsToldAndTheRestMeasured() {
        const CodedModel model(codedExperiment("fsq", {{"slots", 3}, {"levels", 3}}, 40, 1 << 16));
        const auto measures = codes::measured({model.coder, model.task, codes::testSet(*model.task.dataset, 2)}, {});
        QVERIFY(!measures->order && !measures->notCompared.empty());
        QVERIFY(measures->report.sequences > 0);
    }

    void whoDoesNotWaitGetsNothing() {
        const CodedModel model;
        const codes::CodedTask coded{model.coder, model.task, model.set};
        int asked = 0;
        QVERIFY(!codes::measured(coded, {}, [&asked](double) { return ++asked < 2; }));
        QVERIFY(!codes::lookedAt(coded, {1, 2, 3, 4}, 1, {}, [](double) { return false; }));
    }

    /// A long answer is given up within it, not behind it.
    void decodingAsksAtEveryToken() {
        const CodedModel model;
        const codes::Code code = model.coder.codeOf({1, 2, 3, 4});
        const codes::Opening opening = codes::openingOf(model.set.samples.front());
        int asked = 0;
        QVERIFY(!model.coder.decoded(std::span(&code, 1), std::span(&opening, 1), [&asked](double) { return ++asked < 3; }));
        QCOMPARE(asked, 4);  // the third refuses, and the work as a whole asks once more
    }

    void aNumberGoesBackToASequence() {
        const CodedModel model;
        const codes::CodedTask coded{model.coder, model.task, model.set};
        const auto look = codes::lookedAt(coded, {1, 2, 3, 4}, 2, {});
        QCOMPARE(look->goedel, goedel::goedelNumber({1, 2, 3, 4}));
        QCOMPARE(look->nearest.size(), std::size_t{2});
        const codes::DecodedNumber back = codes::decodedNumber(coded, look->own.number);
        QCOMPARE(back.code, look->own.code);
        QCOMPARE(back.decoded, look->own.decoded);
        QVERIFY_THROWS_EXCEPTION(InputError, codes::decodedNumber(coded, goedel::Natural(27)));
    }

    /// Before the task is asked what it wants of them.
    void tokensAreCheckedFirst() {
        const CodedModel model;
        const codes::CodedTask coded{model.coder, model.task, model.set};
        for (const codes::Symbols& wrong : {codes::Symbols{}, {1, -1}, {1, 1 << 24}})
            QVERIFY_THROWS_EXCEPTION(InputError, codes::lookedAt(coded, wrong, 1, {}));
    }
};

QTEST_APPLESS_MAIN(CodedTaskTest)
#include "coded_task_test.moc"
