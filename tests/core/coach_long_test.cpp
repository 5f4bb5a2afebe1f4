// What is said while presets train, held against what becomes of them: five seeds each, which are not in the files.

#include <QtTest>
#include <map>

#include "core/analysis/coach.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/guessing.h"
#include "core/data/loaded_task.h"
#include "core/training/trainer.h"

using namespace lab;

namespace {

constexpr int stepsBetweenLooks = 25;

/// A training that is followed as the window's coach follows it.
struct CoachedTraining {
    explicit CoachedTraining(const Experiment& experiment)
        : task(loadTask(experiment, {})),
          model(std::make_shared<const Model>(task.experiment.model)),
          trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), 1) {
        const TrainingConfig& training = task.experiment.training;
        story.steps = training.steps;
        story.warmupSteps = warmupSteps(*training.schedule.kind, training.schedule.numbers, training.steps);
        story.chanceLoss = guessesOf(task.experiment, *task.dataset).uniform.loss;
        story.heads.resize(look().size());
    }

    std::vector<HeadMetrics> look() const {
        const Sample sample = task.dataset->validationSample(0);
        const Trace trace = model->trace(trainer.state().weights, {sample.tokens, sample.targetTokens, sample.targets, {}, {}}, {});
        return allHeadMetrics(*model, task.experiment.task, trace);
    }

    /// Notes when each advice was first given.
    void run() {
        double since = 0;
        int count = 0;
        while (!trainer.finished()) {
            const StepRecord record = trainer.advance();
            since += record.train.loss;
            ++count;
            story.step = record.step;
            story.recentLoss = record.train.loss;
            story.learningRate = record.learningRate;
            story.highestLearningRate = std::max(story.highestLearningRate, record.learningRate);
            if (record.validation) {
                story.evaluations.push_back({record.step, record.validation->loss, record.validation->accuracy, since / count});
                since = count = 0;
            }
            if (record.step % stepsBetweenLooks != 0) continue;
            const std::vector<HeadMetrics> heads = look();
            for (std::size_t head = 0; head < heads.size(); ++head) story.heads[head].push_back({record.step, headKind(heads[head])});
            for (const Advice& advice : adviceOn(story)) said.try_emplace({advice.kind, advice.head}, record.step);
        }
    }

    bool hasSaid(AdviceKind kind) const {
        return std::ranges::any_of(said, [kind](const auto& each) { return each.first.first == kind; });
    }

    LoadedTask task;
    std::shared_ptr<const Model> model;
    Trainer trainer;
    TrainingStory story;
    std::map<std::pair<AdviceKind, int>, std::int64_t> said;
};

}  // namespace

class CoachLongTest : public QObject {
    Q_OBJECT

private slots:
    void nothingSaidIsContradicted_data() {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<int>("seed");
        for (const char* preset : {"reverse", "sort", "shift-kv", "agreement", "word-classes", "bert-words"})
            for (int seed = 21; seed <= 25; ++seed) QTest::addRow("%s, seed %d", preset, seed) << QString::fromLatin1(preset) << seed;
    }

    void nothingSaidIsContradicted() {
        QFETCH(QString, preset);
        QFETCH(int, seed);
        Experiment experiment = parseExperiment(findPreset(preset.toStdString())->json);
        experiment.training.seed = static_cast<std::uint64_t>(seed);
        CoachedTraining training(experiment);
        training.run();
        const std::vector<HeadMetrics> heads = training.look();
        for (const auto& [advice, step] : training.said) {
            const QString what =
                QStringLiteral("kind %1, head %2, step %3").arg(static_cast<int>(advice.first)).arg(advice.second).arg(step);
            qInfo("%s", qPrintable(what));
            if (advice.first == AdviceKind::nothingMore) QVERIFY2(training.story.evaluations.back().accuracy >= 0.995, qPrintable(what));
            if (advice.first == AdviceKind::headFormed)
                QVERIFY2(metricOf(headKind(heads[static_cast<std::size_t>(advice.second)])), qPrintable(what));
        }
        // They learn within their steps, and none by heart.
        QVERIFY(!training.hasSaid(AdviceKind::validationRises));
        QVERIFY(!training.hasSaid(AdviceKind::atChance));
    }

    void learningByHeartIsSaidOfEverySeed() {
        for (int seed = 21; seed <= 25; ++seed) {
            Experiment experiment = parseExperiment(findPreset("sort")->json);
            experiment.task.train_size = 32;
            experiment.training.batch_size = 32;
            experiment.training.steps = 400;
            experiment.training.validate_every = 25;
            experiment.training.optimizer.learning_rate = 0.003;
            experiment.training.seed = static_cast<std::uint64_t>(seed);
            CoachedTraining training(experiment);
            training.run();
            const auto said = training.said.find({AdviceKind::validationRises, -1});
            QVERIFY2(said != training.said.end(), qPrintable(QString::number(seed)));
            const auto& evaluations = training.story.evaluations;
            const auto best = std::ranges::min_element(evaluations, {}, &CoachEvaluation::loss);
            QVERIFY(best->step < said->second && evaluations.back().loss > 1.1 * best->loss);  // and it never came back
        }
    }
};

QTEST_APPLESS_MAIN(CoachLongTest)
#include "coach_long_test.moc"
