#include "core/config/experiment_json.h"

#include <QtTest>
#include <fstream>
#include <random>
#include <sstream>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/retired_keys.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "tests/reference_cases.h"

using namespace lab;

namespace {

std::string contents(const QString& path) {
    std::ifstream file(path.toStdString(), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string caseText(const QString& name) {
    return contents(QString(LAB_SOURCE_DIR "/tests/reference/%1/experiment.json").arg(name));
}

/// The sentence with which the text is refused; empty when it is read.
std::string refusal(const std::string& text) {
    try {
        parseExperiment(text);
        return {};
    } catch (const InputError& error) {
        return error.what();
    }
}

std::string withBody(const std::string& body) {
    return R"({"format": "attention-lab/experiment", "version": 1, )" + body + "}";
}

}  // namespace

class ExperimentJsonTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryReferenceCase_data() {
        QTest::addColumn<QString>("name");
        for (const QString& name : referenceCases()) QTest::newRow(qPrintable(name)) << name;
    }

    void readsEveryReferenceCase() {
        QFETCH(QString, name);
        const Experiment experiment = parseExperiment(caseText(name));
        QCOMPARE(problemsOf(experiment).size(), std::size_t{0});
        const Experiment again = parseExperiment(writeExperiment(experiment));
        QVERIFY(differences(experiment, again).empty());
        const Experiment whole = resolved(experiment);
        QVERIFY(differences(whole, parseExperiment(writeExperiment(whole))).empty());
        QCOMPARE(experiment.training.steps, 30);
        QVERIFY(!experiment.training.shuffle);
    }

    /// Their models are no task's (tests/reference/README.md), but experiments' all the same.
    void readsTheCasesOfVectors() {
        for (const QString& name : vectorCases()) {
            const Experiment experiment = parseExperiment(caseText(name));
            QVERIFY2(experiment.model.input == InputKind::vectors && experiment.model.input_dim, qPrintable(name));
            QVERIFY2(differences(experiment, parseExperiment(writeExperiment(experiment))).empty(), qPrintable(name));
        }
        const Experiment vit = parseExperiment(caseText("vectors/vit-kv-pos"));
        QVERIFY(vit.model.class_token && vit.model.readout == Readout::class_token);
        QCOMPARE(vit.model.attention.pos_dim, 50);
        const Experiment product = parseExperiment(caseText("vectors/regression-product"));
        QVERIFY(product.model.attention.kernel.kind == KernelKind::product && product.model.output.loss == LossKind::squared);
        QVERIFY(product.model.norm.kind == NormKind::none && !product.model.hasFeedForward());
    }

    void readsKindsOfTheCases() {
        const Experiment longrope = parseExperiment(caseText("decoder-rope-longrope"));
        QCOMPARE(longrope.model.position.rope.scaling.long_factors, (std::vector<double>{1.0, 1.3, 1.9, 2.6, 3.3, 4.0}));
        QCOMPARE(longrope.model.position.rope.scaling.max_seq_len, std::optional(48));
        const Experiment linear = parseExperiment(caseText("decoder-linear-gqa"));
        QVERIFY(linear.model.attention.kernel.kind == KernelKind::linear);
        QCOMPARE(linear.model.num_kv_heads, std::optional(2));
        const Experiment strided = parseExperiment(caseText("decoder-strided"));
        QCOMPARE(strided.model.attention.pattern.parameters.find("stride"), std::optional(5.0));
        QVERIFY(parseExperiment(caseText("encoder-kv-pos")).model.attention.form == AttentionForm::kv_pos);
    }

    void everyKeyRoundTrips() {
        // Each field in turn takes an unusual value; the text must carry it exactly.
        for (const FieldInfo& field : fieldTable()) {
            std::vector<std::string> texts;
            for (const std::string& choice : field.choices) texts.push_back(choice);
            if (field.kind == FieldKind::boolean) texts = {"true", "false"};
            if (field.kind == FieldKind::integer) texts = {"7", "123456789"};
            if (field.kind == FieldKind::real) texts = {"0.1", "1e-300", "3", "0.30000000000000004"};
            if (field.kind == FieldKind::text) texts = {"a \"word\"\n\xc3\xa9", "x"};
            if (field.kind == FieldKind::list) texts = {"1, 2.5, 0.1"};
            for (const std::string& text : texts) {
                Experiment experiment;
                setValue(experiment, field.path, text);
                const Experiment again = parseExperiment(writeExperiment(experiment));
                QVERIFY2(differences(experiment, again).empty(), (field.path + " = " + text).c_str());
                Experiment typed;
                field.setText(typed, field.text(experiment));
                QVERIFY2(differences(experiment, typed).empty(), (field.path + " = " + text).c_str());
            }
        }
    }

    void readsTheKernelAsANameOrAnObject() {
        Experiment experiment;
        QVERIFY(writeExperiment(experiment).find(R"("kernel": "softmax")") != std::string::npos);
        const Experiment object = parseExperiment(withBody(R"("model": {"attention": {"kernel": {"kind": "linear"}}})"));
        QVERIFY(object.model.attention.kernel.kind == KernelKind::linear);
    }

    void aTasksNumbersAreWrittenWhereItHasThem() {
        Experiment experiment = parseExperiment(withBody(R"("task": {"kind": "rotate", "k": -3})"));
        QVERIFY(experiment.task.kind == "rotate");
        QCOMPARE(experiment.task.parameters.find("k"), std::optional(-3.0));
        QVERIFY(writeExperiment(experiment).find(R"("k": -3)") != std::string::npos);
        QVERIFY(writeExperiment(experiment).find("reversed") == std::string::npos);
        QVERIFY(writeExperiment(Experiment()).find(R"("k")") == std::string::npos);
        experiment.task.kind = "copy";
        QVERIFY(writeExperiment(experiment).find(R"("k": -3)") != std::string::npos);  // kept, though it does nothing
    }

    void readsKeysThatNoLongerDoAnything() {
        const Experiment read = parseExperiment(
            withBody(R"("model": {"attention": {"kernel": {"kind": "softmax", "features": 64, "seed": 1}, "form": "kv"}})"));
        QVERIFY(differences(read, parseExperiment(withBody(R"("model": {"attention": {"form": "kv"}})"))).empty());
        QVERIFY(writeExperiment(read).find("features") == std::string::npos);
        Experiment set = read;
        setValue(set, "model.attention.kernel.features", "32");
        setJson(set, "model.attention.kernel", R"({"kind": "linear", "seed": 5})");
        setValue(set, "model.attention.kernel", R"({"kind": "linear", "features": 5})");
        QVERIFY(set.model.attention.kernel.kind == KernelKind::linear);
        for (const std::string_view key : retiredKeys()) QVERIFY2(!fieldTable().find(key), key.data());
    }

    void omitsDerivedKeys() {
        const std::string text = writeExperiment(Experiment());
        for (const FieldInfo& field : fieldTable()) {
            if (field.presence != Presence::derived) continue;
            QVERIFY2(text.find('"' + field.label + '"') == std::string::npos || field.label == "vocab_size", field.path.c_str());
        }
        QCOMPARE(parseExperiment(text).model.vocab_size, std::optional<int>());
    }

    void refusesWithPathAndReason_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const std::string& body, const char* sentence) {
            QTest::newRow(name) << QString::fromStdString(withBody(body)) << sentence;
        };
        row("unknown", R"("model": {"heads": 2})", "model.heads: unknown key; did you mean model.num_heads?");
        row("elsewhere", R"("model": {"steps": 2})", "model.steps: unknown key; did you mean training.steps?");
        row("far", R"("zzzzzzzzzz": 2)", "zzzzzzzzzz: unknown key");
        row("text for integer", R"("training": {"steps": "10"})", "training.steps: expected an integer, got \"10\"");
        row("real for integer", R"("training": {"steps": 10.5})", "training.steps: expected an integer, got 10.5");
        row("huge integer", R"("training": {"steps": 99999999999})",
            "training.steps: 99999999999 is out of range; must be from 1 to 1000000000");
        row("larger integer", R"("training": {"seed": 18446744073709551615})",
            "training.seed: expected an integer, got the number 18446744073709551615, which is too large");
        row("negative seed", R"("training": {"seed": -1})", "training.seed: -1 is out of range; must be from 0 to 9007199254740991");
        row("integer for truth", R"("model": {"bias": 1})", "model.bias: expected true or false, got 1");
        row("null", R"("model": {"d_ff": null})", "model.d_ff: expected an integer, got null");
        row("choice", R"("model": {"attention": {"form": "kqv"}})",
            "model.attention.form: \"kqv\" is not one of qkv, kv, kv+pos, q+kv, latent, k");
        row("kernel", R"("model": {"attention": {"kernel": "soft"}})",
            "model.attention.kernel: \"soft\" is not one of softmax, linear, product, performer, retention, gated-linear");
        row("object for value", R"("model": {"d_model": {}})", "model.d_model: expected an integer, got an object");
        row("value for object", R"("model": {"norm": "rms"})", "model.norm: expected an object, got \"rms\"");
        row("list element", R"("model": {"position": {"rope": {"scaling": {"long_factors": [1, "x"]}}}})",
            "model.position.rope.scaling.long_factors[1]: expected a number, got \"x\"");
        row("duplicate", R"("model": {"norm": {"kind": "rms", "kind": "layer"}})", "model.norm.kind: this key is given twice");
        row("dotted", R"("model.d_model": 8)", "model.d_model: unknown key; nest objects instead of writing dots");
        row("dotted inside", R"("model": {"attention.kernel": {"kind": "linear"}})",
            "model.attention.kernel: unknown key; nest objects instead of writing dots");
        QTest::newRow("no format") << "{}"
                                   << "format: missing; an experiment says \"format\": \"attention-lab/experiment\"";
        QTest::newRow("format") << R"({"format": "attention-lab/sweep", "version": 1})"
                                << "format: expected \"attention-lab/experiment\", got \"attention-lab/sweep\"";
        QTest::newRow("version") << R"({"format": "attention-lab/experiment", "version": 2})"
                                 << "version: expected 1, got 2";
        QTest::newRow("list") << "[]"
                              << "experiment: expected an object, got a list";
    }

    void refusesWithPathAndReason() {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        QCOMPARE(QString::fromStdString(refusal(text.toStdString())), sentence);
    }

    void refusesBrokenTextWithLineAndColumn() {
        const std::string sentence = refusal("{\n  \"format\": ,\n}");
        QVERIFY2(sentence.starts_with("not valid JSON: line 2, column"), sentence.c_str());
        QVERIFY(!refusal("").empty());
        QVERIFY(!refusal("{} {}").empty());
        QVERIFY(!refusal(std::string(100000, '[')).empty());
        QVERIFY(!refusal(withBody("\"name\": \"\xff\"")).empty());
        QVERIFY(!refusal(withBody(R"("training": {"clip_norm": 1e999})")).empty());
        QVERIFY(!refusal(withBody(R"("training": {"clip_norm": NaN})")).empty());
    }

    void mutatedTextIsReadOrRefused() {
        // Bytes changed, cut out, doubled: never a crash, never an empty sentence, and what is read can be written and read again.
        std::mt19937 random(1);
        int refused = 0;
        for (const QString& name : referenceCases()) {
            const std::string original = caseText(name);
            for (int i = 0; i < 60; ++i) {
                std::string text = original;
                const std::size_t at = random() % text.size();
                const std::size_t length = 1 + random() % 12;
                switch (random() % 4) {
                    case 0:
                        text[at] = static_cast<char>(random() % 256);
                        break;
                    case 1:
                        text.erase(at, length);
                        break;
                    case 2:
                        text.insert(at, text.substr(at, length));
                        break;
                    default:
                        text.resize(at);
                }
                try {
                    const Experiment experiment = parseExperiment(text);
                    QVERIFY(differences(experiment, parseExperiment(writeExperiment(experiment))).empty());
                    for (const ConfigProblem& problem : problemsOf(experiment)) QVERIFY(!problem.message.empty());
                } catch (const InputError& error) {
                    ++refused;
                    QVERIFY(!std::string(error.what()).empty());
                }
            }
        }
        QVERIFY(refused > 400);
    }

    void setsValuesFromText() {
        Experiment e;
        QVERIFY_EXCEPTION_THROWN(setValue(e, "task.path", "\xb3"), InputError);  // could not be written as JSON
        setValue(e, "training.steps", " 60 ");
        setValue(e, "model.attention.form", "kv+pos");
        setValue(e, "model.attention.kernel", "linear");
        setValue(e, "model.attention.pattern", R"({"kind": "sliding-window", "window": 3})");
        setValue(e, "model.position.rope.scaling.long_factors", "[1, 2.5]");
        setValue(e, "model.d_ff", "12");
        QCOMPARE(e.training.steps, 60);
        QVERIFY(e.model.attention.form == AttentionForm::kv_pos);
        QVERIFY(e.model.attention.kernel.kind == KernelKind::linear);
        QCOMPARE(e.model.attention.pattern.parameters.find("window"), std::optional(3.0));
        QCOMPARE(e.model.position.rope.scaling.long_factors, (std::vector{1.0, 2.5}));
        setValue(e, "model.d_ff", "");
        QCOMPARE(e.model.d_ff, std::optional<int>());
        setValue(e, "model.attention.kernel.kind", "softmax");
        setJson(e, "model.attention.pattern", R"({"kind": "full"})");
        QCOMPARE(e.model.attention.pattern.parameters.find("window"), std::optional<double>());
        setJson(e, "training.optimizer.learning_rate", "1");
        QCOMPARE(e.training.optimizer.learning_rate, 1.0);
    }

    void refusesTypedValues_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("word") << "training.steps"
                              << "many"
                              << "training.steps: expected an integer, got \"many\"";
        QTest::newRow("nothing") << "training.steps"
                                 << ""
                                 << "training.steps: expected an integer, got nothing";
        QTest::newRow("nan") << "training.clip_norm"
                             << "nan"
                             << "training.clip_norm: expected a number, got \"nan\"";
        QTest::newRow("comma") << "training.clip_norm"
                               << "0,5"
                               << "training.clip_norm: expected a number, got \"0,5\"";
        QTest::newRow("truth") << "model.bias"
                               << "yes"
                               << "model.bias: expected true or false, got \"yes\"";
        QTest::newRow("key") << "training.step"
                             << "1"
                             << "training.step: unknown key; did you mean training.steps?";
        QTest::newRow("group") << "model.norm"
                               << "rms"
                               << "model.norm: is a group of keys; set one of them, or give a JSON object";
        QTest::newRow("object") << "model.norm"
                                << "{\"kind\": 3}"
                                << "model.norm.kind: expected one of its names, got 3";
        QTest::newRow("empty path") << ""
                                    << "1"
                                    << ": unknown key";
    }

    void refusesTypedValues() {
        QFETCH(QString, path);
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        Experiment e;
        try {
            setValue(e, path.toStdString(), text.toStdString());
            QFAIL("accepted");
        } catch (const InputError& error) {
            QCOMPARE(QString::fromUtf8(error.what()), sentence);
            QVERIFY(differences(e, Experiment()).empty());
        }
    }
};

QTEST_APPLESS_MAIN(ExperimentJsonTest)
#include "experiment_json_test.moc"
