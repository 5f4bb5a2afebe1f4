#include "ui/runs/prediction_log.h"

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"

using namespace lab;

class PredictionLogTest : public QObject {
    Q_OBJECT

    LoadedTask m_task = smallTask();
    std::shared_ptr<const Model> m_model = std::make_shared<const Model>(m_task.experiment.model);

    CheckpointPtr checkpoint(std::int64_t step, std::uint64_t seed) const {
        Experiment experiment = m_task.experiment;
        experiment.training.seed = seed;
        return std::make_shared<const Checkpoint>(Checkpoint{step, initialState(*m_model, experiment).weights});
    }
    std::vector<int> direct(const CheckpointPtr& at, const Input& input) const { return predictions(m_model->trace(at->weights, input)); }

private slots:
    void answersAreTheModelsOwn() {
        PredictionLog log;
        const CheckpointPtr first = checkpoint(0, 1), second = checkpoint(9, 2);
        const Input a = tokensOnly({0, 1, 2, 3, 4, 0}), b = tokensOnly({4, 3, 3, 1});
        log.ask(m_model, {{first, a, 7}, {second, a, 8}, {second, b, 9}});
        QTRY_COMPARE(log.answers().size(), 3u);
        QCOMPARE(log.answers()[0].predicted, direct(first, a));
        QCOMPARE(log.answers()[1].predicted, direct(second, a));
        QCOMPARE(log.answers()[2].predicted, direct(second, b));
        QCOMPARE(log.answers()[2].question.tag, 9);
        QVERIFY(log.ready());
    }

    void sameQuestionsAreAnsweredOnce() {
        PredictionLog log;
        QSignalSpy spy(&log, &PredictionLog::answered);
        const std::vector<PredictionQuestion> questions{{checkpoint(0, 1), tokensOnly({0, 1, 2}), 0}};
        log.ask(m_model, questions);
        QTRY_COMPARE(spy.count(), 1);
        log.ask(m_model, questions);
        QVERIFY(log.ready());
        QCOMPARE(spy.count(), 1);
    }

    void latestListWins() {
        PredictionLog log;
        log.setThrifty(true);
        CheckpointPtr last;
        for (int i = 0; i < 50; ++i) {
            last = checkpoint(i, std::uint64_t(i));
            log.ask(m_model, {{last, tokensOnly({0, 1, 2, 3}), i}});
            QVERIFY(!log.ready());  // what it knows is of an older list
        }
        QTRY_VERIFY(!log.answers().empty() && log.answers()[0].question.tag == 49);
        QVERIFY(log.ready());
        QCOMPARE(log.answers()[0].predicted, direct(last, tokensOnly({0, 1, 2, 3})));
    }

    void inputThatTheModelCannotTakeHasNoAnswer() {
        PredictionLog log;
        log.ask(m_model, {{checkpoint(0, 1), tokensOnly({99}), 0}, {checkpoint(0, 1), tokensOnly({1, 2}), 1}});
        QTRY_COMPARE(log.answers().size(), 2u);
        QVERIFY(log.answers()[0].predicted.empty());
        QCOMPARE(log.answers()[1].predicted.size(), 2u);
    }

    void forgottenAnswersDoNotArrive() {
        PredictionLog log;
        QSignalSpy spy(&log, &PredictionLog::answered);
        log.ask(m_model, {{checkpoint(0, 1), tokensOnly({1, 2}), 0}});
        log.forget();
        log.ask(m_model, {{checkpoint(3, 1), tokensOnly({1, 2}), 5}});
        QTRY_COMPARE(spy.count(), 1);
        QCOMPARE(log.answers()[0].question.tag, 5);
    }
};

QTEST_GUILESS_MAIN(PredictionLogTest)
#include "prediction_log_test.moc"
