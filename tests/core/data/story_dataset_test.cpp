#include "core/data/story_dataset.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/text/stories/story_vocabulary.h"

using namespace lab;

namespace {

Experiment storiesExperiment(int seqLen = 160) {
    Experiment e;
    e.task.kind = "stories";
    e.task.seq_len = seqLen;
    e.task.train_size = 500;
    e.task.validation_size = 60;
    e.task.test_size = 30;
    e.model.architecture = Architecture::decoder;
    return e;
}

QString refusal(const Experiment& experiment) {
    try {
        loadTask(experiment, {});
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

std::string wordAt(const Story& told, StoryRange range) {
    return told.text.substr(static_cast<std::size_t>(range.begin), static_cast<std::size_t>(range.end - range.begin));
}

}  // namespace

class StoryDatasetTest : public QObject {
    Q_OBJECT

private slots:
    void theModelGetsRoomForTheWords() {
        const LoadedTask task = loadTask(storiesExperiment(), {});
        QCOMPARE(task.dataset->trainSize(), 500);
        QCOMPARE(task.dataset->validationSize(), 60);
        QCOMPARE(task.dataset->testSize(), 30);
        QCOMPARE(*task.experiment.model.vocab_size, storyPieces());
        QCOMPARE(*task.experiment.model.num_classes, storyPieces());
        QCOMPARE(*task.experiment.model.max_seq_len, 160);
        QCOMPARE(task.dataset->tokenizer().symbols(), storyPieces());
        QVERIFY(task.dataset->tokenizer().isText());
    }

    void aSampleIsAStoryTokenByToken() {
        const LoadedTask task = loadTask(storiesExperiment(), {});
        const StoryDataset& data = *storiesOf(*task.dataset);
        for (int i = 0; i < 40; ++i) {
            const Story told = data.trainStory(i);
            const Sample sample = data.trainSample(i);
            std::vector<int> ids = sample.tokens;
            ids.push_back(sample.targets.back());
            QCOMPARE(data.tokenizer().decode(ids), told.text);
            QCOMPARE(data.tokenizer().encode(told.text), ids);
            QVERIFY(std::equal(sample.tokens.begin() + 1, sample.tokens.end(), sample.targets.begin()));
            QVERIFY(sample.tokens.size() <= 160 && sample.targetTokens.empty());
        }
        QVERIFY(data.trainSample(0).tokens != data.validationSample(0).tokens && data.trainSample(0).tokens != data.testSample(0).tokens);
    }

    void cellsSayWhereAnswersAndTheirSourcesStand() {
        const LoadedTask task = loadTask(storiesExperiment(), {});
        const StoryDataset& data = *storiesOf(*task.dataset);
        QCOMPARE(data.targetGroups(), static_cast<int>(StoryPhenomenon::table().size()));
        for (int i = 0; i < 60; ++i) {
            const Story told = data.validationStory(i);
            const Sample sample = data.validationSample(i);
            const TargetGroups groups = data.validationGroups(i);
            const std::vector<StoryCell> cells = data.cellsOf(told);
            QCOMPARE(groups.size(), sample.targets.size());
            QCOMPARE(cells.size(), told.places.size());
            QCOMPARE(std::ranges::count_if(groups, [](int group) { return group >= 0; }), std::ssize(cells));
            const auto text = [&](int id) {
                const std::string token = data.tokenizer().decode({id});
                return token.starts_with(' ') ? token.substr(1) : token;
            };
            for (std::size_t k = 0; k < cells.size(); ++k) {
                QCOMPARE(text(sample.targets[static_cast<std::size_t>(cells[k].position)]), wordAt(told, told.places[k].answer));
                QCOMPARE(text(sample.tokens[static_cast<std::size_t>(cells[k].source)]), wordAt(told, told.places[k].source));
                QVERIFY(cells[k].source <= cells[k].position);
                QCOMPARE(StoryPhenomenon::table()[static_cast<std::size_t>(cells[k].group)], told.places[k].phenomenon);
                QCOMPARE(static_cast<int>(groups[static_cast<std::size_t>(cells[k].position)]), cells[k].group);
            }
        }
    }

    void bytesOfATokenAreThoseOfTheValidation() {
        const LoadedTask task = loadTask(storiesExperiment(), {});
        double bytes = 0, tokens = 0;
        for (int i = 0; i < 60; ++i) {
            const Sample sample = task.dataset->validationSample(i);
            for (const int id : sample.targets) bytes += static_cast<double>(task.dataset->tokenizer().decode({id}).size()), ++tokens;
        }
        QVERIFY(std::abs(*task.dataset->bytesPerToken() - bytes / tokens) < 1e-9);
    }

    void wordsOfNoStoryAreUnknown() {
        const LoadedTask task = loadTask(storiesExperiment(), {});
        QCOMPARE(task.dataset->tokenizer().encode("The key was").size(), 3u);
        for (const char* text : {"The elephant", "Mia put the key in the box.", "Zo\u00EB"})
            QVERIFY_EXCEPTION_THROWN(task.dataset->tokenizer().encode(text), InputError);
    }

    void otherDataHaveNoStories() {
        Experiment e;
        QVERIFY(!storiesOf(*loadTask(e, {}).dataset));
        QCOMPARE(loadTask(e, {}).dataset->targetGroups(), 0);
        QVERIFY(loadTask(e, {}).dataset->validationGroups(0).empty());
    }

    void aStoryNeedsRoomAndADecoder() {
        QVERIFY(refusal(storiesExperiment(leastStoryTokens({}))).isEmpty());
        const QString tooSmall = QString("task.seq_len: %1 is too small for a story").arg(leastStoryTokens({}) - 1);
        QVERIFY(refusal(storiesExperiment(leastStoryTokens({}) - 1)).contains(tooSmall));
        Experiment encoder = storiesExperiment();
        encoder.model.architecture = Architecture::encoder;
        QVERIFY(refusal(encoder).contains("decoder"));
    }

    void itsKeysGoThroughJson() {
        const Experiment e = storiesExperiment();
        const Experiment read = parseExperiment(writeExperiment(e));
        QCOMPARE(read.task.kind.name(), std::string_view("stories"));
        QCOMPARE(read.task.seq_len, 160);
        QCOMPARE(read.task.train_size, 500);
    }
};

QTEST_APPLESS_MAIN(StoryDatasetTest)
#include "story_dataset_test.moc"
