#include <QTest>

#include "tests/core/runs/small_task.h"
#include "tests/ui/documents/foreign_desk.h"
#include "ui/forms/experiment_panel.h"
#include "ui/forms/field_row.h"
#include "ui/forms/settings_form.h"
#include "ui/widgets/buttons.h"

using namespace lab;

class OpenedModelFormTest : public QObject {
    Q_OBJECT

private slots:
    /// The form begins with what was opened: its tokenizer, sizes that cannot change, few sequences at once.
    void theFormIsOfTheModelThatWasOpened() {
        ForeignDesk desk;
        desk.openCase("llama-gqa");
        const Experiment& opened = desk.session.run()->experiment();
        ExperimentPanel panel;
        panel.setExperiment(desk.session.experiment(), desk.session.baseline(), opened);
        QVERIFY(panel.isValid() && !panel.hasChanges());
        QCOMPARE(panel.newRunButton().text(), QStringLiteral("Fine-tune"));
        QCOMPARE(panel.form().row("task.tokenizer").typed(), QStringLiteral("model"));
        QVERIFY(opened.training.batch_size <= 16 && opened.task.seq_len > 16);
        for (const char* path :
             {"task.tokenizer", "model.d_model", "model.num_layers", "model.num_heads", "model.vocab_size", "model.d_ff"})
            QVERIFY2(!panel.form().row(path).editor().isEnabled(), path);
        for (const char* path :
             {"task.kind", "model.dropout", "training.batch_size", "training.optimizer.learning_rate", "training.adapters.rank"})
            QVERIFY2(panel.form().row(path).editor().isEnabled(), path);
        panel.setExperiment(smallTask().experiment, smallTask().experiment, smallTask().experiment);
        QVERIFY(panel.form().row("model.d_model").editor().isEnabled());
        QCOMPARE(panel.newRunButton().text(), QStringLiteral("New run"));
        desk.workspace.stop();
    }
};

QTEST_MAIN(OpenedModelFormTest)
#include "opened_model_form_test.moc"
