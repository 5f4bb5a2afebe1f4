// What a walk says of kernels whose weights fade and of random features: their numbers, their words, and what is set by hand in them.

#include <QtTest>

#include <cmath>

#include "core/layers/attention/decay.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

ModelConfig kernelFormOf(const char* name) {
    for (const NamedConfig& form : kernelForms())
        if (form.name == name) return form.config;
    qFatal("no form %s", name);
}

QString toldBy(const Stage& stage) {
    QString all = QString::fromStdString(stage.formula.english() + "\n" + stage.text.english());
    for (const Words& note : stage.notes) all += "\n" + QString::fromStdString(note.english());
    return all;
}

/// Every stage has the twin's numbers, and its results follow from their terms.
void checkAgainstTwin(const std::string& what, const Subject& s, const Question& q) {
    const Walk walk = walkOf(s, q), twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
    QCOMPARE(walk.stages.size(), twin.stages.size());
    for (std::size_t i = 0; i < walk.stages.size(); ++i) {
        if (walk.stages[i].id == "update") continue;  // Adam on rounding noise
        const Check check = checkStage(walk.stages[i], twin.stages[i]);
        QVERIFY2(check.agrees, (what + " " + walk.stages[i].id + " " + check.worst.grid + " " + std::to_string(check.worst.row) + "," +
                                std::to_string(check.worst.column) + " " + checkText(check).english())
                                   .c_str());
    }
}

/// The form's first block with this tensor replaced by its own numbers, each a little more.
Subject withTensorMoved(const ModelConfig& config, const std::string& suffix) {
    const Subject plain = subjectOf(config);
    const std::string name = plain.model->attentionBlocks().front().name + suffix;
    std::vector<float> values = plain.trace->at(name).values;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] *= 1.0F - 0.02F * static_cast<float>(i % 5);
    return subjectOf(config, [&](Input& input) { input.interventions.push_back({Intervention::Kind::replace, name, 0, values}); });
}

}  // namespace

class KernelsWalkTest : public QObject {
    Q_OBJECT

private slots:
    void aHeadsFixedFactorFadesWithEveryPlace() {
        const Subject s = subjectOf(kernelFormOf("retention gqa rope"));
        const int head = 2, query = 4;
        const Walk walk = walkOf(s, questionOf(s, 0, head, query, 1));
        const Stage &decay = *walk.find("decay"), &weights = *walk.find("weights");
        const double gamma = 1.0 - std::pow(2.0, -5.0 - head);
        for (int j = 0; j < decay.find("decay")->columns; ++j) {
            const double left = j > query ? 0.0 : std::pow(gamma, query - j);
            QVERIFY(std::abs(decay.find("decay")->at(0, j) - left) < 1e-6);
            QVERIFY(std::abs(weights.find("weights")->at(0, j) - left * walk.find("mask")->find("masked")->at(0, j)) < 1e-5);
        }
        QVERIFY(toldBy(decay).contains(QString::fromStdString("= " + shownNumber(gamma, 5))));
        QVERIFY(toldBy(decay).contains("head 0 forgets fastest"));
        const ExpressionText text = expressionText(decay.find("decay")->explain(0, 1), 6, 5);
        QVERIFY2(text.left.english().ends_with("^{3}"), text.left.english().c_str());
        QVERIFY(decay.find("decay")->explain(0, 5).note.english().find("comes after query 4") != std::string::npos);
        QVERIFY(!walk.find("d_decay") && !decay.find("kept"));
        for (const char* stage : {"max", "exp", "sum", "position"}) QVERIFY2(!walk.find(stage), stage);
        QVERIFY(toldBy(weights).contains("may be negative"));
        QVERIFY(!toldBy(weights).contains("linear in its own vector"));  // the norm behind is not
    }

