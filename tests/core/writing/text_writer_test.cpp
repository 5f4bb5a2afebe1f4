#include "core/writing/text_writer.h"

#include <QTest>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/experiment.h"
#include "core/data/tokenizers/integer_tokenizer.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/word_tokenizer.h"
#include "tests/core/model/model_testing.h"
#include "tests/core/writing/byte_tokenizer.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// A decoder of seven words; `learned`: its positions end at 12.
std::shared_ptr<const Model> writingModel(bool learned = false) {
    ModelConfig c = llamaLike();
    c.num_classes = c.vocab_size;
    if (learned) c.position.kind = PositionKind::learned;
    return std::make_shared<const Model>(c);
}

std::shared_ptr<const Tokenizer> sevenWords() {
    return std::make_shared<WordTokenizer>(std::vector<std::string>{"a", "bee", "cat", "dog", "elk", "fox", "gnu"});
}

struct Story {
    std::string text;
    std::vector<WrittenToken> tokens;
    TextWriter::End end = TextWriter::End::none;
};

Story storyOf(TextWriter& writer) {
    Story story;
    while (auto token = writer.next()) {
        story.text += token->released;
        story.tokens.push_back(std::move(*token));
    }
    story.text += writer.rest();
    story.end = writer.end();
    return story;
}

Story storyOf(const std::shared_ptr<const Model>& model, const std::string& prompt, const WritingOptions& options) {
    const Weights weights = randomWeights<float>(*model, 4);
    TextWriter writer(model, weights, sevenWords(), prompt, options);
    return storyOf(writer);
}

WritingOptions hot(int count) {
    WritingOptions options;
    options.count = count;
    options.sampling = {.temperature = 1.5, .seed = 3};
    return options;
}

}  // namespace

class TextWriterTest : public QObject {
    Q_OBJECT

private slots:
    void writesAsManyTokensAsAsked() {
        const Story story = storyOf(writingModel(), "a bee", hot(5));
        QCOMPARE(story.tokens.size(), std::size_t{5});
        QCOMPARE(story.end, TextWriter::End::count);
        std::string text;
        for (const WrittenToken& token : story.tokens) text += token.text;
        QCOMPARE(text, story.text);
        QVERIFY2(story.text.starts_with(' '), story.text.c_str());
        QCOMPARE(story.tokens[3].position, 5);
    }

    void aBlankAtTheEndOfThePromptIsTheOneBeforeTheNextWord() {
        const Story plain = storyOf(writingModel(), "a bee", hot(4)), blank = storyOf(writingModel(), "a bee ", hot(4));
        QCOMPARE(" " + blank.text, plain.text);
    }

    void aGreedyTextIsThatOfGenerate() {
        const auto model = writingModel();
        const Weights weights = randomWeights<float>(*model, 4);
        WritingOptions options = hot(6);
        options.sampling = {};
        TextWriter writer(model, weights, sevenWords(), "a bee cat", options);
        storyOf(writer);
        const Generated plain = generate(model, weights, {{0, 1, 2}, {}, {}, {}, {}}, {6, {}, true});
        QCOMPARE((std::vector<int>(writer.tokens().begin() + 3, writer.tokens().end())), plain.tokens);
    }

    void cacheAndPortionsChangeNothing() {
        for (const bool learned : {false, true}) {
            const auto model = writingModel(learned);
            const Weights weights = randomWeights<float>(*model, 4);
            WritingOptions options = hot(30);
            options.window = 8;
            const Story cached = storyOf(model, "a bee", options);
            options.cache = false;
            QCOMPARE(storyOf(model, "a bee", options).text, cached.text);
            // From the middle on: the past is the prompt.
            std::vector<int> past{0, 1};
            for (std::size_t i = 0; i < 11; ++i) past.push_back(cached.tokens[i].token);
            options.count = 19;
            options.cache = true;
            TextWriter second(model, weights, sevenWords(), past, options);
            const Story rest = storyOf(second);
            for (std::size_t i = 0; i < rest.tokens.size(); ++i) QCOMPARE(rest.tokens[i].token, cached.tokens[i + 11].token);
        }
    }

    void theSeedMakesTheText() {
        WritingOptions options = hot(12);
        const std::string first = storyOf(writingModel(), "a", options).text;
        options.sampling.seed = 4;
        QVERIFY(storyOf(writingModel(), "a", options).text != first);
    }

