#include "core/explain/mistakes.h"

#include <QtTest>

#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

std::vector<Mistake> mistakesOf(const Subject& s) {
    return mistakes({s.model, NumberSource(s.trace), questionOf(s, 0, 0, 2, 1)});
}

/// All that the refutation of mistake `letter` shows.
std::string shown(const std::vector<Mistake>& all, char letter) {
    const Mistake& m = all[static_cast<std::size_t>(letter - 'a')];
    std::string text = m.refutation.english();
    for (const auto& [what, value] : m.numbers) text += " " + what.english() + " " + value.english();
    return text;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class MistakesTest : public QObject {
    Q_OBJECT

private slots:
    void allNineAreStatedAskedAndRefutedWithNumbersInEveryForm() {
        for (const auto& [name, config] : allForms())
            for (const Mistake& m : mistakesOf(subjectOf(config))) {
                QVERIFY2(!m.claim.empty() && m.question.english().ends_with("?") && !m.refutation.empty(), m.claim.english().c_str());
                QVERIFY2(m.choices.size() >= 2 && m.right >= 0 && m.right < static_cast<int>(m.choices.size()), m.claim.english().c_str());
                QVERIFY2(!m.numbers.empty(), (name + ": " + m.claim.english()).c_str());
            }
        QCOMPARE(mistakesOf(subjectOf(smallConfig())).size(), std::size_t{9});
    }

    void theirNumbersAreThoseOfTheSpecification() {
        const std::vector<Mistake> all = mistakesOf(subjectOf(smallConfig()));
        QVERIFY(has(shown(all, 'b'), "[0.8668, 0.1173, 0.0159]") && has(shown(all, 'b'), "0.826"));
        QVERIFY(has(shown(all, 'd'), "ALiBi"));
        QVERIFY(has(shown(all, 'f'), "0.7696") && has(shown(all, 'f'), "\u22120.4823"));
        QVERIFY(has(shown(all, 'h'), "128") && has(shown(all, 'h'), "512"));
        QVERIFY(has(shown(all, 'i'), "0.3679") && has(shown(all, 'i'), "2.7183"));
    }

    void whatIsSaidHoldsForTheFormsThatTheModelsHave() {
        const std::vector<Mistake> all = mistakesOf(subjectOf(smallConfig()));
        QVERIFY(has(shown(all, 'a'), "with fewer W_{K} and W_{V} are smaller"));
        QVERIFY(has(shown(all, 'c'), "\u2202W_{Q} = \u03A3_{i} \u2202q_{i} x_{i}"));  // as the walk writes it
        QVERIFY(has(shown(all, 'e'), "the cosine times \u221A") && has(shown(all, 'e'), "with learned gains it is no cosine"));
    }

    void weightsDoNotGrowWithTheSequenceButTheMapsDo() {
        const auto numbers = [](int length) {
            const Subject s = subjectOf(smallConfig(), [length](Input& input) {
                input.tokens.resize(static_cast<std::size_t>(length), 1);
                input.targets.resize(static_cast<std::size_t>(length), 1);
            });
            return mistakesOf(s)[0].numbers;
        };
        const auto six = numbers(6), twelve = numbers(12);
        QCOMPARE(six[0].second.english(), twelve[0].second.english());
        QCOMPARE(six[1].second.english(), std::string("72"));  // two heads
        QCOMPARE(six[2].second.english(), twelve[1].second.english());
    }

    void theSmallestScoreIsOneOfTheHeadsEvenWhereAllArePositive() {
        const Subject s = subjectOf(changed("kv", [](ModelConfig& c) { c.attention.form = AttentionForm::kv; }).config, [](Input& input) {
            std::fill(input.tokens.begin(), input.tokens.end(), 1);  // alike but for their positions
        });
        const NumberView scores = NumberSource(s.trace).at("encoder.0.attention.scores");
        double least = 1e9;
        for (int i = 0; i < scores.extent(1); ++i)
            for (int j = 0; j < scores.extent(2); ++j) least = std::min(least, scores(0, i, j));
        const Mistake m = mistakesOf(s)[4];
        QCOMPARE(m.numbers[0].first.english(), std::string("smallest score of this head"));
        QCOMPARE(m.numbers[0].second.english(), shownNumber(least, 3));
    }

    void aDecodersThirdNormIsAccountedFor() {
        const Subject s = subjectOf(changed("two sides", [](ModelConfig& c) {
                                        c.architecture = Architecture::encoder_decoder;
                                        c.num_decoder_layers = 1;
                                    }).config);
        const auto& blocks = s.model->attentionBlocks();
        for (int b = 0; b < static_cast<int>(blocks.size()); ++b) {
            const Mistake m = mistakes({s.model, NumberSource(s.trace), questionOf(s, b, 0, 2, 1)})[6];
            const bool decoder = blocks[static_cast<std::size_t>(b)].side == "decoder";
            QCOMPARE(m.numbers[0].second.english(), std::string(decoder ? "3" : "2"));
            QCOMPARE(has(m.numbers[0].first.english(), "cross-attention"), decoder);
        }
    }

    void theNormsOfQueryAndKeyAreNoneOfTheBlocks() {
        const Subject s = subjectOf(changed("normed", [](ModelConfig& c) { c.attention.qk_norm = true; }).config);
        QCOMPARE(mistakesOf(s)[6].numbers[0].second.english(), std::string("2"));
    }

    void gradientsOfAllFourMatricesAreShownAndNoneIsZero() {
        const Mistake m = mistakesOf(subjectOf(smallConfig()))[2];
        QCOMPARE(m.numbers.size(), std::size_t{5});
        for (const auto& [what, value] : m.numbers) QVERIFY2(value.english() != "0", what.english().c_str());
    }
};

QTEST_APPLESS_MAIN(MistakesTest)
#include "mistakes_test.moc"
