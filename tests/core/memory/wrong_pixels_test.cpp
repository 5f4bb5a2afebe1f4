#include "core/memory/wrong_pixels.h"

#include <QtTest>

#include "core/memory/icons.h"
#include "core/memory/modern_recall.h"
#include "core/memory/pattern_vectors.h"

using namespace lab;

namespace {

std::vector<Pattern> fourIcons() {
    std::vector<Pattern> icons;
    for (const char* name : {"skull", "apple", "key", "boat"}) icons.push_back(*findBuiltInPattern(name));
    return icons;
}

}  // namespace

class WrongPixelsTest : public QObject {
    Q_OBJECT

private slots:
    void theyAreThoseOfTheSameRecall() {
        const std::vector<Pattern> icons = fourIcons();
        for (const StorageRule* rule : storageRules()) {
            const std::vector<int> wrong = wrongPixels(classicalMemory(*rule), icons, 0.3, 7);
            const HopfieldNet net(*rule, icons);
            QCOMPARE(wrong.size(), icons.size());
            for (std::size_t i = 0; i < icons.size(); ++i) {
                const States end = recall(net, withNoise(icons[i], 0.3, 7).states, RecallMode::asynchronous, 7).end();
                QCOMPARE(wrong[i], differing(end, icons[i].states));
            }
        }
    }

    void theModernNetRestoresEveryIconUnderAttentionsScale() {
        for (const int wrong : wrongPixels(modernMemory(attentionBeta(256)), fourIcons(), 0.3, 1)) QCOMPARE(wrong, 0);
    }

    void theModernNetMixesThemAllWhereBetaIsSmall() {
        const std::vector<Pattern> icons = fourIcons();
        const std::vector<int> wrong = wrongPixels(modernMemory(1e-4), icons, 0.3, 1);
        Pattern mean = icons.front();
        for (std::size_t i = 0; i < mean.states.size(); ++i) {
            int sum = 0;
            for (const Pattern& icon : icons) sum += icon.states[i];
            mean.states[i] = sum > 0 ? 1 : -1;
        }
        // Where as many icons are on as off the small rest of beta decides: only the others are known.
        for (std::size_t i = 0; i < icons.size(); ++i) QVERIFY(std::abs(wrong[i] - differing(mean.states, icons[i].states)) <= 256 / 4);
        QVERIFY(*std::ranges::max_element(wrong) > 0);
    }

    void itStopsWhenTold() {
        int asked = 0;
        const std::vector<int> wrong =
            wrongPixels(classicalMemory(storageRule("hebb")), fourIcons(), 0.3, 1, [&asked] { return ++asked > 2; });
        QCOMPARE(wrong.size(), std::size_t{2});
    }
};

QTEST_MAIN(WrongPixelsTest)
#include "wrong_pixels_test.moc"
