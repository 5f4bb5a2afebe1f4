#include "core/data/picture_dataset.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/data/data_print.h"
#include "core/data/loaded_task.h"
#include "core/pictures/patches.h"
#include "core/pictures/picture_files.h"
#include "core/tasks/pictures_config.h"
#include "tests/core/base/input_error.h"
#include "tests/core/pictures/idx_testing.h"

using namespace lab;
using picture_testing::idxBytes;

namespace {

Experiment shapesExperiment() {
    Experiment e;
    e.task.kind = "shapes";
    e.task.train_size = 300;
    e.task.validation_size = 20;
    e.task.test_size = 10;
    e.model.class_token = true;
    e.model.position.kind = PositionKind::learned;
    return e;
}

std::vector<int> askedAt(const Sample& sample) {
    std::vector<int> positions;
    for (std::size_t i = 0; i < sample.targets.size(); ++i)
        if (sample.targets[i] >= 0) positions.push_back(static_cast<int>(i));
    return positions;
}

}  // namespace

class PictureDatasetTest : public QObject {
    Q_OBJECT

private slots:
    void theModelGetsRoomForThePatches() {
        const LoadedTask task = loadTask(shapesExperiment(), {});
        const ModelConfig& model = task.experiment.model;
        QCOMPARE(*model.input, InputKind::vectors);
        QCOMPARE(*model.input_dim, 49);
        QCOMPARE(*model.vocab_size, 2);
        QCOMPARE(*model.num_classes, 16);
        QCOMPARE(*model.max_seq_len, 17);
        QCOMPARE(*task.experiment.task.pictures.stride, 7);
        QCOMPARE(task.dataset->trainSize(), 300);
        QCOMPARE(task.dataset->validationSize(), 20);
        QCOMPARE(task.dataset->testSize(), 10);
        QCOMPARE(*task.dataset->pictures(), (PictureFrame{28, 28, 7, 7, 1}));
    }

    void aSampleIsAPictureInPatches() {
        const LoadedTask task = loadTask(shapesExperiment(), {});
        const auto& data = dynamic_cast<const PictureDataset&>(*task.dataset);
        const Sample sample = data.trainSample(3);
        QCOMPARE(static_cast<int>(sample.tokens.size()), 17);
        QCOMPARE(sample.tokens.front(), classToken);
        QCOMPARE(sample.tokens.back(), vectorToken);
        QCOMPARE(sample.vectors.size(), std::size_t{17 * 49});
        QVERIFY(std::all_of(sample.vectors.begin(), sample.vectors.begin() + 49, [](float x) { return x == 0; }));
        const std::vector<float> picture = pictureOf(sample, *data.pictures());
        const auto bytes = data.train().picture(3);
        for (std::size_t i = 0; i < bytes.size(); ++i) QCOMPARE(std::lround(picture[i] * 255), static_cast<long>(bytes[i]));
        QCOMPARE(sample.targets.front(), data.train().labelOf(3));
        QVERIFY(data.validationSample(3).vectors != sample.vectors);
        QVERIFY(data.testSample(3).vectors != data.validationSample(3).vectors);
    }

    void theReadoutSaysWhoAnswers() {
        Experiment e = shapesExperiment();
        e.task.pictures.patch = 14;
        QCOMPARE(askedAt(loadTask(e, {}).dataset->trainSample(0)), std::vector{0});
        e.model.readout = Readout::every;
        QCOMPARE(askedAt(loadTask(e, {}).dataset->trainSample(0)), (std::vector{1, 2, 3, 4}));
        e.model.readout = Readout::last;
        QCOMPARE(askedAt(loadTask(e, {}).dataset->trainSample(0)), std::vector{4});
        e.model.readout.reset();
        e.model.class_token = false;  // then the last patch answers
        const Sample sample = loadTask(e, {}).dataset->trainSample(0);
        QCOMPARE(askedAt(sample), std::vector{3});
        QCOMPARE(sample.vectors.size(), std::size_t{4 * 14 * 14});
    }

    void targetsHaveNames() {
        const LoadedTask task = loadTask(shapesExperiment(), {});
        QCOMPARE(task.dataset->tokenizer().shown(15), std::string("heart"));
        QCOMPARE(task.dataset->tokenizer().symbols(), 16);
        QCOMPARE(tokenizerOf(task.experiment, task.dataset->tokenizer().kept())->shown(10), std::string("triangle"));
    }

    void patchesMustFit() {
        Experiment e = shapesExperiment();
        e.task.pictures.patch = 29;
        QCOMPARE(QString::fromStdString(messageOf([&] { loadTask(e, {}); })),
                 QString("task.patch: 29 is larger than the pictures, which are 28 pixels wide and high; use at most 28"));
        e.task.pictures.patch = 0;
        QCOMPARE(problemsOf(e).front().path, std::string("task.patch"));
        e.task.pictures.patch = 8;
        e.task.pictures.stride = 0;
        QCOMPARE(problemsOf(e).front().path, std::string("task.stride"));
        e.task.pictures.stride = 4;
        const LoadedTask task = loadTask(e, {});
        QCOMPARE(task.dataset->pictures()->patches(), 36);
        QCOMPARE(*task.experiment.model.max_seq_len, 37);
    }

