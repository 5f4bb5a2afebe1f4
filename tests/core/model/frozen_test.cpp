#include "core/model/frozen.h"

#include <QTest>

#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/model/model.h"
#include "core/model/parameter_groups.h"
#include "tests/core/base/input_error.h"

using namespace lab;

namespace {

ParameterLayout layoutOfForm(AttentionForm form) {
    Experiment experiment;
    experiment.model.attention.form = form;
    return Model(resolved(experiment).model).layout();
}

/// "+" trained, "-" frozen, of those whose name has `part` in it.
QString frozenOf(const ParameterLayout& layout, const std::vector<std::string>& names, const char* part) {
    const std::vector<bool> frozen = frozenParameters(layout, names);
    QString result;
    for (std::size_t i = 0; i < frozen.size(); ++i)
        if (layout.parameters()[i].name.find(part) != std::string::npos) result += frozen[i] ? '-' : '+';
    return result;
}

}  // namespace

class FrozenTest : public QObject {
    Q_OBJECT

private slots:
    void everyGroupIsAName() {
        const ParameterLayout layout = layoutOfForm(AttentionForm::kv_pos);
        for (const std::string_view name : namesOf<ParameterGroup>()) {
            if (name == "mixing" || name == "halting" || name == "bottleneck") continue;  // of other models
            const std::vector<bool> frozen = frozenParameters(layout, {std::string(name)});
            for (std::size_t i = 0; i < frozen.size(); ++i)
                QCOMPARE(frozen[i], nameOf(parameterGroupOf(layout.parameters()[i].name)) == name);
        }
    }

    void aBottleneckIsFrozenByItsGroup() {
        Experiment experiment;
        experiment.model.architecture = Architecture::encoder_decoder;
        experiment.model.bottleneck.kind = "vq";
        const ParameterLayout layout = Model(resolved(experiment).model).layout();
        QVERIFY(!frozenOf(layout, {"bottleneck"}, "bottleneck.").contains('+'));
        QVERIFY(!frozenOf(layout, {"bottleneck"}, "coder.").contains('-'));
        QVERIFY(!frozenOf(layout, {"attention"}, "bottleneck.").contains('-'));
        QCOMPARE(frozenOf(layout, {"bottleneck.book"}, "bottleneck.book"), QStringLiteral("-"));
        experiment.training.frozen = {"bottleneck"};
        QVERIFY(frozenProblem(experiment).empty());
        experiment.model.bottleneck.kind = "none";
        QVERIFY(!frozenProblem(experiment).empty());
    }

    /// W_O is no output of the model, and a matrix brings its bias.
    void partsOfANameStandBetweenItsDots() {
        const ParameterLayout layout = layoutOfForm(AttentionForm::qkv);
        QCOMPARE(frozenOf(layout, {"output"}, "encoder.0.attention.output"), QStringLiteral("++"));
        QCOMPARE(frozenOf(layout, {"attention.output"}, "encoder.0.attention.output"), QStringLiteral("--"));
        QCOMPARE(frozenOf(layout, {"attention.output"}, "output.projection"), QStringLiteral("++"));
        QCOMPARE(frozenOf(layout, {"attention.query.weight"}, "encoder.0.attention.query"), QStringLiteral("-+"));
        QCOMPARE(frozenOf(layout, {"attention.query", "norm"}, "encoder.0.attention.query"), QStringLiteral("--"));
        QVERIFY(!frozenOf(layout, {}, "query").contains('-'));
        QVERIFY(!frozenOf(layout, {"encoder.0"}, "encoder.0").contains('+'));
    }

    /// Experts belong to the feed-forward layers; the router, and each expert, can be frozen alone.
    void ofExpertsTheGroupAndEachPartCanBeFrozen() {
        Experiment experiment;
        experiment.model.feed_forward.kind = FeedForwardKind::experts;
        const ParameterLayout layout = Model(resolved(experiment).model).layout();
        QVERIFY(!frozenOf(layout, {"feed_forward"}, ".feed_forward.").contains('+'));
        QVERIFY(!frozenOf(layout, {"router"}, ".router.").contains('+'));
        QVERIFY(!frozenOf(layout, {"router"}, ".experts.").contains('-'));
        QVERIFY(!frozenOf(layout, {"experts.2"}, ".experts.2.").contains('+'));
        QVERIFY(!frozenOf(layout, {"experts.2"}, ".experts.1.").contains('-'));
    }

    void aStarStandsForAnything() {
        const ParameterLayout layout = layoutOfForm(AttentionForm::qkv);
        QVERIFY(!frozenOf(layout, {"*.attention.*"}, ".attention.").contains('+'));
        QVERIFY(!frozenOf(layout, {"*.attention.*"}, "feed_forward").contains('-'));
        QCOMPARE(frozenOf(layout, {"encoder.*.query.w*"}, "encoder.0.attention.query"), QStringLiteral("-+"));
    }

    void aNameOfNothingIsRefusedAndSoIsEverything() {
        const ParameterLayout kv = layoutOfForm(AttentionForm::kv);
        const auto says = [&](const std::vector<std::string>& names) {
            return QString::fromStdString(messageOf([&] { frozenParameters(kv, names); }));
        };
        QVERIFY2(says({"norm", "attention.query"}).contains(QLatin1String("no weights called attention.query")),
                 qPrintable(says({"attention.query"})));
        QVERIFY(says({"query.weigh"}).contains(QLatin1String("query.weigh")));
        QVERIFY(says({"embedding", "attention", "feed_forward", "norm", "output"}).contains(QLatin1String("nothing would be trained")));
        QVERIFY(says({"embedding", "attention", "feed_forward", "norm"}).isEmpty());
    }

    void theExperimentIsToldBeforeItIsTrained() {
        Experiment experiment;
        QVERIFY(frozenProblem(experiment).empty());
        experiment.training.frozen = {"heads"};
        QVERIFY(!frozenProblem(experiment).empty());
        experiment.training.frozen = {"attention"};
        QVERIFY(frozenProblem(experiment).empty());
    }

    /// A list of names in JSON, and the same typed.
    void itIsReadAndWrittenAsAList() {
        const Experiment read = parseExperiment(R"({"format": "attention-lab/experiment", "version": 1,
            "training": {"frozen": ["*.attention.*", "norm"]}})");
        QCOMPARE(read.training.frozen, (std::vector<std::string>{"*.attention.*", "norm"}));
        const FieldInfo& field = fieldTable().at("training.frozen");
        QCOMPARE(field.text(read), std::string("*.attention.*, norm"));
        QCOMPARE(parseExperiment(writeExperiment(read)).training.frozen, read.training.frozen);
        Experiment typed;
        field.setText(typed, " *.attention.*,norm , ");
        QCOMPARE(typed.training.frozen, read.training.frozen);
        field.setText(typed, "");
        QVERIFY(typed.training.frozen.empty());
        QVERIFY(!messageOf([] {
                     parseExperiment(R"({"format": "attention-lab/experiment", "version": 1, "training": {"frozen": "norm"}})");
                 }).empty());
    }

    void itsHelpNamesTheGroups() {
        const FieldInfo& field = *std::ranges::find(fieldTable(), "training.frozen", &FieldInfo::path);
        for (const std::string_view name : namesOf<ParameterGroup>())
            QVERIFY2(field.help.english().find(name) != std::string::npos, field.help.english().c_str());
    }
};

QTEST_APPLESS_MAIN(FrozenTest)
#include "frozen_test.moc"
