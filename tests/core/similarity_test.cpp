#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/analysis/sentence_similarity.h"
#include "core/base/files.h"
#include "core/data/sentences_dataset.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/core/pretrained/pretrained_cases.h"

using namespace lab;

namespace {

const nlohmann::json& goldenSimilarities() {
    static const nlohmann::json golden =
        nlohmann::json::parse(readFile(std::filesystem::path(LAB_SOURCE_DIR) / "tests/reference/similarity.json"));
    return golden;
}

Trace traceOfSentence(const PretrainedModel& opened, const Tokenizer& tokenizer, const std::string& sentence) {
    std::vector<Sample> samples = sentenceSamples(sentence, "test", tokenizer, opened.experiment.model);
    Input input;
    input.tokens = samples.front().tokens;
    return opened.model->trace(opened.weights, input);
}

}  // namespace

class SimilarityTest : public QObject {
    Q_OBJECT

private slots:
    void cosinesAreThoseOfTransformers_data() {
        QTest::addColumn<QString>("name");
        for (const auto& [name, pairs] : goldenSimilarities().items()) QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    /// Golden: transformers in float32 (tests/reference/make_similarity.py). There the last state of a decoder is behind its last norm,
    /// which is a state of its own here.
    void cosinesAreThoseOfTransformers() {
        QFETCH(QString, name);
        const PretrainedModel opened = openPretrained(testing::pretrainedFolder / name.toStdString());
        const auto tokenizer = tokenizerOf(opened.experiment, opened.tokenizer);
        for (const nlohmann::json& pair : goldenSimilarities().at(name.toStdString())) {
            const Trace a = traceOfSentence(opened, *tokenizer, pair.at("a")), b = traceOfSentence(opened, *tokenizer, pair.at("b"));
            QCOMPARE(a.tokens, pair.at("ids_a").get<std::vector<int>>());
            QCOMPARE(b.tokens, pair.at("ids_b").get<std::vector<int>>());
            const SentenceSimilarity found = similarityOf(*opened.model, a, b);
            const auto expected = pair.at("cosines").get<std::vector<double>>();
            for (std::size_t i = 0; i + 1 < expected.size(); ++i) QVERIFY(std::abs(found.cosines[i] - expected[i]) < 1e-5);
            QVERIFY(std::abs(found.cosines.back() - expected.back()) < 1e-5);
            const auto tokens = pair.at("tokens").get<std::vector<double>>();
            const auto map = found.map(found.states.size() - 1);
            QCOMPARE(map.size(), tokens.size());
            for (std::size_t i = 0; i < tokens.size(); ++i) QVERIFY(std::abs(static_cast<double>(map[i]) - tokens[i]) < 2e-5);
        }
    }

    void aSentenceIsLikeItself() {
        const PretrainedModel opened = openPretrained(testing::pretrainedFolder / "bert-bare");
        const auto tokenizer = tokenizerOf(opened.experiment, opened.tokenizer);
        const Trace a = traceOfSentence(opened, *tokenizer, "The owl sat on the bridge.");
        const SentenceSimilarity found = similarityOf(*opened.model, a, a);
        for (const double cosine : found.cosines) QVERIFY(std::abs(cosine - 1) < 1e-12);
        for (int i = 0; i < found.rows; ++i) QVERIFY(std::abs(found.map(1)[static_cast<std::size_t>(i * found.columns + i)] - 1) < 1e-6F);
    }

    void aCosineOfNothingIsZero() {
        QCOMPARE(cosineOf(std::vector<double>{0, 0}, std::vector<double>{1, 2}), 0.0);
        QVERIFY(std::abs(cosineOf(std::vector<double>{1, 0}, std::vector<double>{-2, 0}) + 1) < 1e-12);
    }
};

QTEST_APPLESS_MAIN(SimilarityTest)
#include "similarity_test.moc"