    void aTokensShareIsOpenedToItsRow() {
        for (const char* form : {"gated-linear, no positions", "gated-linear gqa rope"}) {
            const Subject s = subjectOf(kernelFormOf(form));
            const AttentionBlock& block = s.model->attentionBlocks().front();
            const int head = block.heads - 1, query = 4;
            const Walk walk = walkOf(s, questionOf(s, 0, head, query, 1));
            const Stage& decay = *walk.find("decay");
            const Grid& kept = *decay.find("kept");
            const NumberView traced = NumberSource(s.trace).at(block.name + ".kept");
            for (int t = 0; t < kept.columns; ++t) {
                QCOMPARE(kept.at(2, t), traced(t, head));
                QVERIFY(std::abs(kept.at(2, t) - keptByLogit(kept.at(0, t))) < 1e-6);
            }
            double left = 1.0;
            for (int j = query; j >= 0; --j) {
                QVERIFY(std::abs(decay.find("decay")->at(0, j) - left) < 1e-5);
                left *= kept.at(2, j);
            }
            const Expression logit = kept.explain(0, 2);
            const bool bias = s.model->layout().find(block.name + ".decay.bias") != nullptr;
            QCOMPARE(static_cast<int>(logit.terms.size()), s.model->config().d_model + (bias ? 1 : 0));
            QCOMPARE(logit.terms.front().factors.front().from.stage, std::string("input"));
            const Expression share = decay.find("decay")->explain(0, 1);
            QCOMPARE(share.terms.front().factors.size(), std::size_t{2});
            QCOMPARE(share.terms.front().factors[1].from.query, query - 1);
        }
    }

    /// The pairs that a token lies between; of the first token there are none.
    void aTokensShareLearnsFromThePairsThatItLiesBetween() {
        const Subject s = subjectOf(kernelFormOf("gated-linear, no positions"));
        const AttentionBlock& block = s.model->attentionBlocks().front();
        const Walk walk = walkOf(s, questionOf(s, 0, 1, 4, 1));
        const Stage& back = *walk.find("d_decay");
        const NumberSource numbers(s.trace);
        const NumberView da = numbers.at("gradient." + block.name + ".weights"), a = numbers.at(block.name + ".weights"),
                         dKept = numbers.at("gradient." + block.name + ".kept"), kept = numbers.at(block.name + ".kept");
        for (int t = 0; t < 6; ++t) {
            double sum = 0.0;
            for (int i = t; i < 6; ++i)
                for (int j = 0; j < t; ++j) sum += a(1, i, j) * da(1, i, j);
            QVERIFY(std::abs(sum / kept(t, 1) - back.find("kept")->at(1, t)) < 1e-6);
            QCOMPARE(back.find("kept")->at(1, t), dKept(t, 1));
            QCOMPARE(static_cast<int>(back.find("kept")->explain(0, t).terms.size()), (6 - t) * t);
        }
        const Stage* later = walk.find("d_l1_sum");
        QVERIFY(later && toldBy(*later).contains("via \u03B1"));
    }

    void aHeadsSumIsNormed() {
        for (const NamedConfig& form : fadingForms()) {
            const Subject s = subjectOf(form.config);
            const Walk walk = walkOf(s, questionOf(s, 0, 1, 3, 1));
            const Grid &sum = *walk.find("mix")->find("mix"), &norm = *walk.find("head_norm")->find("norm");
            double square = 0.0;
            for (int p = 0; p < norm.columns; ++p) {
                QCOMPARE(norm.at(0, p), sum.at(p, masterColumn));
                square += norm.at(0, p) * norm.at(0, p) / norm.columns;
            }
            const double rms = std::sqrt(square + form.config.norm.epsilon);
            QVERIFY(std::abs(norm.at(0, masterColumn) - rms) < 1e-6);
            for (int p = 0; p < norm.columns; ++p) QVERIFY(std::abs(norm.at(1, p) * rms - norm.at(0, p)) < 1e-5);
            QVERIFY(toldBy(*walk.find("d_value")).contains("\u2202o\u0303"));
        }
        const Subject plain = subjectOf(smallConfig());
        const Walk walk = walkOf(plain, questionOf(plain, 0, 0, 3, 1));
        QVERIFY(!walk.find("head_norm") && !walk.find("decay") && !toldBy(*walk.find("d_value")).contains("\u0303"));
    }

