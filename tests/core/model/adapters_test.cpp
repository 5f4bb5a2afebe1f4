#include "core/model/adapters.h"

#include <QTest>
#include <cmath>

#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/model/initialise.h"
#include "core/model/model.h"
#include "tests/core/base/input_error.h"

using namespace lab;

namespace {

Experiment adapted(int rank, const std::vector<std::string>& targets = {"attention.query", "attention.value"}) {
    Experiment e;
    e.model.d_model = 16;
    e.model.num_layers = 2;
    e.model.num_heads = 2;
    e.training.adapters.rank = rank;
    e.training.adapters.targets = targets;
    return resolved(e);
}

/// Of those that get an adapter, by their names.
QStringList namesOfAdapted(const std::vector<std::string>& targets) {
    const Experiment e = adapted(1, targets);
    const ParameterLayout layout = Model(e.model).layout();
    QStringList names;
    for (const std::size_t index : adaptedMatrices(layout, e.training.adapters)) names << layout.parameters()[index].name.c_str();
    return names;
}

TrainingState plainState(const Experiment& e) {
    return startingState(initialWeights(Model(e.model), e.training.seed), *e.training.optimizer.kind);
}

}  // namespace

class AdaptersTest : public QObject {
    Q_OBJECT

private slots:
    void namesAreThoseOfFrozenWeights() {
        QCOMPARE(namesOfAdapted({"attention.query", "attention.value"}).size(), 4);
        QCOMPARE(namesOfAdapted({"attention"}).size(), 8);
        for (const QString& name : namesOfAdapted({"attention"})) QVERIFY(name.contains(".attention.") && name.endsWith(".weight"));
        QCOMPARE(namesOfAdapted({"feed_forward"}).size(), 4);
        QCOMPARE(namesOfAdapted({"attention", "feed_forward"}).size(), 12);
        QCOMPARE(namesOfAdapted({"encoder.1.attention.key", "encoder.1"}).size(), 6);
        QCOMPARE(namesOfAdapted({"*.0.attention.*"}).size(), 4);
    }

    void whatGetsNoneIsRefused_data() {
        QTest::addColumn<int>("rank");
        QTest::addColumn<QString>("targets");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("part");
        QTest::newRow("unknown") << 2 << "attention.wq"
                                 << "training.adapters.targets"
                                 << "no weights called attention.wq";
        QTest::newRow("a norm") << 2 << "norm"
                                << "training.adapters.targets"
                                << "norm is no matrix between activations";
        QTest::newRow("a table") << 2 << "embedding"
                                 << "training.adapters.targets"
                                 << "embedding is no matrix";
        QTest::newRow("none") << 2 << ""
                              << "training.adapters.targets"
                              << "no matrix is named";
        QTest::newRow("a wide rank") << 17 << "attention.query"
                                     << "training.adapters.rank"
                                     << "17 is more than the 16";
    }
    void whatGetsNoneIsRefused() {
        QFETCH(int, rank);
        QFETCH(QString, targets);
        QFETCH(QString, path);
        QFETCH(QString, part);
        Experiment e = adapted(rank);
        fieldTable().at("training.adapters.targets").setText(e, targets.toStdString());
        const AdaptersProblem problem = adaptersProblem(e);
        QCOMPARE(QString::fromStdString(problem.path), path);
        QVERIFY2(QString::fromStdString(problem.problem.english()).contains(part), problem.problem.english().c_str());
        const std::string said = messageOf([&] { adaptedMatrices(Model(e.model).layout(), e.training.adapters); });
        QVERIFY2(QString::fromStdString(said).contains(path + ": ") && QString::fromStdString(said).contains(part), said.c_str());
    }

    void whatFitsHasNoProblem() {
        QVERIFY(adaptersProblem(adapted(16)).problem.empty());
        QVERIFY(adaptersProblem(adapted(0, {"nothing"})).problem.empty());
        Experiment pairs = adapted(4, {"nothing"});
        pairs.task.kind = "pairs";
        pairs.model.vocab_size.reset();
        QVERIFY(adaptersProblem(pairs).problem.empty());  // its model is not known yet
    }

