#include "core/io/checkpoint.h"

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <limits>

#include "core/base/errors.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/io/experiment_file.h"
#include "tests/reference_cases.h"

using namespace lab;

namespace {

ParameterLayout smallLayout() {
    ParameterLayout layout;
    layout.add("token_embedding.weight", {3, 5}, ParameterRole::tokenTable, 5, 3);
    layout.add("output.bias", {7}, ParameterRole::linearBias, 7, 5);
    return layout;
}

Weights countedWeights(const ParameterLayout& layout, float first) {
    Weights weights(layout.flatSize(), 0.0f);
    for (const Parameter& parameter : layout.parameters()) {
        for (std::size_t i = 0; i < parameter.size; ++i) at(weights, parameter)[i] = first++;
    }
    return weights;
}

template <class Action>
QString refusal(Action action) {
    try {
        action();
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

}  // namespace

class CheckpointTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    ParameterLayout m_layout = smallLayout();
    const UpdateRule &adam = *Kind<UpdateRule>("adam"), &sgd = *Kind<UpdateRule>("sgd");

    std::filesystem::path file(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }

    QString readRefusal(const NamedTensors& tensors, const Metadata& metadata) const {
        writeSafetensors(file("bad.safetensors"), tensors, metadata);
        return refusal([&] { weightsOf(readCheckpoint(file("bad.safetensors")), m_layout); }).replace(m_folder.path() + "/", "");
    }

    static Metadata soundMetadata() { return {{"attention_lab.experiment", R"({"format": "attention-lab/experiment", "version": 1})"}}; }

    NamedTensors soundTensors() const {
        NamedTensors tensors;
        addTensors(tensors, m_layout, countedWeights(m_layout, 1));
        return tensors;
    }

private slots:
    void aStateReadsBackToTheBit() {
        Experiment experiment;
        experiment.name = "Test";
        const Weights weights = countedWeights(m_layout, 0.1f);
        const Weights first = countedWeights(m_layout, 1e-20f);
        const Weights second = countedWeights(m_layout, 3e-41f);
        writeCheckpoint(file("state.safetensors"), experiment, {{"a", "b\"c"}, {}}, m_layout, TrainingState{weights, first, second, 17},
                        {{"attention_lab.isa", "v4"}});
        const CheckpointFile read = readCheckpoint(file("state.safetensors"));
        QVERIFY(read.isState());
        QCOMPARE(read.tokenizer.words, (std::vector<std::string>{"a", "b\"c"}));
        QVERIFY(differences(read.experiment, resolved(experiment)).empty());
        QCOMPARE(read.metadata.at("attention_lab.isa"), std::string("v4"));
        QCOMPARE(weightsOf(read, m_layout), weights);
        const TrainingState state = trainingStateOf(read, m_layout, adam);
        QCOMPARE(state.step, std::int64_t{17});
        QCOMPARE(state.weights, weights);
        QCOMPARE(state.firstMoment, first);
        QCOMPARE(state.secondMoment, second);
    }

    void sgdHasNoSecondMoment() {
        const Weights weights = countedWeights(m_layout, 1);
        writeCheckpoint(file("sgd.safetensors"), {}, {}, m_layout, TrainingState{weights, weights, {}, 3});
        const CheckpointFile read = readCheckpoint(file("sgd.safetensors"));
        const TrainingState state = trainingStateOf(read, m_layout, sgd);
        QCOMPARE(state.firstMoment, weights);
        QVERIFY(state.secondMoment.empty());
        QVERIFY(refusal([&] { trainingStateOf(read, m_layout, adam); }).endsWith("the state was saved by another optimizer"));
    }

    void aMomentThatTheRuleDoesNotKeepIsLeftAside() {
        const Weights weights = countedWeights(m_layout, 1);
        writeCheckpoint(file("adam.safetensors"), {}, {}, m_layout, TrainingState{weights, weights, weights, 3});
        const TrainingState state = trainingStateOf(readCheckpoint(file("adam.safetensors")), m_layout, sgd);
        QCOMPARE(state.firstMoment, weights);
        QVERIFY(state.secondMoment.empty());
    }

    void aPlainCheckpointIsNoState() {
        writeCheckpoint(file("plain.safetensors"), {}, {}, m_layout, countedWeights(m_layout, 1));
        const CheckpointFile read = readCheckpoint(file("plain.safetensors"));
        QVERIFY(!read.isState());
        QVERIFY(read.tokenizer.words.empty());
        QVERIFY(refusal([&] {
                    trainingStateOf(read, m_layout, adam);
                }).endsWith("is no training state: its metadata has no attention_lab.state"));
    }

    void badTensorsAreNamed() {
        QCOMPARE(readRefusal({}, soundMetadata()), QString("bad.safetensors: tensor token_embedding.weight is missing"));
        NamedTensors tensors = soundTensors();
        tensors.set("extra.bias", Tensor{{1}, {0}});
        QCOMPARE(readRefusal(tensors, soundMetadata()), QString("bad.safetensors: tensor extra.bias is none of the model's"));
        tensors = soundTensors();
        tensors.set("token_embedding.weight", Tensor{{5, 3}, std::vector<float>(15)});
        QCOMPARE(readRefusal(tensors, soundMetadata()),
                 QString("bad.safetensors: tensor token_embedding.weight has the shape [5, 3], but the model needs [3, 5]"));
        tensors = soundTensors();
        tensors.set("output.bias", Tensor{{7}, {0, 0, std::numeric_limits<float>::quiet_NaN(), 0, 0, 0, 0}});
        QCOMPARE(readRefusal(tensors, soundMetadata()), QString("bad.safetensors: tensor output.bias: value 2 is not finite"));
        tensors.set("output.bias", Tensor{{7}, {}, {0, 1, 2, 16777216, 16777217, 5, 6}});
        QCOMPARE(readRefusal(tensors, soundMetadata()),
                 QString("bad.safetensors: tensor output.bias: value 4 does not fit a 32-bit float"));
        tensors.set("output.bias", Tensor{{7}, {}, {0, 1, 2, 16777216, -16777216, 5, 6}});
        QCOMPARE(readRefusal(tensors, soundMetadata()), QString());
        tensors = soundTensors();
        tensors.set("optimizer.first_moment.output.bias", Tensor{{7}, std::vector<float>(7)});
        QCOMPARE(readRefusal(tensors, soundMetadata()), QString());
    }

    void halfAMomentIsRefused() {
        NamedTensors tensors = soundTensors();
        tensors.set("optimizer.first_moment.output.bias", Tensor{{7}, std::vector<float>(7)});
        Metadata metadata = soundMetadata();
        metadata["attention_lab.state"] = R"({"step": 5})";
        writeSafetensors(file("half.safetensors"), tensors, metadata);
        const auto read = readCheckpoint(file("half.safetensors"));
        QVERIFY(refusal([&] {
                    trainingStateOf(read, m_layout, adam);
                }).endsWith("tensor optimizer.first_moment.token_embedding.weight is missing"));
        tensors.set("optimizer.third.output.bias", Tensor{{7}, std::vector<float>(7)});
        writeSafetensors(file("half.safetensors"), tensors, metadata);
        QVERIFY(refusal([&] {
                    trainingStateOf(readCheckpoint(file("half.safetensors")), m_layout, adam);
                }).endsWith("tensor optimizer.third.output.bias belongs to no parameter of the model"));
    }

    void badMetadataIsNamed_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("sentence");
        const QString experiment = "attention_lab.experiment";
        QTest::newRow("json") << experiment << "{"
                              << "bad.safetensors: metadata attention_lab.experiment: not valid JSON: line 1, column 2";
        QTest::newRow("key") << experiment << R"({"format": "attention-lab/experiment", "version": 1, "x": 1})"
                             << "bad.safetensors: metadata attention_lab.experiment: x: unknown key";
        QTest::newRow("value") << experiment << R"({"format": "attention-lab/experiment", "version": 1, "model": {"num_heads": 3}})"
                               << "bad.safetensors: metadata attention_lab.experiment: model.num_heads: 3 does not divide d_model 32";
        QTest::newRow("pairs") << experiment
                               << R"({"format": "attention-lab/experiment", "version": 1, "task": {"kind": "pairs", "path": "p"}})"
                               << "bad.safetensors: metadata attention_lab.experiment: model.vocab_size, num_classes and max_seq_len";
        const QString state = "attention_lab.state";
        for (const char* value : {"5", "{}", R"({"step": -1})", R"({"step": 1.5})", R"({"step": 99999999999999999999})"}) {
            QTest::newRow(value) << state << value << "bad.safetensors: metadata attention_lab.state: expected {\"step\": N} with N from 0";
        }
        const QString vocabulary = "attention_lab.vocabulary";
        QTest::newRow("words") << vocabulary << "[1]"
                               << "bad.safetensors: metadata attention_lab.vocabulary: entry 0 is no word";
        QTest::newRow("list") << vocabulary << "{}"
                              << "bad.safetensors: metadata attention_lab.vocabulary: expected a list of words";
        QTest::newRow("many") << vocabulary << R"(["a","b","c","d","e","f","g","h","i","j","k"])"
                              << "bad.safetensors: metadata attention_lab.vocabulary: 11 words do not fit model.vocab_size 10";
        QTest::newRow("twice") << vocabulary << R"(["a","b","a"])"
                               << "bad.safetensors: metadata attention_lab.vocabulary: \"a\" is given twice, the second time as entry 2";
        QTest::newRow("blank") << vocabulary << R"(["a","b c"])"
                               << "bad.safetensors: metadata attention_lab.vocabulary: entry 1, \"b c\", is no word";
        QTest::newRow("empty") << vocabulary << R"(["a",""])"
                               << "bad.safetensors: metadata attention_lab.vocabulary: entry 1, \"\", is no word";
    }