    void featuresAreOfTheRandomMatrix() {
        for (const NamedConfig& form : performerForms()) {
            const Subject s = subjectOf(form.config);
            const AttentionBlock& block = s.model->attentionBlocks().front();
            const Walk walk = walkOf(s, questionOf(s, 0, 1, 3, 1));
            const Stage& phi = *walk.find("phi");
            const Grid &features = *phi.find("ofQuery"), &matrix = *phi.find("matrix"), &query = *phi.find("q");
            QCOMPARE(features.columns, form.config.attention.features);
            QCOMPARE(matrix.rows, form.config.attention.features);
            double largest = -1e9, root = std::sqrt(static_cast<double>(features.columns));
            for (int n = 0; n < features.columns; ++n) {
                double exponent = 0.0;
                for (int p = 0; p < query.columns; ++p) exponent += matrix.at(n, p) * query.at(0, p) - query.at(0, p) * query.at(0, p) / 2;
                QVERIFY2(std::abs(features.at(0, n) - exponent) < 1e-6, form.name.c_str());
                largest = std::max(largest, exponent);
            }
            for (int n = 0; n < features.columns; ++n)
                QVERIFY(std::abs(features.at(3, n) - std::exp(features.at(0, n) - largest) / root) < 1e-9);
            const Expression product = walk.find("dot")->find("dot")->explain(0, 1);
            QCOMPARE(static_cast<int>(product.terms.size()), form.config.attention.features);
            const NumberSource numbers(s.trace);
            const Grid& exact = *walk.find("weights")->find("exact");
            for (int j = 0; j < exact.columns; ++j) QCOMPARE(exact.at(0, j), numbers.at(block.name + ".exact_weights")(1, 3, j));
            QVERIFY(toldBy(*walk.find("weights")).contains("half the sum of the differences"));
            QCOMPARE(walk.find("rise") != nullptr, block.visibility.causal());
            QVERIFY(!toldBy(phi).contains("x + 1"));
        }
    }

    void whatIsSetByHandInThemIsSaidToBe() {
        for (const auto& [form, tensors] :
             {std::pair<const char*, std::vector<std::string>>{
                  "retention gqa rope", {".query", ".scores", ".decay", ".weights", ".unnormalised_head_output", ".head_output"}},
              {"gated-linear, no positions", {".kept", ".decay", ".weights", ".unnormalised_head_output", ".value"}},
              {"performer causal gqa rope qk_norm", {".query", ".key", ".weights", ".head_output"}}})
            for (const std::string& tensor : tensors) {
                const Subject s = withTensorMoved(kernelFormOf(form), tensor);
                checkAgainstTwin(form + tensor, s, questionOf(s, 0, 1, 3, 1));
                if (QTest::currentTestFailed()) return;
            }
    }

    void headsThatAreOffOrLookEvenlyAreToldSo() {
        for (const NamedConfig& form : kernelForms())
            for (const auto kind : {Intervention::Kind::headOff, Intervention::Kind::headUniform}) {
                const Subject s = subjectOf(form.config, [&](Input& input) {
                    const std::string side = form.config.architecture == Architecture::decoder ? "decoder" : "encoder";
                    input.interventions.push_back({kind, side + ".0.attention", 1, {}});
                });
                checkAgainstTwin(form.name, s, questionOf(s, 0, 1, 3, 1));
                if (QTest::currentTestFailed()) return;
            }
    }

    void paddingIsHiddenInThemToo() {
        for (const NamedConfig& form : kernelForms()) {
            const bool fades = specOf(form.config.attention.kernel.kind).decays();
            const Subject s = subjectOf(form.config, [fades](Input& input) {
                input.masked.assign(6, false);
                input.masked[4] = true;
                input.masked[0] = fades;  // the first query sees nothing
            });
            for (const int query : {0, 3, 5}) checkAgainstTwin(form.name, s, questionOf(s, 0, 1, query, 4));
            if (QTest::currentTestFailed()) return;
        }
    }
};

QTEST_APPLESS_MAIN(KernelsWalkTest)
#include "kernels_walk_test.moc"
