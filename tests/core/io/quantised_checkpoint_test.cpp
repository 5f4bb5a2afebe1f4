#include "core/io/quantised_checkpoint.h"

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/io/checkpoint.h"
#include "core/io/pruned_checkpoint.h"

using namespace lab;

namespace {

/// A table, a hidden matrix that is no multiple of 32 wide, a vector and one row.
ParameterLayout quantisedLayout() {
    ParameterLayout layout;
    layout.add("token_embedding.weight", {3, 5}, ParameterRole::tokenTable, 5, 3);
    layout.add("encoder.0.feed_forward.up.weight", {4, 37}, ParameterRole::linear, 4, 37);
    layout.add("output.bias", {7}, ParameterRole::linearBias, 7, 5);
    layout.add("map.weight", {1, 6}, ParameterRole::positionMap, 1, 6);
    return layout;
}

Weights quantisedWeights(const ParameterLayout& layout) {
    std::mt19937 random(2);
    std::normal_distribution<float> normal(0, 0.3f);
    Weights weights(layout.flatSize(), 0.0f);
    for (const Parameter& p : layout.parameters())
        for (std::size_t i = 0; i < p.size; ++i) at(weights, p)[i] = normal(random);
    return weights;
}

template <class Action>
QString quantisedRefusal(Action action) {
    try {
        action();
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

}  // namespace

class QuantisedCheckpointTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    ParameterLayout m_layout = quantisedLayout();
    Weights m_weights = quantisedWeights(m_layout);

    std::filesystem::path file(const char* name = "q.safetensors") const {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    static QuantisationNote note(const char* scheme, std::int64_t step = 40) { return {findQuantisation(std::string_view(scheme)), step}; }
    void writeNow(const char* scheme) const {
        Metadata metadata = metadataOfCopy({{"attention_lab.vocabulary", R"(["a","b"])"}}, {});
        writeQuantised(file(), metadata, m_layout, m_weights, note(scheme));
    }
    /// What reading says of the file with one of its tensors in another shape or with other numbers.
    QString refusalWith(const char* scheme, const std::string& name, const std::function<void(Tensor&)>& change) const {
        writeNow(scheme);
        TensorFile read = readSafetensors(file());
        Tensor tensor = read.tensors.at(name);
        change(tensor);
        read.tensors.set(name, tensor);
        return quantisedRefusal([&] { weightsOf(read, m_layout, "f"); });
    }
    /// And without one of them.
    QString refusalWithout(const char* scheme, const std::string& name) const {
        writeNow(scheme);
        TensorFile read = readSafetensors(file()), less;
        less.metadata = read.metadata;
        for (const NamedTensors::Entry& entry : read.tensors.entries())
            if (entry.name != name) less.tensors.set(entry.name, entry.tensor);
        return quantisedRefusal([&] { weightsOf(less, m_layout, "f"); });
    }

private slots:
    void itReadsBackAsItComputes_data() {
        QTest::addColumn<QByteArray>("scheme");
        for (const QuantisationScheme& scheme : QuantisationScheme::table())
            QTest::addRow("%s", scheme.name.data()) << QByteArray(scheme.name.data());
    }
    void itReadsBackAsItComputes() {
        QFETCH(QByteArray, scheme);
        const QuantisationScheme& row = *findQuantisation(std::string_view(scheme.constData()));
        writeNow(scheme);
        const CheckpointFile read = readCheckpoint(file());
        QCOMPARE(weightsOf(read, m_layout), quantised(m_weights, m_layout, row));
        QCOMPARE(weightsOf(readSafetensors(file()), m_layout, "f"), quantised(m_weights, m_layout, row));
        QVERIFY(!read.isState());
        QCOMPARE(read.tokenizer.words, (std::vector<std::string>{"a", "b"}));
        const auto said = quantisationOf(read.metadata, read.file);
        QVERIFY(said && said->scheme == &row && said->step == 40);
        // The bytes are those that were foretold.
        const std::string bytes = readFile(file());
        const std::size_t header = static_cast<unsigned char>(bytes[0]) + 256u * static_cast<unsigned char>(bytes[1]);
        QCOMPARE(bytes.size() - header - 8, storedBytes(m_layout, &row));
    }

    /// What is learned of distances was packed as a matrix once.
    void whatEarlierVersionsPackedIsRead() {
        ParameterLayout before, now;
        for (ParameterLayout* layout : {&before, &now})
            layout->add("encoder.0.attention.relative_bias.weight", {8, 3},
                        layout == &now ? ParameterRole::scoreBias : ParameterRole::linear, 3, 8);
        const Weights weights = quantisedWeights(before);
        for (const QuantisationScheme& scheme : QuantisationScheme::table()) {
            writeQuantised(file(), {}, before, weights, {&scheme, 1});
            QCOMPARE(weightsOf(readSafetensors(file()), now, "f"), quantised(weights, before, scheme));
            writeQuantised(file(), {}, now, weights, {&scheme, 1});
            QCOMPARE(weightsOf(readSafetensors(file()), now, "f"), weights);
        }
    }

    void whatIsOfATrainingGoes() {
        const Metadata from = {{"attention_lab.state", "{\"step\": 3}"}, {"attention_lab.session", "{}"},
                               {"attention_lab.session.runs", "{}"},     {"attention_lab.computed_with", "x"},
                               {"attention_lab.quantized", "{}"},        {"attention_lab.data", "{\"lines\": 3}"},
                               {"attention_lab.tokenizer", "{}"},        {"attention_lab.vocabulary", "[]"}};
        const Metadata copy = metadataOfCopy(from, {});
        QCOMPARE(copy.size(), std::size_t{4});
        for (const char* key : {"experiment", "data", "tokenizer", "vocabulary"})
            QVERIFY(copy.contains(std::string("attention_lab.") + key));
    }

    void theExperimentSaysWhatItIs() {
        Experiment experiment;
        experiment.name = "Reverse";
        experiment.training.steps = 100;
        const Experiment made = quantisedExperiment(experiment, note("int4", 40));
        QCOMPARE(made.name, std::string("Reverse, int4"));
        QCOMPARE(made.training.steps, 40);
        QCOMPARE(quantisedExperiment(experiment, note("int8", 0)).training.steps, 100);
        validate(made);
    }

    void itIsNoTrainingState() {
        writeNow("int8");
        const UpdateRule& adam = *Kind<UpdateRule>("adam");
        QVERIFY(quantisedRefusal([&] {
                    trainingStateOf(readCheckpoint(file()), m_layout, adam);
                }).endsWith("q.safetensors: is quantised and no training state: a new training can begin with its weights (--init)"));
        TensorFile read = readSafetensors(file());
        read.metadata["attention_lab.state"] = "{\"step\": 3}";
        writeSafetensors(file(), read.tensors, read.metadata);
        QVERIFY(quantisedRefusal([&] {
                    readCheckpoint(file());
                }).endsWith("metadata attention_lab.quantized: quantised weights are no training state"));
    }

    void badMetadataIsNamed() {
        const auto said = [](const char* value) {
            return quantisedRefusal([&] { quantisationOf({{"attention_lab.quantized", value}}, "f"); });
        };
        QVERIFY(said("{").startsWith("f: metadata attention_lab.quantized: not valid JSON"));
        for (const char* value : {"5", "{}", R"({"scheme": "int8"})", R"({"scheme": 8, "step": 1})", R"({"scheme": "int8", "step": -1})",
                                  R"({"scheme": "int8", "step": 99999999999})"})
            QCOMPARE(said(value), QStringLiteral("f: metadata attention_lab.quantized: expected {\"scheme\": \"NAME\", \"step\": N} with N "
                                                 "from 0"));
        QCOMPARE(said(R"({"scheme": "int3", "step": 1})"),
                 QStringLiteral("f: metadata attention_lab.quantized: scheme int3 is not read; use int8 or int4"));
        QVERIFY(!quantisationOf({}, "f"));
    }

    void badTensorsAreNamed() {
        const std::string up = "encoder.0.feed_forward.up.weight";
        for (const char* end : {"", ".scale", ".minimum"})
            QCOMPARE(refusalWithout("int4", up + end), QString::fromStdString("f: tensor " + up + end + " is missing"));
        QCOMPARE(refusalWithout("int8", "output.bias"), QStringLiteral("f: tensor output.bias is missing"));
        const auto reshaped = [](Tensor& t) { t.shape = {t.shape[1], t.shape[0]}; };
        QCOMPARE(refusalWith("int4", up, reshaped),
                 QString::fromStdString("f: tensor " + up + " has the shape [19, 4], but this quantisation needs [4, 19]"));
        QCOMPARE(refusalWith("int4", up + ".scale", reshaped),
                 QString::fromStdString("f: tensor " + up + ".scale has the shape [2, 4], but this quantisation needs [4, 2]"));
        QCOMPARE(refusalWith("int8", up + ".scale", [](Tensor& t) { t.values[1] = -1; }),
                 QString::fromStdString("f: tensor " + up + ".scale: value 1, -1, is no scale: it must be finite and not negative"));
        QCOMPARE(refusalWith("int8", up + ".scale", [](Tensor& t) { t.values[3] = std::numeric_limits<float>::infinity(); }),
                 QString::fromStdString("f: tensor " + up + ".scale: value 3, inf, is no scale: it must be finite and not negative"));
        QCOMPARE(refusalWith("int4", up + ".minimum", [](Tensor& t) { t.values[0] = -std::numeric_limits<float>::infinity(); }),
                 QString::fromStdString("f: tensor " + up + ".minimum: value 0, -inf, is not finite"));
        QCOMPARE(refusalWith("int8", up, [](Tensor& t) { t.values[2] = -128; }),
                 QString::fromStdString("f: tensor " + up + ": value 2, -128, is no integer from -127 to 127"));
        QCOMPARE(refusalWith("int4", up, [](Tensor& t) { t.values[2] = 0.5f; }),
                 QString::fromStdString("f: tensor " + up + ": value 2, 0.5, is no integer from 0 to 255"));
        QCOMPARE(refusalWith("int4", up, [](Tensor& t) { t.values[2] = std::numeric_limits<float>::quiet_NaN(); }),
                 QString::fromStdString("f: tensor " + up + ": value 2, nan, is no integer from 0 to 255"));
        // Finite parts whose product is not.
        QCOMPARE(refusalWith("int8", up, [](Tensor& t) { t.values[0] = 127; }), QString());
        QCOMPARE(refusalWith("int8", up + ".scale", [](Tensor& t) { t.values[0] = std::numeric_limits<float>::max(); }).left(40),
                 QString::fromStdString("f: tensor " + up).left(40));
    }

    void strayTensorsAreNamed() {
        writeNow("int8");
        TensorFile read = readSafetensors(file());
        read.tensors.set("output.bias.scale", Tensor{{1}, {1}});
        QCOMPARE(quantisedRefusal([&] { weightsOf(read, m_layout, "f"); }),
                 QStringLiteral("f: tensor output.bias.scale is none of the model's"));
    }

    /// Some read as other weights, which nothing could tell; none does anything but to be read or refused in a sentence.
    void corruptFilesAreReadOrRefused() {
        std::mt19937 random(8);
        std::string originals[2];
        for (std::string& original : originals) {
            writeNow(&original == originals ? "int8" : "int4");
            original = readFile(file());
        }
        int refused = 0;
        for (int i = 0; i < 600; ++i) {
            std::string bytes = originals[i % 2];
            const std::size_t head = 8 + static_cast<unsigned char>(bytes[0]) + 256u * static_cast<unsigned char>(bytes[1]);
            const std::size_t place = random() % (i % 3 == 0 ? bytes.size() : head);
            switch (random() % 4) {
                case 0:
                    bytes[place] = static_cast<char>(random() % 256);
                    break;
                case 1:
                    bytes.erase(place, 1 + random() % 9);
                    break;
                case 2:
                    bytes.insert(place, 1 + random() % 3, static_cast<char>('0' + random() % 10));
                    break;
                default:
                    bytes.resize(place);
            }
            std::ofstream(file("bad.safetensors"), std::ios::binary) << bytes;
            const QString said = quantisedRefusal([&] { weightsOf(readCheckpoint(file("bad.safetensors")), m_layout); });
            if (said.isNull()) continue;
            ++refused;
            QVERIFY2(said.contains("bad.safetensors: ") && !said.contains('\n'), qPrintable(said));
        }
        QVERIFY(refused > 300);
    }

    void whatCannotBeKeptIsNotWritten() {
        Weights weights = m_weights;
        at(weights, *m_layout.find("encoder.0.feed_forward.up.weight"))[3] = std::numeric_limits<float>::quiet_NaN();
        const auto path = file("never.safetensors");
        QCOMPARE(quantisedRefusal([&] { writeQuantised(path, metadataOfCopy({}, {}), m_layout, weights, note("int8")); }),
                 QStringLiteral("encoder.0.feed_forward.up.weight: value 3, nan, is not finite"));
        QVERIFY(!std::filesystem::exists(path));
    }

    void aPrunedCheckpointSaysWhatWent() {
        writePruned(file("p.safetensors"), metadataOfCopy({}, {}), m_layout, m_weights, {"heads", "size", 0.5, 2, 4, 17, 30});
        const CheckpointFile read = readCheckpoint(file("p.safetensors"));
        QCOMPARE(weightsOf(read, m_layout), m_weights);
        QCOMPARE(read.metadata.at("attention_lab.pruned"),
                 std::string(R"({"what":"heads","by":"size","share":0.5,"taken":2,"of":4,"zeros":17,"parameters":176,"steps":30})"));
    }
};

QTEST_APPLESS_MAIN(QuantisedCheckpointTest)
#include "quantised_checkpoint_test.moc"
