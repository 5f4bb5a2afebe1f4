#include "core/stream/circuit_graph.h"

#include <QTest>

#include "core/base/errors.h"
#include "tests/core/stream/stream_testing.h"

using namespace lab;
using namespace lab::testing;

/// Who of two neighbouring layers reads whom, and what the pair does on an input.
class CircuitGraphTest : public QObject {
    Q_OBJECT

private slots:
    void neighboursAreOfOneSideAndReadTheStream() {
        const StreamCase c({"gqa", llamaLike()});
        QCOMPARE(blockPairs(c.model), (std::vector<BlockPair>{{0, 1}}));
        ModelConfig one = llamaLike();
        one.num_layers = 1;
        QVERIFY_THROWS_EXCEPTION(InputError, blockPairs(StreamCase({"one", one}).model));
    }

    void theCommonestTokensStandForALargeVocabulary() {
        QCOMPARE(commonestTokens(3, {2, 2}, 3), (std::vector<int>{0, 1, 2}));
        QCOMPARE(commonestTokens(9, {7, 2, 7, 5, 5, 8}, 2), (std::vector<int>{5, 7}));
    }

    void whatIsNotAskedForIsTheStrongestLine() {
        const StreamCase c({"gqa", llamaLike()});
        CircuitBook book(std::make_shared<Model>(c.model.config()), std::make_shared<Weights>(c.weights));
        const Trace trace = c.model.trace(c.weights, c.input, {});
        const CircuitLook look = book.look({{0, 1}, {}, {}, {}}, {}, c.input.tokens, &trace);
        double most = -1;
        for (int second = 0; second < look.graph.secondHeads; ++second)
            for (const PathEnd end : {PathEnd::query, PathEnd::key, PathEnd::value})
                most = std::max(most, look.graph.largest(second, end, true));
        QCOMPARE(look.graph.value(look.second.head, look.first.head, look.end, true), most);
        const double above = look.graph.value(0, 0, PathEnd::key, true), whole = look.graph.value(0, 0, PathEnd::key, false);
        QVERIFY(std::abs(whole - above - look.graph.baseline.k) < 1e-12);
        QCOMPARE(look.firstMetrics.size(), static_cast<std::size_t>(look.graph.firstHeads));
        QCOMPARE(look.direct.scores.rows(), std::ssize(look.tokens));
        const CircuitLook asked = book.look({{0, 1}, 0, 1, PathEnd::value}, {}, c.input.tokens, nullptr);
        QCOMPARE(asked.second, (StreamHead{1, 1}));
        QCOMPARE(asked.end, PathEnd::value);
        QVERIFY(asked.together.empty() && asked.secondMetrics.empty());
    }

    void aChainOfLooksIsReadOffBothMaps() {
        const StreamCase c({"gqa", llamaLike()});
        const Trace trace = c.model.trace(c.weights, c.input, {});
        const auto& blocks = c.model.attentionBlocks();
        const auto weight = [&](const StreamHead& head, int query, int key) {
            const Tensor& map = trace.at(blocks[static_cast<std::size_t>(head.block)].name + ".weights");
            return map.values[static_cast<std::size_t>((head.head * map.extent(1) + query) * map.extent(2) + key)];
        };
        const StreamHead first{0, 1}, second{1, 2};
        for (const PathEnd end : {PathEnd::query, PathEnd::key}) {
            for (const JointLook& look : jointLooks(trace, c.model, first, second, end)) {
                QCOMPARE(look.place, end == PathEnd::query ? look.query : look.key);
                for (int key = 0; key <= look.query; ++key) QVERIFY(weight(second, look.query, key) <= look.weight);
                for (int key = 0; key <= look.place; ++key) QVERIFY(weight(first, look.place, key) <= look.sourceWeight);
                QCOMPARE(weight(second, look.query, look.key), static_cast<float>(look.weight));
            }
        }
        QCOMPARE(tellingLook({{2, 2, 1, 2, 1, 1}, {3, 1, .5, 1, 0, .5}, {4, 1, .9, 1, 0, .9}, {5, 1, .9, 1, 1, 1}}), 4);
        QCOMPARE(tellingLook({}), -1);
    }

    void scoresThatPositionsAloneMakeAreThoseOfTheLaterHead() {
        ModelConfig table = llamaLike();
        table.position.kind = PositionKind::sinusoidal;
        for (const ModelConfig& config : {llamaLike(), table}) {
            const StreamCase c({"positions", config});
            CircuitBook book(std::make_shared<Model>(c.model.config()), std::make_shared<Weights>(c.weights));
            const CircuitLook look = book.look({{0, 1}, {}, 1, {}}, {}, c.input.tokens, nullptr);
            const StreamRuns runs(c.model, c.weights);
            const VocabularyCircuits circuits(runs);
            const bool rotates = specOf(config.position.kind).rotates;
            const int length = static_cast<int>(c.input.tokens.size());
            QCOMPARE(look.byDistance.size(), rotates ? std::size_t(length) : 0);
            QCOMPARE(look.byDistance, circuits.distanceScores(look.second, look.tokens, length));
            QCOMPARE(static_cast<int>(look.byPosition.rows()), rotates ? 0 : length);
            QVERIFY(rotates || look.byPosition == circuits.positionScores(look.second, length));
        }
    }

    void anOutputHeadThatIsNoMatrixIsSaidAndTheRestStays() {
        ModelConfig config = llamaLike();
        config.output.kind = OutputKind::mlp;
        config.output.tied = false;
        const StreamCase c({"mlp", config});
        CircuitBook book(std::make_shared<Model>(c.model.config()), std::make_shared<Weights>(c.weights));
        const CircuitLook look = book.look({{0, 1}, {}, {}, {}}, {}, c.input.tokens, nullptr);
        QCOMPARE(look.writes.size(), 0);
        QVERIFY(look.copying.empty() && !look.noWrites.english().empty());
        QVERIFY(look.direct.scores.size() > 0);
    }
};

QTEST_GUILESS_MAIN(CircuitGraphTest)
#include "circuit_graph_test.moc"
