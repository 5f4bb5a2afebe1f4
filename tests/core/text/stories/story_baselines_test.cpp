#include "core/text/stories/story_baselines.h"

#include <QtTest>

using namespace lab;

namespace {

/// The same by looking through the sequences again and again.
double slowly(const std::vector<std::vector<int>>& read, const std::vector<int>& context, int token) {
    const auto begins = [](const std::vector<int>& sequence, std::size_t at, const std::vector<int>& part) {
        return at + part.size() < sequence.size() &&
               std::equal(part.begin(), part.end(), sequence.begin() + static_cast<std::ptrdiff_t>(at));
    };
    int all = 0, times = 0;
    std::set<int> kinds;
    for (const std::vector<int>& sequence : read)
        for (std::size_t at = 0; at < sequence.size(); ++at) {
            if (!begins(sequence, at, context)) continue;
            const int next = sequence[at + context.size()];
            ++all, times += next == token ? 1 : 0;
            kinds.insert(next);
        }
    if (context.empty()) return all == 0 ? 0 : static_cast<double>(times) / all;
    const double shorter = slowly(read, {context.begin() + 1, context.end()}, token);
    if (all == 0) return shorter;
    const auto different = static_cast<double>(kinds.size());
    return (times + different * shorter) / (all + different);
}

}  // namespace

class StoryBaselinesTest : public QObject {
    Q_OBJECT

private slots:
    void countingIsWittenBell() {
        std::mt19937 random(3);
        std::vector<std::vector<int>> read;
        FiveGram counts;
        for (int s = 0; s < 6; ++s) {
            std::vector<int> sequence(30);
            for (int& token : sequence) token = static_cast<int>(random() % 4);
            counts.read(sequence);
            read.push_back(std::move(sequence));
        }
        for (int k = 0; k < 60; ++k) {
            std::vector<int> tokens(static_cast<std::size_t>(k % 7));
            for (int& token : tokens) token = static_cast<int>(random() % 5);
            const std::size_t context = std::min<std::size_t>(4, tokens.size());
            double sum = 0;
            for (int token = 0; token < 5; ++token) {
                const double p = counts.probability(tokens, tokens.size(), token);
                QVERIFY(std::abs(p - slowly(read, {tokens.end() - static_cast<std::ptrdiff_t>(context), tokens.end()}, token)) < 1e-12);
                sum += p;
            }
            QVERIFY(std::abs(sum - 1) < 1e-12);
        }
    }

    void nothingReadIsNothingKnown() { QCOMPARE(FiveGram().probability({1, 2}, 2, 3), 0.0); }

    /// What makes the stories worth measuring. At two choices the bound is 65 %; at k, by the same share of what a guess leaves,
    /// 1 / k + .3 (1 - 1 / k).
    void neitherTheCommonestAnswerNorAFiveGramGetsFar() {
        for (const std::uint64_t seed : {1u, 2u}) {
            const std::vector<StoryBaseline> rows = storyBaselines({}, seed, 4000, 600);
            QCOMPARE(rows.size(), StoryPhenomenon::table().size());
            for (std::size_t k = 0; k < rows.size(); ++k) {
                const StoryBaseline& row = rows[k];
                const QString what = QString("%1: %2 places, chance %3, commonest %4, 5-gram %5, bound %6")
                                         .arg(QString::fromUtf8(row.phenomenon->name.data()))
                                         .arg(row.places)
                                         .arg(row.chance)
                                         .arg(row.commonest)
                                         .arg(row.fiveGram)
                                         .arg(row.bound);
                QCOMPARE(row.phenomenon, StoryPhenomenon::table()[k]);
                QVERIFY2(row.places > 150 && row.chance >= 1.0 / row.phenomenon->choices - 1e-9 && row.chance <= .5, qPrintable(what));
                QVERIFY2(row.commonest <= row.bound && row.fiveGram <= row.bound && row.bound <= .65 + 1e-9, qPrintable(what));
            }
        }
    }

    void noStoriesNoPlaces() {
        for (const StoryBaseline& row : storyBaselines({}, 1, 0, 0)) QVERIFY(row.places == 0 && row.chance == 0 && row.fiveGram == 0);
    }
};

QTEST_APPLESS_MAIN(StoryBaselinesTest)
#include "story_baselines_test.moc"
