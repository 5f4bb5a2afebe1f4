#include "core/analysis/answer_sources.h"

#include <QtTest>

using namespace lab;

namespace {

AttentionBlock block(bool cross = false) {
    return {"b", cross ? "decoder" : "encoder", 0, 1, 1, cross, false};
}

Trace traceOf(const std::vector<int>& tokens, const std::vector<int>& targetTokens = {}) {
    Trace trace;
    trace.tokens = tokens;
    trace.targetTokens = targetTokens;
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

class AnswerSourcesTest : public QObject {
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

    void tokensBeyondWhatAFloatHoldsStayApart() {
        // As floats both are 16777216.
        const auto sources = answerSources(task(TaskKind::sort), Architecture::encoder, block(), traceOf({16777217, 16777216}));
        QVERIFY(sources);
        QCOMPARE(sources->keys, (Keys{{1}, {0}}));
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
        QCOMPARE(sources->keys, (Keys{{}, {}, {0}, {1}, {2}, {}}));
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
        QCOMPARE(sourceMass(trace, block(), 0, *sources).value(), 1.0);
        lookAt(trace, {3, 2, 0, 3}, 4);
        QCOMPARE(sourceMass(trace, block(), 0, *sources).value(), 0.5);
    }
};

QTEST_APPLESS_MAIN(AnswerSourcesTest)
#include "answer_sources_test.moc"
