#include "core/analysis/head_summary.h"

#include <QtTest>
#include <cmath>
#include <limits>

using namespace lab;

namespace {

constexpr float minusInfinity = -std::numeric_limits<float>::infinity();

AttentionBlock block(bool cross = false) {
    return {"b", cross ? "decoder" : "encoder", 0, 1, 1, cross, false};
}

Tensor numbers(const std::vector<int>& values) {
    return {{static_cast<std::int64_t>(values.size())}, {values.begin(), values.end()}, true};
}

Trace traceOf(const std::vector<int>& tokens, const std::vector<int>& targetTokens = {}) {
    Trace trace;
    trace.set("tokens", numbers(tokens));
    if (!targetTokens.empty()) trace.set("target_tokens", numbers(targetTokens));
    return trace;
}

/// One head that puts all weight of each row on keys[row]; nothing is masked.
void lookAt(Trace& trace, const std::vector<int>& keys, int columns) {
    const auto rows = static_cast<std::int64_t>(keys.size());
    Tensor weights{{1, rows, columns}, std::vector<float>(static_cast<std::size_t>(rows * columns), 0.0F)};
    Tensor scores = weights;
    for (std::size_t i = 0; i < keys.size(); ++i)
        weights.values[i * static_cast<std::size_t>(columns) + static_cast<std::size_t>(keys[i])] = 1.0F;
    trace.set("b.weights", weights);
    trace.set("b.masked_scores", scores);
}

TaskConfig task(TaskKind kind) {
    TaskConfig result;
    result.kind = kind;
    return result;
}

using Keys = std::vector<std::vector<int>>;

Keys encoderSources(TaskKind kind, const std::vector<int>& tokens) {
    const auto sources = answerSources(task(kind), Architecture::encoder, block(), traceOf(tokens));
    return sources ? sources->keys : Keys{};
}

}  // namespace

class HeadSummaryTest : public QObject {
    Q_OBJECT

private slots:
    void everyTaskNamesItsSources() {
        const std::vector<int> tokens{7, 3, 7, 1};
        QCOMPARE(encoderSources(TaskKind::reverse, tokens), (Keys{{3}, {2}, {1}, {0}}));
        QCOMPARE(encoderSources(TaskKind::swap, tokens), (Keys{{2}, {3}, {0}, {1}}));
        QCOMPARE(encoderSources(TaskKind::copy, tokens), (Keys{{0}, {1}, {2}, {3}}));
        QCOMPARE(encoderSources(TaskKind::sub, tokens), (Keys{{0}, {1}, {2}, {3}}));
        QCOMPARE(encoderSources(TaskKind::sort, tokens), (Keys{{3}, {1}, {0, 2}, {0, 2}}));
        QVERIFY(encoderSources(TaskKind::pairs, tokens).empty());
    }

    void decoderAnswersFromTheSeparatorOn() {
        const auto sources = answerSources(task(TaskKind::reverse), Architecture::decoder, block(), traceOf({7, 3, 1, 10, 1, 3, 7}));
        QVERIFY(sources);
        QCOMPARE(sources->keys, (Keys{{}, {}, {}, {2}, {1}, {0}, {}}));
        QVERIFY(!answerSources(task(TaskKind::reverse), Architecture::decoder, block(), traceOf({7, 3, 1})));
    }

    void repeatLooksBehindTheEarlierOccurrence() {
        const auto sources = answerSources(task(TaskKind::repeat), Architecture::decoder, block(), traceOf({7, 3, 1, 7, 3, 1}));
        QVERIFY(sources);
        QCOMPARE(sources->keys, (Keys{{}, {}, {}, {1}, {2}, {}}));
    }

    void onlyCrossAttentionAnswersInAnEncoderDecoder() {
        const Trace trace = traceOf({7, 3, 1}, {10, 1, 3});
        QVERIFY(!answerSources(task(TaskKind::reverse), Architecture::encoder_decoder, block(), trace));
        const auto sources = answerSources(task(TaskKind::reverse), Architecture::encoder_decoder, block(true), trace);
        QVERIFY(sources);
        QCOMPARE(sources->keys, (Keys{{2}, {1}, {0}}));
    }

    void perfectMirrorHasAllItsMassThere() {
        Trace trace = traceOf({7, 3, 7, 1});
        lookAt(trace, {3, 2, 1, 0}, 4);
        const auto sources = answerSources(task(TaskKind::reverse), Architecture::encoder, block(), trace);
        const HeadSummary summary = summariseHead(trace, block(), 0, sources);
        QCOMPARE(summary.sourceMass.value(), 1.0);
        QCOMPARE(summary.uniformMass, 0.25);
        QCOMPARE(summary.effectiveKeys, 1.0);
        QCOMPARE(summary.visibleKeys, 4.0);
        lookAt(trace, {3, 2, 0, 3}, 4);
        QCOMPARE(sourceMass(trace, block(), 0, *sources).value(), 0.5);
    }

    void uniformHeadUsesAllKeysItMaySee() {
        Trace trace = traceOf({7, 3});
        trace.set("b.weights", {{1, 2, 2}, {1.0F, 0.0F, 0.5F, 0.5F}});
        trace.set("b.masked_scores", {{1, 2, 2}, {0.0F, minusInfinity, 0.0F, 0.0F}});
        const HeadSummary summary = summariseHead(trace, block(), 0, std::nullopt);
        QVERIFY(!summary.sourceMass);
        QCOMPARE(summary.visibleKeys, 1.5);
        QVERIFY(std::abs(summary.effectiveKeys - 1.5) < 1e-6);
    }
};

QTEST_APPLESS_MAIN(HeadSummaryTest)
#include "head_summary_test.moc"
