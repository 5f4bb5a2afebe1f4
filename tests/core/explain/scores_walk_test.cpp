// What a walk says of what stands between scores, weights and the heads' outputs: a learned bias of distances, a cap, a sink, a gate.

#include <QtTest>

#include <cmath>

#include "core/layers/position/relative_buckets.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

ModelConfig formOf(const char* name) {
    for (const NamedConfig& form : scoreForms())
        if (form.name == name) return form.config;
    qFatal("no form %s", name);
}

QString said(const Stage& stage) {
    QString all = QString::fromStdString(stage.formula.english() + "\n" + stage.text.english());
    for (const Words& note : stage.notes) all += "\n" + QString::fromStdString(note.english());
    return all;
}

const char* const everything = "relative bias soft cap sink gate";

}  // namespace

class ScoresWalkTest : public QObject {
    Q_OBJECT

private slots:
    void theBiasOfEachKeyNamesItsBucket() {
        for (const char* name : {"relative bias", "relative bias causal gqa qk_norm", everything}) {
            const Subject s = subjectOf(formOf(name));
            const ModelConfig& config = s.model->config();
            const AttentionBlock& block = s.model->attentionBlocks().back();
            const int head = block.heads - 1, query = 3, b = static_cast<int>(s.model->attentionBlocks().size()) - 1;
            const Walk walk = walkOf(s, questionOf(s, b, head, query, 1));
            const Stage& position = *walk.find("position");
            QVERIFY(said(position).contains("n = the bucket of j"));
            QVERIFY(said(position).contains("the same for all layers"));
            QCOMPARE(said(position).contains("keys behind the query"), !block.visibility.causal());
            const Parameter& table = *s.model->layout().find(block.side + ".0.attention.relative_bias.weight");
            const Grid& bias = *position.find("bias");
            for (int j = 0; j < bias.columns; ++j) {
                const int bucket =
                    relativeBucket(j - query, config.position.buckets, config.position.max_distance, block.visibility.causal());
                QCOMPARE(bias.at(0, j), static_cast<double>(at(*s.weights, table)[bucket * block.heads + head]));
                const Expression e = bias.explain(0, j);
                QCOMPARE(e.name.english(), "b_{" + std::to_string(head) + "," + std::to_string(bucket) + "}");
                QVERIFY(e.note.english().find("bucket " + std::to_string(bucket)) != std::string::npos);
                QVERIFY(std::abs(position.find("score")->at(0, j) - position.find("scaled")->at(0, j) - bias.at(0, j)) < 1e-5);
            }
        }
    }

    void aCapBendsScoresAndTheWayBackHasItsSlope() {
        for (const char* name : {"soft cap rope gqa", everything}) {
            const Subject s = subjectOf(formOf(name));
            const double cap = s.model->config().attention.soft_cap;
            const Walk walk = walkOf(s, questionOf(s, 0, 1, 4, 2));
            const Stage &stage = *walk.find("cap"), &softmax = *walk.find("d_softmax"), &back = *walk.find("d_cap");
            const Grid& before = *stage.find(stage.find("score") ? "score" : "scaled");
            for (int j = 0; j < before.columns; ++j) {
                const double capped = stage.find("capped")->at(0, j), t = capped / cap;
                QVERIFY(std::abs(capped - cap * std::tanh(before.at(0, j) / cap)) < 1e-5);
                QVERIFY(std::abs(back.find("before")->at(0, j) - softmax.find("ds")->at(0, j) * (1 - t * t)) < 1e-6);
            }
            QVERIFY(said(stage).contains("order stays"));
            QVERIFY(walk.find("mask")->find("masked"));
        }
        QVERIFY(!walkOf(subjectOf(smallConfig()), questionOf(subjectOf(smallConfig()), 0, 0, 3, 1)).find("cap"));
    }

