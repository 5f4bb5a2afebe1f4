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
