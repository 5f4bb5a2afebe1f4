#include "core/model/parameter_groups.h"

#include <QTest>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/model.h"

using namespace lab;

namespace {

/// The paper's model (SPEC.md 1.6): one head where it does not matter, embedding with a bias.
ParameterGroups groupsOfPaper(int width, int layers, AttentionForm form) {
    Experiment experiment;
    experiment.model.d_model = width;
    experiment.model.num_layers = layers;
    experiment.model.num_heads = 1;
    experiment.model.embedding_bias = true;
    experiment.model.attention.form = form;
    return parameterGroups(Model(resolved(experiment).model).layout());
}

}  // namespace

class ParameterGroupsTest : public QObject {
    Q_OBJECT

private slots:
    void reproducesTheTableOfThePaper_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("qkv");
        QTest::addColumn<int>("kv");
        QTest::addColumn<int>("kvPos");
        QTest::newRow("32,1") << 32 << 1 << 10346 << 9290 << 9301;
        QTest::newRow("64,2") << 64 << 2 << 72586 << 64266 << 64288;
        QTest::newRow("64,4") << 64 << 4 << 139530 << 122890 << 122934;
        QTest::newRow("256,2") << 256 << 2 << 1125898 << 994314 << 994336;
        QTest::newRow("256,4") << 256 << 4 << 2180106 << 1916938 << 1916982;
    }
    void reproducesTheTableOfThePaper() {
        QFETCH(int, width);
        QFETCH(int, layers);
        QFETCH(int, qkv);
        QFETCH(int, kv);
        QFETCH(int, kvPos);
        QCOMPARE(static_cast<int>(groupsOfPaper(width, layers, AttentionForm::qkv).total()), qkv);
        QCOMPARE(static_cast<int>(groupsOfPaper(width, layers, AttentionForm::kv).total()), kv);
        QCOMPARE(static_cast<int>(groupsOfPaper(width, layers, AttentionForm::kv_pos).total()), kvPos);
    }

    void dividesTheSmallestModelAsTheFormulaSays() {
        const ParameterGroups groups = groupsOfPaper(32, 1, AttentionForm::qkv);
        QCOMPARE(groups.embedding, std::size_t{10 * 32 + 32});
        QCOMPARE(groups.attention, std::size_t{4 * (32 * 32 + 32)});
        QCOMPARE(groups.feedForward, std::size_t{4 * 32 * 32 + 3 * 32});
        QCOMPARE(groups.norm, std::size_t{4 * 32});
        QCOMPARE(groups.output, std::size_t{(32 * 32 + 32) + 2 * 32 + (32 * 10 + 10)});
    }

    /// Three slots of two numbers each: queries, their attention, a map from and to each slot, five vectors of two numbers.
    void aBottleneckIsAGroupOfItsOwn() {
        Experiment experiment;
        experiment.model.architecture = Architecture::encoder_decoder;
        experiment.model.d_model = 16;
        const ParameterGroups none = parameterGroups(Model(resolved(experiment).model).layout());
        QCOMPARE(none.bottleneck, std::size_t{0});
        experiment.model.bottleneck = {"vq", {{"slots", 3}, {"codes", 5}, {"dim", 2}}};
        const ParameterGroups groups = parameterGroups(Model(resolved(experiment).model).layout());
        QCOMPARE(groups.bottleneck, std::size_t{3 * 16 + 4 * (16 * 16 + 16) + (6 * 16 + 6) + (3 * 16 * 2 + 3 * 16) + 5 * 2});
        QCOMPARE(groups.total() - groups.bottleneck, none.total());
    }

    /// A router of E d numbers; of E experts k are active.
    void ofExpertsTheChosenOnesAreActive() {
        Experiment experiment;
        experiment.model.d_model = 16;
        experiment.model.num_layers = 3;
        const Model dense(resolved(experiment).model);
        QCOMPARE(activeParameters(dense.layout(), dense.config()), dense.layout().parameterCount());
        experiment.model.feed_forward = {Activation::swiglu, {}, FeedForwardKind::experts, 5, 2, 0.01};
        const Model model(resolved(experiment).model);
        const std::size_t net = 3 * 16 * 32 + 2 * 32 + 16,
                          rest = dense.layout().parameterCount() - parameterGroups(dense.layout()).feedForward;
        QCOMPARE(parameterGroups(model.layout()).feedForward, 3 * (5 * net + 5 * 16));
        QCOMPARE(activeParameters(model.layout(), model.config()), rest + 3 * (2 * net + 5 * 16));
    }

    void knowsEveryNameOfTheFormat_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<ParameterGroup>("group");
        const auto row = [](const char* name, ParameterGroup group) { QTest::newRow(name) << QByteArray(name) << group; };
        row("token_embedding.weight", ParameterGroup::embedding);
        row("position_embedding.weight", ParameterGroup::embedding);
        row("encoder.0.attention.query.weight", ParameterGroup::attention);
        row("decoder.3.cross_attention.output.bias", ParameterGroup::attention);
        row("encoder.0.attention.position_map.weight", ParameterGroup::attention);
        row("encoder.0.attention_norm.weight", ParameterGroup::norm);
        row("decoder.0.cross_attention_norm.bias", ParameterGroup::norm);
        row("encoder.0.mixing.down.weight", ParameterGroup::mixing);
        row("encoder.0.mixing_norm.weight", ParameterGroup::norm);
        row("encoder.0.feed_forward.gate.weight", ParameterGroup::feedForward);
        row("encoder.0.feed_forward.router.weight", ParameterGroup::feedForward);
        row("encoder.0.feed_forward.experts.3.up.weight", ParameterGroup::feedForward);
        row("encoder.0.feed_forward_norm.weight", ParameterGroup::norm);
        row("decoder_norm.weight", ParameterGroup::norm);
        row("bottleneck.queries", ParameterGroup::bottleneck);
        row("bottleneck.attention.query.weight", ParameterGroup::bottleneck);
        row("bottleneck.in.bias", ParameterGroup::bottleneck);
        row("bottleneck.book", ParameterGroup::bottleneck);
        row("output.norm.weight", ParameterGroup::output);
        row("output.projection.weight", ParameterGroup::output);
    }
    void knowsEveryNameOfTheFormat() {
        QFETCH(QByteArray, name);
        QFETCH(ParameterGroup, group);
        QVERIFY(parameterGroupOf(name.constData()) == group);
    }

    void leavesOutTheGapsOfTheLayout() {
        Experiment experiment;
        experiment.model.d_model = 6;
        const Model model(resolved(experiment).model);
        QVERIFY(model.layout().parameterCount() < model.layout().flatSize());
        QCOMPARE(parameterGroups(model.layout()).total(), model.layout().parameterCount());
    }
};

QTEST_APPLESS_MAIN(ParameterGroupsTest)
#include "parameter_groups_test.moc"
