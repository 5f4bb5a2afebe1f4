#include "core/data/tokenizers/pipeline/tokenizer_study.h"

#include <QtTest>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/data/tokenizers/pipeline/bpe_trainer.h"
#include "core/data/tokenizers/pipeline/merge_tree.h"
#include "core/data/tokenizers/pipeline/token_face.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"
#include "core/data/tokenizers/pipeline/portions.h"

using namespace lab;

namespace {

std::string someText(std::uint64_t seed, int words) {
    const RandomStream random(seed, "study");
    std::string text;
    for (int w = 0; w < words; ++w) {
        const auto at = static_cast<std::uint64_t>(w) * 16;
        text += w > 0 ? " " : "";
        for (std::uint32_t c = 0; c < 1 + random.below(at, 8); ++c) text += static_cast<char>('a' + random.below(at + 1 + c, 5));
    }
    return text;
}

TrainedBpe trainedOn(const std::string& text, int merges) {
    BpeTrainer trainer;
    trainer.read(text);
    return *trainer.train({.pieces = 256 + merges, .specials = {}});
}

/// With its first merges only.
TextPipeline pipelineWith(TrainedBpe trained, std::size_t merges) {
    trained.merges.resize(std::min(merges, trained.merges.size()));
    return {trained.json({}), "t.json"};
}

const Bpe& bpeOf(const TextPipeline& pipeline) {
    return dynamic_cast<const Bpe&>(pipeline.model());
}

MappedText firstWord(const TextPipeline& pipeline, const std::string& text) {
    std::optional<MappedText> first;
    pipeline.eachWord(text, [&first](const MappedText& word) {
        if (!first) first = word;
    });
    return *first;
}

}  // namespace

class TokenizerStudyTest : public QObject {
    Q_OBJECT

private slots:
    void withFewerMergesTheTokensAreThoseOfTheSmallerTokenizer() {
        const std::string text = someText(1, 400);
        const TrainedBpe trained = trainedOn(text, 80);
        const TextPipeline whole = pipelineWith(trained, 1000);
        const TokenizerStudy study = studyTokenizer(whole, text);
        QCOMPARE(study.tokens, static_cast<std::int64_t>(whole.encode(text).size()));
        QCOMPARE(study.characters, static_cast<std::int64_t>(text.size()));
        for (const std::size_t merges : {0U, 1U, 7U, 40U, 80U})
            QCOMPARE(study.tokensAfter(static_cast<int>(merges)),
                     static_cast<std::int64_t>(pipelineWith(trained, merges).encode(text).size()));
        QCOMPARE(study.charactersPerToken(80), study.charactersPerToken());
        QCOMPARE(study.charactersPerToken(0), 1.0);
        const std::vector<double> curve = study.curve();
        QCOMPARE(curve.size(), study.merged.size() + 1);
        for (std::size_t merges = 0; merges < curve.size(); ++merges)
            QCOMPARE(curve[merges], study.charactersPerToken(static_cast<int>(merges)));
    }

    void aTreeHoldsTheWordAtEveryNumberOfMerges() {
        const std::string text = someText(2, 400);
        const TrainedBpe trained = trainedOn(text, 80);
        const TextPipeline whole = pipelineWith(trained, 1000);
        whole.eachWord(text, [&](const MappedText& word) {
            const MergeTree tree = mergeTree(bpeOf(whole), word);
            for (const std::size_t merges : {0U, 3U, 20U, 80U}) {
                std::vector<TextToken> tokens;
                pipelineWith(trained, merges).model().encode(word, tokens);
                std::vector<int> ids, inTree;
                for (const TextToken& token : tokens) ids.push_back(token.id);
                for (const int node : tree.tokensAfter(static_cast<int>(merges))) inTree.push_back(tree.nodes[std::size_t(node)].id);
                QCOMPARE(inTree, ids);
            }
        });
    }