    void aTextMayBeLongerThanTheWindow() {
        const Story story = storyOf(writingModel(true), "a bee cat", hot(40));  // positions end at 12
        QCOMPARE(story.tokens.size(), std::size_t{40});
        for (const WrittenToken& token : story.tokens) {
            QVERIFY(token.position - token.firstRead <= 12);
            QVERIFY(token.position - token.firstRead > 6 || token.firstRead == 0);
        }
        QCOMPARE(story.tokens.back().firstRead, 30);
    }

    void theWindowMovesByHalf() {
        QCOMPARE(firstReadOf(1, 8), 0);
        QCOMPARE(firstReadOf(8, 8), 0);
        QCOMPARE(firstReadOf(9, 8), 4);
        QCOMPARE(firstReadOf(12, 8), 4);
        QCOMPARE(firstReadOf(13, 8), 8);
        QCOMPARE(firstReadOf(5, 1), 4);
        for (int window = 1; window < 9; ++window)
            for (int length = 1; length < 60; ++length) {
                const int read = length - firstReadOf(length, window);
                QVERIFY(read <= window && read >= 1);
            }
    }

    void aWindowedTokenIsThatOfTheWindowAlone() {
        const auto model = writingModel(true);
        const Weights weights = randomWeights<float>(*model, 4);
        WritingOptions options = hot(20);
        options.sampling = {};
        TextWriter writer(model, weights, sevenWords(), "a bee cat", options);
        storyOf(writer);
        const std::vector<int>& tokens = writer.tokens();
        for (std::size_t i = 3; i < tokens.size(); ++i) {
            const int first = firstReadOf(static_cast<int>(i), 12);
            const std::vector<int> read(tokens.begin() + first, tokens.begin() + static_cast<std::ptrdiff_t>(i));
            QCOMPARE(tokens[i], predictions(model->trace(weights, {read, {}, {}, {}, {}})).back());
        }
    }

    void stopsBeforeAStopString() {
        WritingOptions options = hot(60);
        const Story whole = storyOf(writingModel(), "a", options);
        const std::size_t at = whole.text.find("cat");
        QVERIFY(at != std::string::npos);
        options.stops = {"cat"};
        const Story cut = storyOf(writingModel(), "a", options);
        QCOMPARE(cut.text, whole.text.substr(0, at));
        QCOMPARE(cut.end, TextWriter::End::stop);
        QCOMPARE(cut.tokens.back().text, std::string(" cat"));
    }

    void eachTokenHasItsDistribution() {
        WritingOptions options = hot(8);
        options.sampling.topK = 3;
        options.candidates = 5;
        for (const WrittenToken& token : storyOf(writingModel(), "a", options).tokens) {
            QCOMPARE(token.candidates.size(), std::size_t{5});
            double after = 0;
            const Candidate* chosen = nullptr;
            for (const Candidate& candidate : token.candidates) {
                after += candidate.after;
                if (candidate.token == token.token) chosen = &candidate;
                QCOMPARE(candidate.after == 0, candidate.cutBy != nullptr);
            }
            QVERIFY(chosen && chosen->after > 0);
            QVERIFY(std::abs(after - 1) < 1e-12);
            QVERIFY(std::abs(token.surprise + std::log2(chosen->before)) < 1e-12);
            QCOMPARE(token.cuts.size(), std::size_t{1});
            QCOMPARE(token.cuts[0].rule->name, std::string_view("top_k"));
            QCOMPARE(token.cuts[0].tokens, 4);
            QVERIFY(token.entropyAfter < token.entropyBefore);
        }
    }

    void givenTokensAreWrittenFirstAndJudged() {
        WritingOptions options = hot(12);
        const Story whole = storyOf(writingModel(), "a bee", options);
        for (std::size_t i = 0; i < 5; ++i) options.given.push_back(whole.tokens[i].token);
        const Story again = storyOf(writingModel(), "a bee", options);  // what would have come anyway
        QCOMPARE(again.text, whole.text);
        for (std::size_t i = 0; i < 12; ++i) QCOMPARE(again.tokens[i].surprise, whole.tokens[i].surprise);
        options.given.back() = (options.given.back() + 1) % 7;
        const Story branch = storyOf(writingModel(), "a bee", options);
        QCOMPARE(branch.tokens.size(), std::size_t{12});
        QCOMPARE(branch.tokens[4].token, options.given.back());
        QCOMPARE(branch.tokens[4].entropyBefore, whole.tokens[4].entropyBefore);
        QVERIFY(branch.tokens[4].surprise != whole.tokens[4].surprise);
        options.given.assign(20, 2);  // more than are wanted
        QCOMPARE(storyOf(writingModel(), "a bee", options).tokens.size(), std::size_t{12});
        options.given = {7};
        QVERIFY_THROWS_EXCEPTION(InputError, storyOf(writingModel(), "a bee", options));
    }

