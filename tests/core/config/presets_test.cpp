#include "core/config/presets.h"

#include <QtTest>

#include "core/base/enum_names.h"
#include "core/config/experiment.h"
#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"

using namespace lab;

namespace {

Experiment preset(const std::string& name) {
    const Preset* found = findPreset(name);
    return found ? parseExperiment(found->json) : Experiment();
}

std::string fileName(Kind<TaskSpec> task, AttentionForm form) {
    const char* suffix = form == AttentionForm::qkv ? "" : form == AttentionForm::kv ? "-kv" : "-kv-pos";
    return std::string(task.name()) + suffix;
}

}  // namespace

class PresetsTest : public QObject {
    Q_OBJECT

private slots:
    void everyPresetIsSound() {
        QVERIFY(presets().size() >= 30);
        for (const Preset& entry : presets()) {
            const Experiment e = parseExperiment(entry.json);
            const auto problems = problemsOf(e);
            QVERIFY2(problems.empty(),
                     (std::string(entry.name) + ": " + (problems.empty() ? "" : problems.front().message.english())).c_str());
            QVERIFY2(!e.name.empty() && e.about.size() > 40 && e.about.ends_with('.'), std::string(entry.name).c_str());
            QVERIFY2(e.training.pace > 0, std::string(entry.name).c_str());
        }
    }

    void presetsOmitDerivedKeys() {
        for (const Preset& entry : presets()) {
            const Experiment e = parseExperiment(entry.json);
            for (const FieldInfo& field : fieldTable()) {
                // Other shapes than the usual 2 d_model and num_heads are the point of some models.
                if (field.path == "model.d_ff" || field.path == "model.num_kv_heads") continue;
                if (field.presence == Presence::derived) QVERIFY2(field.isDerived(e), (std::string(entry.name) + " " + field.path).c_str());
            }
        }
    }

    void namesDiffer() {
        QSet<QString> names;
        for (const Preset& entry : presets()) names.insert(QString::fromStdString(parseExperiment(entry.json).name));
        QCOMPARE(static_cast<std::size_t>(names.size()), presets().size());
    }

    void eachTaskComesInEachForm() {
        for (Kind<TaskSpec> task : {"reverse", "sort", "swap", "sub", "copy", "shift"}) {
            for (AttentionForm form : {AttentionForm::qkv, AttentionForm::kv, AttentionForm::kv_pos}) {
                const Experiment e = preset(fileName(task, form));
                QVERIFY2(!e.name.empty(), fileName(task, form).c_str());
                QVERIFY(e.task.kind == task);
                QVERIFY(e.model.attention.form == form);
                QVERIFY(e.model.embedding_bias);
            }
        }
    }

    void reverseHasTheTutorialsNumbers() {
        const Experiment e = resolved(preset("reverse"));
        QCOMPARE(e.task.seq_len, 16);
        QCOMPARE(e.task.vocab_size, 10);
        QCOMPARE(e.task.train_size, 50000);
        QCOMPARE(e.task.validation_size, std::optional(1000));
        QCOMPARE(e.task.test_size, 10000);
        QCOMPARE(e.model.d_model, 32);
        QCOMPARE(e.model.num_layers, 1);
        QCOMPARE(e.model.num_heads, 1);
        QCOMPARE(e.model.d_ff, std::optional(64));
        QCOMPARE(e.model.dropout, 0.0);
        QVERIFY(e.model.embedding_bias);
        QCOMPARE(e.training.batch_size, 128);
        QCOMPARE(e.training.steps, 3900);
        QCOMPARE(e.training.optimizer.learning_rate, 5e-4);
        QCOMPARE(warmupSteps(*e.training.schedule.kind, e.training.schedule.numbers, e.training.steps), 50);
        QCOMPARE(e.training.clip_norm, 5.0);
    }

    void thePapersDemoAndTasksHaveItsNumbers() {
        for (const char* name : {"paper-demo-qkv", "paper-demo-kv", "paper-demo-kv-pos"}) {
            const Experiment e = preset(name);
            QVERIFY(e.task.kind == "swap");
            QCOMPARE(e.model.dropout, 0.1);
            QCOMPARE(e.training.steps, 5 * (50000 / 128));
            QCOMPARE(e.training.optimizer.learning_rate, 5e-3);
            QCOMPARE(warmupSteps(*e.training.schedule.kind, e.training.schedule.numbers, e.training.steps), 5);
        }
        for (const char* name : {"paper-reverse", "paper-sort", "paper-swap", "paper-sub", "paper-copy"}) {
            const Experiment e = preset(name);
            QCOMPARE(e.task.seq_len, 64);
            QCOMPARE(e.model.d_model, 64);
            QCOMPARE(e.model.num_layers, 2);
            QCOMPARE(e.model.num_heads, 2);
            QCOMPARE(e.model.dropout, 0.1);
            QCOMPARE(e.training.steps, 780);
            QCOMPARE(e.training.optimizer.learning_rate, 1e-3);
            QCOMPARE(e.training.clip_norm, 5.0);
        }
    }

    void modelFamiliesAreThere() {
        QVERIFY(preset("gpt2-small").model.output.tied);
        QCOMPARE(preset("llama-small").model.num_kv_heads, std::optional(2));
        QVERIFY(preset("bert-small").model.position.kind == PositionKind::learned);
        QVERIFY(preset("vaswani-small").model.architecture == Architecture::encoder_decoder);
    }

    void unknownPresetsAreNotFound() { QVERIFY(findPreset("none") == nullptr); }
};

QTEST_APPLESS_MAIN(PresetsTest)
#include "presets_test.moc"