    void aTreesNodesCoverTheirLeaves() {
        const std::string text = "low low lower lowest";
        const TextPipeline pipeline = pipelineWith(trainedOn(text, 6), 1000);
        const MergeTree tree = mergeTree(bpeOf(pipeline), firstWord(pipeline, " lowest"));
        QCOMPARE(tree.leaves, 7);
        for (const MergeTree::Node& node : tree.nodes) {
            if (node.rank < 0) continue;
            const auto &left = tree.nodes[std::size_t(node.left)], &right = tree.nodes[std::size_t(node.right)];
            QVERIFY(left.begin == node.begin && left.end == right.begin && right.end == node.end);
        }
        QCOMPARE(tree.tokensAfter(0).size(), 7U);
        for (const MergeTree::Node& node : tree.nodes) QCOMPARE(rankOf(bpeOf(pipeline), node.id), node.rank);
        QCOMPARE(rankOf(bpeOf(pipeline), 100'000), -1);
    }

    void bitsAreTheLogOfAShare() {
        const std::string text = "aaab";
        const TextPipeline pipeline(byteTokenizerJson(), "b");
        const TokenizerStudy study = studyTokenizer(pipeline, text);
        QCOMPARE(study.bits('a'), std::log2(4.0 / 3.0));
        QCOMPARE(study.bits('b'), 2.0);
        QCOMPARE(study.bits('z'), 2.0);  // counts as once
        QCOMPARE(study.symbols, 4);
        QCOMPARE(study.curve(), std::vector<double>{1.0});
        QCOMPARE(bitsOf(study, std::vector<int>{'b', 'z'}), 4.0);
        QCOMPARE(studyTokenizer(pipeline, "").bits('a'), 0.0);
    }

    void aLongTextTakenInPortionsIsTheSame() {
        const std::string text = someText(4, 60'000);
        QVERIFY(text.size() > 3 * portionBytes);
        const TextPipeline pipeline = pipelineWith(trainedOn(text.substr(0, 20'000), 100), 1000);
        const TokenizerStudy study = studyTokenizer(pipeline, text);
        std::vector<std::int64_t> times(study.times.size());
        for (const TextToken& token : pipeline.encode(text)) ++times[static_cast<std::size_t>(token.id)];
        QCOMPARE(study.times, times);
    }

    void aWatchEndsIt() {
        const TextPipeline pipeline(byteTokenizerJson(), "b");
        QVERIFY_EXCEPTION_THROWN(studyTokenizer(
                                     pipeline, "a text", [](double) { return false; }, "t.txt"),
                                 InputError);
    }

    void portionsEndBeforeASpaceBehindNone() {
        const std::string word(portionBytes - 2, 'x');
        QCOMPARE(portionEnd(word + "\n  y z"), word.size() + 4);
        QCOMPARE(portionEnd(word + "xx y"), word.size() + 2);
        QCOMPARE(portionEnd(word + "\u3000  y z"), word.size() + 6);
        QCOMPARE(portionEnd(word + "\u00E9 y z"), word.size() + 2);
        QCOMPARE(portionEnd("short text"), 10U);
        std::string joined;
        eachPortion(word + " " + word + " " + word, [&joined](std::string_view part) { return joined += part, true; });
        QCOMPARE(joined, word + " " + word + " " + word);
    }

    void facesSayWhatATokenStandsFor() {
        const std::string text = "a na\u00EFve one, a na\u00EFve two";
        const TextPipeline pipeline(trainedOn(text, 3).json({.pieces = 512, .specials = {}}), "t.json");
        const auto face = [&](const std::string& bytes) { return faceOf(pipeline, pipeline.encode(bytes)[0].id); };
        QCOMPARE(face("a"), (TokenFace{TokenFace::Kind::text, "a"}));
        QCOMPARE(face("\u00EF").kind, TokenFace::Kind::bytes);
        QCOMPARE(face("\u00EF").text, std::string("C3"));
        QCOMPARE(hexadecimal("n\xC3"), std::string("6E C3"));
    }

    void piecesOfAWordTouch() {
        const TextPipeline pipeline(byteTokenizerJson(), "b");
        for (const ShownToken& token : shownTokens(pipeline, "ab cd")) QVERIFY(!token.touches);
        const std::string text = "ab ab abc";
        const TextPipeline merged = pipelineWith(trainedOn(text, 2), 1000);  // "ab", " ab"
        std::vector<bool> touches;
        for (const ShownToken& token : shownTokens(merged, "abc abc")) touches.push_back(token.touches);
        QCOMPARE(touches, (std::vector<bool>{false, true, false, true}));
    }

    void piecesInsideAWordAreMarkedAndSpecialsNamed() {
        const std::string json = R"({"added_tokens": [{"id": 0, "content": "[CLS]", "special": true}],
            "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "WordPiece", "prefix": "##"},
            "model": {"type": "WordPiece", "vocab": {"[CLS]": 0, "[UNK]": 1, "low": 2, "##er": 3}}})";
        const TextPipeline pipeline(json, "w");
        const auto shown = shownTokens(pipeline, "[CLS] lower low");
        QCOMPARE(shown.size(), 4U);
        QCOMPARE(shown[0].face, (TokenFace{TokenFace::Kind::special, "[CLS]"}));
        QCOMPARE(shown[2].face, (TokenFace{TokenFace::Kind::text, "er", true}));
        QVERIFY(shown[2].touches && !shown[3].touches && !shown[1].touches);
        QCOMPARE(pipeline.bytes(0), std::string());
    }
};

QTEST_APPLESS_MAIN(TokenizerStudyTest)
#include "tokenizer_study_test.moc"