    void theCacheIsCounted() {
        const auto model = writingModel();
        const Weights weights = randomWeights<float>(*model, 4);
        WritingOptions options = hot(3);
        TextWriter writer(model, weights, sevenWords(), "a bee", options);
        storyOf(writer);
        const ModelConfig& c = model->config();
        QCOMPARE(writer.cacheBytes(), static_cast<std::size_t>(2 * 4 * c.num_layers * *c.num_kv_heads * c.headDim() * 4));
        options.cache = false;
        QCOMPARE(TextWriter(model, weights, sevenWords(), "a", options).cacheBytes(), std::size_t{0});
    }

    void refusesWhatItCannotWrite() {
        const auto model = writingModel();
        const Weights weights = randomWeights<float>(*model, 4);
        const auto refuses = [&](const std::string& prompt, const WritingOptions& options, const char* part) {
            try {
                TextWriter(model, weights, sevenWords(), prompt, options);
            } catch (const InputError& error) {
                return QString(error.what()).contains(part);
            }
            return false;
        };
        QVERIFY(refuses("", hot(3), "empty"));
        QVERIFY(refuses("a zebra", hot(3), "'zebra' is not in the vocabulary"));
        WritingOptions options = hot(3);
        options.sampling.topP = 2;
        QVERIFY(refuses("a", options, "top_p: 2"));
        options = hot(3);
        options.stops = {""};
        QVERIFY(refuses("a", options, "empty"));
        const auto encoder = std::make_shared<const Model>(smallConfig());
        const Weights others = randomWeights<float>(*encoder, 4);
        QVERIFY_THROWS_EXCEPTION(InputError, TextWriter(encoder, others, sevenWords(), "a", hot(3)));
    }

    void aDivergedModelSaysSo() {
        const auto model = writingModel();
        const Weights weights(model->layout().flatSize(), std::numeric_limits<float>::quiet_NaN());
        TextWriter writer(model, weights, sevenWords(), "a", hot(3));
        QVERIFY_THROWS_EXCEPTION(InputError, writer.next());
    }

    void anOpeningIsReadBeforeThePrompt() {
        const auto model = writingModel();
        const Weights weights = randomWeights<float>(*model, 4);
        WritingOptions options = hot(6);
        const Story plain = storyOf(model, "bee cat", options);
        options.opening = {6, 3};
        TextWriter opened(model, weights, sevenWords(), "bee cat", options), behind(model, weights, sevenWords(), {6, 3, 1, 2}, options);
        QCOMPARE(opened.tokens(), (std::vector<int>{6, 3, 1, 2}));
        QCOMPARE(opened.promptLength(), std::size_t{4});
        const std::string text = storyOf(opened).text;
        QCOMPARE(text, storyOf(behind).text);
        QVERIFY(text != plain.text);
        TextWriter fromNothing(model, weights, sevenWords(), "", options);
        QCOMPARE(fromNothing.promptLength(), std::size_t{2});
    }

    /// As the tokenizer says, where texts were read framed; blocks of a text know of no opening.
    void whatWasReadFramedIsOpened() {
        const auto openingIn = [](const char* model, const char* task) {
            const std::filesystem::path file =
                std::filesystem::path(LAB_SOURCE_DIR) / "tests/reference/pretrained" / model / "tokenizer.json";
            TaskConfig config;
            config.kind = task;
            return openingOf(config, PieceTokenizer(readFile(file), model));
        };
        QCOMPARE(openingIn("llama-gqa", "sentences").size(), std::size_t{1});
        QCOMPARE(openingIn("llama-gqa", "pairs"), openingIn("llama-gqa", "sentences"));
        QVERIFY(openingIn("llama-gqa", "text").empty());
        QVERIFY(openingIn("gpt2", "sentences").empty());
    }
};

QTEST_APPLESS_MAIN(TextWriterTest)
#include "text_writer_test.moc"