    void aSinkTakesItsShareOfTheRow() {
        for (const char* name : {"sink", "sink longformer, diagonal masked", everything}) {
            const Subject s = subjectOf(formOf(name));
            const Walk walk = walkOf(s, questionOf(s, 0, 1, 3, 1));
            const Stage &sum = *walk.find("sum"), &weights = *walk.find("weights");
            const Grid& sink = *sum.find("sink");
            QCOMPARE(sink.columns, 1);
            const Parameter& logits = *s.model->layout().find("encoder.0.attention.sink");
            QCOMPARE(sink.at(0, 0), static_cast<double>(at(*s.weights, logits)[1]));
            double shares = 0.0, exponentials = sink.at(2, 0);
            for (int j = 0; j < weights.find("weights")->columns; ++j) {
                shares += weights.find("weights")->at(0, j);
                exponentials += sum.find("exp")->at(0, j);
            }
            const double sunk = weights.find("sunk")->at(0, 0);
            QVERIFY(sunk > 1e-3 && std::abs(shares + sunk - 1.0) < 1e-5);
            QVERIFY(std::abs(exponentials - sum.find("exp")->at(0, masterColumn)) < 1e-6);
            QVERIFY(said(weights).contains("less than 1: " + QString::fromStdString(shownNumber(sunk, 3))));
            QVERIFY(!said(weights).contains("the row adds up to 1."));
            const Stage& back = *walk.find("d_softmax");
            double all = back.find("sink")->at(0, 0);
            for (int j = 0; j < back.find("ds")->columns; ++j) all += back.find("ds")->at(0, j);
            QVERIFY(std::abs(all) < 1e-6);  // the keys' and the sink's gradients add up to 0, as it says
        }
        const Subject plain = subjectOf(smallConfig());
        QVERIFY(said(*walkOf(plain, questionOf(plain, 0, 0, 3, 1)).find("weights")).contains("the row adds up to 1"));
    }

    void aGateStandsBetweenHeadsAndOutput() {
        for (const char* name : {"gate, swiglu gqa rope", everything}) {
            const Subject s = subjectOf(formOf(name));
            const AttentionBlock& block = s.model->attentionBlocks().front();
            const int query = 2, head = 1;
            const Walk walk = walkOf(s, questionOf(s, 0, head, query, 1));
            const Stage& gate = *walk.find("gate");
            const NumberSource numbers(s.trace);
            const NumberView traced = numbers.at(block.name + ".gate"), outputs = numbers.at(block.name + ".head_output");
            for (int h = 0; h < block.heads; ++h)
                for (int p = 0; p < s.model->config().headDim(); ++p) {
                    const double open = gate.find("gate")->at(h, p);
                    QVERIFY(open > 0.0 && open < 1.0);
                    QCOMPARE(open, traced(query, h * s.model->config().headDim() + p));
                    QVERIFY(std::abs(gate.find("opened")->at(h, p) - open * outputs(h, query, p)) < 1e-6);
                }
            const Stage& back = *walk.find("d_gate");
            const NumberView gradient = numbers.at("gradient." + block.name + ".head_output");
            for (int p = 0; p < s.model->config().headDim(); ++p) QCOMPARE(back.find("gate")->at(2, p), gradient(head, query, p));
            QVERIFY(said(*walk.find("output")).contains("W_{O} o\u2032"));
            const Stage* later = walk.find("d_l1_sum");
            if (later) QVERIFY(said(*later).contains("by the gate"));
        }
    }

    /// Cross-attention has none of it.
    void aDecodersLookAtTheEncoderIsPlain() {
        const Subject s = subjectOf(formOf("relative bias soft cap sink gate, encoder-decoder pre gqa, attention dropout"));
        const auto& blocks = s.model->attentionBlocks();
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            const Walk walk = walkOf(s, questionOf(s, static_cast<int>(b), 0, 2, 1));
            for (const char* stage : {"cap", "gate", "d_cap", "d_gate"}) QCOMPARE(walk.find(stage) != nullptr, !blocks[b].cross);
            QCOMPARE(blocks[b].sink, !blocks[b].cross);
            QCOMPARE(walk.find("position")->find("bias") != nullptr, !blocks[b].cross);
        }
        // Each side has a table of its own.
        for (const char* side : {"encoder", "decoder"})
            QVERIFY(s.model->layout().find(std::string(side) + ".0.attention.relative_bias.weight"));
        QVERIFY(!s.model->layout().find("decoder.0.cross_attention.sink"));
    }
};

QTEST_APPLESS_MAIN(ScoresWalkTest)
#include "scores_walk_test.moc"
