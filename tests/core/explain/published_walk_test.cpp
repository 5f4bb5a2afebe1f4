// What published models have, opened: each form has a walk with a way back, and what is not opened says so.

#include <QtTest>
#include <cmath>

#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

Subject publishedSubject(const char* name) {
    const std::vector<NamedConfig> forms = publishedForms();
    return subjectOf(std::ranges::find_if(forms, [&](const NamedConfig& form) { return std::string_view(form.name) == name; })->config);
}

double numberOf(const Tensor& tensor, int row, int column) {
    return static_cast<double>(tensor.values[static_cast<std::size_t>(row * tensor.extent(1) + column)]);
}

void compareWithTwin(const Subject& s, const Question& q, const std::string& form) {
    const Walk walk = walkOf(s, q), twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
    QCOMPARE(walk.stages.size(), twin.stages.size());
    for (std::size_t i = 0; i < walk.stages.size(); ++i) {
        const Check check = checkStage(walk.stages[i], twin.stages[i]);
        QVERIFY2(check.agrees, (form + " " + walk.stages[i].id + " " + checkText(check).english()).c_str());
    }
}

ModelConfig withoutHead(NormPlacement placement) {
    ModelConfig config = smallConfig();
    config.norm.placement = placement;
    config.output = {OutputKind::none, false, true, LossKind::squared};
    config.num_classes = config.d_model;
    return config;
}

}  // namespace

class PublishedWalkTest : public QObject {
    Q_OBJECT

private slots:
    void everyFormIsOpenedThereAndBackInEveryBlock() {
        for (const auto& [name, config] : publishedForms()) {
            QVERIFY2(whyNoWalk(config).empty() && whyNoWayBack(config).empty(), name.c_str());
            const Subject s = subjectOf(config);
            for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block) {
                QVERIFY2(walkOf(s, questionOf(s, block, 0, 3, 1)).hasBackward, name.c_str());
                compareWithTwin(s, questionOf(s, block, 0, 3, 1), name);
                if (QTest::currentTestFailed()) return;
            }
        }
    }

    void theStreamBeginsWithAllThatIsAddedUpBehindItsNorm() {
        const Subject s = publishedSubject("three segments, normed embedding, learned positions");
        for (int query = 0; query < 6; ++query) {
            const Walk walk = walkOf(s, questionOf(s, 0, 0, query, 1));
            const Grid& parts = *walk.find("input")->find("parts");
            const Grid& norm = *walk.find("input")->find("behind");
            QCOMPARE(parts.rows, 4 + (s.model->layout().find("token_embedding.bias") ? 1 : 0));
            for (int c = 0; c < parts.columns; ++c) {
                double sum = 0.0;
                for (int r = 0; r + 1 < parts.rows; ++r) sum += parts.at(r, c);
                QVERIFY(std::abs(sum - numberOf(s.trace->at("embedding.sum"), query, c)) < 1e-6);
                QCOMPARE(norm.at(norm.rows - 1, c), numberOf(s.trace->at("embedding"), query, c));
            }
        }
    }

    void besideAttentionTheFeedForwardReadsWhatTheBlockReads() {
        const Subject s = publishedSubject("parallel");
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 3, 1));
        const Grid &own = *walk.find("norm1")->find("norm"), &input = *walk.find("input")->find("norm");
        for (int c = 0; c < own.columns; ++c) QCOMPARE(own.at(0, c), input.at(0, c));
        QVERIFY(!walk.find("d_residual1"));  // nothing of it comes back to what attention made
    }

    void aLayerWithoutPositionsTurnsNothing() {
        const Subject s = publishedSubject("smollm3");
        QVERIFY(walkOf(s, questionOf(s, 0, 0, 3, 1)).find("rotate"));
        const Walk without = walkOf(s, questionOf(s, 1, 0, 3, 1));
        QVERIFY(!without.find("rotate"));
        QVERIFY(without.find("position")->text.english().find("This layer") != std::string::npos);
    }

    void withoutAHeadTheWalkEndsWithTheRows() {
        for (const NormPlacement placement : {NormPlacement::pre, NormPlacement::post}) {
            const ModelConfig config = withoutHead(placement);
            QVERIFY(whyNoWalk(config).empty());
            QVERIFY(!whyNoWayBack(config).empty() && !whyNoCode(config).empty());
            const Subject s = subjectOf(
                config, [&](Input& input) { input.values.assign(input.tokens.size() * static_cast<std::size_t>(config.d_model), 0.0F); });
            const Question q = questionOf(s, 0, 0, 3, 1);
            const Walk walk = walkOf(s, q);
            QCOMPARE(walk.stages.back().id, std::string(placement == NormPlacement::pre ? "final_norm" : "later"));
            QVERIFY(!walk.hasBackward && !walk.whyNoBackward.empty());
            QCOMPARE(walk.answer, -1);
            compareWithTwin(s, q, "no head");
            const Grid& last = walk.stages.back().grids.back();
            for (int c = 0; c < last.columns; ++c) QCOMPARE(last.at(last.rows - 1, c), numberOf(s.trace->at("logits"), 3, c));
        }
    }

    /// Rather none than wrong ones.
    void codeThatIsNotWrittenIsRefused() {
        for (const char* name : {"masked word, tied with bias", "parallel", "wider embedding, mapped, encoder-decoder"})
            QVERIFY2(!whyNoCode(publishedSubject(name).model->config()).empty(), name);
        for (const char* name :
             {"two segments", "normed embedding rms, causal", "tied with bias", "quick-gelu", "relu-squared", "wide heads", "smollm3"})
            QVERIFY2(whyNoCode(publishedSubject(name).model->config()).empty(), name);
    }
};

QTEST_APPLESS_MAIN(PublishedWalkTest)
#include "published_walk_test.moc"
