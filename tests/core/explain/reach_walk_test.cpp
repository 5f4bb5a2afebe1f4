// What a walk says of what counts how far keys lie back: vectors of distances, spans of heads, a memory that stands as it was.

#include <QtTest>

#include <cmath>

#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

ModelConfig reachForm(const std::string& name) {
    for (const auto& forms : {reachForms(), segmentForms()})
        for (const NamedConfig& form : forms)
            if (form.name == name) return form.config;
    qFatal("no form %s", name.c_str());
}

double parameterAt(const Subject& s, const std::string& name, int place) {
    return static_cast<double>(at(*s.weights, *s.model->layout().find(name))[place]);
}

/// Transformer-XL's R of one distance.
double distanceChannel(int distance, int d, int c) {
    const int sines = d - d / 2;
    const double frequency = std::pow(10000.0, -2.0 * (c < sines ? c : c - sines) / d);
    return c < sines ? std::sin(distance * frequency) : std::cos(distance * frequency);
}

std::string saidBy(const Stage& stage) {
    std::string all = stage.formula.english() + "\n" + stage.text.english();
    for (const Words& note : stage.notes) all += "\n" + note.english();
    return all;
}

}  // namespace

class ReachWalkTest : public QObject {
    Q_OBJECT

private slots:
    void distancesAreAskedByQueryAndHead() {
        for (const char* name : {"relative", "relative causal gqa qk_norm", "relative kv, odd d_model, encoder-decoder"}) {
            const Subject s = subjectOf(reachForm(name));
            const ModelConfig& config = s.model->config();
            const AttentionBlock& block = s.model->attentionBlocks().front();
            const int head = block.heads - 1, query = 4, d = config.d_model, D = config.headDim();
            const Walk walk = walkOf(s, questionOf(s, 0, head, query, 1));
            const Stage& position = *walk.find("position");
            const NumberSource numbers(s.trace);
            const NumberView q = numbers.at(block.name + ".query"), k = numbers.at(block.name + ".key");
            for (int j = 0; j < position.find("content")->columns; ++j) {
                double content = 0, placed = 0;
                for (int p = 0; p < D; ++p) {
                    content += parameterAt(s, block.name + ".content_bias", head * D + p) * k(head / (block.heads / block.kvHeads), j, p);
                    double delta = 0;
                    for (int c = 0; c < d; ++c)
                        delta += parameterAt(s, block.name + ".relative.weight", (head * D + p) * d + c) * distanceChannel(query - j, d, c);
                    placed += (q(head, query, p) + parameterAt(s, block.name + ".position_bias", head * D + p)) * delta;
                    if (j == walk.key) QVERIFY(std::abs(position.find("vector")->at(p, masterColumn) - delta) < 1e-6);
                }
                QVERIFY(std::abs(position.find("content")->at(0, j) - content) < 1e-5);
                QVERIFY(std::abs(position.find("placed")->at(0, j) - placed) < 1e-5);
                const double added = position.find("score")->at(0, j) - position.find("scaled")->at(0, j);
                QVERIFY(std::abs(added - (content + placed) / std::sqrt(static_cast<double>(D))) < 1e-5);
            }
            QVERIFY(saidBy(position).find("the same for all queries") != std::string::npos);
        }
        const Subject plain = subjectOf(smallConfig());
        QVERIFY(!walkOf(plain, questionOf(plain, 0, 0, 3, 1)).find("position")->find("content"));
    }

    void aSpanTakesWeightsAndLearnsOnItsRamp() {
        const Subject s = subjectOf(reachForm("span"));
        const ModelConfig& config = s.model->config();
        const AttentionBlock& block = s.model->attentionBlocks().front();
        const double ramp = config.attention.span_ramp, longest = *config.attention.max_span;
        bool ends = false, fades = false;
        for (int head = 0; head < block.heads; ++head) {
            const double share = std::clamp(parameterAt(s, block.name + ".span", head), 0.0, 1.0);
            double asked = config.attention.span_penalty / block.heads;
            for (int query = 0; query < static_cast<int>(s.input.tokens.size()); ++query) {
                const Walk walk = walkOf(s, questionOf(s, 0, head, query, 1));
                const Stage& span = *walk.find("span");
                QVERIFY(std::abs(span.find("span")->at(1, 0) - longest * share) < 1e-6);
                for (int j = 0; j < span.find("spanned")->columns; ++j) {
                    const double m = std::clamp((ramp + longest * share - std::abs(query - j)) / ramp, 0.0, 1.0);
                    QVERIFY(std::abs(span.find("factor")->at(0, j) - m) < 1e-6);
                    const double left = span.find("spanned")->at(0, j);
                    ends = ends || m == 0;
                    fades = fades || (m > 0 && m < 1);
                    if (m == 0) {
                        QVERIFY(std::isinf(left) && walk.find("weights")->find("weights")->at(0, j) == 0.0);
                        QVERIFY(span.find("spanned")->explain(0, j).note.english().find("beyond the head") != std::string::npos);
                        QCOMPARE(walk.find("mask")->find("mask")->at(0, j), 0.0);  // it is not the mask that hides it
                    } else {
                        QVERIFY(std::abs(left - span.find("scaled")->at(0, j) - std::log(m)) < 1e-5);
                    }
                }
                asked += walk.find("d_span")->find("asks")->at(0, masterColumn);
            }
            const NumberView learned = NumberSource(s.trace).at("gradient." + block.name + ".span");
            const double raw = parameterAt(s, block.name + ".span", head);
            if (raw >= 0 && raw <= 1) QVERIFY(std::abs(learned[head] - longest * asked) < 1e-4 * std::max(1.0, std::abs(learned[head])));
        }
        QVERIFY(ends && fades);
        const Subject plain = subjectOf(smallConfig());
        QVERIFY(!walkOf(plain, questionOf(plain, 0, 0, 3, 1)).find("span"));
    }

    /// What a later segment asks of a key counts in the key's gradient and in no row's.
    void aMemoryTeachesItsMatrixButNotItsRow() {
        for (const char* name : {"segments relative", "segments relative gqa qk_norm", "segments"}) {
            ModelConfig config = reachForm(name);
            config.num_layers = config.num_decoder_layers.emplace(2);
            const Subject s = subjectOf(config);
            const Visibility visibility(config.attention.pattern, true, false);
            constexpr int later = 5;
            int key = later;  // the last token of the segment before
            while (!visibility.detached(later, key, 6)) --key;
            const Walk walk = walkOf(s, questionOf(s, 0, 0, key, key));
            const Grid& readers = *walk.find("d_key")->find("factors");
            QVERIFY2(readers.at(0, later) != 0.0, name);
            QVERIFY(saidBy(*walk.find("d_key")).find("but not the row") != std::string::npos);
            for (const char* stage : {"d_l1_keys", "d_l1_values"}) {
                const Grid& parts = *walk.find(stage)->find("sum");
                bool own = false;
                for (int c = 0; c < parts.rows; ++c) {
                    QCOMPARE(parts.at(c, later), 0.0);
                    QVERIFY(parts.explain(c, later).note.english().find("as memory") != std::string::npos);
                    for (int i = key; i < later; ++i) own = own || (!visibility.detached(i, key, 6) && parts.at(c, i) != 0.0);
                }
                QVERIFY2(own, name);
                QVERIFY(saidBy(*walk.find(stage)).find("nothing comes back to it") != std::string::npos);
            }
        }
    }
};

QTEST_APPLESS_MAIN(ReachWalkTest)
#include "reach_walk_test.moc"
