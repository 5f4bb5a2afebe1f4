#include "ui/pages/maps/cell_story.h"

#include <QtTest>
#include <algorithm>

#include "ui/scenes/stage_maps.h"

using namespace lab;

/// What the story of a cell says, of which form, kernel and change by hand.
class CellStoryTest : public QObject {
    Q_OBJECT

private slots:
    void theLinearKernelIsToldWithoutSoftmaxRootAndInfinity() {
        for (const MapStage stage : mapStageList) {
            const QString help = stageHelp(stage, ShownKernels::linear);
            QVERIFY2(!help.contains("softmax") && !help.contains(QChar(0x221A)) && !help.contains(QChar(0x221E)), qPrintable(help));
        }
        QVERIFY(stageHelp(MapStage::weights).contains("softmax"));
        const QString both = stageHelp(MapStage::weights, ShownKernels::both);
        QVERIFY2(both.contains("softmax") && both.contains(stageHelp(MapStage::weights, ShownKernels::linear)), qPrintable(both));
        QCOMPARE(stageHelp(MapStage::weightedValues, ShownKernels::both), stageHelp(MapStage::weightedValues));
        SoftmaxSteps steps;
        steps.products = {0.5, 0.25};
        steps.masked = true;
        StoryContext context;
        context.kernel = KernelKind::linear;
        for (const StoryLine& line : storyLines(steps, context))
            QVERIFY2(!(line.formula + line.value).contains(QChar(0x221E)), qPrintable(line.label));
        QVERIFY(scoreGradientFormula(context).endsWith("row sum"));
        QVERIFY(scoreGradientFormula({}).startsWith("a ("));
    }

    void drawnFeaturesAndDecaysAreToldAsWhatTheyAre() {
        QVERIFY(stageHelp(MapStage::scores, ShownKernels::drawn).contains("random features"));
        QVERIFY(stageHelp(MapStage::exactWeights, ShownKernels::drawn).contains("softmax"));
        QVERIFY(stageHelp(MapStage::scores, ShownKernels::drawnAndSoftmax).contains("In cross-attention: "));
        for (const MapStage stage : mapStageList) {
            const QString help = stageHelp(stage, ShownKernels::fading);
            QVERIFY2(!help.isEmpty() && !help.contains("softmax") && !help.contains("adds up to 1"), qPrintable(help));
        }
        SoftmaxSteps steps;
        steps.products = {0.5, 0.25};
        steps.exponential = 0.75;
        steps.decay = 0.5;
        StoryContext context;
        for (const KernelKind kernel : {KernelKind::retention, KernelKind::product}) {
            context.kernel = kernel;
            QStringList told;
            for (const StoryLine& line : storyLines(steps, context)) told << line.label + QLatin1Char(' ') + line.value;
            QCOMPARE(told.contains("decay 0.3750"), kernel == KernelKind::retention);
        }
        steps.products.clear();
        context.kernel = KernelKind::performer;
        QCOMPARE(storyLines(steps, context).front().formula, QStringLiteral("random features"));
    }

    void theStoryTellsWhatIsBehindTheWeight() {
        SoftmaxSteps steps;
        steps.products = {0.5, 0.25};
        steps.weight = 0.4;
        steps.weightInTrace = 0.0625;
        StoryContext context;
        QCOMPARE(storyCheck(steps, context).agrees, std::optional(false));
        context.madeUniform = true;
        QCOMPARE(storyCheck(steps, context).agrees, std::nullopt);
        QCOMPARE(storyCheck(steps, context).text, QStringLiteral("this head is made uniform: 0.0625 in place of it"));
        context.form = AttentionForm::kv_pos;
        const auto slopes = [&](PositionKind position) {
            context.position = position;
            return std::ranges::any_of(storyLines(steps, context), [](const StoryLine& line) {
                return line.formula.contains("P_{ijc}") && line.formula.contains("m_{h} |i");
            });
        };
        QVERIFY(slopes(PositionKind::alibi));
        QVERIFY(!slopes(PositionKind::sinusoidal));
    }

    void aScoreSetByHandIsToldBeforeTheRowsMaximum() {
        SoftmaxSteps steps;
        steps.products = {0.5, 0.25};
        steps.scaled = 0.75;
        steps.score = 3.0;
        StoryContext context;
        const auto labels = [&] {
            QStringList all;
            for (const StoryLine& line : storyLines(steps, context)) all << line.label + QLatin1Char(' ') + line.value;
            return all;
        };
        QVERIFY(!labels().contains("score 3.000"));
        context.scoresSet = true;
        QVERIFY(labels().contains("score 3.000"));
    }

    void memoryIsToldWithoutANumber() {
        SoftmaxSteps steps;
        steps.products = {0.5, 0.25};
        StoryContext context;
        const auto told = [&] {
            const std::vector<StoryLine> lines = storyLines(steps, context);
            const auto found = std::ranges::find(lines, QStringLiteral("memory"), &StoryLine::label);
            return found == lines.end() ? QString() : found->formula + found->value;
        };
        QVERIFY(told().isEmpty());
        context.memory = true;
        QCOMPARE(told(), QStringLiteral("no gradient flows back to this key\u2019s row"));
    }

    void capSinkAndLearnedBiasAreTold() {
        SoftmaxSteps steps;
        steps.products = {0.5, 0.25};
        steps.scaled = 0.75;
        steps.positionTerm = 0.25;
        steps.uncapped = 1.0;
        steps.score = 0.9;
        steps.sinkPart = 0.5;
        StoryContext context;
        const auto told = [&](const QString& label) {
            const std::vector<StoryLine> lines = storyLines(steps, context);
            const auto found = std::ranges::find(lines, label, &StoryLine::label);
            return found == lines.end() ? QString() : found->formula + QLatin1Char(' ') + found->value;
        };
        QVERIFY(told("capped").isEmpty() && told("sink").isEmpty() && told("distance").isEmpty());
        context.position = PositionKind::relative_bias;
        context.softCap = 2.0;
        context.sink = true;
        QVERIFY(told("distance").contains("b_{h,n}") && told("distance").endsWith("0.250"));
        QVERIFY(told("score").endsWith("1.000"));
        QVERIFY(told("capped").startsWith("c tanh(s / c)") && told("capped").endsWith("0.900"));
        QVERIFY(told("sink").endsWith("0.5000"));
        context.scoresSet = true;
        QVERIFY(told("capped").isEmpty());
    }

    void hugeScoresAreWrittenScientifically() {
        SoftmaxSteps steps;
        steps.products = {2.7e26, 0.0};
        steps.dot = 2.7e26;
        steps.scaled = steps.score = steps.rowMax = 1.9e26;
        for (const StoryLine& line : storyLines(steps, {})) {
            QVERIFY2(line.value.size() < 14, qPrintable(line.value));
            QVERIFY2(line.formula.size() < 24, qPrintable(line.formula));
        }
    }
};

QTEST_MAIN(CellStoryTest)
#include "cell_story_test.moc"