    void badMetadataIsNamed() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        QFETCH(QString, sentence);
        Metadata metadata = soundMetadata();
        metadata[key.toStdString()] = value.toStdString();
        const QString actual = readRefusal(soundTensors(), metadata);
        QVERIFY2(actual.startsWith(sentence), qPrintable(actual));
    }

    void aForeignFileIsNoCheckpoint() {
        QCOMPARE(readRefusal(soundTensors(), {}),
                 QString("bad.safetensors: is no checkpoint of this program: its metadata has no attention_lab.experiment"));
    }

    /// A file of more data than any memory holds is told by its header.
    void aLargeForeignFileCostsNothing() {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("large.safetensors").toStdString();
        const std::string header = R"({"x": {"dtype": "F32", "shape": [68719476736], "data_offsets": [0, 274877906944]}})";
        std::string bytes(8, '\0');
        bytes[0] = static_cast<char>(header.size());
        {
            std::ofstream file(path, std::ios::binary);
            file << bytes << header;
        }
        std::filesystem::resize_file(path, 8 + header.size() + 274877906944);
        try {
            readCheckpoint(path);
            QFAIL("it was read");
        } catch (const InputError& error) {
            QVERIFY2(QString(error.what()).endsWith("is no checkpoint of this program: its metadata has no attention_lab.experiment"),
                     error.what());
        }
    }

    void theReferenceCasesAreCheckpoints() {
        for (const QString& name : referenceCases()) {
            const std::filesystem::path folder = (referenceFolder() + "/" + name).toStdString();
            const CheckpointFile read = readCheckpoint(folder / "init.safetensors");
            QVERIFY(differences(read.experiment, resolved(loadExperiment(folder / "experiment.json"))).empty());
            QVERIFY(!read.isState());
        }
    }
};

QTEST_APPLESS_MAIN(CheckpointTest)
#include "checkpoint_test.moc"
