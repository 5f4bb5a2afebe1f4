#include "core/data/text_recipes.h"

#include <QtTest>

#include "core/config/validation.h"

using namespace lab;

class TextRecipesTest : public QObject {
    Q_OBJECT

private slots:
    void recipesAreSoundAndInTheOrderOfTheirEffort() {
        QCOMPARE(recipesByEffort().size(), textRecipes().size());
        QCOMPARE(std::string(recipesByEffort().front()->name), std::string("first-words"));
        int last = 0;
        for (const TextRecipe* recipe : recipesByEffort()) {
            const Experiment experiment = experimentOfRecipe(*recipe, "book.txt", 300'000);
            validate(experiment);
            QCOMPARE(experiment.task.path, std::string("book.txt"));
            QVERIFY(experiment.training.steps >= last);
            last = experiment.training.steps;
        }
        QVERIFY(!findTextRecipe("nothing"));
    }

    void longerTextsHaveMorePieces() {
        const TextRecipe* recipe = findTextRecipe("own-text");
        QVERIFY(recipe);
        QCOMPARE(experimentOfRecipe(*recipe, {}, 1'000'000).task.text.pieces, 512);
        QCOMPARE(experimentOfRecipe(*recipe, {}, 1'000'001).task.text.pieces, 2048);
    }

    void aShorterTrainingWarmsUpShorterAndALongOneDropsOut() {
        const Experiment experiment = experimentOfRecipe(*findTextRecipe("first-words"), "book.txt", 0);
        const Experiment shorter = withSteps(experiment, 200, 1'000'000);
        QCOMPARE(shorter.training.steps, 200);
        QCOMPARE(*shorter.training.schedule.numbers.find("warmup_steps"), 20.0);
        QCOMPARE(shorter.training.validate_every, 20);
        QCOMPARE(shorter.model.dropout, 0.0);
        validate(shorter);
        const std::size_t tokens = 16 * 64 * 250;
        QCOMPARE(timesSeen(withSteps(experiment, 1000, tokens), tokens), 4.0);
        QCOMPARE(withSteps(experiment, 1000, tokens).model.dropout, 0.0);
        QCOMPARE(withSteps(experiment, 1001, tokens).model.dropout, 0.1);
    }
};

QTEST_GUILESS_MAIN(TextRecipesTest)
#include "text_recipes_test.moc"
