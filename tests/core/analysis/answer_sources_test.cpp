#include "core/analysis/answer_sources.h"

#include <QtTest>

#include "core/tasks/task_config.h"

using namespace lab;

namespace {

AttentionBlock block(bool cross = false) {
    return {"b", cross ? "decoder" : "encoder", 0, 1, 1, cross, {}};
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

TaskConfig task(Kind<TaskSpec> kind) {
    TaskConfig result;
    result.kind = kind;
    return result;
}

using Keys = std::vector<std::vector<int>>;

Keys encoderSources(Kind<TaskSpec> kind, const std::vector<int>& tokens) {
    const auto sources = answerSources(task(kind), Architecture::encoder, block(), traceOf(tokens));
    return sources ? sources->keys : Keys{};
}

}  // namespace

class AnswerSourcesTest : public QObject {
    Q_OBJECT

private slots:
    void everyTaskNamesItsSources() {
        const std::vector<int> tokens{7, 3, 7, 1};
        QCOMPARE(encoderSources("reverse", tokens), (Keys{{3}, {2}, {1}, {0}}));
        QCOMPARE(encoderSources("swap", tokens), (Keys{{2}, {3}, {0}, {1}}));
        QCOMPARE(encoderSources("copy", tokens), (Keys{{0}, {1}, {2}, {3}}));
        QCOMPARE(encoderSources("sub", tokens), (Keys{{0}, {1}, {2}, {3}}));
        QCOMPARE(encoderSources("sort", tokens), (Keys{{3}, {1}, {0, 2}, {0, 2}}));
        QVERIFY(encoderSources("pairs", tokens).empty());
    }

    void rotatedAnswersFollowTheParameter() {
        TaskConfig rotate = task("rotate");
        rotate.parameters.set("k", 3);
        const auto sources = answerSources(rotate, Architecture::encoder, block(), traceOf({7, 3, 7, 1}));
        QCOMPARE(sources->keys, (Keys{{1}, {2}, {3}, {0}}));
        QCOMPARE(sources->pattern.place.english(), std::string("the position k = 3 before, cyclic"));
    }

    void aShorterAnswerStandsAtTheEnd() {
        const std::vector<int> tokens{1, 2, 3, 4, 5, 6};
        QCOMPARE(encoderSources("add", tokens), (Keys{{}, {}, {0, 3}, {0, 3}, {1, 4}, {2, 5}}));
        const auto decoder = answerSources(task("add"), Architecture::decoder, block(), traceOf({1, 2, 3, 4, 10, 0, 4, 6}));
        QCOMPARE(decoder->keys, (Keys{{}, {}, {}, {}, {0, 2}, {0, 2}, {1, 3}, {}}));
        QVERIFY(encoderSources("add", {1, 2, 3}).empty());
    }

    void patternsAreCalledAsTheFrameHasThem() {
        const auto said = [](const char* kind, Architecture architecture) { return *sourcePattern(task(kind), architecture); };
        const SourcePattern beneath = said("copy", Architecture::encoder), behind = said("copy", Architecture::decoder);
        QCOMPARE(beneath.title.english(), std::string("own place"));
        QCOMPARE(beneath.keys.english(), std::string("key i, its own position"));
        QCOMPARE(behind.title.english(), std::string("same place"));
        QCOMPARE(behind.keys.english(), std::string("key i, the same place of x (query n + i gives answer i)"));
        QCOMPARE(said("copy", Architecture::encoder_decoder).keys.english(), std::string("key i, the same place of x"));
        QCOMPARE(said("reverse", Architecture::encoder).keys.english(), std::string("key n \u2212 1 \u2212 i, the mirrored position"));
        QCOMPARE(said("reverse", Architecture::decoder).keys.english(),
                 std::string("key n \u2212 1 \u2212 i, the mirrored place of x (query n + i gives answer i)"));
        QCOMPARE(said("repeat", Architecture::decoder).keys.english(), std::string("key i + 1 \u2212 p in the second block of p tokens"));
        QVERIFY(said("add", Architecture::encoder).keys.english().ends_with("(the last queries give the answers)"));
        QVERIFY(!sourcePattern(task("pairs"), Architecture::decoder));
    }

    void tokensBeyondWhatAFloatHoldsStayApart() {
        // As floats both are 16777216.
        const auto sources = answerSources(task("sort"), Architecture::encoder, block(), traceOf({16777217, 16777216}));
        QVERIFY(sources);
        QCOMPARE(sources->keys, (Keys{{1}, {0}}));
    }

    void decoderAnswersFromTheSeparatorOn() {
        const auto sources = answerSources(task("reverse"), Architecture::decoder, block(), traceOf({7, 3, 1, 10, 1, 3, 7}));
        QVERIFY(sources);
        QCOMPARE(sources->keys, (Keys{{}, {}, {}, {2}, {1}, {0}, {}}));
        QVERIFY(!answerSources(task("reverse"), Architecture::decoder, block(), traceOf({7, 3, 1})));
    }

    void repeatLooksBehindTheEarlierOccurrence() {
        const auto sources = answerSources(task("repeat"), Architecture::decoder, block(), traceOf({7, 3, 1, 7, 3, 1}));
        QVERIFY(sources);
        QCOMPARE(sources->keys, (Keys{{}, {}, {0}, {1}, {2}, {}}));
    }

    void onlyCrossAttentionAnswersInAnEncoderDecoder() {
        const Trace trace = traceOf({7, 3, 1}, {10, 1, 3});
        QVERIFY(!answerSources(task("reverse"), Architecture::encoder_decoder, block(), trace));
        const auto sources = answerSources(task("reverse"), Architecture::encoder_decoder, block(true), trace);
        QVERIFY(sources);
        QCOMPARE(sources->keys, (Keys{{2}, {1}, {0}}));
    }

    void perfectMirrorHasAllItsMassThere() {
        Trace trace = traceOf({7, 3, 7, 1});
        lookAt(trace, {3, 2, 1, 0}, 4);
        const auto sources = answerSources(task("reverse"), Architecture::encoder, block(), trace);
        QCOMPARE(sourceMass(trace, block(), 0, *sources).value(), 1.0);
        lookAt(trace, {3, 2, 0, 3}, 4);
        QCOMPARE(sourceMass(trace, block(), 0, *sources).value(), 0.5);
    }
};

QTEST_APPLESS_MAIN(AnswerSourcesTest)
#include "answer_sources_test.moc"
