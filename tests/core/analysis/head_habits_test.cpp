#include "core/analysis/head_habits.h"

#include <QtTest>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"
#include "tests/small_experiment.h"

using namespace lab;

namespace {

constexpr int length = 12;

Model modelOf(int heads) {
    Experiment experiment = smallExperiment({.length = length, .vocabulary = 20, .d_model = 4 * heads, .heads = heads});
    experiment = resolved(experiment);
    return Model(experiment.model);
}

/// A trace whose heads look where they are told: share of the rest is spread evenly.
struct Forged {
    const Model& model;
    Trace trace;

    Forged(const Model& of, std::vector<int> tokens) : model(of) {
        Input input;
        input.tokens = std::move(tokens);
        trace = model.trace(initialWeights(model, 1), input);
    }

    void look(int head, double share, const std::function<int(int)>& key) {
        const AttentionBlock& block = model.attentionBlocks().front();
        Tensor weights = trace.at(block.name + ".weights");
        const auto n = static_cast<int>(weights.extent(1));
        for (int i = 0; i < n; ++i) {
            const int to = key(i);
            for (int j = 0; j < n; ++j) {
                const double even = to < 0 ? 1.0 / n : (1.0 - share) / (n - 1);
                weights.values[static_cast<std::size_t>((head * n + i) * n + j)] = static_cast<float>(j == to ? share : even);
            }
        }
        trace.set(block.name + ".weights", weights);
    }
};

std::vector<int> differentTokens() {
    std::vector<int> tokens;
    for (int i = 0; i < length; ++i) tokens.push_back(i);
    return tokens;
}

std::vector<bool> lastIsSpecial() {
    std::vector<bool> special(length, false);
    special.front() = special.back() = true;
    return special;
}

}  // namespace

class HeadHabitsTest : public QObject {
    Q_OBJECT

private slots:
    void areFoundOverManyInputsOnly() {
        const Model model = modelOf(4);
        Forged forged(model, differentTokens());
        forged.look(0, 0.8, [](int i) { return i - 1; });
        forged.look(1, 0.7, [](int) { return length - 1; });
        forged.look(2, 0.0, [](int) { return -1; });
        forged.look(3, 0.4, [](int i) { return i; });
        HabitGatherer gatherer(model);
        gatherer.add(forged.trace, lastIsSpecial());
        QCOMPARE(gatherer.shares().at(0).habit(), HeadHabit::mixed);  // eleven queries are too few
        for (int i = 0; i < 9; ++i) gatherer.add(forged.trace, lastIsSpecial());
        const std::vector<HabitShares> shares = gatherer.shares();
        QCOMPARE(gatherer.inputs(), 10);
        QCOMPARE(shares.size(), std::size_t{4});
        QCOMPARE(shares[0].habit(), HeadHabit::previousToken);
        QVERIFY(std::abs(shares[0].mass(HeadHabit::previousToken) - 0.8) < 1e-6);
        QCOMPARE(shares[1].habit(), HeadHabit::separator);
        QVERIFY(std::abs(shares[1].separator - 0.7) < 1e-6);
        QCOMPARE(shares[2].habit(), HeadHabit::broad);
        QVERIFY(std::isnan(shares[2].mass(HeadHabit::broad)));
    }

    /// The first position is a sink of its own, whatever stands there.
    void theFirstTokenIsNoSeparator() {
        const Model model = modelOf(1);
        Forged forged(model, differentTokens());
        forged.look(0, 0.9, [](int) { return 0; });
        HabitGatherer gatherer(model);
        for (int i = 0; i < 9; ++i) gatherer.add(forged.trace, lastIsSpecial());
        QCOMPARE(gatherer.shares().front().habit(), HeadHabit::firstToken);
        QVERIFY(gatherer.shares().front().separator < 0.1);
    }

    /// Means run over queries, not over inputs: of those whose token came before.
    void rareWordsCountByTheirQueries() {
        const Model model = modelOf(1);
        Forged repeats(model, {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2}), none(model, differentTokens());
        repeats.look(0, 1.0, [](int i) { return std::max(i - 1, 0); });  // the follower of the token two before: induction
        none.look(0, 0.0, [](int) { return -1; });
        HabitGatherer gatherer(model);
        for (int i = 0; i < 8; ++i) {
            gatherer.add(repeats.trace, {});
            gatherer.add(none.trace, {});
        }
        const HabitShares shares = gatherer.shares().front();
        QCOMPARE(shares.metrics.queriesOf(HeadMetric::induction), 80);  // ten of each sequence that repeats
        QVERIFY(std::abs(shares.mass(HeadHabit::induction) - 1.0) < 1e-6);
        QCOMPARE(shares.habit(), HeadHabit::induction);
    }

    void everyLetterIsItsOwn() {
        std::set<char> letters;
        for (const HabitRow& row : habitTable())
            if (row.letter != ' ') QVERIFY(letters.insert(row.letter).second);
        for (const HabitRow& row : habitTable()) QCOMPARE(rowOf(row.habit).habit, row.habit);
    }
};

QTEST_APPLESS_MAIN(HeadHabitsTest)
#include "head_habits_test.moc"