    void keysAreReadAndWritten() {
        Experiment e = shapesExperiment();
        e.task.pictures.patch = 4;
        e.task.pictures.stride = 2;
        const Experiment read = parseExperiment(writeExperiment(e));
        QCOMPARE(read.task.pictures.patch, 4);
        QCOMPARE(read.task.pictures.stride, std::optional(2));
        QCOMPARE(differences(e, read).size(), std::size_t{0});
    }

    void theEndOfTheTrainingFileIsValidatedOn() {
        writeFiles(20, 4);
        Experiment e = imagesExperiment();
        e.task.validation_size = 6;
        const LoadedTask task = loadTask(e, folder());
        QCOMPARE(task.dataset->trainSize(), 14);
        QCOMPARE(task.dataset->validationSize(), 6);
        QCOMPARE(task.dataset->testSize(), 4);
        const auto& data = dynamic_cast<const PictureDataset&>(*task.dataset);
        QCOMPARE(int{data.validation().picture(0)[0]}, 14);
        QCOMPARE(int{data.test().picture(3)[0]}, 3);
        QCOMPARE(data.validation().labelOf(5), 19 % 3);
        QCOMPARE(*task.experiment.model.num_classes, 3);
        QCOMPARE(*task.experiment.model.input_dim, 4);
        e.task.validation_size.reset();
        QCOMPARE(loadTask(e, folder()).dataset->validationSize(), 2);
    }

    void whatDoesNotFitTheFilesIsSaid() {
        writeFiles(20, 4);
        const auto refusal = [&](const std::function<void(Experiment&)>& change) {
            Experiment e = imagesExperiment();
            change(e);
            return QString::fromStdString(messageOf([&] { loadTask(e, folder()); }));
        };
        QCOMPARE(refusal([](Experiment& e) { e.task.pictures.patch = 5; }),
                 QString("task.patch: 5 does not fit the pictures, which are 4 x 4 pixels; use at most 4"));
        QCOMPARE(refusal([](Experiment& e) { e.task.validation_size = 20; }),
                 QString("task.validation_size: 20 leaves nothing to train on; there are 20 pictures"));
        QCOMPARE(refusal([](Experiment& e) { e.training.batch_size = 19; }),
                 QString("training.batch_size: 19 is larger than the 18 pictures to train on; an epoch then has no whole batch"));
        QCOMPARE(refusal([](Experiment& e) { e.model.num_classes = 2; }),
                 QString("model.num_classes: 2 is too small; the labels are 0 to 2, so use at least 3"));
        QCOMPARE(refusal([](Experiment& e) { e.model.input_dim = 5; }),
                 QString("model.input_dim: 5 differs from the 4 numbers of a patch; use 4 or leave it out"));
        QCOMPARE(refusal([](Experiment& e) { e.task.path.clear(); }).left(10), QString("task.path:"));
    }

    void otherPicturesAreNoticed() {
        writeFiles(20, 4);
        const LoadedTask task = loadTask(imagesExperiment(), folder());
        std::map<std::string, std::string> metadata;
        notePrint(metadata, task);
        QVERIFY(dataDifference(metadata, task).empty());
        writeFiles(20, 4, 1);
        QCOMPARE(dataDifference(metadata, loadTask(imagesExperiment(), folder())).english(),
                 std::string("the data are no longer those it was trained on: as many pictures, but not the same"));
        writeFiles(30, 4);
        QCOMPARE(dataDifference(metadata, loadTask(imagesExperiment(), folder())).english(),
                 std::string("the data are no longer those it was trained on: 20 pictures then, 30 now"));
    }

private:
    static Experiment imagesExperiment() {
        Experiment e;
        e.task.kind = "images";
        e.task.path = ".";
        e.task.pictures.patch = 2;
        e.training.batch_size = 2;
        e.model.class_token = true;
        return e;
    }

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    /// Pictures of 4 x 4 whose pixels are their numbers (and `more`), labels 0, 1, 2, 0 ..
    void writeFiles(unsigned train, unsigned test, unsigned more = 0) const {
        for (const auto& [part, count] : {std::pair("train", train), std::pair("t10k", test)}) {
            std::string pixels, labels;
            for (unsigned i = 0; i < count; ++i) {
                pixels += std::string(16, static_cast<char>(i + more));
                labels += static_cast<char>(i % 3);
            }
            const std::string name = part;
            std::ofstream(folder() / (name + "-images-idx3-ubyte"), std::ios::binary) << idxBytes({count, 4, 4}, pixels);
            std::ofstream(folder() / (name + "-labels-idx1-ubyte"), std::ios::binary) << idxBytes({count}, labels);
        }
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(PictureDatasetTest)
#include "picture_dataset_test.moc"
