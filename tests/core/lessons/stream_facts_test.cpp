#include "core/lessons/stream_facts.h"

#include <QtTest>
#include <cmath>

#include "core/base/errors.h"
#include "core/data/loaded_task.h"
#include "core/model/sample_input.h"
#include "core/stream/depth.h"
#include "core/stream/patch_pair.h"
#include "core/training/trainer.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

constexpr int askedAt = 3;

/// A small model of two layers, as it begins, and its first validation sample.
struct StreamFactsDesk {
    LoadedTask task;
    RunMoment moment;
    Input input;

    StreamFactsDesk() {
        Experiment experiment = smallExperiment({.vocabulary = 5, .layers = 2, .steps = 1});
        experiment.model.num_heads = 2;
        task = loadTask(experiment, {});
        moment.experiment = task.experiment;
        moment.tokenizer = {task.dataset, &task.dataset->tokenizer()};
        moment.model = std::make_shared<const Model>(task.experiment.model);
        moment.weights = std::make_shared<const Weights>(initialState(*moment.model, task.experiment).weights);
        input = inputOf(task.dataset->validationSample(0));
    }
    double value(const std::string& expression) const {
        const StreamFacts facts(moment, input);
        class Asked : public Facts {
        public:
            explicit Asked(const StreamFacts& of) : m_of(of) {}
            std::optional<double> ofStream(StreamFunction function, const std::vector<Argument>& arguments) const override {
                return m_of.value(function, arguments);
            }

        private:
            const StreamFacts& m_of;
        };
        return calculated(expression, Asked(facts));
    }
    std::string refusal(const std::string& expression) const {
        try {
            value(expression);
        } catch (const InputError& error) {
            return error.what();
        }
        return {};
    }
    int other() const { return (input.tokens[1] + 1) % 5; }
};

}  // namespace

/// Expressions say of a stream what core/stream says.
class StreamFactsTest : public QObject {
    Q_OBJECT

private slots:
    void lensAndDecision() {
        const StreamFactsDesk desk;
        const StreamRuns runs(*desk.moment.model, *desk.moment.weights);
        const Lens lens = lensOf(runs, desk.input);
        const int last = static_cast<int>(lens.states.places.size()) - 1;
        QCOMPARE(desk.value("place(-1)"), 0.0);
        QCOMPARE(desk.value("place(1)"), static_cast<double>(last));
        QCOMPARE(desk.value("place(0, \"attention\")"), 1.0);
        QCOMPARE(desk.value("answer(3)"), static_cast<double>(lens.at(last, askedAt).top));
        QCOMPARE(desk.value("target(3)"), static_cast<double>(desk.input.targets[askedAt]));
        QCOMPARE(desk.value("read(3)"), static_cast<double>(desk.input.tokens[askedAt]));
        for (int position = 0; position < lens.states.positions; ++position)
            QCOMPARE(desk.value("decided(" + std::to_string(position) + ")"), static_cast<double>(decisionOf(lens, position).place));
        QVERIFY(std::abs(desk.value("lens(place(0), 3, target(3))") - lens.at(2, askedAt).ofTrue) < 1e-6);
    }

    void aLogitIsTheSumOfItsParts() {
        const StreamFactsDesk desk;
        const StreamRuns runs(*desk.moment.model, *desk.moment.weights);
        const Attribution whole = attributionOf(runs, desk.input, {askedAt, 2, LogitQuestion::Against::other, 1});
        double heads = 0;
        for (const AttributionTerm& term : whole.terms)
            if (term.kind == TermKind::head && term.layer == 1) heads += term.value;
        QCOMPARE(desk.value("all_write(3, 2, 1)"), whole.sum);
        QVERIFY(std::abs(desk.value("sum(h = 0..1, head_writes(1, h, 3, 2, 1))") - heads) < 1e-9);
        QVERIFY(std::abs(desk.value("part_writes(\"head\", 1, 3, 2, 1)") - heads) < 1e-9);
        const std::string byKeys = "sum(j = 0.." + std::to_string(desk.input.tokens.size() - 1) + ", head_writes_from(j, 1, 0, 3, 2, 1))";
        QVERIFY(std::abs(desk.value(byKeys + " - head_writes(1, 0, 3, 2, 1)")) < 1e-4);
        QVERIFY(desk.value("all_write(3, 2)") != whole.sum);  // less the mean
    }

    void patchesAsThePageDoes() {
        const StreamFactsDesk desk;
        const StreamRuns runs(*desk.moment.model, *desk.moment.weights);
        const std::string change = ", 3, 1, " + std::to_string(desk.other()) + ")";
        Input corrupted = desk.input;
        corrupted.tokens[1] = desk.other();
        KeepingTap tap(corrupted, [](const std::string&) { return false; }), clean(desk.input, [](const std::string&) { return false; });
        const std::vector<float> logits = runs.logits(desk.input, clean), after = runs.logits(corrupted, tap);
        const PatchQuestion question = pairQuestion(logits, after, 5, askedAt, false);
        const Patching into(runs, desk.input, corrupted, question), from(runs, corrupted, desk.input, question);
        const PatchSite site{"encoder.0.attention.head_output", 1, -1};
        QCOMPARE(desk.value("recovered_head(0, 1" + change), into.recovered({site}));
        QCOMPARE(desk.value("lost_head(0, 1" + change), from.recovered({site}));
        QCOMPARE(desk.value("recovered_stream(-1, 1" + change), 1.0);
        QCOMPARE(desk.value("recovered_stream(-1, 2" + change), 0.0);
        QCOMPARE(desk.value("recovered_feed_forward(0, 3" + change), into.recovered({{"encoder.0.feed_forward.output", -1, 3}}));
        QCOMPARE(desk.value("recovered_path(0, 1, 1, 0, \"key\"" + change), into.recoveredByPath({0, 1}, {1, 0}, PathEnd::key));
        QCOMPARE(desk.value("corrupted_answer(3" + change.substr(3)), static_cast<double>(outcomeOf(into, question, after).top));
        const CircuitGraph graph = circuitGraph(runs, {0, 1});
        QCOMPARE(desk.value("composition(0, 1, 1, 0, \"key\")"), graph.value(0, 1, PathEnd::key, true));
    }

    void refusesWhatIsNotThere_data() {
        QTest::addColumn<QString>("expression");
        for (const char* each :
             {"answer(99)", "answer(1.5)", "answer(\"a\")", "lens(99, 0, 0)", "lens(0, 0, 99)", "place(7)", "place(0, \"cross-attention\")",
              "place(0, \"soul\")", "head_writes(0, 9, 0, 0)", "head_writes(9, 0, 0, 0)", "token(\"what is this\")", "token(3)",
              "recovered_head(0, 0, 3, 99, 0)", "recovered_head(0, 0, 3, 1, 99)", "recovered_path(0, 0, 1, 0, \"soul\", 3, 1, 0)",
              "recovered_stream(9, 0, 3, 1, 0)"})
            QTest::newRow(each) << QString(each);
    }
    void refusesWhatIsNotThere() {
        QFETCH(QString, expression);
        QVERIFY(!StreamFactsDesk().refusal(expression.toStdString()).empty());
    }
};

QTEST_APPLESS_MAIN(StreamFactsTest)
#include "stream_facts_test.moc"