    void keptZerosAndAdaptersExcludeEachOther() {
        Experiment e = adapted(2);
        e.training.keep_zeros = true;
        const std::string said = messageOf([&] { validate(e); });
        QVERIFY2(QString::fromStdString(said).contains("training.keep_zeros"), said.c_str());
    }

    void keysComeAndGoWithTheRank() {
        const Experiment with = adapted(2), without = adapted(0);
        for (const char* path : {"training.adapters.alpha", "training.adapters.targets"}) {
            QVERIFY(fieldTable().at(path).isApplicable(with));
            QVERIFY(!fieldTable().at(path).isApplicable(without));
        }
        QVERIFY(!fieldTable().at("training.frozen").isApplicable(with));
        QVERIFY(parseExperiment(writeExperiment(with)).training.adapters == with.training.adapters);
    }

    void theModelBeginsAsItWas() {
        const Experiment e = adapted(3);
        const Model model(e.model);
        const TrainingState plain = plainState(e), state = withAdapters(plain, model.layout(), e.training);
        QVERIFY(state.weights == plain.weights && state.base->weights == plain.weights);
        QCOMPARE(state.base->matrices.size(), std::size_t{4});
        QCOMPARE(state.base->layout.parameterCount(), std::size_t{4 * 3 * (16 + 16)});
        QCOMPARE(state.firstMoment.size(), state.adapters.size());
        QCOMPARE(state.secondMoment.size(), state.adapters.size());
        for (std::size_t m = 0; m < 4; ++m) {
            const Parameter &a = state.base->a(m), &b = state.base->b(m);
            QCOMPARE(a.name, state.base->nameOf(m) + ".a");
            QCOMPARE(a.shape, (std::vector<int>{3, 16}));
            QCOMPARE(b.shape, (std::vector<int>{16, 3}));
            double largest = 0;
            for (std::size_t i = 0; i < a.size; ++i) largest = std::max(largest, std::abs(static_cast<double>(at(state.adapters, a)[i])));
            QVERIFY(largest > 0.125 && largest <= 0.25);  // within 1 / sqrt(16)
            for (std::size_t i = 0; i < b.size; ++i) QCOMPARE(at(state.adapters, b)[i], 0.0f);
        }
    }

    void aDrawIsThatOfItsSeedAndName() {
        Experiment e = adapted(2);
        const Model model(e.model);
        const auto adapters = [&] { return withAdapters(plainState(e), model.layout(), e.training).adapters; };
        const Weights first = adapters();
        QVERIFY(adapters() == first);
        e.training.seed = 7;
        QVERIFY(adapters() != first);
    }

    void aStateIsMadeReadyOnce() {
        Experiment e = adapted(2);
        const Model model(e.model);
        const TrainingState ready = readyToTrain(plainState(e), model.layout(), e.training);
        QVERIFY(ready.hasAdapters());
        const TrainingState again = readyToTrain(ready, model.layout(), e.training);
        QVERIFY(again.base == ready.base && again.adapters == ready.adapters);
        Experiment other = e;
        other.training.adapters.alpha *= 2;
        for (const Experiment& wrong : {other, adapted(3), adapted(2, {"attention"}), adapted(0)})
            QVERIFY(!messageOf([&] { readyToTrain(ready, model.layout(), wrong.training); }).empty());
    }

    /// Of a model that is only looked at there are none.
    void momentsComeWithTheTraining() {
        const Experiment e = adapted(0);
        const Model model(e.model);
        const TrainingState untrained{plainState(e).weights, {}, {}, 0};
        QVERIFY(hasMomentsOf(untrained, *e.training.optimizer.kind));
        const TrainingState ready = readyToTrain(untrained, model.layout(), e.training);
        QCOMPARE(ready.firstMoment, plainState(e).firstMoment);
        QCOMPARE(ready.secondMoment, plainState(e).secondMoment);
    }
};

QTEST_APPLESS_MAIN(AdaptersTest)
#include "adapters_test.moc"
